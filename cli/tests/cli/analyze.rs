//! `tutti analyze`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::workplace::Workplace;
use super::{finish, tutti};

fn fixture(name: &str) -> String {
    format!("../tests/fixtures/audio/{name}")
}

fn analyze(arguments: &[&str]) -> (i32, String, String) {
    finish(tutti(&[&["analyze"], arguments].concat()))
}

#[test]
fn the_score_of_a_recording_is_one_line_of_json() {
    let file = fixture("tom.wav");
    let (code, stdout, stderr) = analyze(&["--json", &file]);
    assert_eq!((code, stderr.as_str(), stdout.lines().count()), (0, "", 1));
    let score: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(score["file"], file);
    assert_eq!(score["damage"], Value::Null);
    assert_eq!(score["schema"], "tutti.score.v1");
    assert_eq!(score["sample_rate"], 44_100);
    for list in ["beats", "downbeats", "onsets", "chords", "melody", "notes", "sections"] {
        assert!(score[list].is_array(), "{list}");
    }
    for member in ["tempo_bpm", "time_signature", "key", "loudness", "timbre"] {
        assert!(score.get(member).is_some(), "{member}");
    }
}

#[test]
fn a_person_reads_a_few_lines() {
    let file = fixture("march.mp3");
    let (code, stdout, stderr) = analyze(&[&file]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let begins = format!("{file}: 0:");
    assert!(stdout.starts_with(&begins) && stdout.lines().count() < 15, "{stdout}");
    for part in ["  tempo ", "  key ", "  chords ", "  loudness ", " LUFS", " kHz"] {
        assert!(stdout.contains(part), "{part} is missing in\n{stdout}");
    }
}

#[test]
fn what_is_hardly_sure_is_told_so() {
    let line = |recording: &str, part: &str| {
        let (_, stdout, _) = analyze(&[&fixture(recording)]);
        let line = stdout.lines().find(|line| line.trim_start().starts_with(part));
        line.unwrap().trim_start().strip_prefix(part).unwrap().trim().to_owned()
    };
    // A drum, and music.
    for (recording, is_sure) in [("tom.wav", false), ("mountain.wav", true)] {
        for part in ["key", "chords"] {
            let told = line(recording, part);
            assert_eq!(told.starts_with("perhaps "), !is_sure, "{recording} {part}: {told}");
        }
    }
}

#[test]
fn many_recordings_come_in_their_order_and_what_fails_is_named() {
    let place = Workplace::new(&["notes.txt"]);
    let path = |name: &str| place.path(name).display().to_string();
    fs::write(path("empty.wav"), "").unwrap();
    let march = fs::read(fixture("march.mp3")).unwrap();
    fs::write(path("half.mp3"), &march[..march.len() / 2]).unwrap();
    let (tom, half) = (fixture("tom.wav"), path("half.mp3"));
    let files = [&half, &path("in/notes.txt"), &path("empty.wav"), &tom];
    let files: Vec<&str> = files.into_iter().map(String::as_str).collect();
    let (code, stdout, stderr) = analyze(&[&["--json"], &files[..]].concat());
    assert_eq!(code, 1, "{stderr}");
    let scores: Vec<Value> =
        stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let named: Vec<&str> = scores.iter().map(|score| score["file"].as_str().unwrap()).collect();
    assert_eq!(named, [&*half, &*tom]);
    let damage = scores[0]["damage"].as_str().unwrap();
    assert!(damage.contains("the file ends at byte"), "{damage}");
    for part in [
        "half.mp3\" is damaged: ",
        "notes.txt\" cannot be analysed: the recording cannot be decoded: it is no audio",
        "empty.wav\" cannot be analysed: the recording cannot be decoded: it is empty: 0 bytes",
        "2 of 4 recordings could not be analysed",
    ] {
        assert!(stderr.contains(part), "{part} is missing in\n{stderr}");
    }
}

#[test]
fn what_is_no_readable_file_is_told_and_the_others_go_on() {
    let folder = Path::new("../tests/fixtures/audio").display().to_string();
    let (code, stdout, stderr) = analyze(&["--json", "nowhere.wav", &folder, &fixture("tom.wav")]);
    assert_eq!((code, stdout.lines().count()), (2, 1), "{stderr}");
    assert!(stderr.contains("cannot read \"nowhere.wav\""), "{stderr}");
    assert!(stderr.contains("name a file in it"), "{stderr}");
    let (code, stdout, stderr) = analyze(&["/dev/zero"]);
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    assert!(stderr.contains("it is no file on a disk"), "{stderr}");
    let (code, _, stderr) = analyze(&[]);
    assert!(code == 2 && stderr.contains("<FILE>"), "{stderr}");
}

#[test]
fn silence_has_a_score_in_which_nothing_is_found() {
    let place = Workplace::new(&[]);
    let samples: u32 = 16_000;
    let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    wav.extend([8_000_u32.to_le_bytes(), 16_000_u32.to_le_bytes()].concat());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend((2 * samples).to_le_bytes());
    wav.extend(vec![0; 2 * samples as usize]);
    let length = wav.len() as u32 - 8;
    wav[4..8].copy_from_slice(&length.to_le_bytes());
    let path = place.path("silence.wav").display().to_string();
    fs::write(&path, wav).unwrap();
    let (code, stdout, stderr) = analyze(&[&path]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    for part in ["no beat was found", "no key was found", "none was found", "silent"] {
        assert!(stdout.contains(part), "{part} is missing in\n{stdout}");
    }
}
