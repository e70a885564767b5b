//! What a value must be: a value itself, or an object that says what must hold of it.

use std::collections::BTreeMap;

use regex::RegexBuilder;

use crate::codes::Code;
use crate::diagnostic::Element;
use crate::document::{Node, NodeKind};
use crate::suite::{Check, Matcher};
use crate::text::JsonPath;

use super::super::Reading;
use super::super::members::{Expected, Members};

/// What one expression may take, in bytes.
const PATTERN_BYTES_MAX: usize = 1 << 20;

impl<'d> Reading<'d> {
    /// What must hold of the value that `name` is about.
    pub(super) fn matcher(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
    ) -> Option<Matcher> {
        let (node, path) = members.take(name)?;
        let element = members.element.clone();
        self.matcher_of(node, &path, element.as_ref())
    }

    /// What must hold of the attributes in the object `name`.
    pub(super) fn attribute_matchers(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
    ) -> BTreeMap<String, Matcher> {
        let element = members.element.clone();
        let mut matchers = BTreeMap::new();
        for entry in self.entries(members, name) {
            if let Some(matcher) = self.matcher_of(entry.node, &entry.path, element.as_ref()) {
                matchers.insert(entry.name.to_owned(), matcher);
            }
        }
        matchers
    }

    pub(super) fn matcher_of(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Option<Matcher> {
        let place = self.place(node, path);
        if !matches!(node.kind, NodeKind::Object(_)) {
            let checks = vec![Check::Equals(self.value(node, path, element))];
            return Some(Matcher { place, checks });
        }
        let mut members = self.object(node, path, element.cloned())?;
        let place = members.place.clone();
        let mut checks = Vec::new();
        if let Some((node, path)) = members.take("equals") {
            checks.push(Check::Equals(self.value(node, &path, element)));
        }
        checks.extend(self.near(&mut members));
        checks.extend(self.number(&mut members, "min").map(Check::Min));
        checks.extend(self.number(&mut members, "max").map(Check::Max));
        checks.extend(self.pattern(&mut members));
        if let Some((node, path)) = members.take("contains") {
            checks.push(Check::Contains(self.value(node, &path, element)));
        }
        let length = self.integer(&mut members, "length", &(0..=u64::MAX));
        checks.extend(length.map(|length| Check::Length(length.value)));
        match self.boolean(&mut members, "absent") {
            Some(true) => checks.push(Check::Absent),
            Some(false) => checks.push(Check::Not(Box::new(Matcher {
                place: place.clone(),
                checks: vec![Check::Absent],
            }))),
            None => {}
        }
        let not = self.matcher(&mut members, "not");
        checks.extend(not.map(|not| Check::Not(Box::new(not))));
        let is_empty = members.left().is_empty()
            && checks.is_empty()
            && matches!(&node.kind, NodeKind::Object(all) if all.is_empty());
        self.close(members);
        if is_empty {
            let help = "write what must hold, as in { \"matches\": \".+\" }; an object that is to \
                        be equal stands in { \"equals\": … }";
            let message = "this matcher says nothing";
            self.mistake(element, Code::BadMatcher, &place, message, help);
            return None;
        }
        Some(Matcher { place, checks })
    }

    fn near(&mut self, members: &mut Members<'d>) -> Option<Check> {
        let near = self.number(members, "near");
        let within = self.number(members, "within");
        let element = members.element.clone();
        let place = members.place.clone();
        let help = "write { \"near\": 120, \"within\": 1 }";
        match (near, within) {
            (Some(_), Some(within)) if within < 0.0 => {
                let message = "\"within\" is less than 0, so that nothing is near enough";
                self.mistake(element.as_ref(), Code::BadMatcher, &place, message, help);
                None
            }
            (Some(value), Some(within)) => Some(Check::Near { value, within }),
            (None, None) => None,
            _ => {
                let message = "\"near\" and \"within\" belong together";
                self.mistake(element.as_ref(), Code::BadMatcher, &place, message, help);
                None
            }
        }
    }

    /// The number `name`.
    fn number(&mut self, members: &mut Members<'d>, name: &'static str) -> Option<f64> {
        let (node, path) = members.take(name)?;
        let element = members.element.clone();
        let NodeKind::Number(number) = &node.kind else {
            self.wrong_type(node, &path, Expected::Number, element.as_ref());
            return None;
        };
        let parsed = number.parse().ok().filter(|number: &f64| number.is_finite());
        if parsed.is_none() {
            let place = self.place(node, &path);
            let message = format!("{number} is out of range");
            let help = "write a number that fits into 64 bits";
            self.mistake(element.as_ref(), Code::OutOfRange, &place, message, help);
        }
        parsed
    }

    fn pattern(&mut self, members: &mut Members<'d>) -> Option<Check> {
        let text = self.text(members, "matches")?;
        // All of the value, as NiFi's `matches`.
        let whole = format!(r"\A(?:{})\z", text.value);
        let compiled = RegexBuilder::new(&whole).size_limit(PATTERN_BYTES_MAX).build();
        // Alone, so that what is told is about what was written.
        let alone = RegexBuilder::new(&text.value).size_limit(PATTERN_BYTES_MAX).build();
        match alone.and(compiled) {
            Ok(pattern) => Some(Check::Matches(Box::new(pattern))),
            Err(error) => {
                let element = members.element.clone();
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim();
                let reason = reason.strip_prefix("error: ").unwrap_or(reason);
                let message = format!("\"{}\" is not a regular expression: {reason}", text.value);
                let help = "look-around and back-references are not known here; \"\\\\.\" is a dot";
                self.mistake(element.as_ref(), Code::BadMatcher, &text.place, message, help);
                None
            }
        }
    }
}
