//! What an opening knows of the last life: whether it ended in a death, and over what.
//!
//! All that is counted is written with the opening's own batch, together with the next life: no
//! death counts twice. What cannot be read is told, and hinders no opening.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::de::DeserializeOwned;
use tutti_model::flowfile::FlowFileId;

use super::at_work::{self, Block};
use super::life::{self, Life};
use super::period::Period;
use super::{Deaths, Known, Turn, Watch};
use crate::core::{Core, Quarantined};
use crate::error::{Result, StoreError};
use crate::folder::Folder;
use crate::key;
use crate::options::Options;
use crate::queue::QueueId;
use crate::record;
use crate::recovery::Recovered;
use crate::tail::Shelves;

/// How many flowfiles of a queue are looked at together.
const PAGE: usize = 1_000;

/// What the watch needs of an opening.
pub(crate) struct Opened {
    pub(crate) life: Life,
    pub(crate) is_on: Arc<AtomicBool>,
    pub(crate) parked: u64,
}

type Place = (QueueId, u64);

/// Counts the deaths of the last life, and begins the next one in `recovered`. Writes nothing.
pub(crate) fn recover(
    recovered: &mut Recovered,
    shelves: Shelves<'_>,
    folder: &dyn Folder,
    options: &Options,
) -> Result<Opened> {
    let last = last_life(recovered, shelves)?;
    let died = last.is_open;
    let mut known = known(recovered, shelves)?;
    let stored: BTreeSet<Place> = known.keys().copied().collect();
    let mut changed = BTreeSet::new();
    if died && options.deaths_max > 0 && last.boot == options.boot {
        let (blocks, damage) = at_work::read(folder, last.number)?;
        recovered.report.watch_damage = damage;
        changed = count(&mut known, &blocks, options);
    }
    let mut parked = 0_u64;
    let mut is_parked = |(queue, sequence): &Place| -> Result<bool> {
        let aside = key::quarantine(&key::record(*queue, *sequence));
        let is_there = shelves.store.get(&aside)?.is_some();
        parked += u64::from(is_there);
        Ok(is_there)
    };
    let mut open = BTreeMap::new();
    for (place, deaths) in known {
        if !(stored.contains(&place) && is_parked(&place)?) {
            open.insert(place, deaths);
        }
    }
    let present = present(&recovered.core, shelves, &open);
    let mut suspects = BTreeMap::new();
    for ((queue, sequence), deaths) in open {
        let place = (queue, sequence);
        let is_here = present.contains(&(queue, sequence, deaths.flowfile));
        if !is_here && stored.contains(&place) {
            recovered.batch.insert(key::deaths(queue, sequence), None);
        } else if is_here && changed.contains(&place) {
            let counted = Some(record::encode(&deaths));
            recovered.batch.insert(key::deaths(queue, sequence), counted);
        }
        if is_here && options.deaths_max > 0 {
            let flowfile = deaths.flowfile;
            let known = Known { deaths, waits_until: None, turn: Turn::default() };
            suspects.insert((queue, flowfile), known);
        }
    }
    let report = &mut recovered.report;
    report.died = died;
    report.suspects = suspects.len();
    report.parked = usize::try_from(parked).unwrap_or(usize::MAX);
    report.quarantined_before = report.quarantined_before.saturating_sub(report.parked);
    let is_watched = options.deaths_max > 0 && (died || last.is_watched);
    let (now, first, queued) = ((options.clock)(), recovered.core.first_sequence, report.flowfiles);
    let period = is_watched.then(|| Period::new(now, first, queued));
    let is_on = Arc::new(AtomicBool::new(period.is_some() || !suspects.is_empty()));
    if period.is_some() || !suspects.is_empty() {
        let is_on = Arc::clone(&is_on);
        recovered.core.watch = Some(Box::new(Watch { is_on, period, suspects }));
    }
    let number = recovered.numbers_from;
    let life = Life { number, boot: options.boot.clone(), is_open: true, is_watched };
    recovered.batch.insert(key::meta(life::NAME), Some(record::encode(&life)));
    Ok(Opened { life, is_on, parked })
}

