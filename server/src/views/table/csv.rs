//! CSV, with the delimiter that it is written with.
//!
//! The first line names the columns where it is not itself a row of numbers.

use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};

use csv::{ByteRecord, ReaderBuilder};
use serde_json::Value;

use super::bounded::{Bounded, Share};
use super::page::{Page, decimal, whole};
use super::{COLUMNS_MAX, Column, Format, HEAD_ROWS, Table, TableError};

/// What may stand between two cells; the first of equals counts.
const DELIMITERS: [u8; 4] = *b",;\t|";
/// Lines that tell which of them does.
const SNIFFED_ROWS: usize = 50;

/// What the cells of a column are, the narrowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cells {
    Nothing,
    Boolean,
    Whole,
    Decimal,
    Text,
}

impl Cells {
    fn of(cell: &str) -> Self {
        match cell {
            "" => Self::Nothing,
            "true" | "false" => Self::Boolean,
            _ if cell.parse::<i64>().is_ok() => Self::Whole,
            _ if is_decimal(cell) => Self::Decimal,
            _ => Self::Text,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, one) | (one, Self::Nothing) => one,
            (one, same) if one == same => one,
            (Self::Whole | Self::Decimal, Self::Whole | Self::Decimal) => Self::Decimal,
            _ => Self::Text,
        }
    }

    /// As Arrow names it.
    fn name(self) -> &'static str {
        match self {
            Self::Boolean => "Boolean",
            Self::Whole => "Int64",
            Self::Decimal => "Float64",
            Self::Nothing | Self::Text => "Utf8",
        }
    }

    /// The value of a cell; text where it is none of these.
    fn value(self, cell: &str) -> Value {
        match self {
            Self::Boolean | Self::Whole | Self::Decimal if cell.is_empty() => Value::Null,
            Self::Boolean => cell.parse::<bool>().map_or_else(|_| cell.into(), Value::Bool),
            Self::Whole => cell.parse::<i64>().map_or_else(|_| cell.into(), whole),
            Self::Decimal if is_decimal(cell) => {
                cell.parse::<f64>().map_or_else(|_| cell.into(), decimal)
            }
            _ => cell.into(),
        }
    }
}

/// Whether it is a number; names such as `inf` and `nan`, which Rust reads too, are with others.
fn is_decimal(cell: &str) -> bool {
    cell.parse::<f64>().is_ok() && cell.contains(|letter: char| letter.is_ascii_digit())
}

/// What stands between cells, if the beginning of a text has such cells.
pub(super) fn delimiter(text: &[u8]) -> Option<u8> {
    // The last line may be cut.
    let end = text.iter().rposition(|byte| *byte == b'\n').unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    let score = |delimiter: u8| {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(delimiter).has_headers(false).flexible(true);
        let mut reader = builder.from_reader(text);
        let counts: Vec<usize> = reader
            .byte_records()
            .map_while(Result::ok)
            .take(SNIFFED_ROWS)
            .map(|record| record.len())
            .collect();
        let first = *counts.first()?;
        // Most rows have as many cells as the first.
        let same = counts.iter().filter(|count| **count == first).count();
        let is_right = first > 1 && counts.len() > 1 && 10 * same >= 9 * counts.len();
        is_right.then_some(first)
    };
    let scored = DELIMITERS.iter().rev().filter_map(|one| Some((score(*one)?, *one)));
    scored.max_by_key(|(count, _)| *count).map(|(_, one)| one)
}

/// The columns and rows.
pub(super) fn read<R: Read + Seek>(
    mut reader: R,
    delimiter: u8,
    mut page: Page,
) -> Result<Table, TableError> {
    let (mut cells, mut header): (Vec<Cells>, Option<Vec<String>>) = (Vec::new(), None);
    let mut records = Records::new(&mut reader, delimiter);
    let mut rows = 0;
    while rows < HEAD_ROWS && records.next()? {
        let row = records.cells();
        if rows == 0 && header.is_none() && is_header(&row) {
            header = Some(row);
            continue;
        }
        rows += 1;
        if cells.len() < row.len() {
            cells.resize(row.len(), Cells::Nothing);
        }
        for (cells, cell) in cells.iter_mut().zip(&row) {
            *cells = cells.and(Cells::of(cell));
        }
    }
    reader.seek(SeekFrom::Start(0)).map_err(TableError::of)?;
    let mut records = Records::new(&mut reader, delimiter);
    let mut is_header = header.is_some();
    while records.next()? {
        if std::mem::take(&mut is_header) {
            continue;
        }
        let of = |(index, cell): (usize, &String)| {
            cells.get(index).copied().unwrap_or(Cells::Text).value(cell)
        };
        let row = || {
            let row = records.cells();
            Ok::<_, TableError>(row.iter().enumerate().take(COLUMNS_MAX).map(of).collect())
        };
        if !page.offer(row)? {
            break;
        }
    }
    let names = header.unwrap_or_default();
    let width = names.len().max(cells.len()).max(page.width());
    let column = |index: usize| Column {
        name: names.get(index).cloned().unwrap_or_else(|| format!("column{}", index + 1)),
        kind: cells.get(index).copied().unwrap_or(Cells::Text).name().to_owned(),
    };
    Ok(page.into_table(Format::Csv, (0..width).map(column).collect(), None))
}

/// Whether a first line names columns: each name is there once, and none is a number.
fn is_header(row: &[String]) -> bool {
    let names: BTreeSet<&str> = row.iter().map(String::as_str).collect();
    let is_name = |cell: &&String| Cells::of(cell) == Cells::Text;
    names.len() == row.len() && row.iter().filter(is_name).count() == row.len()
}

