//! What `ExtractFeatures` makes of recordings, and of what is none.

mod formats;

use std::path::Path;

use serde_json::Value;
use tutti_sdk::bulletin::Level;
use tutti_sdk::testkit::TestRunner;

use super::*;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new("../tests/fixtures/audio").join(name)).unwrap()
}

async fn extract(properties: &[(&str, &str)], recording: &[u8]) -> TestRunner {
    let mut runner = TestRunner::new::<ExtractFeatures>(properties);
    runner.enqueue(recording, &[("filename", "a.wav")]);
    runner.run().await.unwrap();
    runner
}

async fn json(properties: &[(&str, &str)], recording: &[u8]) -> Value {
    let runner = extract(properties, recording).await;
    let output = runner.only(SUCCESS);
    assert_eq!(output.attribute("mime.type"), "application/json");
    assert_eq!(output.attribute("filename"), "a.wav.json");
    serde_json::from_str(&output.text()).unwrap()
}

#[tokio::test]
async fn the_default_is_thirteen_means() {
    let made = json(&[], &fixture("tom.wav")).await;
    assert_eq!(made.as_object().unwrap().len(), 1);
    let mfccs = made["mfccs"].as_array().unwrap();
    let manifest: Value = serde_json::from_slice(&fixture("manifest.json")).unwrap();
    let tom = manifest["files"].as_array().unwrap().iter().find(|each| each["file"] == "tom.wav");
    let expected = tom.unwrap()["mfccs"].as_array().unwrap();
    assert_eq!(mfccs.len(), 13);
    for (made, expected) in mfccs.iter().zip(expected) {
        assert!((made.as_f64().unwrap() - expected.as_f64().unwrap()).abs() < 9e-4);
    }
}

#[tokio::test]
async fn several_statistics_are_objects_and_scalars_are_numbers() {
    let properties = [("Features", "rms, mfcc"), ("Statistics", "mean,max"), ("n_mfcc", "1")];
    let made = json(&properties, &fixture("tom.wav")).await;
    assert!(made["rms"]["max"].as_f64().unwrap() > made["rms"]["mean"].as_f64().unwrap());
    assert_eq!(made["mfccs"]["mean"].as_array().unwrap().len(), 1);
    assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["rms", "mfccs"]);
}

#[tokio::test]
async fn every_frame_can_be_had_with_its_time() {
    let properties = [("Features", "rms,stft"), ("Output", "frames"), ("n_fft", "512")];
    let made = json(&properties, &fixture("tom.wav")).await;
    let frames = made["frames"].as_array().unwrap();
    assert_eq!(frames.len(), 1 + 17_106 / 512);
    assert_eq!(made["sampleRate"], 44_100);
    assert!((frames[2]["time"].as_f64().unwrap() - 1_024.0 / 44_100.0).abs() < 1e-9);
    assert_eq!(frames[2]["stft"].as_array().unwrap().len(), 257);
    assert!(frames[2]["rms"].is_number());
}

/// Mono WAV of 16 bits.
fn wav(samples: &[i16], rate: u32, channels: u16) -> Vec<u8> {
    let format = tutti_audio::wav::SampleFormat::Int16;
    let frames = samples.len() as u64 / u64::from(channels);
    let mut bytes = tutti_audio::wav::header(format, frames, rate, channels);
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    bytes
}

#[tokio::test]
async fn every_feature_can_be_had_and_has_the_shape_that_is_said() {
    let all = Feature::ALL.map(Feature::name).join(",");
    let properties = [("Features", &*all), ("Metadata", "true")];
    let made = json(&properties, &fixture("tom.wav")).await;
    let metadata = &made["metadata"];
    assert_eq!(metadata["schema"], "tutti.features.v1");
    assert_eq!((&metadata["sr"], &metadata["frames"]), (&44_100.into(), &34.into()));
    let said = metadata["features"].as_object().unwrap();
    assert_eq!(said.len(), 22);
    for (name, said) in said {
        let value = &made[name];
        match said["shape"].as_array() {
            Some(shape) if shape.is_empty() => assert!(value.is_number(), "{name}: {value}"),
            Some(shape) => {
                let values = value.as_array().unwrap();
                assert!(values.iter().all(Value::is_number), "{name}: {value}");
                assert_eq!(shape[..], [values.len()].map(Value::from), "{name}");
            }
            None => assert!(!value.is_null(), "{name}"),
        }
    }
    assert_eq!(said["spectral_centroid"]["unit"], "Hz");
    assert!(made["beat_track"]["beats"].is_array() && made["onset_detect"].is_array());
    assert!(made["loudness"]["true_peak_dbtp"].is_number());
    assert!(made["loudness"].get("momentary").is_none(), "curves are of frames");
}

