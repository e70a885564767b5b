//! From JSON to typed tests of a flow. As with flows no mistake stops it.

mod content;
mod expect;
mod given;
mod matcher;
mod test;

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::definition::Named;
use crate::diagnostic::{Diagnostic, Element, ElementKind};
use crate::document::{Document, Node, NodeKind};
use crate::suite::{Suite, TESTS_MAX};
use crate::text::{JsonPath, Located, Place};

use super::members::{Expected, Members};
use super::{Counts, Reading, element};

/// A member of an object whose names are not known before.
struct Entry<'d> {
    name: &'d str,
    /// That of the name.
    place: Place,
    node: &'d Node,
    path: JsonPath,
}

/// `document` as tests, with the mistakes of both.
pub(crate) fn suite(document: &Document) -> Suite {
    let mut reading = Reading {
        source: &document.source,
        report: document.report.clone(),
        counts: Counts::default(),
    };
    let mut suite = Suite { source: document.source.clone(), is_opaque: true, ..Suite::default() };
    if let Some(mut members) = reading.object(&document.root, &JsonPath::root(), None) {
        drop(reading.text(&mut members, "$schema"));
        if reading.is_known_version(&mut members) {
            suite.is_opaque = false;
            suite.parameters = reading.parameter_values(&mut members);
            suite.tests = reading.tests(&mut members);
            reading.close(members);
        }
    }
    suite.report = reading.report;
    suite
}

impl<'d> Reading<'d> {
    fn tests(&mut self, members: &mut Members<'d>) -> Named<crate::suite::Test> {
        let mut tests = Named::new();
        for (index, entry) in self.entries(members, "tests").into_iter().enumerate() {
            if index == TESTS_MAX {
                let message = format!("a file has at most {TESTS_MAX} tests");
                let diagnostic = Diagnostic::new(Code::Limit, &entry.place, message);
                let help = "a flow can be cut into several, with tests for each";
                self.say(None, diagnostic.with_help(help));
                break;
            }
            let element = element(ElementKind::Test, entry.name);
            if let Err((message, help)) = super::names::check_test_name(entry.name) {
                let diagnostic = Diagnostic::new(Code::BadName, &entry.place, message);
                self.say(Some(&element), diagnostic.with_help(help));
            }
            if let Some(test) = self.test(entry.node, &entry.path, &element) {
                tests.insert(entry.name.to_owned(), Located::new(test, entry.place));
            }
        }
        tests
    }

    /// The members of the object `name`, whatever they are called.
    fn entries(&mut self, members: &mut Members<'d>, name: &'static str) -> Vec<Entry<'d>> {
        let Some((node, path)) = members.take(name) else { return Vec::new() };
        self.entries_of(node, &path, members.element.as_ref())
    }

    fn entries_of(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Vec<Entry<'d>> {
        let Some(members) = self.members(node, path, element.cloned(), Expected::Named) else {
            return Vec::new();
        };
        let entry = |member: &&'d crate::document::Member| {
            let path = path.member(&member.name);
            let place = self.source.place(member.name_range.clone(), path.clone());
            Entry { name: &member.name, place, node: &member.value, path }
        };
        members.left().iter().map(entry).collect()
    }

    /// The texts in the object `name`, by their names.
    fn text_entries(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
    ) -> BTreeMap<String, Located<String>> {
        let element = members.element.clone();
        let mut texts = BTreeMap::new();
        for entry in self.entries(members, name) {
            if let Some(text) = self.text_of(entry.node, &entry.path, element.as_ref()) {
                texts.insert(entry.name.to_owned(), text);
            }
        }
        texts
    }

    /// Values of parameters, with the places of their names.
    fn parameter_values(&mut self, members: &mut Members<'d>) -> BTreeMap<String, Located<String>> {
        let element = members.element.clone();
        let mut values = BTreeMap::new();
        for entry in self.entries(members, "parameters") {
            if let Some(text) = self.text_of(entry.node, &entry.path, element.as_ref()) {
                values.insert(entry.name.to_owned(), Located::new(text.value, entry.place));
            }
        }
        values
    }

    /// The elements of the list `name`.
    fn list(&mut self, members: &mut Members<'d>, name: &'static str) -> Vec<(&'d Node, JsonPath)> {
        let Some((node, path)) = members.take(name) else { return Vec::new() };
        self.list_of(node, &path, members.element.as_ref())
    }

    fn list_of(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Vec<(&'d Node, JsonPath)> {
        let NodeKind::Array(all) = &node.kind else {
            self.wrong_type(node, path, Expected::List, element);
            return Vec::new();
        };
        all.iter().enumerate().map(|(index, node)| (node, path.index(index))).collect()
    }

    /// A mistake at `place` in the test that `members` are of.
    fn mistake(
        &mut self,
        element: Option<&Element>,
        code: Code,
        place: &Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.say(element, Diagnostic::new(code, place, message).with_help(help));
    }
}
