//! Which flowfiles of a queue become one, found in one look over the queue, of which nothing is
//! taken: identities alone are kept.
//!
//! Nothing is remembered from look to look but since when a flowfile has been waiting, so what
//! waits is in its queue and nowhere else: a kill loses no bin, back-pressure counts what waits,
//! and what is penalised or expired is in no bin.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tutti_sdk::model::flowfile::{FlowFile, FlowFileId, Pick};

use crate::fragments;

/// How many flowfiles of full bins are enough for one trigger.
const FLOWFILES_A_TRIGGER: usize = 1_000;
/// The most parts that can be put together again: more may not be seen in a queue at once.
const PARTS_MAX: u64 = 10_000;

/// What a bin is.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) sorting: Sorting,
    pub(super) bins_max: usize,
    pub(super) age_max_ms: Option<u64>,
}

/// Which flowfiles come into a bin.
#[derive(Debug, Clone)]
pub(super) enum Sorting {
    /// Those with the same value of an attribute, or all, until there are enough.
    Pack { correlation: Option<Box<str>>, entries: (u64, u64), bytes: (u64, u64) },
    /// The parts of one.
    Defragment,
}

/// A bin that is done.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ready {
    /// In the order in which they become one.
    pub(super) members: Vec<FlowFileId>,
    pub(super) age_ms: u64,
    /// NiFi's word for why it is done; or why it cannot become one.
    pub(super) reason: Result<&'static str, String>,
}

/// What a look at a queue came to.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) ready: Vec<Ready>,
    /// What fits nowhere, and why.
    pub(super) misfits: Vec<(FlowFileId, String)>,
    /// In how many milliseconds the first bin will be old enough.
    pub(super) due_in_ms: Option<u64>,
}

/// Since when flowfiles have been waiting, in milliseconds of the monotonic clock.
pub(super) type Waiting = HashMap<FlowFileId, u64>;

#[derive(Debug, Default)]
struct Bin {
    members: Vec<(u64, FlowFileId)>,
    bytes: u64,
    indexes: BTreeSet<u64>,
    /// How many parts there are to be.
    count: Option<u64>,
    wrong: Option<String>,
    since_ms: Option<u64>,
}

/// One look at a queue.
pub(super) struct Look<'a> {
    rules: &'a Rules,
    waiting: &'a Waiting,
    now_ms: u64,
    open: BTreeMap<Option<Box<str>>, Vec<Bin>>,
    bins: usize,
    done: Vec<(Bin, Result<&'static str, String>)>,
    done_members: usize,
    misfits: Vec<(FlowFileId, String)>,
    needs_a_bin: bool,
}

impl<'a> Look<'a> {
    pub(super) fn new(rules: &'a Rules, waiting: &'a Waiting, now_ms: u64) -> Self {
        Self {
            rules,
            waiting,
            now_ms,
            open: BTreeMap::new(),
            bins: 0,
            done: Vec::new(),
            done_members: 0,
            misfits: Vec::new(),
            needs_a_bin: false,
        }
    }

    /// Looks at the next flowfile of the queue.
    pub(super) fn offer(&mut self, flowfile: &FlowFile) -> Pick {
        if self.done_members >= FLOWFILES_A_TRIGGER {
            return Pick::Stop;
        }
        let since_ms = self.waiting.get(&flowfile.id()).copied().unwrap_or(self.now_ms);
        let is_placed = match &self.rules.sorting {
            Sorting::Pack { correlation, entries, bytes } => {
                let value = correlation.as_ref().and_then(|name| flowfile.attribute(name));
                self.pack(flowfile, since_ms, value.map(Into::into), entries.1, bytes.1)
            }
            Sorting::Defragment => match Part::of(flowfile) {
                Ok(part) => self.add_part(flowfile, since_ms, &part),
                Err(why) => {
                    self.misfits.push((flowfile.id(), why));
                    true
                }
            },
        };
        self.needs_a_bin |= !is_placed;
        if is_placed { Pick::Skip } else { Pick::Stop }
    }