#[tokio::test]
async fn attributes_say_what_came_out() {
    let runner = extract(&[("Features", "rms,tempo")], &fixture("tom.wav")).await;
    let output = runner.only(SUCCESS);
    for (name, value) in [
        ("features.schema", "tutti.features.v1"),
        ("features.names", "rms,tempo"),
        ("features.frames", "34"),
        ("features.sample.rate", "44100"),
        ("features.hop.length", "512"),
    ] {
        assert_eq!(output.attribute(name), value, "{name}");
    }
}

#[tokio::test]
async fn presets_are_lists_of_features() {
    let keys = async |preset| {
        let made = json(&[("Preset", preset)], &fixture("tom.wav")).await;
        made.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(",")
    };
    assert_eq!(keys("mfcc").await, "mfccs");
    let timbre = "mfccs,spectral_centroid,spectral_bandwidth,spectral_contrast,spectral_flatness,\
                  spectral_rolloff,rms,zero_crossing_rate";
    assert_eq!(keys("timbre").await, timbre);
    assert_eq!(keys("rhythm").await, "onset_strength,tempo,beat_track,onset_detect");
    assert_eq!(keys("harmony").await, "chroma_stft,chroma_cqt,tonnetz");
    let made = json(&[("Preset", "harmony"), ("Features", "rms")], &fixture("tom.wav")).await;
    assert!(made["rms"].is_number() && made.as_object().unwrap().len() == 1);
}

#[tokio::test]
async fn the_preset_score_gives_the_digital_score() {
    let runner = extract(&[("Preset", "score")], &fixture("march.mp3")).await;
    let output = runner.only(SUCCESS);
    let score: DigitalScore = serde_json::from_str(&output.text()).unwrap();
    assert_eq!(score.schema, "tutti.score.v1");
    assert_eq!(output.attribute("score.schema"), "tutti.score.v1");
    assert_eq!(output.attribute("score.key"), score.key.unwrap());
    let loudness: f64 = output.attribute("score.loudness").parse().unwrap();
    assert!((loudness - score.loudness.integrated_lufs.unwrap()).abs() < 0.01);
    let refused = [("Preset", "score"), ("Features", "rms")];
    let error = TestRunner::try_new::<ExtractFeatures>(&refused).err().unwrap();
    let BuildError::Properties(wrong) = error else { panic!("{error}") };
    assert_eq!(wrong[0].properties, ["Features", "Preset"]);
}

#[tokio::test]
async fn percentiles_lie_between_the_least_and_the_greatest() {
    let properties = [("Features", "rms"), ("Statistics", "min,p25,median,p99.5,max")];
    let made = json(&properties, &fixture("tom.wav")).await;
    let values: Vec<f64> = ["min", "p25", "median", "p99.5", "max"]
        .map(|name| made["rms"][name].as_f64().unwrap())
        .to_vec();
    assert!(values.windows(2).all(|two| two[0] < two[1]), "{values:?}");
}

#[tokio::test]
async fn loudness_is_that_of_each_channel_and_has_its_curves_with_frames() {
    let tone = |at: i32| ((f64::from(at) * 0.1).sin() * 8_000.0) as i16;
    let left: Vec<i16> = (0..48_000).flat_map(|at| [tone(at), 0]).collect();
    let properties = [("Features", "loudness,rms"), ("Output", "frames")];
    let stereo = json(&properties, &wav(&left, 48_000, 2)).await;
    let mono: Vec<i16> = (0..48_000).map(tone).collect();
    let mono = json(&properties, &wav(&mono, 48_000, 1)).await;
    let integrated = |made: &Value| made["loudness"]["integrated_lufs"].as_f64().unwrap();
    assert!((integrated(&stereo) - integrated(&mono)).abs() < 1e-6, "silence adds nothing");
    assert_eq!(mono["loudness"]["momentary"]["lufs"].as_array().unwrap().len(), 7);
    let rms = |made: &Value| made["frames"][20]["rms"].as_f64().unwrap();
    assert!((rms(&mono) / rms(&stereo) - 2.0).abs() < 1e-4, "channels are averaged");
}

