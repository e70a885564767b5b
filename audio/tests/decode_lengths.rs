//! Containers that lie about lengths: a small file never stands for hours of music, neither when it
//! is decoded nor when it is only looked at.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::fs;
use std::path::Path;

use tutti_audio::decode::{Options, scan};

use common::{fixture, source};

fn recording(name: &str) -> Vec<u8> {
    fs::read(Path::new("tests/formats").join(name)).unwrap()
}

fn at(bytes: &[u8], mark: &[u8]) -> usize {
    bytes.windows(mark.len()).position(|found| found == mark).unwrap()
}

fn write(bytes: &mut [u8], at: usize, what: &[u8]) {
    bytes[at..at + what.len()].copy_from_slice(what);
}

/// Holds all lengths of `bytes`, in samples of each channel, to what is decoded and at most
/// `frames`, which may be less where packets are lost. `told` says whether what the header states
/// can be known to be missing.
fn check(what: &str, bytes: &[u8], frames: u64, told: bool) {
    let decoded = common::decode(bytes, &Options::default());
    let scanned = scan(source(bytes));
    assert_eq!(decoded.is_ok(), scanned.is_ok(), "{what}: {:?}", scanned.err());
    let (Ok(decoded), Ok(scanned)) = (decoded, scanned) else {
        assert_eq!(frames, 0, "{what}: refused");
        return;
    };
    let given = decoded.samples.len() as u64 / u64::from(decoded.info.channels);
    assert!(given <= frames && frames > 0, "{what}: {given} decoded");
    assert_eq!(decoded.info.frames, Some(given), "{what}: after decoding");
    let looked = [scanned.info.frames, scanned.decodable].into_iter().flatten().max();
    assert!(looked.unwrap_or(0) <= frames, "{what}: {looked:?} seen, {given} decoded");
    for damage in [decoded.damage, scanned.damage] {
        assert_eq!(damage.is_none(), !told, "{what}: {damage}");
    }
}

/// An MPEG-4 file without its edit list, whose packets are said to last so many ticks.
fn lasting(name: &str, ticks: u32) -> Vec<u8> {
    let mut bytes = recording(name);
    let (edits, times) = (at(&bytes, b"edts"), at(&bytes, b"stts"));
    write(&mut bytes, edits, b"free");
    write(&mut bytes, times + 16, &ticks.to_be_bytes());
    bytes
}

#[test]
fn packets_of_mpeg_4_last_as_long_as_their_encoding_allows() {
    for ticks in [1 << 24, u32::MAX] {
        check("aac", &lasting("tom-aac.m4a", ticks), 18 * 1_024, true);
        check("alac", &lasting("tom-alac.m4a", ticks), 2 * 4_096, true);
    }
    // By its cookie the packets of ALAC are longer than any are.
    let mut bytes = lasting("tom-alac.m4a", 1 << 24);
    let cookie = bytes.windows(4).rposition(|four| four == b"alac").unwrap();
    write(&mut bytes, cookie + 8, &u32::MAX.to_be_bytes());
    check("a cookie", &bytes, 0, false);
}

#[test]
fn tables_of_packets_that_are_not_there_count_nothing() {
    let mut bytes = lasting("tom-aac.m4a", 1_024);
    // Of packets that are all of one size, any number takes no room in the table.
    let sizes = at(&bytes, b"stsz");
    write(&mut bytes, sizes + 8, &1_u32.to_be_bytes());
    write(&mut bytes, sizes + 12, &u32::MAX.to_be_bytes());
    let chunks = at(&bytes, b"stsc");
    write(&mut bytes, chunks + 16, &u32::MAX.to_be_bytes());
    let times = at(&bytes, b"stts");
    write(&mut bytes, times + 12, &u32::MAX.to_be_bytes());
    let length = bytes.len() as u64;
    let scanned = scan(source(&bytes)).unwrap();
    assert!(!scanned.damage.is_none());
    assert!(scanned.decodable.unwrap() <= 1_024 * length, "{scanned:?}");
}

