//! Following a path through a document. What is found has Jayway's shape: a value for a path that
//! leads to one place, an array for any other.

use std::borrow::Cow;

use super::budget::{Budget, KEPT, Root, too_much};
use super::filter::Filter;
use super::function::function;
use super::path::{Path, Step};
use super::value::Json;
use crate::error::Failure;

/// Why a path was not followed to its end.
#[derive(Debug)]
pub(super) enum Stop {
    /// There is nothing at the path.
    NotFound,
    /// The path cannot be applied to what is there; a filter takes that for a no.
    Invalid,
    /// Something else went wrong, and the whole evaluation with it.
    Failed,
    /// It takes more steps, or leads to more, than one evaluation may.
    TooMuch,
}

/// What a path finds.
#[derive(Debug, Clone)]
pub enum Found<'d> {
    /// A value of the document, or one that was made.
    Json(Cow<'d, Json>),
    /// The keys of an object, which are not an array to Jayway.
    Keys(Vec<String>),
}

impl Found<'_> {
    /// The text of what was found, as NiFi gives it: texts without quotes, an array of one value as
    /// that value, everything else as JSON.
    pub fn text(&self) -> String {
        match self {
            Self::Keys(keys) => format!("[{}]", keys.join(", ")),
            Self::Json(json) => {
                let mut json: &Json = json;
                while let Json::Array(items) = json
                    && let [only] = &items[..]
                {
                    json = only;
                }
                match json {
                    Json::Array(_) | Json::Object(_) => json.to_string(),
                    scalar => scalar.scalar_text(),
                }
            }
        }
    }

    pub(super) fn into_json(self) -> Json {
        match self {
            Self::Json(json) => json.into_owned(),
            Self::Keys(keys) => Json::Array(keys.into_iter().map(Json::Text).collect()),
        }
    }
}

/// A step from a value to one within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Key(String),
    Keys(Vec<String>),
    /// An index as it was written: from the end where negative.
    Index(i64),
}

/// What was found, and where.
#[derive(Debug)]
pub(super) struct Hit<'d> {
    pub(super) found: Found<'d>,
    pub(super) location: Vec<Place>,
}

impl Path {
    /// What lies at the path in `document`, `None` where nothing does.
    pub(crate) fn read<'d>(&self, document: &'d Json) -> Result<Option<Found<'d>>, Failure> {
        let budget = Budget::default();
        match self.value(document, Root { json: document, budget: &budget }, false) {
            Ok(found) => Ok(Some(found)),
            Err(Stop::TooMuch) => Err(too_much()),
            Err(Stop::NotFound | Stop::Invalid | Stop::Failed) => Ok(None),
        }
    }

    /// What the path finds from `item` on, in `root`. With `strict` every key must be there.
    pub(super) fn value<'d>(
        &self,
        item: &'d Json,
        root: Root<'_, 'd>,
        strict: bool,
    ) -> Result<Found<'d>, Stop> {
        let mut hits = self.hits(item, root, strict, false)?;
        if self.is_definite() {
            return hits.pop().map(|hit| hit.found).ok_or(Stop::NotFound);
        }
        for hit in &hits {
            match &hit.found {
                Found::Json(json) => root.budget.copy(json)?,
                Found::Keys(keys) => root.budget.spend(keys.len().saturating_mul(KEPT))?,
            }
        }
        let items = hits.into_iter().map(|hit| hit.found.into_json()).collect();
        Ok(Found::Json(Cow::Owned(Json::Array(items))))
    }

    /// All places that the path leads to; with `located` it is known where they are.
    pub(super) fn hits<'d>(
        &self,
        item: &'d Json,
        root: Root<'_, 'd>,
        strict: bool,
        located: bool,
    ) -> Result<Vec<Hit<'d>>, Stop> {
        let start = if self.from_root { root.json } else { item };
        let mut walker = Walker {
            path: self,
            root,
            strict,
            located,
            hits: Vec::new(),
            location: Vec::new(),
            element: vec![None; self.steps.len()],
        };
        walker.step(0, &Found::Json(Cow::Borrowed(start)), true)?;
        Ok(walker.hits)
    }
}

