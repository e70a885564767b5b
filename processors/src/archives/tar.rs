//! Tar: POSIX.1-2001 with its extended heads (PAX), and GNU's long names.

use std::io::{self, Read, Seek, SeekFrom, Write};

use tar::{EntryType, Header};

use super::{Broken, HEAD_BYTES_MAX, NAME_BYTES_MAX, Place, take};

/// Heads and contents begin at multiples of it.
const BLOCK_BYTES: usize = 512;
/// The longest name that fits into a head.
const SHORT_NAME_BYTES: usize = 100;
/// The name of a head that says a longer one.
const LONG_NAME: &[u8] = b"././@LongLink";

/// What is said of a file in a tar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// With its folders.
    pub(crate) name: String,
    pub(crate) size: u64,
    /// Its permissions, as `0o644`.
    pub(crate) mode: u32,
    /// In seconds since 1970.
    pub(crate) modified: u64,
    pub(crate) owner: String,
    pub(crate) group: String,
}

/// Writes the head of `entry`; its content comes next, and then [`pad`].
pub(crate) fn write_head(entry: &Entry, out: &mut impl Write) -> io::Result<()> {
    let name = entry.name.as_bytes();
    if name.len() > SHORT_NAME_BYTES {
        // With a zero byte at its end, as GNU's tar writes it.
        let length = name.len() as u64 + 1;
        let mut long = head(LONG_NAME, length, 0o644, 0);
        long.set_entry_type(EntryType::GNULongName);
        long.set_cksum();
        out.write_all(long.as_bytes())?;
        out.write_all(name)?;
        out.write_all(&[0])?;
        pad(length, out)?;
    }
    let mut head = head(name, entry.size, entry.mode, entry.modified);
    head.set_cksum();
    out.write_all(head.as_bytes())
}

fn head(name: &[u8], size: u64, mode: u32, modified: u64) -> Header {
    let mut head = Header::new_gnu();
    for (to, from) in head.as_old_mut().name.iter_mut().zip(name) {
        *to = *from;
    }
    head.set_size(size);
    head.set_mode(mode);
    head.set_mtime(modified);
    head.set_uid(0);
    head.set_gid(0);
    head.set_entry_type(EntryType::Regular);
    head
}

/// Fills the last block of a content of `bytes` bytes.
pub(crate) fn pad(bytes: u64, out: &mut impl Write) -> io::Result<()> {
    let over = (bytes % BLOCK_BYTES as u64) as usize;
    if over > 0 { out.write_all(&[0; BLOCK_BYTES][over..]) } else { Ok(()) }
}

/// Writes what ends a tar.
pub(crate) fn write_end(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[0; 2 * BLOCK_BYTES])
}

/// Steps through a tar.
pub(crate) struct Reader<R> {
    bytes: R,
    /// Where the next head is.
    next: u64,
    /// How many bytes there are.
    end: u64,
}

/// What heads before that of an entry say of it.
#[derive(Default)]
struct Said {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    modified: Option<u64>,
    owner: Option<Vec<u8>>,
    group: Option<Vec<u8>>,
}

impl<R: Read + Seek> Reader<R> {
    pub(crate) fn new(mut bytes: R) -> Result<Self, Broken> {
        let end = bytes.seek(SeekFrom::End(0))?;
        Ok(Self { bytes, next: 0, end })
    }

    /// The next file; folders, links and devices are passed over.
    pub(crate) fn next(&mut self) -> Result<Option<(Entry, Place)>, Broken> {
        let mut said = Said::default();
        loop {
            let Some(head) = self.head()? else { return Ok(None) };
            let kind = head.entry_type();
            let size = head.entry_size().map_err(|_| Broken::because("a size is no number"))?;
            let is_file = matches!(kind, EntryType::Regular | EntryType::Continuous);
            let size = said.size.filter(|_| is_file).unwrap_or(size);
            let place = self.place(size)?;
            match kind {
                EntryType::GNULongName => {
                    let mut name = self.said(size, NAME_BYTES_MAX, "a name")?;
                    name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
                    said.name = Some(name);
                }
                EntryType::XHeader => said.add(&self.said(size, HEAD_BYTES_MAX, "a head")?)?,
                EntryType::GNUSparse => {
                    return Err(Broken::because("it holds a file with holes (sparse)"));
                }
                EntryType::GNULongLink | EntryType::XGlobalHeader => {}
                _ => {
                    let entry = said.entry(&head, size);
                    said = Said::default();
                    // In the first tars a folder was a file whose name ends so.
                    if is_file && !entry.name.ends_with('/') {
                        return Ok(Some((entry, place)));
                    }
                }
            }
        }
    }

