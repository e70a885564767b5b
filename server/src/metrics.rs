//! What flows did lately, for charts: figures of each processor, connection and flow, step by step.
//!
//! In memory only. Must never grow with time, nor with what idles: a step in which nothing changed
//! costs nothing, and the eldest steps go when there are too many points.

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use tutti_runtime::{ProcessorStatus, Status};
use utoipa::ToSchema;

/// How often figures are taken, in seconds.
pub(crate) const STEP: u64 = 10;
/// How many figures a component has.
const FIGURES: usize = 6;
/// The most points that are kept of all; each has some 40 bytes.
const POINTS_MAX: usize = 300_000;

/// The figures of a processor, connection or flow.
#[derive(Debug, PartialEq, Eq)]
struct Kind {
    names: [&'static str; FIGURES],
    /// Figures from here on say how it is; those before count what was done.
    gauges: usize,
}

static PROCESSOR: Kind = Kind {
    names: ["flowfilesIn", "bytesIn", "flowfilesOut", "bytesOut", "tasks", "taskMs"],
    gauges: FIGURES,
};
static CONNECTION: Kind = Kind {
    names: ["flowfilesIn", "bytesIn", "flowfilesOut", "bytesOut", "queued", "queuedBytes"],
    gauges: 4,
};
static FLOW: Kind = Kind {
    names: ["entered", "ended", "bytesRead", "bytesWritten", "queued", "queuedBytes"],
    gauges: 4,
};

type Figures = [u64; FIGURES];

/// How far to look back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Span {
    /// An hour, in steps of 10 seconds.
    #[default]
    Hour,
    /// A day, in steps of 5 minutes.
    Day,
}

impl Span {
    const ALL: [Self; 2] = [Self::Hour, Self::Day];

    fn step_seconds(self) -> u64 {
        match self {
            Self::Hour => STEP,
            Self::Day => 300,
        }
    }

    fn steps(self) -> u64 {
        match self {
            Self::Hour => 360,
            Self::Day => 288,
        }
    }
}

/// The figures of a component, step by step.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Figures)]
pub(crate) struct MetricsHistory {
    /// How long a step is.
    step_seconds: u64,
    /// When the newest step ended, in milliseconds since 1970.
    until_ms: u64,
    /// Values by the name of the figure, the newest last; null where nothing is known. `queued` and
    /// `queuedBytes` say how it was, all others what was added in that step.
    #[schema(value_type = BTreeMap<String, Vec<Option<u64>>>)]
    series: BTreeMap<&'static str, Vec<Option<u64>>>,
}

/// The figures of all flows.
#[derive(Debug)]
pub(crate) struct Metrics {
    tiers: [Tier; 2],
}

impl Metrics {
    pub(crate) fn new() -> Self {
        Self { tiers: Span::ALL.map(Tier::new) }
    }

    /// Takes in how the flows are at `seconds` since 1970.
    pub(crate) fn see(&mut self, flows: &[Status], seconds: u64) {
        for tier in &mut self.tiers {
            tier.see(flows, seconds);
        }
    }

    /// What a component of a flow did, or the flow itself; none when nobody knows of it.
    pub(crate) fn history(
        &self,
        flow: &str,
        component: Option<&str>,
        span: Span,
    ) -> Option<MetricsHistory> {
        let tier = self.tiers.iter().find(|tier| tier.span == span)?;
        tier.history(flow, component)
    }
}

/// All figures in steps of one length.
#[derive(Debug)]
struct Tier {
    span: Span,
    /// The step that was seen last.
    newest: Option<u64>,
    /// Steps before this one were dropped.
    eldest: u64,
    points: usize,
    flows: BTreeMap<String, BTreeMap<Key, Series>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Flow,
    Processor(String),
    Connection(String),
}

impl Tier {
    fn new(span: Span) -> Self {
        Self { span, newest: None, eldest: 0, points: 0, flows: BTreeMap::new() }
    }

    fn see(&mut self, flows: &[Status], seconds: u64) {
        let step = seconds / self.span.step_seconds();
        if self.newest.is_some_and(|newest| newest >= step) {
            return;
        }
        self.newest = Some(step);
        self.eldest = self.eldest.max((step + 1).saturating_sub(self.span.steps()));
        for flow in flows {
            let components = self.flows.entry(flow.name.clone()).or_default();
            for (key, kind, figures) in figures(flow) {
                if let Some(series) = components.get_mut(&key) {
                    self.points += series.see(step, figures);
                } else {
                    components.insert(key, Series::new(kind, step, figures));
                    self.points += 1;
                }
            }
        }
        self.forget(self.eldest);
        while self.points > POINTS_MAX / Span::ALL.len() {
            self.eldest += 1;
            self.forget(self.eldest);
        }
    }

