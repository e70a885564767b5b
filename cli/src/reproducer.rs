//! What shows a death of the process again: a flowfile that is parked, and a flow of the processor
//! that it waited for, alone.
//!
//! Values of parameters are never in it: the flow is made of what the text of the flow says.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;
use tutti_model::definition::{
    Connection, EndpointName, FlowDefinition, Group, Named, Processor, Property,
};
use tutti_model::flowfile::{Content, FlowFile};
use tutti_store::{Quarantine, QuarantinedRecord};

use crate::data_folder;
use crate::error::CliError;
use crate::flow_file;
use crate::output::say;

/// What the flow is called, and its file.
const NAME: &str = "reproduce";
/// What makes derived content of what it is made from, as far as there is such.
const DECODER: &str = "DecodeAudio";
/// Properties of UpdateAttribute that no attribute can be called.
const TAKEN: [&str; 3] =
    ["Delete Attributes Expression", "Store State", "Stateful Variables Initial Value"];

/// Reads the flow, or says what is wrong with its text.
pub(crate) fn read(path: &Path) -> Result<Option<FlowDefinition>, CliError> {
    let read = flow_file::read(path)?.and_then(|flow| {
        let unread = flow.unread();
        if unread.is_empty() { Ok(flow) } else { Err(unread) }
    });
    Ok(read
        .inspect_err(|findings| findings.iter().for_each(|finding| say(&format!("{finding}\n"))))
        .ok())
}

/// Writes what shows the death over `parked` again into the folder `to`.
pub(crate) fn write(
    quarantine: &Quarantine,
    parked: &QuarantinedRecord,
    flow: &FlowDefinition,
    to: &Path,
) -> Result<(), CliError> {
    let Some((flowfile, place)) =
        parked.flowfile.as_ref().zip(parked.deaths.as_ref().and_then(|each| each.parked.as_ref()))
    else {
        return Ok(());
    };
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| CliError::Write { path, source }
    };
    let contents = to.join("content");
    fs::create_dir_all(&contents).map_err(failed(&contents))?;
    // The flow is run from anywhere.
    let contents = fs::canonicalize(&contents).map_err(failed(&contents))?;
    let made = reproduce(flow, &place.processor, flowfile, &contents)?;
    let path = contents.join("content");
    let mut file = File::create(&path).map_err(failed(&path))?;
    let content = quarantine.open_content(flowfile).map_err(data_folder::failed)?;
    if let Some(mut content) = content {
        io::copy(&mut content, &mut file).map_err(failed(&path))?;
    }
    let texts = [
        ("attributes.json", format!("{:#}\n", json!(flowfile.attributes()))),
        ("reproduce.json", tutti_model::fmt::write(&made)),
    ];
    for (name, text) in texts {
        let path = to.join(name);
        fs::write(&path, text).map_err(failed(&path))?;
    }
    for (name, _) in flowfile.attributes().iter().filter(|(name, _)| TAKEN.contains(name)) {
        say(&format!("warning: the flow cannot set the attribute \"{name}\""));
    }
    let flow: PathBuf = to.join(format!("{NAME}.json"));
    say(&format!(
        "written to \"{}\"; to see it again: tutti run \"{}\" --until-idle --data \"{}\"",
        to.display(),
        flow.display(),
        to.join("data").display()
    ));
    Ok(())
}

