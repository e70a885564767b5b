//! A processor is run on samples in a process of its own: what it takes of memory and time is not
//! the server's, and it is ended when nobody waits for it any more.
//!
//! That process gets a flow, the values of its parameters and samples over its input, and says over
//! its output what came of it. What it may take is what its program gives itself before it begins.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use tutti_flowtest::{Sample, Sent, TrialError, Tried, try_processor};
use tutti_model::definition::FlowDefinition;
use tutti_model::document::Document;
use tutti_model::flowfile::Timestamp;
use tutti_runtime::{BulletinStatus, MeterStatus};
use tutti_sdk::Catalog;
use utoipa::ToSchema;

/// Bytes of content that are told.
const TOLD_BYTES_MAX: usize = 64 << 10;
/// The most results that are told.
const RESULTS_MAX: usize = 100;
/// Bytes of attributes that are told of one result.
const ATTRIBUTE_BYTES_MAX: usize = 64 << 10;
/// Bytes of a report.
const REPORT_BYTES_MAX: u64 = 32 << 20;
/// How long a trial may take, by the clock on the wall.
pub(crate) const TRIAL_MAX: Duration = Duration::from_mins(1);
/// How often it is looked whether somebody still waits.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A program that does nothing but call [`try_apart`], within limits of its own.
#[derive(Debug, Clone)]
pub struct TrialProgram {
    /// Where it is.
    pub path: PathBuf,
    /// What it is called with.
    pub arguments: Vec<OsString>,
    /// What its environment has besides ours.
    pub environment: &'static [(&'static str, &'static str)],
}

/// What is to be tried.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    /// The flow, as its file has it.
    pub(crate) flow: String,
    /// The values of its parameters.
    pub(crate) values: BTreeMap<String, String>,
    /// The path of the processor.
    pub(crate) processor: String,
    pub(crate) now_ms: i64,
    pub(crate) samples: Vec<JobSample>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct JobSample {
    pub(crate) attributes: BTreeMap<String, String>,
    /// In base64.
    content: String,
}

impl JobSample {
    pub(crate) fn new(attributes: BTreeMap<String, String>, content: &[u8]) -> Self {
        Self { attributes, content: STANDARD.encode(content) }
    }
}

/// What came of a trial.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrialReport)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// What the processor sent, in that order; the first hundred.
    sent: Vec<TrialResult>,
    /// How many it sent.
    sent_count: usize,
    /// How many flowfiles wait again, or still.
    left: u64,
    /// What it told, the first first.
    log: Vec<BulletinStatus>,
    /// How much it used of what it may use.
    meters: Vec<MeterStatus>,
    /// Why it did not come to an end, if it did not.
    #[schema(required)]
    unended: Option<String>,
    /// How long it took, in milliseconds.
    took_ms: u64,
}

/// A flowfile that a processor sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TrialResult {
    /// Where to.
    relationship: String,
    /// Its attributes; of very long ones the first.
    attributes: BTreeMap<String, String>,
    /// Bytes of its content.
    bytes: u64,
    /// Its content, at most 64 KiB of it; none where it is no text.
    #[schema(required)]
    text: Option<String>,
    /// Whether `text` is all of it.
    is_whole: bool,
    /// Why its content cannot be read, if it cannot.
    #[schema(required)]
    unread: Option<String>,
}

/// What the process answers: a report, or why there is none, with what to do.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Answer {
    Report(Report),
    Refused { why: String, help: Option<&'static str> },
}

/// The same as the server reads it, which hands the report on as it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Answered {
    Report(Box<serde_json::value::RawValue>),
    Refused { why: String, help: Option<String> },
}

/// Why a trial came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApartError {
    #[error("the program that tries processors cannot be started")]
    Start(#[source] io::Error),
    #[error("it took longer than {} seconds, and was ended", TRIAL_MAX.as_secs())]
    Slow,
    #[error("it needed more memory or time than a trial may, and was ended")]
    Died,
    #[error("nobody waits for it any more")]
    Unwanted,
}

