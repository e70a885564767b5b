//! What a test gives: flowfiles, and answers of mocks.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::codes::Code;
use crate::definition::Named;
use crate::diagnostic::Element;
use crate::document::{Node, NodeKind};
use crate::suite::{Answer, Given, Made, NewContent, TIMES_MAX};
use crate::text::{JsonPath, Located};

use super::super::Reading;
use super::super::members::Members;

impl<'d> Reading<'d> {
    pub(super) fn given(&mut self, members: &mut Members<'d>) -> Named<Vec<Given>> {
        let mut total = 0;
        self.about(members, "given", |reading, node, path, element| {
            let mut all = Vec::new();
            for (node, path) in reading.list_of(node, path, element) {
                let Some(given) = reading.given_one(node, &path, element) else { continue };
                total += given.times;
                if total > TIMES_MAX {
                    let message = format!("a test gives at most {TIMES_MAX} flowfiles");
                    let help = "fewer show the same";
                    let place = reading.place(node, &path);
                    reading.mistake(element, Code::Limit, &place, message, help);
                    break;
                }
                all.push(given);
            }
            Some(all)
        })
    }

    fn given_one(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Option<Given> {
        let place = self.place(node, path);
        if let NodeKind::Text(_) = node.kind {
            let text = self.text_of(node, path, element)?;
            let content = Some(NewContent::Bytes(text.value.into_bytes()));
            return Some(Given { place, content, times: 1, ..Given::default() });
        }
        let mut members = self.object(node, path, element.cloned())?;
        let attributes = self.text_entries(&mut members, "attributes").into_iter();
        let given = Given {
            place: members.place.clone(),
            attributes: attributes.map(|(name, value)| (name, value.value)).collect(),
            content: self.new_content(&mut members),
            times: self.times(&mut members).unwrap_or(1),
            after: self.duration(&mut members, "after"),
            relationship: self.text(&mut members, "relationship"),
        };
        self.close(members);
        Some(given)
    }

    fn times(&mut self, members: &mut Members<'d>) -> Option<u64> {
        self.integer(members, "times", &(1..=TIMES_MAX)).map(|times| times.value)
    }

    pub(super) fn mocks(&mut self, members: &mut Members<'d>) -> Named<Vec<Answer>> {
        self.about(members, "mocks", |reading, node, path, element| {
            let answers = reading.list_of(node, path, element).into_iter();
            Some(answers.filter_map(|(node, path)| reading.answer(node, &path, element)).collect())
        })
    }

    fn answer(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Option<Answer> {
        let mut members = self.object(node, path, element.cloned())?;
        let answer = Answer {
            place: members.place.clone(),
            when: self.attribute_matchers(&mut members, "when"),
            times: self.times(&mut members),
            fail: self.text(&mut members, "fail").map(|text| text.value),
            is_permanent: self.boolean(&mut members, "permanent").unwrap_or_default(),
            takes: self.duration(&mut members, "takes").map_or(Duration::ZERO, |takes| takes.value),
            relationship: self.text(&mut members, "relationship"),
            attributes: self.changes(&mut members),
            content: self.new_content(&mut members),
            makes: self.makes(&mut members),
        };
        let moves = ["attributes", "content", "makes"];
        if answer.fail.is_some()
            && let Some(useless) = moves.into_iter().find(|name| members.has(name))
        {
            let message = format!("what fails stays as it was, so that \"{useless}\" says nothing");
            let help = "leave out one of the two";
            self.mistake(element, Code::Misplaced, &answer.place, message, help);
        }
        if answer.fail.is_none() && members.has("permanent") {
            let message = "\"permanent\" says something of what fails, and this does not";
            let help = "add \"fail\" with a message, or leave it out";
            self.mistake(element, Code::Misplaced, &answer.place, message, help);
        }
        self.close(members);
        Some(answer)
    }

    fn makes(&mut self, members: &mut Members<'d>) -> Vec<Made> {
        let element = members.element.clone();
        let mut all = Vec::new();
        for (node, path) in self.list(members, "makes") {
            let Some(mut inner) = self.object(node, &path, element.clone()) else { continue };
            let help = "add \"relationship\", where it goes";
            let relationship = self.required_text(&mut inner, "relationship", help);
            let attributes = self.changes(&mut inner);
            let content = self.new_content(&mut inner);
            self.close(inner);
            all.extend(relationship.map(|relationship| Made { relationship, attributes, content }));
        }
        all
    }

    /// Attributes that are set, and, where they are `null`, removed.
    fn changes(&mut self, members: &mut Members<'d>) -> BTreeMap<String, Option<String>> {
        let element = members.element.clone();
        let mut changes = BTreeMap::new();
        for entry in self.entries(members, "attributes") {
            let value = match entry.node.kind {
                NodeKind::Null => None,
                _ => match self.text_of(entry.node, &entry.path, element.as_ref()) {
                    Some(Located { value, .. }) => Some(value),
                    None => continue,
                },
            };
            changes.insert(entry.name.to_owned(), value);
        }
        changes
    }
}
