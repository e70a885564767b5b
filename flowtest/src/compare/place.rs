//! Flowfiles that came to one place, against those that were expected there.

use std::path::Path;

use tutti_model::suite::{Expected, ExpectedFlowFile};
use tutti_model::text::Place;

use super::content::bytes_shown;
use super::{Mismatch, attribute, count};
use crate::failure::Failure;
use crate::seen::Seen;

/// How many flowfiles are told of one place.
const TOLD_MAX: usize = 5;
/// How many attributes are told of one flowfile.
const ATTRIBUTES_MAX: usize = 12;

/// What is wrong with the flowfiles that came to the place `name`.
pub(crate) fn place(name: &str, expected: &Expected, got: &[&Seen], folder: &Path) -> Vec<Failure> {
    let mut failures = Vec::new();
    if let Some(matcher) = &expected.count
        && let Err(wrong) = count(matcher, got.len())
    {
        let message = format!("{name}: the number of flowfiles is not as expected");
        failures.push(failure(message, &expected.place, wrong.lines(), got));
    }
    let Some(wanted) = &expected.flowfiles else { return failures };
    if expected.any_order || expected.others {
        failures.extend(anywhere(name, expected, wanted, got, folder));
        return failures;
    }
    if wanted.len() != got.len() {
        let wrong = numbers(wanted.len(), got.len());
        let message = format!("{name}: the number of flowfiles is not as expected");
        failures.push(failure(message, &expected.place, wrong.lines(), got));
        return failures;
    }
    for (index, (wanted, seen)) in wanted.iter().zip(got).enumerate() {
        if let Err(wrong) = flowfile(wanted, seen, folder) {
            let message =
                format!("{name}, flowfile {}: {} is not as expected", index + 1, wrong.of);
            failures.push(Failure::at(message, &wanted.place).with(wrong.lines()));
        }
    }
    failures
}

fn numbers(expected: usize, got: usize) -> Mismatch {
    Mismatch { of: String::new(), expected: expected.to_string(), got: got.to_string() }
}

/// Every one that is wanted must be one of `got`, each another, in whatever order.
fn anywhere(
    name: &str,
    expected: &Expected,
    wanted: &[ExpectedFlowFile],
    got: &[&Seen],
    folder: &Path,
) -> Vec<Failure> {
    let fits: Vec<Vec<bool>> = wanted
        .iter()
        .map(|wanted| got.iter().map(|seen| flowfile(wanted, seen, folder).is_ok()).collect())
        .collect();
    let pairs = matching(&fits, got.len());
    let mut failures = Vec::new();
    let is_free = |index: usize| !pairs.contains(&Some(index));
    let left: Vec<&Seen> = got
        .iter()
        .enumerate()
        .filter(|(index, _)| is_free(*index))
        .map(|(_, seen)| *seen)
        .collect();
    for (index, (wanted, _)) in
        wanted.iter().zip(&pairs).enumerate().filter(|(_, (_, pair))| pair.is_none())
    {
        let message = format!("{name}: no flowfile is what number {} should be", index + 1);
        let mut lines = Vec::new();
        // What it lacks is plain when only one is left.
        if let [only] = left.as_slice()
            && let Err(wrong) = flowfile(wanted, only, folder)
        {
            lines.push(format!("of the one that is left {} is not as expected", wrong.of));
            lines.extend(wrong.lines());
        }
        failures.push(failure(message, &wanted.place, lines, &left));
    }
    if failures.is_empty() && !left.is_empty() && !expected.others {
        let message = format!("{name}: more flowfiles came than were expected");
        let lines = numbers(wanted.len(), got.len()).lines();
        failures.push(failure(message, &expected.place, lines, &left));
    }
    failures
}

/// For each row the column that it is paired with, no column twice, as many as can be
/// (augmenting paths; Kuhn 1955).
fn matching(fits: &[Vec<bool>], columns: usize) -> Vec<Option<usize>> {
    fn augment(
        row: usize,
        fits: &[Vec<bool>],
        owners: &mut [Option<usize>],
        tried: &mut [bool],
    ) -> bool {
        for column in 0..owners.len() {
            if !fits[row][column] || std::mem::replace(&mut tried[column], true) {
                continue;
            }
            if owners[column].is_none_or(|owner| augment(owner, fits, owners, tried)) {
                owners[column] = Some(row);
                return true;
            }
        }
        false
    }
    let mut owners = vec![None; columns];
    for row in 0..fits.len() {
        augment(row, fits, &mut owners, &mut vec![false; columns]);
    }
    (0..fits.len()).map(|row| owners.iter().position(|owner| *owner == Some(row))).collect()
}

