//! Samples as bytes: raw, and as a WAV file.
//!
//! The length stands in a WAV file's header, so it must be known before the first sample. A header
//! with 32 bits for it cannot say 4 GB: beyond that a file is RF64 (EBU Tech 3306), which differs
//! only by a chunk with 64 bits.

mod samples;

pub use samples::{Samples, SamplesError};

/// Bytes of a header before its data: RIFF, a format of 18 bytes, and the data's own header.
const HEADER: u32 = 12 + 8 + 18 + 12 + 8;
/// Bytes of the chunk with 64 bits: its own header, three lengths, and a table of no others.
const LONG: u32 = 8 + 3 * 8 + 4;
/// Stands for a length that the chunk with 64 bits says.
const ELSEWHERE: u32 = u32::MAX;

/// How a sample is written, the lowest byte first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleFormat {
    /// A whole number of 16 bits; beyond full scale it is clipped.
    Int16,
    /// A whole number of 24 bits; beyond full scale it is clipped.
    Int24,
    /// A floating point number of 32 bits, full scale from -1 to 1, never clipped.
    Float32,
}

impl SampleFormat {
    /// Bytes of one sample.
    pub fn bytes(self) -> u16 {
        match self {
            Self::Int16 => 2,
            Self::Int24 => 3,
            Self::Float32 => 4,
        }
    }

    /// Appends samples, channels interleaved, full scale from -1 to 1.
    pub fn append(self, samples: &[f32], bytes: &mut Vec<u8>) {
        bytes.reserve(samples.len() * usize::from(self.bytes()));
        for &sample in samples {
            self.append_one(sample, bytes);
        }
    }

    fn append_one(self, sample: f32, bytes: &mut Vec<u8>) {
        // Full scale is a power of two, as decoders divide by it: what was 16 or 24 bits comes out
        // as it went in.
        let whole = |full: f32| (sample * full).round().clamp(-full, full - 1.0) as i32;
        match self {
            Self::Int16 => bytes.extend_from_slice(&(whole(32_768.0) as i16).to_le_bytes()),
            Self::Int24 => {
                let [low, middle, high, _] = whole(8_388_608.0).to_le_bytes();
                bytes.extend_from_slice(&[low, middle, high]);
            }
            Self::Float32 => bytes.extend_from_slice(&sample.to_le_bytes()),
        }
    }
}