struct Walker<'p, 'd> {
    path: &'p Path,
    root: Root<'p, 'd>,
    strict: bool,
    /// Whether hits are to say where they are.
    located: bool,
    hits: Vec<Hit<'d>>,
    location: Vec<Place>,
    /// For each step the element of an array on which a scan last put it.
    element: Vec<Option<usize>>,
}

/// A part of a value; borrowed where the value is.
pub(super) fn child<'d>(
    model: &Found<'d>,
    choose: impl Fn(&Json) -> Option<&Json>,
) -> Option<Found<'d>> {
    match model {
        Found::Json(Cow::Borrowed(json)) => {
            // The closure's signature ties its result to its argument, hence to the document.
            choose(json).map(|part| Found::Json(Cow::Borrowed(part)))
        }
        Found::Json(Cow::Owned(json)) => {
            choose(json).map(|part| Found::Json(Cow::Owned(part.clone())))
        }
        Found::Keys(_) => None,
    }
}

pub(super) fn json<'m>(model: &'m Found<'_>) -> Option<&'m Json> {
    match model {
        Found::Json(json) => Some(json),
        Found::Keys(_) => None,
    }
}

pub(super) fn array_length(model: &Found<'_>) -> Option<usize> {
    match json(model) {
        Some(Json::Array(items)) => Some(items.len()),
        _ => None,
    }
}

pub(super) fn keys(model: &Found<'_>) -> Option<Vec<String>> {
    match json(model) {
        Some(Json::Object(entries)) => Some(entries.iter().map(|(key, _)| key.clone()).collect()),
        _ => None,
    }
}

