//! NiFi's packages of flowfiles, versions 2 and 3: attributes, length, content, one flowfile behind
//! the other. Version 3 begins each with a mark.

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::{Broken, HEAD_BYTES_MAX, Place, take};

/// What each flowfile of version 3 begins with.
const MARK: &[u8] = b"NiFiFF3";
/// A length that does not fit into two bytes comes in four behind these.
const LONG: u16 = u16::MAX;

/// The version of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    Two,
    Three,
}

/// Writes the head of a flowfile with these attributes, of which there is at least one; its content
/// of `length` bytes comes next.
pub(crate) fn write_head<'a>(
    version: Version,
    attributes: impl ExactSizeIterator<Item = (&'a str, &'a str)>,
    length: u64,
    out: &mut impl Write,
) -> io::Result<()> {
    if version == Version::Three {
        out.write_all(MARK)?;
    }
    write_length(attributes.len(), out)?;
    for (name, value) in attributes {
        for text in [name, value] {
            write_length(text.len(), out)?;
            out.write_all(text.as_bytes())?;
        }
    }
    out.write_all(&length.to_be_bytes())
}

fn write_length(length: usize, out: &mut impl Write) -> io::Result<()> {
    match u16::try_from(length) {
        Ok(short) if short < LONG => out.write_all(&short.to_be_bytes()),
        _ => {
            let long = u32::try_from(length).map_err(io::Error::other)?;
            out.write_all(&LONG.to_be_bytes())?;
            out.write_all(&long.to_be_bytes())
        }
    }
}

/// Steps through a package.
pub(crate) struct Reader<R> {
    bytes: R,
    version: Version,
    next: u64,
    end: u64,
}

/// Names and values of a flowfile in a package.
pub(crate) type Texts = Vec<(String, String)>;

impl<R: Read + Seek> Reader<R> {
    pub(crate) fn new(mut bytes: R, version: Version) -> Result<Self, Broken> {
        let end = bytes.seek(SeekFrom::End(0))?;
        if end == 0 {
            return Err(Broken::because("it is empty"));
        }
        Ok(Self { bytes, version, next: 0, end })
    }

    /// The attributes of the next flowfile, and where its content is.
    pub(crate) fn next(&mut self) -> Result<Option<(Texts, Place)>, Broken> {
        if self.next == self.end {
            return Ok(None);
        }
        self.bytes.seek(SeekFrom::Start(self.next))?;
        if self.version == Version::Three
            && take(&mut self.bytes, MARK.len() as u64, HEAD_BYTES_MAX, "a mark")? != MARK
        {
            return Err(Broken::because("a flowfile does not begin with the mark of version 3"));
        }
        let count = self.length()?;
        if count == 0 {
            return Err(Broken::because("a flowfile has no attributes"));
        }
        let mut left = HEAD_BYTES_MAX;
        let mut attributes = Texts::new();
        for _ in 0..count {
            let name = self.text(&mut left)?;
            attributes.push((name, self.text(&mut left)?));
        }
        let mut length = [0; 8];
        self.bytes.read_exact(&mut length)?;
        let length = u64::from_be_bytes(length);
        let offset = self.bytes.stream_position()?;
        if length > self.end.saturating_sub(offset) {
            return Err(Broken::because("it ends too soon"));
        }
        self.next = offset + length;
        Ok(Some((attributes, Place { offset, length })))
    }

    fn length(&mut self) -> Result<u64, Broken> {
        let mut short = [0; 2];
        self.bytes.read_exact(&mut short)?;
        let short = u16::from_be_bytes(short);
        if short != LONG {
            return Ok(u64::from(short));
        }
        let mut long = [0; 4];
        self.bytes.read_exact(&mut long)?;
        Ok(u64::from(u32::from_be_bytes(long)))
    }

    /// A text of at most `left` bytes. Each costs some, so that there are not too many either.
    fn text(&mut self, left: &mut u64) -> Result<String, Broken> {
        let length = self.length()?;
        let text = take(&mut self.bytes, length, *left, "attributes")?;
        *left = left.saturating_sub(length + 16);
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}
