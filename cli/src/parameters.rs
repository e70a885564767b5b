//! Values of parameters: `--param`, then the environment, then files.
//!
//! They may be secrets: no message may show one.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use clap::Args;
use parking_lot::Mutex;
use tutti_model::definition::FlowDefinition;
use tutti_model::parameter::ParameterValues;

use crate::error::CliError;
use crate::small_file;

/// What the names of variables that hold parameters begin with.
const VARIABLE_PREFIX: &str = "TUTTI_PARAM_";

/// Where a command line gives parameters.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ParameterArguments {
    /// Gives a parameter of the flow a value
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pairs: Vec<Pair>,
    /// Reads parameters from a JSON file of names and texts
    #[arg(long = "parameters", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What was read of what can be read but once, such as a pipe.
    #[arg(skip)]
    once: Once,
}

/// Parameters by the files that they were read from.
#[derive(Clone, Default)]
struct Once(Arc<Mutex<BTreeMap<PathBuf, BTreeMap<String, String>>>>);

impl fmt::Debug for Once {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

/// `NAME=VALUE`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl FromStr for Pair {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
        if name.is_empty() {
            return Err("the name is missing before the \"=\"");
        }
        Ok(Self { name: name.to_owned(), value: value.to_owned() })
    }
}

impl fmt::Debug for Pair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}=…", self.name)
    }
}

impl ParameterArguments {
    /// The values for `flow`; `configured` are the files that the settings name.
    pub(crate) fn values(
        &self,
        flow: &FlowDefinition,
        configured: &[PathBuf],
    ) -> Result<ParameterValues, CliError> {
        let mut values = ParameterValues::new();
        for path in configured.iter().chain(&self.files) {
            for (name, value) in self.read(path)? {
                values.insert(name, value);
            }
        }
        for (name, value) in from_variables(flow, |variable| std::env::var(variable).ok()) {
            values.insert(name, value);
        }
        for Pair { name, value } in &self.pairs {
            values.insert(name, value);
        }
        Ok(values)
    }

    /// The parameters in a file, as it is now; what is no file is what it was.
    fn read(&self, path: &Path) -> Result<BTreeMap<String, String>, CliError> {
        let mut once = self.once.0.lock();
        if let Some(known) = once.get(path) {
            return Ok(known.clone());
        }
        let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
        let found = read(path)?;
        if !is_file {
            once.insert(path.to_owned(), found.clone());
        }
        Ok(found)
    }

    /// The same for one of many flows that share what is given: only what it declares.
    pub(crate) fn declared(
        &self,
        flow: &FlowDefinition,
        configured: &[PathBuf],
    ) -> Result<ParameterValues, CliError> {
        // One that has no parameters does not wait for a file to be mended.
        if flow.parameter_contexts.is_empty() {
            return Ok(ParameterValues::new());
        }
        let all = self.values(flow, configured)?;
        let own = all.entries().filter(|(name, _)| declares(flow, name));
        Ok(own.collect())
    }

    /// What is given that none of these flows declares.
    pub(crate) fn strange(&self, flows: &[&FlowDefinition]) -> Vec<&str> {
        let given = self.pairs.iter().map(|pair| pair.name.as_str());
        given.filter(|name| !flows.iter().any(|flow| declares(flow, name))).collect()
    }
}

/// Whether a flow has a parameter that a value for `name` is for: its name, or `CONTEXT:NAME`.
fn declares(flow: &FlowDefinition, name: &str) -> bool {
    flow.parameter_contexts.iter().any(|(context, declared)| {
        let parameters = &declared.value.parameters;
        let own = name.strip_prefix(context.as_str()).and_then(|rest| rest.strip_prefix(':'));
        parameters.contains_key(name) || own.is_some_and(|own| parameters.contains_key(own))
    })
}

/// The parameters in a file.
pub(crate) fn read(path: &Path) -> Result<BTreeMap<String, String>, CliError> {
    let text = small_file::read(path)
        .map_err(|source| CliError::Read { path: path.to_owned(), source })?;
    // The error itself may quote a value.
    serde_json::from_str(&text).map_err(|error| CliError::Parameters {
        path: path.to_owned(),
        line: error.line(),
        column: error.column(),
    })
}

