//! What a run came to, for people and for scripts.

use serde::Serialize;
use tutti_model::valid::Course;
use tutti_runtime::{
    BulletinStatus, FailureStatus, FlowCounts, FlowOutcome, LeftOver, Outcome, PlaceStatus,
    ProcessorStatus, Status, Stuck,
};
use tutti_store::outline;

use crate::error::CliError;
use crate::output::{Results, say};

/// Names of flowfiles that are told with what they failed of.
const NAMES_MAX: usize = 10;

/// What a run came to. Its JSON is what `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    #[serde(flatten)]
    status: Status,
    /// Whether nothing failed.
    ok: bool,
    /// Queues with flowfiles of connections that the flow does not have any more.
    left_over: Vec<LeftOver>,
    /// Records that cannot be used and were put aside by this run.
    put_aside: usize,
    /// All records that are put aside.
    quarantined: usize,
    /// Flowfiles whose records went missing.
    vanished: u64,
    /// All flowfiles that are parked, as the process died over them.
    parked_in_all: u64,
    /// Processors that could not be started, with why. The JSON has it with each processor.
    #[serde(skip)]
    not_started: Vec<(String, String)>,
    /// Connections that still hold flowfiles, with how many. The JSON has it with each connection.
    #[serde(skip)]
    waiting: Vec<(String, u64)>,
    /// Of these, how many were tried in vain. The JSON has it with each connection.
    #[serde(skip)]
    in_vain: Vec<(String, u64)>,
}

impl Summary {
    /// Sums up a run that ended so; none of one whose flow did not come to be.
    pub(crate) fn new(outcome: Outcome) -> Option<Self> {
        let ok = outcome.is_ok();
        let Outcome { mut flows, put_aside, put_aside_before, vanished, parked, .. } = outcome;
        let FlowOutcome { status, stuck } = flows.pop()?;
        let quarantined = put_aside + put_aside_before;
        let Stuck { not_started, waiting, in_vain, left_over, shortage: _ } = stuck;
        Some(Self {
            status,
            ok,
            left_over,
            put_aside,
            quarantined,
            vanished,
            parked_in_all: parked,
            not_started,
            waiting,
            in_vain,
        })
    }

    pub(crate) fn is_ok(&self) -> bool {
        self.ok
    }

    /// How far the run came.
    pub(crate) fn counts(&self) -> FlowCounts {
        self.status.flowfiles
    }

    /// Whether nothing came in and nothing went out.
    pub(crate) fn is_idle(&self) -> bool {
        self.status.flowfiles == FlowCounts::default()
    }

    /// A table of what came out where on standard output, then what went wrong on standard error.
    pub(crate) fn tell(&self, course: &Course) -> Result<(), CliError> {
        let mut results = Results::new();
        let mut processors: Vec<_> = self.status.processors.iter().collect();
        processors.sort_by_key(|processor| course.position(&processor.path));
        for line in table(&processors) {
            results.line(&line)?;
        }
        for line in places(&processors).into_iter().chain(counters(&processors)) {
            results.line(&line)?;
        }
        results.line("")?;
        results.line(&self.status.flowfiles.to_string())?;
        if self.quarantined > 0 {
            let Self { put_aside, quarantined, .. } = self;
            results.line(&format!("records put aside: {put_aside} now, {quarantined} in all"))?;
        }
        if self.vanished > 0 {
            results.line(&format!("flowfiles whose records vanished: {}", self.vanished))?;
        }
        if self.parked_in_all > 0 {
            let now = self.status.flowfiles.parked;
            let all = self.parked_in_all;
            results.line(&format!("flowfiles parked: {now} now, {all} in all"))?;
        }
        results.finish()?;
        self.complain();
        Ok(())
    }

    fn complain(&self) {
        // They come newest first.
        let bulletins = self.status.bulletins.iter().rev();
        let mut shown = 0;
        // What is still tried again is a warning, and the reason for what waits.
        let is_reason = |level| level == "error" || level == "warning" && !self.waiting.is_empty();
        for bulletin in bulletins.filter(|each| is_reason(each.level)) {
            shown += if bulletin.level == "error" { bulletin.count } else { 0 };
            if self.is_of_start(bulletin) {
                continue;
            }
            for line in error_lines(bulletin, &self.failed(bulletin)) {
                say(&line);
            }
        }
        let more = self.status.errors.saturating_sub(shown);
        if more > 0 {
            say(&format!("error: {more} more errors were reported; the log has all of them"));
        }
        for line in self.not_started() {
            say(&line);
        }
        for (path, count) in &self.waiting {
            say(&format!(
                "error: flowfiles still wait in \"{path}\": {count}; a next run goes on with them"
            ));
        }
        for LeftOver { path, flowfiles } in &self.left_over {
            say(&format!(
                "error: flowfiles wait in \"{path}\", a connection that the flow does not have any \
                 more: {flowfiles}; give the flow this connection again, and a run goes on with \
                 them"
            ));
        }
        for (path, count) in &self.in_vain {
            say(&format!(
                "error: of those in \"{path}\" were tried in vain: {count}; do what the errors of \
                 their processor say, and run it again"
            ));
        }
    }

