//! From packets to blocks of samples.

use std::ops::Range;

use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::errors::Error;

use super::demuxer::{Demuxer, Next, nanoseconds};
use super::guard::{gave_up, guarded};
use super::mix::Mixer;
use super::trim::Cut;
use super::{Damage, DecodeError, Options, Source, StreamInfo};
use crate::resample::Resampler;

/// Decodes a recording block by block.
pub struct Decoder {
    demuxer: Demuxer,
    codec: Box<dyn AudioDecoder>,
    mixer: Mixer,
    /// Where another sample rate was asked for; the buffer is what goes into it.
    resampler: Option<(Resampler, Vec<f32>)>,
    sample_rate: u32,
    channels: u16,
    info: StreamInfo,
    /// Samples of each channel that still come before the music.
    delay: u64,
    /// Samples of each channel so far.
    frames: u64,
    ended: bool,
}

impl Decoder {
    /// Reads the header.
    pub fn open(source: Box<dyn Source>, options: &Options) -> Result<Self, DecodeError> {
        let mut demuxer = Demuxer::open(source)?;
        let codec = demuxer.decoder()?;
        let info = demuxer.info(&*codec)?;
        let sample_rate = options.sample_rate.unwrap_or(info.sample_rate);
        let channels = if options.mono { 1 } else { info.channels };
        let resampler = (sample_rate != info.sample_rate)
            .then(|| (Resampler::new(info.sample_rate, sample_rate, channels), Vec::new()));
        Ok(Self {
            delay: demuxer.delay(info.sample_rate),
            demuxer,
            codec,
            mixer: Mixer::new(options.mono),
            resampler,
            sample_rate,
            channels,
            info,
            frames: 0,
            ended: false,
        })
    }

    /// What the recording says of itself.
    pub fn info(&self) -> &StreamInfo {
        &self.info
    }

    /// Of the samples that it gives, in Hz.
    pub fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// Of the samples that it gives, how many.
    pub fn channels(&self) -> u16 {
        self.channels
    }

    /// Samples of each channel that were decoded so far, before they are resampled.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// How many samples of each channel it gives for so many of the recording.
    pub fn given_for(&self, frames: u64) -> u64 {
        let (from, to) = (u128::from(self.info.sample_rate), u128::from(self.sample_rate));
        u64::try_from((u128::from(frames) * to).div_ceil(from.max(1))).unwrap_or(u64::MAX)
    }

    /// What was broken so far.
    pub fn damage(&self) -> &Damage {
        &self.demuxer.damage
    }

    /// Replaces `block` with the next samples, full scale from -1 to 1, channels interleaved;
    /// `false` at the end, when there are none.
    pub fn read(&mut self, block: &mut Vec<f32>) -> Result<bool, DecodeError> {
        let Some((mut resampler, mut native)) = self.resampler.take() else {
            return self.read_native(block);
        };
        block.clear();
        while block.is_empty() && !self.ended {
            if self.read_native(&mut native)? {
                resampler.push(&native, block);
            } else {
                resampler.finish(block);
            }
        }
        self.resampler = Some((resampler, native));
        Ok(!block.is_empty())
    }

    fn read_native(&mut self, block: &mut Vec<f32>) -> Result<bool, DecodeError> {
        block.clear();
        while !self.ended {
            let (packet, cut) = match self.demuxer.next()? {
                Next::Packet(packet, cut) => (packet, cut),
                Next::Restart => {
                    self.restart()?;
                    continue;
                }
                Next::End => {
                    self.end()?;
                    break;
                }
            };
            let codec = &mut self.codec;
            match guarded(|| codec.decode(&packet)) {
                Ok(decoded) => {
                    if !is_of(&decoded, &self.info) {
                        return Err(self.demuxer.changed(self.seconds()));
                    }
                    let kept = kept(decoded.frames(), cut, &self.demuxer, &self.info);
                    let kept = later(kept, &mut self.delay);
                    if kept.is_empty() {
                        continue;
                    }
                    self.frames += kept.len() as u64;
                    self.mixer.mix(&decoded, block);
                    shorten(block, &kept, usize::from(self.channels));
                    return Ok(true);
                }
                Err(Error::ResetRequired) => self.restart()?,
                Err(error) => {
                    self.demuxer.check_read()?;
                    self.demuxer.broken(packet.pts, &error);
                    if gave_up(&error) {
                        self.end()?;
                    }
                }
            }
        }
        Ok(false)
    }

    fn restart(&mut self) -> Result<(), DecodeError> {
        let seconds = self.seconds();
        self.codec = self.demuxer.go_on(&mut self.info, seconds)?;
        Ok(())
    }

    /// How much was decoded.
    fn seconds(&self) -> f64 {
        self.frames as f64 / f64::from(self.info.sample_rate)
    }

    fn end(&mut self) -> Result<(), DecodeError> {
        self.ended = true;
        if let Some(frames) = self.info.frames.filter(|frames| *frames > self.frames) {
            let missing = (frames - self.frames) as f64;
            self.demuxer.too_short(missing / f64::from(self.info.sample_rate))?;
            self.info.frames = Some(self.frames);
        }
        self.info.frames.get_or_insert(self.frames);
        let damage = &self.demuxer.damage;
        if self.frames == 0 && !damage.is_none() {
            return Err(DecodeError::Nothing(damage.clone()));
        }
        Ok(())
    }
}

/// Which of the `frames` of a packet are music.
fn kept(frames: usize, cut: Cut, demuxer: &Demuxer, info: &StreamInfo) -> Range<usize> {
    let of = |ticks| usize::try_from(demuxer.frames(ticks, info.sample_rate)?).ok();
    let start = of(cut.skip).unwrap_or(0).min(frames);
    let length = cut.keep.and_then(of).unwrap_or(usize::MAX);
    let padding = nanoseconds(cut.padding, info.sample_rate);
    let music = frames.saturating_sub(usize::try_from(padding).unwrap_or(usize::MAX));
    start..start.saturating_add(length).min(music).max(start)
}

/// The rest of `kept` after as much of it as `delay` still asks for.
fn later(kept: Range<usize>, delay: &mut u64) -> Range<usize> {
    let skipped = kept.len().min(usize::try_from(*delay).unwrap_or(usize::MAX));
    *delay -= skipped as u64;
    kept.start + skipped..kept.end
}

/// Leaves the frames `kept` in a block.
fn shorten(block: &mut Vec<f32>, kept: &Range<usize>, channels: usize) {
    block.truncate(kept.end * channels);
    block.drain(..(kept.start * channels).min(block.len()));
}

fn is_of(decoded: &GenericAudioBufferRef<'_>, info: &StreamInfo) -> bool {
    let spec = decoded.spec();
    decoded.frames() == 0
        || (spec.rate() == info.sample_rate
            && spec.channels().count() == usize::from(info.channels))
}