/// What a WAV file begins with that has so many `frames`, samples of each of its `channels`, at
/// `sample_rate`, in Hz; RF64 if it is longer than 4 GB. Where the samples have an odd number of
/// bytes, one more byte follows them, which does not count.
pub fn header(format: SampleFormat, frames: u64, sample_rate: u32, channels: u16) -> Vec<u8> {
    let frame = channels * format.bytes();
    let code: u16 = if format == SampleFormat::Float32 { 3 } else { 1 };
    let length = frames.saturating_mul(u64::from(frame));
    // What follows the first 8 bytes.
    let file = length.saturating_add(length % 2 + u64::from(HEADER - 8));
    let short = u32::try_from(file).ok().filter(|file| *file != ELSEWHERE);
    let mut header = Vec::with_capacity((HEADER + LONG) as usize);
    header.extend_from_slice(if short.is_some() { b"RIFF" } else { b"RF64" });
    header.extend_from_slice(&short.unwrap_or(ELSEWHERE).to_le_bytes());
    header.extend_from_slice(b"WAVE");
    if short.is_none() {
        header.extend_from_slice(b"ds64");
        header.extend_from_slice(&(LONG - 8).to_le_bytes());
        header.extend_from_slice(&file.saturating_add(u64::from(LONG)).to_le_bytes());
        header.extend_from_slice(&length.to_le_bytes());
        header.extend_from_slice(&frames.to_le_bytes());
        header.extend_from_slice(&0_u32.to_le_bytes());
    }
    let written = |number: u64| if short.is_some() { number as u32 } else { ELSEWHERE };
    header.extend_from_slice(b"fmt ");
    header.extend_from_slice(&18_u32.to_le_bytes());
    header.extend_from_slice(&code.to_le_bytes());
    header.extend_from_slice(&channels.to_le_bytes());
    header.extend_from_slice(&sample_rate.to_le_bytes());
    header.extend_from_slice(&(sample_rate.wrapping_mul(u32::from(frame))).to_le_bytes());
    header.extend_from_slice(&frame.to_le_bytes());
    header.extend_from_slice(&(format.bytes() * 8).to_le_bytes());
    header.extend_from_slice(&0_u16.to_le_bytes());
    header.extend_from_slice(b"fact");
    header.extend_from_slice(&4_u32.to_le_bytes());
    header.extend_from_slice(&written(frames).to_le_bytes());
    header.extend_from_slice(b"data");
    header.extend_from_slice(&written(length).to_le_bytes());
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(format: SampleFormat, samples: &[f32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        format.append(samples, &mut bytes);
        bytes
    }

    #[test]
    fn samples_are_rounded_and_clipped() {
        let samples = [0.0, 1.0, -1.0, 2.0, 0.5, -1.0 / 32_768.0];
        let expected = [0, 32_767, -32_768, 32_767, 16_384, -1_i16];
        let expected: Vec<u8> = expected.iter().flat_map(|each| each.to_le_bytes()).collect();
        assert_eq!(raw(SampleFormat::Int16, &samples), expected);
        assert_eq!(raw(SampleFormat::Int24, &[1.0, -0.5]), [0xff, 0xff, 0x7f, 0, 0, 0xc0]);
        assert_eq!(raw(SampleFormat::Float32, &[2.0]), 2.0_f32.to_le_bytes());
    }

    #[test]
    fn a_header_says_what_follows() {
        let wav = header(SampleFormat::Int16, 3, 8_000, 2);
        assert_eq!(wav.len(), HEADER as usize);
        assert_eq!(number32(&wav, 4), HEADER - 8 + 12);
        assert_eq!(number32(&wav, HEADER as usize - 4), 12);
        // The byte that an odd length is followed by belongs to the file, and not to the samples.
        let odd = header(SampleFormat::Int24, 1, 8_000, 1);
        assert_eq!((number32(&odd, 4), number32(&odd, HEADER as usize - 4)), (HEADER - 8 + 4, 3));
    }

    #[test]
    fn beyond_4_gb_a_header_has_64_bits() {
        let most = u64::from(u32::MAX - 1 - (HEADER - 8)) / 8 * 8;
        let short = header(SampleFormat::Float32, most / 8, 44_100, 2);
        assert_eq!((&short[..4], short.len()), (&b"RIFF"[..], HEADER as usize));
        assert_eq!(u64::from(number32(&short, 4)), most + u64::from(HEADER - 8));
        assert_eq!(u64::from(number32(&short, HEADER as usize - 4)), most);
        for length in [most + 8, 1 << 32, (3 << 32) + 8] {
            let long = header(SampleFormat::Float32, length / 8, 44_100, 2);
            assert_eq!(long.len(), (HEADER + LONG) as usize);
            assert_eq!((&long[..4], number32(&long, 4)), (&b"RF64"[..], u32::MAX));
            assert_eq!((&long[8..16], number32(&long, 16)), (&b"WAVEds64"[..], 28));
            // Of all but the first 8 bytes, of the samples, and how many there are.
            assert_eq!(number64(&long, 20), length + long.len() as u64 - 8);
            assert_eq!(number64(&long, 28), length);
            assert_eq!(number64(&long, 36), length / 8);
            assert_eq!(number32(&long, 44), 0);
            // The format is the same, and what has 32 bits refers to those.
            assert_eq!(long[48..][..26], short[12..][..26]);
            assert_eq!((&long[74..78], number32(&long, 82)), (&b"fact"[..], u32::MAX));
            assert_eq!((&long[86..90], number32(&long, 90)), (&b"data"[..], u32::MAX));
        }
        let frames = (1 << 32) + 1;
        let odd = header(SampleFormat::Int24, frames, 44_100, 1);
        assert_eq!(number64(&odd, 20), 3 * frames + 1 + odd.len() as u64 - 8);
        assert_eq!(number64(&odd, 28), 3 * frames);
    }

    fn number32(bytes: &[u8], at: usize) -> u32 {
        u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
    }

    fn number64(bytes: &[u8], at: usize) -> u64 {
        u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
    }
}
