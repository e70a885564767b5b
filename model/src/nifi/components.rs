//! What is in a group besides processors: ports, funnels, labels.

use crate::definition::{Funnel, Group, Label, Port, ScheduledState};
use crate::diagnostic::join;

use super::plan::{Planned, PlannedGroup};
use super::value::{self, Fields};
use super::{Import, known};

impl<'v> Import<'v> {
    pub(super) fn components(&mut self, planned: &PlannedGroup<'v>, group: &mut Group) {
        let path = &planned.path;
        for service in &planned.services {
            let ours = self.service(&join(path, &service.name), service);
            group.services.insert(service.name.clone(), ours.into());
        }
        for processor in &planned.processors {
            let ours = self.processor(&join(path, &processor.name), processor.value);
            group.processors.insert(processor.name.clone(), ours.into());
        }
        for port in &planned.input_ports {
            let ours = self.port("input port", &join(path, &port.name), port);
            group.input_ports.insert(port.name.clone(), ours.into());
        }
        for port in &planned.output_ports {
            let ours = self.port("output port", &join(path, &port.name), port);
            group.output_ports.insert(port.name.clone(), ours.into());
        }
        for funnel in &planned.funnels {
            let path = join(path, &funnel.name);
            self.place(&path, funnel.value);
            value::unknown(funnel.value, known::FUNNEL, &mut self.report, "funnel", &path);
            group.funnels.insert(funnel.name.clone(), Funnel {}.into());
        }
        for label in &planned.labels {
            let path = join(path, &label.name);
            self.place(&path, label.value);
            if let Some(size) = value::size(label.value) {
                self.layout.sizes.insert(path.clone(), size);
            }
            value::unknown(label.value, known::LABEL, &mut self.report, "label", &path);
            let text = Fields::new(label.value).text("label").unwrap_or_default().to_owned();
            group.labels.insert(label.name.clone(), Label { text }.into());
        }
    }

    fn port(&mut self, kind: &'static str, path: &str, port: &Planned<'v>) -> Port {
        self.place(path, port.value);
        let fields = Fields::new(port.value);
        if fields.is_true("allowRemoteAccess") {
            let reason = "there is no site-to-site here";
            self.report.refused(kind, path, Some("allowRemoteAccess"), reason);
        }
        if fields.text("portFunction").is_some_and(|function| function == "FAILURE") {
            let reason = "only what runs without a repository has ports for failures";
            self.report.refused(kind, path, Some("portFunction"), reason);
        }
        value::unknown(port.value, known::PORT, &mut self.report, kind, path);
        Port {
            description: fields.text("comments").unwrap_or_default().to_owned(),
            state: state(fields),
        }
    }
}

/// Whether a thing takes part. What is stopped in NiFi is not told apart from what runs: exports
/// say so of neither.
pub(super) fn state(fields: Fields<'_>) -> ScheduledState {
    match fields.text("scheduledState") {
        Some("DISABLED") => ScheduledState::Disabled,
        _ => ScheduledState::Enabled,
    }
}
