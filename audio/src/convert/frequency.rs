//! Hz, mels, MIDI numbers and octaves, and the frequencies of bins.

/// Below it, a Slaney mel is a fixed number of Hz.
const LINEAR_BELOW_HZ: f64 = 1000.0;
const HZ_A_MEL: f64 = 200.0 / 3.0;
/// Above it, 27 mels are a factor of 6.4.
const LOG_STEP_FACTOR: f64 = 6.4;
const LOG_STEP_MELS: f64 = 27.0;

/// `librosa.hz_to_mel`: Slaney's scale, or HTK's.
pub fn hz_to_mel(hz: f64, htk: bool) -> f64 {
    if htk {
        return 2595.0 * (1.0 + hz / 700.0).log10();
    }
    if hz >= LINEAR_BELOW_HZ {
        let step = LOG_STEP_FACTOR.ln() / LOG_STEP_MELS;
        return LINEAR_BELOW_HZ / HZ_A_MEL + (hz / LINEAR_BELOW_HZ).ln() / step;
    }
    hz / HZ_A_MEL
}

/// `librosa.mel_to_hz`: from Slaney's scale, or HTK's.
pub fn mel_to_hz(mel: f64, htk: bool) -> f64 {
    if htk {
        return 700.0 * (10_f64.powf(mel / 2595.0) - 1.0);
    }
    let linear_below = LINEAR_BELOW_HZ / HZ_A_MEL;
    if mel >= linear_below {
        let step = LOG_STEP_FACTOR.ln() / LOG_STEP_MELS;
        return LINEAR_BELOW_HZ * (step * (mel - linear_below)).exp();
    }
    mel * HZ_A_MEL
}

/// `librosa.midi_to_hz`: 69 is 440 Hz.
pub fn midi_to_hz(midi: f64) -> f64 {
    440.0 * 2_f64.powf((midi - 69.0) / 12.0)
}

/// `librosa.hz_to_midi`: minus infinity for 0 Hz, not a number below.
pub fn hz_to_midi(hz: f64) -> f64 {
    12.0 * (hz.log2() - 440_f64.log2()) + 69.0
}

/// `librosa.hz_to_octs`: octaves above the lowest A; `tuning` in bins, of which an octave has
/// `bins_per_octave`.
pub fn hz_to_octs(hz: f64, tuning: f64, bins_per_octave: usize) -> f64 {
    (hz / (tuning_to_a4(tuning, bins_per_octave) / 16.0)).log2()
}

/// `librosa.octs_to_hz`: the inverse of [`hz_to_octs`].
pub fn octs_to_hz(octs: f64, tuning: f64, bins_per_octave: usize) -> f64 {
    tuning_to_a4(tuning, bins_per_octave) / 16.0 * 2_f64.powf(octs)
}

/// `librosa.A4_to_tuning`: how far an A of `a4` Hz lies from 440 Hz, in bins.
pub fn a4_to_tuning(a4: f64, bins_per_octave: usize) -> f64 {
    bins_per_octave as f64 * (a4.log2() - 440_f64.log2())
}

/// `librosa.tuning_to_A4`: the A, in Hz, that lies `tuning` bins from 440 Hz.
pub fn tuning_to_a4(tuning: f64, bins_per_octave: usize) -> f64 {
    440.0 * 2_f64.powf(tuning / bins_per_octave as f64)
}

/// `librosa.fft_frequencies`: the frequencies, in Hz, of the `1 + n_fft / 2` bins.
pub fn fft_frequencies(sr: f64, n_fft: usize) -> Vec<f64> {
    let step = 1.0 / (n_fft as f64 * (1.0 / sr));
    (0..=n_fft / 2).map(|bin| bin as f64 * step).collect()
}

/// `librosa.cqt_frequencies`: `n_bins` frequencies from `fmin` Hz on, `bins_per_octave` to an
/// octave, all moved by `tuning` bins.
pub fn cqt_frequencies(n_bins: usize, fmin: f64, bins_per_octave: usize, tuning: f64) -> Vec<f64> {
    let octave = bins_per_octave as f64;
    let correction = 2_f64.powf(tuning / octave);
    (0..n_bins).map(|bin| correction * fmin * 2_f64.powf(bin as f64 / octave)).collect()
}

/// `librosa.mel_frequencies`: `n_mels` frequencies, in Hz, evenly spread over mels from `fmin` to
/// `fmax`.
pub fn mel_frequencies(n_mels: usize, fmin: f64, fmax: f64, htk: bool) -> Vec<f64> {
    let (low, high) = (hz_to_mel(fmin, htk), hz_to_mel(fmax, htk));
    let last = n_mels.saturating_sub(1);
    let step = (high - low) / last.max(1) as f64;
    let mel = |index: usize| {
        if index == last && index > 0 { high } else { index as f64 * step + low }
    };
    (0..n_mels).map(|index| mel_to_hz(mel(index), htk)).collect()
}

/// `librosa.tempo_frequencies`: the tempo, in beats a minute, of each lag of a tempogram; infinite
/// for the first.
pub fn tempo_frequencies(n_bins: usize, hop_length: usize, sr: f64) -> Vec<f64> {
    let tempo = |bin: usize| {
        if bin == 0 { f64::INFINITY } else { 60.0 * sr / (hop_length as f64 * bin as f64) }
    };
    (0..n_bins).map(tempo).collect()
}

/// `librosa.fourier_tempo_frequencies`: the tempo, in beats a minute, of each bin of a Fourier
/// tempogram.
pub fn fourier_tempo_frequencies(sr: f64, win_length: usize, hop_length: usize) -> Vec<f64> {
    fft_frequencies(sr * 60.0 / hop_length as f64, win_length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_slaneys() {
        // librosa.hz_to_mel([110, 1000, 4000]), librosa 1.0.0.
        for (hz, mel) in [(110.0, 1.65), (1000.0, 15.0), (4000.0, 35.163_760_314_616_45)] {
            assert!((hz_to_mel(hz, false) - mel).abs() < 1e-12, "{hz}");
            assert!((mel_to_hz(mel, false) - hz).abs() < 1e-9, "{mel}");
        }
    }

    #[test]
    fn no_bins_have_no_frequencies() {
        assert!(mel_frequencies(0, 0.0, 8_000.0, false).is_empty());
        assert_eq!(mel_frequencies(1, 0.0, 8_000.0, false), [0.0]);
        assert!(tempo_frequencies(0, 512, 22_050.0).is_empty());
    }
}
