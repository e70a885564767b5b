//! `tutti analyze`: the digital scores of recordings, without a flow.

mod in_turn;
mod recording;
mod text;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use tutti_audio::decode::{Decoder, Options};
use tutti_audio::score::{AnalyzeError, DigitalScore, analyze_decoded};

use crate::error::{CliError, FAILED, WRONG};
use crate::output::{self, Results, complain, say};
use recording::{Heard, Recording};

/// Tells the music of recordings: tempo, beats, metre, key, chords, notes, parts, loudness
///
/// Each recording is decoded once, several at a time; results come in the order of the files. What
/// a file cannot give is told, and the others go on.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  all were analysed\n  1  some could not be analysed\n  2  wrong \
                  usage, or an unreadable file\n\nExamples:\n  tutti analyze song.flac\n  tutti \
                  analyze --json music/*.mp3 > scores.jsonl"
)]
pub(crate) struct Analyze {
    /// The recordings: WAV, AIFF, CAF, FLAC, MP3, Ogg, AAC, MP4 or Matroska, told by content
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Prints the whole digital score of each as one line of JSON on standard output
    #[arg(long)]
    json: bool,
}

/// What is told of a recording.
#[derive(Serialize)]
struct Analyzed {
    /// The file, as it was named.
    file: String,
    /// What is broken in it, if anything is.
    damage: Option<String>,
    #[serde(flatten)]
    score: DigitalScore,
}

impl Analyze {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let heard = Heard::new(&self.files);
        let mut results = Results::new();
        let (mut told, mut failed, mut unreadable) = (0, 0, false);
        let tell = |analyzed: Result<Analyzed, CliError>| {
            match analyzed {
                Ok(analyzed) => {
                    if let Some(damage) = &analyzed.damage {
                        say(&format!("warning: \"{}\" is damaged: {damage}", analyzed.file));
                    }
                    if self.json {
                        results.json(&analyzed)?;
                    } else {
                        if told > 0 {
                            results.line("")?;
                        }
                        told += 1;
                        for line in text::lines(&analyzed.file, &analyzed.score) {
                            results.line(&line)?;
                        }
                    }
                    // Now, as the next may take minutes.
                    results.flush()?;
                }
                Err(error) => {
                    complain(&error);
                    failed += 1;
                    unreadable |= matches!(error, CliError::Read { .. });
                }
            }
            Ok(())
        };
        let files = self.files.clone().into_iter();
        let analyzed = in_turn::each(files, move |path| analyze(&path, &heard), tell);
        output::end_progress();
        analyzed?;
        results.finish()?;
        if failed > 0 && self.files.len() > 1 {
            say(&format!("{failed} of {} recordings could not be analysed", self.files.len()));
        }
        Ok(match (unreadable, failed) {
            (true, _) => WRONG.into(),
            (false, 1..) => FAILED.into(),
            _ => ExitCode::SUCCESS,
        })
    }
}

fn analyze(path: &Path, heard: &Heard) -> Result<Analyzed, CliError> {
    let read = |source| CliError::Read { path: path.to_owned(), source };
    let recording = Recording::open(path, heard).map_err(read)?;
    let failed =
        |error| CliError::Analyze { path: path.to_owned(), source: AnalyzeError::from(error) };
    let mut decoder = Decoder::open(Box::new(recording), &Options::default()).map_err(failed)?;
    let score = analyze_decoded(&mut decoder)
        .map_err(|source| CliError::Analyze { path: path.to_owned(), source })?;
    let damage = decoder.damage();
    let damage = (!damage.is_none()).then(|| damage.to_string());
    Ok(Analyzed { file: path.display().to_string(), damage, score })
}