    fn pack(
        &mut self,
        flowfile: &FlowFile,
        since_ms: u64,
        key: Option<Box<str>>,
        entries_max: u64,
        bytes_max: u64,
    ) -> bool {
        let size = flowfile.size_bytes();
        let bins = self.open.entry(key).or_default();
        let fits = |bin: &Bin| bin.bytes.saturating_add(size) <= bytes_max;
        let place = bins.iter().position(fits);
        if place.is_none() && self.bins >= self.rules.bins_max {
            return false;
        }
        let place = place.unwrap_or_else(|| {
            self.bins += 1;
            bins.push(Bin::default());
            bins.len() - 1
        });
        let Some(bin) = bins.get_mut(place) else { return false };
        let number = bin.members.len() as u64;
        bin.add(flowfile, since_ms, number);
        let reason = if bin.bytes >= bytes_max {
            "MAX_BYTES_THRESHOLD_REACHED"
        } else if bin.members.len() as u64 >= entries_max {
            "MAX_ENTRIES_THRESHOLD_REACHED"
        } else {
            return true;
        };
        self.bins -= 1;
        self.done_members += bin.members.len();
        self.done.push((bins.remove(place), Ok(reason)));
        true
    }

    fn add_part(&mut self, flowfile: &FlowFile, since_ms: u64, part: &Part<'_>) -> bool {
        let bins = self.open.entry(Some(part.identifier.into())).or_default();
        if bins.is_empty() {
            if self.bins >= self.rules.bins_max {
                return false;
            }
            self.bins += 1;
            bins.push(Bin::default());
        }
        let Some(bin) = bins.first_mut() else { return false };
        if !bin.indexes.insert(part.index) {
            let why =
                format!("there is another part with the \"{}\" {}", fragments::INDEX, part.index);
            self.misfits.push((flowfile.id(), why));
            return true;
        }
        bin.add(flowfile, since_ms, part.index);
        match (bin.count, part.count) {
            (Some(before), Some(now)) if before != now => {
                let name = fragments::COUNT;
                bin.wrong = Some(format!("its parts differ in \"{name}\": {before} and {now}"));
            }
            (before, now) => bin.count = before.or(now),
        }
        let is_all = bin.count.is_some_and(|count| bin.members.len() as u64 >= count);
        if bin.wrong.is_none() && !is_all {
            return true;
        }
        // A wrong one is failed as far as it has come; what is still to come of it fails later.
        self.bins -= 1;
        self.done_members += bin.members.len();
        let bin = bins.remove(0);
        let reason = bin.wrong.clone().map_or(Ok("MAX_ENTRIES_THRESHOLD_REACHED"), Err);
        self.done.push((bin, reason));
        true
    }

    /// What is to be done, and since when everything else has been waiting.
    pub(super) fn end(mut self) -> (Plan, Waiting) {
        let is_cut = self.done_members >= FLOWFILES_A_TRIGGER;
        let mut left = Vec::new();
        for bin in std::mem::take(&mut self.open).into_values().flatten() {
            match self.reason(&bin, is_cut) {
                Some(reason) => self.done.push((bin, reason)),
                None => left.push(bin),
            }
        }
        if self.done.is_empty() && self.needs_a_bin {
            let oldest = |(_, bin): &(usize, &Bin)| (bin.since_ms, bin.first());
            if let Some((place, _)) = left.iter().enumerate().min_by_key(oldest) {
                let bin = left.remove(place);
                let reason = self.incomplete(&bin, "BIN_MANAGER_FULL");
                self.done.push((bin, reason));
            }
        }
        // What was not looked at has been waiting as long as before.
        let mut waiting =
            if is_cut || self.needs_a_bin { self.waiting.clone() } else { Waiting::new() };
        let mut plan = Plan { misfits: self.misfits, ..Plan::default() };
        for bin in left {
            let since_ms = bin.since_ms.unwrap_or(self.now_ms);
            for (_, member) in &bin.members {
                let since_ms = self.waiting.get(member).copied().unwrap_or(self.now_ms);
                waiting.insert(*member, since_ms);
            }
            if let Some(age_max_ms) = self.rules.age_max_ms {
                let due_in_ms = since_ms.saturating_add(age_max_ms).saturating_sub(self.now_ms);
                plan.due_in_ms = plan.due_in_ms.into_iter().chain([due_in_ms]).min();
            }
        }
        for (mut bin, reason) in self.done {
            for (_, member) in &bin.members {
                waiting.remove(member);
            }
            bin.members.sort_unstable_by_key(|(number, _)| *number);
            let age_ms = self.now_ms.saturating_sub(bin.since_ms.unwrap_or(self.now_ms));
            let members = bin.members.into_iter().map(|(_, member)| member).collect();
            plan.ready.push(Ready { members, age_ms, reason });
        }
        (plan, waiting)
    }

