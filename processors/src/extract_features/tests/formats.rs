//! Tables and images: read again, they say what the JSON says.

use std::io::Cursor;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, UInt8Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::FileReader;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;

/// The metadata and the batches of a file of Arrow's.
async fn table(properties: &[(&str, &str)], recording: &[u8]) -> (Value, Vec<RecordBatch>) {
    let properties = [properties, &[("Format", "Arrow")]].concat();
    let runner = extract(&properties, recording).await;
    let output = runner.only(SUCCESS);
    assert_eq!(output.attribute("mime.type"), "application/vnd.apache.arrow.file");
    let reader = FileReader::try_new(Cursor::new(output.bytes()), None).unwrap();
    let said = reader.schema().metadata()["tutti"].clone();
    let said = serde_json::from_str(&said).unwrap_or(Value::String(said));
    (said, reader.map(Result::unwrap).collect())
}

#[tokio::test]
async fn parquet_holds_what_arrow_holds() {
    // Noise, which cannot be compressed, so that there is more than one row group.
    let noise: Vec<i16> =
        (0..90_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 16) as i16).collect();
    let noise = wav(&noise, 22_050, 1);
    let frames = [("Features", "rms,melspectrogram"), ("Output", "frames"), ("hop_length", "4")];
    for (properties, recording) in [
        (&frames[..], &noise),
        (&[("Features", "mfcc,rms"), ("Statistics", "mean,p95")], &noise),
        (&[("Preset", "score")], &fixture("march.mp3")),
    ] {
        let (said, batches) = table(properties, recording).await;
        let properties = [properties, &[("Format", "Parquet")]].concat();
        let runner = extract(&properties, recording).await;
        let output = runner.only(SUCCESS);
        assert_eq!(output.attribute("mime.type"), "application/vnd.apache.parquet");
        let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(output.bytes()));
        let reader = reader.unwrap();
        let told = reader.metadata().file_metadata().key_value_metadata().unwrap();
        let told = told.iter().find(|told| told.key == "tutti").unwrap().value.clone().unwrap();
        assert_eq!(serde_json::from_str(&told).unwrap_or(Value::String(told)), said);
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        let groups = reader.metadata().num_row_groups();
        assert_eq!(groups, if rows > 20_000 { 2 } else { 1 }, "{rows}");
        let read: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
        assert_eq!(read.len(), batches.len());
        for (read, written) in read.iter().zip(&batches) {
            assert_eq!(read.schema().fields(), written.schema().fields());
            assert_eq!(read.columns(), written.columns());
        }
    }
}

/// The numbers of one row of a column.
fn row(batch: &RecordBatch, column: &str, row: usize) -> Vec<f32> {
    let column = batch.column_by_name(column).unwrap();
    match column.as_fixed_size_list_opt() {
        Some(lists) => lists.value(row).as_primitive::<Float32Type>().values().to_vec(),
        None => vec![column.as_primitive::<Float32Type>().value(row)],
    }
}

fn numbers(value: &Value) -> Vec<f32> {
    let number = |value: &Value| value.as_f64().unwrap() as f32;
    value.as_array().map_or_else(|| vec![number(value)], |all| all.iter().map(number).collect())
}

#[tokio::test]
async fn frames_are_rows_of_a_table() {
    let tone: Vec<i16> = (0..90_000).map(|at| (at % 100 * 300) as i16).collect();
    let recording = wav(&tone, 22_050, 1);
    let properties = [("Features", "rms,mfcc,tempo"), ("Output", "frames"), ("hop_length", "64")];
    let made = json(&properties, &recording).await;
    let frames = made["frames"].as_array().unwrap();
    let (said, batches) = table(&properties, &recording).await;
    assert_eq!((&said["schema"], &said["frames"]), (&"tutti.features.v1".into(), &1_407.into()));
    assert_eq!(batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [1_024, 383]);
    assert!(batches[0].schema().metadata().contains_key("tempo"));
    for index in [0, 1_000, 1_024, 1_406] {
        let (batch, at) = (&batches[index / 1_024], index % 1_024);
        let time = batch.column_by_name("time").unwrap().as_primitive::<Float64Type>().value(at);
        assert_eq!(frames[index]["time"].as_f64(), Some(time));
        for column in ["rms", "mfccs"] {
            assert_eq!(row(batch, column, at), numbers(&frames[index][column]), "{column}");
        }
    }
}

