//! What a recording says of itself.

use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known as codec;
use symphonia::core::formats::FormatId;
use symphonia::core::formats::well_known as format;

/// What a recording says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamInfo {
    /// The encoding, such as `mp3`, `flac`, `vorbis` or `pcm_s16le`.
    pub codec: &'static str,
    /// What the encoding is wrapped in, such as `wave` or `ogg`.
    pub container: &'static str,
    /// The media type of the container, such as `audio/flac`.
    pub mime_type: &'static str,
    /// In Hz.
    pub sample_rate: u32,
    /// How many.
    pub channels: u16,
    /// Samples of each channel, without what an encoder adds at the ends. Where the container does
    /// not say, unknown until all is decoded; a look gives what the times of its packets say, which
    /// Matroska rounds to milliseconds.
    pub frames: Option<u64>,
    /// Bits of a sample, where the encoding has such.
    pub bits_per_sample: Option<u32>,
    /// Names in lower case, such as `title` and `artist`, and values.
    pub tags: Vec<(String, String)>,
}

pub(super) fn mime_type(id: FormatId) -> &'static str {
    match id {
        format::FORMAT_ID_WAVE => "audio/wav",
        format::FORMAT_ID_AIFF => "audio/aiff",
        format::FORMAT_ID_CAF => "audio/x-caf",
        format::FORMAT_ID_MP1 | format::FORMAT_ID_MP2 | format::FORMAT_ID_MP3 => "audio/mpeg",
        format::FORMAT_ID_ADTS => "audio/aac",
        format::FORMAT_ID_OGG => "audio/ogg",
        format::FORMAT_ID_FLAC => "audio/flac",
        format::FORMAT_ID_ISOMP4 => "audio/mp4",
        format::FORMAT_ID_MKV => "audio/x-matroska",
        _ => "application/octet-stream",
    }
}

/// The name of an encoding that is known, but that nothing here decodes.
pub(super) fn undecoded(id: AudioCodecId) -> Option<&'static str> {
    Some(match id {
        codec::CODEC_ID_OPUS => "opus",
        codec::CODEC_ID_SPEEX => "speex",
        codec::CODEC_ID_AC3 => "ac3",
        codec::CODEC_ID_EAC3 => "eac3",
        codec::CODEC_ID_DCA => "dts",
        codec::CODEC_ID_WMA => "wma",
        codec::CODEC_ID_WAVPACK => "wavpack",
        codec::CODEC_ID_MUSEPACK => "musepack",
        codec::CODEC_ID_MONKEYS_AUDIO => "monkey's audio",
        _ => return None,
    })
}

/// Whether samples have no bits of their own in it.
pub(super) fn is_lossy(id: AudioCodecId) -> bool {
    [
        codec::CODEC_ID_AAC,
        codec::CODEC_ID_MP1,
        codec::CODEC_ID_MP2,
        codec::CODEC_ID_MP3,
        codec::CODEC_ID_VORBIS,
    ]
    .contains(&id)
}
