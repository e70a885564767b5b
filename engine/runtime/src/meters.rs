//! How much a processor uses of what it may use, such as the memory of a script.

use parking_lot::Mutex;
use serde::Serialize;
use tutti_sdk::host::{Unit, Usage};
use utoipa::ToSchema;

/// What a meter is read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum MeterUnit {
    /// Bytes.
    Bytes,
    /// Milliseconds.
    Milliseconds,
}

/// A meter at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Meter)]
pub struct MeterStatus {
    /// What is measured, such as `memory`.
    pub name: &'static str,
    /// What it is measured in.
    pub unit: MeterUnit,
    /// How much was used the last time.
    pub used: u64,
    /// The most that was used since the flow was compiled.
    pub most: u64,
    /// How much may be used.
    pub limit: u64,
}

/// The meters of one processor: as many as its type has names for.
#[derive(Debug, Default)]
pub(crate) struct Meters(Mutex<Vec<MeterStatus>>);

impl Meters {
    pub(crate) fn see(&self, usage: Usage) {
        let Usage { name, unit, used, limit } = usage;
        let unit = match unit {
            Unit::Bytes => MeterUnit::Bytes,
            Unit::Milliseconds => MeterUnit::Milliseconds,
        };
        let mut meters = self.0.lock();
        match meters.iter_mut().find(|meter| meter.name == name) {
            Some(meter) => {
                let most = meter.most.max(used);
                *meter = MeterStatus { name, unit, used, most, limit };
            }
            None => meters.push(MeterStatus { name, unit, used, most: used, limit }),
        }
    }

    pub(crate) fn told(&self) -> Vec<MeterStatus> {
        self.0.lock().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_and_the_most_are_told() {
        let meters = Meters::default();
        let usage = |name, used| Usage { name, unit: Unit::Bytes, used, limit: 10 };
        for (name, used) in [("memory", 3), ("memory", 7), ("other", 1), ("memory", 5)] {
            meters.see(usage(name, used));
        }
        let told: Vec<_> = meters.told().iter().map(|one| (one.name, one.used, one.most)).collect();
        assert_eq!(told, [("memory", 5, 7), ("other", 1, 1)]);
    }
}
