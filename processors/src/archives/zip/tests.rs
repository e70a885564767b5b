use std::io::{self, Cursor, Read, Seek, SeekFrom};

use super::*;

/// Bytes behind a hole of zeros that nobody has to hold.
struct Behind {
    hole: u64,
    position: u64,
    bytes: Cursor<Vec<u8>>,
}

impl Read for Behind {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.hole.saturating_sub(self.position);
        let count = if left > 0 {
            let count = buffer.len().min(left as usize);
            buffer[..count].fill(0);
            count
        } else {
            self.bytes.set_position(self.position - self.hole);
            self.bytes.read(buffer)?
        };
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Behind {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let end = self.hole + self.bytes.get_ref().len() as u64;
        self.position = match position {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => end.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        }
        .ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

/// A zip behind `hole` bytes, of entries with names and sizes that are said of `sound`.
fn zip(hole: u64, entries: &[(&str, u64)]) -> Behind {
    let mut out = Vec::new();
    let mut writer = Writer::beginning_at(hole);
    for (name, said) in entries {
        let copied =
            writer.add(name, *said, &mut &b"sound"[..], &mut out, |from, to| io::copy(from, to));
        copied.unwrap();
    }
    writer.finish(&mut out).unwrap();
    Behind { hole, position: 0, bytes: Cursor::new(out) }
}

#[test]
fn sizes_and_places_of_64_bits_are_written_and_read() {
    let large = 5 << 30;
    for (hole, entries) in [
        (0, [("a", 5), ("b", large)]),
        (large, [("a", 5), ("b", 5)]),
        (large, [("a", large), ("b", large)]),
    ] {
        let mut reader = zip(hole, &entries);
        let mut found = Vec::new();
        let mut directory = Directory::open(&mut reader).unwrap();
        while let Some(entry) = directory.next().unwrap() {
            found.push(entry);
        }
        assert_eq!(found.len(), 2);
        for (entry, (name, _)) in found.iter().zip(entries) {
            assert_eq!(
                (entry.name.as_str(), entry.bytes, entry.method),
                (name, 5, Method::Deflated)
            );
            let place = contents(&mut reader, entry).unwrap();
            reader.seek(SeekFrom::Start(place.offset)).unwrap();
            let packed = io::BufReader::new((&mut reader).take(place.length));
            let mut text = String::new();
            crate::inflater::Inflater::raw(packed).read_to_string(&mut text).unwrap();
            assert_eq!(text, "sound");
        }
    }
}

#[test]
fn a_content_that_is_larger_than_it_was_said_to_be_is_refused() {
    // What the head left no room for.
    let mut writer = Writer::beginning_at(0);
    let refused =
        writer.add("a", 5, &mut io::empty(), &mut io::sink(), |_, _| Ok::<_, io::Error>(ELSEWHERE));
    assert!(refused.unwrap_err().to_string().contains("larger than it was said to be"));
}
