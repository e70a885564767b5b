//! WAV files with lengths of 64 bits: RF64 and BW64.
//!
//! symphonia reads RIFF alone. Such a file differs in its mark, and in where its lengths stand; so
//! symphonia is shown a RIFF file of unknown length that ends where the samples do.
//!
//! EBU Tech 3306, version 1.1 (2009); ITU-R BS.2088-1 (2019).

use std::io::{self, SeekFrom};

use super::Source;
use super::shown::{Patch, Shown, bytes};

/// Chunks before the samples that are looked at.
const CHUNKS_MAX: usize = 1_000;
/// Stands for a length that the chunk with 64 bits says.
const ELSEWHERE: [u8; 4] = [0xff; 4];

/// The samples of each channel that such a file is to have, where it is one and says so, and the
/// file as symphonia can read it; any other file is handed back as it is.
pub(super) fn open(mut source: Box<dyn Source>) -> io::Result<(Box<dyn Source>, Option<u64>)> {
    let found = look(&mut *source)?;
    source.seek(SeekFrom::Start(0))?;
    let Some(found) = found else { return Ok((source, None)) };
    let frames = found.frames();
    Ok((Box::new(Shown::new(source, found.patches, found.end)), frames))
}

/// What stands before the samples of such a file.
#[derive(Default)]
struct Header {
    patches: Vec<Patch>,
    /// Bytes of the samples, where they are said.
    length: Option<u64>,
    /// Bytes of one sample of every channel.
    frame: Option<u64>,
    /// Where the samples end.
    end: u64,
}

impl Header {
    fn frames(&self) -> Option<u64> {
        self.length?.checked_div(self.frame?)
    }
}

/// None if it is no such file, or if there are no samples in it.
fn look(source: &mut dyn Source) -> io::Result<Option<Header>> {
    let start = bytes(source, 0, 12)?;
    let is_long = matches!(start.first_chunk(), Some(b"RF64" | b"BW64"));
    if !is_long || start.get(8..) != Some(b"WAVE") {
        return Ok(None);
    }
    let patches = vec![(0, *b"RIFF"), (4, ELSEWHERE)];
    let mut header = Header { patches, ..Header::default() };
    let mut at = 12;
    for _ in 0..CHUNKS_MAX {
        let chunk = bytes(source, at, 8)?;
        let Some((kind, size)) = chunk.split_first_chunk::<4>() else { return Ok(None) };
        let Ok(size) = <[u8; 4]>::try_from(size) else { return Ok(None) };
        let content = at + 8;
        match kind {
            b"ds64" => header.length = number64(&bytes(source, content + 8, 8)?),
            b"fmt " => header.frame = frame(&bytes(source, content, 16)?),
            // It says with 32 bits how many samples there are, or that it cannot.
            b"fact" if bytes(source, content, 4)? == ELSEWHERE => {
                header.patches.push((at, *b"JUNK"));
            }
            b"data" => {
                if size != ELSEWHERE {
                    header.length = Some(u64::from(u32::from_le_bytes(size)));
                }
                header.end = header.length.map_or(u64::MAX, |it| content.saturating_add(it));
                return Ok(Some(header));
            }
            _ => {}
        }
        let size = u64::from(u32::from_le_bytes(size));
        // A chunk of odd length is followed by a byte that does not count.
        at = content + size + size % 2;
    }
    Ok(None)
}

/// How many bytes one sample of every channel has, for plain samples: others come in blocks.
fn frame(format: &[u8]) -> Option<u64> {
    let number = |at: usize| Some(u16::from_le_bytes(format.get(at..at + 2)?.try_into().ok()?));
    let is_plain = matches!(number(0)?, 1 | 3 | 0xfffe);
    number(12).filter(|frame| is_plain && *frame > 0).map(u64::from)
}