impl<'d> Walker<'_, 'd> {
    fn is_last(&self, index: usize) -> bool {
        index + 1 >= self.path.steps.len()
    }

    fn add(&mut self, found: Found<'d>) -> Result<(), Stop> {
        let mut location = Vec::new();
        self.root.budget.spend(KEPT)?;
        if self.located {
            self.root.budget.spend(self.location.len().saturating_mul(KEPT))?;
            location.clone_from(&self.location);
        }
        self.hits.push(Hit { found, location });
        Ok(())
    }

    /// Goes on with the step behind `index`, or ends here.
    fn go_on(&mut self, index: usize, model: &Found<'d>, definite: bool) -> Result<(), Stop> {
        if self.is_last(index) {
            return self.add(model.clone());
        }
        let definite = definite
            && self.path.steps.get(index).is_some_and(|step| step.is_definite(self.is_last(index)));
        self.step(index + 1, model, definite)
    }

    /// Applies the step at `index` to a value; `definite` says whether the steps before it lead to
    /// one place.
    fn step(&mut self, index: usize, model: &Found<'d>, definite: bool) -> Result<(), Stop> {
        self.root.budget.spend(1)?;
        let path = self.path;
        let Some(step) = path.steps.get(index) else { return self.add(model.clone()) };
        match step {
            Step::Keys(names) => self.keys(index, names, model, definite),
            Step::Indices(indices) => {
                if !is_array(model, definite)? {
                    return Ok(());
                }
                indices.iter().try_for_each(|at| self.index(index, *at, model, definite))
            }
            Step::Slice { from, to } => self.slice(index, (*from, *to), model, definite),
            Step::Wildcard => self.wildcard(index, model, definite),
            Step::Scan => self.scan(index + 1, model),
            Step::Filter(filter) => {
                if json(model).is_some_and(|json| matches!(json, Json::Object(_))) {
                    if self.accepts(filter, model)? {
                        self.go_on(index, model, definite)?;
                    }
                } else if let Some(length) = array_length(model) {
                    for at in 0..length {
                        let Some(item) = child(model, |json| element(json, at)) else { continue };
                        if self.accepts(filter, &item)? {
                            self.index(index, at as i64, model, definite)?;
                        }
                    }
                } else if definite {
                    return Err(Stop::Invalid);
                }
                Ok(())
            }
            Step::Function { name, parameters } => {
                if let Some(json) = json(model) {
                    self.root.budget.copy(json)?;
                }
                let result = function(name, parameters, model, self.root)?;
                self.add(result.clone())?;
                if self.is_last(index) { Ok(()) } else { self.step(index + 1, &result, definite) }
            }
        }
    }

    fn accepts(&self, filter: &Filter, model: &Found<'d>) -> Result<bool, Stop> {
        match json(model) {
            Some(item) => filter.accepts(item, self.root),
            None => Ok(false),
        }
    }

    fn keys(
        &mut self,
        index: usize,
        names: &[String],
        model: &Found<'d>,
        definite: bool,
    ) -> Result<(), Stop> {
        let Some(Json::Object(entries)) = json(model) else {
            return if definite { Err(Stop::NotFound) } else { Ok(()) };
        };
        let [name] = names else {
            if !self.is_last(index) {
                return names.iter().try_for_each(|name| self.key(index, name, model, definite));
            }
            let mut merged = Vec::new();
            for name in names {
                match entries.iter().find(|(key, _)| key == name) {
                    Some((_, value)) => Json::put(&mut merged, name, value.clone()),
                    None if self.strict => return Err(Stop::NotFound),
                    None => {}
                }
            }
            self.location.push(Place::Keys(names.to_vec()));
            self.root.budget.look_through(entries.len().saturating_mul(names.len()))?;
            merged.iter().try_for_each(|(_, value)| self.root.budget.copy(value))?;
            let result = self.add(Found::Json(Cow::Owned(Json::Object(merged))));
            self.location.pop();
            return result;
        };
        self.key(index, name, model, definite)
    }

    fn key(
        &mut self,
        index: usize,
        name: &str,
        model: &Found<'d>,
        definite: bool,
    ) -> Result<(), Stop> {
        if let Some(Json::Object(entries)) = json(model) {
            self.root.budget.look_through(entries.len())?;
        }
        let Some(value) = child(model, |json| json.get(name)) else {
            let is_token_definite = self
                .path
                .steps
                .get(index)
                .is_some_and(|step| step.is_definite(self.is_last(index)));
            let is_needed = if self.is_last(index) {
                self.strict
            } else {
                definite && is_token_definite || self.strict
            };
            return if is_needed { Err(Stop::NotFound) } else { Ok(()) };
        };
        if self.is_last(index) && !self.is_wanted_element(index) {
            return Ok(());
        }
        self.location.push(Place::Key(name.to_owned()));
        let result = self.go_on(index, &value, definite);
        self.location.pop();
        result
    }

    /// A scan puts the step behind an index on every element of an array; only those elements count
    /// whose index the path names.
    fn is_wanted_element(&self, index: usize) -> bool {
        let Some(element) = self.element.get(index).copied().flatten() else { return true };
        match index.checked_sub(1).and_then(|before| self.path.steps.get(before)) {
            Some(Step::Indices(indices)) => indices[..] == [element as i64],
            _ => false,
        }
    }

    fn index(
        &mut self,
        index: usize,
        at: i64,
        model: &Found<'d>,
        definite: bool,
    ) -> Result<(), Stop> {
        let length = array_length(model).unwrap_or(0) as i64;
        let effective = usize::try_from(if at < 0 { length + at } else { at }).ok();
        let Some(item) = effective.and_then(|at| child(model, |json| element(json, at))) else {
            return Ok(());
        };
        self.location.push(Place::Index(at));
        let result = self.go_on(index, &item, definite);
        self.location.pop();
        result
    }

    fn slice(
        &mut self,
        index: usize,
        bounds: (Option<i64>, Option<i64>),
        model: &Found<'d>,
        definite: bool,
    ) -> Result<(), Stop> {
        if !is_array(model, definite)? {
            return Ok(());
        }
        let length = array_length(model).unwrap_or(0) as i64;
        let from_end = |bound: i64| if bound < 0 { length + bound } else { bound };
        let (from, to) = match bounds {
            (Some(from), None) => (from_end(from).max(0), length),
            // With both bounds Jayway counts neither from the end.
            (Some(from), Some(to)) => (from, to.min(length)),
            (None, to) => (0, from_end(to.unwrap_or(length)).min(length)),
        };
        // A negative index from such a slice is counted from the end after all.
        let from = from.max(-length);
        (from..to).try_for_each(|at| self.index(index, at, model, definite))
    }

    fn wildcard(&mut self, index: usize, model: &Found<'d>, definite: bool) -> Result<(), Stop> {
        if let Some(names) = keys(model) {
            return names
                .into_iter()
                .enumerate()
                .try_for_each(|(at, name)| self.entry(index, (at, name), model, definite));
        }
        for at in 0..array_length(model).unwrap_or(0) {
            match self.index(index, at as i64, model, definite) {
                Err(Stop::NotFound) if !self.strict => {}
                other => other?,
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        index: usize,
        (at, name): (usize, String),
        model: &Found<'d>,
        definite: bool,
    ) -> Result<(), Stop> {
        let Some(value) = child(model, |json| entry(json, at)) else { return Ok(()) };
        if self.is_last(index) && self.element.get(index).copied().flatten().is_some() {
            return Ok(());
        }
        self.location.push(Place::Key(name));
        let result = self.go_on(index, &value, definite);
        self.location.pop();
        result
    }

    /// Applies the step at `index` to a value and to everything within it.
    fn scan(&mut self, index: usize, model: &Found<'d>) -> Result<(), Stop> {
        self.root.budget.spend(1)?;
        if let Some(length) = array_length(model) {
            self.scan_array(index, length, model)
        } else if let Some(names) = keys(model) {
            if self.is_scanned(index, model)? {
                self.step(index, model, false)?;
            }
            for (at, name) in names.into_iter().enumerate() {
                if let Some(value) = child(model, |json| entry(json, at)) {
                    self.location.push(Place::Key(name));
                    let result = self.scan(index, &value);
                    self.location.pop();
                    result?;
                }
            }
            Ok(())
        } else {
            Ok(())
        }
    }

    fn scan_array(&mut self, index: usize, length: usize, model: &Found<'d>) -> Result<(), Stop> {
        if self.is_scanned(index, model)? {
            if self.is_last(index) {
                self.step(index, model, false)?;
            } else {
                for at in 0..length {
                    let Some(item) = child(model, |json| element(json, at)) else { continue };
                    if let Some(last) = self.element.get_mut(index + 1) {
                        *last = Some(at);
                    }
                    self.location.push(Place::Index(at as i64));
                    let result = self.step(index + 1, &item, false);
                    self.location.pop();
                    result?;
                }
            }
        }
        for at in 0..length {
            let Some(item) = child(model, |json| element(json, at)) else { continue };
            self.location.push(Place::Index(at as i64));
            let result = self.scan(index, &item);
            self.location.pop();
            result?;
        }
        Ok(())
    }

    /// Whether a scan applies the step to this value at all.
    fn is_scanned(&self, index: usize, model: &Found<'d>) -> Result<bool, Stop> {
        Ok(match self.path.steps.get(index) {
            Some(Step::Keys(names)) => match json(model) {
                Some(object @ Json::Object(entries)) => {
                    self.root.budget.look_through(entries.len())?;
                    names.len() > 1 && !self.is_last(index)
                        || names.iter().all(|name| object.get(name).is_some())
                }
                _ => false,
            },
            Some(Step::Indices(_) | Step::Slice { .. }) => array_length(model).is_some(),
            Some(Step::Wildcard) => true,
            Some(Step::Filter(filter)) => self.accepts(filter, model)?,
            _ => false,
        })
    }
}

fn entry(json: &Json, at: usize) -> Option<&Json> {
    match json {
        Json::Object(entries) => entries.get(at).map(|(_, value)| value),
        _ => None,
    }
}

pub(super) fn element(json: &Json, at: usize) -> Option<&Json> {
    match json {
        Json::Array(items) => items.get(at),
        _ => None,
    }
}

fn is_array(model: &Found<'_>, definite: bool) -> Result<bool, Stop> {
    match (array_length(model).is_some(), definite) {
        (false, true) => Err(Stop::NotFound),
        (is_array, _) => Ok(is_array),
    }
}