/// A record that cannot be read is put aside, and counts as one that is not there.
fn decode<T: DeserializeOwned>(recovered: &mut Recovered, key: &[u8], value: &[u8]) -> Option<T> {
    match record::decode(value) {
        Ok(value) => Some(value),
        Err(reason) => {
            let damaged = Quarantined::new(key, reason, value.to_vec());
            recovered.batch.insert(key::quarantine(key), Some(record::encode(&damaged)));
            recovered.batch.insert(key.to_vec(), None);
            recovered.report.quarantined.push(damaged);
            None
        }
    }
}

fn last_life(recovered: &mut Recovered, shelves: Shelves<'_>) -> Result<Life> {
    let key = key::meta(life::NAME);
    let Some(bytes) = shelves.store.get(&key)? else { return Ok(Life::default()) };
    Ok(decode(recovered, &key, &bytes).unwrap_or_default())
}

fn known(recovered: &mut Recovered, shelves: Shelves<'_>) -> Result<BTreeMap<Place, Deaths>> {
    let mut entries = Vec::new();
    shelves.store.scan(&[key::DEATHS], &mut |name, value| {
        if name.first() != Some(&key::DEATHS) {
            return ControlFlow::Break(());
        }
        entries.push((name.to_vec(), value.to_vec()));
        ControlFlow::Continue(())
    })?;
    let mut known = BTreeMap::new();
    for (name, value) in entries {
        let place = key::parse_deaths(&name);
        let deaths: Option<Deaths> = decode(recovered, &name, &value);
        known.extend(place.zip(deaths));
    }
    Ok(known)
}

/// Counts one more death for each flowfile that was at work; hands back their places.
fn count(
    known: &mut BTreeMap<Place, Deaths>,
    blocks: &[Block],
    options: &Options,
) -> BTreeSet<Place> {
    let mut counted = BTreeSet::new();
    for block in blocks {
        for entry in &block.entries {
            let place = (entry.queue, entry.sequence);
            let new = || Deaths::none(entry.flowfile);
            let deaths = known.entry(place).or_insert_with(new);
            if counted.insert(place) {
                deaths.count = deaths.count.saturating_add(1);
                deaths.was_alone = block.is_alone;
                deaths.last = (options.clock)();
            }
        }
    }
    counted
}

/// Those that are still in their places: the last that the process did may have been to work one of
/// them off.
fn present(
    core: &Core,
    shelves: Shelves<'_>,
    wanted: &BTreeMap<Place, Deaths>,
) -> BTreeSet<(QueueId, u64, FlowFileId)> {
    let mut present = BTreeSet::new();
    let mut next = wanted.keys().next().copied();
    while let Some((queue, sequence)) = next {
        let mut looked_until = u64::MAX;
        match core.list(shelves, queue, sequence.saturating_sub(1), PAGE) {
            Ok(page) => {
                if let (Some(last), true) = (page.last(), page.len() >= PAGE) {
                    looked_until = last.sequence;
                }
                present.extend(page.iter().map(|each| (queue, each.sequence, each.flowfile.id())));
            }
            Err(StoreError::NotFound { .. }) => {}
            // Who cannot be looked at now may be there.
            Err(_) => {
                let of_queue = wanted.range((queue, sequence)..=(queue, u64::MAX));
                let maybe = |((queue, sequence), deaths): (&Place, &Deaths)| {
                    (*queue, *sequence, deaths.flowfile)
                };
                present.extend(of_queue.map(maybe));
            }
        }
        let after = (std::ops::Bound::Excluded((queue, looked_until)), std::ops::Bound::Unbounded);
        next = wanted.range(after).next().map(|(place, _)| *place);
    }
    present
}
