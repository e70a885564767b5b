//! What somebody may have meant: the known name that another is most like.

use std::cell::Cell;

/// So much work goes into "did you mean" for one flow; after that it is left out. A comparison
/// costs the product of two lengths in characters, and one that a look at the lengths decides 1:
/// this is some tenths of a second in the worst case.
pub(crate) const WORK_MAX: usize = 10_000_000;

/// Names less alike than this are not taken for slips of the pen.
const SIMILARITY_MIN: f64 = 0.8;

/// The candidate that `name` is most probably a misspelling of; none where too much would have to
/// be compared.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest_within(&Cell::new(0), name, candidates)
}

/// The same for one of many names, where comparing has already cost `work`.
pub(crate) fn nearest_within<'a>(
    work: &Cell<usize>,
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let length = lower.chars().count();
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let spent = work.get();
        if spent >= WORK_MAX {
            return None;
        }
        let candidate_length = candidate.chars().count();
        let (shorter, longer) = (length.min(candidate_length), length.max(candidate_length));
        // Names of such different lengths are never as alike as is asked below.
        if shorter * 2 < longer {
            work.set(spent + 1);
            continue;
        }
        work.set(spent + 1 + shorter * longer);
        let candidate_lower = candidate.to_lowercase();
        let likeness = strsim::normalized_damerau_levenshtein(&lower, &candidate_lower)
            .max(strsim::jaro_winkler(&lower, &candidate_lower) - 0.1);
        if likeness >= SIMILARITY_MIN && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_seen_and_other_words_are_not() {
        let types = ["GetFile", "PutFile", "DecodeAudio", "ExtractFeatures"];
        let meant = |name: &str| nearest(name, types.into_iter());
        assert_eq!(meant("GetFlie"), Some("GetFile"));
        assert_eq!(meant("decodeaudio"), Some("DecodeAudio"));
        assert_eq!(meant("ExtractFeature"), Some("ExtractFeatures"));
        assert_eq!(meant("RouteOnAttribute"), None);
    }
}
