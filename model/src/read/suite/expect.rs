//! What a test expects: flowfiles at places, messages, events.

use crate::bulletin::Level;
use crate::codes::Code;
use crate::definition::Named;
use crate::diagnostic::{Diagnostic, Element};
use crate::document::{Node, NodeKind};
use crate::provenance::EventType;
use crate::suite::{Expected, ExpectedBulletin, ExpectedEvent, ExpectedFlowFile, Matcher, Written};
use crate::text::{JsonPath, Located};

use super::super::Reading;
use super::super::members::Members;
use super::content::is_text;

const LEVELS: [Level; 4] = [Level::Debug, Level::Info, Level::Warning, Level::Error];

impl<'d> Reading<'d> {
    pub(super) fn expected(&mut self, members: &mut Members<'d>) -> Named<Named<Expected>> {
        self.about(members, "expect", |reading, node, path, element| {
            let mut all = Named::new();
            for entry in reading.entries_of(node, path, element) {
                if let Some(expected) = reading.place_of(entry.node, &entry.path, element) {
                    all.insert(entry.name.to_owned(), Located::new(expected, entry.place));
                }
            }
            Some(all)
        })
    }

    pub(super) fn queued(&mut self, members: &mut Members<'d>) -> Named<Expected> {
        self.about(members, "queued", Self::place_of)
    }

    pub(super) fn written(&mut self, members: &mut Members<'d>) -> Named<Written> {
        let all = self.about(members, "written", |reading, node, path, element| {
            if let NodeKind::Object(all) = &node.kind
                && let [only] = all.as_slice()
                && *only.name == *"absent"
                && matches!(only.value.kind, NodeKind::Boolean(true))
            {
                return Some(Written::Absent);
            }
            Some(Written::There(reading.content_checks_of(node, path, element)))
        });
        self.only_below(&all, members.element.as_ref());
        all
    }

    /// What is expected at one place: a number, a list, or an object that says more.
    fn place_of(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Option<Expected> {
        let place = self.place(node, path);
        match &node.kind {
            NodeKind::Number(_) => {
                let count = Some(self.matcher_of(node, path, element)?);
                Some(Expected { place, count, ..Expected::default() })
            }
            NodeKind::Array(_) => {
                let flowfiles = Some(self.flowfiles(node, path, element));
                Some(Expected { place, flowfiles, ..Expected::default() })
            }
            _ => {
                let mut members = self.object(node, path, element.cloned())?;
                let place = members.place.clone();
                let count = self.matcher(&mut members, "count");
                let flowfiles = members.take("flowfiles");
                let flowfiles = flowfiles.map(|(node, path)| self.flowfiles(node, &path, element));
                let any_order = self.boolean(&mut members, "anyOrder").unwrap_or_default();
                let others = self.boolean(&mut members, "others").unwrap_or_default();
                let says = ["count", "flowfiles"].into_iter().any(|name| members.has(name));
                if !says && !others {
                    let message = "this says nothing of what is expected";
                    let help = "add \"count\" or \"flowfiles\"";
                    self.mistake(element, Code::BadMatcher, &place, message, help);
                }
                self.close(members);
                Some(Expected { place, count, flowfiles, any_order, others })
            }
        }
    }

    fn flowfiles(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Vec<ExpectedFlowFile> {
        let all = self.list_of(node, path, element).into_iter();
        all.filter_map(|(node, path)| self.flowfile(node, &path, element)).collect()
    }

    fn flowfile(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Option<ExpectedFlowFile> {
        let place = self.place(node, path);
        if let NodeKind::Text(_) = node.kind {
            let text = self.text_of(node, path, element)?;
            let content = vec![is_text(text)];
            return Some(ExpectedFlowFile { place, content, ..ExpectedFlowFile::default() });
        }
        let mut members = self.object(node, path, element.cloned())?;
        let flowfile = ExpectedFlowFile {
            place: members.place.clone(),
            attributes: self.attribute_matchers(&mut members, "attributes"),
            content: self.content_checks(&mut members),
            after: self.duration(&mut members, "after").map(|after| after.value),
            penalized: self.boolean(&mut members, "penalized"),
            properties: self.attribute_matchers(&mut members, "properties"),
        };
        self.close(members);
        Some(flowfile)
    }

    pub(super) fn bulletins(&mut self, members: &mut Members<'d>) -> Vec<ExpectedBulletin> {
        let element = members.element.clone();
        let mut all = Vec::new();
        for (node, path) in self.list(members, "bulletins") {
            let Some(mut inner) = self.object(node, &path, element.clone()) else { continue };
            all.push(ExpectedBulletin {
                place: inner.place.clone(),
                from: self.text(&mut inner, "from"),
                level: self.one_of(&mut inner, "level", &LEVELS, |level| level.name().to_owned()),
                message: self.matcher(&mut inner, "message"),
                count: self.matcher(&mut inner, "count"),
            });
            self.close(inner);
        }
        all
    }

    pub(super) fn events(&mut self, members: &mut Members<'d>) -> Vec<ExpectedEvent> {
        let element = members.element.clone();
        let mut all = Vec::new();
        for (node, path) in self.list(members, "provenance") {
            let Some(mut inner) = self.object(node, &path, element.clone()) else { continue };
            let event = self.one_of(&mut inner, "event", &EventType::ALL, event_name);
            if event.is_none() && !inner.has("event") {
                self.missing(&inner, "event", "add \"event\", as \"SEND\"");
            }
            let at = self.text(&mut inner, "at");
            let attributes = self.attribute_matchers(&mut inner, "attributes");
            let transit_uri: Option<Matcher> = self.matcher(&mut inner, "transitUri");
            let details = self.matcher(&mut inner, "details");
            let count = self.matcher(&mut inner, "count");
            let place = inner.place.clone();
            self.close(inner);
            all.extend(event.map(|event| ExpectedEvent {
                place,
                event,
                at,
                attributes,
                transit_uri,
                details,
                count,
            }));
        }
        all
    }

    /// The text `name`, which is the name of one of `all`.
    fn one_of<T: Copy>(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
        all: &[T],
        called: impl Fn(T) -> String,
    ) -> Option<T> {
        let text = self.text(members, name)?;
        let words: Vec<String> = all.iter().map(|one| called(*one)).collect();
        if let Some(index) = words.iter().position(|word| *word == text.value) {
            return all.get(index).copied();
        }
        let help = self.report.suggest(&text.value, words.iter().map(String::as_str));
        let help = help.unwrap_or_else(|| format!("there are {}", words.join(", ")));
        let message = format!("\"{}\" is not one of the choices", text.value);
        let diagnostic = Diagnostic::new(Code::BadChoice, &text.place, message).with_help(help);
        let element = members.element.clone();
        self.say(element.as_ref(), diagnostic);
        None
    }
}

/// An event as NiFi writes it.
fn event_name(event: EventType) -> String {
    let value = serde_json::to_value(event).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
