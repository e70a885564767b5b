//! The features that a plan may have.

/// A feature of every frame, or of a recording as a whole. Names are librosa's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// `librosa.feature.mfcc`: `n_mfcc` coefficients.
    Mfcc,
    /// `librosa.feature.melspectrogram`: power in `n_mels` bands.
    Melspectrogram,
    /// The magnitude of `librosa.stft`: `1 + n_fft / 2` bins.
    Stft,
    /// The magnitude of `librosa.cqt`: 84 bins from C1 on, 12 an octave.
    Cqt,
    /// `librosa.feature.chroma_stft`: `n_chroma` classes.
    ChromaStft,
    /// `librosa.feature.chroma_cqt`: `n_chroma` classes.
    ChromaCqt,
    /// `librosa.feature.chroma_cens`: `n_chroma` classes.
    ChromaCens,
    /// `librosa.feature.tonnetz`: 6 coordinates.
    Tonnetz,
    /// `librosa.feature.spectral_centroid`: the mean frequency, in Hz.
    SpectralCentroid,
    /// `librosa.feature.spectral_bandwidth` with `p = 2`: the spread around the centroid, in Hz.
    SpectralBandwidth,
    /// `librosa.feature.spectral_contrast`: peaks over valleys in `n_bands + 1` bands, in dB.
    SpectralContrast,
    /// `librosa.feature.spectral_flatness`: from 0, a tone, to 1, white noise.
    SpectralFlatness,
    /// `librosa.feature.spectral_rolloff`: below it lies `roll_percent` of the magnitude, in Hz.
    SpectralRolloff,
    /// `librosa.feature.poly_features`: `order + 1` coefficients, the highest power first.
    PolyFeatures,
    /// `librosa.feature.rms`: the root of the mean square of the samples.
    Rms,
    /// `librosa.feature.zero_crossing_rate`: the share of samples that change sign, from 0 to 1.
    ZeroCrossingRate,
    /// `librosa.onset.onset_strength`: how much the mel bands rise, in dB.
    OnsetStrength,
    /// `librosa.feature.tempogram`: how much onsets come again after 0 to 383 frames, from 0 to 1.
    Tempogram,
    /// `librosa.feature.tempo` of all of a recording, in beats a minute.
    Tempo,
    /// `librosa.beat.beat_track` of a recording: its tempo, and its beats in seconds.
    BeatTrack,
    /// `librosa.onset.onset_detect` of a recording: in seconds.
    OnsetDetect,
    /// Loudness of a recording by EBU R 128.
    Loudness,
}

impl Feature {
    /// All that there are.
    pub const ALL: [Self; 22] = [
        Self::Mfcc,
        Self::Melspectrogram,
        Self::Stft,
        Self::Cqt,
        Self::ChromaStft,
        Self::ChromaCqt,
        Self::ChromaCens,
        Self::Tonnetz,
        Self::SpectralCentroid,
        Self::SpectralBandwidth,
        Self::SpectralContrast,
        Self::SpectralFlatness,
        Self::SpectralRolloff,
        Self::PolyFeatures,
        Self::Rms,
        Self::ZeroCrossingRate,
        Self::OnsetStrength,
        Self::Tempogram,
        Self::Tempo,
        Self::BeatTrack,
        Self::OnsetDetect,
        Self::Loudness,
    ];

    /// Its name in librosa.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mfcc => "mfcc",
            Self::Melspectrogram => "melspectrogram",
            Self::Stft => "stft",
            Self::Cqt => "cqt",
            Self::ChromaStft => "chroma_stft",
            Self::ChromaCqt => "chroma_cqt",
            Self::ChromaCens => "chroma_cens",
            Self::Tonnetz => "tonnetz",
            Self::SpectralCentroid => "spectral_centroid",
            Self::SpectralBandwidth => "spectral_bandwidth",
            Self::SpectralContrast => "spectral_contrast",
            Self::SpectralFlatness => "spectral_flatness",
            Self::SpectralRolloff => "spectral_rolloff",
            Self::PolyFeatures => "poly_features",
            Self::Rms => "rms",
            Self::ZeroCrossingRate => "zero_crossing_rate",
            Self::OnsetStrength => "onset_strength",
            Self::Tempogram => "tempogram",
            Self::Tempo => "tempo",
            Self::BeatTrack => "beat_track",
            Self::OnsetDetect => "onset_detect",
            Self::Loudness => "loudness",
        }
    }

    /// What its values are measured in; nothing where they are numbers alone.
    pub fn unit(self) -> &'static str {
        match self {
            Self::SpectralCentroid | Self::SpectralBandwidth | Self::SpectralRolloff => "Hz",
            Self::SpectralContrast | Self::OnsetStrength => "dB",
            Self::Tempo => "beats per minute",
            Self::BeatTrack | Self::OnsetDetect => "s",
            Self::Loudness => "LUFS",
            _ => "",
        }
    }

    /// Whether it is one number a frame, not a list of them.
    pub fn is_scalar(self) -> bool {
        self.is_of_magnitudes() && !matches!(self, Self::SpectralContrast | Self::PolyFeatures)
            || matches!(self, Self::Rms | Self::ZeroCrossingRate | Self::OnsetStrength)
    }

    /// Whether it is told once for a recording, not frame by frame.
    pub fn is_of_recording(self) -> bool {
        matches!(self, Self::Tempo | Self::BeatTrack | Self::OnsetDetect | Self::Loudness)
    }

    /// Whether it needs all samples of a recording at once, in memory.
    pub fn needs_all_samples(self) -> bool {
        matches!(self, Self::Cqt | Self::ChromaCqt | Self::ChromaCens | Self::Tonnetz)
    }

    /// Whether it is made of the magnitudes of a frame's bins alone.
    pub(super) fn is_of_magnitudes(self) -> bool {
        matches!(
            self,
            Self::SpectralCentroid
                | Self::SpectralBandwidth
                | Self::SpectralContrast
                | Self::SpectralFlatness
                | Self::SpectralRolloff
                | Self::PolyFeatures
        )
    }

    /// Whether it is made of how much the mel bands rise.
    pub(super) fn is_of_onsets(self) -> bool {
        matches!(
            self,
            Self::OnsetStrength
                | Self::Tempogram
                | Self::Tempo
                | Self::BeatTrack
                | Self::OnsetDetect
        )
    }
}