fn number64(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read, Seek};

    use proptest::prelude::*;

    use super::*;
    use crate::decode::{Decoder, Options, scan};

    const FRAMES: u64 = 1_001;

    fn chunk(kind: &str, size: u32, content: &[u8]) -> Vec<u8> {
        [kind.as_bytes(), &size.to_le_bytes()[..], content, &[0][..content.len() % 2]].concat()
    }

    /// Mono, 16 bit, 8,000 Hz; its samples count. Something that is no sample stands behind them.
    fn file(mark: &str, length: u64) -> Vec<u8> {
        let samples: Vec<u8> = (0..FRAMES as i16).flat_map(i16::to_le_bytes).collect();
        let long = [length + 100, length, FRAMES].map(u64::to_le_bytes).concat();
        let format = [1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0];
        [
            chunk(mark, u32::MAX, b"WAVE"),
            chunk("ds64", 28, &[&long[..], &[0; 4]].concat()),
            chunk("fmt ", 16, &format),
            chunk("fact", 4, &ELSEWHERE),
            chunk("data", u32::MAX, &samples),
            chunk("LIST", 4, b"INFO"),
        ]
        .concat()
    }

    fn decoded(bytes: &[u8]) -> (Vec<f32>, Decoder) {
        let source = Box::new(Cursor::new(bytes.to_vec()));
        let mut decoder = Decoder::open(source, &Options::default()).unwrap();
        let (mut all, mut block) = (Vec::new(), Vec::new());
        while decoder.read(&mut block).unwrap() {
            all.extend_from_slice(&block);
        }
        (all, decoder)
    }

    fn counted(frames: u64) -> Vec<f32> {
        (0..frames).map(|sample| sample as f32 / 32_768.0).collect()
    }

    #[test]
    fn lengths_of_64_bits_are_read() {
        for mark in ["RF64", "BW64"] {
            let bytes = file(mark, 2 * FRAMES);
            let (samples, decoder) = decoded(&bytes);
            assert!(samples == counted(FRAMES), "{} samples", samples.len());
            assert!(decoder.damage().is_none(), "{}", decoder.damage());
            let scanned = scan(Box::new(Cursor::new(bytes))).unwrap();
            assert_eq!(scanned.info, *decoder.info());
            assert_eq!(
                (scanned.info.frames, scanned.info.container, scanned.info.mime_type),
                (Some(FRAMES), "wave", "audio/wav")
            );
            assert!(scanned.damage.is_none(), "{}", scanned.damage);
        }
    }

    #[test]
    fn a_length_of_32_bits_counts_where_there_is_one() {
        let mut bytes = file("RF64", 0);
        let at = bytes.windows(4).position(|four| four == b"data").unwrap() + 4;
        bytes[at..at + 4].copy_from_slice(&20_u32.to_le_bytes());
        assert_eq!(decoded(&bytes).0, counted(10));
    }

    #[test]
    fn what_is_cut_off_is_told() {
        let bytes = file("RF64", 2 * FRAMES);
        let length = bytes.len() - 600;
        let (samples, decoder) = decoded(&bytes[..length]);
        assert!(samples == counted(samples.len() as u64) && samples.len() < 800);
        assert_eq!(decoder.damage().truncated_at, Some(length as u64));
        let scanned = scan(Box::new(Cursor::new(bytes[..length].to_vec()))).unwrap();
        assert_eq!(scanned.damage, *decoder.damage());
        assert_eq!(scanned.info.frames, Some(samples.len() as u64));
    }

    /// A file whose samples are zeros that nobody keeps.
    struct Sparse {
        header: Vec<u8>,
        length: u64,
        position: u64,
        read: std::sync::Arc<std::sync::atomic::AtomicU64>,
    }

    impl Read for Sparse {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let left = self.length.saturating_sub(self.position);
            let count = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            for (place, byte) in (self.position..).zip(&mut buffer[..count]) {
                *byte = self.header.get(place as usize).copied().unwrap_or(0);
            }
            self.position += count as u64;
            self.read.fetch_add(count as u64, std::sync::atomic::Ordering::Relaxed);
            Ok(count)
        }
    }

    impl Seek for Sparse {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.position = match to {
                SeekFrom::Start(at) => at,
                SeekFrom::End(by) => self.length.saturating_add_signed(by),
                SeekFrom::Current(by) => self.position.saturating_add_signed(by),
            };
            Ok(self.position)
        }
    }

    impl Source for Sparse {
        fn byte_len(&self) -> Option<u64> {
            Some(self.length)
        }
    }

    #[test]
    fn five_gigabytes_are_told_without_reading_them() {
        let frames = 2_500_000_000_u64;
        let mut header = file("RF64", 2 * frames);
        let begin = header.windows(4).position(|four| four == b"data").unwrap() + 8;
        header.truncate(begin);
        let read = std::sync::Arc::default();
        let length = begin as u64 + 2 * frames;
        let sparse = Sparse { header, length, position: 0, read: std::sync::Arc::clone(&read) };
        let scanned = scan(Box::new(sparse)).unwrap();
        assert_eq!(scanned.info.frames, Some(frames));
        assert!(scanned.damage.is_none(), "{}", scanned.damage);
        let read = read.load(std::sync::atomic::Ordering::Relaxed);
        assert!(read < 1 << 20, "{read} bytes were read");
    }

    proptest! {
        /// The fuzz test: sizes that lie, and files that end anywhere.
        #[test]
        fn fuzz_changed_headers_never_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = file("RF64", 2 * FRAMES);
            for (at, value) in &changes {
                let at = at.index(110);
                bytes[at] = *value;
            }
            bytes.truncate(cut.index(bytes.len() + 1));
            let opened = Decoder::open(Box::new(Cursor::new(bytes)), &Options::default());
            if let Ok(mut decoder) = opened {
                let mut block = Vec::new();
                while let Ok(true) = decoder.read(&mut block) {}
            }
        }
    }
}
