//! Headers that lie: whatever they claim, the answer is an error or what is there, soon.

mod common;

use std::fs;

use tutti_audio::decode::{Damage, Options, scan};

/// What decoding gives: how many samples and what is broken, or the error's text. A look without
/// decoding must agree on whether it is an error.
fn decode(bytes: &[u8]) -> Result<(usize, Damage), String> {
    let decoded = common::decode(bytes, &Options::default())
        .map(|decoded| (decoded.samples.len(), decoded.damage));
    let scanned = scan(common::source(bytes));
    assert_eq!(decoded.is_ok(), scanned.is_ok(), "{decoded:?}, but {scanned:?}");
    decoded.map_err(|error| error.to_string())
}

/// A WAV file of 16 bits with 40 bytes of samples, whose header claims `length`.
fn wav(channels: u16, sample_rate: u32, length: u32) -> Vec<u8> {
    let frame = channels.wrapping_mul(2);
    let mut bytes = b"RIFF".to_vec();
    bytes.extend(length.saturating_add(36).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0");
    bytes.extend(channels.to_le_bytes());
    bytes.extend(sample_rate.to_le_bytes());
    bytes.extend(sample_rate.wrapping_mul(u32::from(frame)).to_le_bytes());
    bytes.extend(frame.to_le_bytes());
    bytes.extend(16_u16.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(length.to_le_bytes());
    bytes.extend([1; 40]);
    bytes
}

/// An atom of MPEG-4 that claims `length` and has `content`.
fn atom(length: u32, name: &str, content: &[u8]) -> Vec<u8> {
    [&length.to_be_bytes(), name.as_bytes(), content].concat()
}

#[test]
fn an_honest_header_is_decoded() {
    assert_eq!(decode(&wav(2, 44_100, 40)), Ok((20, Damage::default())));
}

#[test]
fn impossible_sample_rates_are_named() {
    for hertz in [0, 10_000_001, u32::MAX] {
        let error = decode(&wav(2, hertz, 40)).unwrap_err();
        println!("{error}");
        let expected = format!("a sample rate of {hertz} Hz in this wave file cannot be decoded");
        assert_eq!(error, expected);
    }
}

#[test]
fn impossible_numbers_of_channels_are_errors() {
    for channels in [0, 65, 32_768, 65_535] {
        let error = decode(&wav(channels, 44_100, 40)).unwrap_err();
        println!("{channels}: {error}");
        assert!(error.contains("channel") || error.contains("its header is broken"), "{error}");
    }
}

#[test]
fn four_gigabytes_in_a_hundred_bytes_end_where_they_end() {
    for length in [100, 0x7fff_ffff, 0xffff_fff0] {
        let bytes = wav(2, 44_100, length);
        let (count, damage) = decode(&bytes).unwrap();
        assert_eq!((count, damage.truncated_at), (20, Some(bytes.len() as u64)), "{damage}");
    }
}

#[test]
fn gigantic_tags_and_atoms_are_errors() {
    let list =
        [b"RIFF\xff\xff\xff\xf0WAVELIST\xf0\xff\xff\x7fINFOINAM\xe0\xff\xff\x7f", &[1; 60][..]];
    let picture = [
        b"fLaC\0\0\0\x22\x10\0\x10\0\0\0\0\0\0\0\x0a\xc4\x42\xf0\0\0\0\0",
        &[0; 16][..],
        b"\x86\xff\xff\xff\0\0\0\x03\xff\xff\xff\xf0image/png",
    ];
    let identifier = [&b"ID3\x04\0\0\x7f\x7f\x7f\x7fTIT2\x7f\x7f\x7f\x70\0\0"[..], &[65; 60]];
    let beginning = atom(16, "ftyp", b"M4A \0\0\0\0");
    let entries = atom(0xffff_fff0, "stsz", b"\0\0\0\0\0\0\0\0\xff\xff\xff\xff\0\0\0\x01");
    let cases = [
        ("a list of tags", list.concat()),
        ("a picture", picture.concat()),
        ("a tag", identifier.concat()),
        ("an atom", [&*beginning, &atom(0xffff_fff0, "moov", b"")].concat()),
        ("a table", [&*beginning, &atom(0x7fff_0000, "moov", &entries)].concat()),
        ("an atom of no length", [&*beginning, &atom(1, "moov", &[0xff; 8])].concat()),
        ("an element", b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xf0\x42\x82".to_vec()),
        ("a chunk", b"caff\0\x01\0\0desc\x7f\xff\xff\xff\xff\xff\xff\xf0".to_vec()),
        ("a chunk of AIFF", b"FORM\xff\xff\xff\xf0AIFFCOMM\xff\xff\xff\xf0".to_vec()),
    ];
    for (what, bytes) in cases {
        let error = decode(&bytes).unwrap_err();
        println!("{what}: {error}");
        assert!(!error.is_empty(), "{what}");
        assert!(
            error.starts_with("its header is broken near byte ")
                || error.starts_with("it is no audio that can be decoded: it begins with "),
            "{what}: {error}"
        );
    }
}

#[test]
fn a_position_beyond_all_memory_ends_the_recording() {
    let mut bytes = fs::read("tests/formats/tom-fragments.m4a").unwrap();
    let header = bytes.windows(4).position(|four| four == b"tfhd").unwrap();
    // Where the packets of the first fragment begin.
    bytes[header + 12] = 0x80;
    let error = decode(&bytes).unwrap_err();
    assert!(error.ends_with("the decoder gave up on what it found there"), "{error}");
}
