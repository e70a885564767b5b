//! Where mistakes are gathered while a flow is read and validated.

use std::cell::Cell;
use std::collections::HashSet;

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::text::{Place, Source};

/// Mistakes beyond so many are counted and not kept.
const DIAGNOSTICS_MAX: usize = 10_000;

/// So much work goes into "did you mean" for one flow; after that it is left out. A comparison
/// costs the product of two lengths in characters, and one that a look at the lengths decides 1:
/// this is some tenths of a second in the worst case.
const WORK_MAX: usize = 10_000_000;

/// Names less alike than this are not taken for slips of the pen.
const SIMILARITY_MIN: f64 = 0.8;

/// The mistakes found so far, and what must not be shown with them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    diagnostics: Vec<Diagnostic>,
    left_out: usize,
    /// Ranges of bytes that hold secrets.
    secrets: Vec<(u32, u32)>,
    /// What comparing names has cost so far.
    work: Cell<usize>,
}

impl Report {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < DIAGNOSTICS_MAX {
            self.diagnostics.push(diagnostic);
        } else {
            self.left_out += 1;
        }
    }

    /// Whether further mistakes are only counted, so that it is not worth finding their places.
    pub(crate) fn is_full(&self) -> bool {
        self.diagnostics.len() >= DIAGNOSTICS_MAX
    }

    /// How many mistakes of whatever weight were found so far.
    pub(crate) fn count(&self) -> usize {
        self.diagnostics.len() + self.left_out
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Keeps what stands at `place` out of all messages.
    pub(crate) fn hide(&mut self, place: &Place) {
        if place.is_known() {
            self.secrets.push((place.start, place.end));
        }
    }

    /// `did you mean "NAME"?`, or for few candidates what there is; nothing if nothing is alike.
    pub(crate) fn suggest<'a>(
        &self,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        if self.work.get() >= WORK_MAX {
            return None;
        }
        let mut seen = HashSet::new();
        let candidates: Vec<&str> =
            candidates.into_iter().filter(|candidate| seen.insert(*candidate)).collect();
        if let Some(best) = self.nearest(name, candidates.iter().copied()) {
            return Some(format!("did you mean \"{best}\"?"));
        }
        match candidates.as_slice() {
            [] => None,
            [only] => Some(format!("there is only \"{only}\"")),
            few if few.len() <= 8 => {
                let quoted: Vec<String> = few.iter().map(|each| format!("\"{each}\"")).collect();
                Some(format!("there are {}", quoted.join(", ")))
            }
            _ => None,
        }
    }

    /// The candidate that `name` is most probably a misspelling of.
    pub(crate) fn nearest<'a>(
        &self,
        name: &str,
        candidates: impl Iterator<Item = &'a str>,
    ) -> Option<&'a str> {
        let lower = name.to_lowercase();
        let length = lower.chars().count();
        let mut best: Option<(f64, &str)> = None;
        for candidate in candidates {
            let spent = self.work.get();
            if spent >= WORK_MAX {
                return None;
            }
            let candidate_length = candidate.chars().count();
            let (shorter, longer) = (length.min(candidate_length), length.max(candidate_length));
            // Names of such different lengths are never as alike as is asked below.
            if shorter * 2 < longer {
                self.work.set(spent + 1);
                continue;
            }
            self.work.set(spent + 1 + shorter * longer);
            let candidate_lower = candidate.to_lowercase();
            let likeness = strsim::normalized_damerau_levenshtein(&lower, &candidate_lower)
                .max(strsim::jaro_winkler(&lower, &candidate_lower) - 0.1);
            if likeness >= SIMILARITY_MIN && best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, candidate));
            }
        }
        best.map(|(_, candidate)| candidate)
    }

    /// All mistakes in the order of the text.
    pub(crate) fn finish(mut self, source: &Source) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_cached_key(Diagnostic::order);
        if self.left_out > 0 {
            let message = format!("{} more mistakes are not listed", self.left_out);
            self.diagnostics.push(
                Diagnostic::new(Code::Limit, &Place::default(), message)
                    .with_help("mend those that are, and validate again"),
            );
        }
        self.secrets.sort_unstable();
        for diagnostic in &mut self.diagnostics {
            diagnostic.show(source, &self.secrets);
        }
        self.diagnostics
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_seen_and_other_words_are_not() {
        let report = Report::default();
        let types = ["GetFile", "PutFile", "DecodeAudio", "ExtractFeatures"];
        let suggest = |name: &str| report.nearest(name, types.into_iter());
        assert_eq!(suggest("GetFlie"), Some("GetFile"));
        assert_eq!(suggest("decodeaudio"), Some("DecodeAudio"));
        assert_eq!(suggest("ExtractFeature"), Some("ExtractFeatures"));
        assert_eq!(suggest("RouteOnAttribute"), None);
    }

    #[test]
    fn the_work_on_suggestions_is_bounded() {
        let report = Report::default();
        let long = "a".repeat(100);
        assert_eq!(report.nearest(&long, [long.as_str()].into_iter()), Some(long.as_str()));
        for _ in 0..WORK_MAX / 10_000 {
            report.nearest(&long, [long.as_str()].into_iter());
        }
        assert_eq!(report.nearest(&long, [long.as_str()].into_iter()), None);
        assert_eq!(report.suggest("a", ["a"]), None);
    }

    #[test]
    fn a_flood_of_mistakes_is_counted() {
        let mut report = Report::default();
        for _ in 0..DIAGNOSTICS_MAX + 5 {
            report.push(Diagnostic::new(Code::Syntax, &Place::default(), "x"));
        }
        let all = report.finish(&Source::default());
        assert_eq!(all.len(), DIAGNOSTICS_MAX + 1);
        assert!(all.last().is_some_and(|last| last.message.starts_with("5 more mistakes")));
    }
}
