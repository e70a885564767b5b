//! Arrow's IPC format, as a file and as a stream: batch by batch, of which those before the page
//! are passed over.
//!
//! A file is a stream with a table of contents behind it, which is not needed: who reads in order
//! need not believe it.

use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::convert::fb_to_schema;
use arrow_ipc::reader::{read_dictionary, read_footer_length, read_record_batch};
use arrow_ipc::{Message, MessageHeader, root_as_message};
use arrow_schema::{ArrowError, Schema, SchemaRef};

use super::arrow_cell::cell;
use super::page::Page;
use super::{COLUMNS_MAX, Column, Format, Table, TableError};

/// What a file begins with, filled up with zeros to a multiple of 8 bytes, or of more: some writers
/// align all to 64.
const BEGINNING_BYTES: u64 = 8;
const BEGINNING_BYTES_MAX: u64 = 64;
/// What a file ends with: the length of its table of contents, and its name.
const END_BYTES: u64 = 10;
/// What a message begins with, since Arrow 0.15.
const CONTINUES: [u8; 4] = [0xff; 4];
/// Bytes of what is said of a batch.
const SAID_BYTES_MAX: u64 = 16 << 20;
/// Bytes of a batch.
const BATCH_BYTES_MAX: u64 = 64 << 20;

/// The columns and rows.
pub(super) fn read<R: Read + Seek>(
    mut reader: R,
    is_file: bool,
    mut page: Page,
) -> Result<Table, TableError> {
    let end = end(&mut reader, is_file).map_err(TableError::of)?;
    let begin = if is_file { begin(&mut reader).map_err(TableError::of)? } else { 0 };
    reader.seek(SeekFrom::Start(begin)).map_err(TableError::of)?;
    // It takes some numbers of a file for what they cannot be, and panics where they are not.
    let work = || {
        let mut batches = Batches { reader, end, schema: None, dictionaries: HashMap::new() };
        let rows = batches.read(&mut page)?;
        Ok((rows, batches.schema))
    };
    let worked = catch_unwind(AssertUnwindSafe(work));
    let gave_up = || Err(broken("the decoder gave up on what it found there"));
    let (rows, schema) = worked.unwrap_or_else(|_| gave_up())?;
    let schema = schema.ok_or_else(|| broken("it says nothing of its columns"))?;
    let column = |field: &Arc<arrow_schema::Field>| Column {
        name: field.name().clone(),
        kind: field.data_type().to_string(),
    };
    let columns = schema.fields().iter().map(column).collect();
    Ok(page.into_table(Format::Arrow, columns, Some(rows)))
}

fn broken(why: &str) -> TableError {
    TableError::Broken(format!("it is no Arrow data that can be read: {why}"))
}

fn failed(error: ArrowError) -> TableError {
    match error {
        ArrowError::IoError(_, error) => TableError::of(error),
        other => broken(&other.to_string()),
    }
}

/// Where the messages of a file begin.
fn begin(reader: &mut (impl Read + Seek)) -> io::Result<u64> {
    reader.seek(SeekFrom::Start(BEGINNING_BYTES))?;
    let mut beginning = Vec::new();
    let filled = BEGINNING_BYTES_MAX - BEGINNING_BYTES;
    reader.take(filled).read_to_end(&mut beginning)?;
    let zeros = beginning.chunks(8).take_while(|eight| **eight == [0; 8]).count();
    Ok(BEGINNING_BYTES + 8 * zeros as u64)
}

/// Where the batches end: before the table of contents, if there is one.
fn end(reader: &mut (impl Read + Seek), is_file: bool) -> io::Result<u64> {
    let length = reader.seek(SeekFrom::End(0))?;
    if !is_file || length < BEGINNING_BYTES + END_BYTES {
        return Ok(length);
    }
    reader.seek(SeekFrom::Start(length - END_BYTES))?;
    let mut last = [0; END_BYTES as usize];
    reader.read_exact(&mut last)?;
    let contents = read_footer_length(last).ok().map(|contents| contents as u64 + END_BYTES);
    // One that was cut off has none.
    Ok(contents.and_then(|contents| length.checked_sub(contents)).unwrap_or(length))
}

struct Batches<R> {
    reader: R,
    end: u64,
    schema: Option<SchemaRef>,
    dictionaries: HashMap<i64, ArrayRef>,
}

