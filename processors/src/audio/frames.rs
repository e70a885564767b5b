//! Decoded audio on demand, for readers that want bytes: a WAV file of 32-bit floating point
//! numbers.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use parking_lot::Mutex;
use tutti_audio::wav::SampleFormat;
use tutti_sdk::ProcessError;
use tutti_sdk::derive::{DerivedRead, Deriver};
use tutti_sdk::host::ReadSeek;

use super::{FRAMES, Recipe, Recording, Samples, count};

/// Makes a WAV file from an encoded recording.
pub(crate) struct Frames;

impl Deriver for Frames {
    fn kind(&self) -> &'static str {
        FRAMES
    }

    /// Where packets do not tell how long the recording is, it is decoded twice: the header comes
    /// first.
    fn open(
        &self,
        source: Box<dyn ReadSeek>,
        recipe: &str,
    ) -> Result<Box<dyn DerivedRead>, ProcessError> {
        let recipe = Recipe::parse(recipe)?;
        let source = Shared(Arc::new(Mutex::new(source)));
        let frames = match recipe.frames {
            Some(frames) => frames,
            None => count(measured(&source)?)?,
        };
        let decoder = super::open(measured(&source)?, recipe)?;
        Ok(Box::new(Samples::wav(decoder, SampleFormat::Float32, frames)))
    }
}

fn measured(source: &Shared) -> Result<Recording<Shared>, ProcessError> {
    Recording::measured(source.clone())
        .map_err(|error| ProcessError::external("cannot read the recording").caused_by(error))
}

/// Bytes that are read by one decoder after the other.
#[derive(Clone)]
struct Shared(Arc<Mutex<Box<dyn ReadSeek>>>);

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.lock().read(buffer)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.lock().seek(to)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::path::Path;
    use std::sync::atomic::{AtomicU64, Ordering};

    use tutti_audio::decode::scan;

    use super::*;

    fn recording(name: &str) -> Vec<u8> {
        let at = ["../tests/fixtures/audio", "../audio/tests/formats"];
        at.iter().find_map(|folder| std::fs::read(Path::new(folder).join(name)).ok()).unwrap()
    }

    fn frames(bytes: &[u8]) -> Option<u64> {
        scan(Box::new(Cursor::new(bytes.to_vec()))).unwrap().decodable
    }

    fn read(bytes: &[u8], recipe: Recipe) -> Vec<u8> {
        let source = Box::new(Cursor::new(bytes.to_vec()));
        let mut wav = Vec::new();
        let recipe = recipe.to_text().unwrap();
        Frames.open(source, &recipe).unwrap().read_to_end(&mut wav).unwrap();
        wav
    }

    /// Counts the bytes that are read.
    struct Counted(Cursor<Vec<u8>>, Arc<AtomicU64>);

    impl Read for Counted {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.read(buffer)?;
            self.1.fetch_add(count as u64, Ordering::Relaxed);
            Ok(count)
        }
    }

    impl Seek for Counted {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn the_beginning_is_decoded_from_the_beginning_alone() {
        let recording = recording("mountain.flac");
        let frames = frames(&recording).unwrap();
        let recipe = Recipe { frames: Some(frames), ..Recipe::default() };
        let source = Cursor::new(recording.clone());
        let decoder = super::super::open(Recording::measured(source).unwrap(), recipe).unwrap();
        let mut samples = Samples::wav(decoder, SampleFormat::Float32, frames);
        samples.read_exact(&mut [0; 58]).unwrap();
        assert_eq!(samples.decoder().frames(), 0, "the header takes no decoding");
        samples.read_exact(&mut [0; 4_096]).unwrap();
        let count = samples.decoder().frames();
        assert!((1..=8_192).contains(&count) && count < frames / 30, "{count} of {frames}");

        let count = Arc::<AtomicU64>::default();
        let source = Box::new(Counted(Cursor::new(recording.clone()), Arc::clone(&count)));
        let mut wav = Frames.open(source, &recipe.to_text().unwrap()).unwrap();
        wav.read_exact(&mut [0; 4_096]).unwrap();
        let read = count.load(Ordering::Relaxed);
        assert!(read < recording.len() as u64 / 4, "{read} of {} bytes", recording.len());
    }

    #[test]
    fn what_was_counted_before_and_what_is_counted_now_is_the_same() {
        for name in ["tom-mono.mp3", "tom-flac.ogg", "tom-aac.m4a", "tom.aac", "tom.mka"] {
            let recording = recording(name);
            let frames = frames(&recording);
            assert_eq!(frames.is_none(), name == "tom.mka");
            for (sample_rate, mono) in [(None, false), (Some(16_000), true)] {
                let recipe = Recipe { sample_rate, mono, frames: None };
                let counted = read(&recording, recipe);
                assert!(counted == read(&recording, Recipe { frames, ..recipe }), "{name}");
                let stated = u32::from_le_bytes(counted[54..58].try_into().unwrap());
                assert_eq!(stated as usize, counted.len() - 58, "{name}");
            }
        }
    }

    #[test]
    fn a_file_is_as_long_as_its_header_says_whatever_is_decoded() {
        let recording = recording("tom.wav");
        let frames = frames(&recording).unwrap();
        let of = |frames| Recipe { frames: Some(frames), ..Recipe::default() };
        let whole = read(&recording, of(frames));
        let longer = read(&recording, of(frames + 5_000));
        assert_eq!(longer.len(), whole.len() + 5_000 * 8);
        assert!(longer[58..whole.len()] == whole[58..], "other samples");
        assert!(longer[whole.len()..].iter().all(|byte| *byte == 0), "no silence");
        // What would have to be left out is told.
        let source = Box::new(Cursor::new(recording));
        let mut short = Frames.open(source, &of(frames - 1).to_text().unwrap()).unwrap();
        let error = short.read_to_end(&mut Vec::new()).unwrap_err();
        let error = ProcessError::unreadable(error);
        assert!(error.chain().contains("more of it than its packets say"), "{}", error.chain());
        assert_eq!(error.retry(), tutti_sdk::Retry::Never);
    }
}
