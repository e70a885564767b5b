//! Recordings that are cut, changed or no recordings at all.
//!
//! Whatever the bytes are: no panic, and nothing is missing in silence where the format can tell.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;
mod survives;

use std::fs;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tutti_audio::decode::{Damage, DecodeError, Decoder, Options, Scanned, Source, scan};

use common::{fixture, source};

const RECORDINGS: [&str; 5] =
    ["tom.wav", "mountain.flac", "mountain.mp3", "mountain.ogg", "march.mp3"];

fn decode(bytes: &[u8]) -> Result<(Vec<f32>, Damage), DecodeError> {
    let decoded = common::decode(bytes, &Options::default())?;
    Ok((decoded.samples, decoded.damage))
}

fn flipped(name: &str, at: usize) -> Vec<u8> {
    let mut bytes = fixture(name);
    bytes[at] ^= 0x10;
    bytes
}

#[test]
fn a_cut_recording_gives_what_is_there_and_says_where_it_ends() {
    for name in RECORDINGS {
        let bytes = fixture(name);
        let (whole, _) = decode(&bytes).unwrap();
        let mut decoded = 0;
        for part in 0..20 {
            let at = bytes.len() * part / 20 + part % 7;
            let Ok((samples, damage)) = decode(&bytes[..at]) else { continue };
            decoded += 1;
            assert!(whole.starts_with(&samples) && samples.len() < whole.len(), "{name} at {at}");
            // This one lies between two packets, where nothing tells a cut from a lost packet.
            let is_between = (name, at) == ("mountain.mp3", 9_926);
            let expected = (!is_between).then_some(at as u64);
            assert_eq!(damage.truncated_at, expected, "{name}: {damage}");
            assert_eq!(damage.missing_seconds.is_some(), is_between, "{name}: {damage}");
            let Scanned { damage, .. } = scan(source(&bytes[..at])).unwrap();
            assert_eq!(damage.truncated_at, expected, "{name}: {damage}");
            assert_eq!(damage.missing_seconds.is_some(), is_between, "{name}: {damage}");
        }
        // Only a header that is cut is an error.
        assert!(decoded >= 15, "{name}: {decoded} of 20 decoded");
    }
}

#[test]
fn a_recording_without_its_last_byte_is_cut() {
    for name in ["mountain.wav", "icyland.wav", "../../../audio/tests/formats/tom-24.wav"] {
        let mut bytes = fixture(name);
        bytes.pop();
        let at = Some(bytes.len() as u64);
        assert_eq!(scan(source(&bytes)).unwrap().damage.truncated_at, at, "{name}");
        assert_eq!(decode(&bytes).unwrap().1.truncated_at, at, "{name}");
    }
}

