//! A table whose columns line up.

use super::styled::{Style, Styled};

/// Rows of cells, the first the head.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<Styled>>,
    row: Vec<Styled>,
}

impl Table {
    pub(super) fn cell(&mut self, cell: Styled) {
        self.row.push(cell);
    }

    pub(super) fn end_row(&mut self) {
        self.rows.push(std::mem::take(&mut self.row));
    }

    /// Each row as a line.
    pub(super) fn rows(&self) -> Vec<Styled> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| Some(row.get(column)?.len())).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let line = |row: &Vec<Styled>| {
            let mut line = Styled::default();
            for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
                line.append(cell);
                if index + 1 < row.len() {
                    line.push(&" ".repeat(width + 2 - cell.len()), Style::Plain);
                }
            }
            line.trim_end();
            line
        };
        self.rows.iter().map(line).collect()
    }
}
