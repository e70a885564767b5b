//! What a server serves: one flow, or all flows of a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tutti_model::definition::FlowDefinition;
use tutti_model::layout::Layout;
use tutti_model::valid::ValidFlow;
use tutti_sdk::Catalog;
use tutti_server::FlowFiles;

use crate::error::CliError;
use crate::output::say;
use crate::parameters::ParameterArguments;
use crate::settings::Settings;
use crate::{flow_file, layout_file};

/// What is served.
pub(crate) struct Served {
    /// Where flows are kept that are made.
    pub(crate) folder: PathBuf,
    pub(crate) flows: Vec<One>,
}

/// A flow that is served.
pub(crate) struct One {
    /// As it runs; one with mistakes does not.
    pub(crate) valid: Option<ValidFlow>,
    /// As it is edited, and where it is kept.
    pub(crate) draft: (FlowDefinition, Layout, Option<FlowFiles>),
}

/// Reads the flow at `path`, which must be right, or the flows of a folder, which may have
/// mistakes: they can be mended where they are served. Beside one flow those are served that were
/// made there, which lie in `made`. Says what is wrong; `None` when nothing can be served.
pub(crate) fn read(
    path: &Path,
    made: &Path,
    parameters: &ParameterArguments,
    settings: &Settings,
    catalog: &Catalog,
) -> Result<Option<Served>, CliError> {
    if path.is_dir() {
        return folder(path, parameters, settings, catalog).map(Some);
    }
    let values = |flow: &_| parameters.values(flow, &settings.parameter_files);
    let flow = flow_file::examine(path, values, catalog)?;
    flow.tell();
    let layout = layout_file::of_flow(path)?;
    if let Err(wrong) = &layout {
        for finding in wrong {
            say(&format!("{finding}\n"));
        }
    }
    let (Some(definition), Some(valid), Ok(layout)) = (flow.definition, flow.valid, layout) else {
        return Ok(None);
    };
    let is_file = !flow_file::is_standard_input(path);
    let files = is_file.then(|| FlowFiles { flow: path.to_owned() });
    let name = definition.name.value.clone();
    let mut served = flows_of(made, parameters, settings, catalog)?;
    served.flows.retain(|one| {
        let is_other = one.draft.0.name.value != name;
        if !is_other {
            let shown = path.display();
            say(&format!("\"{name}\" of \"{}\" is not served: \"{shown}\" is", made.display()));
        }
        is_other
    });
    served.flows.push(One { valid: Some(valid), draft: (definition, layout, files) });
    Ok(Some(served))
}

/// The flows of a folder, none when it is not there.
pub(crate) fn folder(
    path: &Path,
    parameters: &ParameterArguments,
    settings: &Settings,
    catalog: &Catalog,
) -> Result<Served, CliError> {
    let served = flows_of(path, parameters, settings, catalog)?;
    let all: Vec<_> = served.flows.iter().map(|one| &one.draft.0).collect();
    for name in parameters.strange(&all) {
        say(&format!(
            "warning: no flow here has a parameter \"{name}\", for which there is a value"
        ));
    }
    Ok(served)
}

fn flows_of(
    path: &Path,
    parameters: &ParameterArguments,
    settings: &Settings,
    catalog: &Catalog,
) -> Result<Served, CliError> {
    let mut served = Served { folder: path.to_owned(), flows: Vec::new() };
    let values = |flow: &_| parameters.declared(flow, &settings.parameter_files);
    for path in flows_in(path)? {
        let flow = flow_file::examine(&path, values, catalog)?;
        let layout = layout_file::of_flow(&path)?;
        let shown = path.display();
        let stem = path.file_stem().unwrap_or_default();
        let is_named = |flow: &FlowDefinition| *stem == *flow.name.value;
        let is_served = flow.definition.as_ref().is_some_and(is_named) && layout.is_ok();
        if flow.valid.is_none() && is_served {
            say(&format!("\"{shown}\" does not run, and can be mended in the browser:"));
            for finding in flow.findings.iter().filter(|finding| finding.is_error()) {
                let help = finding.help.as_ref().map(|help| format!("; {help}"));
                say(&format!("  {}{}", finding.message, help.unwrap_or_default()));
            }
        }
        let (Some(definition), Ok(layout)) = (flow.definition, layout) else {
            say(&format!("\"{shown}\" is not served: \"tutti validate\" says what is wrong"));
            continue;
        };
        if !is_named(&definition) {
            let name = &definition.name.value;
            say(&format!("\"{shown}\" is not served: the flow in it is called \"{name}\""));
            continue;
        }
        let files = Some(FlowFiles { flow: path.clone() });
        served.flows.push(One { valid: flow.valid, draft: (definition, layout, files) });
    }
    Ok(served)
}

/// The flows in a folder that is served, in order: not those in folders below, no layouts and no
/// tests. None when there is no such folder.
fn flows_in(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let failed = |source| CliError::Read { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let stem = name.strip_suffix(".json").filter(|stem| !stem.starts_with('.'));
        let is_flow = stem.is_some_and(|stem| {
            ![".layout", ".tests", ".schema"].iter().any(|end| stem.ends_with(end))
        });
        if is_flow && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_tests_and_what_is_below_are_no_flows_of_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("more.json")).unwrap();
        let others = ["a.layout.json", "a.tests.json", "flow.schema.json", ".x.json", "n.txt"];
        for name in ["b.json", "a.json"].into_iter().chain(others) {
            fs::write(folder.path().join(name), "{}").unwrap();
        }
        let expected = ["a.json", "b.json"].map(|name| folder.path().join(name));
        assert_eq!(flows_in(folder.path()).unwrap(), expected);
        assert!(flows_in(&folder.path().join("none")).unwrap().is_empty());
    }
}