    /// The next head; none at the end.
    fn head(&mut self) -> Result<Option<Header>, Broken> {
        if self.next == self.end && self.next > 0 {
            // Not all write the blocks that end a tar.
            return Ok(None);
        }
        self.bytes.seek(SeekFrom::Start(self.next))?;
        let mut head = Header::new_old();
        self.bytes.read_exact(head.as_mut_bytes())?;
        if head.as_bytes().iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let sum = |(index, byte): (usize, &u8)| {
            // The place of the sum itself counts as blanks.
            u32::from(if (148..156).contains(&index) { b' ' } else { *byte })
        };
        let sum: u32 = head.as_bytes().iter().enumerate().map(sum).sum();
        if head.cksum().ok() != Some(sum) {
            return Err(Broken::because("the sum of a head is wrong"));
        }
        Ok(Some(head))
    }

    /// Where the content of the head is that was read last; goes on behind it.
    fn place(&mut self, length: u64) -> Result<Place, Broken> {
        let offset = self.next + BLOCK_BYTES as u64;
        if length > self.end.saturating_sub(offset) {
            return Err(Broken::because("it ends too soon"));
        }
        // The last block of the last content is often left out.
        self.next = (offset + length.next_multiple_of(BLOCK_BYTES as u64)).min(self.end);
        Ok(Place { offset, length })
    }

    /// The content of a head that says something of the next.
    fn said(&mut self, size: u64, max: u64, what: &str) -> Result<Vec<u8>, Broken> {
        take(&mut self.bytes, size, max, what)
    }
}

impl Said {
    /// Adds the records of an extended head, each `LENGTH NAME=VALUE` and an end of line.
    fn add(&mut self, mut records: &[u8]) -> Result<(), Broken> {
        let broken = || Broken::because("an extended head (PAX) is broken");
        while !records.is_empty() {
            let blank = records.iter().position(|byte| *byte == b' ').ok_or_else(broken)?;
            let length: usize = number(&records[..blank]).ok_or_else(broken)?;
            let record = records.get(blank + 1..length).ok_or_else(broken)?;
            let [record @ .., b'\n'] = record else { return Err(broken()) };
            let equals = record.iter().position(|byte| *byte == b'=').ok_or_else(broken)?;
            let (name, value) = (&record[..equals], &record[equals + 1..]);
            match name {
                b"path" if value.len() as u64 > NAME_BYTES_MAX => {
                    return Err(Broken::because("a name is too long"));
                }
                b"path" => self.name = Some(value.to_vec()),
                b"size" => self.size = Some(number(value).ok_or_else(broken)?),
                b"mtime" => {
                    // A fraction of a second does not matter, nor does a time before 1970.
                    let whole = value.split(|byte| *byte == b'.').next().unwrap_or_default();
                    self.modified = Some(number(whole).unwrap_or_default());
                }
                b"uname" => self.owner = Some(value.to_vec()),
                b"gname" => self.group = Some(value.to_vec()),
                b"GNU.sparse.major" | b"GNU.sparse.map" => {
                    return Err(Broken::because("it holds a file with holes (sparse)"));
                }
                _ => {}
            }
            records = records.get(length..).unwrap_or_default();
        }
        Ok(())
    }

    fn entry(&self, head: &Header, size: u64) -> Entry {
        let or = |said: &Option<Vec<u8>>, there: &[u8]| {
            String::from_utf8_lossy(said.as_deref().unwrap_or(there)).into_owned()
        };
        Entry {
            name: or(&self.name, &head.path_bytes()),
            size,
            mode: head.mode().unwrap_or(0o644) & 0o7777,
            modified: self.modified.or_else(|| head.mtime().ok()).unwrap_or_default(),
            owner: or(&self.owner, head.username_bytes().unwrap_or_default()),
            group: or(&self.group, head.groupname_bytes().unwrap_or_default()),
        }
    }
}

fn number<N: std::str::FromStr>(digits: &[u8]) -> Option<N> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