#[tokio::test]
async fn the_sample_rate_is_the_one_that_is_asked_for() {
    let made = json(&[("sr", "22050"), ("Metadata", "true")], &fixture("tom.wav")).await;
    assert_eq!(made["metadata"]["sr"], 22_050);
    let mut decode =
        TestRunner::new::<crate::decode_audio::DecodeAudio>(&[("Sample Rate", "8000")]);
    decode.enqueue(&fixture("tom.wav"), &[]);
    decode.run().await.unwrap();
    for (sr, expected) in [(None, "8000"), (Some("native"), "44100"), (Some("16000"), "16000")] {
        let properties: Vec<_> = sr.map(|sr| ("sr", sr)).into_iter().collect();
        let mut runner = TestRunner::new::<ExtractFeatures>(&properties);
        runner.enqueue_output(&decode.only(SUCCESS));
        runner.run().await.unwrap();
        assert_eq!(runner.only(SUCCESS).attribute("features.sample.rate"), expected);
    }
}

#[tokio::test]
async fn odd_recordings_have_features_or_a_reason() {
    let all = "mfcc,chroma_stft,rms,spectral_flatness,onset_strength,tempo,beat_track,loudness";
    let silence = vec![0_i16; 20_000];
    for recording in [
        wav(&silence, 22_050, 1),
        wav(&vec![9_000; 20_000], 22_050, 1),
        wav(&[5], 22_050, 1),
        wav(&silence[..500], 8_000, 2),
        wav(&vec![100; 8 * 4_000], 48_000, 8),
        wav(&silence, 384_000, 1),
    ] {
        let made = json(&[("Features", all)], &recording).await;
        assert_eq!(made["mfccs"].as_array().unwrap().len(), 13);
    }
    let made = json(&[("Features", all)], &wav(&silence, 22_050, 1)).await;
    assert!(made["tempo"].is_null() && made["loudness"]["integrated_lufs"].is_null());
    for (recording, properties, part) in [
        (wav(&[], 22_050, 1), &[][..], "the recording has no samples"),
        (wav(&vec![100; 32 * 400], 48_000, 32), &[], "invalid channel count"),
        (wav(&silence[..99], 22_050, 1), &[("center", "false")], "not centred has 2048"),
        (wav(&silence, 1, 1), &[("Features", "loudness")], "sr is 1, but must be"),
        (wav(&silence, 1, 1), &[("Preset", "score")], "sr is 1, but must be"),
        (wav(&silence, 8_000, 1), &[("Features", "cqt")], "cannot analyse"),
        (wav(&silence, 8_000, 1), &[("Preset", "timbre")], "n_bands is 6, but must be so few"),
    ] {
        let runner = extract(properties, &recording).await;
        runner.assert_all_transferred(FAILURE, 1);
        let message = runner.only(FAILURE).attribute("failure.reason").to_owned();
        assert!(message.contains(part), "{part} is not in {message}");
    }
}

#[tokio::test]
async fn what_is_no_recording_goes_to_failure_unchanged() {
    for (content, part) in [(&b"just a text"[..], "the text \"just a text\""), (b"", "0 bytes")] {
        let runner = extract(&[], content).await;
        runner.assert_all_transferred(FAILURE, 1);
        assert_eq!(runner.only(FAILURE).bytes(), content);
        let messages = runner.messages();
        assert_eq!(messages.len(), 1);
        let bulletin = runner.bulletins().remove(0);
        assert!(bulletin.message.contains(part), "{messages:?}");
    }
}

#[tokio::test]
async fn what_was_to_be_decoded_on_demand_fails_as_the_recording_that_it_was() {
    let whole = fixture("icyland.wav");
    for (recording, properties, part) in [
        (audio::hopeless(), &[][..], "nothing in it could be decoded"),
        (whole, &[("fmax", "12000")][..], "cannot analyse a recording of 22050 Hz"),
    ] {
        let mut decode = TestRunner::new::<crate::decode_audio::DecodeAudio>(&[]);
        decode.enqueue(&recording, &[("filename", "a.wav")]);
        decode.run().await.unwrap();
        let mut runner = TestRunner::new::<ExtractFeatures>(properties);
        runner.enqueue_output(&decode.only(SUCCESS));
        runner.run().await.unwrap();
        runner.assert_all_transferred(FAILURE, 1);
        let failed = runner.only(FAILURE);
        assert!(failed.bytes() == recording, "other bytes");
        assert_eq!(failed.attribute("filename"), "a.wav");
        assert!(failed.attribute("failure.reason").contains(part), "{:?}", runner.messages());
        assert_eq!(failed.attribute("failure.processor"), "ExtractFeatures");
    }
}