    /// Drops what was before a step, and what is not there any more since then.
    fn forget(&mut self, eldest: u64) {
        let mut dropped = 0;
        for components in self.flows.values_mut() {
            components.retain(|_, series| {
                dropped += series.forget(eldest);
                let is_known = series.seen >= eldest;
                dropped += if is_known { 0 } else { series.points.len() };
                is_known
            });
        }
        self.flows.retain(|_, components| !components.is_empty());
        self.points -= dropped;
    }

    fn history(&self, flow: &str, component: Option<&str>) -> Option<MetricsHistory> {
        let newest = self.newest?;
        let components = self.flows.get(flow)?;
        let series = match component {
            None => components.get(&Key::Flow)?,
            // A path is that of one thing.
            Some(path) => components
                .get(&Key::Connection(path.to_owned()))
                .or_else(|| components.get(&Key::Processor(path.to_owned())))?,
        };
        let from = (newest + 1).saturating_sub(self.span.steps());
        let forgotten = usize::try_from(self.eldest.saturating_sub(from)).unwrap_or_default();
        let named = series.kind.names.iter().enumerate().map(|(figure, name)| {
            let mut values = series.values(figure, from..=newest);
            values.iter_mut().take(forgotten).for_each(|value| *value = None);
            (*name, values)
        });
        let step_seconds = self.span.step_seconds();
        let until_ms = (newest + 1) * step_seconds * 1_000;
        Some(MetricsHistory { step_seconds, until_ms, series: named.collect() })
    }
}

#[derive(Debug)]
struct Series {
    kind: &'static Kind,
    /// The step in which it was seen last.
    seen: u64,
    /// What it had counted then.
    last: Figures,
    /// Steps in which something was done or is different, the eldest first.
    points: VecDeque<Point>,
}

#[derive(Debug)]
struct Point {
    step: u64,
    /// None where nothing is known from then on.
    figures: Option<Figures>,
}

impl Series {
    fn new(kind: &'static Kind, step: u64, now: Figures) -> Self {
        // It counts from nothing, and was not there a step before.
        let points = VecDeque::from([Point { step, figures: Some(now) }]);
        Self { kind, seen: step, last: now, points }
    }

    /// Hands back how many points it has more.
    fn see(&mut self, step: u64, now: Figures) -> usize {
        let before = self.points.len();
        let gauges = self.kind.gauges;
        if self.seen + 1 < step {
            self.points.push_back(Point { step: self.seen + 1, figures: None });
        }
        let mut figures = now;
        for (figure, last) in figures[..gauges].iter_mut().zip(self.last) {
            // A flow that was compiled anew counts from nothing.
            *figure = figure.checked_sub(last).unwrap_or(*figure);
        }
        let was = self.points.back().and_then(|point| point.figures.as_ref());
        let is_still = was.is_some_and(|was| was[gauges..] == figures[gauges..])
            && figures[..gauges].iter().all(|done| *done == 0);
        (self.last, self.seen) = (now, step);
        if !is_still {
            self.points.push_back(Point { step, figures: Some(figures) });
        }
        self.points.len() - before
    }

    /// Drops what was before a step. Hands back how many points it has less.
    fn forget(&mut self, eldest: u64) -> usize {
        let before = self.points.len();
        // The last before it is kept: it says how it is since then.
        while self.points.get(1).is_some_and(|second| second.step <= eldest) {
            self.points.pop_front();
        }
        before - self.points.len()
    }

    fn values(&self, figure: usize, steps: RangeInclusive<u64>) -> Vec<Option<u64>> {
        let is_gauge = figure >= self.kind.gauges;
        let mut points = self.points.iter().peekable();
        let mut current: Option<&Point> = None;
        let value = |step| {
            while let Some(point) = points.next_if(|point| point.step <= step) {
                current = Some(point);
            }
            let point = current.filter(|_| step <= self.seen)?;
            let value = point.figures.as_ref()?[figure];
            Some(if is_gauge || point.step == step { value } else { 0 })
        };
        steps.map(value).collect()
    }
}

