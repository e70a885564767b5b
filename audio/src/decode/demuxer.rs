//! From bytes to the packets of one track of audio.

mod missing;

use symphonia::core::audio::Channels;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::common::Limit;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known as format;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, TimeBase, Timestamp};

use super::capacity::{Capacity, bounded};
use super::container::Container;
use super::guard::{gave_up, guarded};
use super::info::{StreamInfo, is_lossy, mime_type, undecoded};
use super::refusal::{beginning, refused};
use super::source::Watched;
use super::trim::Cut;
use super::{Damage, DecodeError, Source, id3, rf64, tags, unfinished};

/// Bytes of a picture that are kept while its tags are read; none is used.
const PICTURE_BYTES_MAX: usize = 1 << 20;
/// Failures in a row after which there is no more hope of another packet.
const FAILURES_MAX: u32 = 1_000;
const CHANNELS_MAX: usize = 64;
const HZ_MAX: u32 = 10_000_000;

/// What comes next.
pub(super) enum Next {
    /// With what is to be left out of its samples.
    Packet(Packet, Cut),
    /// Another stream begins, with parameters of its own.
    Restart,
    End,
}

/// The packets of one track of audio.
pub(super) struct Demuxer {
    reader: Box<dyn FormatReader>,
    track: u32,
    time_base: Option<TimeBase>,
    parameters: AudioCodecParameters,
    /// What a packet can hold, known with the decoder.
    capacity: Capacity,
    /// What all packets so far can hold, in samples of each channel.
    held: u64,
    tags: Vec<(String, String)>,
    container: Container,
    /// Of RF64: samples of each channel, which symphonia is not shown.
    long_frames: Option<u64>,
    watch: Watched,
    failures: u32,
    /// Where the next packet begins if nothing is missing before it.
    expected: Option<Timestamp>,
    /// Where the first packet begins and the last one ends.
    span: Option<(Timestamp, Timestamp)>,
    /// What comes next, where the last packet is not like the others.
    ahead: Option<Next>,
    /// The last packet of MPEG audio, to find where it ends.
    last_packet: Vec<u8>,
    pub(super) damage: Damage,
}

