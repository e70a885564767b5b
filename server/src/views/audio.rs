//! What is seen and heard of a recording.
//!
//! Decodes it as a stream, from its beginning; keeps columns of pictures and one block of samples.

use std::io::{self, Read, Seek};

use serde::Serialize;
use tutti_audio::decode::{DecodeError, Decoder, Options, scan};
use tutti_audio::view::{Colors, Part, Peak, Spectrogram, Waveform, write_image};
use tutti_audio::wav::{SampleFormat, Samples, header};
use utoipa::ToSchema;

use super::Source;

/// How many channels are shown.
const CHANNELS_MAX: usize = 2;
/// Decimals of a peak: more than a pixel shows.
const PEAK_SCALE: f64 = 1e4;

/// A recording at a glance.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Waveform)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WaveformView {
    /// What it is wrapped in, such as `audio/flac`.
    #[schema(value_type = String)]
    format: &'static str,
    /// How its samples are coded.
    #[schema(value_type = String)]
    codec: &'static str,
    /// In hertz.
    sample_rate: u32,
    /// How many it has; two at most are shown.
    channels: u16,
    /// Samples of each channel.
    frames: u64,
    /// How long it is.
    duration_seconds: f64,
    /// Of each channel that is shown the lowest and the highest sample of each column.
    peaks: Vec<Vec<f64>>,
    /// What is broken in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    damage: Option<String>,
}

/// Which part of a spectrogram is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SpectrogramView {
    pub(crate) part: Part,
    pub(crate) colors: Colors,
}

/// Why there is no spectrogram.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SpectrogramError {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error("the recording ends before the part begins")]
    Ended,
    #[error("it cannot be shown like that: {0}")]
    Part(#[from] tutti_audio::Error),
    #[error("the image cannot be written")]
    Write(#[source] io::Error),
}

/// How long a recording is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Length {
    /// Samples of each channel.
    pub(crate) frames: u64,
    pub(crate) sample_rate: u32,
    channels: u16,
}

impl Length {
    pub(crate) fn seconds(&self) -> f64 {
        self.frames as f64 / f64::from(self.sample_rate.max(1))
    }
}

fn open<R: Read + Seek + Send + 'static>(
    source: &Source<R>,
    options: &Options,
) -> Result<Decoder, DecodeError> {
    let source = source.rewound().map_err(|source| DecodeError::Read { offset: 0, source })?;
    Decoder::open(Box::new(source), options)
}

/// The waveform of a recording in so many columns.
pub(crate) fn waveform<R: Read + Seek + Send + 'static>(
    source: &Source<R>,
    width: usize,
) -> Result<WaveformView, DecodeError> {
    let mut decoder = open(source, &Options::default())?;
    let mut waveform = Waveform::new(decoder.channels(), CHANNELS_MAX);
    let mut block = Vec::new();
    while decoder.read(&mut block)? {
        waveform.push(&block);
    }
    let round = |sample: f32| (f64::from(sample) * PEAK_SCALE).round() / PEAK_SCALE;
    let flat = |peaks: Vec<Peak>| {
        peaks.into_iter().flat_map(|Peak { min, max }| [min, max].map(round)).collect()
    };
    let info = decoder.info();
    let damage = decoder.damage();
    Ok(WaveformView {
        format: info.mime_type,
        codec: info.codec,
        sample_rate: info.sample_rate,
        channels: info.channels,
        frames: waveform.frames(),
        duration_seconds: waveform.frames() as f64 / f64::from(info.sample_rate.max(1)),
        peaks: waveform.columns(width).into_iter().map(flat).collect(),
        damage: (!damage.is_none()).then(|| damage.to_string()),
    })
}

/// A spectrogram as PNG.
pub(crate) fn spectrogram<R: Read + Seek + Send + 'static>(
    source: &Source<R>,
    SpectrogramView { part, colors }: SpectrogramView,
) -> Result<Vec<u8>, SpectrogramError> {
    let mut decoder = open(source, &Options { mono: true, sample_rate: None })?;
    let rate = decoder.sample_rate();
    let mut spectrogram = Spectrogram::new(rate, part)?;
    let mut block = Vec::new();
    while !spectrogram.is_complete() && decoder.read(&mut block)? {
        spectrogram.push(&block);
    }
    if part.from > 0.0 && decoder.frames() as f64 <= part.from * f64::from(rate) {
        return Err(SpectrogramError::Ended);
    }
    let mut png = Vec::new();
    write_image(&mut png, &spectrogram.finish(), part.height, colors)
        .map_err(SpectrogramError::Write)?;
    Ok(png)
}

/// How long a recording is: as its packets say, or, where they do not, as decoding it tells.
pub(crate) fn length<R: Read + Seek + Send + 'static>(
    source: &Source<R>,
) -> Result<Length, DecodeError> {
    let rewound = source.rewound().map_err(|source| DecodeError::Read { offset: 0, source })?;
    let scanned = scan(Box::new(rewound))?;
    let (sample_rate, channels) = (scanned.info.sample_rate, scanned.info.channels);
    let decoded = || {
        let mut decoder = open(source, &Options::default())?;
        let mut block = Vec::new();
        while decoder.read(&mut block)? {}
        Ok::<_, DecodeError>(decoder.frames())
    };
    let frames = scanned.decodable.map_or_else(decoded, Ok)?;
    Ok(Length { frames, sample_rate, channels })
}

/// A recording as a WAV file of 16 bits, from any byte on.
pub(crate) struct Preview {
    samples: Samples,
    at: u64,
}

impl Preview {
    /// Bytes of the whole file.
    pub(crate) fn bytes(length: Length) -> u64 {
        let Length { frames, sample_rate, channels } = length;
        let format = SampleFormat::Int16;
        let frame = u64::from(channels) * u64::from(format.bytes());
        let header = header(format, frames, sample_rate, channels).len() as u64;
        header.saturating_add(frames.saturating_mul(frame))
    }