#[tokio::test]
async fn statistics_are_rows_of_a_table() {
    let properties = [("Features", "mfcc,rms"), ("Statistics", "mean,p95")];
    let made = json(&properties, &fixture("tom.wav")).await;
    let (_, batches) = table(&properties, &fixture("tom.wav")).await;
    let [batch] = &batches[..] else { panic!("{batches:?}") };
    let names = batch.column_by_name("statistic").unwrap().as_string::<i32>();
    for (index, name) in ["mean", "p95"].into_iter().enumerate() {
        assert_eq!(names.value(index), name);
        for column in ["mfccs", "rms"] {
            assert_eq!(row(batch, column, index), numbers(&made[column][name]));
        }
    }
}

#[tokio::test]
async fn the_score_is_one_row_with_tables_on_one_axis() {
    let made = json(&[("Preset", "score")], &fixture("march.mp3")).await;
    let (said, batches) = table(&[("Preset", "score")], &fixture("march.mp3")).await;
    assert_eq!(said, "tutti.score.v1");
    let [batch] = &batches[..] else { panic!("{batches:?}") };
    assert_eq!(batch.num_rows(), 1);
    let list = |name: &str| {
        let lists = batch.column_by_name(name).unwrap().as_list::<i32>();
        lists.value(0).as_struct().clone()
    };
    for (name, member) in [
        ("beats", "beats"),
        ("chords", "chords"),
        ("notes", "notes"),
        ("melody", "melody"),
        ("sections", "sections"),
        ("keys", "keys"),
        ("onsets", "onsets"),
        ("tempo", "tempo"),
    ] {
        assert_eq!(list(name).len(), made[member].as_array().unwrap().len(), "{name}");
    }
    let notes = list("notes");
    assert!(!notes.is_empty());
    let midi = notes.column_by_name("midi").unwrap().as_primitive::<UInt8Type>().value(0);
    assert_eq!(made["notes"][0]["midi"], midi);
    let loudness = list("loudness");
    assert_eq!(loudness.len(), made["loudness"]["momentary"]["lufs"].as_array().unwrap().len());
    let short = loudness.column_by_name("short_term_lufs").unwrap();
    let curve = &made["loudness"]["short_term"];
    assert!(short.is_null(0) && curve["start"] == 3.0);
    assert_eq!(short.len() - 26, curve["lufs"].as_array().unwrap().len());
    let first = short.as_primitive::<Float64Type>().value(26);
    assert_eq!(Some(first), curve["lufs"][0].as_f64());
}

#[tokio::test]
async fn silence_has_a_score_as_a_table_too() {
    let (_, batches) = table(&[("Preset", "score")], &wav(&vec![0; 9_000], 22_050, 1)).await;
    assert!(batches[0].column_by_name("key").unwrap().is_null(0));
}

#[tokio::test]
async fn compact_arrays_have_a_byte_for_each_value() {
    let features = [("Features", "melspectrogram,rms,tempo"), ("Output", "frames")];
    let made = json(&features, &fixture("tom.wav")).await;
    let properties = [&features[..], &[("Format", "compact JSON")]].concat();
    let compact = json(&properties, &fixture("tom.wav")).await;
    assert_eq!((&compact["schema"], &compact["frames"]), (&"tutti.levels.v1".into(), &34.into()));
    assert_eq!(compact["tempo"], made["tempo"]);
    assert!((compact["step"].as_f64().unwrap() - 512.0 / 44_100.0).abs() < 1e-12);
    let bands = &compact["features"]["melspectrogram"];
    assert_eq!((&bands["rows"], &bands["unit"]), (&128.into(), &"dB".into()));
    let range = |name: &str| bands[name].as_f64().unwrap();
    assert!((range("highest") - range("lowest") - 80.0).abs() < 1e-3);
    let bytes = STANDARD.decode(bands["data"].as_str().unwrap()).unwrap();
    assert_eq!(bytes.len(), 128 * 34);
    let power = made["frames"][5]["melspectrogram"][7].as_f64().unwrap();
    let shown = range("lowest") + f64::from(bytes[5 * 128 + 7]) / 255.0 * 80.0;
    assert!((shown - (10.0 * power.log10()).max(range("lowest"))).abs() < 0.2, "{shown}");
    let rms = STANDARD.decode(compact["features"]["rms"]["data"].as_str().unwrap()).unwrap();
    assert!(rms.len() == 34 && rms.contains(&0) && rms.contains(&255));
}

