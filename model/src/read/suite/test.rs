//! One test.

use chrono::DateTime;

use crate::codes::Code;
use crate::definition::Named;
use crate::diagnostic::Element;
use crate::document::Node;
use crate::flowfile::Timestamp;
use crate::suite::Test;
use crate::text::{JsonPath, Located};

use super::super::Reading;
use super::super::members::Members;

impl<'d> Reading<'d> {
    pub(super) fn test(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: &Element,
    ) -> Option<Test> {
        let mut members = self.object(node, path, Some(element.clone()))?;
        let unset = Test::default();
        let test = Test {
            description: self.text_or_empty(&mut members, "description"),
            parameters: self.parameter_values(&mut members),
            clock: self.moment(&mut members).unwrap_or(unset.clock),
            seed: self
                .integer(&mut members, "seed", &(0..=u64::MAX))
                .map_or(unset.seed, |seed| seed.value),
            run_for: self.duration(&mut members, "runFor").map(|time| time.value),
            outside: self.boolean(&mut members, "outside").unwrap_or_default(),
            files: self.files(&mut members),
            given: self.given(&mut members),
            mocks: self.mocks(&mut members),
            expect: self.expected(&mut members),
            queued: self.queued(&mut members),
            written: self.written(&mut members),
            bulletins: self.bulletins(&mut members),
            provenance: self.events(&mut members),
            others: self.boolean(&mut members, "others").unwrap_or_default(),
        };
        if let (false, Some(useless)) =
            (test.outside, ["files", "written"].into_iter().find(|name| members.has(name)))
        {
            let message = format!("the flow is not let out, so that \"{useless}\" says nothing");
            let help = "add \"outside\": true, or leave it out";
            let place = members.place.clone();
            self.mistake(Some(element), Code::Misplaced, &place, message, help);
        }
        self.close(members);
        Some(test)
    }

    /// When the test begins.
    fn moment(&mut self, members: &mut Members<'d>) -> Option<Timestamp> {
        let text = self.text(members, "clock")?;
        match DateTime::parse_from_rfc3339(&text.value) {
            // Before 1970 no clock of a machine stands.
            Ok(moment) if moment.timestamp_millis() >= 0 => {
                Some(Timestamp(moment.timestamp_millis()))
            }
            _ => {
                let message = format!("\"{}\" is not a moment from 1970 on", text.value);
                let help = "write it as 2026-01-01T08:30:00Z";
                let element = members.element.clone();
                self.mistake(element.as_ref(), Code::BadMoment, &text.place, message, help);
                None
            }
        }
    }

    /// The things in the object `name`, by the names of what they are about.
    pub(super) fn about<T>(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
        mut read: impl FnMut(&mut Self, &'d Node, &JsonPath, Option<&Element>) -> Option<T>,
    ) -> Named<T> {
        let element = members.element.clone();
        let mut all = Named::new();
        for entry in self.entries(members, name) {
            if let Some(thing) = read(self, entry.node, &entry.path, element.as_ref()) {
                all.insert(entry.name.to_owned(), Located::new(thing, entry.place));
            }
        }
        all
    }
}
