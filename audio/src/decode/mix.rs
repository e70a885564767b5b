//! From the channels of a packet to what was asked for.

use symphonia::core::audio::GenericAudioBufferRef;

/// Interleaves the channels of a packet, or averages them.
pub(super) struct Mixer {
    mono: bool,
    planes: Vec<Vec<f32>>,
}

impl Mixer {
    pub(super) fn new(mono: bool) -> Self {
        Self { mono, planes: Vec::new() }
    }

    /// Replaces `samples` with those of `packet`.
    pub(super) fn mix(&mut self, packet: &GenericAudioBufferRef<'_>, samples: &mut Vec<f32>) {
        if !self.mono || packet.num_planes() == 1 {
            packet.copy_to_vec_interleaved(samples);
            return;
        }
        packet.copy_to_vecs_planar(&mut self.planes);
        samples.clear();
        let Some((first, others)) = self.planes.split_first() else { return };
        samples.extend_from_slice(first);
        for plane in others {
            for (sample, other) in samples.iter_mut().zip(plane) {
                *sample += other;
            }
        }
        let count = self.planes.len() as f32;
        for sample in samples {
            *sample /= count;
        }
    }
}
