//! Which events and intervals belong to which.

use crate::error::{Error, check};

/// Refuses what cannot be compared.
fn check_numbers(what: &'static str, mut values: impl Iterator<Item = f64>) -> Result<(), Error> {
    match values.position(f64::is_nan) {
        Some(index) => Err(Error::NotFinite { what, index }),
        None => Ok(()),
    }
}

/// `librosa.util.match_events`: for each of `events_from` the index of the nearest of `events_to`;
/// of two that are equally near, the later event. Without `left` no earlier event is taken, without
/// `right` no later one; both are allowed by default in librosa.
///
/// # Errors
/// There is no event to match; an event is not a number; without `left` or `right`, one of
/// `events_from` has nothing on the side that is left.
pub fn match_events(
    events_from: &[f64],
    events_to: &[f64],
    left: bool,
    right: bool,
) -> Result<Vec<usize>, Error> {
    check_numbers("events_from", events_from.iter().copied())?;
    check_numbers("events_to", events_to.iter().copied())?;
    let mut order: Vec<usize> = (0..events_to.len()).collect();
    order.sort_by(|&a, &b| events_to[a].total_cmp(&events_to[b]));
    let (Some(&first), Some(&last)) = (order.first(), order.last()) else {
        return Err(Error::Empty { what: "events_to" });
    };
    let is_among = |event: &f64| events_to.contains(event);
    let is_exact = left || right || events_from.iter().all(is_among);
    check(is_exact, "left", left, "true, or right, or each event the very same as another")?;
    let has_later = left || events_from.iter().all(|&event| event <= events_to[last]);
    check(has_later, "left", left, "true where an event has no later one to match")?;
    let has_earlier = right || events_from.iter().all(|&event| event >= events_to[first]);
    check(has_earlier, "right", right, "true where an event has no earlier one to match")?;

    let nearest = |&event: &f64| {
        let end = order.len() - 1;
        let at = order.partition_point(|&index| events_to[index] < event).min(end);
        let apart = |at: usize| (events_to[order[at]] - event).abs();
        let before = (left && at > 0).then(|| apart(at - 1));
        let after = (right && at < end).then(|| apart(at + 1));
        let here = apart(at);
        let is_too_late = !right && events_to[order[at]] > event;
        let takes_before = |before: f64| {
            is_too_late || (before < here && after.is_none_or(|after| before < after))
        };
        order[if before.is_some_and(takes_before) {
            at - 1
        } else if after.is_some_and(|after| after < here) {
            at + 1
        } else {
            at
        }]
    };
    Ok(events_from.iter().map(nearest).collect())
}

/// `librosa.util.match_intervals`: for each interval of `intervals_from`, a beginning and an end,
/// the index of the one of `intervals_to` that it shares most with, as a part of both together.
/// Where none overlaps it is an error, or without `strict` the last interval that ends before, or
/// if that is not nearer, of those that begin after it the second, as in librosa; the first where
/// there is no second, which librosa does not look for.
///
/// # Errors
/// There are no intervals; one ends before it begins, or is not a number; with `strict`, one
/// overlaps with none.
pub fn match_intervals(
    intervals_from: &[(f64, f64)],
    intervals_to: &[(f64, f64)],
    strict: bool,
) -> Result<Vec<usize>, Error> {
    for (what, all) in [("intervals_from", intervals_from), ("intervals_to", intervals_to)] {
        if all.is_empty() {
            return Err(Error::Empty { what });
        }
        check_numbers(what, all.iter().flat_map(|&(start, end)| [start, end]))?;
        if let Some(&(start, _)) = all.iter().find(|(start, end)| start > end) {
            return Err(Error::parameter(what, start, "no interval that ends before it begins"));
        }
    }
    let ordered = |key: fn(&(f64, f64)) -> f64| {
        let mut order: Vec<usize> = (0..intervals_to.len()).collect();
        order.sort_by(|&a, &b| key(&intervals_to[a]).total_cmp(&key(&intervals_to[b])));
        order
    };
    let (by_start, by_end) = (ordered(|interval| interval.0), ordered(|interval| interval.1));
    let matching = |&(start, end): &(f64, f64)| {
        let mut best: Option<(usize, f64)> = None;
        for (index, &(other_start, other_end)) in intervals_to.iter().enumerate() {
            if other_start > end || other_end < start {
                continue;
            }
            let shared = (end.min(other_end) - start.max(other_start)).max(0.0);
            let both = end.max(other_end) - start.min(other_start);
            let share = if both > 0.0 { shared / both } else { 0.0 };
            if best.is_none_or(|(_, most)| share > most) {
                best = Some((index, share));
            }
        }
        if let Some((index, _)) = best {
            return Ok(index);
        }
        if strict {
            let range = "one that overlaps with one of intervals_to";
            return Err(Error::parameter("intervals_from", start, range));
        }
        let before = by_end.partition_point(|&index| intervals_to[index].1 < start);
        let after = by_start.partition_point(|&index| intervals_to[index].0 <= end);
        let earlier = before.checked_sub(1).and_then(|at| by_end.get(at));
        let second = by_start.get(after + 1);
        let later = second.or_else(|| by_start.get(after).filter(|_| earlier.is_none()));
        let is_nearer = |&at: &usize| {
            second.is_none_or(|&second| start - intervals_to[at].1 < intervals_to[second].0 - end)
        };
        let found = earlier.filter(|at| is_nearer(at)).or(later);
        found.copied().ok_or(Error::Empty { what: "intervals_to" })
    };
    intervals_from.iter().map(matching).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_meets_the_nearest() {
        let of = |from: &[f64], left, right| match_events(from, &[5.0, 0.0, 3.0, 1.0], left, right);
        assert_eq!(of(&[0.4, 2.0, 9.0], true, true).unwrap(), [1, 2, 0]);
        assert_eq!(of(&[0.4, 2.0, 3.0], false, true).unwrap(), [3, 2, 2]);
        assert_eq!(of(&[0.9, 2.9, 9.0], true, false).unwrap(), [1, 3, 0]);
        assert_eq!(of(&[5.0, 1.0], false, false).unwrap(), [0, 3]);
        assert!(of(&[], true, true).unwrap().is_empty());
    }

    #[test]
    fn events_without_a_match_are_refused() {
        assert!(match_events(&[1.0], &[], true, true).is_err());
        assert!(match_events(&[f64::NAN], &[1.0], true, true).is_err());
        assert!(match_events(&[2.0], &[1.0], false, true).is_err());
        assert!(match_events(&[0.0], &[1.0], true, false).is_err());
        assert!(match_events(&[0.0], &[1.0], false, false).is_err());
    }

    #[test]
    fn an_interval_meets_what_it_shares_most_with() {
        let to = [(0.0, 1.0), (1.0, 4.0), (6.0, 7.0)];
        assert_eq!(match_intervals(&[(0.5, 1.2), (2.0, 6.1)], &to, true).unwrap(), [0, 1]);
        assert_eq!(match_intervals(&[(8.0, 9.0)], &to, false).unwrap(), [2]);
        assert_eq!(match_intervals(&[(-2.0, -1.0)], &to, false).unwrap(), [1]);
        assert_eq!(match_intervals(&[(-2.0, -1.0)], &to[..1], false).unwrap(), [0]);
        assert!(match_intervals(&[(8.0, 9.0)], &to, true).is_err());
        assert!(match_intervals(&[(1.0, 0.0)], &to, true).is_err());
        assert!(match_intervals(&[], &to, true).is_err());
        assert!(match_intervals(&to, &[(f64::NAN, 1.0)], true).is_err());
    }
}
