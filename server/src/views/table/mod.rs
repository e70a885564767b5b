//! Content as a table: some rows of CSV, Arrow, JSON or Parquet, from any row on.
//!
//! All but Parquet is read from the beginning, row by row, and the rows of one page are kept. What
//! a row and a cell may take is bounded, whatever the content says.

mod apart;
mod arrow;
mod arrow_cell;
mod bounded;
mod csv;
mod json;
mod page;
mod parquet;

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub use apart::{TableProgram, read_table_apart};
use page::Page;

/// Bytes of one row of text.
const ROW_BYTES_MAX: u64 = 1 << 20;
/// Rows, from the first on, that say which columns there are and what is in them.
const HEAD_ROWS: usize = 1_000;
/// Columns that are shown.
const COLUMNS_MAX: usize = 1_000;
/// Bytes that tell what content is.
const SNIFFED_BYTES: u64 = 64 << 10;

/// Which rows are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows {
    pub(crate) offset: u64,
    pub(crate) limit: usize,
}

/// What is said of content by its flowfile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said {
    pub(crate) mime: Option<String>,
    pub(crate) filename: Option<String>,
}

/// What the content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TableFormat)]
pub(crate) enum Format {
    Csv,
    Arrow,
    Parquet,
    JsonLines,
    Json,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TableColumn)]
pub(crate) struct Column {
    /// What it is called.
    name: String,
    /// As Arrow names it.
    #[serde(rename = "type")]
    kind: String,
}

/// Some rows of a table.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TablePage)]
pub(crate) struct Table {
    /// What the content is.
    format: Format,
    /// Its columns.
    columns: Vec<Column>,
    /// Columns that are not shown, because there are too many.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[schema(required = false)]
    more_columns: usize,
    /// Values of each column; null where there is none.
    rows: Vec<Vec<Value>>,
    /// How many rows lie before them.
    offset: u64,
    /// Where the next rows begin; none at the end.
    #[schema(required)]
    next: Option<u64>,
    /// How many rows there are in all, where that is known.
    #[schema(required)]
    row_count: Option<u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks like that")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Why there is no table.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    /// The bytes could not be read, which says nothing about them.
    #[error("cannot read it")]
    Read(#[source] io::Error),
    /// The process that is to read it could not be started.
    #[error("cannot start the process that reads it")]
    Start(#[source] io::Error),
    /// It is none that is known.
    #[error("it is no table: neither CSV nor Arrow nor Parquet nor JSON objects")]
    None,
    /// It is broken.
    #[error("{0}")]
    Broken(String),
}

impl TableError {
    /// What a row or a format fails with is not what the content's bytes fail with.
    fn of(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData => Self::Broken(error.to_string()),
            io::ErrorKind::UnexpectedEof => {
                Self::Broken("it ends in the middle of its rows".to_owned())
            }
            _ => Self::Read(error),
        }
    }
}

/// The rows that are asked for.
pub(crate) fn read<R: Read + Seek>(
    mut reader: R,
    said: &Said,
    rows: Rows,
    program: &TableProgram,
) -> Result<Table, TableError> {
    let mut head = Vec::new();
    reader.by_ref().take(SNIFFED_BYTES).read_to_end(&mut head).map_err(TableError::of)?;
    let kind = sniff(&head, said).ok_or(TableError::None)?;
    reader.seek(SeekFrom::Start(0)).map_err(TableError::of)?;
    let page = Page::new(rows);
    match kind {
        Kind::Arrow { is_file } => arrow::read(BufReader::new(reader), is_file, page),
        Kind::Parquet => apart::read(program, reader, rows),
        Kind::Csv { delimiter } => csv::read(BufReader::new(reader), delimiter, page),
        Kind::Lines => json::read_lines(BufReader::new(reader), page),
        Kind::Array => json::read_array(BufReader::new(reader), page),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Arrow { is_file: bool },
    Parquet,
    Csv { delimiter: u8 },
    Lines,
    Array,
}

/// What content is that begins like that. Where it could be several things, what is said counts.
fn sniff(head: &[u8], said: &Said) -> Option<Kind> {
    if head.starts_with(b"ARROW1") {
        return Some(Kind::Arrow { is_file: true });
    }
    if head.starts_with(b"PAR1") {
        return Some(Kind::Parquet);
    }
    if head.starts_with(&[0xff; 4]) {
        return Some(Kind::Arrow { is_file: false });
    }
    let mime = said.mime.as_deref().unwrap_or_default();
    let essence = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let name = said.filename.as_deref().unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let said = match (essence.as_str(), ending.as_str()) {
        ("text/tab-separated-values", _) | (_, "tsv") => Some(b'\t'),
        ("text/csv", _) | (_, "csv") => Some(b','),
        _ => None,
    };
    let text = bounded::without_mark(head);
    if let Some(usual) = said {
        return Some(Kind::Csv { delimiter: csv::delimiter(text).unwrap_or(usual) });
    }
    match text.iter().find(|byte| !byte.is_ascii_whitespace())? {
        b'{' => Some(Kind::Lines),
        b'[' => Some(Kind::Array),
        _ if text.contains(&0) => None,
        _ => csv::delimiter(text).map(|delimiter| Kind::Csv { delimiter }),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// What is asked for in no test of this module's.
    fn no_program() -> TableProgram {
        TableProgram { path: "/nowhere".into(), argument: "", environment: &[] }
    }

    pub(super) fn rows(offset: u64, limit: usize) -> Rows {
        Rows { offset, limit }
    }

    /// The table as its client reads it, or why there is none.
    pub(super) fn table(bytes: &[u8], name: &str, asked: Rows) -> Result<Value, String> {
        let said = Said { mime: None, filename: Some(name.to_owned()) };
        read(Cursor::new(bytes), &said, asked, &no_program())
            .map(|table| serde_json::to_value(table).unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn content_says_what_it_is() {
        let said = |mime: &str, filename: &str| Said {
            mime: Some(mime.to_owned()),
            filename: Some(filename.to_owned()),
        };
        let nothing = Said::default();
        assert_eq!(sniff(b"ARROW1\0\0", &nothing), Some(Kind::Arrow { is_file: true }));
        assert_eq!(sniff(b"\xff\xff\xff\xff", &nothing), Some(Kind::Arrow { is_file: false }));
        assert_eq!(sniff(b"PAR1\x15", &said("text/csv", "")), Some(Kind::Parquet));
        assert_eq!(sniff(b" \n[{}]", &nothing), Some(Kind::Array));
        assert_eq!(sniff(b"\xef\xbb\xbf{}", &nothing), Some(Kind::Lines));
        assert_eq!(sniff(b"a,b\n1,2\n", &nothing), Some(Kind::Csv { delimiter: b',' }));
        assert_eq!(sniff(b"[a],b", &said("", "x.CSV")), Some(Kind::Csv { delimiter: b',' }));
        let tabs = said("text/tab-separated-values; x", "");
        assert_eq!(sniff(b"{a}\tb", &tabs), Some(Kind::Csv { delimiter: b'\t' }));
        for no in [&b""[..], b"  \n", b"RIFF\0\0\0\0WAVE", b"a text of one line, and no more\nb"] {
            assert_eq!(sniff(no, &nothing), None, "{no:?}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert!(table(b"", "a", rows(0, 10)).unwrap_err().contains("no table"));
        assert!(table(b"\0\x01\x02", "a", rows(0, 10)).unwrap_err().contains("no table"));
    }
}
