//! Objects of JSON as rows: one a line, or the members of an array.
//!
//! The columns are the members of the first objects, and of those that are shown, in the order in
//! which they come. What is no object is the only cell of its row.

use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use serde::de::{Deserializer as _, Error as _, SeqAccess, Visitor};
use serde_json::{Deserializer, Value};

use super::bounded::{Bounded, Share, too_long, without_mark};
use super::page::Page;
use super::{COLUMNS_MAX, Column, Format, HEAD_ROWS, ROW_BYTES_MAX, Table, TableError};

/// The column of what is no object.
const VALUE: &str = "value";
/// Columns that are counted; the names of more are not kept.
const COUNTED_MAX: usize = 10 * COLUMNS_MAX;
/// Bytes of their names.
const NAMES_BYTES_MAX: usize = 4 << 20;

/// The columns that objects have.
#[derive(Debug, Default)]
struct Columns {
    places: HashMap<String, usize>,
    all: Vec<Column>,
    bytes: usize,
}

impl Columns {
    /// What a value is, as Arrow names it.
    fn kind(value: &Value) -> &'static str {
        match value {
            Value::Null => "Null",
            Value::Bool(_) => "Boolean",
            Value::Number(number) if number.is_i64() => "Int64",
            Value::Number(number) if number.is_u64() => "UInt64",
            Value::Number(_) => "Float64",
            Value::String(_) => "Utf8",
            Value::Array(_) => "List",
            Value::Object(_) => "Struct",
        }
    }

    /// What both kinds of values are; text where they have nothing in common.
    fn both(one: &str, other: &'static str) -> &'static str {
        const NUMBERS: [&str; 3] = ["Int64", "UInt64", "Float64"];
        match (one, other) {
            ("Null", other) => other,
            (one, other) if one == other => other,
            (one, "Null") => {
                let known = ["Boolean", "Int64", "UInt64", "Float64", "Utf8", "List", "Struct"];
                known.into_iter().find(|known| *known == one).unwrap_or("Utf8")
            }
            (one, other) if NUMBERS.contains(&one) && NUMBERS.contains(&other) => "Float64",
            _ => "Utf8",
        }
    }

    fn see(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    self.see_member(name, value);
                }
            }
            other => self.see_member(VALUE, other),
        }
    }

    fn see_member(&mut self, name: &str, value: &Value) {
        let kind = Self::kind(value);
        if let Some(column) = self.places.get(name).and_then(|at| self.all.get_mut(*at)) {
            column.kind = Self::both(&column.kind, kind).to_owned();
        } else if self.all.len() < COUNTED_MAX && self.bytes + name.len() <= NAMES_BYTES_MAX {
            self.bytes += name.len();
            self.places.insert(name.to_owned(), self.all.len());
            self.all.push(Column { name: name.to_owned(), kind: kind.to_owned() });
        }
    }

    /// The cells of a row, whose members were seen.
    fn row(&self, value: Value) -> Vec<Value> {
        let members = match value {
            Value::Object(members) => members,
            other => [(VALUE.to_owned(), other)].into_iter().collect(),
        };
        let mut row = vec![Value::Null; self.all.len().min(COLUMNS_MAX)];
        for (name, value) in members {
            if let Some(cell) = self.places.get(&name).and_then(|at| row.get_mut(*at)) {
                *cell = value;
            }
        }
        row
    }
}

/// Takes rows, first to see their columns, then to fill the page.
struct Taking {
    columns: Columns,
    page: Page,
    rows: usize,
}

impl Taking {
    fn new(page: Page) -> Self {
        Self { columns: Columns::default(), page, rows: 0 }
    }

    /// Whether more of the head is needed.
    fn see(&mut self, value: &Value) -> bool {
        self.columns.see(value);
        self.rows += 1;
        self.rows < HEAD_ROWS
    }

    /// Whether more rows are needed.
    fn take(&mut self, value: Value) -> Result<bool, TableError> {
        let columns = &mut self.columns;
        self.page.offer(|| {
            columns.see(&value);
            Ok(columns.row(value))
        })
    }

    fn into_table(self, format: Format) -> Table {
        self.page.into_table(format, self.columns.all, None)
    }
}

