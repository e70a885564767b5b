//! `ExtractFeatures`: turns a recording into features.
//!
//! Computes nothing itself: what a feature is stands in the audio library.

mod json;
mod lists;
mod metadata;
mod properties;
mod score;
mod statistics;
#[cfg(test)]
mod tests;
mod write_error;

use std::io::BufWriter;
use std::sync::Arc;

use tutti_audio::decode::{Damage, Decoder};
use tutti_audio::features::{Config, ExtractError, Extractor, Feature, Features};
use tutti_audio::score::DigitalScore;
use tutti_sdk::model::flowfile::{Content, FlowFile, core_attribute};
use tutti_sdk::{
    BuildContext, BuildError, ContentWriter, Description, FAILURE, ProcessError, Processor,
    SUCCESS, Session, async_trait,
};

use crate::audio::{self, Encoded, Recipe, SampleRate};
use crate::bounded::BUFFER_BYTES;
use lists::StatisticList;
use metadata::Metadata;
use properties::{ExtractFeaturesProperties, Output};
use write_error::WriteError;

/// Turns a recording into features.
pub(crate) struct ExtractFeatures(Arc<Settings>);

/// What one recording's work needs.
struct Settings {
    /// None where the digital score is wanted.
    config: Option<Config>,
    output: Output,
    statistics: StatisticList,
    has_metadata: bool,
    sr: Option<SampleRate>,
}

#[async_trait]
impl Processor for ExtractFeatures {
    type Properties = ExtractFeaturesProperties;