    /// The names of what failed for such a reason as it tells, eldest first, as far as they are
    /// known.
    fn failed(&self, bulletin: &BulletinStatus) -> Vec<&str> {
        let told = outline(&bulletin.message, bulletin.filename.as_deref());
        let is_told = |reason: &str, filename: Option<&str>| outline(reason, filename) == told;
        let is_its = |failure: &&FailureStatus| {
            let reason = failure.reason.as_deref();
            failure.processor == bulletin.component
                && reason.is_some_and(|reason| is_told(reason, failure.filename.as_deref()))
        };
        let failures = self.status.failures.iter().rev().filter(is_its);
        failures.filter_map(|failure| failure.filename.as_deref()).collect()
    }

    /// Whether it says why a processor was not started, which is told with that.
    fn is_of_start(&self, bulletin: &BulletinStatus) -> bool {
        let is_its = |(path, why): &(String, String)| {
            *path == bulletin.component && *why == bulletin.message
        };
        self.not_started.iter().any(is_its)
    }

    /// Each reason once, with all processors that were not started because of it.
    fn not_started(&self) -> Vec<String> {
        let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
        for (path, why) in &self.not_started {
            let path = format!("\"{path}\"");
            match reasons.iter_mut().find(|(reason, _)| reason == why) {
                Some((_, paths)) => paths.push(path),
                None => reasons.push((why, vec![path])),
            }
        }
        let mut lines = Vec::new();
        for (why, paths) in reasons {
            lines.push(format!("error: not started: {}: {why}", paths.join(", ")));
            let told = self.status.bulletins.iter().find(|each| each.message == why);
            let help = told.and_then(|bulletin| bulletin.help.as_ref());
            lines.extend(help.map(|help| format!("  {help}")));
        }
        if !lines.is_empty() && self.status.flowfiles.entered == 0 {
            lines.push("nothing was taken in: no source begins before all that it leads to".into());
        }
        lines
    }
}

/// A bulletin that is about the flowfiles with these names, or else with its own.
fn error_lines(bulletin: &BulletinStatus, failed: &[&str]) -> Vec<String> {
    let BulletinStatus { level, component, message, count, .. } = bulletin;
    let its_own: Vec<&str> = bulletin.filename.as_deref().into_iter().collect();
    let names = if failed.len() > 1 { failed } else { &its_own };
    // Escaped: a name may hold line breaks and signs that terminals obey.
    let shown: Vec<String> = names.iter().take(NAMES_MAX).map(|name| format!("{name:?}")).collect();
    let about = if shown.is_empty() { String::new() } else { format!("{}: ", shown.join(", ")) };
    let times = if *count > 1 && *count != shown.len() as u64 {
        format!(" ({count} times)")
    } else {
        String::new()
    };
    let mut lines = vec![format!("{level}: {component}: {about}{message}{times}")];
    lines.extend(bulletin.help.as_ref().map(|help| format!("  {help}")));
    lines
}

/// One row a processor, the names to the left and the numbers to the right.
fn table(processors: &[&ProcessorStatus]) -> Vec<String> {
    let head = ["processor", "in", "out", "ended", "failed", "task time", "went to"];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(processors.iter().copied().map(row));
    let width = |column: usize| {
        rows.iter().filter_map(|row| Some(row.get(column)?.chars().count())).max().unwrap_or(0)
    };
    let widths: [usize; 7] = std::array::from_fn(width);
    let line = |row: &[String; 7]| {
        let [name, numbers @ .., went_to] = row;
        let [name_width, number_widths @ .., _] = widths;
        let numbers = numbers.iter().zip(number_widths);
        let numbers = numbers.map(|(number, width)| format!("{number:>width$}"));
        let numbers = numbers.collect::<Vec<_>>().join("  ");
        format!("{name:name_width$}  {numbers}  {went_to}").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// What came out, and where; nothing when nothing did.
fn places(processors: &[&ProcessorStatus]) -> Vec<String> {
    let sent =
        processors.iter().flat_map(|each| each.sent_to.iter().map(move |place| (each, place)));
    let lines = sent.map(|(processor, sent)| {
        let PlaceStatus { place, flowfiles, bytes } = sent;
        let place = place.as_deref().unwrap_or("more places");
        format!("{}: {flowfiles} ({bytes} bytes) to {place}", processor.path)
    });
    set_off(lines)
}

/// What processors count by names of their own.
fn counters(processors: &[&ProcessorStatus]) -> Vec<String> {
    let counted =
        processors.iter().flat_map(|each| each.counters.iter().map(move |counter| (each, counter)));
    set_off(
        counted.map(|(processor, (name, count))| format!("{}: {name}: {count}", processor.path)),
    )
}

/// The lines after an empty one, if there are any.
fn set_off(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines = lines.peekable();
    let before = lines.peek().map(|_| String::new());
    before.into_iter().chain(lines).collect()
}

fn row(processor: &ProcessorStatus) -> [String; 7] {
    let totals = &processor.totals;
    let went_to: Vec<_> =
        processor.transferred.iter().map(|(name, count)| format!("{name} {count}")).collect();
    [
        processor.path.clone(),
        totals.flowfiles_in.to_string(),
        totals.flowfiles_out.to_string(),
        totals.flowfiles_ended.to_string(),
        processor.failed.to_string(),
        format!("{}.{:03} s", totals.task_ms / 1_000, totals.task_ms % 1_000),
        went_to.join(", "),
    ]
}