impl Demuxer {
    pub(super) fn open(mut source: Box<dyn Source>) -> Result<Self, DecodeError> {
        let beginning = beginning(&mut *source)?;
        let unreadable = |source| DecodeError::Read { offset: 0, source };
        let (source, long_frames) = rf64::open(source).map_err(unreadable)?;
        let source = unfinished::open(source).map_err(unreadable)?;
        let (source, left_out) = id3::open(source).map_err(unreadable)?;
        let watch = Watched::new(source);
        let stream =
            MediaSourceStream::new(Box::new(watch.clone()), MediaSourceStreamOptions::default());
        let options =
            MetadataOptions::default().limit_visual_bytes(Limit::Maximum(PICTURE_BYTES_MAX));
        let (probe, hint) = (symphonia::default::get_probe(), Hint::new());
        let probed = guarded(|| probe.probe(&hint, stream, FormatOptions::default(), options));
        let mut reader = probed.map_err(|error| refused(error, &watch, &beginning))?;
        let mut tags = tags::read(&mut reader.metadata());
        if left_out > 0 {
            let what = format!("left out, as {left_out} bytes of tags are too many");
            tags::append(&mut tags, "id3", &what);
        }
        let container = reader.format_info().short_name;
        let Some(track) = audio_track(&*reader) else {
            return Err(DecodeError::NoAudio { container });
        };
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            let what = "the track of audio".to_owned();
            return Err(DecodeError::Unsupported { what, container });
        };
        let more = Container::read(&*reader, track, &mut tags, &watch)?;
        Ok(Self {
            track: track.id,
            time_base: track.time_base,
            parameters: bounded(parameters),
            capacity: Capacity::default(),
            held: 0,
            tags,
            container: more,
            long_frames,
            reader,
            watch,
            failures: 0,
            expected: None,
            span: None,
            ahead: None,
            last_packet: Vec::new(),
            damage: Damage::default(),
        })
    }

    /// What the recording says of itself.
    pub(super) fn info(&mut self, decoder: &dyn AudioDecoder) -> Result<StreamInfo, DecodeError> {
        let wrapped = self.reader.format_info();
        let (container, mime_type) = (wrapped.short_name, mime_type(wrapped.format));
        let parameters = decoder.codec_params();
        let unsupported = |what: String| DecodeError::Unsupported { what, container };
        let sample_rate = parameters.sample_rate.or(self.parameters.sample_rate).unwrap_or(0);
        if !(1..=HZ_MAX).contains(&sample_rate) {
            return Err(unsupported(format!("a sample rate of {sample_rate} Hz")));
        }
        let channels = parameters.channels.as_ref().or(self.parameters.channels.as_ref());
        let channels = channels.map_or(0, Channels::count);
        if !(1..=CHANNELS_MAX).contains(&channels) {
            return Err(unsupported(format!("audio of {channels} channels")));
        }
        let (codec, channels) = (decoder.codec_info().short_name, channels as u16);
        // What the decoder found out, and of the rest what the container says.
        let mut known = parameters.clone();
        known.extra_data = known.extra_data.or_else(|| self.parameters.extra_data.clone());
        self.capacity = Capacity::new(&known, codec, (sample_rate, channels), self.time_base);
        Ok(StreamInfo {
            codec,
            container,
            mime_type,
            sample_rate,
            channels,
            frames: self.length(sample_rate),
            // Of what is lossy, Matroska says what its encoder was given.
            bits_per_sample: (parameters.bits_per_sample)
                .or(self.parameters.bits_per_sample)
                .filter(|_| !is_lossy(parameters.codec)),
            tags: self.tags.clone(),
        })
    }

    /// Samples of each channel, where the container says how many there are.
    fn length(&self, sample_rate: u32) -> Option<u64> {
        if let Some(window) = self.container.window {
            return self.frames(window.ticks()?, sample_rate);
        }
        let track = self.reader.tracks().iter().find(|track| track.id == self.track)?;
        track.num_frames.or(self.long_frames).filter(|_| !self.length_is_guessed())
    }

    /// A decoder for the track.
    pub(super) fn decoder(&self) -> Result<Box<dyn AudioDecoder>, DecodeError> {
        let (codecs, options) = (symphonia::default::get_codecs(), AudioDecoderOptions::default());
        let made = guarded(|| codecs.make_audio_decoder(&self.parameters, &options));
        made.map_err(|error| DecodeError::Unsupported {
            what: match undecoded(self.parameters.codec) {
                Some(name) => name.to_owned(),
                None => format!("the audio ({})", plain(&error)),
            },
            container: self.reader.format_info().short_name,
        })
    }

    /// A decoder for the stream that begins after `seconds`, which must be like the one before.
    pub(super) fn go_on(
        &mut self,
        info: &mut StreamInfo,
        seconds: f64,
    ) -> Result<Box<dyn AudioDecoder>, DecodeError> {
        let decoder = self.decoder()?;
        let next = self.info(&*decoder)?;
        if (next.sample_rate, next.channels) != (info.sample_rate, info.channels) {
            return Err(self.changed(seconds));
        }
        // What the header said was of the first stream only.
        info.frames = None;
        Ok(decoder)
    }

    /// What cannot go on, because it is not like what came before.
    pub(super) fn changed(&self, seconds: f64) -> DecodeError {
        DecodeError::Changed { seconds, offset: self.watch.position() }
    }

    /// The next packet. Broken ones are left out and counted.
    pub(super) fn next(&mut self) -> Result<Next, DecodeError> {
        if !self.container.has_last_packet() {
            return self.read();
        }
        let mut next = match self.ahead.take() {
            Some(ahead) => ahead,
            None => self.read()?,
        };
        if let Next::Packet(packet, cut) = &mut next {
            let ahead = self.read()?;
            if matches!(ahead, Next::End) {
                self.container.cut_last(packet, cut);
            }
            self.ahead = Some(ahead);
        }
        Ok(next)
    }

    fn read(&mut self) -> Result<Next, DecodeError> {
        loop {
            match guarded(|| self.reader.next_packet()) {
                Ok(None) => {
                    self.check_last_page();
                    self.check_count()?;
                    return self.end(false);
                }
                Ok(Some(mut packet)) => {
                    self.failures = 0;
                    if packet.track_id == self.track {
                        if self.length_is_guessed() {
                            packet.trim_end = Duration::ZERO;
                        }
                        if self.is_mpeg() {
                            self.last_packet.clear();
                            self.last_packet.extend_from_slice(&packet.data);
                        }
                        self.held = self.held.saturating_add(self.capacity.limit(&mut packet));
                        self.check_gap(&packet);
                        self.reach(&packet);
                        let cut = self.container.window.map(|window| window.cut(&mut packet));
                        return Ok(Next::Packet(packet, cut.unwrap_or_default()));
                    }
                }
                Err(Error::ResetRequired) => return self.restart(),
                Err(Error::IoError(_)) => {
                    let is_all_there = self.has_long_frames();
                    return self.end(!is_all_there);
                }
                Err(error) => {
                    self.failures += 1;
                    let offset = self.watch.position();
                    self.damage.add(offset, 0.0, &plain(&error));
                    if gave_up(&error) || self.failures >= FAILURES_MAX {
                        return self.end(!gave_up(&error));
                    }
                }
            }
        }
    }

    /// Whether samples are plain, with nothing to check.
    pub(super) fn is_pcm(&self, info: &StreamInfo) -> bool {
        let containers = [format::FORMAT_ID_WAVE, format::FORMAT_ID_AIFF, format::FORMAT_ID_CAF];
        info.codec.starts_with("pcm_") && containers.contains(&self.reader.format_info().format)
    }

    /// Whether the last sample of a recording of plain samples is there, and nothing behind it.
    /// Reading goes on from the beginning if not.
    pub(super) fn is_whole(
        &mut self,
        decoder: &mut dyn AudioDecoder,
        frames: u64,
    ) -> Result<bool, DecodeError> {
        let most = self.watch.byte_len().map_or(0, |bytes| self.capacity.frames(bytes));
        let is_whole = frames <= most && self.has_last(decoder, frames).unwrap_or(false);
        self.check_read()?;
        if !is_whole {
            self.seek(0).map_err(|error| DecodeError::Header {
                offset: self.watch.position(),
                message: plain(&error),
            })?;
        }
        Ok(is_whole)
    }

    fn has_last(&mut self, decoder: &mut dyn AudioDecoder, frames: u64) -> Result<bool, Error> {
        self.seek(frames.saturating_sub(1))?;
        let Some(last) = guarded(|| self.reader.next_packet())? else { return Ok(false) };
        let count = guarded(|| Ok(decoder.decode(&last)?.frames() as u64))?;
        let end = last.pts.checked_add(Duration::from(count));
        Ok(end.and_then(|end| u64::try_from(end.get()).ok()) == Some(frames)
            && matches!(guarded(|| self.reader.next_packet()), Ok(None) | Err(Error::IoError(_))))
    }

    /// Whether every sample of a file was read whose length symphonia is not shown.
    fn has_long_frames(&self) -> bool {
        let reached = self.span.and_then(|(_, end)| u64::try_from(end.get()).ok());
        reached.zip(self.long_frames).is_some_and(|(reached, frames)| reached >= frames)
    }

    fn seek(&mut self, frame: u64) -> Result<(), Error> {
        let to = SeekTo::Timestamp { ts: Timestamp::new(frame as i64), track_id: self.track };
        guarded(|| self.reader.seek(SeekMode::Accurate, to)).map(drop)
    }

    /// Whether the length is a guess. Of MPEG audio without a tag that says how much its encoder
    /// added, symphonia guesses it from the first bit rates and cuts off what is beyond.
    fn length_is_guessed(&self) -> bool {
        let track = self.reader.tracks().iter().find(|track| track.id == self.track);
        self.is_mpeg() && track.is_none_or(|track| track.padding.is_none())
    }

    fn is_mpeg(&self) -> bool {
        let mpeg = [format::FORMAT_ID_MP1, format::FORMAT_ID_MP2, format::FORMAT_ID_MP3];
        mpeg.contains(&self.reader.format_info().format)
    }

    fn reach(&mut self, packet: &Packet) {
        let end = packet.pts.checked_add(packet.dur).unwrap_or(packet.pts);
        let (start, _) = *self.span.get_or_insert((packet.pts.max(Timestamp::ZERO), end));
        self.span = Some((start, end));
    }

    /// How long what was read is, in seconds, where only the times of packets tell: Matroska rounds
    /// their durations, so that the sum of many is far off.
    pub(super) fn span(&self) -> Option<f64> {
        let (start, end) = self.span.filter(|_| self.is_matroska())?;
        let most = self.capacity.seconds(self.held);
        Some((self.time(end) - self.time(start)).clamp(0.0, most))
    }

    /// Samples of each channel that are decoded before the music.
    pub(super) fn delay(&self, sample_rate: u32) -> u64 {
        nanoseconds(self.container.delay, sample_rate)
    }

    fn is_matroska(&self) -> bool {
        self.reader.format_info().format == format::FORMAT_ID_MKV
    }

    fn end(&mut self, truncated: bool) -> Result<Next, DecodeError> {
        self.check_read()?;
        if truncated {
            self.damage.truncated_at.get_or_insert(self.watch.position());
        }
        Ok(Next::End)
    }

    fn restart(&mut self) -> Result<Next, DecodeError> {
        let container = self.reader.format_info().short_name;
        let track = audio_track(&*self.reader).ok_or(DecodeError::NoAudio { container })?;
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            return Err(DecodeError::NoAudio { container });
        };
        self.track = track.id;
        self.time_base = track.time_base;
        self.parameters = bounded(parameters);
        self.expected = None;
        Ok(Next::Restart)
    }

    /// Fails when bytes could not be read: demuxers and decoders take that for broken audio.
    pub(super) fn check_read(&self) -> Result<(), DecodeError> {
        match self.watch.take_failure() {
            None => Ok(()),
            Some(source) => Err(DecodeError::Read { offset: self.watch.position(), source }),
        }
    }

    /// A packet could not be decoded.
    pub(super) fn broken(&mut self, at: Timestamp, error: &Error) {
        self.damage.add(self.watch.position(), self.time(at), &plain(error));
    }

    /// In seconds; 0 where the container does not say how long its ticks are.
    fn time(&self, at: Timestamp) -> f64 {
        let time = self.time_base.and_then(|base| base.calc_time(at));
        time.map_or(0.0, |time| time.as_secs_f64())
    }

    /// How long `duration` is, in seconds, where the container says how long its ticks are.
    pub(super) fn seconds(&self, duration: Duration) -> Option<f64> {
        Some(self.time_base?.calc_duration(duration)?.as_secs_f64())
    }

    /// How many samples of each channel `packet` gives if it is not broken, where the container's
    /// ticks are samples. Of MPEG audio, symphonia counts what it cuts off among the duration.
    pub(super) fn samples(&self, packet: &Packet, sample_rate: u32) -> Option<u64> {
        let base = self.time_base?;
        let are_samples = base.numer.get() == 1 && base.denom.get() == sample_rate;
        let cut = packet.trim_start.saturating_add(packet.trim_end);
        let cut = if self.is_mpeg() { cut } else { Duration::ZERO };
        are_samples.then(|| packet.dur.saturating_sub(cut).get())
    }

    /// How many samples at `sample_rate` are as long as `ticks`.
    pub(super) fn frames(&self, ticks: u64, sample_rate: u32) -> Option<u64> {
        let seconds = self.seconds(Duration::from(ticks))?;
        Some((seconds * f64::from(sample_rate)).round() as u64)
    }
}

/// As many samples at `sample_rate`.
pub(super) fn nanoseconds(count: u64, sample_rate: u32) -> u64 {
    (count as f64 * f64::from(sample_rate) / 1e9).round() as u64
}

fn audio_track(reader: &dyn FormatReader) -> Option<&Track> {
    reader
        .first_track_known_codec(TrackType::Audio)
        .or_else(|| reader.first_track(TrackType::Audio))
}

/// symphonia's message without the name of its module.
pub(super) fn plain(error: &Error) -> String {
    let text = match error {
        Error::DecodeError(text) | Error::Unsupported(text) | Error::LimitError(text) => text,
        other => return other.to_string(),
    };
    text.split_once(": ").map_or(*text, |(_, message)| message).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_do_not_name_modules() {
        assert_eq!(plain(&Error::DecodeError("mpa: invalid header")), "invalid header");
        assert_eq!(plain(&Error::Unsupported("no colon")), "no colon");
    }
}
