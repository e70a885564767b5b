//! Tags before a recording that would fill memory: symphonia reads an `ID3v2` tag whole, and keeps
//! forty times as much of it where its frames are short.
//!
//! A tag beyond the limits is shown as one that holds nothing but padding. What makes no sense is
//! left to symphonia, whose limit is then that on the length.
//!
//! ID3 tag version 2.4.0, main structure (M. Nilsson, 2000); 2.3.0 (1999); 2.2.0 (1998).

use std::io::{self, SeekFrom};

use super::Source;
use super::shown::{Patch, Shown, bytes};

/// A tag that is longer is left out: there is room for a cover in it, and not for a film.
const TAG_BYTES_MAX: u64 = 16 << 20;
/// A tag with more frames is left out.
const FRAMES_MAX: usize = 2_000;
/// Tags that follow each other.
const TAGS_MAX: usize = 16;
const HEADER_BYTES: u64 = 10;

/// The file without tags that are too large, and how many bytes these have.
pub(super) fn open(mut source: Box<dyn Source>) -> io::Result<(Box<dyn Source>, u64)> {
    let (mut patches, mut left_out, mut at) = (Vec::<Patch>::new(), 0, 0);
    for _ in 0..TAGS_MAX {
        let header = bytes(&mut *source, at, HEADER_BYTES)?;
        let Some((b"ID3", [version, _, flags, size @ ..])) = header.split_first_chunk() else {
            break;
        };
        let Some(length) = synchsafe(size) else { break };
        let begin = at + HEADER_BYTES;
        if length > TAG_BYTES_MAX || has_many_frames(&mut *source, *version, begin, length)? {
            left_out += length;
            // Neither flags that say how to read on, nor a first frame.
            patches.push((at + 5, [0, size[0], size[1], size[2]]));
            patches.push((begin, [0; 4]));
        }
        let footer = if flags & 0x10 == 0 { 0 } else { HEADER_BYTES };
        at = begin + length + footer;
    }
    source.seek(SeekFrom::Start(0))?;
    if patches.is_empty() {
        return Ok((source, 0));
    }
    Ok((Box::new(Shown::new(source, patches, u64::MAX)), left_out))
}

/// Whether a tag has too many frames. The heads of frames are read, and nothing of them.
fn has_many_frames(
    source: &mut dyn Source,
    version: u8,
    begin: u64,
    length: u64,
) -> io::Result<bool> {
    let (head, name) = if version == 2 { (6, 3) } else { (10, 4) };
    let mut at = begin;
    for _ in 0..FRAMES_MAX {
        if at + head > begin + length {
            return Ok(false);
        }
        let frame = bytes(source, at, head)?;
        let Some((id, rest)) = frame.split_at_checked(name) else { return Ok(false) };
        if !id.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            return Ok(false);
        }
        let size = match version {
            2 => rest.iter().fold(0, |size, byte| size << 8 | u64::from(*byte)),
            4 => synchsafe(rest).unwrap_or(0),
            _ => rest.iter().take(4).fold(0, |size, byte| size << 8 | u64::from(*byte)),
        };
        at += head + size;
    }
    Ok(true)
}

/// A number of 28 bits in four bytes, none of which has its highest bit.
fn synchsafe(bytes: &[u8]) -> Option<u64> {
    let bytes = bytes.first_chunk::<4>()?;
    let is_safe = bytes.iter().all(|byte| *byte < 0x80);
    is_safe.then(|| bytes.iter().fold(0, |number, byte| number << 7 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A tag of version 2.3 with these frames.
    fn tag(frames: &[u8]) -> Vec<u8> {
        let length = frames.len() as u32;
        let size = [21, 14, 7, 0].map(|shift| (length >> shift) as u8 & 0x7f);
        [b"ID3\x03\0\x40", &size[..], frames].concat()
    }

    fn frame(content: &[u8]) -> Vec<u8> {
        [b"TXXX", &(content.len() as u32).to_be_bytes()[..], &[0, 0], content].concat()
    }

    fn opened(bytes: &[u8]) -> (Vec<u8>, u64) {
        let (mut source, left_out) = open(Box::new(Cursor::new(bytes.to_vec()))).unwrap();
        let mut shown = Vec::new();
        source.read_to_end(&mut shown).unwrap();
        (shown, left_out)
    }

    #[test]
    fn usual_tags_are_left_as_they_are() {
        for bytes in [
            b"fLaC".to_vec(),
            b"ID3".to_vec(),
            tag(&frame(b"\0k\0v").repeat(100)),
            [tag(&frame(&vec![7; 3_000_000])), b"\xff\xfb".to_vec()].concat(),
        ] {
            assert_eq!(opened(&bytes), (bytes, 0));
        }
    }

    #[test]
    fn a_tag_that_is_too_large_or_has_too_many_frames_is_shown_as_padding() {
        let many = tag(&frame(b"\0k\0v").repeat(FRAMES_MAX + 1));
        let long = tag(&frame(&vec![7; TAG_BYTES_MAX as usize]));
        for bytes in [many, long] {
            let bytes = [bytes, tag(&frame(b"\0k\0v")), b"\xff\xfb".to_vec()].concat();
            let (shown, left_out) = opened(&bytes);
            assert_eq!(shown.len(), bytes.len(), "everything stays in its place");
            assert_eq!((shown[5], &shown[6..10], &shown[10..14]), (0, &bytes[6..10], &[0; 4][..]));
            assert_eq!(&shown[14..], &bytes[14..]);
            assert!(left_out > 20_000);
        }
    }

    #[test]
    fn sizes_that_lie_are_left_to_others() {
        let mut lying = tag(&frame(b"\0k\0v"));
        lying[14..18].copy_from_slice(&[0xff; 4]);
        assert_eq!(opened(&lying).1, 0);
        lying[6] = 0xff;
        assert_eq!(opened(&lying).1, 0);
    }
}