#[tokio::test]
async fn the_filename_ends_as_the_format_does() {
    let recording = wav(&[0; 4_096], 8_000, 1);
    for (format, ending) in [("JSON", ".json"), ("Arrow", ".arrow"), ("Parquet", ".parquet")] {
        for (update, expected) in [("true", format!("a.wav{ending}")), ("false", "a.wav".into())] {
            let properties = [("Format", format), ("Update Filename", update)];
            let runner = extract(&properties, &recording).await;
            assert_eq!(runner.only(SUCCESS).attribute("filename"), expected, "{format}");
        }
    }
}

#[tokio::test]
async fn images_are_tiles_with_times() {
    let properties = [
        ("Features", "chroma_stft"),
        ("Output", "frames"),
        ("Format", "PNG"),
        ("Tile Width", "20"),
    ];
    let runner = extract(&properties, &fixture("tom.wav")).await;
    let tiles = runner.transferred(SUCCESS);
    assert_eq!(tiles.len(), 2, "34 frames");
    for (index, (tile, width)) in tiles.iter().zip([20, 14]).enumerate() {
        assert_eq!(tile.attribute("mime.type"), "image/png");
        assert_eq!(tile.attribute("filename"), format!("a.wav.{index}.png"));
        assert_eq!(tile.attribute("fragment.index"), index.to_string());
        assert_eq!(tile.attribute("fragment.count"), "2");
        let start = 512.0 * 20.0 * index as f64 / 44_100.0;
        assert_eq!(tile.attribute("tile.start"), format!("{start:.6}"));
        let decoder = png::Decoder::new(Cursor::new(tile.bytes()));
        let mut reader = decoder.read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), (width, 12));
        let mut image = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut image).unwrap();
        assert!(image.contains(&255), "each frame has a class that is 1");
    }
    assert_eq!(tiles[0].attribute("tile.highest"), "1");
}

#[test]
fn formats_that_show_frames_refuse_everything_else() {
    for (properties, places) in [
        (&[("Format", "PNG")][..], ["Format", "Output"]),
        (&[("Format", "compact JSON")], ["Format", "Output"]),
        (&[("Format", "compact JSON"), ("Preset", "score")], ["Format", "Preset"]),
        (&[("Format", "PNG"), ("Output", "frames"), ("Features", "rms")], ["Features", "Format"]),
        (&[("Format", "PNG"), ("Output", "frames"), ("Preset", "timbre")], ["Features", "Format"]),
    ] {
        let error = TestRunner::try_new::<ExtractFeatures>(properties).err().unwrap();
        let BuildError::Properties(wrong) = error else { panic!("{error}") };
        assert_eq!(wrong[0].properties, places, "{properties:?}");
    }
}

#[tokio::test]
async fn a_disk_that_is_full_is_no_fault_of_the_recording_in_any_format() {
    for format in ["Arrow", "Parquet", "compact JSON", "PNG"] {
        let properties = [("Features", "melspectrogram"), ("Output", "frames"), ("Format", format)];
        let mut runner = TestRunner::new::<ExtractFeatures>(&properties);
        runner.enqueue(&fixture("tom.wav"), &[]);
        runner.fail_writes_after(Some(100));
        runner.run().await.unwrap();
        let bulletin = runner.bulletins().pop().unwrap();
        assert!(bulletin.message.contains("cannot write new content"), "{bulletin:?}");
        assert_eq!(runner.queued(), 1);
    }
}

#[tokio::test]
async fn more_tiles_than_a_session_holds_are_refused() {
    let properties = [
        ("Features", "melspectrogram"),
        ("Output", "frames"),
        ("Format", "PNG"),
        ("Tile Width", "1"),
        ("n_fft", "256"),
        ("hop_length", "1"),
    ];
    let runner = extract(&properties, &fixture("tom.wav")).await;
    runner.assert_all_transferred(FAILURE, 1);
    let reason = runner.only(FAILURE).attribute("failure.reason").to_owned();
    assert!(reason.contains("more than 10000 tiles"), "{reason}");
}
