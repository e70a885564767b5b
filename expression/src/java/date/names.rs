//! The names of months, days, eras and zones in the locale `en_US` (Unicode CLDR, as Java 25 has
//! them). Data and look-ups only.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::field::Field;
use super::pattern::Style;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const QUARTERS: [&str; 4] = ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"];
const SHORT_QUARTERS: [&str; 4] = ["Q1", "Q2", "Q3", "Q4"];
const NARROW_QUARTERS: [&str; 4] = ["1", "2", "3", "4"];

/// The name of a field's value, `None` where it has none.
pub(super) fn name(field: Field, style: Style, value: i64) -> Option<&'static str> {
    let index = usize::try_from(value).ok()?;
    let pick = |names: &'static [&'static str]| -> Option<&'static str> {
        let name = names.get(index.checked_sub(1)?)?;
        match style {
            Style::Full => Some(name),
            Style::Short => name.get(..3),
            Style::Narrow => name.get(..1),
        }
    };
    match (field, style) {
        (Field::MonthOfYear, _) => pick(&MONTHS),
        (Field::DayOfWeek, _) => pick(&DAYS),
        (Field::QuarterOfYear, Style::Full) => QUARTERS.get(index.checked_sub(1)?).copied(),
        (Field::QuarterOfYear, Style::Short) => SHORT_QUARTERS.get(index.checked_sub(1)?).copied(),
        (Field::QuarterOfYear, Style::Narrow) => {
            NARROW_QUARTERS.get(index.checked_sub(1)?).copied()
        }
        (Field::AmPm, _) => ["AM", "PM"].get(index).copied(),
        (Field::Era, Style::Short) => ["BC", "AD"].get(index).copied(),
        (Field::Era, Style::Full) => ["Before Christ", "Anno Domini"].get(index).copied(),
        (Field::Era, Style::Narrow) => ["B", "A"].get(index).copied(),
        _ => None,
    }
}

/// All names of a field in one style with their values; of equal names the last counts.
pub(super) fn names(field: Field, style: Style) -> impl Iterator<Item = (&'static str, i64)> {
    let (least, greatest) = match field {
        Field::MonthOfYear => (1, 12),
        Field::DayOfWeek => (1, 7),
        Field::QuarterOfYear => (1, 4),
        Field::AmPm | Field::Era => (0, 1),
        _ => (1, 0),
    };
    (least..=greatest).rev().filter_map(move |value| Some((name(field, style, value)?, value)))
}

/// The names of one zone.
pub(super) struct ZoneNames {
    /// Standard and summer time, short.
    pub(super) short: [&'static str; 2],
    /// Standard and summer time, long.
    pub(super) long: [&'static str; 2],
    /// Whatever the season, short and long.
    pub(super) generic: [&'static str; 2],
}

/// Tab-separated: short standard, short summer, long standard, long summer, short generic, long
/// generic, and the ids of the zones that are so called.
static ZONES: LazyLock<HashMap<&'static str, ZoneNames>> = LazyLock::new(|| {
    let mut zones = HashMap::new();
    for line in include_str!("zone_names.tsv").lines() {
        let columns: Vec<&'static str> = line.split('\t').collect();
        let &[standard, summer, long, long_summer, generic, long_generic, ids] = &columns[..]
        else {
            continue;
        };
        for id in ids.split(' ') {
            let names = ZoneNames {
                short: [standard, summer],
                long: [long, long_summer],
                generic: [generic, long_generic],
            };
            zones.insert(id, names);
        }
    }
    zones
});

/// The names of the zone with this id.
pub(super) fn zone_names(id: &str) -> Option<&'static ZoneNames> {
    ZONES.get(id)
}

/// Tab-separated: `short` or `long`, a name in a text, and the zone that Java takes it for.
static ZONE_TEXTS: LazyLock<Vec<(bool, &'static str, &'static str)>> = LazyLock::new(|| {
    let lines = include_str!("zone_texts.tsv").lines();
    let mut texts: Vec<_> = lines
        .filter_map(|line| {
            let mut columns = line.split('\t');
            Some((columns.next()? == "long", columns.next()?, columns.next()?))
        })
        .collect();
    texts.sort_by_key(|(_, name, _)| std::cmp::Reverse(name.len()));
    texts
});

/// The names by which a zone may be written, long or short, longest first, with their zones.
pub(super) fn zone_texts(full: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    ZONE_TEXTS.iter().filter(move |entry| entry.0 == full).map(|entry| (entry.1, entry.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_have_names() {
        let berlin = zone_names("Europe/Berlin").unwrap();
        assert_eq!(berlin.short, ["CET", "CEST"]);
        assert_eq!(berlin.generic, ["CET", "Central European Time"]);
        assert!(zone_texts(false).any(|entry| entry == ("EST", "America/New_York")));
    }

    #[test]
    fn names_are_of_the_locale() {
        assert_eq!(name(Field::MonthOfYear, Style::Short, 9), Some("Sep"));
        assert_eq!(name(Field::DayOfWeek, Style::Full, 7), Some("Sunday"));
        assert_eq!(name(Field::MonthOfYear, Style::Full, 13), None);
        assert_eq!(names(Field::DayOfWeek, Style::Narrow).count(), 7);
    }
}