/// A value on each line; lines without any are left out.
pub(super) fn read_lines<R: BufRead + Seek>(
    mut reader: R,
    page: Page,
) -> Result<Table, TableError> {
    let mut taking = Taking::new(page);
    each_line(&mut reader, |line, number| Ok(taking.see(&parsed(line, number)?)))?;
    reader.seek(SeekFrom::Start(0)).map_err(TableError::of)?;
    each_line(&mut reader, |line, number| {
        if taking.page.to_skip() > 0 {
            taking.page.skip(1);
            return Ok(true);
        }
        taking.take(parsed(line, number)?)
    })?;
    Ok(taking.into_table(Format::JsonLines))
}

fn parsed(line: &[u8], number: u64) -> Result<Value, TableError> {
    serde_json::from_slice(line)
        .map_err(|error| TableError::Broken(format!("line {number} of it is no JSON: {error}")))
}

/// Hands over every line with something in it and its number, as long as more are wanted.
fn each_line(
    reader: &mut impl BufRead,
    mut work: impl FnMut(&[u8], u64) -> Result<bool, TableError>,
) -> Result<(), TableError> {
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let mut bounded = reader.by_ref().take(ROW_BYTES_MAX + 1);
        let read = bounded.read_until(b'\n', &mut line).map_err(TableError::of)?;
        if read == 0 {
            break;
        }
        if read as u64 > ROW_BYTES_MAX {
            return Err(TableError::of(too_long()));
        }
        let text = if number == 1 { without_mark(&line) } else { &line };
        if !text.trim_ascii().is_empty() && !work(text, number)? {
            break;
        }
    }
    Ok(())
}

/// The members of an array.
pub(super) fn read_array<R: Read + Seek>(mut reader: R, page: Page) -> Result<Table, TableError> {
    let mut taking = Taking::new(page);
    each_member(&mut reader, |value| Ok(taking.see(&value)))?;
    reader.seek(SeekFrom::Start(0)).map_err(TableError::of)?;
    each_member(&mut reader, |value| taking.take(value))?;
    Ok(taking.into_table(Format::Json))
}

/// Hands over every member of an array, as long as more are wanted.
fn each_member(
    reader: &mut impl Read,
    work: impl FnMut(Value) -> Result<bool, TableError>,
) -> Result<(), TableError> {
    let mut mark = [0; 3];
    let mut reader = BufReader::new(reader);
    let beginning = reader.fill_buf().map_err(TableError::of)?;
    if without_mark(beginning).len() < beginning.len() {
        reader.read_exact(&mut mark).map_err(TableError::of)?;
    }
    let (reader, share) = Bounded::new(reader);
    let mut members = Members { share, work, outcome: None };
    let mut deserializer = Deserializer::from_reader(reader);
    let read = deserializer.deserialize_seq(&mut members);
    match (members.outcome, read) {
        (Some(Outcome::Enough), _) => Ok(()),
        (Some(Outcome::Failed(error)), _) => Err(error),
        (None, Ok(())) => deserializer.end().map_err(broken),
        (None, Err(error)) => Err(broken(error)),
    }
}

fn broken(error: serde_json::Error) -> TableError {
    if error.is_io() {
        return TableError::of(error.into());
    }
    TableError::Broken(format!("it is no array of JSON: {error}"))
}

struct Members<W> {
    share: Share,
    work: W,
    /// Why it stopped before the end.
    outcome: Option<Outcome>,
}

enum Outcome {
    Enough,
    Failed(TableError),
}

