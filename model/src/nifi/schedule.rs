//! When a processor of NiFi is triggered, and what it does again.

use std::borrow::Cow;
use std::time::Duration;

use crate::cron::Cron;
use crate::definition::{Backoff, BulletinLevel, Processor, Retry, Schedule};
use crate::duration;
use crate::spec::ProcessorSpec;

use super::Import;
use super::value::Fields;

const KIND: &str = "processor";

impl Import<'_> {
    /// All settings of the processor at `path` but its properties.
    pub(super) fn settings(
        &mut self,
        path: &str,
        fields: Fields<'_>,
        spec: Option<&ProcessorSpec>,
        processor: &mut Processor,
    ) {
        processor.schedule = self.schedule(path, fields, spec).map(Into::into);
        if let Some(tasks) = fields.scalar("concurrentlySchedulableTaskCount") {
            let most = Processor::CONCURRENT_TASKS_MAX;
            match tasks.parse::<u32>() {
                Ok(tasks) if (1..=most).contains(&tasks) => {
                    processor.concurrent_tasks = tasks.into();
                }
                _ => {
                    let member = "concurrentlySchedulableTaskCount";
                    let reason = format!("{tasks:?} is no number from 1 to {most}");
                    self.report.refused(KIND, path, Some(member), reason);
                }
            }
        }
        if let Some(time) = self.time(path, fields, "penaltyDuration") {
            processor.penalty_duration = time;
        }
        if let Some(time) = self.time(path, fields, "yieldDuration") {
            processor.yield_duration = time;
        }
        processor.bulletin_level = self.bulletin_level(path, fields);
        processor.retry = self.retry(path, fields);
    }

    /// A time; what cannot be read is refused.
    fn time(&mut self, path: &str, fields: Fields<'_>, member: &'static str) -> Option<Duration> {
        let text = fields.scalar(member)?;
        if self.has_parameter(path, &text, member) {
            return None;
        }
        duration::parse(&text)
            .map_err(|error| self.report.refused(KIND, path, Some(member), error.to_string()))
            .ok()
    }

    /// Refuses a parameter where there can be none here.
    fn has_parameter(&mut self, path: &str, text: &str, member: &'static str) -> bool {
        let has = text.contains("#{");
        if has {
            let reason = "no parameter can stand here: write out what it is";
            self.report.refused(KIND, path, Some(member), reason);
        }
        has
    }

    fn schedule(
        &mut self,
        path: &str,
        fields: Fields<'_>,
        spec: Option<&ProcessorSpec>,
    ) -> Option<Schedule> {
        const PERIOD: &str = "schedulingPeriod";
        match fields.text("schedulingStrategy").unwrap_or("TIMER_DRIVEN") {
            "TIMER_DRIVEN" => {
                let period = self.time(path, fields, PERIOD)?;
                let preferred = spec.map_or("0 sec", |spec| &*spec.period);
                let is_preferred = duration::parse(preferred) == Ok(period);
                (!is_preferred).then_some(Schedule::Period(period))
            }
            "CRON_DRIVEN" => {
                let text: Cow<'_, str> = fields.scalar(PERIOD)?;
                if self.has_parameter(path, &text, PERIOD) {
                    return None;
                }
                match Cron::parse(text.trim(), None) {
                    Ok(cron) => Some(Schedule::Cron(cron)),
                    Err(error) => {
                        self.report.refused(KIND, path, Some(PERIOD), error.to_string());
                        None
                    }
                }
            }
            _ => {
                let reason = "processors run by time or cron here, and whenever there is work";
                self.report.refused(KIND, path, Some("schedulingStrategy"), reason);
                None
            }
        }
    }

    fn bulletin_level(&mut self, path: &str, fields: Fields<'_>) -> BulletinLevel {
        let (level, instead) = match fields.text("bulletinLevel") {
            Some("DEBUG") => (BulletinLevel::Debug, None),
            Some("INFO") => (BulletinLevel::Info, None),
            Some("WARN" | "WARNING") | None => (BulletinLevel::Warning, None),
            Some("ERROR") => (BulletinLevel::Error, None),
            Some("NONE") => (BulletinLevel::None, None),
            Some("TRACE") => (BulletinLevel::Debug, Some("the least level here is \"debug\"")),
            Some("FATAL") => (BulletinLevel::Error, Some("the highest level here is \"error\"")),
            Some(_) => {
                let reason = "this is no level of bulletins";
                self.report.refused(KIND, path, Some("bulletinLevel"), reason);
                (BulletinLevel::Warning, None)
            }
        };
        if let Some(reason) = instead {
            self.report.changed(KIND, path, Some("bulletinLevel"), reason);
        }
        level
    }

    fn retry(&mut self, path: &str, fields: Fields<'_>) -> Option<Retry> {
        let relationships = fields.texts("retriedRelationships");
        if relationships.is_empty() {
            return None;
        }
        let mut retry = Retry {
            relationships: relationships.into_iter().map(|name| name.to_owned().into()).collect(),
            ..Retry::default()
        };
        let most = Retry::ATTEMPTS_MAX;
        match fields.scalar("retryCount").map(|count| count.parse::<u32>()) {
            None => {}
            // Nothing is tried again.
            Some(Ok(0)) => return None,
            Some(Ok(count)) if count <= most => retry.attempts = count,
            Some(_) => {
                let reason = format!("this is no number from 1 to {most}");
                self.report.refused(KIND, path, Some("retryCount"), reason);
            }
        }
        match fields.text("backoffMechanism") {
            None | Some("PENALIZE_FLOWFILE") => {}
            Some("YIELD_PROCESSOR") => retry.backoff = Backoff::Yield,
            Some(_) => {
                let reason = "what is tried again is penalized, or the processor yields";
                self.report.refused(KIND, path, Some("backoffMechanism"), reason);
            }
        }
        if let Some(maximum) = self.time(path, fields, "maxBackoffPeriod") {
            retry.maximum = maximum;
        }
        Some(retry)
    }
}
