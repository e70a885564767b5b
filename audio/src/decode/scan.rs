//! A look at a recording without decoding it.

use super::demuxer::{Demuxer, Next};
use super::{Damage, DecodeError, Source, StreamInfo};

/// What a look at every packet tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Scanned {
    /// As the header says, and the length as the packets say.
    pub info: StreamInfo,
    /// What is broken in the container. Packets that only decoding shows to be broken are not
    /// among it.
    pub damage: Damage,
}

/// Reads the header and, without decoding, every packet.
pub fn scan(source: Box<dyn Source>) -> Result<Scanned, DecodeError> {
    let mut demuxer = Demuxer::open(source)?;
    let decoder = demuxer.decoder()?;
    let mut info = demuxer.info(&*decoder)?;
    let (mut packets, mut seconds) = (0_u64, Some(0.0));
    loop {
        match demuxer.next()? {
            Next::End => break,
            Next::Restart => {
                let decoder = demuxer.decoder()?;
                let next = demuxer.info(&*decoder)?;
                if (next.sample_rate, next.channels) != (info.sample_rate, info.channels) {
                    let offset = demuxer.offset();
                    return Err(DecodeError::Changed { seconds: seconds.unwrap_or(0.0), offset });
                }
                info.frames = None;
            }
            Next::Packet(packet) => {
                packets += 1;
                seconds = seconds.zip(demuxer.seconds(packet.dur)).map(|(sum, dur)| sum + dur);
            }
        }
    }
    let mut damage = std::mem::take(&mut demuxer.damage);
    if packets == 0 && !damage.is_none() {
        return Err(DecodeError::Nothing(damage));
    }
    // Packets count what an encoder adds at the ends, which the header leaves out; so the header is
    // believed as long as there are packets for it.
    let found = seconds.map(|seconds| (seconds * f64::from(info.sample_rate)).round() as u64);
    match (info.frames, found) {
        (Some(frames), Some(found)) if frames > found => {
            if damage.packets == 0 {
                damage.truncated_at.get_or_insert(demuxer.offset());
            }
            info.frames = Some(found);
        }
        (None, found) => info.frames = found,
        _ => {}
    }
    Ok(Scanned { info, damage })
}
