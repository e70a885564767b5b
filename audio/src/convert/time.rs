//! Frames, samples, seconds and blocks.
//!
//! An `n_fft` is given for frames that are not centred: then a frame stands for its middle.

/// `librosa.frames_to_samples`: the sample at which a frame is centred.
pub fn frames_to_samples(frame: i64, hop_length: usize, n_fft: Option<usize>) -> i64 {
    let offset = n_fft.unwrap_or(0) / 2;
    frame.saturating_mul(hop_length as i64).saturating_add(offset as i64)
}

/// `librosa.samples_to_frames`: the last frame that is centred at or before a sample.
pub fn samples_to_frames(sample: i64, hop_length: usize, n_fft: Option<usize>) -> i64 {
    let offset = n_fft.unwrap_or(0) / 2;
    sample.saturating_sub(offset as i64).div_euclid((hop_length as i64).max(1))
}

/// `librosa.samples_to_time`, in seconds.
pub fn samples_to_time(sample: i64, sr: f64) -> f64 {
    sample as f64 / sr
}

/// `librosa.time_to_samples`: the sample at or towards zero from a time in seconds.
pub fn time_to_samples(time: f64, sr: f64) -> i64 {
    (time * sr) as i64
}

/// `librosa.frames_to_time`, in seconds.
pub fn frames_to_time(frame: i64, sr: f64, hop_length: usize, n_fft: Option<usize>) -> f64 {
    samples_to_time(frames_to_samples(frame, hop_length, n_fft), sr)
}

/// `librosa.time_to_frames` of a time in seconds.
pub fn time_to_frames(time: f64, sr: f64, hop_length: usize, n_fft: Option<usize>) -> i64 {
    samples_to_frames(time_to_samples(time, sr), hop_length, n_fft)
}

/// `librosa.blocks_to_frames`: the first frame of a block of `block_length` frames.
pub fn blocks_to_frames(block: i64, block_length: usize) -> i64 {
    block.saturating_mul(block_length as i64)
}

/// `librosa.blocks_to_samples`: the first sample of a block.
pub fn blocks_to_samples(block: i64, block_length: usize, hop_length: usize) -> i64 {
    frames_to_samples(blocks_to_frames(block, block_length), hop_length, None)
}

/// `librosa.blocks_to_time`, in seconds.
pub fn blocks_to_time(block: i64, block_length: usize, hop_length: usize, sr: f64) -> f64 {
    samples_to_time(blocks_to_samples(block, block_length, hop_length), sr)
}

/// `librosa.samples_like`: the samples at which the first `frames` frames are centred.
pub fn samples_like(frames: usize, hop_length: usize, n_fft: Option<usize>) -> Vec<i64> {
    (0..frames as i64).map(|frame| frames_to_samples(frame, hop_length, n_fft)).collect()
}

/// `librosa.times_like`: the same in seconds.
pub fn times_like(frames: usize, sr: f64, hop_length: usize, n_fft: Option<usize>) -> Vec<f64> {
    (0..frames as i64).map(|frame| frames_to_time(frame, sr, hop_length, n_fft)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_overflows() {
        assert_eq!(frames_to_samples(i64::MAX, usize::MAX >> 1, None), i64::MAX);
        assert_eq!(samples_to_frames(5, 0, None), 5);
        assert_eq!(samples_to_frames(-1, 512, None), -1);
        assert_eq!(time_to_samples(f64::NAN, 22_050.0), 0);
    }
}
