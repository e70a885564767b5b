//! One recording in every format that has none in `tests/fixtures/audio`, made by
//! `formats/make.py`, which notes what ffmpeg decodes of each.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::fs;
use std::path::Path;

use serde_json::Value;
use tutti_audio::decode::{DecodeError, Decoder, Options, StreamInfo, scan};

use common::{fixture, source};

/// Samples of each channel of what is lossless: the beginning alone.
const BEGINNING: usize = 4_500;

struct Format {
    file: &'static str,
    codec: &'static str,
    container: &'static str,
    mime_type: &'static str,
    sample_rate: u32,
    channels: u16,
    bits_per_sample: Option<u32>,
}

const fn format(
    file: &'static str,
    [codec, container, mime_type]: [&'static str; 3],
    bits_per_sample: Option<u32>,
) -> Format {
    Format { file, codec, container, mime_type, sample_rate: 44_100, channels: 2, bits_per_sample }
}

const LOSSLESS: [Format; 7] = [
    format("tom.aiff", ["pcm_s16be", "aiff", "audio/aiff"], Some(16)),
    format("tom.caf", ["pcm_s16le", "caf", "audio/x-caf"], Some(16)),
    format("tom-24.wav", ["pcm_s24le", "wave", "audio/wav"], Some(24)),
    format("tom-float.wav", ["pcm_f32le", "wave", "audio/wav"], None),
    Format {
        channels: 3,
        ..format("tom-extensible.wav", ["pcm_s16le", "wave", "audio/wav"], Some(16))
    },
    format("tom-alac.m4a", ["alac", "isomp4", "audio/mp4"], None),
    format("tom-flac.ogg", ["flac", "ogg", "audio/ogg"], Some(16)),
];

/// With how many samples come before those of the original, and how many in all come beyond what
/// ffmpeg gives.
const LOSSY: [(Format, usize, isize); 7] = [
    // Its edit list leaves out the encoder's 1,024 samples at the beginning and what fills the last
    // packet.
    (format("tom-aac.m4a", ["aac", "isomp4", "audio/mp4"], None), 0, 0),
    // ffmpeg leaves what fills the last packet, although its duration is stated.
    (format("tom-fragments.m4a", ["aac", "isomp4", "audio/mp4"], None), 0, 17_106 - 17_408),
    // Nothing says how much its encoder added, so that ffmpeg leaves it, too.
    (format("tom.aac", ["aac", "aac", "audio/aac"], None), 1_024, 0),
    (format("tom.webm", ["vorbis", "matroska", "audio/x-matroska"], None), 0, 0),
    (format("tom.mka", ["vorbis", "matroska", "audio/x-matroska"], None), 0, 0),
    (
        Format {
            sample_rate: 22_050,
            channels: 1,
            ..format("tom-mp3.mka", ["mp3", "matroska", "audio/x-matroska"], None)
        },
        0,
        0,
    ),
    (
        Format {
            sample_rate: 22_050,
            channels: 1,
            ..format("tom-mono.mp3", ["mp3", "mp3", "audio/mpeg"], None)
        },
        0,
        0,
    ),
];

fn recording(name: &str) -> Vec<u8> {
    fs::read(Path::new("tests/formats").join(name)).unwrap()
}

/// Samples of each channel that ffmpeg decodes.
fn ffmpegs(name: &str) -> usize {
    let expected: Value = serde_json::from_slice(&recording("expected.json")).unwrap();
    expected[name]["frames"].as_u64().unwrap() as usize
}

fn decode(bytes: &[u8]) -> (StreamInfo, Vec<f32>) {
    let decoded = common::whole(bytes, &Options::default());
    (decoded.info, decoded.samples)
}

/// What all are made from, stereo at 44,100 Hz.
fn original() -> Vec<f32> {
    decode(&fixture("tom.wav")).1
}

/// Decodes `format` and checks what its header says.
fn checked(format: &Format) -> Vec<f32> {
    let name = format.file;
    let (info, samples) = decode(&recording(name));
    assert_eq!(
        (info.codec, info.container, info.mime_type),
        (format.codec, format.container, format.mime_type),
        "{name}"
    );
    assert_eq!(
        (info.sample_rate, info.channels, info.bits_per_sample),
        (format.sample_rate, format.channels, format.bits_per_sample),
        "{name}"
    );
    let scanned = scan(source(&recording(name))).unwrap();
    assert!(scanned.damage.is_none(), "{name}: {}", scanned.damage);
    assert_eq!(StreamInfo { frames: info.frames, ..scanned.info.clone() }, info, "{name}");
    // Matroska counts in milliseconds, which do not tell samples.
    let told = samples.len() as u64 / u64::from(info.channels);
    let told = (format.container != "matroska").then_some(told);
    assert_eq!(scanned.decodable, told, "{name}");
    let frames = samples.len() / usize::from(info.channels);
    let seconds = scanned.info.frames.unwrap() as f64 / f64::from(info.sample_rate);
    let decoded = frames as f64 / f64::from(info.sample_rate);
    assert!((seconds - decoded).abs() < 0.002, "{name}: {seconds} s, decoded {decoded} s");
    samples
}

#[test]
fn what_is_lossless_has_the_very_samples() {
    let original = &original()[..2 * BEGINNING];
    for format in &LOSSLESS {
        let name = format.file;
        let samples = checked(format);
        let scanned = scan(source(&recording(name))).unwrap();
        assert_eq!(scanned.info.frames, Some(BEGINNING as u64), "{name}");
        assert_eq!(ffmpegs(name), BEGINNING, "{name}");
        let expected: Vec<f32> = match name {
            // More bits than 16.
            "tom-24.wav" | "tom-float.wav" => original.iter().map(|each| each / 16.0).collect(),
            "tom-extensible.wav" => {
                original.chunks(2).flat_map(|pair| [pair[0], pair[1], pair[0]]).collect()
            }
            _ => original.to_vec(),
        };
        assert!(samples == expected, "{name}: the samples differ");
    }
}

#[test]
fn what_is_lossy_is_close_and_where_it_belongs() {
    let left: Vec<f32> = original().chunks(2).map(|pair| pair[0]).collect();
    for (format, before, beyond) in &LOSSY {
        let name = format.file;
        let samples = checked(format);
        let frames: Vec<&[f32]> = samples.chunks(usize::from(format.channels)).collect();
        assert_eq!(frames.len(), ffmpegs(name).saturating_add_signed(*beyond), "{name}");
        // At half the rate, every second sample is what a low drum needs.
        let step = 44_100 / format.sample_rate as usize;
        let (mut apart, mut whole) = (0.0, 0.0);
        for (original, frame) in left.iter().step_by(step).zip(&frames[*before..]) {
            apart += f64::from(original - frame[0]).powi(2);
            whole += f64::from(*original).powi(2);
        }
        println!("{name}: {}", apart / whole);
        assert!(apart / whole < 0.02, "{name}: {}", apart / whole);
    }
}

/// `tom-alac.m4a` with another entry in its edit list, and the ticks of its movie in a second.
fn edited(movie: u32, length: u32, start: u32) -> Vec<u8> {
    let mut bytes = recording("tom-alac.m4a");
    let at = |name: &[u8]| bytes.windows(4).position(|four| four == name).unwrap() + 4;
    let (movie_at, list) = (at(b"mvhd") + 12, at(b"elst") + 8);
    for (at, value) in [(movie_at, movie), (list, length), (list + 4, start)] {
        bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
    bytes
}

#[test]
fn an_edit_list_gives_the_very_samples_that_it_names() {
    let original = &original()[..2 * BEGINNING];
    // Packets have 4,096 samples. ffmpeg gives the same, but where the end is as good as the
    // track's.
    for (movie, length, start, expected) in [
        (44_100, 3_000, 1_000, 1_000..4_000),
        (44_100, 90, 4_096, 4_096..4_186),
        (44_100, 300, 4_000, 4_000..4_300),
        (44_100, 4_500, 700, 700..4_500),
        // In milliseconds, of which 79.4 follow: what rounding took, ffmpeg leaves out.
        (1_000, 79, 1_000, 1_000..4_500),
        (1_000, 50, 1_000, 1_000..3_205),
    ] {
        let bytes = edited(movie, length, start);
        let (info, samples) = decode(&bytes);
        let frames = Some(expected.len() as u64);
        assert_eq!(info.frames, frames, "{expected:?}");
        let scanned = scan(source(&bytes)).unwrap();
        assert_eq!((scanned.info.frames, scanned.damage.is_none()), (frames, true), "{expected:?}");
        let (from, to) = (2 * expected.start, 2 * expected.end);
        assert!(samples == original[from..to], "{expected:?}: {} samples", samples.len());
    }
}

#[test]
fn what_itunes_notes_of_its_samples_counts_where_there_is_no_edit_list() {
    let mut bytes = recording("tom-aac.m4a");
    let (_, expected) = decode(&bytes);
    let at = |bytes: &[u8], name: &[u8]| bytes.windows(4).position(|four| four == name).unwrap();
    let edits = at(&bytes, b"edts");
    bytes[edits..edits + 4].copy_from_slice(b"free");
    assert_eq!(decode(&bytes).0.frames, Some(1_024 + 17_106));
    let boxed = |name: &[u8], content: &[u8]| {
        [&(content.len() as u32 + 8).to_be_bytes(), name, content].concat()
    };
    let text = b"\0\0\0\x01\0\0\0\0 00000000 00000400 00000000 00000000000042D2";
    let parts = [
        boxed(b"mean", b"\0\0\0\0com.apple.iTunes"),
        boxed(b"name", b"\0\0\0\0iTunSMPB"),
        boxed(b"data", text),
    ];
    let note = boxed(b"----", &parts.concat());
    // It is the last of the tags, and they are the last of the file.
    for name in [b"moov", b"udta", b"meta", b"ilst"] {
        let size = at(&bytes, name) - 4;
        let old = u32::from_be_bytes(bytes[size..size + 4].try_into().unwrap());
        bytes[size..size + 4].copy_from_slice(&(old + note.len() as u32).to_be_bytes());
    }
    bytes.extend(note);
    let (info, samples) = decode(&bytes);
    assert_eq!(info.frames, Some(17_106));
    assert_eq!(scan(source(&bytes)).unwrap().info.frames, Some(17_106));
    assert!(samples == expected, "{} samples", samples.len());
}

#[test]
fn an_edit_list_that_lies_leaves_everything_as_it_is() {
    let (_, whole) = decode(&recording("tom-alac.m4a"));
    // Behind the end; longer than anything.
    for (movie, length, start) in [(44_100, 10, 4_500), (1, u32::MAX, 0)] {
        let (_, samples) = decode(&edited(movie, length, start));
        assert!(samples == whole, "{start}: {} samples", samples.len());
    }
}

#[test]
fn a_title_has_one_name_in_every_format_that_tells_it() {
    for name in [
        "tom.aiff",
        "tom-alac.m4a",
        "tom-flac.ogg",
        "tom-aac.m4a",
        "tom-mono.mp3",
        "tom.mka",
        "tom.webm",
        "tom-mp3.mka",
        "tom-24.wav",
        "tom-float.wav",
        "tom-extensible.wav",
    ] {
        let scanned = scan(source(&recording(name))).unwrap();
        let title = scanned.info.tags.iter().find(|(name, _)| name == "title");
        assert_eq!(title.map(|(_, value)| value.as_str()), Some("Tom"), "{name}");
    }
}

#[test]
fn opus_is_refused_by_its_name() {
    let error = scan(source(&recording("tom-opus.ogg"))).unwrap_err();
    assert!(matches!(error, DecodeError::Unsupported { .. }), "{error:?}");
    assert_eq!(error.to_string(), "opus in this ogg file cannot be decoded");
    let opened = Decoder::open(source(&recording("tom-opus.ogg")), &Options::default());
    assert_eq!(opened.err().unwrap().to_string(), error.to_string());
}
