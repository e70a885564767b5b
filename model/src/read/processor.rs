//! Processors, services and their settings.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::cron::{Cron, Zone};
use crate::definition::{Processor, Property, Retry, Schedule, Service};
use crate::diagnostic::Diagnostic;
use crate::text::Located;

use super::Reading;
use super::members::Members;

impl<'d> Reading<'d> {
    pub(super) fn processor(&mut self, members: &mut Members<'d>) -> Processor {
        let help = "add \"type\"; \"tutti processors list\" shows what there is";
        let default = Processor::new("");
        let tasks = 1..=u64::from(Processor::CONCURRENT_TASKS_MAX);
        let concurrent_tasks = self
            .integer(members, "concurrentTasks", &tasks)
            .map_or(1.into(), |tasks| Located::new(tasks.value as u32, tasks.place));
        Processor {
            type_name: self.type_name(members, help),
            description: self.text_or_empty(members, "description"),
            properties: self.properties(members),
            schedule: self.schedule(members),
            concurrent_tasks,
            penalty_duration: self
                .duration(members, "penaltyDuration")
                .map_or(default.penalty_duration, |time| time.value),
            yield_duration: self
                .duration(members, "yieldDuration")
                .map_or(default.yield_duration, |time| time.value),
            bulletin_level: self.word(members, "bulletinLevel").unwrap_or_default(),
            retry: self.retry(members),
            auto_terminate: self.sorted_texts(members, "autoTerminate"),
            state: self.word(members, "state").unwrap_or_default(),
        }
    }

    pub(super) fn service(&mut self, members: &mut Members<'d>) -> Service {
        Service {
            type_name: self.type_name(members, "add \"type\", the type of service"),
            description: self.text_or_empty(members, "description"),
            properties: self.properties(members),
            state: self.word(members, "state").unwrap_or_default(),
        }
    }

    /// The type; empty where there is none, which is then noted.
    fn type_name(&mut self, members: &mut Members<'d>, help: &str) -> Located<String> {
        let none = Located::new(String::new(), members.place.clone());
        self.required_text(members, "type", help).unwrap_or(none)
    }

    fn properties(&mut self, members: &mut Members<'d>) -> BTreeMap<String, Property> {
        let mut properties = BTreeMap::new();
        let Some((node, path)) = members.take("properties") else { return properties };
        let Some(inner) = self.object(node, &path, members.element.clone()) else {
            return properties;
        };
        for member in inner.left() {
            let path = path.member(&member.name);
            let name_place = self.source.place(member.name_range.clone(), path.clone());
            match self.value_text(&member.value, &path, inner.element.as_ref()) {
                Some(value) => {
                    properties.insert(member.name.to_string(), Property { name_place, value });
                }
                None => self.hide(&member.value),
            }
        }
        properties
    }

    fn schedule(&mut self, members: &mut Members<'d>) -> Option<Located<Schedule>> {
        let (node, path) = members.take("schedule")?;
        let mut inner = self.object(node, &path, members.element.clone())?;
        let has_period = self.duration(&mut inner, "period");
        let cron = self.text(&mut inner, "cron");
        let zone = self.text(&mut inner, "zone");
        let place = self.place(node, &path);
        let schedule = match (has_period, cron) {
            (Some(period), None) => Some(Schedule::Period(period.value)),
            (None, Some(cron)) => self.cron(&cron, zone.as_ref(), &inner),
            (Some(_), Some(_)) => {
                let message = "a schedule has a period or a cron expression, not both";
                let diagnostic = Diagnostic::new(Code::BadCron, &place, message)
                    .with_help("remove one of the two");
                self.say(members.element.as_ref(), diagnostic);
                None
            }
            (None, None) if inner.has("period") || inner.has("cron") => None,
            (None, None) => {
                self.missing(&inner, "period", "add \"period\" or \"cron\"");
                None
            }
        };
        if let (Some(zone), Some(Schedule::Period(_))) = (&zone, &schedule) {
            let message = "a time zone matters only to a cron expression";
            let diagnostic =
                Diagnostic::new(Code::BadCron, &zone.place, message).with_help("remove it");
            self.say(members.element.as_ref(), diagnostic);
        }
        self.close(inner);
        schedule.map(|schedule| Located::new(schedule, place))
    }

    fn cron(
        &mut self,
        cron: &Located<String>,
        zone: Option<&Located<String>>,
        members: &Members<'d>,
    ) -> Option<Schedule> {
        let known = zone.map(|zone| self.zone(zone, members));
        match Cron::parse(&cron.value, known.flatten()) {
            Ok(cron) => (known != Some(None)).then_some(Schedule::Cron(cron)),
            Err(error) => {
                let diagnostic = Diagnostic::new(Code::BadCron, &cron.place, error.to_string())
                    .with_help(
                        "write six fields: second, minute, hour, day of the month, month, day of \
                         the week, as in \"0 30 6 * * MON-FRI\"",
                    );
                self.say(members.element.as_ref(), diagnostic);
                None
            }
        }
    }

    fn zone(&mut self, zone: &Located<String>, members: &Members<'d>) -> Option<Zone> {
        let known = Zone::named(&zone.value);
        if known.is_none() {
            let help = match self.report.nearest(&zone.value, Zone::names()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "write the name of an IANA time zone, as in \"Europe/Vienna\"".into(),
            };
            let message = format!("there is no time zone \"{}\"", zone.value);
            let diagnostic = Diagnostic::new(Code::BadCron, &zone.place, message).with_help(help);
            self.say(members.element.as_ref(), diagnostic);
        }
        known
    }

    fn retry(&mut self, members: &mut Members<'d>) -> Option<Retry> {
        let (node, path) = members.take("retry")?;
        let mut inner = self.object(node, &path, members.element.clone())?;
        let attempts = self.integer(&mut inner, "attempts", &(1..=u64::from(Retry::ATTEMPTS_MAX)));
        let retry = Retry {
            relationships: self.sorted_texts(&mut inner, "relationships"),
            attempts: attempts.map_or(Retry::ATTEMPTS, |attempts| attempts.value as u32),
            backoff: self.word(&mut inner, "backoff").unwrap_or_default(),
            maximum: self
                .duration(&mut inner, "maximum")
                .map_or(Retry::MAXIMUM, |maximum| maximum.value),
        };
        if retry.relationships.is_empty() && !inner.has("relationships") {
            self.missing(&inner, "relationships", "list the relationships that are tried again");
        }
        self.close(inner);
        Some(retry)
    }
}
