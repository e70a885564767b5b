//! The script of the article that the project comes from, as its author meant it: the page that
//! shows it lost the package of an import, the underscores of `__init__`, and the indentation.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fs;

use common::python;
use tutti_sdk::SUCCESS;

const SCRIPT: &str = r#"
import librosa
from org.apache.nifi.processor.io import StreamCallback
import json

class PyStreamCallback(StreamCallback):
    def __init__(self):
        pass
    def process(self, inputStream, outputStream):
        y, sr = librosa.load(inputStream)
        mfccs = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
        mfccs_avg = mfccs.mean(axis=1).tolist()
        result = {"mfccs": mfccs_avg}
        outputStream.write(bytearray(json.dumps(result, indent=4).encode('utf-8')))

flowFile = session.get()
if flowFile is not None:
    flowFile = session.write(flowFile, PyStreamCallback())
    session.transfer(flowFile, REL_SUCCESS)
"#;

/// The numbers after `name` in text that a program wrote.
fn numbers(text: &str, name: &str) -> Vec<f64> {
    let from = text.split(&format!("\"{name}\"")).nth(1).unwrap();
    let list = from.split('[').nth(1).unwrap().split(']').next().unwrap();
    list.split(',').map(|number| number.trim().parse().unwrap()).collect()
}

#[tokio::test]
async fn the_articles_script_gives_librosas_numbers() {
    let recording = fs::read("../tests/fixtures/audio/mountain.ogg").unwrap();
    let mut runner = python(SCRIPT);
    for _ in 0..3 {
        runner.enqueue(&recording, &[("filename", "mountain.ogg")]);
    }
    while runner.queued() > 0 {
        runner.run().await.unwrap();
    }
    runner.assert_all_transferred(SUCCESS, 3);
    // Made by python/tests/golden's script with librosa 1.0.
    let golden = fs::read_to_string("../python/tests/golden/article.json").unwrap();
    let golden = numbers(&golden, "mountain.ogg");
    for output in runner.transferred(SUCCESS) {
        let found = numbers(&output.text(), "mfccs");
        assert_eq!(found.len(), 13);
        for (found, wanted) in found.iter().zip(&golden) {
            assert!((found - wanted).abs() < 1e-3, "{found} is not {wanted}");
        }
    }
}