/// All figures of a flow.
fn figures(flow: &Status) -> impl Iterator<Item = (Key, &'static Kind, Figures)> {
    let processors = flow.processors.iter().map(|each| {
        let totals = &each.totals;
        let figures = [
            totals.flowfiles_in,
            totals.bytes_in,
            totals.flowfiles_out,
            totals.bytes_out,
            totals.tasks,
            totals.task_ms,
        ];
        (Key::Processor(each.path.clone()), &PROCESSOR, figures)
    });
    let connections = flow.connections.iter().map(|each| {
        let figures = [
            each.flowfiles_in,
            each.bytes_in,
            each.flowfiles_out,
            each.bytes_out,
            each.queued,
            each.queued_bytes,
        ];
        (Key::Connection(each.path.clone()), &CONNECTION, figures)
    });
    let sum = |of: fn(&ProcessorStatus) -> u64| flow.processors.iter().map(of).sum();
    let whole = [
        flow.flowfiles.entered,
        flow.flowfiles.ended,
        sum(|each| each.totals.bytes_read),
        sum(|each| each.totals.bytes_written),
        flow.flowfiles.queued,
        flow.connections.iter().map(|each| each.queued_bytes).sum(),
    ];
    processors.chain(connections).chain([(Key::Flow, &FLOW, whole)])
}

#[cfg(test)]
mod tests {
    use tutti_runtime::{FlowCounts, FlowState};

    use super::*;

    fn series(seen: &[(u64, Figures)]) -> Series {
        let mut all = seen.iter();
        let (step, first) = all.next().unwrap();
        let mut series = Series::new(&CONNECTION, *step, *first);
        for (step, now) in all {
            series.see(*step, *now);
        }
        series
    }

    #[test]
    fn what_was_done_is_told_by_step_and_what_waits_as_it_was() {
        let one = series(&[
            (10, [5, 50, 5, 50, 3, 30]),
            (11, [7, 70, 5, 50, 5, 50]),
            (12, [7, 70, 5, 50, 5, 50]),
            (13, [7, 70, 9, 90, 1, 10]),
        ]);
        let some = |values: &[u64]| values.iter().map(|value| Some(*value)).collect::<Vec<_>>();
        assert_eq!(one.values(0, 10..=13), some(&[5, 2, 0, 0]));
        assert_eq!(one.values(2, 10..=13), some(&[5, 0, 0, 4]));
        assert_eq!(one.values(4, 10..=13), some(&[3, 5, 5, 1]));
        assert_eq!(one.points.len(), 3, "a step in which nothing happened costs nothing");
        assert_eq!(one.values(4, 8..=15)[..2], [None, None]);
        assert_eq!(one.values(4, 8..=15)[6..], [None, None], "it was not seen since");
    }

    #[test]
    fn a_gap_is_unknown_and_a_count_that_begins_anew_is_no_great_number() {
        let one = series(&[(1, [9; 6]), (4, [2, 2, 2, 2, 1, 1]), (5, [2, 2, 2, 2, 1, 1])]);
        assert_eq!(one.values(0, 1..=5), [Some(9), None, None, Some(2), Some(0)]);
        assert_eq!(one.values(4, 1..=5), [Some(9), None, None, Some(1), Some(1)]);
    }

    #[test]
    fn what_is_forgotten_leaves_what_holds_since() {
        let mut one = series(&[(1, [0; 6]), (2, [1, 0, 0, 0, 1, 0]), (9, [1, 0, 0, 0, 1, 0])]);
        assert_eq!(one.points.len(), 4);
        assert_eq!(one.forget(9), 3);
        assert_eq!(one.values(4, 9..=9), [Some(1)]);
    }

    fn flow(entered: u64) -> Status {
        let flowfiles = FlowCounts { entered, ..FlowCounts::default() };
        Status {
            name: "one".to_owned(),
            state: FlowState::Running,
            services: Vec::new(),
            processors: Vec::new(),
            connections: Vec::new(),
            flowfiles,
            errors: 0,
            failures: Vec::new(),
            bulletins: Vec::new(),
            health: None,
        }
    }

    #[test]
    fn an_hour_and_a_day_are_kept_and_no_more() {
        let mut metrics = Metrics::new();
        let steps = 2 * 24 * 360;
        for step in 0..steps {
            metrics.see(&[flow(step)], step * 10);
        }
        for (span, done) in [(Span::Hour, 1), (Span::Day, 30)] {
            let told = metrics.history("one", None, span).unwrap();
            let entered = &told.series["entered"];
            assert_eq!(entered.len() as u64, span.steps());
            assert!(entered.iter().all(|value| *value == Some(done)), "{entered:?}");
        }
        assert!(metrics.tiers.iter().all(|tier| tier.points as u64 <= tier.span.steps() + 1));
        assert!(metrics.history("two", None, Span::Hour).is_none());
        assert!(metrics.history("one", Some("Nobody"), Span::Hour).is_none());
        metrics.see(&[], (steps + 2) * 10 + 2 * 86_400);
        assert!(metrics.history("one", None, Span::Hour).is_none(), "it is not there any more");
        assert!(metrics.tiers.iter().all(|tier| tier.points == 0));
    }
}
