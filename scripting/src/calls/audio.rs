//! Recordings, decoded and analysed by the host.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use tutti_audio::decode::{self, Load, LoadError, Loaded, Source};
use tutti_sdk::model::flowfile::Content;
use tutti_sdk::{ContentReader, ProcessError};
use wasmtime::Result;
use wasmtime::component::Resource;

use super::{FlowFileHandle, gone, refused};
use crate::guest::{Guest, Stopped};
use crate::wit::Refusal;
use crate::wit::audio::{Array, Dtype, Host, Order, Problem, Value};

type Answer<T> = Result<std::result::Result<T, Problem>>;

/// Stored content as the bytes of a recording.
struct Recording {
    reader: ContentReader,
    bytes: u64,
}

impl Read for Recording {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl Seek for Recording {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.reader.seek(position)
    }
}

impl Source for Recording {
    fn byte_len(&self) -> Option<u64> {
        Some(self.bytes)
    }
}

impl Guest {
    fn recording(&mut self, handle: u32) -> Answer<Box<dyn Source>> {
        let flowfile = self.flowfiles.get(handle).ok_or_else(gone)?;
        if let Content::Stored(_) | Content::Empty = flowfile.content() {
            let session = self.session.as_deref().ok_or_else(gone)?;
            let bytes = flowfile.size_bytes();
            return Ok(match session.read(flowfile) {
                Ok(reader) => Ok(Box::new(Recording { reader, bytes })),
                Err(error) => Err(Problem::Refused(refused(&error))),
            });
        }
        // Content that is made while it is read has no places to seek to.
        let limit = self.meter.limits().memory_bytes as u64;
        let bytes = self.read_all_of(handle, limit)?;
        Ok(bytes.map(|bytes| Box::new(Cursor::new(bytes)) as _).map_err(Problem::Refused))
    }

    fn load(&mut self, source: Box<dyn Source>, wanted: &Load) -> Answer<(Array, f64)> {
        if ![Some(wanted.offset), wanted.duration, wanted.sr].iter().flatten().all(|x| *x >= 0.0) {
            let wrong = "offset, duration and sr must be numbers from 0 on".to_owned();
            return Ok(Err(Problem::Parameter(wrong)));
        }
        // The guest is to hold them too.
        let most = self.meter.limits().memory_bytes / size_of::<f32>();
        let mut has_time = true;
        let loaded = decode::load(source, wanted, |samples| {
            has_time = !self.meter.is_out_of_time();
            has_time && samples <= most
        });
        match loaded {
            Ok(loaded) => {
                if let Some(damage) = &loaded.damage {
                    self.warn(&format!("the recording is damaged: {damage}"));
                }
                let rate = wanted.sr.unwrap_or(loaded.rate.into());
                Ok(Ok((samples(&loaded, wanted.mono), rate)))
            }
            Err(LoadError::Stopped) if !has_time => Err(Stopped::Time.into()),
            Err(LoadError::Stopped) => Ok(Err(Problem::Refused(Refusal::Limit(format!(
                "the recording has more samples than fit into the script's memory ({most}); load \
                 a part of it (duration), one channel (mono), or raise \"Memory Limit\""
            ))))),
            Err(LoadError::Resample(error)) => Ok(Err(Problem::Parameter(error.to_string()))),
            Err(LoadError::Decode(error)) => {
                let error = ProcessError::user("cannot decode the recording").caused_by(error);
                Ok(Err(Problem::Refused(Refusal::Unreadable(error.chain()))))
            }
        }
    }
}

/// librosa's shape: of one channel there is one index, of several two.
fn samples(loaded: &Loaded, is_mono: bool) -> Array {
    let frames = loaded.channels.first().map_or(0, Vec::len);
    let mut shape = vec![frames as u32];
    if !is_mono && loaded.channels.len() > 1 {
        shape.insert(0, loaded.channels.len() as u32);
    }
    let data = loaded.channels.iter().flatten().flat_map(|sample| sample.to_le_bytes()).collect();
    Array { dtype: Dtype::Float32, shape, order: Order::C, data }
}

impl Host for Guest {
    fn load(
        &mut self,
        source: Resource<FlowFileHandle>,
        sample_rate: Option<f64>,
        mono: bool,
        offset: f64,
        duration: Option<f64>,
    ) -> Answer<(Array, f64)> {
        match self.recording(source.rep())? {
            Ok(source) => {
                Self::load(self, source, &Load { sr: sample_rate, mono, offset, duration })
            }
            Err(problem) => Ok(Err(problem)),
        }
    }

    fn load_bytes(
        &mut self,
        recording: Vec<u8>,
        sample_rate: Option<f64>,
        mono: bool,
        offset: f64,
        duration: Option<f64>,
    ) -> Answer<(Array, f64)> {
        let wanted = Load { sr: sample_rate, mono, offset, duration };
        Self::load(self, Box::new(Cursor::new(recording)), &wanted)
    }

    fn call(&mut self, function: String, arguments: Vec<Value>) -> Answer<Vec<Value>> {
        self.in_time()?;
        // What is made is for the guest's memory, which could not hold more.
        let values = self.meter.limits().memory_bytes / size_of::<f32>();
        Ok(crate::library::call(values, &function, arguments))
    }
}
