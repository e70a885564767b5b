//! `ExtractFeatures`: turns a recording into features.
//!
//! Computes nothing itself: what a feature is stands in the audio library.

mod compact;
mod json;
mod lists;
mod metadata;
mod properties;
mod score;
mod statistics;
mod table;
#[cfg(test)]
mod tests;
mod tiles;
mod write_error;

use std::io::BufWriter;
use std::sync::Arc;

use tutti_audio::decode::{Damage, Decoder};
use tutti_audio::features::{Config, ExtractError, Extractor, Feature, Features};
use tutti_audio::score::DigitalScore;
use tutti_sdk::model::flowfile::{Content, FlowFile, core_attribute};
use tutti_sdk::{
    BuildContext, BuildError, ContentWriter, Description, FAILURE, Makes, ProcessError, Processor,
    SUCCESS, Session, async_trait,
};

use crate::audio::{self, Encoded, Recipe, SampleRate};
use crate::bounded::BUFFER_BYTES;
use crate::fragments;
use lists::StatisticList;
use metadata::Metadata;
use properties::{ExtractFeaturesProperties, Format, Output};
use table::TableFormat;
use tiles::Tiles;
use write_error::WriteError;

/// Turns a recording into features.
pub(crate) struct ExtractFeatures(Arc<Settings>);

