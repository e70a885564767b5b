//! Where mistakes are gathered while a flow is read and validated.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::nearest::{WORK_MAX, nearest_within};
use crate::text::{Place, Source};

/// Mistakes beyond so many are counted and not kept.
const DIAGNOSTICS_MAX: usize = 10_000;

/// So many places are named where a mistake of a parameter's value is found again.
const PLACES_MAX: usize = 8;

/// The mistakes found so far, and what must not be shown with them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    diagnostics: Vec<Diagnostic>,
    left_out: usize,
    /// Ranges of bytes that hold secrets.
    secrets: Vec<(u32, u32)>,
    /// What comparing names has cost so far.
    work: Cell<usize>,
    /// Mistakes of values that come from parameters, by hashes of what they say.
    of_parameters: HashMap<u64, Repeated>,
    /// How often one of those was found again.
    repetitions: usize,
}

/// A mistake, and where it was found again.
#[derive(Debug, Clone)]
struct Repeated {
    /// Its place among the mistakes.
    index: usize,
    places: Vec<String>,
    /// Places beyond those.
    more: usize,
}

impl Repeated {
    fn tell(&self) -> String {
        let more = if self.more > 0 { format!(", and {} more", self.more) } else { String::new() };
        format!("; also in {}{more}", self.places.join(", "))
    }
}

impl Report {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < DIAGNOSTICS_MAX {
            self.diagnostics.push(diagnostic);
        } else {
            self.left_out += 1;
        }
    }

    /// The same for a mistake that a value has from its parameters, and so in every property that
    /// has this value: where `identity` was told already, it is told with that that it is also
    /// `here`.
    pub(crate) fn push_of_parameters(
        &mut self,
        identity: (&[String], &str, &str),
        here: String,
        diagnostic: Diagnostic,
    ) {
        let hash = self.of_parameters.hasher().hash_one(identity);
        if let Some(told) = self.of_parameters.get_mut(&hash) {
            self.repetitions += 1;
            if told.places.len() < PLACES_MAX {
                told.places.push(here);
            } else {
                told.more += 1;
            }
            return;
        }
        if !self.is_full() {
            let told = Repeated { index: self.diagnostics.len(), places: Vec::new(), more: 0 };
            self.of_parameters.insert(hash, told);
        }
        self.push(diagnostic);
    }

    /// Whether further mistakes are only counted, so that it is not worth finding their places.
    pub(crate) fn is_full(&self) -> bool {
        self.diagnostics.len() >= DIAGNOSTICS_MAX
    }

    /// How many mistakes of whatever weight were found so far, those found again included.
    pub(crate) fn count(&self) -> usize {
        self.diagnostics.len() + self.left_out + self.repetitions
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
        nearest_within(&self.work, name, candidates)
    }

    /// All mistakes in the order of the text.
    pub(crate) fn finish(mut self, source: &Source) -> Vec<Diagnostic> {
        for told in self.of_parameters.values().filter(|told| !told.places.is_empty()) {
            if let Some(diagnostic) = self.diagnostics.get_mut(told.index) {
                diagnostic.message.push_str(&told.tell());
            }
        }
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
    fn a_mistake_that_is_found_again_counts_and_is_told_with_the_first() {
        let mut report = Report::default();
        let parameters = ["size".to_owned()];
        for (value, here) in [("x", "A"), ("x", "B"), ("y", "C")] {
            let diagnostic = Diagnostic::new(Code::BadValue, &Place::default(), "no size");
            report.push_of_parameters((&parameters, value, "no size"), here.to_owned(), diagnostic);
        }
        assert_eq!(report.count(), 3);
        let all = report.finish(&Source::default());
        let messages = all.iter().map(|one| &*one.message).collect::<Vec<_>>();
        assert_eq!(messages, ["no size", "no size; also in B"]);
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