impl<R: Read + Seek> Batches<R> {
    /// Fills the page, and tells how many rows there are in all.
    fn read(&mut self, page: &mut Page) -> Result<u64, TableError> {
        let mut rows = 0_u64;
        while let Some(said) = self.said()? {
            let message = root_as_message(&said).map_err(|error| broken(&error.to_string()))?;
            let bytes = u64::try_from(message.bodyLength());
            let bytes = bytes.map_err(|_| broken("a batch has less than no bytes"))?;
            match message.header_type() {
                MessageHeader::Schema => self.take_schema(&message)?,
                MessageHeader::DictionaryBatch => self.take_dictionary(&message, bytes)?,
                MessageHeader::RecordBatch => {
                    let batch = message.header_as_record_batch();
                    let batch = batch.ok_or_else(|| broken("a batch says nothing of itself"))?;
                    let count = u64::try_from(batch.length());
                    let count = count.map_err(|_| broken("a batch has less than no rows"))?;
                    rows = rows.saturating_add(count);
                    if page.is_full() || page.to_skip() >= count {
                        if !page.is_full() {
                            page.skip(count);
                        }
                        self.pass_over(bytes)?;
                        continue;
                    }
                    let batch = self.batch(&message, bytes)?;
                    let first = page.to_skip();
                    page.skip(first);
                    for row in first as usize..batch.num_rows() {
                        let cells = || Ok(batch.columns().iter().map(|of| cell(of, row)).collect());
                        if !page.offer::<TableError>(cells)? {
                            break;
                        }
                    }
                }
                _ => self.pass_over(bytes)?,
            }
        }
        Ok(rows)
    }

    /// What is said of the next batch; nothing at the end.
    fn said(&mut self) -> Result<Option<Vec<u8>>, TableError> {
        let at = self.reader.stream_position().map_err(TableError::of)?;
        if at >= self.end {
            return Ok(None);
        }
        let mut number = [0; 4];
        self.reader.read_exact(&mut number).map_err(TableError::of)?;
        if number == CONTINUES {
            self.reader.read_exact(&mut number).map_err(TableError::of)?;
        }
        match u64::from(u32::from_le_bytes(number)) {
            0 => Ok(None),
            bytes if bytes > SAID_BYTES_MAX => {
                Err(broken(&format!("{bytes} bytes are said of a batch")))
            }
            bytes => self.bytes(bytes).map(Some),
        }
    }

    /// The next bytes, of which there are no more than the content has.
    fn bytes(&mut self, count: u64) -> Result<Vec<u8>, TableError> {
        let mut bytes = Vec::new();
        let read = self.reader.by_ref().take(count).read_to_end(&mut bytes);
        if read.map_err(TableError::of)? as u64 == count {
            return Ok(bytes);
        }
        Err(TableError::of(io::ErrorKind::UnexpectedEof.into()))
    }

    fn body(&mut self, count: u64) -> Result<Buffer, TableError> {
        if count > BATCH_BYTES_MAX {
            let why = format!("a batch has {count} bytes, more than {BATCH_BYTES_MAX}");
            return Err(broken(&why));
        }
        Ok(Buffer::from(self.bytes(count)?))
    }

    fn pass_over(&mut self, count: u64) -> Result<(), TableError> {
        let at = self.reader.stream_position().map_err(TableError::of)?;
        match at.checked_add(count).filter(|next| *next <= self.end) {
            Some(next) => self.reader.seek(SeekFrom::Start(next)).map_err(TableError::of).map(drop),
            None => Err(TableError::of(io::ErrorKind::UnexpectedEof.into())),
        }
    }

    fn schema(&self) -> Result<SchemaRef, TableError> {
        self.schema.clone().ok_or_else(|| broken("a batch comes before its columns"))
    }

    fn take_schema(&mut self, message: &Message<'_>) -> Result<(), TableError> {
        let schema = message.header_as_schema();
        let schema: Schema =
            fb_to_schema(schema.ok_or_else(|| broken("it says nothing of its columns"))?);
        self.schema = Some(Arc::new(schema));
        Ok(())
    }

    fn take_dictionary(&mut self, message: &Message<'_>, bytes: u64) -> Result<(), TableError> {
        let (schema, body) = (self.schema()?, self.body(bytes)?);
        let batch = message.header_as_dictionary_batch();
        let batch = batch.ok_or_else(|| broken("a dictionary says nothing of itself"))?;
        let (known, version) = (&mut self.dictionaries, message.version());
        read_dictionary(&body, batch, &schema, known, &version).map_err(failed)
    }

    fn batch(&mut self, message: &Message<'_>, bytes: u64) -> Result<RecordBatch, TableError> {
        let (schema, body) = (self.schema()?, self.body(bytes)?);
        let batch = message.header_as_record_batch();
        let batch = batch.ok_or_else(|| broken("a batch says nothing of itself"))?;
        let shown: Vec<usize> = (0..schema.fields().len().min(COLUMNS_MAX)).collect();
        let (known, version) = (&self.dictionaries, message.version());
        read_record_batch(&body, batch, schema, known, Some(&shown), &version).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{
        DictionaryArray, Float32Array, Int32Array, Int64Array, NullArray, StringArray,
    };
    use arrow_ipc::writer::{FileWriter, StreamWriter};
    use arrow_schema::{DataType, Field};
    use serde_json::{Value, json};

    use super::super::tests::{rows, table};
    use super::*;

    fn schema() -> SchemaRef {
        let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        Arc::new(Schema::new(vec![
            Field::new("n", DataType::Int64, true),
            Field::new("x", DataType::Float32, false),
            Field::new("key", text, true),
        ]))
    }

    fn batch(from: i64, count: i64) -> RecordBatch {
        let n = (from..from + count).map(|n| (n % 2 == 0).then_some(n));
        let x = (0..count).map(|_| 0.5);
        let key = Int32Array::from_iter_values((0..count as i32).map(|n| n % 2));
        let key = DictionaryArray::new(key, Arc::new(StringArray::from(vec!["A", "E"])));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(n.collect::<Int64Array>()),
            Arc::new(Float32Array::from_iter_values(x)),
            Arc::new(key),
        ];
        RecordBatch::try_new(schema(), columns).unwrap()
    }

