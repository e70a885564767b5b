//! A table on its way into a file, in one of two formats.

use std::io::Write;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::writer::FileWriter;
use arrow_schema::SchemaRef;

use super::super::write_error::WriteError;

/// Takes batches.
pub(super) struct Table<W: Write> {
    schema: SchemaRef,
    writer: FileWriter<W>,
}

impl<W: Write> Table<W> {
    pub(super) fn new(out: W, schema: &SchemaRef) -> Result<Self, WriteError> {
        Ok(Self { schema: SchemaRef::clone(schema), writer: FileWriter::try_new(out, schema)? })
    }

    /// Writes rows, of which `columns` are the columns of the schema.
    pub(super) fn write(&mut self, columns: Vec<ArrayRef>) -> Result<(), WriteError> {
        let batch = RecordBatch::try_new(SchemaRef::clone(&self.schema), columns)?;
        Ok(self.writer.write(&batch)?)
    }

    pub(super) fn finish(mut self) -> Result<(), WriteError> {
        Ok(self.writer.finish()?)
    }
}