/// Records, one after the other, each bounded.
struct Records<'r, R> {
    reader: csv::Reader<Bounded<&'r mut R>>,
    share: Share,
    record: ByteRecord,
}

impl<'r, R: Read> Records<'r, R> {
    fn new(reader: &'r mut R, delimiter: u8) -> Self {
        let (reader, share) = Bounded::new(reader);
        let mut builder = ReaderBuilder::new();
        builder.delimiter(delimiter).has_headers(false).flexible(true);
        let reader = builder.from_reader(reader);
        Self { reader, share, record: ByteRecord::new() }
    }

    fn next(&mut self) -> Result<bool, TableError> {
        let read = self.reader.read_byte_record(&mut self.record);
        self.share.renew();
        read.map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => TableError::of(error),
            _ => TableError::Broken("it is no CSV".to_owned()),
        })
    }

    /// As text; what is no UTF-8 is marked as such.
    fn cells(&self) -> Vec<String> {
        let text = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
        self.record.iter().map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::ROW_BYTES_MAX;
    use super::super::tests::{rows, table};
    use super::*;

    fn csv(text: &str) -> Value {
        table(text.as_bytes(), "a.csv", rows(0, 100)).unwrap()
    }

    #[test]
    fn columns_have_names_types_and_values() {
        let found = csv("title,n,x,ok,note\n\"a, \"\"b\"\"\",1,0.5,true,\nc,2,1,false,é\nd,,,,\n");
        let column = |name: &str, kind: &str| json!({ "name": name, "type": kind });
        assert_eq!(
            found["columns"],
            json!([
                column("title", "Utf8"),
                column("n", "Int64"),
                column("x", "Float64"),
                column("ok", "Boolean"),
                column("note", "Utf8"),
            ])
        );
        assert_eq!(
            found["rows"],
            json!([
                ["a, \"b\"", 1, 0.5, true, ""],
                ["c", 2, 1.0, false, "é"],
                ["d", null, null, null, ""],
            ])
        );
        assert_eq!((&found["format"], &found["next"]), (&json!("csv"), &Value::Null));
        assert_eq!(found["rowCount"], 3);
    }

    #[test]
    fn delimiters_are_found_and_quotes_hide_them() {
        for (text, right) in [
            ("a;b\n\"1;x\";2,5\n", Some(b';')),
            ("a\tb,c\n1\t2\n", Some(b'\t')),
            ("a|b|c\n1|2|3\n", Some(b'|')),
            ("a,b;c\n1,2;3\n", Some(b',')),
            ("one line, no more", None),
            ("some\ntext\n", None),
        ] {
            assert_eq!(delimiter(text.as_bytes()), right, "{text}");
        }
    }

    #[test]
    fn without_names_columns_are_counted_and_rows_of_any_length_are_shown() {
        let found = csv("1,2\n3\n4,5,6\n");
        assert_eq!(found["columns"][2], json!({ "name": "column3", "type": "Int64" }));
        assert_eq!(found["rows"], json!([[1, 2, null], [3, null, null], [4, 5, 6]]));
        assert_eq!(csv("a,a\n1,2\n")["columns"][0]["name"], "column1", "a name is there twice");
        let names = csv("a,b\n");
        assert_eq!(
            (names["columns"][1]["name"].as_str(), &names["rowCount"]),
            (Some("b"), &0.into())
        );
        assert_eq!(csv("")["rowCount"], 0);
    }

    #[test]
    fn what_comes_late_does_not_change_what_a_column_is() {
        let mut text = "n\n".to_owned() + &"1\n".repeat(HEAD_ROWS);
        text += "x\n99999999999999999999\n9007199254740993\n";
        let found = table(text.as_bytes(), "a.csv", rows(HEAD_ROWS as u64, 10)).unwrap();
        assert_eq!(found["columns"][0]["type"], "Int64");
        assert_eq!(found["rows"], json!([["x"], ["99999999999999999999"], ["9007199254740993"]]));
    }

    #[test]
    fn pages_follow_each_other() {
        let text = (0..250).map(|n| format!("{n},x{n}")).collect::<Vec<_>>().join("\n");
        let mut at = 0;
        let mut seen = Vec::new();
        loop {
            let found = table(text.as_bytes(), "a.csv", rows(at, 100)).unwrap();
            let rows = found["rows"].as_array().unwrap().clone();
            seen.extend(rows.iter().map(|row| row[0].as_i64().unwrap()));
            let Some(next) = found["next"].as_u64() else {
                assert_eq!(found["rowCount"], 250);
                break;
            };
            at = next;
        }
        assert_eq!(seen, (0..250).collect::<Vec<i64>>());
    }

    #[test]
    fn a_quote_that_never_ends_takes_no_more_than_a_row() {
        let mut text = b"a,b\n1,\"".to_vec();
        text.resize(3 * ROW_BYTES_MAX as usize, b'x');
        let error = table(&text, "a.csv", rows(0, 10)).unwrap_err();
        assert!(error.contains("longer than"), "{error}");
        // Bytes that are no text are marked.
        let found = table(b"a,b\n\xff\xfe,\x00\n", "a.csv", rows(0, 10)).unwrap();
        assert_eq!(found["rows"], json!([["\u{fffd}\u{fffd}", "\0"]]));
    }

    #[test]
    fn more_columns_than_are_shown_are_counted() {
        let row = vec!["1"; COLUMNS_MAX + 7].join(",");
        let found = csv(&format!("{row}\n{row}\n"));
        assert_eq!(found["columns"].as_array().unwrap().len(), COLUMNS_MAX);
        assert_eq!(found["moreColumns"], 7);
        assert_eq!(found["rows"][0].as_array().unwrap().len(), COLUMNS_MAX);
    }
}
