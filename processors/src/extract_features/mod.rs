//! `ExtractFeatures`: turns a recording into features as JSON.
//!
//! Computes nothing itself: what a feature is stands in the audio library.

mod json;
mod lists;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use tutti_audio::Error as ParameterError;
use tutti_audio::decode::{Damage, Decoder};
use tutti_audio::features::{Config, ExtractError, Extractor, Features};
use tutti_sdk::model::flowfile::{Content, FlowFile, core_attribute};
use tutti_sdk::model::spec::{PropertyError, ValueError};
use tutti_sdk::property::Choice;
use tutti_sdk::{
    BuildContext, BuildError, ContentWriter, Description, FAILURE, ProcessError, Processor,
    Properties, SUCCESS, Session, async_trait,
};

use crate::audio::{self, Encoded, Recipe};
use lists::{FeatureList, StatisticList};

/// What the JSON holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Output {
    /// Statistics over all frames.
    Statistics,
    /// Every frame.
    Frames,
}

/// The properties of [`ExtractFeatures`].
#[derive(Debug, Properties)]
pub(crate) struct ExtractFeaturesProperties {
    /// What to extract, separated by commas: `mfcc`, `melspectrogram`, `stft`,
    /// `spectral_centroid`, `spectral_bandwidth`, `spectral_rolloff`, `spectral_flatness`, `rms`,
    /// `zero_crossing_rate`.
    #[property(default = "mfcc", example = "mfcc, rms")]
    features: FeatureList,
    /// What the JSON holds.
    #[property(default = "statistics")]
    output: Output,
    /// What to tell of each value over all frames, separated by commas: `mean`, `std`, `min`,
    /// `max`.
    #[property(default = "mean", depends_on("Output", "statistics"), example = "mean, std")]
    statistics: StatisticList,
    /// Samples of a frame.
    #[property(name = "n_fft", default = "2048", min = 16, max = 65536)]
    n_fft: u32,
    /// Samples from one frame to the next.
    #[property(name = "hop_length", default = "512", min = 1, max = 65536)]
    hop_length: u32,
    /// Samples that the Hann window covers in the middle of a frame; all of it by default.
    #[property(name = "win_length", min = 1, max = 65536)]
    win_length: Option<u32>,
    /// Mel bands.
    #[property(name = "n_mels", default = "128", min = 1, max = 1024)]
    n_mels: u32,
    /// The lower end of the mel bands, in Hz.
    #[property(name = "fmin", default = "0", min = 0)]
    fmin: f64,
    /// The upper end of the mel bands, in Hz; half the sample rate by default.
    #[property(name = "fmax", min = 1)]
    fmax: Option<f64>,
    /// Coefficients of MFCC, at most as many as there are mel bands.
    #[property(name = "n_mfcc", default = "13", min = 1, max = 1024)]
    n_mfcc: u32,
    /// How much the higher coefficients are raised; 0 for not at all.
    #[property(name = "lifter", default = "0", min = 0)]
    lifter: f64,
    /// How far below the loudest band of the recording MFCC sees, in dB.
    #[property(name = "top_db", default = "80", min = 0)]
    top_db: f64,
    /// The share of the magnitude that lies below the rolloff, between 0 and 1.
    #[property(name = "roll_percent", default = "0.85", min = 0, max = 1)]
    roll_percent: f64,
}

/// Turns a recording into features as JSON.
pub(crate) struct ExtractFeatures(Arc<Settings>);

/// What one recording's work needs.
struct Settings {
    config: Config,
    features: FeatureList,
    output: Output,
    statistics: StatisticList,
}

#[async_trait]
impl Processor for ExtractFeatures {
    type Properties = ExtractFeaturesProperties;

    fn describe() -> Description {
        Description {
            description: "\
Features, parameters and their defaults are librosa's, and so are the numbers: at a recording's \
own sample rate MFCC differ by less than 0.001. Channels are averaged first, as in \
`librosa.load(mono=True)`. Only `n_mfcc` has the default 13 instead of 20.\n\n\
By default the JSON is `{\"mfccs\": [13 numbers]}`, the means over time. With more than one \
statistic each feature is an object, as in `{\"mfccs\": {\"mean\": […], \"std\": […]}}`; a \
feature that is one number a frame is a number instead of a list. With **Output** `frames` it is \
`{\"sampleRate\": 44100, \"hopLength\": 512, \"frames\": [{\"time\": 0, \"mfccs\": […]}, \
…]}`, the time in seconds.\n\n\
What **DecodeAudio** decodes on demand is decoded here, straight into the frames; a recording \
that did not pass it is decoded at its own sample rate. Damaged packets are left out, counted and \
reported. The recording is never held in memory as a whole.",
            tags: &["audio", "music", "mfcc", "spectrum", "librosa", "feature", "mel", "analysis"],
            relationships: &[
                (SUCCESS, "The features; attributes are those of the recording."),
                (
                    FAILURE,
                    "Recordings that could not be decoded or analysed, as they were picked up.",
                ),
            ],
            writes: &[
                (core_attribute::MIME_TYPE, "`application/json`."),
                (audio::DAMAGE, "What is broken in the recording, if anything is."),
            ],
            example_flow: Some("extract-features"),
            ..Description::transform("ExtractFeatures", "Turns a recording into features as JSON.")
        }
    }