/// Whether one flowfile is as expected.
fn flowfile(wanted: &ExpectedFlowFile, seen: &Seen, folder: &Path) -> Result<(), Mismatch> {
    for (name, matcher) in &wanted.attributes {
        attribute(matcher, seen.flowfile.attribute(name)).map_err(|wrong| {
            let of = format!("the attribute \"{name}\"");
            Mismatch { of, ..wrong }
        })?;
    }
    for (name, matcher) in &wanted.properties {
        let Some(properties) = &seen.properties else {
            return Err(Mismatch {
                of: format!("the property \"{name}\""),
                expected: "that of a processor that was replaced".to_owned(),
                got: "one that works itself, so that nobody looked at it".to_owned(),
            });
        };
        let value = properties.get(name).map(String::as_str);
        attribute(matcher, value).map_err(|wrong| {
            let of = format!("the property \"{name}\"");
            Mismatch { of, ..wrong }
        })?;
    }
    if !wanted.content.is_empty() {
        let content = seen.content().map_err(|reason| Mismatch {
            of: "the content".to_owned(),
            expected: "what can be read".to_owned(),
            got: reason,
        })?;
        super::content(&wanted.content, &content, folder)?;
    }
    if let Some(after) = wanted.after {
        let after_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
        if after_ms != seen.after_ms {
            let of = "the time since the beginning".to_owned();
            let (expected, got) = (milliseconds(after_ms), milliseconds(seen.after_ms));
            return Err(Mismatch { of, expected, got });
        }
    }
    match wanted.penalized {
        Some(penalized) if penalized != seen.is_penalized => {
            let word = |is: bool| if is { "it waits" } else { "it does not wait" }.to_owned();
            let of = "the penalty".to_owned();
            Err(Mismatch { of, expected: word(penalized), got: word(seen.is_penalized) })
        }
        _ => Ok(()),
    }
}

fn milliseconds(milliseconds: u64) -> String {
    if milliseconds.is_multiple_of(1_000) {
        format!("{} sec", milliseconds / 1_000)
    } else {
        format!("{milliseconds} millis")
    }
}

/// A failure for flowfiles that nobody expected at the place `name`.
pub(crate) fn unexpected(name: &str, got: &[&Seen], why: &str) -> Failure {
    let number = got.len();
    let flowfiles = if number == 1 { "flowfile" } else { "flowfiles" };
    let message = format!("{name}: {number} {flowfiles} that nobody expected, {why}");
    Failure::new(message).with(told(got))
}

fn failure(message: String, place: &Place, lines: Vec<String>, got: &[&Seen]) -> Failure {
    Failure::at(message, place).with(lines).with(told(got))
}

/// Flowfiles, a few lines each.
fn told(got: &[&Seen]) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, seen) in got.iter().take(TOLD_MAX).enumerate() {
        let names = seen.flowfile.attributes().iter().filter(|(name, _)| *name != "uuid");
        let mut attributes: Vec<String> = names
            .take(ATTRIBUTES_MAX + 1)
            .map(|(name, value)| format!("{name}: {}", cut(&format!("{value:?}"), 80)))
            .collect();
        if attributes.len() > ATTRIBUTES_MAX {
            attributes.truncate(ATTRIBUTES_MAX);
            attributes.push("…".to_owned());
        }
        lines.push(format!("got {}: {{ {} }}", index + 1, attributes.join(", ")));
        match seen.content() {
            Ok(content) if content.is_empty() => {}
            Ok(content) => lines.push(format!("       {}", cut(&bytes_shown(&content), 120))),
            Err(reason) => lines.push(format!("       {reason}")),
        }
    }
    if got.len() > TOLD_MAX {
        lines.push(format!("and {} more", got.len() - TOLD_MAX));
    }
    lines
}

/// The first `characters` of `text`.
fn cut(text: &str, characters: usize) -> String {
    let mut letters = text.chars();
    let mut shown: String = letters.by_ref().take(characters).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::matching;

    /// How many the greatest matching has, found by trying all.
    fn greatest(fits: &[Vec<bool>], taken: u8) -> usize {
        let Some((row, rest)) = fits.split_first() else { return 0 };
        let with = (0..4).filter(|c| row[*c] && taken & (1 << c) == 0);
        let with = with.map(|c| 1 + greatest(rest, taken | (1 << c))).max();
        with.unwrap_or(0).max(greatest(rest, taken))
    }

    proptest! {
        #[test]
        fn a_matching_is_one_and_cannot_be_greater(
            fits in proptest::collection::vec(proptest::collection::vec(any::<bool>(), 4), 0..5),
        ) {
            let pairs = matching(&fits, 4);
            let mut used: Vec<usize> = pairs.iter().flatten().copied().collect();
            prop_assert!(pairs.iter().zip(&fits).all(|(pair, row)| pair.is_none_or(|c| row[c])));
            let count = used.len();
            used.sort_unstable();
            used.dedup();
            prop_assert_eq!(used.len(), count);
            prop_assert_eq!(count, greatest(&fits, 0));
        }
    }
}
