//! What a container says that symphonia does not tell.
//!
//! Read beside it from the same bytes, once, before the first packet.

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_VORBIS;
use symphonia::core::formats::well_known as format;
use symphonia::core::formats::{FormatReader, Track};
use symphonia::core::packet::Packet;
use symphonia::core::units::Duration;

use super::ogg::LastPage;
use super::source::Watched;
use super::trim::{Cut, Window};
use super::{DecodeError, matroska, mp4, ogg, riff, tags};

/// What a container says that symphonia does not tell.
#[derive(Default)]
pub(super) struct Container {
    /// Of an Ogg stream.
    pub(super) last_page: Option<LastPage>,
    /// Of MPEG-4: what of the track is music.
    pub(super) window: Option<Window>,
    /// Of Matroska: nanoseconds of what is decoded before the music.
    pub(super) delay: u64,
    /// Of Matroska: nanoseconds of the last packet behind the music.
    pub(super) padding: u64,
}

impl Container {
    /// Reads what it says of `track`, and adds to the recording's tags.
    pub(super) fn read(
        reader: &dyn FormatReader,
        track: &Track,
        tags: &mut Vec<(String, String)>,
        watch: &Watched,
    ) -> Result<Self, DecodeError> {
        let mut found = Self::default();
        match reader.format_info().format {
            format::FORMAT_ID_OGG => {
                let tail = watch.tail(ogg::PAGE_MAX)?;
                found.last_page = tail.and_then(|tail| ogg::last_page(&tail));
            }
            format::FORMAT_ID_ISOMP4 => {
                let movie = watch.look(|mut source| mp4::movie(&mut source, track.id))?;
                // What iTunes notes are samples; symphonia counts frames only where ticks are such.
                let notes: &[_] = if track.num_frames.is_some() { tags } else { &[] };
                let total = track.duration.map(Duration::get);
                found.window = Some(Window::new(movie, total, notes));
            }
            format::FORMAT_ID_WAVE => watch.look(|mut source| riff::read(&mut source, tags))?,
            format::FORMAT_ID_MKV => {
                let segment = watch.look(|mut source| matroska::segment(&mut source, track.id))?;
                // What comes before the music in Vorbis is what its first packet would give alone,
                // and no decoder gives that.
                found.delay = if is_vorbis(track) { 0 } else { segment.delay };
                found.padding = segment.padding;
                if let Some(title) = segment.title {
                    tags::append(tags, "title", &title);
                }
            }
            _ => {}
        }
        Ok(found)
    }

    /// Whether the last packet is not like the others.
    pub(super) fn has_last_packet(&self) -> bool {
        self.padding > 0 || self.window.is_some_and(Window::is_open)
    }

    /// What is left out of the last packet, too: whatever is decoded beyond its duration, or what
    /// is said to lie behind the music.
    pub(super) fn cut_last(&self, packet: &Packet, cut: &mut Cut) {
        cut.padding = self.padding;
        if self.window.is_some_and(Window::is_open) {
            cut.keep = Some(packet.dur.get());
        }
    }
}

fn is_vorbis(track: &Track) -> bool {
    matches!(&track.codec_params, Some(CodecParameters::Audio(it)) if it.codec == CODEC_ID_VORBIS)
}