/// Ends the process, whatever it does.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // One that is over cannot be killed, and is waited for all the same.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Has a job done by the program, until `unwanted` says that nobody waits for it. Blocks.
pub(crate) fn run(
    program: &TrialProgram,
    job: &Job,
    unwanted: &AtomicBool,
) -> Result<Answered, ApartError> {
    let job = serde_json::to_vec(job).map_err(|error| ApartError::Start(error.into()))?;
    let started = Command::new(&program.path)
        .args(&program.arguments)
        .envs(program.environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut process = Ended(started.map_err(ApartError::Start)?);
    let pipes = (process.0.stdin.take(), process.0.stdout.take());
    let (Some(mut to), Some(from)) = pipes else { return Err(ApartError::Died) };
    // Both end with the process: one writes into a pipe that is closed, the other reads its end.
    let asked = thread::spawn(move || to.write_all(&job));
    let answered = thread::spawn(move || {
        let mut answer = Vec::new();
        from.take(REPORT_BYTES_MAX).read_to_end(&mut answer).map(|_| answer)
    });
    let began = Instant::now();
    while !answered.is_finished() {
        if unwanted.load(Ordering::Relaxed) {
            return Err(ApartError::Unwanted);
        }
        if began.elapsed() >= TRIAL_MAX {
            return Err(ApartError::Slow);
        }
        thread::sleep(LOOK_EVERY);
    }
    drop(process);
    let _ = asked.join();
    let answer = answered.join().ok().and_then(Result::ok).ok_or(ApartError::Died)?;
    serde_json::from_slice(&answer).map_err(|_| ApartError::Died)
}

/// Does the job that comes over `input`, and says over `output` what came of it; for the process
/// that does only that. May take any memory and time, and die: who calls it has set limits.
///
/// # Errors
/// When nobody asks or waits any more.
pub fn try_apart(
    input: impl Read,
    mut output: impl Write,
    catalog: &Arc<Catalog>,
) -> io::Result<()> {
    let job: Job = serde_json::from_reader(input)?;
    let answer = match tried(job, catalog) {
        Ok(tried) => Answer::Report(report(tried)),
        Err((why, help)) => Answer::Refused { why, help },
    };
    serde_json::to_writer(&mut output, &answer)?;
    output.flush()
}

fn tried(job: Job, catalog: &Arc<Catalog>) -> Result<Tried, (String, Option<&'static str>)> {
    let Job { flow, values, processor, now_ms, samples } = job;
    let lost = |what: &str| (format!("{what} did not come whole"), None);
    let document = Document::parse(&flow, "").map_err(|_| lost("the flow"))?;
    let definition = FlowDefinition::parse(&document);
    let values = values.into_iter().collect();
    let resolved = tutti_model::validate_processor(&definition, &**catalog, &values, &processor);
    let processor = resolved.ok_or_else(|| lost("the processor"))?.map_err(|wrong| {
        let wrong: Vec<String> = wrong.into_iter().map(|one| one.message).collect();
        (wrong.join("; "), None)
    })?;
    let mut taken = Vec::with_capacity(samples.len());
    for JobSample { attributes, content } in samples {
        let content = STANDARD.decode(content).map_err(|_| lost("a sample"))?;
        taken.push(Sample { attributes, content: content.into() });
    }
    let flow = definition.name.value.clone();
    try_processor(catalog, &flow, Timestamp(now_ms), processor, taken).map_err(|error| {
        let help = match error {
            TrialError::Outside | TrialError::Service(_) => {
                Some("write a test of the flow, where something else stands for it")
            }
            TrialError::Source | TrialError::Unknown(_) | TrialError::Failed(_) => None,
        };
        (tutti_model::chain(&error), help)
    })
}

fn report(tried: Tried) -> Report {
    let Tried { sent, left, told, meters, unended, took } = tried;
    Report {
        sent_count: sent.len(),
        sent: sent.into_iter().take(RESULTS_MAX).map(result).collect(),
        left,
        log: told,
        meters,
        unended,
        took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
    }
}

fn result(sent: Sent) -> TrialResult {
    let bytes = sent.bytes();
    let (text, unread) = match sent.content() {
        Ok(content) => (told(&content), None),
        Err(why) => (None, Some(why)),
    };
    let is_whole = text.as_ref().is_some_and(|text| text.len() as u64 == bytes);
    let mut room = ATTRIBUTE_BYTES_MAX;
    let mut attributes = sent.attributes;
    attributes.retain(|name, value| {
        let left = room.checked_sub(name.len() + value.len());
        room = left.unwrap_or(room);
        left.is_some()
    });
    TrialResult { relationship: sent.relationship, attributes, bytes, text, is_whole, unread }
}

/// The beginning of it, if it is text: what was cut in the middle of a character, too.
fn told(content: &[u8]) -> Option<String> {
    let (shown, is_cut) = match content.get(..TOLD_BYTES_MAX) {
        Some(shown) => (shown, content.len() > TOLD_BYTES_MAX),
        None => (content, false),
    };
    match std::str::from_utf8(shown) {
        Ok(text) => Some(text.to_owned()),
        Err(error) if is_cut && error.error_len().is_none() => {
            let valid = shown.get(..error.valid_up_to())?;
            std::str::from_utf8(valid).ok().map(str::to_owned)
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_up_to_a_whole_character() {
        assert_eq!(told(b"abc").as_deref(), Some("abc"));
        assert_eq!(told(b"ab\xff"), None);
        assert_eq!(told("ä".repeat(5).as_bytes().split_at(9).0), None);
        let long = format!("a{}", "ä".repeat(TOLD_BYTES_MAX));
        let told = told(long.as_bytes()).unwrap_or_default();
        assert_eq!((told.len(), long.starts_with(&told)), (TOLD_BYTES_MAX - 1, true));
    }
}