impl<'de, W: FnMut(Value) -> Result<bool, TableError>> Visitor<'de> for &mut Members<W> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(value) = members.next_element::<Value>()? {
            self.share.renew();
            self.outcome = match (self.work)(value) {
                Ok(true) => continue,
                Ok(false) => Some(Outcome::Enough),
                Err(error) => Some(Outcome::Failed(error)),
            };
            return Err(A::Error::custom("no more is read"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{rows, table};
    use super::*;

    #[test]
    fn lines_and_arrays_are_the_same_table() {
        let lines = "{\"a\":1,\"b\":\"x\"}\n\n{\"b\":null,\"c\":[1,2],\"a\":0.5}\n7\n";
        let array = "[{\"a\":1,\"b\":\"x\"},\n{\"b\":null,\"c\":[1,2],\"a\":0.5},7]\n";
        for (text, format) in [(lines, "jsonLines"), (array, "json")] {
            let found = table(text.as_bytes(), "a", rows(0, 10)).unwrap();
            let column = |name: &str, kind: &str| json!({ "name": name, "type": kind });
            assert_eq!(found["format"], format);
            assert_eq!(
                found["columns"],
                json!([
                    column("a", "Float64"),
                    column("b", "Utf8"),
                    column("c", "List"),
                    column("value", "Int64"),
                ])
            );
            let expected =
                json!([[1, "x", null, null], [0.5, null, [1, 2], null], [null, null, null, 7]]);
            assert_eq!(found["rows"], expected);
            assert_eq!((&found["next"], &found["rowCount"]), (&Value::Null, &json!(3)));
            let part = table(text.as_bytes(), "a", rows(1, 1)).unwrap();
            assert_eq!(part["rows"], json!([[0.5, null, [1, 2], null]]));
            assert_eq!((&part["next"], &part["rowCount"]), (&json!(2), &Value::Null));
        }
    }

    #[test]
    fn what_is_broken_says_where() {
        for (text, told) in [
            ("{\"a\":1}\n{\"a\":\n", "line 2"),
            ("{\"a\":1}\n{\"a\":1} 2\n", "line 2"),
            ("[{\"a\":1},\n{\"a\":", "EOF"),
            ("[1,2] 3", "trailing"),
            ("[1,,2]", "line 1"),
            ("[", "EOF"),
        ] {
            let error = table(text.as_bytes(), "a", rows(0, 10)).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
        let deep = "[".repeat(100_000);
        assert!(table(deep.as_bytes(), "a", rows(0, 10)).is_err());
        assert_eq!(table(b"[]", "a", rows(0, 10)).unwrap()["rowCount"], 0);
        assert_eq!(table(b"\xef\xbb\xbf[1]", "a", rows(0, 10)).unwrap()["rowCount"], 1);
        assert_eq!(table(b"\xef\xbb\xbf{}", "a", rows(0, 10)).unwrap()["rowCount"], 1);
    }

    #[test]
    fn one_row_takes_no_more_than_its_share() {
        let long = format!("[1,\"{}\"]", "x".repeat(ROW_BYTES_MAX as usize + 1));
        let error = table(long.as_bytes(), "a", rows(0, 10)).unwrap_err();
        assert!(error.contains("longer than"), "{error}");
        let long = format!("{{}}\n{{\"a\":\"{}\"}}\n", "x".repeat(ROW_BYTES_MAX as usize));
        let error = table(long.as_bytes(), "a", rows(0, 10)).unwrap_err();
        assert!(error.contains("longer than"), "{error}");
        // Many rows are more than one takes, and are read.
        let many = format!("[{}1]", "123456789,".repeat(400_000));
        let found = table(many.as_bytes(), "a", rows(399_999, 10)).unwrap();
        assert_eq!(found["rows"], json!([[123_456_789], [1]]));
    }

    #[test]
    fn kinds_of_values_come_together() {
        for (text, right) in [
            ("[null]", "Null"),
            ("[null,true,null]", "Boolean"),
            ("[1,null]", "Int64"),
            ("[1,18446744073709551615]", "Float64"),
            ("[1,\"a\"]", "Utf8"),
            ("[[1],\"a\"]", "Utf8"),
            ("[[1],[]]", "List"),
        ] {
            let found = table(text.as_bytes(), "a", rows(0, 10)).unwrap();
            assert_eq!(found["columns"][0]["type"], right, "{text}");
        }
        // Of objects in an array there is one row each, and of their members a column each.
        let found = table(b"[{\"b\":{\"x\":1}}]", "a", rows(0, 10)).unwrap();
        assert_eq!(found["columns"], json!([{ "name": "b", "type": "Struct" }]));
        assert_eq!(found["rows"], json!([[{ "x": 1 }]]));
    }

    #[test]
    fn long_names_of_columns_are_cut_and_not_kept_without_end() {
        let long = "k".repeat(500_000);
        let lines: Vec<String> = (0..40).map(|n| format!("{{\"{n}{long}\":1}}")).collect();
        let lines = lines.join("\n");
        let found = table(lines.as_bytes(), "a", rows(0, 1)).unwrap();
        assert!(found.to_string().len() < 50_000, "{}", found.to_string().len());
        assert!(found["columns"].as_array().unwrap().len() < 10);
    }
}