#[test]
fn chunks_that_all_begin_at_one_place_are_read_once() {
    let honest = recording("tom-aac.m4a");
    let of = |name: &str| {
        let start = at(&honest, name.as_bytes()) - 4;
        let size = u32::from_be_bytes(honest[start..start + 4].try_into().unwrap());
        honest[start..start + size as usize].to_vec()
    };
    let boxed = |name: &str, parts: &[Vec<u8>]| {
        let content = parts.concat();
        [&(content.len() as u32 + 8).to_be_bytes(), name.as_bytes(), &content].concat()
    };
    let numbers = |name: &str, numbers: &[u32]| {
        boxed(name, &numbers.iter().map(|number| number.to_be_bytes().to_vec()).collect::<Vec<_>>())
    };
    // 20 packets in each of 2,000 chunks, which all begin where the first does.
    let table = [
        of("stsd"),
        numbers("stts", &[0, 1, 40_000, 1_024]),
        numbers("stsc", &[0, 1, 1, 20, 1]),
        numbers("stsz", &[0, 200, 40_000]),
        numbers("stco", &[&[0, 2_000][..], &[44; 2_000]].concat()),
    ];
    let media = boxed("minf", &[of("smhd"), of("dinf"), boxed("stbl", &table)]);
    let track = [of("tkhd"), boxed("mdia", &[of("mdhd"), of("hdlr"), media])];
    let movie = boxed("moov", &[of("mvhd"), boxed("trak", &track)]);
    let bytes = [of("ftyp"), of("free"), of("mdat"), movie].concat();
    check("many chunks", &bytes, bytes.len() as u64 / 200 * 1_024, true);
}

/// A file of Core Audio: of `kind`, with bytes and samples of each channel in a packet.
fn core_audio(kind: &str, packet: [u32; 2], table: Option<&[u8]>) -> Vec<u8> {
    let chunk = |kind: &str, content: &[u8]| {
        [kind.as_bytes(), &(content.len() as u64).to_be_bytes(), content].concat()
    };
    let numbers = [0, packet[0], packet[1], 1, if kind == "lpcm" { 16 } else { 0 }];
    let numbers = numbers.map(u32::to_be_bytes).concat();
    let description = [&44_100_f64.to_be_bytes()[..], kind.as_bytes(), &numbers].concat();
    let mut parts = vec![b"caff\0\x01\0\0".to_vec(), chunk("desc", &description)];
    parts.extend(table.map(|table| chunk("pakt", table)));
    parts.push(chunk("data", &[&[0; 4][..], &[0x11; 340]].concat()));
    parts.concat()
}

/// A table of packets: how many, how many samples are valid, and the numbers of each packet.
fn table(packets: u64, valid: u64, numbers: &[u8]) -> Vec<u8> {
    [&packets.to_be_bytes()[..], &valid.to_be_bytes(), &[0; 8], numbers].concat()
}

#[test]
fn packets_of_core_audio_hold_what_their_bytes_do() {
    check("pcm", &core_audio("lpcm", [2, 1], None), 170, false);
    check("long pcm", &core_audio("lpcm", [2, u32::MAX], None), 170, true);
    // The last sample is where it would be, if each packet were as long.
    let valid = 169 * 1_000_000 + 1;
    let lie = core_audio("lpcm", [2, 1_000_000], Some(&table(0, valid, &[])));
    check("long pcm with a table", &lie, 170, true);
    check("adpcm", &core_audio("ima4", [34, 64], None), 640, false);
    for frames in [65, 1 << 20, u32::MAX] {
        let bytes = core_audio("ima4", [34, frames], None);
        assert!(scan(source(&bytes)).unwrap().decodable.unwrap() <= 680, "{frames}");
        let decoded = common::decode(&bytes, &Options::default()).map(|it| it.samples.len());
        assert!(decoded.as_ref().map_or(0, |count| *count) <= 680, "{frames}: {decoded:?}");
    }
    // 34 bytes and 2^35 samples of each of ten packets, and 34 bytes of as many as fit.
    let numbers = [34, 0x81, 0x80, 0x80, 0x80, 0x80, 0].repeat(10);
    let bytes = core_audio("ima4", [0, 0], Some(&table(10, 10 << 35, &numbers)));
    assert!(common::decode(&bytes, &Options::default()).is_err());
    assert!(scan(source(&bytes)).is_err());
    let numbers = [0x81, 0x80, 0x80, 0x80, 0x80, 0].repeat(10);
    let bytes = core_audio("ima4", [34, 0], Some(&table(10, 10 << 35, &numbers)));
    assert!(common::decode(&bytes, &Options::default()).is_err());
}

/// As the checksum of an Ogg page is made: RFC 3533, section 6.
fn checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ (u32::from(*byte) << 24), |sum: u32, _| {
            (sum << 1) ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    })
}

