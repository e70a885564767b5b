//! How many samples a packet can hold, whatever its container says of it.
//!
//! Containers state how long their packets are, and nothing but decoding shows that they lie. So
//! that a few bytes never stand for hours of music, no packet counts as longer than its encoding
//! allows: from here on every length is bounded by the bytes that are there.

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known as codec;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, TimeBase};

/// Samples of each channel in the longest packet of any encoding: a block of ADPCM in a WAV file,
/// whose length has 16 bits.
const FRAMES_MAX: u64 = 1 << 17;
/// Samples of each channel for which a byte can stand, of encodings that say with a few that a
/// packet is silent: FLAC and ALAC take 9 for 65,536.
const FRAMES_PER_BYTE_MAX: u64 = 1 << 13;
/// ISO/IEC 14496-3, section 4.5: symphonia decodes no core of 960 samples, nor what SBR adds.
const AAC_FRAMES: u64 = 1_024;
/// ISO/IEC 11172-3, section 2.4.2.1, of layers 2 and 3.
const MPEG_FRAMES: u64 = 1_152;
/// Vorbis I, section 4.3.8: half of two windows of 8,192.
const VORBIS_FRAMES_MAX: u64 = 4_096;

/// What a packet of a track can hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Capacity {
    /// Samples of each channel.
    frames_max: u64,
    /// Samples of each channel for so many bytes.
    density: (u64, u64),
    /// Of what is decoded, in Hz.
    sample_rate: u32,
    time_base: Option<TimeBase>,
}

impl Capacity {
    /// Of packets that are decoded with `parameters` by the decoder `name` to `channels` at
    /// `sample_rate`.
    pub(super) fn new(
        parameters: &AudioCodecParameters,
        name: &str,
        (sample_rate, channels): (u32, u16),
        time_base: Option<TimeBase>,
    ) -> Self {
        let channels = u64::from(channels.max(1));
        let stated = parameters.max_frames_per_packet.unwrap_or(FRAMES_MAX).min(FRAMES_MAX);
        let silent = (FRAMES_PER_BYTE_MAX, 1);
        let (frames_max, density) = match parameters.codec {
            codec::CODEC_ID_AAC => (AAC_FRAMES, silent),
            codec::CODEC_ID_MP1 | codec::CODEC_ID_MP2 | codec::CODEC_ID_MP3 => {
                (MPEG_FRAMES, silent)
            }
            codec::CODEC_ID_VORBIS => (VORBIS_FRAMES_MAX, silent),
            codec::CODEC_ID_ALAC => {
                let cookie = parameters.extra_data.as_deref().and_then(alac_frames);
                (cookie.unwrap_or(FRAMES_MAX).min(FRAMES_MAX), silent)
            }
            _ if name.starts_with("pcm_") => (u64::MAX, (1, channels * pcm_bytes(name))),
            // 4 bits a sample, and at most two that stand in the header of a block.
            _ if name.starts_with("adpcm") => (stated, (2, channels)),
            _ => (stated, silent),
        };
        Self { frames_max, density, sample_rate, time_base }
    }

    /// How many samples of each channel so many bytes can hold, as one packet.
    pub(super) fn frames(&self, bytes: u64) -> u64 {
        let (frames, bytes_each) = self.density;
        self.frames_max.min((bytes / bytes_each.max(1)).saturating_mul(frames))
    }

    /// Shortens what a packet says of its length to what it can hold, and says what that is, in
    /// samples of each channel.
    pub(super) fn limit(&self, packet: &mut Packet) -> u64 {
        let frames = self.frames(packet.data.len() as u64);
        let most = Duration::from(self.ticks(frames));
        for length in [&mut packet.dur, &mut packet.trim_start, &mut packet.trim_end] {
            *length = most.min(*length);
        }
        frames
    }

    /// In seconds.
    pub(super) fn seconds(&self, frames: u64) -> f64 {
        frames as f64 / f64::from(self.sample_rate.max(1))
    }

    /// As long as so many samples, rounded up.
    fn ticks(&self, frames: u64) -> u64 {
        let Some(base) = self.time_base else { return frames };
        let second = u128::from(base.numer.get()) * u128::from(self.sample_rate.max(1));
        let ticks = (u128::from(frames) * u128::from(base.denom.get())).div_ceil(second);
        u64::try_from(ticks).unwrap_or(u64::MAX)
    }
}

