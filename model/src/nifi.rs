//! A flow of Apache NiFi as a flow of ours: the flow definition that NiFi's canvas exports, or the
//! `flow.json` of an instance.
//!
//! Nothing is left out in silence: what has no counterpart here is told with its name and the
//! reason, and no secret is taken over or told. Where nothing is refused the flow is valid.

mod caches;
mod components;
mod connections;
mod contexts;
mod known;
mod names;
mod plan;
mod processors;
mod properties;
mod report;
mod schedule;
mod value;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::definition::{FlowDefinition, Group};
use crate::diagnostic::join;
use crate::document::Document;
use crate::fmt;
use crate::layout::Layout;
use crate::parameter::ParameterValues;
use crate::spec::SpecSource;

use plan::{Plan, PlannedGroup};
use value::Fields;

pub use report::Note;
use report::Report;

/// The longest text that is read, in bytes.
pub const IMPORT_MAX_BYTES: usize = 64 << 20;

/// What became of a flow of NiFi.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The flow, which is valid where nothing is refused.
    pub flow: FlowDefinition,
    /// Where its things lie.
    pub layout: Layout,
    /// What could not be taken over.
    pub refused: Vec<Note>,
    /// What is written in another way here, and does the same.
    pub changed: Vec<Note>,
    /// The secrets that the flow needs from outside, as NiFi exports none.
    pub secrets: Vec<Note>,
}

/// Why a text cannot be taken for a flow of NiFi.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is too long.
    #[error("it is longer than {} MB", IMPORT_MAX_BYTES >> 20)]
    TooLong,
    /// It is a template of NiFi 1.
    #[error(
        "it is XML, as NiFi's templates are: put the template on a canvas of NiFi 1, and download \
         the flow definition of its group"
    )]
    Xml,
    /// It is not JSON. What stands there is not told: it may be a secret.
    #[error("it is not JSON (line {line}, column {column})")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, in bytes from 1.
        column: usize,
    },
    /// It is JSON, and neither of the two forms.
    #[error(
        "it is no flow of NiFi: it has neither \"flowContents\", as a flow definition has, nor \
         \"rootGroup\", as the flow.json of an instance has"
    )]
    NotAFlow,
}

/// The flow of NiFi in `text`, called `name` or else as it is called there.
pub fn import(
    text: &str,
    name: Option<&str>,
    specs: &dyn SpecSource,
) -> Result<Imported, ImportError> {
    if text.len() > IMPORT_MAX_BYTES {
        return Err(ImportError::TooLong);
    }
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('<') {
        return Err(ImportError::Xml);
    }
    let value: Value = serde_json::from_str(text)
        .map_err(|error| ImportError::Syntax { line: error.line(), column: error.column() })?;
    let contents = ["flowContents", "rootGroup"].into_iter().find_map(|name| value.get(name));
    let Some(contents) = contents.filter(|contents| contents.is_object()) else {
        return Err(ImportError::NotAFlow);
    };
    let mut import = Import {
        specs,
        report: Report::default(),
        layout: Layout::new(),
        plan: Plan::default(),
        contexts: BTreeMap::new(),
    };
    Ok(import.flow(&value, contents, name))
}

/// What is known while a flow is taken over.
struct Import<'v> {
    specs: &'v dyn SpecSource,
    report: Report,
    layout: Layout,
    plan: Plan,
    /// What parameter contexts are called here, by what they are called in NiFi.
    contexts: BTreeMap<String, String>,
}

impl<'v> Import<'v> {
    fn flow(&mut self, value: &'v Value, contents: &'v Value, name: Option<&str>) -> Imported {
        let fields = Fields::new(contents);
        let theirs = fields.text("name").unwrap_or_default();
        let wanted = name.unwrap_or(theirs);
        let mut flow = FlowDefinition::new(&names::flow_name(wanted));
        if flow.name.value != wanted {
            let reason = format!("it is called \"{}\" here, as its file is", flow.name.value);
            self.report.changed("flow", wanted, None, reason);
        }
        flow.parameter_contexts = self.parameter_contexts(value);
        let mut planned = self.plan.of(contents, &mut self.report);
        if self.specs.service_spec(caches::OURS).is_some() {
            caches::join_all(&mut planned, &mut self.plan, &mut self.report);
        }
        flow.root = self.group(&planned, true);
        self.around(value);
        self.report_mistakes(&flow);
        let Report { refused, changed, secrets, .. } = std::mem::take(&mut self.report);
        let layout = std::mem::take(&mut self.layout);
        Imported { flow, layout, refused, changed, secrets }
    }

