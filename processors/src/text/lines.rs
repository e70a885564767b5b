//! A text line by line, each with its end, and none longer than it may be.

use std::io::Read;

use tutti_sdk::ProcessError;
use tutti_sdk::property::DataSize;

use super::{CharacterSet, TextReader};
use crate::bounded::MAXIMUM_BUFFER_SIZE;

/// The lines of a text. They end with `\n`, `\r\n` or `\r`, the last one perhaps with nothing.
pub(crate) struct Lines<R> {
    reader: TextReader<R>,
    /// What was read.
    text: String,
    /// Where in it the next line begins.
    at: usize,
    /// How far it was searched for an end.
    searched: usize,
    max: DataSize,
    count: u64,
}

impl<R: Read> Lines<R> {
    /// The lines of what `reader` gives, each with at most `max` bytes of UTF-8.
    pub(crate) fn new(reader: R, charset: CharacterSet, max: DataSize) -> Self {
        let reader = TextReader::new(reader, charset);
        Self { reader, text: String::new(), at: 0, searched: 0, max, count: 0 }
    }

    /// Puts the next line into `line`, with its end; `false` where there is none.
    pub(crate) fn read(&mut self, line: &mut String) -> Result<bool, ProcessError> {
        line.clear();
        let next = self.next()?;
        line.push_str(next.unwrap_or_default());
        Ok(next.is_some())
    }

    fn next(&mut self) -> Result<Option<&str>, ProcessError> {
        let end = loop {
            if let Some(end) = self.end() {
                break end;
            }
            if (self.text.len() - self.at) as u64 > self.max.bytes() {
                return Err(self.too_long());
            }
            self.text.drain(..self.at);
            (self.at, self.searched) = (0, self.searched - self.at);
            if !self.reader.read(&mut self.text)? {
                break self.text.len();
            }
        };
        let line = self.at..end;
        if line.is_empty() {
            return Ok(None);
        }
        if line.len() as u64 > self.max.bytes() {
            return Err(self.too_long());
        }
        (self.at, self.searched) = (end, end);
        self.count += 1;
        Ok(self.text.get(line))
    }

    /// Where the line ends, if its end is there.
    fn end(&mut self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(self.searched..)?;
        let Some(found) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            self.searched = bytes.len();
            return None;
        };
        self.searched += found;
        match (bytes.get(self.searched), bytes.get(self.searched + 1)) {
            (Some(b'\n'), _) => Some(self.searched + 1),
            // What follows decides.
            (_, None) => None,
            (_, Some(b'\n')) => Some(self.searched + 2),
            _ => Some(self.searched + 1),
        }
    }

    fn too_long(&self) -> ProcessError {
        let (number, max) = (self.count + 1, self.max);
        ProcessError::user(format!(
            "line {number} is longer than \"{MAXIMUM_BUFFER_SIZE}\" allows, which is {max}"
        ))
        .with_help(format!("raise \"{MAXIMUM_BUFFER_SIZE}\", if there is memory for it"))
    }
}

/// A line without its end, and its end.
pub(crate) fn split_end(line: &str) -> (&str, &str) {
    let text = line.trim_end_matches(['\n', '\r']);
    line.split_at(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0.read(buffer.get_mut(..1).unwrap_or_default())
        }
    }

    fn lines(text: &str, max: u64) -> Result<Vec<String>, String> {
        let all = |mut lines: Lines<Box<dyn Read>>| {
            let mut all = Vec::new();
            loop {
                match lines.next() {
                    Ok(Some(line)) => all.push(line.to_owned()),
                    Ok(None) => return Ok(all),
                    Err(error) => return Err(error.chain()),
                }
            }
        };
        let new = |reader: Box<dyn Read>| Lines::new(reader, CharacterSet::Utf8, DataSize(max));
        let bytes: &'static [u8] = text.to_owned().leak().as_bytes();
        let quick = all(new(Box::new(bytes)));
        assert_eq!(quick, all(new(Box::new(Slow(bytes)))), "{text:?}");
        quick
    }

    #[test]
    fn lines_keep_their_ends() {
        assert_eq!(lines("a\nb\r\n\rc\r", 9).unwrap(), ["a\n", "b\r\n", "\r", "c\r"]);
        assert_eq!(lines("\n\né", 9).unwrap(), ["\n", "\n", "é"]);
        assert_eq!(lines("", 9).unwrap(), [""; 0]);
        let long = format!("{}\n{}", "x".repeat(70_000), "y".repeat(80_000));
        assert_eq!(lines(&long, 100_000).unwrap().len(), 2);
    }

    #[test]
    fn a_line_that_is_too_long_is_told_with_its_number() {
        assert!(lines("abc\nabcd", 4).is_ok());
        for text in ["abc\nabcd\n", "abc\nabcde"] {
            let error = lines(text, 4).unwrap_err();
            assert!(error.starts_with("line 2 is longer than"), "{error}");
        }
    }

    #[test]
    fn the_end_of_a_line_is_all_of_its_ends() {
        assert_eq!(split_end("ab\r\n"), ("ab", "\r\n"));
        assert_eq!(split_end("ab"), ("ab", ""));
    }
}