/// Parameters for which no decoder makes room for longer packets than there are.
pub(super) fn bounded(parameters: &AudioCodecParameters) -> AudioCodecParameters {
    let mut bounded = parameters.clone();
    bounded.max_frames_per_packet = bounded.max_frames_per_packet.map(|it| it.min(FRAMES_MAX));
    bounded
}

/// Bytes of a sample, by the bits in the name of its encoding; 1 of those that have none.
fn pcm_bytes(name: &str) -> u64 {
    let digits = name.trim_matches(|letter: char| !letter.is_ascii_digit());
    digits.parse().map_or(1, |bits: u64| (bits / 8).max(1))
}

/// Samples of each channel in a packet of ALAC, by its magic cookie, before which two headers may
/// stand.
fn alac_frames(mut cookie: &[u8]) -> Option<u64> {
    for header in [b"frma", b"alac"] {
        if cookie.get(4..8)? == header {
            cookie = cookie.get(12..)?;
        }
    }
    Some(u64::from(u32::from_be_bytes(cookie.get(..4)?.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use symphonia::core::codecs::audio::AudioCodecId;
    use symphonia::core::units::Timestamp;

    use super::*;

    fn capacity(id: AudioCodecId, name: &str, extra: &[u8]) -> Capacity {
        let mut parameters = AudioCodecParameters::new();
        parameters.for_codec(id).with_max_frames_per_packet(4_608).with_extra_data(extra.into());
        Capacity::new(&parameters, name, (44_100, 2), None)
    }

    #[test]
    fn a_packet_holds_what_its_encoding_allows() {
        let cookie = [&[0, 0, 0x10][..], &[0; 21]].concat();
        let wrapped = [&[0, 0, 0, 12][..], b"frmaalac", &[0, 0, 0, 36], b"alac\0\0\0\0", &cookie];
        for (id, name, extra, bytes, frames) in [
            (codec::CODEC_ID_AAC, "aac", &[][..], 9, 1_024),
            (codec::CODEC_ID_AAC, "aac", &[], 0, 0),
            (codec::CODEC_ID_MP3, "mp3", &[], 500, 1_152),
            (codec::CODEC_ID_VORBIS, "vorbis", &[], 500, 4_096),
            (codec::CODEC_ID_ALAC, "alac", &cookie, 500, 4_096),
            (codec::CODEC_ID_ALAC, "alac", &wrapped.concat(), 500, 4_096),
            (codec::CODEC_ID_ALAC, "alac", &[0xff; 24], 500, FRAMES_MAX),
            (codec::CODEC_ID_ALAC, "alac", &[], 1, FRAMES_PER_BYTE_MAX),
            (codec::CODEC_ID_FLAC, "flac", &[], 500, 4_608),
            (codec::CODEC_ID_PCM_S24LE, "pcm_s24le", &[], 6_001, 1_000),
            (codec::CODEC_ID_PCM_ALAW, "pcm_alaw", &[], 6_001, 3_000),
            (codec::CODEC_ID_ADPCM_MS, "adpcm_ms", &[], 100, 100),
            (codec::CODEC_ID_ADPCM_MS, "adpcm_ms", &[], 1 << 40, 4_608),
        ] {
            assert_eq!(capacity(id, name, extra).frames(bytes), frames, "{name}, {bytes} bytes");
        }
    }

    #[test]
    fn ticks_are_rounded_up() {
        let base = |numer, denom| NonZero::new(numer).zip(NonZero::new(denom));
        let limited = |numer, denom| {
            let time_base = base(numer, denom).map(|(numer, denom)| TimeBase::new(numer, denom));
            let of_aac = capacity(codec::CODEC_ID_AAC, "aac", &[]);
            let mut packet = Packet::new(1, Timestamp::ZERO, Duration::MAX, [1; 9]);
            assert_eq!(Capacity { time_base, ..of_aac }.limit(&mut packet), 1_024);
            packet.dur.get()
        };
        assert_eq!(limited(1, 44_100), 1_024);
        assert_eq!(limited(1, 88_200), 2_048);
        assert_eq!(limited(1, 1_000), 24);
        assert_eq!(limited(u32::MAX, 1), 1);
        assert_eq!(limited(0, 0), 1_024);
    }
}