/// What one recording's work needs.
struct Settings {
    /// None where the digital score is wanted.
    config: Option<Config>,
    output: Output,
    format: Format,
    tile_width: usize,
    statistics: StatisticList,
    has_metadata: bool,
    update_filename: bool,
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
With **Format** `Arrow` or `Parquet` frames are rows of a table with the column `time`, and \
statistics are rows with the column `statistic`; a feature with several values is a list of fixed \
size. The file's metadata, `tutti`, is the metadata of JSON. Parquet is compressed with zstd, in \
row groups of some 8 MB. The score is one row, whose columns `beats`, \
`chords`, `notes`, `melody`, `sections`, `loudness` and others are lists of rows, all in seconds \
from the beginning: rows of many recordings may stand in one table.\n\n\
For eyes there are `compact JSON`, with a byte for each value, from `lowest` to `highest`, frame \
by frame, in base64 (`tutti.levels.v1`); and `PNG`, images in greys with a column for each frame \
and the lowest row at the bottom, as tiles that are flowfiles of their own. Powers and magnitudes \
are shown in decibels, down to **top_db** below the loudest.\n\n\
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
            accepts: &["audio/*", "video/*", "application/ogg"],
            makes: const {
                &[
                    Makes::of(SUCCESS, "application/json")
                        .when("Format", &["JSON", "compact JSON"]),
                    Makes::of(SUCCESS, "application/vnd.apache.arrow.file")
                        .when("Format", &["Arrow"]),
                    Makes::of(SUCCESS, "application/vnd.apache.parquet")
                        .when("Format", &["Parquet"]),
                    Makes::of(SUCCESS, "image/png").when("Format", &["PNG"]),
                ]
            },
            relationships: &[
                (
                    SUCCESS,
                    "The features; attributes are those of the recording. Of images each tile, and \
                     the recording ends.",
                ),
                (
                    FAILURE,
                    "Recordings that could not be decoded or analysed, as they were picked up.",
                ),
            ],
            writes: &[
                (
                    core_attribute::MIME_TYPE,
                    "`application/json`, `application/vnd.apache.arrow.file`, \
                     `application/vnd.apache.parquet` or `image/png`.",
                ),
                (audio::DAMAGE, "What is broken in the recording, if anything is."),
                ("features.schema", "`tutti.features.v1`; not of the score."),
                ("features.names", "The features, by librosa's names, with commas between them."),
                ("features.frames", "How many frames there are."),
                ("features.sample.rate", "Of the samples that were analysed, in Hz."),
                ("features.hop.length", "Samples from one frame to the next."),
                (fragments::IDENTIFIER, "The same for all tiles of a recording."),
                (fragments::INDEX, "The number of the tile, from 0."),
                (fragments::COUNT, "How many tiles there are."),
                (fragments::ORIGINAL_FILENAME, "The `filename` of the recording, on a tile."),
                (
                    core_attribute::FILENAME,
                    "That of the recording, with `.json`, `.arrow` or `.parquet` behind it, by \
                     **Update Filename**; of a tile with a number and `.png`.",
                ),
                (tiles::START, "When the first frame of the tile is, in seconds."),
                (tiles::END, "When the frame behind the last of the tile is, in seconds."),
                (tiles::LOWEST, "What black is, in dB or in the feature's unit."),
                (tiles::HIGHEST, "What white is."),
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
            format: properties.format,
            tile_width: properties.tile_width as usize,
            statistics: properties.statistics,
            has_metadata: properties.metadata,
            update_filename: properties.update_filename,
            sr: properties.sr,
        })))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        match self.extract(session, &flowfile).await {
            Ok(extracted) => {
                audio::report_damage(session, &mut flowfile, &extracted.damage);
                flowfile.set_attribute(core_attribute::MIME_TYPE, self.0.format.mime_type());
                match &extracted.said {
                    Said::Features(metadata, _) => metadata.write_to(&mut flowfile),
                    Said::Score(found) => score::write_to(found, &mut flowfile),
                }
                if let Said::Features(_, Some(tiles)) = &extracted.said {
                    tiles.send(session, flowfile, &extracted.content)?;
                } else {
                    self.0.rename(&mut flowfile);
                    session.set_content(&mut flowfile, extracted.content);
                    session.transfer(flowfile, SUCCESS);
                }
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
    Features(Metadata, Option<Tiles>),
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
            let (metadata, tiles) = self.features(config, &mut decoder, &mut writer)?;
            Said::Features(metadata, tiles)
        } else {
            let found = score::score(&mut decoder)?;
            let table = match self.format {
                Format::Arrow => Some(TableFormat::Arrow),
                Format::Parquet => Some(TableFormat::Parquet),
                Format::Json | Format::Compact | Format::Png => None,
            };
            if let Some(format) = table {
                let written = table::write_score((&mut writer, format), &found);
                written.map_err(WriteError::into_process_error)?;
            } else {
                score::write_json(&mut writer, &found)?;
            }
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
    ) -> Result<(Metadata, Option<Tiles>), ProcessError> {
        let mut features = extract(config, decoder)?;
        let metadata = Metadata::new(config, decoder.sample_rate(), &features);
        let tiles = self.write(&mut features, &metadata, config.top_db, writer);
        Ok((metadata, tiles.map_err(WriteError::into_process_error)?))
    }

    fn write(
        &self,
        features: &mut Features,
        metadata: &Metadata,
        top_db: f64,
        out: &mut BufWriter<ContentWriter>,
    ) -> Result<Option<Tiles>, WriteError> {
        match (self.format, self.output) {
            (Format::Json, Output::Statistics) => {
                let with = self.has_metadata.then_some(metadata);
                json::write_statistics(out, features, &self.statistics, with)?;
            }
            (Format::Json, Output::Frames) => {
                json::write_frames(out, features, metadata, self.has_metadata)?;
            }
            (Format::Arrow, _) => {
                self.write_table(features, metadata, (out, TableFormat::Arrow))?;
            }
            (Format::Parquet, _) => {
                self.write_table(features, metadata, (out, TableFormat::Parquet))?;
            }
            (Format::Compact, _) => compact::write(out, features, metadata, top_db)?,
            (Format::Png, _) => {
                let tiles = tiles::write(out, features, metadata, (self.tile_width, top_db))?;
                return Ok(Some(tiles));
            }
        }
        Ok(None)
    }

    fn write_table(
        &self,
        features: &mut Features,
        metadata: &Metadata,
        out: (&mut BufWriter<ContentWriter>, TableFormat),
    ) -> Result<(), WriteError> {
        match self.output {
            Output::Statistics => {
                table::write_statistics(out, features, &self.statistics, metadata)
            }
            Output::Frames => table::write_frames(out, features, metadata),
        }
    }

    fn rename(&self, flowfile: &mut FlowFile) {
        let filename = flowfile.attribute(core_attribute::FILENAME);
        if let Some(filename) = filename.filter(|_| self.update_filename) {
            let renamed = format!("{filename}{}", self.format.ending());
            flowfile.set_attribute(core_attribute::FILENAME, renamed);
        }
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