/// A flow that gives a copy of `flowfile`, whose content is the file in the folder `contents`, to
/// the processor `path` of `flow`.
fn reproduce(
    flow: &FlowDefinition,
    path: &str,
    flowfile: &FlowFile,
    contents: &Path,
) -> Result<FlowDefinition, CliError> {
    let found = find(flow, path).ok_or_else(|| CliError::NotInFlow {
        flow: flow.name.value.clone(),
        path: path.to_owned(),
        help: "name the flow as it was then, or give the processor that name again".to_owned(),
    })?;
    let (groups, name, processor) = found;
    let mut made = FlowDefinition::new(NAME);
    made.parameter_contexts = flow.parameter_contexts.clone();
    made.root.description = format!("What killed the process at \"{path}\".");
    let context = groups.iter().rev().find_map(|group| group.parameter_context.clone());
    made.root.parameter_context = context;
    // Those of inner groups come last, and hide others of the same name.
    for group in &groups {
        let services = group.services.iter();
        made.root.services.extend(services.map(|(name, each)| (name.clone(), each.clone())));
    }
    let mut killer = processor.clone();
    killer.state = tutti_model::definition::ScheduledState::Enabled;
    let ways = relationships(groups.last().copied(), name, processor);
    killer.auto_terminate = ways.into_iter().map(Into::into).collect();
    let mut steps = vec![(free("Get", name), get(contents))];
    if let Content::Derived(_) = flowfile.content() {
        steps.push((free("Decode", name), decoder(flow)));
    }
    steps.push((free("Attributes", name), attributes(flowfile)));
    steps.push((name.to_owned(), killer));
    for pair in steps.windows(2) {
        let [(from, _), (next, _)] = pair else { continue };
        let connection =
            Connection::new(EndpointName::of(from), &["success"], EndpointName::of(next));
        made.root.connections.push(connection.into());
    }
    made.root.processors =
        steps.into_iter().map(|(name, each)| (name, each.into())).collect::<Named<Processor>>();
    Ok(made)
}

/// The groups from the flow down to a processor, its name there, and itself.
fn find<'f>(
    flow: &'f FlowDefinition,
    path: &'f str,
) -> Option<(Vec<&'f Group>, &'f str, &'f Processor)> {
    let mut groups = vec![&flow.root];
    let (above, name) = path.rsplit_once('/').map_or(("", path), |(above, name)| (above, name));
    for group in above.split('/').filter(|group| !group.is_empty()) {
        groups.push(&groups.last()?.groups.get(group)?.value);
    }
    let processor = &groups.last()?.processors.get(name)?.value;
    Some((groups, name, processor))
}

/// All ways out of a processor, as its flow is valid.
fn relationships(group: Option<&Group>, name: &str, processor: &Processor) -> Vec<String> {
    let from = EndpointName::of(name);
    let connections = group.into_iter().flat_map(|group| &group.connections);
    let of_it = connections.filter(|each| each.value.from.value == from);
    let ways = of_it.flat_map(|each| &each.value.relationships).chain(&processor.auto_terminate);
    let mut ways: Vec<String> = ways.map(|way| way.value.clone()).collect();
    ways.sort();
    ways.dedup();
    ways
}

/// A name that is not `taken`.
fn free(name: &str, taken: &str) -> String {
    if name == taken { format!("{name} it") } else { name.to_owned() }
}

fn set(processor: &mut Processor, name: &str, value: impl Into<String>) {
    processor.properties.insert(name.to_owned(), Property::new(value));
}

fn get(contents: &Path) -> Processor {
    let mut get = Processor::new("GetFile");
    set(&mut get, "Directory", contents.display().to_string().replace("#{", "##{"));
    set(&mut get, "Keep Source File", "true");
    set(&mut get, "Minimum File Age", "0 sec");
    get
}

/// The flow's own, so that it decodes as it did there.
fn decoder(flow: &FlowDefinition) -> Processor {
    let mut waiting = vec![&flow.root];
    let mut decoder = Processor::new(DECODER);
    while let Some(group) = waiting.pop() {
        waiting.extend(group.groups.values().map(|group| &group.value));
        let found = group.processors.values().find(|each| *each.value.type_name.value == *DECODER);
        if let Some(found) = found {
            decoder.properties.clone_from(&found.value.properties);
        }
    }
    decoder.auto_terminate = vec!["failure".to_owned().into()];
    decoder
}