/// An Ogg file in which the pages from `first` on end `by` later.
fn later(mut bytes: Vec<u8>, first: usize, by: u64) -> Vec<u8> {
    let marks = bytes.windows(4).enumerate().filter(|(_, four)| *four == b"OggS");
    let mut starts: Vec<usize> = marks.map(|(at, _)| at).collect();
    starts.push(bytes.len());
    for index in first..starts.len() - 1 {
        let page = &mut bytes[starts[index]..starts[index + 1]];
        let end = u64::from_le_bytes(page[6..14].try_into().unwrap());
        write(page, 6, &end.wrapping_add(by).to_le_bytes());
        write(page, 22, &[0; 4]);
        let sum = checksum(page);
        write(page, 22, &sum.to_le_bytes());
    }
    bytes
}

#[test]
fn positions_of_ogg_make_no_samples() {
    let honest = fixture("mountain.ogg");
    let frames = scan(source(&honest)).unwrap().info.frames.unwrap();
    assert!(later(honest.clone(), 0, 0) == honest, "the checksums are others");
    let pages = honest.windows(4).filter(|four| *four == b"OggS").count();
    // The last page cuts what its packets have too much, which a later end leaves.
    for by in [1 << 24, 1 << 40, 1 << 62] {
        check("the last page", &later(honest.clone(), pages - 1, by), frames + 4_096, true);
        check("later pages", &later(honest.clone(), 4, by), frames + 4_096, true);
    }
}

#[test]
fn headers_with_too_many_samples_make_none() {
    let mut flac = fixture("mountain.flac");
    let frames = scan(source(&flac)).unwrap().info.frames.unwrap();
    flac[21] |= 0x0f;
    write(&mut flac, 22, &[0xff; 4]);
    check("flac", &flac, frames, true);

    let mut aiff = recording("tom.aiff");
    let common = at(&aiff, b"COMM");
    write(&mut aiff, common + 10, &[0xff; 4]);
    check("aiff", &aiff, 4_500, false);
    let sound = at(&aiff, b"SSND");
    write(&mut aiff, sound + 4, &[0x7f, 0xff, 0xff, 0xff]);
    check("a longer aiff", &aiff, 0, false);

    let mut core = recording("tom.caf");
    let data = at(&core, b"data");
    write(&mut core, data + 4, &(1_u64 << 62).to_be_bytes());
    check("caf", &core, 0, false);

    let mut mpeg = recording("tom-mono.mp3");
    let frames = scan(source(&mpeg)).unwrap().info.frames.unwrap();
    let tag = mpeg.windows(4).position(|four| four == b"Xing" || four == b"Info").unwrap();
    write(&mut mpeg, tag + 8, &0x7fff_ffff_u32.to_be_bytes());
    // What the encoder added at both ends is cut by where the tag says that they are.
    check("mp3", &mpeg, frames + 2 * 1_152, true);
}

#[test]
fn a_long_wav_file_ends_where_its_bytes_do() {
    let samples = [0x22; 400];
    let format = [1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0];
    for length in [1_u64 << 33, 1 << 62, u64::MAX] {
        let long = [length, length, length / 2].map(u64::to_le_bytes).concat();
        let parts = [
            b"RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0",
            &long[..],
            b"\0\0\0\0fmt \x10\0\0\0",
            &format,
            b"data\xff\xff\xff\xff",
            &samples,
        ];
        check("rf64", &parts.concat(), 200, true);
    }
}

#[test]
fn times_of_matroska_make_no_samples() {
    let frames = |bytes: &[u8]| scan(source(bytes)).unwrap().info.frames.unwrap();
    for (name, most) in [("tom-mp3.mka", 1_152), ("tom.mka", 4_096), ("tom.webm", 4_096)] {
        let honest = recording(name);
        let given = common::whole(&honest, &Options::default()).samples.len() as u64;
        let mut late = honest.clone();
        // Where the times of blocks stand: behind a size of one or two bytes and the track.
        let time = |at: usize| match late[at..at + 4] {
            [0xa1 | 0xa3, 0x80..=0xff, 0x81, _] => Some(at + 3),
            [0xa1 | 0xa3, 0x40..=0x7f, _, 0x81] => Some(at + 4),
            _ => None,
        };
        let clusters = at(&late, &[0x1f, 0x43, 0xb6, 0x75]);
        let blocks: Vec<usize> = (clusters..late.len() - 6).filter_map(time).collect();
        assert!(blocks.len() > 3, "{name}: {} blocks", blocks.len());
        for &block in &blocks[blocks.len() / 2..] {
            write(&mut late, block, &0x7fff_u16.to_be_bytes());
        }
        // 32 seconds by the times, less than one by the packets.
        let bound = blocks.len() as u64 * most;
        assert!(frames(&late) <= bound, "{name}: {} of {bound}", frames(&late));
        let decoded = common::decode(&late, &Options::default()).unwrap();
        assert_eq!(decoded.samples.len() as u64, given, "{name}");
    }
}
