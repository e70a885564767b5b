//! The rows of a page, as they come by.

use serde_json::{Number, Value};

use super::{COLUMNS_MAX, Column, Format, Rows, Table};

/// Bytes of the rows of a page, about; there is one row at least.
const PAGE_BYTES_MAX: usize = 4 << 20;
/// Characters of a text in a cell, bytes of all else in it; what is longer is cut.
pub(super) const CELL_MAX: usize = 4_096;
/// Characters of the name of a column.
const NAME_MAX: usize = 200;
/// The greatest whole number that a browser reads as it is.
const EXACT_MAX: u64 = 1 << 53;

/// Takes what rows are asked for, and counts all.
#[derive(Debug)]
pub(super) struct Page {
    asked: Rows,
    rows: Vec<Vec<Value>>,
    bytes: usize,
    /// Rows that came by.
    seen: u64,
    is_full: bool,
}

impl Page {
    pub(super) fn new(asked: Rows) -> Self {
        Self { asked, rows: Vec::new(), bytes: 0, seen: 0, is_full: false }
    }

    /// Rows before the first that is asked for, and of those how many did not come by yet.
    pub(super) fn to_skip(&self) -> u64 {
        self.asked.offset.saturating_sub(self.seen)
    }

    /// So many rows came by that are not asked for.
    pub(super) fn skip(&mut self, rows: u64) {
        self.seen = self.seen.saturating_add(rows);
    }

    /// Whether nothing more is taken.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Cells of the longest row so far.
    pub(super) fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or_default()
    }

    /// One more row comes by, which is made if it is asked for. Whether any more is.
    pub(super) fn offer<E>(
        &mut self,
        row: impl FnOnce() -> Result<Vec<Value>, E>,
    ) -> Result<bool, E> {
        if self.is_full || self.rows.len() >= self.asked.limit {
            self.is_full = true;
            return Ok(false);
        }
        if self.to_skip() > 0 {
            self.seen += 1;
            return Ok(true);
        }
        let mut row = row()?;
        row.iter_mut().for_each(shorten);
        let bytes = row.iter().map(size).sum::<usize>();
        if !self.rows.is_empty() && self.bytes + bytes > PAGE_BYTES_MAX {
            self.is_full = true;
            return Ok(false);
        }
        self.bytes += bytes;
        self.seen += 1;
        self.rows.push(row);
        Ok(true)
    }

    /// The table; `row_count` where it is known, although not all rows came by.
    pub(super) fn into_table(
        self,
        format: Format,
        mut columns: Vec<Column>,
        row_count: Option<u64>,
    ) -> Table {
        let more_columns = columns.len().saturating_sub(COLUMNS_MAX);
        columns.truncate(COLUMNS_MAX);
        for column in &mut columns {
            cut(&mut column.name, NAME_MAX);
        }
        let mut rows = self.rows;
        for row in &mut rows {
            row.resize(columns.len(), Value::Null);
        }
        let row_count = if self.is_full { row_count } else { Some(self.seen) };
        let next = self.is_full.then_some(self.asked.offset + rows.len() as u64);
        Table { format, columns, more_columns, rows, offset: self.asked.offset, next, row_count }
    }
}

/// A whole number, as text where a browser would round it.
pub(super) fn whole(number: impl Into<i128>) -> Value {
    let number = number.into();
    match i64::try_from(number) {
        Ok(exact) if number.unsigned_abs() <= u128::from(EXACT_MAX) => exact.into(),
        _ => number.to_string().into(),
    }
}

/// A number, as text where JSON has none for it.
pub(super) fn decimal(number: f64) -> Value {
    Number::from_f64(number).map_or_else(|| number.to_string().into(), Value::Number)
}

/// Cuts what is too long for a cell.
fn shorten(value: &mut Value) {
    match value {
        Value::String(text) => cut(text, CELL_MAX),
        Value::Array(_) | Value::Object(_) if size(value) > CELL_MAX => {
            let mut text = value.to_string();
            cut(&mut text, CELL_MAX);
            *value = Value::String(text);
        }
        Value::Number(number) => {
            let exact = number.as_i128().map(whole);
            if let Some(text @ Value::String(_)) = exact {
                *value = text;
            }
        }
        _ => {}
    }
}

fn cut(text: &mut String, characters: usize) {
    if let Some((at, _)) = text.char_indices().nth(characters) {
        text.truncate(at);
        text.push('…');
    }
}

/// Bytes of JSON, about.
fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(_) => 12,
        Value::String(text) => text.len() + 3,
        Value::Array(values) => values.iter().map(size).sum::<usize>() + 3,
        Value::Object(members) => {
            members.iter().map(|(name, value)| name.len() + 4 + size(value)).sum::<usize>() + 3
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn page(offset: u64, limit: usize, rows: usize, cell: &Value) -> Table {
        let mut page = Page::new(Rows { offset, limit });
        for _ in 0..rows {
            let offered: Result<bool, Infallible> = page.offer(|| Ok(vec![cell.clone()]));
            if offered == Ok(false) {
                break;
            }
        }
        let column = Column { name: "a".to_owned(), kind: "Utf8".to_owned() };
        page.into_table(Format::Csv, vec![column], None)
    }

    #[test]
    fn a_page_has_the_rows_that_are_asked_for_and_says_where_the_next_begins() {
        for (offset, limit, rows, taken, next, count) in [
            (0, 10, 3, 3, None, Some(3)),
            (0, 3, 3, 3, None, Some(3)),
            (0, 2, 3, 2, Some(2), None),
            (2, 2, 3, 1, None, Some(3)),
            (9, 2, 3, 0, None, Some(3)),
            (u64::MAX, 2, 3, 0, None, Some(3)),
        ] {
            let table = page(offset, limit, rows, &Value::from("x"));
            let found = (table.rows.len(), table.next, table.row_count);
            assert_eq!(found, (taken, next, count), "{offset} {limit} {rows}");
        }
    }

    #[test]
    fn bytes_of_a_page_and_of_a_cell_are_bounded() {
        let long = Value::from("é".repeat(2 * CELL_MAX));
        let table = page(0, 1_000, 1_001, &long);
        assert!(table.rows.len() > 100 && table.rows.len() < 600, "{}", table.rows.len());
        assert_eq!(table.next, Some(table.rows.len() as u64));
        assert_eq!(table.rows[0][0].as_str().unwrap().chars().count(), CELL_MAX + 1);
        let nested = Value::from(vec![1; CELL_MAX]);
        assert!(page(0, 1, 1, &nested).rows[0][0].is_string());
    }

    #[test]
    fn numbers_that_a_browser_would_change_are_text() {
        assert_eq!(whole(1_i64 << 53), Value::from(1_i64 << 53));
        assert_eq!(whole((1_i64 << 53) + 1), Value::from("9007199254740993"));
        assert_eq!(whole(u64::MAX), Value::from("18446744073709551615"));
        assert_eq!(whole(i64::MIN), Value::from("-9223372036854775808"));
        assert_eq!(decimal(0.5), Value::from(0.5));
        assert_eq!(decimal(f64::NAN), Value::from("NaN"));
        let table = page(0, 1, 1, &Value::from(u64::MAX));
        assert_eq!(table.rows[0][0], "18446744073709551615");
    }
}
