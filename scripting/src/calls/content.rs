//! Content of flowfiles: read and written at once, or in streams.

use std::io::{Read, Seek, SeekFrom, Write};

use tutti_sdk::{ContentReader, Session};
use wasmtime::Result;
use wasmtime::component::Resource;

use super::{Answer, FlowFileHandle, ReaderHandle, WriterHandle, gone, refused, unread};
use crate::guest::{Guest, Writing};
use crate::wit::{Refusal, session};

/// Bytes that go over at a time.
const CHUNK_BYTES: usize = 1 << 20;

impl Guest {
    /// A reader of content from `offset` on.
    fn open(&mut self, flowfile: u32, offset: u64) -> Answer<ContentReader> {
        // Its two fields are borrowed side by side.
        let Self { session, flowfiles, .. } = self;
        let flowfile = flowfiles.get(flowfile).ok_or_else(gone)?;
        let session = session.as_deref().ok_or_else(gone)?;
        let mut reader = match Session::read(session, flowfile) {
            Ok(reader) => reader,
            Err(error) => return Ok(Err(refused(&error))),
        };
        if offset == 0 || reader.seek(SeekFrom::Start(offset)).is_ok() {
            return Ok(Ok(reader));
        }
        // Content that is made while it is read has no places: what is before it is made too.
        let (mut left, mut skipped) = (offset, vec![0; CHUNK_BYTES]);
        while left > 0 {
            self.in_time()?;
            let wanted = left.min(CHUNK_BYTES as u64) as usize;
            match reader.read(&mut skipped[..wanted]) {
                Ok(0) => break,
                Ok(count) => left -= count as u64,
                Err(error) => return Ok(Err(unread(error))),
            }
        }
        Ok(Ok(reader))
    }