    fn written(is_file: bool) -> Vec<u8> {
        let mut bytes = Vec::new();
        let batches = [batch(0, 5), batch(5, 0), batch(5, 5), batch(10, 3)];
        if is_file {
            let mut writer = FileWriter::try_new(&mut bytes, &schema()).unwrap();
            for batch in &batches {
                writer.write(batch).unwrap();
            }
            writer.finish().unwrap();
        } else {
            let mut writer = StreamWriter::try_new(&mut bytes, &schema()).unwrap();
            for batch in &batches {
                writer.write(batch).unwrap();
            }
            writer.finish().unwrap();
        }
        bytes
    }

    #[test]
    fn files_and_streams_have_their_columns_and_rows() {
        for is_file in [true, false] {
            let bytes = written(is_file);
            let found = table(&bytes, "a", rows(0, 100)).unwrap();
            assert_eq!(
                found["columns"],
                json!([
                    { "name": "n", "type": "Int64" },
                    { "name": "x", "type": "Float32" },
                    { "name": "key", "type": "Dictionary(Int32, Utf8)" },
                ])
            );
            assert_eq!((found["format"].as_str(), &found["next"]), (Some("arrow"), &Value::Null));
            assert_eq!(found["rows"].as_array().unwrap().len(), 13);
            assert_eq!(found["rows"][1], json!([null, 0.5, "E"]));
            for (offset, limit, first, next) in
                [(4, 3, Some(4), Some(7)), (5, 5, None, Some(10)), (12, 9, Some(12), None)]
            {
                let found = table(&bytes, "a", rows(offset, limit)).unwrap();
                assert_eq!(found["rows"][0][0].as_u64(), first, "{offset}");
                assert_eq!((found["next"].as_u64(), &found["rowCount"]), (next, &json!(13)));
            }
            let beyond = table(&bytes, "a", rows(13, 1)).unwrap();
            assert_eq!((&beyond["rows"], &beyond["rowCount"]), (&json!([]), &json!(13)));
        }
    }

    #[test]
    fn a_stream_without_rows_has_columns_and_one_without_bytes_has_rows() {
        let mut bytes = Vec::new();
        let schema = Schema::new(vec![Field::new("nothing", DataType::Null, true)]);
        let mut writer = StreamWriter::try_new(&mut bytes, &schema).unwrap();
        let empty = writer.get_ref().as_slice().to_owned();
        let nulls: ArrayRef = Arc::new(NullArray::new(3));
        let batch = RecordBatch::try_new(Arc::new(schema), vec![nulls]).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        let found = table(&bytes, "a", rows(0, 10)).unwrap();
        assert_eq!(found["rows"], json!([[null], [null], [null]]));
        assert_eq!(table(&empty, "a", rows(0, 10)).unwrap()["rowCount"], 0);
    }

    #[test]
    fn what_is_cut_or_changed_never_panics() {
        for is_file in [true, false] {
            let whole = written(is_file);
            for length in 0..whole.len() {
                let _ = table(&whole[..length], "a", rows(0, 100));
            }
            let mut state = 7_u32;
            for _ in 0..4_000 {
                let mut bytes = whole.clone();
                for _ in 0..3 {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let at = state as usize / 7 % bytes.len();
                    bytes[at] = (state >> 16) as u8;
                }
                if let Ok(found) = table(&bytes, "a", rows(0, 100)) {
                    assert!(found["rows"].as_array().unwrap().len() <= 100);
                }
            }
        }
    }

    #[test]
    fn sizes_that_cannot_be_take_no_memory() {
        let mut bytes = CONTINUES.to_vec();
        bytes.extend(u32::MAX.to_le_bytes());
        let error = table(&bytes, "a", rows(0, 1)).unwrap_err();
        assert!(error.contains("4294967295"), "{error}");
        let mut bytes = b"ARROW1\0\0".to_vec();
        bytes.extend([0; 100]);
        assert!(table(&bytes, "a", rows(0, 1)).unwrap_err().contains("nothing of its columns"));
    }
}