    /// What stands beside the flow itself.
    fn around(&mut self, value: &Value) {
        let lists = [
            ("registries", "registry client", "flows lie in files here, and in git"),
            ("parameterProviders", "parameter provider", "give values when the flow is run"),
            ("controllerServices", "controller service", "it is for reporting tasks"),
            ("reportingTasks", "reporting task", "there are none here"),
            ("flowAnalysisRules", "flow analysis rule", "there are none here"),
            ("connectors", "connector", "there are none here"),
            ("templates", "template", "there are none here"),
        ];
        for (member, kind, reason) in lists {
            for one in value::things(value.get(member)) {
                let fields = Fields::new(one);
                let name = fields.text("name").unwrap_or_default();
                self.report.refused(kind, name, None, reason);
            }
        }
        value::unknown(value, known::TOP, &mut self.report, "flow", "");
    }

    fn group(&mut self, planned: &PlannedGroup<'v>, is_root: bool) -> Group {
        let fields = Fields::new(planned.value);
        let path = planned.path.clone();
        let kind = if is_root { "flow" } else { "group" };
        if !is_root {
            self.place(&path, planned.value);
        }
        self.group_settings(kind, &path, fields);
        let mut group = Group {
            description: fields.text("comments").unwrap_or_default().to_owned(),
            parameter_context: self.context_of(fields).map(Into::into),
            ..Group::default()
        };
        self.components(planned, &mut group);
        for inner in &planned.groups {
            let inner_group = self.group(inner, false);
            group.groups.insert(inner.name.clone(), inner_group.into());
        }
        self.connections(planned, &mut group);
        group
    }

    fn context_of(&self, fields: Fields<'_>) -> Option<String> {
        let name = fields.text("parameterContextName").filter(|name| !name.is_empty())?;
        Some(self.contexts.get(name).map_or_else(|| names::name(name, ""), Clone::clone))
    }

    /// Settings of groups that have no counterpart, where they are not as NiFi has them anyhow.
    fn group_settings(&mut self, kind: &'static str, path: &str, fields: Fields<'_>) {
        let settings = [
            ("flowFileConcurrency", "UNBOUNDED", "a group takes in whatever comes"),
            ("flowFileOutboundPolicy", "STREAM_WHEN_AVAILABLE", "a group lets out what is ready"),
            ("executionEngine", "STATELESS", "every group is run durably"),
        ];
        for (member, value, reason) in settings {
            let found = fields.text(member).filter(|found| !found.is_empty());
            let is_refused = match member {
                "executionEngine" => found == Some(value),
                _ => found.is_some_and(|found| found != value),
            };
            if is_refused {
                self.report.refused(kind, path, Some(member), reason);
            }
        }
        for name in fields.names("variables") {
            let member = format!("variables.{name}");
            let reason = "there are no variables here: make it a parameter";
            self.report.refused(kind, path, Some(&member), reason);
        }
        for one in value::things(fields.get("remoteProcessGroups")) {
            let fields = Fields::new(one);
            let name = fields.text("name").or(fields.text("targetUris")).unwrap_or_default();
            let reason = "there is no site-to-site here";
            self.report.refused("remote process group", &join(path, name), None, reason);
        }
        value::unknown(fields.value(), known::GROUP, &mut self.report, kind, path);
    }

    /// Puts what `value` is about where it lies in NiFi.
    fn place(&mut self, path: &str, value: &Value) {
        if let Some(position) = value.get("position").and_then(value::position) {
            self.layout.positions.insert(path.to_owned(), position);
        }
    }

    /// Whatever else keeps the flow from being valid is refused as well: then it is told once, and
    /// where nothing is told the flow is right.
    fn report_mistakes(&mut self, flow: &FlowDefinition) {
        let file = format!("{}.json", flow.name.value);
        let findings = match Document::parse(&fmt::write(flow), &file) {
            Err(findings) => findings,
            Ok(document) => {
                let written = FlowDefinition::parse(&document);
                crate::check(&written, self.specs, &ParameterValues::new())
            }
        };
        for finding in findings.into_iter().filter(crate::diagnostic::Diagnostic::is_error) {
            let (kind, path) = match &finding.element {
                Some(element) => (element.kind.to_string(), element.path.clone()),
                None => ("flow".to_owned(), String::new()),
            };
            if self.report.is_refused(&kind, &path) {
                continue;
            }
            let reason = format!("{} ({})", finding.message, finding.code);
            self.report.refused(kind, &path, None, reason);
        }
    }
}