/// Gives every flowfile the attributes of this one, and no others.
fn attributes(flowfile: &FlowFile) -> Processor {
    let mut update = Processor::new("UpdateAttribute");
    set(&mut update, "Delete Attributes Expression", ".*");
    for (name, value) in flowfile.attributes().iter() {
        if name != "uuid" && !TAKEN.contains(&name) {
            set(&mut update, name, literal(value));
        }
    }
    update
}

/// A property's value that stands for `text`, whatever is in it.
fn literal(text: &str) -> String {
    if !text.is_empty() && text.trim() == text && !text.contains(['$', '#', '\\']) {
        return text.to_owned();
    }
    // Whatever has a meaning in expressions has none there.
    format!("${{literal('{}'):base64Decode()}}", base64(text.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * index) & 63) as usize).copied();
            let is_there = index <= chunk.len();
            text.push(letter.filter(|_| is_there).map_or('=', char::from));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use tutti_model::document::Document;
    use tutti_model::flowfile::{Attributes, FlowFileId, Timestamp};
    use tutti_model::parameter::ParameterValues;

    use super::*;

    const FLOW: &str = r##"{
      "format": 1, "name": "f", "parameterContext": "outer",
      "parameterContexts": {
        "outer": { "parameters": { "in": { "value": "/in" } } },
        "inner": {
          "parameters": { "where": { "value": "/out" }, "key": { "sensitive": true } }
        }
      },
      "processors": {
        "Get": { "type": "GetFile", "properties": { "Directory": "#{in}" } }
      },
      "groups": {
        "deep": {
          "parameterContext": "inner",
          "inputPorts": { "in": {} },
          "processors": {
            "Get": {
              "type": "PutFile", "state": "disabled",
              "properties": { "Directory": "#{where}/${filename}" },
              "autoTerminate": ["success"]
            },
            "Log": { "type": "LogAttribute", "autoTerminate": ["success"] }
          },
          "connections": [
            { "from": "in", "to": "Get" },
            { "from": "Get", "relationships": ["failure"], "to": "Log" }
          ]
        }
      },
      "connections": [ { "from": "Get", "relationships": ["success"], "to": "deep/in" } ]
    }"##;

    fn flow() -> FlowDefinition {
        FlowDefinition::parse(&Document::parse(FLOW, "f.json").unwrap())
    }

    fn flowfile() -> FlowFile {
        let attributes = [("uuid", "u"), ("filename", "a.wav"), ("odd", " ${x} #{y} $$ ")];
        FlowFile::new(FlowFileId(1), Timestamp(0))
            .with_attributes(Attributes::from_iter(attributes))
    }

    #[test]
    fn the_flow_that_is_made_is_valid_and_has_the_processor_alone() {
        let made = reproduce(&flow(), "deep/Get", &flowfile(), Path::new("/content")).unwrap();
        let text = tutti_model::fmt::write(&made);
        let again = FlowDefinition::parse(&Document::parse(&text, "reproduce.json").unwrap());
        let valid =
            tutti_model::validate(&again, &crate::catalog::catalog(), &ParameterValues::new())
                .unwrap_or_else(|findings| panic!("{findings:#?}"));
        let types: Vec<_> = valid.processors().map(|each| &*each.type_name).collect();
        assert_eq!(types, ["UpdateAttribute", "PutFile", "GetFile"]);
        assert!(text.contains("\"Directory\": \"#{where}/${filename}\""), "{text}");
        let missing = reproduce(&flow(), "deep/Nobody", &flowfile(), Path::new("/content"));
        assert!(matches!(missing, Err(CliError::NotInFlow { .. })));
    }

    #[test]
    fn any_text_is_a_value_that_stands_for_it() {
        assert_eq!(literal("a b{c}"), "a b{c}");
        assert_eq!(literal(" ${x} "), "${literal('ICR7eH0g'):base64Decode()}");
        assert_eq!(literal(""), "${literal(''):base64Decode()}");
        assert_eq!(
            ["a", "ab", "abc", "abcd"].map(|text| base64(text.as_bytes())),
            ["YQ==", "YWI=", "YWJj", "YWJjZA=="]
        );
    }
}