/// Only what the flow declares is looked up, so that one environment serves many flows.
fn from_variables(
    flow: &FlowDefinition,
    look_up: impl Fn(&str) -> Option<String>,
) -> Vec<(String, String)> {
    let contexts = flow.parameter_contexts.values();
    contexts
        .flat_map(|context| context.value.parameters.keys())
        .filter_map(|name| Some((name.clone(), look_up(&variable(name))?)))
        .collect()
}

/// The variable for a parameter: `s3.secret-key` is `TUTTI_PARAM_S3_SECRET_KEY`.
fn variable(name: &str) -> String {
    let letters = name.chars().map(|letter| {
        if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' }
    });
    VARIABLE_PREFIX.chars().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tutti_model::document::Document;

    use super::*;

    #[test]
    fn a_pair_keeps_every_further_sign_and_never_shows_its_value() {
        let pair: Pair = "key=a=b".parse().unwrap();
        assert_eq!((pair.name.as_str(), pair.value.as_str()), ("key", "a=b"));
        assert_eq!(format!("{pair:?}"), "key=…");
        assert!("key".parse::<Pair>().is_err());
        assert!("=value".parse::<Pair>().is_err());
    }

    #[test]
    fn only_declared_parameters_are_looked_up() {
        let text = r#"{ "format": 1, "name": "x", "parameterContexts": {
            "main": { "parameters": { "s3.secret-key": {} } } } }"#;
        let document = Document::parse(text, "x.json").unwrap();
        let flow = FlowDefinition::parse(&document);
        let found = from_variables(&flow, |name| Some(format!("of {name}")));
        let expected = ("s3.secret-key".to_owned(), "of TUTTI_PARAM_S3_SECRET_KEY".to_owned());
        assert_eq!(found, [expected]);
    }

    #[test]
    fn of_many_flows_each_gets_what_it_declares() {
        let flow = |parameter: &str| {
            let text = format!(
                r#"{{ "format": 1, "name": "x", "parameterContexts": {{
                "main": {{ "parameters": {{ "{parameter}": {{}} }} }} }} }}"#
            );
            FlowDefinition::parse(&Document::parse(&text, "x.json").unwrap())
        };
        let pairs = ["input=a", "main:input=b", "other:input=c", "output=d", "typo=e"];
        let pairs = pairs.map(|pair| pair.parse().unwrap()).to_vec();
        let given = ParameterArguments { pairs, ..ParameterArguments::default() };
        let (input, output) = (flow("input"), flow("output"));
        let names = |flow| {
            let values = given.declared(flow, &[]).unwrap();
            values.names().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(names(&input), ["input", "main:input"]);
        assert_eq!(names(&output), ["output"]);
        assert_eq!(given.strange(&[&input, &output]), ["other:input", "typo"]);
    }

    #[test]
    fn a_pipe_is_read_once_and_a_file_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.json");
        let given = ParameterArguments::default();
        for value in ["1", "2"] {
            fs::write(&path, format!("{{ \"a\": \"{value}\" }}")).unwrap();
            assert_eq!(given.read(&path).unwrap()["a"], value);
        }
        fs::remove_file(&path).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, 0o600.into()).unwrap();
        let writer = std::thread::spawn({
            let path = path.clone();
            move || fs::write(path, r#"{ "a": "piped" }"#)
        });
        // The second would wait for somebody who writes once more.
        for _ in 0..2 {
            assert_eq!(given.read(&path).unwrap()["a"], "piped");
        }
        writer.join().unwrap().unwrap();
    }

    #[test]
    fn a_wrong_file_is_told_without_its_values() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        fs::write(&path, r#"{ "key": ["hush"] }"#).unwrap();
        let error = read(&path).unwrap_err();
        assert!(!error.chain().contains("hush"), "{}", error.chain());
        assert!(error.chain().contains("line 1"), "{}", error.chain());
    }
}