    fn describe() -> Description {
        Description {
            description: "\
Features, parameters and their defaults are librosa's, and so are the numbers: at a recording's \
own sample rate MFCC differ by less than 0.001. Channels are averaged first, as in \
`librosa.load(mono=True)`; loudness is that of each channel. Only `n_mfcc` has the default 13 \
instead of 20.\n\n\
By default the JSON is `{\"mfccs\": [13 numbers]}`, the means over time. With more than one \
statistic each feature is an object, as in `{\"mfccs\": {\"mean\": […], \"std\": […]}}`; a \
feature that is one number a frame is a number instead of a list. With **Output** `frames` it is \
`{\"sampleRate\": 44100, \"hopLength\": 512, \"frames\": [{\"time\": 0, \"mfccs\": […]}, \
…]}`, the time in seconds. What is told of the recording as a whole stands beside: `\"tempo\": \
120.2` (null in silence), `\"beat_track\": {\"tempo\": …, \"beats\": […]}`, \
`\"onset_detect\": […]` in seconds, and `\"loudness\": {\"integrated_lufs\": …}`.\n\n\
The preset `score` gives the [digital score](../score.md) instead.\n\n\
All features are computed in one pass: one decoding, one Fourier transform of each frame, one \
projection on mel bands. The recording is never held in memory, however long it is; what is \
needed of its frames again goes to a temporary file beyond 16 MB: for MFCC 45 kB a second at \
44,100 Hz. But `cqt`, `chroma_cqt`, `chroma_cens` and `tonnetz` need all samples in memory: \
recordings of more than 67,108,864 samples (25 minutes at 44,100 Hz) go to `failure`, and one \
near that takes 1 GB. The score keeps some 2 MB for each minute, and takes recordings of up to 4 \
hours.\n\n\
What **DecodeAudio** decodes on demand is decoded here, straight into the frames; a recording \
that did not pass it is decoded at its own sample rate. Damaged packets are left out, counted and \
reported.",
            tags: &[
                "audio", "music", "mfcc", "spectrum", "librosa", "feature", "mel", "analysis",
                "chroma", "tempo", "beat", "chord", "key", "loudness", "score",
            ],
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
                ("features.schema", "`tutti.features.v1`; not of the score."),
                ("features.names", "The features, by librosa's names, with commas between them."),
                ("features.frames", "How many frames there are."),
                ("features.sample.rate", "Of the samples that were analysed, in Hz."),
                ("features.hop.length", "Samples from one frame to the next."),
                ("score.schema", "`tutti.score.v1`, of the score."),
                ("score.tempo", "In beats a minute, where the score has a beat."),
                ("score.time.signature", "As `4/4`, where the score has a beat."),
                ("score.key", "As `F# minor`, where the score has a key."),
                ("score.loudness", "In LUFS, where the recording is not silent."),
            ],
            example_flow: Some("extract-features"),
            ..Description::transform("ExtractFeatures", "Turns a recording into features.")
        }
    }

    fn build(properties: ExtractFeaturesProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(Arc::new(Settings {
            config: properties.config()?,
            output: properties.output,
            statistics: properties.statistics,
            has_metadata: properties.metadata,
            sr: properties.sr,
        })))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        match self.extract(session, &flowfile).await {
            Ok(extracted) => {
                audio::report_damage(session, &mut flowfile, &extracted.damage);
                flowfile.set_attribute(core_attribute::MIME_TYPE, "application/json");
                match &extracted.said {
                    Said::Features(metadata) => metadata.write_to(&mut flowfile),
                    Said::Score(found) => score::write_to(found, &mut flowfile),
                }
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
    said: Said,
}

/// What attributes say.
enum Said {
    Features(Metadata),
    Score(Box<DigitalScore>),
}

impl ExtractFeatures {
    async fn extract(
        &self,
        session: &Session,
        flowfile: &FlowFile,
    ) -> Result<Extracted, ProcessError> {
        let Encoded { source, recipe, .. } = Encoded::open(session, flowfile)?;
        let (writer, settings) = (session.write()?, Arc::clone(&self.0));
        session.compute(move || settings.extract(source, recipe, writer)).await?
    }
}

impl Settings {
    fn extract(
        &self,
        source: audio::Stored,
        recipe: Recipe,
        writer: ContentWriter,
    ) -> Result<Extracted, ProcessError> {
        // Loudness alone is that of each channel.
        let is_of_channels =
            self.config.as_ref().is_none_or(|config| config.features.contains(&Feature::Loudness));
        let sample_rate = self.sr.map_or(recipe.sample_rate, |sr| sr.0);
        let recipe = Recipe { sample_rate, mono: recipe.mono || !is_of_channels, ..recipe };
        let mut decoder = audio::open(source, recipe)?;
        let mut writer = BufWriter::with_capacity(BUFFER_BYTES, writer);
        let said = if let Some(config) = &self.config {
            Said::Features(self.features(config, &mut decoder, &mut writer)?)
        } else {
            let found = score::score(&mut decoder)?;
            score::write_json(&mut writer, &found)?;
            Said::Score(Box::new(found))
        };
        let writer =
            writer.into_inner().map_err(|error| audio::cannot_write(error.into_error()))?;
        let content = writer.finish().map_err(audio::cannot_write)?;
        Ok(Extracted { content, damage: decoder.damage().clone(), said })
    }

    fn features(
        &self,
        config: &Config,
        decoder: &mut Decoder,
        writer: &mut BufWriter<ContentWriter>,
    ) -> Result<Metadata, ProcessError> {
        let mut features = extract(config, decoder)?;
        let metadata = Metadata::new(config, decoder.sample_rate(), &features);
        let written = match self.output {
            Output::Statistics => {
                let with = self.has_metadata.then_some(&metadata);
                json::write_statistics(writer, &mut features, &self.statistics, with)
            }
            Output::Frames => {
                json::write_frames(writer, &mut features, &metadata, self.has_metadata)
            }
        };
        written.map_err(WriteError::into_process_error)?;
        Ok(metadata)
    }
}

fn extract(config: &Config, decoder: &mut Decoder) -> Result<Features, ProcessError> {
    let (sample_rate, channels) = (decoder.sample_rate(), decoder.channels());
    let extractor = Extractor::with_channels(config, sample_rate, channels);
    let mut extractor = extractor.map_err(|error| {
        ProcessError::user(format!("cannot analyse a recording of {sample_rate} Hz"))
            .caused_by(error)
            .with_help("change the parameter, or let DecodeAudio resample")
    })?;
    let mut block = Vec::new();
    while decoder.read(&mut block).map_err(audio::cannot_decode)? {
        extractor.push(&block).map_err(cannot_extract)?;
    }
    extractor.finish().map_err(cannot_extract)
}

fn cannot_extract(error: ExtractError) -> ProcessError {
    match error {
        ExtractError::Temporary(error) => audio::cannot_keep(error),
        _ => ProcessError::user("cannot analyse the recording").caused_by(error),
    }
}