/// Counts what is read.
struct Counted(Cursor<Vec<u8>>, Arc<AtomicUsize>);

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.fetch_add(count, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl Source for Counted {
    fn byte_len(&self) -> Option<u64> {
        Some(self.0.get_ref().len() as u64)
    }
}

#[test]
fn only_what_tells_something_is_read() {
    let read = |name: &str, scanned: bool| {
        let (bytes, count) = (fixture(name), Arc::new(AtomicUsize::new(0)));
        let counted = Box::new(Counted(Cursor::new(bytes), Arc::clone(&count)));
        if scanned {
            assert!(scan(counted).unwrap().damage.is_none(), "{name}");
        } else {
            Decoder::open(counted, &Options::default()).unwrap();
        }
        count.load(Ordering::Relaxed)
    };
    // Of what is uncompressed, the first and the last samples.
    let bytes = read("mountain.wav", true);
    assert!(bytes < 100_000, "{bytes}");
    // The end of an Ogg stream says how long it is, that of others nothing.
    for name in ["mountain.wav", "mountain.flac", "mountain.mp3", "march.mp3"] {
        let bytes = read(name, false);
        println!("{name}: {bytes}");
        assert!(bytes < 40_000, "{name}: {bytes}");
    }
    assert!(read("palace.ogg", false) > 65_307);
}

#[test]
fn what_a_checksum_refuses_is_left_out_and_counted() {
    // Where the hole begins, by the positions that the pages state, and how late it may be told: of
    // Ogg by a page, which is a second here.
    let broken = [
        ("mountain.flac", 408_799, 4.911, 0.001),
        ("mountain.ogg", 56_182, 3.023, 1.1),
        // Right before the last page.
        ("mountain.ogg", 76_837, 4.045, 1.1),
    ];
    for (name, at, seconds, late) in broken {
        let (whole, _) = decode(&fixture(name)).unwrap();
        let bytes = flipped(name, at);
        let (samples, damage) = decode(&bytes).unwrap();
        assert!(samples.len() < whole.len(), "{name}");
        assert_eq!((damage.packets, damage.truncated_at), (1, None), "{name}: {damage}");
        let first = damage.first.unwrap();
        assert!(first.seconds > seconds - 0.001, "{name}: {first:?}");
        assert!(first.seconds < seconds + late, "{name}: {first:?}");
        assert!(first.offset >= at as u64, "{name}: {first:?}");
        assert!(first.message.ends_with("s of audio are missing"), "{first:?}");
        let scanned = scan(source(&bytes)).unwrap();
        assert_eq!(scanned.damage.packets, 1, "{name}: {}", scanned.damage);
    }
}

#[test]
fn a_lost_packet_of_mpeg_audio_does_not_end_the_file() {
    // A packet in the middle without the mark that it begins with.
    for (name, tail) in [("mountain.mp3", &b""[..]), ("march.mp3", b"TAG title of a song")] {
        let mut bytes = fixture(name);
        bytes.extend_from_slice(tail);
        let half = bytes.len() / 2;
        let at =
            (half..bytes.len() - 1).find(|&at| bytes[at] == 0xff && bytes[at + 1] == 0xfb).unwrap();
        bytes[at] = 0;
        let scanned = scan(source(&bytes)).unwrap();
        println!("{name}: {}", scanned.damage);
        assert_eq!(scanned.damage.truncated_at, None, "{name}: {}", scanned.damage);
        assert!(scanned.damage.missing_seconds.is_some(), "{name}: {}", scanned.damage);
        let (_, damage) = decode(&bytes).unwrap();
        println!("{name}: {damage}");
        assert!(!damage.is_none(), "{name}");
        assert_eq!(damage.truncated_at, None, "{name}: {damage}");
    }
}

#[test]
fn mpeg_audio_without_a_tag_is_decoded_to_its_end() {
    // The frame with the tag lies behind 20 bytes of metadata and is 192 bytes long. What follows
    // are 501 frames of changing bit rates, of which no length can be foretold.
    let bytes = fixture("march.mp3").split_off(212);
    let (samples, damage) = decode(&bytes).unwrap();
    assert_eq!(samples.len(), 2 * 501 * 1_152);
    assert!(damage.is_none(), "{damage}");
    let scanned = scan(source(&bytes)).unwrap();
    assert_eq!(scanned.info.frames, Some(501 * 1_152));
    assert!(scanned.damage.is_none(), "{}", scanned.damage);
}

#[test]
fn what_is_no_audio_is_told_with_its_beginning() {
    assert!(matches!(decode(b""), Err(DecodeError::Empty)));
    let text = decode(b"This is a note about a song, and no song.").unwrap_err().to_string();
    assert!(text.ends_with("it begins with the text \"This is a note a\""), "{text}");
    let zeros = decode(&[0; 10_000]).unwrap_err().to_string();
    assert!(zeros.contains("it begins with the bytes 00 00"), "{zeros}");
}

/// The beginnings of all recordings, and one of every format.
fn recordings() -> &'static [Vec<u8>] {
    static ALL: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    ALL.get_or_init(|| {
        let formats = fs::read_dir("tests/formats").unwrap().map(|entry| entry.unwrap().path());
        let mut formats: Vec<_> =
            formats.filter(|path| path.to_string_lossy().contains("/tom")).collect();
        formats.sort();
        let beginning = |name: &&str| fixture(name).into_iter().take(60_000).collect();
        let whole = formats.iter().map(|path| fs::read(path).unwrap());
        RECORDINGS.iter().map(beginning).chain(whole).collect()
    })
}

/// A byte, or a number of 4 or 8 bytes that is often none.
fn change() -> impl Strategy<Value = Vec<u8>> {
    let greatest = prop::sample::select(vec![0_u64, 1, 0x7fff_ffff, 0xffff_ffff, u64::MAX >> 1]);
    let number = prop_oneof![greatest, any::<u64>()];
    prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        number.clone().prop_map(|number| (number as u32).to_be_bytes().to_vec()),
        number.clone().prop_map(|number| (number as u32).to_le_bytes().to_vec()),
        number.prop_map(|number| number.to_be_bytes().to_vec()),
    ]
}

