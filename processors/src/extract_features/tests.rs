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
    assert_eq!(output.attribute("filename"), "a.wav");
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