#[tokio::test]
async fn a_truncated_recording_is_used_and_told() {
    let whole = fixture("march.mp3");
    let runner = extract(&[], &whole[..whole.len() / 2]).await;
    runner.assert_bulletin(Level::Warning, "before its recording does");
    let output = runner.only(SUCCESS);
    assert!(output.attribute("audio.damage").contains("the file ends at byte"));
    let made: Value = serde_json::from_str(&output.text()).unwrap();
    assert_eq!(made["mfccs"].as_array().unwrap().len(), 13);
}

#[tokio::test]
async fn a_recording_too_low_for_its_parameters_goes_to_failure() {
    let runner = extract(&[("fmax", "12000")], &fixture("icyland.wav")).await;
    runner.assert_all_transferred(FAILURE, 1);
    let message = runner.bulletins().remove(0).message;
    assert!(
        message.contains("fmax is 12000, but must be above 0 and at most 11025 Hz"),
        "{message}"
    );
}

#[tokio::test]
async fn a_repository_that_fails_is_not_the_recordings_fault() {
    let mut runner = TestRunner::new::<ExtractFeatures>(&[]);
    runner.enqueue(&fixture("tom.wav"), &[]);
    runner.fail_writes_after(Some(4));
    runner.run().await.unwrap();
    let told = |runner: &TestRunner, part: &str| {
        let bulletin = runner.bulletins().pop().unwrap();
        assert!(
            bulletin.level == Level::Warning && bulletin.message.contains(part),
            "{bulletin:?}"
        );
    };
    told(&runner, "cannot write new content");
    runner.fail_writes_after(None);
    runner.clock().advance_ms(60_000);
    runner.fail_reads_after(Some(10_000));
    runner.run().await.unwrap();
    told(&runner, "cannot read the recording");
    runner.fail_reads_after(None);
    runner.clock().advance_ms(60_000);
    assert_eq!(runner.queued(), 1);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
}

#[test]
fn parameters_that_do_not_go_together_are_refused() {
    let wrong = |values: &[(&str, &str)]| {
        let error = TestRunner::try_new::<ExtractFeatures>(values).err().unwrap();
        let BuildError::Properties(mut wrong) = error else { panic!("{error}") };
        let first = wrong.remove(0);
        (first.properties.join(", "), first.error.message)
    };
    for (values, properties, message) in [
        (
            &[("sr", "8000"), ("fmax", "5000")][..],
            "fmax, sr",
            "fmax is 5000, but must be above 0 and at most 4000 Hz, half the sample rate",
        ),
        (
            &[("Features", "tonnetz"), ("n_chroma", "24")],
            "n_chroma, Features",
            "n_chroma is 24, but must be a divisor of 36 for classes of a constant-Q transform",
        ),
        (
            &[("Features", "chroma_cqt"), ("center", "false")],
            "center, Features",
            "center is false, but must be true for a constant-Q transform",
        ),
        (
            &[("dct_type", "1"), ("n_mels", "1"), ("n_mfcc", "1")],
            "dct_type, n_mels",
            "dct_type is 1, but must be another where there is one mel band",
        ),
        (&[("window", "box")], "window", "\"box\" is not one of the choices"),
    ] {
        assert_eq!(wrong(values), (properties.to_owned(), message.to_owned()));
    }
    let values = [("n_mels", "10"), ("win_length", "4096"), ("fmin", "200"), ("fmax", "100")];
    let error = TestRunner::try_new::<ExtractFeatures>(&values).err().unwrap();
    let BuildError::Properties(wrong) = error else { panic!("{error}") };
    let found = wrong.iter().map(|each| (each.properties.join(", "), &*each.error.message));
    let expected = [
        ("win_length, n_fft", "win_length is 4096, but must be 1 to 2048"),
        ("n_mfcc, n_mels", "n_mfcc is 13, but must be 1 to 10"),
        ("fmin, fmax", "fmin is 200, but must be from 0 to below fmax, 100 Hz"),
    ];
    let expected = expected.map(|(properties, message)| (properties.to_owned(), message));
    assert_eq!(found.collect::<Vec<_>>(), expected);
    assert!(TestRunner::try_new::<ExtractFeatures>(&[("Features", "mfc")]).is_err());
}