    /// Why `bin` is done although more would fit, if it is.
    fn reason(&self, bin: &Bin, is_cut: bool) -> Option<Result<&'static str, String>> {
        if let Sorting::Pack { entries, bytes, .. } = &self.rules.sorting
            && bin.members.len() as u64 >= entries.0
            && bin.bytes >= bytes.0
            && !is_cut
        {
            // More of it may wait behind what was looked at when that was cut.
            return Some(Ok("MIN_THRESHOLDS_REACHED"));
        }
        let age_ms = self.now_ms.saturating_sub(bin.since_ms.unwrap_or(self.now_ms));
        let is_old = self.rules.age_max_ms.is_some_and(|max| age_ms >= max);
        is_old.then(|| self.incomplete(bin, "TIMEOUT"))
    }

    /// What becomes of a bin that is to wait no longer.
    fn incomplete(&self, bin: &Bin, reason: &'static str) -> Result<&'static str, String> {
        let Sorting::Defragment = self.rules.sorting else { return Ok(reason) };
        let there = bin.members.len();
        let of = match bin.count {
            Some(count) => format!("{there} of {count} parts"),
            None => format!("{there} parts, none of which has a \"{}\"", fragments::COUNT),
        };
        Err(match reason {
            "TIMEOUT" => format!("only {of} came before \"Max Bin Age\" had passed"),
            _ => format!(
                "only {of} had come when more than \"Maximum number of Bins\" allows were begun"
            ),
        })
    }
}

impl Bin {
    fn add(&mut self, flowfile: &FlowFile, since_ms: u64, number: u64) {
        self.members.push((number, flowfile.id()));
        self.bytes = self.bytes.saturating_add(flowfile.size_bytes());
        self.since_ms = Some(self.since_ms.map_or(since_ms, |before| before.min(since_ms)));
    }

    fn first(&self) -> Option<FlowFileId> {
        self.members.iter().map(|(_, member)| *member).min()
    }
}

/// What a part says of itself.
struct Part<'a> {
    identifier: &'a str,
    index: u64,
    count: Option<u64>,
}

impl<'a> Part<'a> {
    fn of(flowfile: &'a FlowFile) -> Result<Self, String> {
        let number = |name: &str| match flowfile.attribute(name) {
            None => Ok(None),
            Some(text) => match text.parse::<u64>() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(format!("\"{name}\" is \"{text}\", which is no whole number")),
            },
        };
        let missing = |name: &str| format!("\"{name}\" is not there");
        let identifier = flowfile.attribute(fragments::IDENTIFIER);
        let identifier = identifier.ok_or_else(|| missing(fragments::IDENTIFIER))?;
        let index = number(fragments::INDEX)?.ok_or_else(|| missing(fragments::INDEX))?;
        let count = number(fragments::COUNT)?;
        if let Some(count) = count.filter(|count| !(1..=PARTS_MAX).contains(count)) {
            return Err(format!(
                "it is one of {count} parts, and from 1 to {PARTS_MAX} can be put together"
            ));
        }
        Ok(Self { identifier, index, count })
    }
}
