//! Numbers in rows and columns, stored column by column: a column is a frame.
//!
//! No arithmetic: a place for what functions take and give, never a library of linear algebra.

use std::ops::{Index, IndexMut};

use crate::error::{Error, check_length};

/// `rows` times `columns` values. As in librosa's arrays, a row is a bin, band or coefficient, and
/// a column is a frame; unlike there, the values of a frame always lie side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix<T> {
    rows: usize,
    columns: usize,
    values: Vec<T>,
}

impl<T: Copy> Matrix<T> {
    /// All values are `value`.
    pub fn filled(rows: usize, columns: usize, value: T) -> Self {
        Self { rows, columns, values: vec![value; rows * columns] }
    }

    /// Of `values` that lie column by column.
    ///
    /// # Errors
    /// There are not `rows * columns` values.
    pub fn from_columns(rows: usize, columns: usize, values: Vec<T>) -> Result<Self, Error> {
        check_length("the values of the matrix", values.len(), rows.saturating_mul(columns))?;
        Ok(Self { rows, columns, values })
    }

    /// The value at each row and column.
    pub fn from_fn(rows: usize, columns: usize, mut value: impl FnMut(usize, usize) -> T) -> Self {
        let mut values = Vec::with_capacity(rows * columns);
        for column in 0..columns {
            values.extend((0..rows).map(|row| value(row, column)));
        }
        Self { rows, columns, values }
    }

    /// How many values a column has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many frames there are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All values, column by column.
    pub fn as_slice(&self) -> &[T] {
        &self.values
    }

    /// All values, column by column.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.values
    }

    /// The values, column by column.
    pub fn into_values(self) -> Vec<T> {
        self.values
    }

    /// The values of one frame; none beyond the last.
    pub fn column(&self, column: usize) -> &[T] {
        self.values.get(column * self.rows..(column + 1) * self.rows).unwrap_or_default()
    }

    /// The values of one frame, to be changed; none beyond the last.
    pub fn column_mut(&mut self, column: usize) -> &mut [T] {
        self.values.get_mut(column * self.rows..(column + 1) * self.rows).unwrap_or_default()
    }

    /// The values of one row, frame by frame; none beyond the last row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = T> {
        let present = if row < self.rows { self.columns } else { 0 };
        (0..present).map(move |column| self.values[column * self.rows + row])
    }

    /// One frame after the other.
    pub fn iter_columns(&self) -> impl Iterator<Item = &[T]> {
        (0..self.columns).map(|column| self.column(column))
    }

    /// Of the same shape, with each value replaced.
    pub fn map<U>(&self, change: impl FnMut(T) -> U) -> Matrix<U> {
        let values = self.values.iter().copied().map(change).collect();
        Matrix { rows: self.rows, columns: self.columns, values }
    }

    /// Rows become columns.
    pub fn transposed(&self) -> Self {
        let values = (0..self.rows).flat_map(|row| self.row(row)).collect();
        Self { rows: self.columns, columns: self.rows, values }
    }
}

impl<T> Index<(usize, usize)> for Matrix<T> {
    type Output = T;

    fn index(&self, (row, column): (usize, usize)) -> &T {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        &self.values[column * self.rows + row]
    }
}

impl<T> IndexMut<(usize, usize)> for Matrix<T> {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut T {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        &mut self.values[column * self.rows + row]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_lies_side_by_side() {
        let matrix = Matrix::from_fn(2, 3, |row, column| 10 * row + column);
        assert_eq!(matrix.as_slice(), [0, 10, 1, 11, 2, 12]);
        assert_eq!(matrix.column(1), [1, 11]);
        assert_eq!(matrix.row(1).collect::<Vec<_>>(), [10, 11, 12]);
        assert_eq!(matrix[(1, 2)], 12);
        assert_eq!(matrix.transposed().as_slice(), [0, 1, 2, 10, 11, 12]);
        assert!(matrix.column(3).is_empty() && matrix.row(2).next().is_none());
    }

    #[test]
    fn a_matrix_holds_what_its_shape_says() {
        let error = Matrix::from_columns(2, 3, vec![0.0; 5]).unwrap_err();
        let expected = "the values of the matrix has a length of 5, but must have 6";
        assert_eq!(error.to_string(), expected);
    }
}