    pub(super) fn read_all_of(&mut self, flowfile: u32, limit: u64) -> Answer<Vec<u8>> {
        let size = self.flowfile(flowfile)?.size_bytes();
        // The guest could not hold more than its memory anyway.
        let most = limit.min(self.meter.limits().memory_bytes as u64);
        if size > most {
            return Ok(Err(too_large(size, most)));
        }
        let mut reader = match self.open(flowfile, 0)? {
            Ok(reader) => reader,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut bytes = Vec::with_capacity(size as usize);
        loop {
            self.in_time()?;
            match (&mut reader).take(CHUNK_BYTES as u64).read_to_end(&mut bytes) {
                Ok(0) => return Ok(Ok(bytes)),
                // What is made while it is read may come to another size than was thought.
                Ok(_) if bytes.len() as u64 > most => {
                    return Ok(Err(too_large(bytes.len() as u64, most)));
                }
                Ok(_) => {}
                Err(error) => return Ok(Err(unread(error))),
            }
        }
    }

    fn set_content(&mut self, Writing { flowfile, writer }: Writing) -> Answer<()> {
        let Self { session, flowfiles, .. } = self;
        let flowfile = flowfiles.get_mut(flowfile).ok_or_else(gone)?;
        let session = session.as_deref_mut().ok_or_else(gone)?;
        match writer.finish() {
            Ok(content) => {
                Session::set_content(session, flowfile, content);
                Ok(Ok(()))
            }
            Err(error) => Ok(Err(unwritten(&error))),
        }
    }

    fn begin_writing(&mut self, flowfile: u32) -> Answer<Writing> {
        match self.session()?.write() {
            Ok(writer) => Ok(Ok(Writing { flowfile, writer })),
            Err(error) => Ok(Err(refused(&error))),
        }
    }

    /// Copies at most `length` bytes of another content; how many there were.
    fn copy(&mut self, writer: u32, from: u32, offset: u64, length: Option<u64>) -> Answer<u64> {
        let mut reader = match self.open(from, offset)? {
            Ok(reader) => reader,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (mut chunk, mut copied) = (vec![0; CHUNK_BYTES], 0_u64);
        loop {
            self.in_time()?;
            let left = length.map_or(u64::MAX, |length| length - copied);
            let wanted = left.min(CHUNK_BYTES as u64) as usize;
            let count = match reader.read(&mut chunk[..wanted]) {
                Ok(0) => return Ok(Ok(copied)),
                Ok(count) => count,
                Err(error) => return Ok(Err(unread(error))),
            };
            if let Err(refusal) = self.may_write(count as u64) {
                return Ok(Err(refusal));
            }
            let writing = self.writers.get_mut(writer).ok_or_else(gone)?;
            if let Err(error) = writing.writer.write_all(&chunk[..count]) {
                return Ok(Err(unwritten(&error)));
            }
            copied += count as u64;
        }
    }
}

fn too_large(size: u64, most: u64) -> Refusal {
    Refusal::Limit(format!(
        "the content has {size} bytes, and {most} may be read at once; read it in chunks"
    ))
}

fn unwritten(error: &std::io::Error) -> Refusal {
    Refusal::Io(format!("cannot write the content: {error}"))
}

impl session::HostFlowfile for Guest {
    fn size(&mut self, flowfile: Resource<FlowFileHandle>) -> Result<u64> {
        Ok(self.flowfile(flowfile.rep())?.size_bytes())
    }

    fn attribute(
        &mut self,
        flowfile: Resource<FlowFileHandle>,
        name: String,
    ) -> Result<Option<String>> {
        Self::attribute(self, &flowfile, &name)
    }

    fn attributes(&mut self, flowfile: Resource<FlowFileHandle>) -> Result<Vec<(String, String)>> {
        Ok(super::attributes::all(self.flowfile(flowfile.rep())?))
    }

    fn set_attributes(
        &mut self,
        flowfile: Resource<FlowFileHandle>,
        set: Vec<(String, String)>,
        remove: Vec<String>,
    ) -> Answer<()> {
        Self::set_attributes(self, &flowfile, &set, &remove)
    }

    fn read_all(&mut self, flowfile: Resource<FlowFileHandle>, limit: u64) -> Answer<Vec<u8>> {
        self.read_all_of(flowfile.rep(), limit)
    }

    fn write_all(&mut self, flowfile: Resource<FlowFileHandle>, bytes: Vec<u8>) -> Answer<()> {
        if let Err(refusal) = self.may_write(bytes.len() as u64) {
            return Ok(Err(refusal));
        }
        let mut writing = match self.begin_writing(flowfile.rep())? {
            Ok(writing) => writing,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err(error) = writing.writer.write_all(&bytes) {
            return Ok(Err(unwritten(&error)));
        }
        self.set_content(writing)
    }

    fn read(
        &mut self,
        flowfile: Resource<FlowFileHandle>,
        offset: u64,
    ) -> Answer<Resource<ReaderHandle>> {
        if let Err(refusal) = self.may_have_more() {
            return Ok(Err(refusal));
        }
        match self.open(flowfile.rep(), offset)? {
            Ok(reader) => {
                let handle = self.readers.add(reader).ok_or_else(gone)?;
                Ok(Ok(Resource::new_own(handle)))
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    fn write(
        &mut self,
        flowfile: Resource<FlowFileHandle>,
        append: bool,
    ) -> Answer<Resource<WriterHandle>> {
        if let Err(refusal) = self.may_have_more() {
            return Ok(Err(refusal));
        }
        let flowfile = flowfile.rep();
        let writing = match self.begin_writing(flowfile)? {
            Ok(writing) => writing,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let handle = self.writers.add(writing).ok_or_else(gone)?;
        if append && let Err(refusal) = self.copy(handle, flowfile, 0, None)? {
            self.writers.take(handle);
            return Ok(Err(refusal));
        }
        Ok(Ok(Resource::new_own(handle)))
    }

    fn penalize(&mut self, flowfile: Resource<FlowFileHandle>) -> Result<()> {
        let Self { session, flowfiles, .. } = self;
        let flowfile = flowfiles.get_mut(flowfile.rep()).ok_or_else(gone)?;
        let session = session.as_deref_mut().ok_or_else(gone)?;
        Session::penalize(session, flowfile);
        Ok(())
    }

    /// The flowfile stays the session's.
    fn drop(&mut self, _: Resource<FlowFileHandle>) -> Result<()> {
        Ok(())
    }
}

impl session::HostReader for Guest {
    fn next(&mut self, reader: Resource<ReaderHandle>, max: u32) -> Answer<Vec<u8>> {
        let reader = self.readers.get_mut(reader.rep()).ok_or_else(gone)?;
        let most = (max as usize).min(CHUNK_BYTES) as u64;
        let mut bytes = Vec::new();
        match reader.take(most).read_to_end(&mut bytes) {
            Ok(_) => Ok(Ok(bytes)),
            Err(error) => Ok(Err(unread(error))),
        }
    }

    fn drop(&mut self, reader: Resource<ReaderHandle>) -> Result<()> {
        self.readers.take(reader.rep());
        Ok(())
    }
}

impl session::HostWriter for Guest {
    fn push(&mut self, writer: Resource<WriterHandle>, bytes: Vec<u8>) -> Answer<()> {
        if let Err(refusal) = self.may_write(bytes.len() as u64) {
            return Ok(Err(refusal));
        }
        let writing = self.writers.get_mut(writer.rep()).ok_or_else(gone)?;
        match writing.writer.write_all(&bytes) {
            Ok(()) => Ok(Ok(())),
            Err(error) => Ok(Err(unwritten(&error))),
        }
    }

    fn copy_from(
        &mut self,
        writer: Resource<WriterHandle>,
        source: Resource<FlowFileHandle>,
        offset: u64,
        length: Option<u64>,
    ) -> Answer<u64> {
        self.copy(writer.rep(), source.rep(), offset, length)
    }

    fn finish(&mut self, writer: Resource<WriterHandle>) -> Answer<()> {
        let writing = self.writers.take(writer.rep()).ok_or_else(gone)?;
        self.set_content(writing)
    }

    fn drop(&mut self, writer: Resource<WriterHandle>) -> Result<()> {
        self.writers.take(writer.rep());
        Ok(())
    }
}
