//! A look at a recording without decoding it.

use symphonia::core::units::Duration;

use super::demuxer::{Demuxer, Next};
use super::guard::guarded;
use super::{Damage, DecodeError, Source, StreamInfo};

/// What a look at every packet tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Scanned {
    /// As the header says, and the length as the packets say.
    pub info: StreamInfo,
    /// What is broken in the container. Packets that only decoding shows to be broken are not
    /// among it.
    pub damage: Damage,
    /// Samples of each channel that decoding gives, if no packet turns out to be broken; none where
    /// the container's times are too coarse to tell.
    pub decodable: Option<u64>,
}

/// Reads the header and, without decoding, every packet; of what is uncompressed and whole only the
/// last.
pub fn scan(source: Box<dyn Source>) -> Result<Scanned, DecodeError> {
    let mut demuxer = Demuxer::open(source)?;
    let mut decoder = demuxer.decoder()?;
    let mut info = demuxer.info(&*decoder)?;
    let is_pcm = demuxer.is_pcm(&info);
    if let Some(frames) = info.frames.filter(|frames| is_pcm && *frames > 0)
        && demuxer.is_whole(&mut *decoder, frames)?
    {
        return Ok(Scanned { info, damage: Damage::default(), decodable: Some(frames) });
    }
    let (mut packets, mut seconds, mut decodable) = (0_u64, Some(0.0), Some(0_u64));
    loop {
        match demuxer.next()? {
            Next::End => break,
            Next::Restart => decoder = demuxer.go_on(&mut info, seconds.unwrap_or(0.0))?,
            Next::Packet(packet, _) => {
                packets += 1;
                // Where such a file ends in the middle of a packet, symphonia counts all of it.
                let count = || guarded(|| Ok(decoder.decode(&packet)?.frames()));
                let found = is_pcm.then(count).map(|frames| frames.unwrap_or(0));
                let duration = found.map_or(packet.dur, |frames| Duration::from(frames as u64));
                let samples = match found {
                    Some(frames) => Some(frames as u64),
                    None => demuxer.samples(&packet, info.sample_rate),
                };
                decodable = decodable.zip(samples).and_then(|(sum, more)| sum.checked_add(more));
                seconds = seconds.zip(demuxer.seconds(duration)).map(|(sum, dur)| sum + dur);
            }
        }
    }
    if packets == 0 && !demuxer.damage.is_none() {
        return Err(DecodeError::Nothing(demuxer.damage));
    }
    // Packets count what an encoder adds at the ends, which the header leaves out; so the header is
    // believed as long as there are packets for it.
    let found = demuxer
        .span()
        .or(seconds)
        .map(|seconds| (seconds * f64::from(info.sample_rate)).round() as u64);
    match (info.frames, found) {
        (Some(frames), Some(found)) if frames > found => {
            demuxer.too_short((frames - found) as f64 / f64::from(info.sample_rate))?;
            info.frames = Some(found);
        }
        (None, found) => info.frames = found,
        _ => {}
    }
    Ok(Scanned { info, damage: demuxer.damage, decodable })
}
