//! A table on its way into a file.

use std::io::{self, Write};

use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::writer::FileWriter;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::super::write_error::WriteError;

/// Bytes of rows that wait until they are a row group of Parquet's, about.
const ROW_GROUP_BYTES: usize = 8 << 20;

/// A format for tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum TableFormat {
    /// Arrow's IPC file format.
    Arrow,
    /// Parquet, compressed with zstd.
    Parquet,
}

/// Takes batches.
pub(super) struct Table<W: Write + Send> {
    schema: SchemaRef,
    writer: Writer<W>,
}

enum Writer<W: Write + Send> {
    Arrow(Box<FileWriter<W>>),
    Parquet(Box<ArrowWriter<W>>),
}

impl<W: Write + Send> Table<W> {
    pub(super) fn new(out: W, schema: &SchemaRef, format: TableFormat) -> Result<Self, WriteError> {
        let writer = match format {
            TableFormat::Arrow => Writer::Arrow(Box::new(FileWriter::try_new(out, schema)?)),
            TableFormat::Parquet => {
                // Numbers that were measured seldom come twice: a dictionary of them is of no use.
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::default()))
                    .set_dictionary_enabled(false)
                    .set_created_by(concat!("tutti version ", env!("CARGO_PKG_VERSION")).to_owned())
                    .build();
                let schema = SchemaRef::clone(schema);
                let metadata = schema.metadata().clone();
                let writer = ArrowWriter::try_new(out, schema, Some(properties));
                let mut writer = Box::new(writer.map_err(failed)?);
                // Who reads the file without Arrow finds it there.
                for (key, value) in metadata {
                    writer.append_key_value_metadata(KeyValue::new(key, value));
                }
                Writer::Parquet(writer)
            }
        };
        Ok(Self { schema: SchemaRef::clone(schema), writer })
    }

    /// Writes rows, of which `columns` are the columns of the schema.
    pub(super) fn write(&mut self, columns: Vec<ArrayRef>) -> Result<(), WriteError> {
        let batch = RecordBatch::try_new(SchemaRef::clone(&self.schema), columns)?;
        match &mut self.writer {
            Writer::Arrow(writer) => Ok(writer.write(&batch)?),
            Writer::Parquet(writer) => {
                writer.write(&batch).map_err(failed)?;
                if writer.in_progress_size() < ROW_GROUP_BYTES {
                    return Ok(());
                }
                writer.flush().map_err(failed)
            }
        }
    }

    pub(super) fn finish(self) -> Result<(), WriteError> {
        match self.writer {
            Writer::Arrow(mut writer) => Ok(writer.finish()?),
            Writer::Parquet(writer) => writer.close().map(drop).map_err(failed),
        }
    }
}

fn failed(error: ParquetError) -> WriteError {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => WriteError::Write(*error),
            Err(error) => WriteError::Parquet(ParquetError::External(error)),
        },
        error => WriteError::Parquet(error),
    }
}
