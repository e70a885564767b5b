//! The signals of the golden cases, made as `golden.py` makes them.

use std::f64::consts::{LN_2, PI};

use super::common::clip;

/// The signal and its sample rate.
pub(crate) fn signal(name: &str) -> (Vec<f32>, f64) {
    let rate = match name {
        "icyland" | "tom" => 44_100.0,
        "short" => 8_000.0,
        _ => 22_050.0,
    };
    let values = match name {
        "noise" => quantised(noise(22_050, 1)),
        "tones" => tones(33_075, rate),
        "pulses" => pulses(176_400, rate),
        "glide" => glide(22_050, rate),
        "short" => quantised(noise(300, 9)),
        "gap" => {
            let loud = |index: usize| if (index / 6000) % 2 == 1 { 1.0 } else { 0.0001 };
            let noise = noise(30_000, 2).into_iter().enumerate();
            quantised(noise.map(|(index, value)| value * loud(index)).collect())
        }
        "icyland" => clip("icyland.wav", 66_150, 66_150),
        "tom" => clip("tom.wav", 0, 17_106),
        _ => panic!("no signal is called {name}"),
    };
    (values, rate)
}

pub(crate) fn noise(count: usize, seed: u32) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / 4_294_967_296.0 - 0.5
    };
    (0..count).map(|_| next()).collect()
}

fn quantised(values: Vec<f64>) -> Vec<f32> {
    values.into_iter().map(|value| ((value * 32_768.0 + 0.5).floor() / 32_768.0) as f32).collect()
}

fn tones(count: usize, rate: f64) -> Vec<f32> {
    let mut y: Vec<f64> = noise(count, 7).into_iter().map(|value| 0.002 * value).collect();
    for (start, f0) in [(0.0, 220.0), (0.4, 329.63), (0.9, 277.18)] {
        for k in 1..7 {
            let k = f64::from(k);
            for (index, y) in y.iter_mut().enumerate() {
                let t = index as f64 / rate;
                let on = if t >= start { (-1.5 * (t - start)).exp() } else { 0.0 };
                *y += 0.2 * on / k * (2.0 * PI * f0 * k * t).sin();
            }
        }
    }
    quantised(y)
}

fn pulses(count: usize, rate: f64) -> Vec<f32> {
    let mut y: Vec<f64> = noise(count, 3).into_iter().map(|value| 0.003 * value).collect();
    let burst = noise(count, 5);
    for beat in 0..1000 {
        let start = 0.11 + f64::from(beat) * (60.0 / 126.0);
        if start >= count as f64 / rate {
            break;
        }
        let loud = if beat % 2 == 0 { 0.7 } else { 0.35 };
        for (index, (y, burst)) in y.iter_mut().zip(&burst).enumerate() {
            let since = index as f64 / rate - start;
            let on = if since >= 0.0 { (-30.0 * since).exp() } else { 0.0 };
            *y += loud * on * (burst + 0.5 * (2.0 * PI * 110.0 * since).sin());
        }
    }
    quantised(y)
}

fn glide(count: usize, rate: f64) -> Vec<f32> {
    let length = count as f64 / rate;
    let value = |(index, noise): (usize, f64)| {
        let t = index as f64 / rate;
        let phase = 2.0 * PI * 180.0 * length / LN_2 * (2_f64.powf(t / length) - 1.0);
        let tone = 0.4 * phase.sin() + 0.2 * (2.0 * phase).sin() + 0.1 * (3.0 * phase).sin();
        let tone = if t < 0.8 * length { tone } else { 0.0 };
        tone + 0.001 * noise
    };
    quantised(noise(count, 11).into_iter().enumerate().map(value).collect())
}
