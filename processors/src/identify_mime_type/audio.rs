//! The recordings that this project decodes, by their first bytes.

use super::Kind;

const WAV: Kind = Kind::new("audio/wav", "wav");
const AIFF: Kind = Kind::new("audio/aiff", "aif");
const CAF: Kind = Kind::new("audio/x-caf", "caf");
const MPEG: Kind = Kind::new("audio/mpeg", "mp3");
const AAC: Kind = Kind::new("audio/aac", "aac");
const OGG: Kind = Kind::new("audio/ogg", "ogg");
const FLAC: Kind = Kind::new("audio/flac", "flac");
const MP4: Kind = Kind::new("audio/mp4", "m4a");
const MATROSKA: Kind = Kind::new("audio/x-matroska", "mka");
const MATROSKA_VIDEO: Kind = Kind::new("video/x-matroska", "mkv");
const WEBM: Kind = Kind::new("video/webm", "webm");

/// What `bytes` begin, if it is a recording.
pub(super) fn identify(bytes: &[u8]) -> Option<Kind> {
    let at =
        |from: usize, wanted: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(wanted));
    if at(0, b"ID3") {
        // What a tag is in front of tells more, where it is there.
        return behind_tag(bytes).and_then(identify).or(Some(MPEG));
    }
    if [&b"RIFF"[..], b"RF64", b"BW64"].iter().any(|mark| at(0, mark)) && at(8, b"WAVE") {
        return Some(WAV);
    }
    if at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")) {
        return Some(AIFF);
    }
    if at(0, b"caff") {
        return Some(CAF);
    }
    if at(0, b"fLaC") {
        return Some(FLAC);
    }
    if at(0, b"OggS") {
        // Of what is wrapped, only a video begins so.
        return Some(if at(28, b"\x80theora") { Kind::new("video/ogg", "ogv") } else { OGG });
    }
    if at(4, b"ftyp") {
        let is_audio = [b"M4A ", b"M4B ", b"M4P "].iter().any(|brand| at(8, *brand));
        return is_audio.then_some(MP4);
    }
    if at(0, b"\x1a\x45\xdf\xa3") {
        let is_webm = bytes.windows(4).take(64).any(|place| place == b"webm");
        let video = if is_webm { WEBM } else { MATROSKA_VIDEO };
        return Some(if is_audio_alone(bytes) { MATROSKA } else { video });
    }
    let first = Frame::read(bytes)?;
    let is_repeated = match bytes.get(first.bytes..) {
        Some(rest) if rest.len() >= 4 => Frame::read(rest).is_some_and(|next| next.is_like(&first)),
        // A single packet.
        Some([]) => true,
        _ => false,
    };
    is_repeated.then_some(if first.layer == 0 { AAC } else { MPEG })
}

/// What is behind a tag of `ID3v2`, where that is short.
fn behind_tag(bytes: &[u8]) -> Option<&[u8]> {
    let [one, two, three, four] = *bytes.get(6..10)?.first_chunk()?;
    let size = [one, two, three, four]
        .iter()
        .fold(0_usize, |size, seven_bits| size << 7 | usize::from(seven_bits & 0x7f));
    bytes.get(10 + size..)
}

/// Whether the tracks of Matroska, as far as they are there, are audio: by the identities of their
/// encodings.
fn is_audio_alone(bytes: &[u8]) -> bool {
    // The element CodecID, its length in one byte, and a name such as A_OPUS or V_VP8.
    let is_there = |kind: u8| {
        bytes
            .windows(4)
            .any(|place| matches!(place, [0x86, 0x80..=0xff, first, b'_'] if *first == kind))
    };
    is_there(b'A') && !is_there(b'V')
}

/// The head of a packet of MPEG audio or of AAC in ADTS.
struct Frame {
    bytes: usize,
    /// 1 to 3, and 0 for AAC.
    layer: u8,
    version: u8,
    hz: u8,
}

/// Bit rates of MPEG audio in kbit/s: version 1 of layer 1, 2 and 3, then version 2 of layer 1, and
/// of 2 and 3 (ISO 11172-3, 2.4.2.3, and ISO 13818-3, 2.4.2.3).
const KBITS: [[u32; 14]; 5] = [
    [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const HZ: [u32; 3] = [44_100, 48_000, 32_000];

impl Frame {
    fn read(bytes: &[u8]) -> Option<Self> {
        let [first, second, third, ..] = *bytes.first_chunk::<4>()?;
        if first != 0xff || second & 0xe0 != 0xe0 {
            return None;
        }
        let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
        if layer == 0 {
            // ADTS: sync, layer 0, then 13 bits of length behind 30 of head (ISO 14496-3, 1.A.2.2).
            let [_, _, _, fourth, fifth, sixth, ..] = *bytes.first_chunk::<7>()?;
            let hz = third >> 2 & 0xf;
            let length =
                usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth >> 5);
            let is_valid = second & 0xf0 == 0xf0 && hz < 13 && length >= 7;
            return is_valid.then_some(Self { bytes: length, layer, version, hz });
        }
        let (layer, hz) = (4 - layer, third >> 2 & 3);
        let table = match (version, layer) {
            (3, layer) => usize::from(layer) - 1,
            (0 | 2, 1) => 3,
            (0 | 2, _) => 4,
            _ => return None,
        };
        let kbits = *KBITS.get(table)?.get(usize::from(third >> 4).checked_sub(1)?)?;
        // Version 2 has half of the rates, 2.5 a quarter.
        let rate = HZ.get(usize::from(hz))? >> [2, 0, 1, 0].get(usize::from(version))?;
        let padding = u32::from(third >> 1 & 1);
        let bytes = match layer {
            1 => (12_000 * kbits / rate + padding) * 4,
            3 if version != 3 => 72_000 * kbits / rate + padding,
            _ => 144_000 * kbits / rate + padding,
        };
        Some(Self { bytes: bytes as usize, layer, version, hz })
    }

    fn is_like(&self, other: &Self) -> bool {
        (self.layer, self.version, self.hz) == (other.layer, other.version, other.hz)
    }
}