    fn build(properties: ExtractFeaturesProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let whole = |value: u32| value as usize;
        let config = Config {
            features: properties.features.features().collect(),
            n_fft: whole(properties.n_fft),
            hop_length: whole(properties.hop_length),
            win_length: properties.win_length.map(whole),
            n_mels: whole(properties.n_mels),
            fmin: properties.fmin,
            fmax: properties.fmax,
            n_mfcc: whole(properties.n_mfcc),
            lifter: properties.lifter,
            top_db: properties.top_db,
            roll_percent: properties.roll_percent,
        };
        // What depends on the recording's rate cannot be said yet: any rate is high enough here.
        BuildError::unless_empty(config.mistakes(10_000_000).iter().map(misfit).collect())?;
        Ok(Self(Arc::new(Settings {
            config,
            features: properties.features,
            output: properties.output,
            statistics: properties.statistics,
        })))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        match self.extract(session, &flowfile).await {
            Ok(extracted) => {
                audio::report_damage(session, &mut flowfile, &extracted.damage);
                flowfile.set_attribute(core_attribute::MIME_TYPE, "application/json");
                session.set_content(&mut flowfile, extracted.content);
                session.transfer(flowfile, SUCCESS);
            }
            // It goes to `failure` as it was before it was to be decoded.
            Err(error) => session.fail_or_retry(flowfile, &error.of_content()),
        }
        Ok(())
    }
}

struct Extracted {
    content: Content,
    damage: Damage,
}

impl ExtractFeatures {
    async fn extract(
        &self,
        session: &Session,
        flowfile: &FlowFile,
    ) -> Result<Extracted, ProcessError> {
        let Encoded { source, recipe, .. } = Encoded::open(session, flowfile)?;
        let recipe = Recipe { mono: true, ..recipe };
        let (writer, settings) = (session.write()?, Arc::clone(&self.0));
        session.compute(move || settings.extract(source, recipe, writer)).await?
    }
}

impl Settings {
    fn extract(
        &self,
        source: audio::Stored,
        recipe: Recipe,
        mut writer: ContentWriter,
    ) -> Result<Extracted, ProcessError> {
        let mut decoder = audio::open(source, recipe)?;
        let (features, sample_rate) = self.features_of(&mut decoder)?;
        let written = match self.output {
            Output::Statistics => {
                json::statistics(&mut writer, features, &self.features, &self.statistics)
            }
            Output::Frames => {
                let hop_length = self.config.hop_length;
                json::frames(&mut writer, features, &self.features, sample_rate, hop_length)
            }
        };
        written.map_err(json::WriteError::into_process_error)?;
        let content = writer.finish().map_err(audio::cannot_write)?;
        Ok(Extracted { content, damage: decoder.damage().clone() })
    }

    fn features_of(&self, decoder: &mut Decoder) -> Result<(Features, u32), ProcessError> {
        let sample_rate = decoder.sample_rate();
        let mut extractor = Extractor::new(&self.config, sample_rate).map_err(|error| {
            ProcessError::user(format!("cannot analyse a recording of {sample_rate} Hz"))
                .caused_by(error)
                .with_help("change the parameter, or let DecodeAudio resample")
        })?;
        let mut block = Vec::new();
        while decoder.read(&mut block).map_err(audio::cannot_decode)? {
            extractor.push(&block).map_err(cannot_extract)?;
        }
        Ok((extractor.finish().map_err(cannot_extract)?, sample_rate))
    }
}

/// Properties have the names of the parameters.
fn misfit(error: &ParameterError) -> PropertyError {
    let refused = ValueError::new(error.to_string());
    let ParameterError::Parameter { parameter, .. } = error else {
        return PropertyError { properties: Vec::new(), error: refused };
    };
    let with = match *parameter {
        "n_mfcc" => Some("n_mels"),
        "win_length" => Some("n_fft"),
        "fmin" => Some("fmax"),
        _ => None,
    };
    PropertyError::together(*parameter, with, refused)
}

fn cannot_extract(error: ExtractError) -> ProcessError {
    match error {
        ExtractError::Temporary(error) => audio::cannot_keep(error),
        _ => ProcessError::user("cannot analyse the recording").caused_by(error),
    }
}
