//! A table that is read by a process of its own, for libraries that take whatever a file asks for.
//!
//! That process sees nothing but the bytes that it asks for over its pipes. What memory and time it
//! may take is what its program gives itself before it begins; when it dies, there is no table, and
//! nothing else is lost.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};
use tutti_model::chain;

use super::{Rows, Table, TableError, parquet as parquet_table};

/// Bytes that are asked for at once.
const BLOCK_BYTES: usize = 64 << 10;
/// Bytes of a table as it comes back.
const ANSWER_BYTES_MAX: u32 = 64 << 20;

/// What the reading process says first: that it wants bytes, has a table, or has none.
const WANTS: u8 = 1;
const TABLE: u8 = 2;
const NONE: u8 = 3;

/// A program that does nothing but call [`read_table_apart`], within limits of its own.
#[derive(Debug, Clone)]
pub struct TableProgram {
    /// Where it is.
    pub path: PathBuf,
    /// What it is called with.
    pub argument: &'static str,
    /// All of its environment.
    pub environment: &'static [(&'static str, &'static str)],
}

/// Ends the process, whatever it does.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // One that is over cannot be killed, and is waited for all the same.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Has the rows read by the program.
pub(super) fn read<R: Read + Seek>(
    program: &TableProgram,
    mut reader: R,
    rows: Rows,
) -> Result<Table, TableError> {
    let bytes = reader.seek(SeekFrom::End(0)).map_err(TableError::of)?;
    let started = Command::new(&program.path)
        .arg(program.argument)
        .env_clear()
        .envs(program.environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut process = Ended(started.map_err(TableError::Start)?);
    let pipes = (process.0.stdin.take(), process.0.stdout.take());
    let (Some(to), Some(from)) = pipes else { return Err(gave_up()) };
    converse(reader, (bytes, rows), to, BufReader::new(from))
}

/// Asks, hands out the bytes that are wanted, and takes the answer.
fn converse(
    mut reader: impl Read + Seek,
    (bytes, rows): (u64, Rows),
    mut to: impl Write,
    mut from: impl Read,
) -> Result<Table, TableError> {
    let question = [bytes, rows.offset, rows.limit as u64].map(u64::to_le_bytes).concat();
    to.write_all(&question).map_err(|_| gave_up())?;
    let mut block = Vec::new();
    loop {
        let [word] = take(&mut from)?;
        let count = u32::from_le_bytes(take(&mut from)?);
        if word == WANTS && count as usize <= BLOCK_BYTES {
            let at = u64::from_le_bytes(take(&mut from)?);
            block.resize(count as usize, 0);
            reader.seek(SeekFrom::Start(at)).map_err(TableError::of)?;
            reader.read_exact(&mut block).map_err(TableError::of)?;
            to.write_all(&block).map_err(|_| gave_up())?;
            continue;
        }
        let mut answer = Vec::new();
        if count <= ANSWER_BYTES_MAX {
            let read = from.by_ref().take(count.into()).read_to_end(&mut answer);
            read.map_err(|_| gave_up())?;
        }
        return match word {
            TABLE => serde_json::from_slice(&answer).map_err(|_| gave_up()),
            NONE => Err(TableError::Broken(String::from_utf8_lossy(&answer).into_owned())),
            _ => Err(gave_up()),
        };
    }
}

fn take<const N: usize>(from: &mut impl Read) -> Result<[u8; N], TableError> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes).map_err(|_| gave_up())?;
    Ok(bytes)
}

fn gave_up() -> TableError {
    let why = "reading it takes more memory or time than a table may, or its bytes make no sense";
    TableError::Broken(why.to_owned())
}

/// Reads the table that is asked for over `input`, and answers over `output`; for the process that
/// does only that. May take any memory and time, and die: who calls it has set limits.
///
/// # Errors
/// When nobody asks or waits any more.
pub fn read_table_apart(
    mut input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
) -> io::Result<()> {
    let mut number = || {
        let mut bytes = [0; 8];
        input.read_exact(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    };
    let (bytes, offset, limit) = (number()?, number()?, number()?);
    let limit = usize::try_from(limit).map_err(|_| io::ErrorKind::InvalidInput)?;
    let pipes = Arc::new(Mutex::new(Pipes { input, output }));
    let content = Content { pipes: Arc::clone(&pipes), bytes };
    let (word, answer) = match parquet_table::read(content, Rows { offset, limit }) {
        Ok(table) => (TABLE, serde_json::to_vec(&table)?),
        Err(error) => (NONE, chain(&error).into_bytes()),
    };
    let count = u32::try_from(answer.len()).map_err(|_| io::ErrorKind::InvalidData)?;
    let output = &mut pipes.lock().output;
    output.write_all(&[word])?;
    output.write_all(&count.to_le_bytes())?;
    output.write_all(&answer)?;
    output.flush()
}

struct Pipes<I, O> {
    input: I,
    output: O,
}

/// The content, as far as it is asked for.
struct Content<I, O> {
    pipes: Arc<Mutex<Pipes<I, O>>>,
    bytes: u64,
}

impl<I: Read, O: Write> Content<I, O> {
    /// Fills a block of at most [`BLOCK_BYTES`] with what lies there.
    fn fill(&self, at: u64, block: &mut [u8]) -> io::Result<()> {
        let Pipes { input, output } = &mut *self.pipes.lock();
        output.write_all(&[WANTS])?;
        output.write_all(&(block.len() as u32).to_le_bytes())?;
        output.write_all(&at.to_le_bytes())?;
        output.flush()?;
        input.read_exact(block)
    }
}

impl<I, O> Length for Content<I, O> {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl<I: Read + Send + 'static, O: Write + Send + 'static> ChunkReader for Content<I, O> {
    type T = BufReader<Part<I, O>>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        let content = Self { pipes: Arc::clone(&self.pipes), bytes: self.bytes };
        Ok(BufReader::with_capacity(BLOCK_BYTES, Part { content, at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        if start.checked_add(length as u64).is_none_or(|end| end > self.bytes) {
            return Err(ParquetError::EOF("it ends before its columns do".to_owned()));
        }
        let mut bytes = vec![0; length];
        let mut at = start;
        for block in bytes.chunks_mut(BLOCK_BYTES) {
            self.fill(at, block)?;
            at += block.len() as u64;
        }
        Ok(bytes.into())
    }
}

/// The content from somewhere on.
struct Part<I, O> {
    content: Content<I, O>,
    at: u64,
}

impl<I: Read, O: Write> Read for Part<I, O> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.content.bytes.saturating_sub(self.at);
        let count = buffer.len().min(BLOCK_BYTES).min(usize::try_from(rest).unwrap_or(usize::MAX));
        let block = buffer.get_mut(..count).unwrap_or_default();
        if !block.is_empty() {
            self.content.fill(self.at, block)?;
            self.at += count as u64;
        }
        Ok(count)
    }
}
