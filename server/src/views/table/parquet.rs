//! Parquet: only the row groups that hold rows of the page are read.
//!
//! Its library takes memory by what a file says of itself, and unpacks without a bound: it must
//! never read a stranger's file in a process that holds anything dear (`apart`).

use std::sync::Arc;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use parquet::file::reader::ChunkReader;

use super::arrow_cell::cell;
use super::page::Page;
use super::{COLUMNS_MAX, Column, Format, Rows, Table, TableError};

/// Rows that are unpacked at a time.
const BATCH_ROWS: usize = 64;

/// The columns and rows.
pub(super) fn read<R: ChunkReader + 'static>(reader: R, rows: Rows) -> Result<Table, TableError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(reader).map_err(failed)?;
    let column = |field: &Arc<arrow_schema::Field>| Column {
        name: field.name().clone(),
        kind: field.data_type().to_string(),
    };
    let columns: Vec<Column> = builder.schema().fields().iter().map(column).collect();
    let counts: Result<Vec<u64>, _> =
        builder.metadata().row_groups().iter().map(|group| group.num_rows().try_into()).collect();
    let counts = counts.map_err(|_| broken("a row group has less than no rows"))?;
    let total = counts.iter().fold(0_u64, |total, count| total.saturating_add(*count));
    let mut page = Page::new(rows);
    page.skip(rows.offset.min(total));
    if rows.offset < total {
        let (groups, first) = groups(&counts, rows);
        let shown = 0..columns.len().min(COLUMNS_MAX);
        let shown = ProjectionMask::roots(builder.parquet_schema(), shown);
        let reader = builder
            .with_projection(shown)
            .with_row_groups(groups)
            .with_offset(first)
            // One more says whether there is one.
            .with_limit(rows.limit.saturating_add(1))
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(failed)?;
        for batch in reader {
            let batch = batch.map_err(|error| broken(&error.to_string()))?;
            for row in 0..batch.num_rows() {
                let cells = || Ok(batch.columns().iter().map(|of| cell(of, row)).collect());
                page.offer::<TableError>(cells)?;
            }
            if page.is_full() {
                break;
            }
        }
    }
    Ok(page.into_table(Format::Parquet, columns, Some(total)))
}

/// The row groups that hold the rows of the page and the one behind it, and which row of theirs is
/// the first of it.
fn groups(counts: &[u64], rows: Rows) -> (Vec<usize>, usize) {
    let mut groups = Vec::new();
    let (mut before, mut held) = (0_u64, 0_u64);
    for (index, count) in counts.iter().enumerate() {
        let next = before.saturating_add(*count);
        if groups.is_empty() && next <= rows.offset {
            before = next;
            continue;
        }
        groups.push(index);
        held = held.saturating_add(*count);
        if held > (rows.offset - before).saturating_add(rows.limit as u64) {
            break;
        }
    }
    (groups, usize::try_from(rows.offset - before).unwrap_or(usize::MAX))
}

fn broken(why: &str) -> TableError {
    TableError::Broken(format!("it is no Parquet that can be read: {why}"))
}

fn failed(error: ParquetError) -> TableError {
    match error {
        ParquetError::General(why) | ParquetError::EOF(why) => broken(&why),
        other => broken(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::types::Float32Type;
    use arrow_array::{ArrayRef, Int64Array, ListArray, RecordBatch, StringArray};
    use bytes::Bytes;
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
    use parquet::file::properties::WriterProperties;
    use serde_json::{Value, json};

    use super::*;

    /// Rows 0 to 9 in groups of three.
    fn written(compression: Compression) -> Bytes {
        let names = (0..10).map(|at| (at % 3 > 0).then(|| format!("n{at}")));
        let lists = (0..10).map(|at| Some(vec![Some(at as f32 / 2.0); at % 3]));
        let columns: [(&str, ArrayRef); 3] = [
            ("id", Arc::new(Int64Array::from_iter_values(0..10))),
            ("name", Arc::new(names.collect::<StringArray>())),
            ("list", Arc::new(ListArray::from_iter_primitive::<Float32Type, _, _>(lists))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let properties = WriterProperties::builder().set_compression(compression);
        let mut bytes = Vec::new();
        let properties = properties.set_max_row_group_row_count(Some(3)).build();
        let mut writer =
            ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        bytes.into()
    }

    fn table(bytes: &Bytes, offset: u64, limit: usize) -> Value {
        serde_json::to_value(read(bytes.clone(), Rows { offset, limit }).unwrap()).unwrap()
    }

    #[test]
    fn a_page_is_the_same_rows_wherever_groups_begin() {
        let bytes = written(Compression::SNAPPY);
        let all = table(&bytes, 0, 100);
        assert_eq!(all["format"], "parquet");
        assert_eq!(
            all["columns"],
            json!([
                { "name": "id", "type": "Int64" },
                { "name": "name", "type": "Utf8" },
                { "name": "list", "type": all["columns"][2]["type"] },
            ])
        );
        let whole = all["rows"].as_array().unwrap();
        assert_eq!(whole.len(), 10);
        assert_eq!(whole[5], json!([5, "n5", [2.5, 2.5]]));
        assert_eq!(whole[3], json!([3, null, []]));
        for offset in 0..12 {
            for limit in 1..12 {
                let page = table(&bytes, offset, limit);
                let from = whole.len().min(offset as usize);
                let to = whole.len().min(from + limit);
                assert_eq!(page["rows"].as_array().unwrap(), &whole[from..to], "{offset} {limit}");
                let next = (to < 10 && to > from).then_some(to);
                assert_eq!((&page["next"], &page["rowCount"]), (&json!(next), &json!(10)));
            }
        }
    }

    #[test]
    fn only_the_groups_of_a_page_are_read() {
        for (offset, limit, found) in [
            (0, 2, (vec![0], 0)),
            (0, 3, (vec![0, 1], 0)),
            (4, 1, (vec![1], 1)),
            (8, 100, (vec![2, 3], 2)),
        ] {
            assert_eq!(groups(&[3, 3, 3, 1], Rows { offset, limit }), found, "{offset} {limit}");
        }
    }

    #[test]
    fn every_usual_compression_is_read() {
        for compression in [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(GzipLevel::default()),
            Compression::BROTLI(BrotliLevel::default()),
            Compression::LZ4_RAW,
            Compression::ZSTD(ZstdLevel::default()),
        ] {
            assert_eq!(table(&written(compression), 9, 1)["rows"], json!([[9, null, []]]));
        }
    }

    #[test]
    fn what_is_cut_is_broken() {
        let bytes = written(Compression::SNAPPY);
        let rows = Rows { offset: 0, limit: 10 };
        let error = read(bytes.slice(..bytes.len() - 9), rows).unwrap_err().to_string();
        assert!(error.starts_with("it is no Parquet that can be read: "), "{error}");
    }
}