/// The same cases on every run; `TUTTI_FUZZ_CASES` asks for as many, drawn anew each time.
fn cases() -> ProptestConfig {
    let asked = std::env::var("TUTTI_FUZZ_CASES").ok().map(|cases| cases.parse().unwrap());
    ProptestConfig {
        cases: asked.unwrap_or(150),
        rng_seed: if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    /// The fuzz test: a recording in any format, with bytes and numbers changed anywhere, but more
    /// often in its first bytes.
    #[test]
    fn fuzz_changed_recordings_survive(
        index in any::<prop::sample::Index>(),
        changes in prop::collection::vec((0.0..1.0_f64, any::<bool>(), change()), 1..8),
        cut in 0.0..2.0_f64,
    ) {
        let mut bytes = index.get(recordings()).clone();
        let length = bytes.len();
        for (place, in_header, what) in changes {
            let range = if in_header { length.min(5_000) } else { length };
            let at = (place * range as f64) as usize;
            for (byte, value) in bytes[at..].iter_mut().zip(what) {
                *byte = value;
            }
        }
        bytes.truncate((length as f64 * cut) as usize);
        survives::survives(&bytes);
    }

    /// FLAC checks every frame, so that whatever is changed behind the header is told.
    #[test]
    fn fuzz_changed_frames_of_flac_are_told(place in 0.1..1.0_f64, bit in 0..8_u32) {
        let mut bytes = fixture("mountain.flac");
        let (whole, _) = decode(&bytes).unwrap();
        let at = (place * bytes.len() as f64) as usize;
        bytes[at] ^= 1 << bit;
        let (samples, damage) = decode(&bytes).unwrap();
        prop_assert!(!damage.is_none(), "at {at}");
        prop_assert!(samples.len() < whole.len(), "at {at}");
    }
}

/// A WAV file of 1,000 samples, whose lengths are then what a recorder left.
fn wav_with_lengths(riff: u32, data: u32) -> Vec<u8> {
    let samples: Vec<u8> = (0..1_000_i16).flat_map(|sample| (sample * 7).to_le_bytes()).collect();
    let mut bytes = Vec::new();
    bytes.extend(b"RIFF");
    bytes.extend(riff.to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend([1_u16, 1].iter().flat_map(|value| value.to_le_bytes()));
    bytes.extend([8_000_u32, 16_000].iter().flat_map(|value| value.to_le_bytes()));
    bytes.extend([2_u16, 16].iter().flat_map(|value| value.to_le_bytes()));
    bytes.extend(b"data");
    bytes.extend(data.to_le_bytes());
    bytes.extend(samples);
    bytes
}

#[test]
fn samples_are_found_where_a_recorder_left_wrong_lengths() {
    let whole = decode(&wav_with_lengths(2_036, 2_000)).unwrap().0;
    assert_eq!(whole.len(), 1_000);
    for (riff, data) in [(0, 0), (36, 0), (0, 2_000), (36, 2_000), (u32::MAX, u32::MAX)] {
        let (samples, damage) = decode(&wav_with_lengths(riff, data)).unwrap();
        assert_eq!(samples, whole, "RIFF {riff}, data {data}");
        // Without a length nobody knows whether more was to come.
        assert_eq!(damage.truncated_at.is_some(), data != 2_000, "{damage}");
    }
}

#[test]
fn tags_that_would_fill_memory_are_left_out_and_told() {
    let frames = b"TXXX\0\0\0\x04\0\0\0k\0v".repeat(5_000);
    let length = frames.len() as u32;
    let size = [21, 14, 7, 0].map(|shift| (length >> shift) as u8 & 0x7f);
    let plain = fixture("march.mp3");
    let tagged = [b"ID3\x03\0\0", &size[..], &frames, &plain].concat();
    let decoded = common::decode(&tagged, &Options::default()).unwrap();
    assert_eq!(decoded.samples, decode(&plain).unwrap().0);
    let told = decoded.info.tags.iter().find(|(name, _)| name == "id3");
    assert!(told.is_some_and(|(_, value)| value.contains("70000")), "{:?}", decoded.info.tags);
    assert!(!decoded.info.tags.iter().any(|(name, _)| name == "k"));
}