    /// From the beginning.
    pub(crate) fn open<R: Read + Seek + Send + 'static>(
        source: &Source<R>,
        length: Length,
    ) -> Result<Self, DecodeError> {
        let decoder = open(source, &Options::default())?;
        Ok(Self { samples: Samples::wav(decoder, SampleFormat::Int16, length.frames), at: 0 })
    }

    /// So many bytes from `from` on, which must not lie before what was read already.
    pub(crate) fn read_at(&mut self, from: u64, count: usize) -> io::Result<Vec<u8>> {
        let skipped = from.saturating_sub(self.at);
        let gone = io::copy(&mut self.samples.by_ref().take(skipped), &mut io::sink())?;
        let mut block = vec![0; count];
        if gone < skipped {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.samples.read_exact(&mut block)?;
        self.at = from + count as u64;
        Ok(block)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::views::Stop;

    fn source(bytes: Vec<u8>) -> Source<Cursor<Vec<u8>>> {
        stoppable(bytes).0
    }

    fn stoppable(bytes: Vec<u8>) -> (Source<Cursor<Vec<u8>>>, Arc<Stop>) {
        let stop = Arc::new(Stop::new(Duration::from_mins(10)));
        let length = bytes.len() as u64;
        (Source::new(Cursor::new(bytes), length, Arc::clone(&stop)), stop)
    }

    fn recording(name: &str) -> Vec<u8> {
        let at = ["../tests/fixtures/audio", "../audio/tests/formats"];
        at.iter().find_map(|folder| std::fs::read(Path::new(folder).join(name)).ok()).unwrap()
    }

    fn view(from: f64, to: f64) -> SpectrogramView {
        let part = Part { from, to, width: 32, height: 16 };
        SpectrogramView { part, colors: Colors::Magma }
    }

    #[test]
    fn a_recording_looks_the_same_in_every_format() {
        let right = waveform(&source(recording("tom.wav")), 50).unwrap();
        assert_eq!(right.peaks[0].len(), 100);
        assert!(right.peaks[0].iter().any(|peak| *peak > 0.1));
        for name in ["tom-alac.m4a", "tom-flac.ogg", "tom.aiff", "tom.caf", "tom-24.wav"] {
            let found = waveform(&source(recording(name)), 50).unwrap();
            assert_eq!(found.channels, right.channels.min(found.channels), "{name}");
            assert!(found.damage.is_none(), "{name}");
            assert_eq!(found.peaks[0].len(), 100, "{name}");
        }
    }

    #[test]
    fn damage_is_told_and_what_is_no_recording_is_refused() {
        let whole = recording("mountain.flac");
        let cut = waveform(&source(whole[..whole.len() / 2].to_vec()), 10).unwrap();
        assert!(cut.damage.is_some() && cut.frames > 0);
        for bytes in [vec![], b"no music at all".to_vec(), whole[..20].to_vec()] {
            assert!(waveform(&source(bytes.clone()), 10).is_err());
            assert!(spectrogram(&source(bytes.clone()), view(0.0, 1.0)).is_err());
            assert!(length(&source(bytes)).is_err());
        }
    }

    #[test]
    fn a_part_behind_the_end_is_none_and_one_that_reaches_beyond_it_is_there() {
        let tom = source(recording("tom.wav"));
        let seconds = length(&tom).unwrap().seconds();
        let behind = spectrogram(&tom, view(seconds + 1.0, seconds + 2.0));
        assert!(matches!(behind, Err(SpectrogramError::Ended)));
        let png = spectrogram(&tom, view(0.0, seconds + 2.0)).unwrap();
        assert_eq!(&png[..4], b"\x89PNG");
        assert!(spectrogram(&tom, view(0.0, f64::NAN)).is_err());
    }

    #[test]
    fn a_preview_is_a_file_that_may_be_read_from_anywhere() {
        for name in ["tom.aiff", "tom-alac.m4a", "tom.mka", "tom-float.wav", "tom-mono.mp3"] {
            let source = source(recording(name));
            let length = length(&source).unwrap();
            let bytes = usize::try_from(Preview::bytes(length)).unwrap();
            let whole = Preview::open(&source, length).unwrap().read_at(0, bytes).unwrap();
            let end = Preview::open(&source, length).unwrap().read_at(bytes as u64, 1);
            assert!(end.is_err(), "{name} is longer");
            let again = waveform(&self::source(whole.clone()), 10).unwrap();
            assert_eq!((again.frames, again.codec), (length.frames, "pcm_s16le"), "{name}");
            for from in [1, 57, 58, 1_001, bytes - 3] {
                let mut preview = Preview::open(&source, length).unwrap();
                assert_eq!(preview.read_at(from as u64, 2).unwrap(), whole[from..from + 2]);
                assert_eq!(preview.read_at(from as u64 + 2, 1).unwrap(), [whole[from + 2]]);
            }
        }
    }

    #[test]
    fn what_is_cut_off_is_silence_in_a_preview() {
        let whole = recording("mountain.mp3");
        let cut = source(whole[..whole.len() / 2].to_vec());
        let length = length(&cut).unwrap();
        let bytes = usize::try_from(Preview::bytes(length)).unwrap();
        assert_eq!(Preview::open(&cut, length).unwrap().read_at(0, bytes).unwrap().len(), bytes);
    }

    #[test]
    fn work_ends_when_nobody_waits() {
        let (source, stop) = stoppable(recording("mountain.flac"));
        stop.stop();
        assert!(matches!(waveform(&source, 10), Err(DecodeError::Read { .. })));
        assert!(matches!(length(&source), Err(DecodeError::Read { .. })));
    }
}
