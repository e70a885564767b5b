//! `AttributesToJSON`: makes JSON of attributes.

use std::fmt::Write as _;
use std::io::Write as _;

use tutti_sdk::model::flowfile::{Attributes, Content, FlowFile, core_attribute};
use tutti_sdk::property::{Choice, Regex};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Json, Makes, ProcessError, Processor,
    Properties, SUCCESS, Session, async_trait,
};

use crate::bounded::unwritable;

/// The attribute that gets the JSON.
const JSON_ATTRIBUTES: &str = "JSONAttributes";
/// Attributes that NiFi gives a meaning.
const CORE_ATTRIBUTES: [&str; 8] = [
    core_attribute::PATH,
    core_attribute::ABSOLUTE_PATH,
    core_attribute::FILENAME,
    core_attribute::UUID,
    core_attribute::PRIORITY,
    core_attribute::MIME_TYPE,
    "discard.reason",
    "alternate.identifier",
];

/// Where the JSON goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Destination {
    /// Into the attribute `JSONAttributes`.
    #[choice("flowfile-attribute")]
    Attribute,
    /// Into the content, in the place of what is there.
    #[choice("flowfile-content")]
    Content,
}

/// What a value that is JSON itself becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum JsonHandling {
    /// A text, as every other.
    #[choice("ESCAPED")]
    Escaped,
    /// The array or object that it is. A value that begins and ends as one and is none is a
    /// failure.
    #[choice("NESTED")]
    Nested,
}

/// The properties of [`AttributesToJson`].
#[derive(Debug, Properties)]
pub(crate) struct AttributesToJsonProperties {
    /// Names of attributes, separated by commas. Without names and a regular expression all
    /// attributes are taken.
    #[property(example = "filename, audio.duration")]
    attributes_list: Option<String>,
    /// Attributes whose whole name matches this regular expression are taken, besides those of
    /// **Attributes List**.
    #[property(example = r"audio\..*")]
    attributes_regular_expression: Option<Regex>,
    /// Where the JSON goes.
    #[property(default = "flowfile-attribute")]
    destination: Destination,
    /// Whether, where all attributes are taken, `path`, `absolute.path`, `filename`, `uuid`,
    /// `priority`, `mime.type`, `discard.reason` and `alternate.identifier` are taken too.
    #[property(default = "true")]
    include_core_attributes: bool,
    /// Whether an attribute of **Attributes List** that is not there is null, and not an empty
    /// text.
    #[property(default = "false")]
    null_value: bool,
    /// What a value that is JSON itself becomes.
    #[property(name = "JSON Handling Strategy", default = "ESCAPED")]
    json_handling_strategy: JsonHandling,
    /// Whether the JSON is laid out for reading.
    #[property(default = "false", depends_on("Destination", "flowfile-content"))]
    pretty_print: bool,
}

/// Makes JSON of attributes.
pub(crate) struct AttributesToJson {
    properties: AttributesToJsonProperties,
    names: Option<Vec<String>>,
}

#[async_trait]
impl Processor for AttributesToJson {
    type Properties = AttributesToJsonProperties;

    fn describe() -> Description {
        Description {
            description: "\
The JSON is one object with the names of attributes as keys and their values as texts: first those \
of **Attributes List** in its order, then the others by their names.",
            tags: &["json", "attributes", "metadata"],
            makes: const {
                &[
                    Makes::as_it_came(SUCCESS).when("Destination", &["flowfile-attribute"]),
                    Makes::of(SUCCESS, "application/json")
                        .when("Destination", &["flowfile-content"]),
                ]
            },
            relationships: &[
                (SUCCESS, "Flowfiles with their JSON."),
                (FAILURE, "Flowfiles with a value that is no JSON where it should be."),
            ],
            reads: &[("*", "What becomes JSON.")],
            writes: &[
                (JSON_ATTRIBUTES, "The JSON, unless it becomes the content."),
                (core_attribute::MIME_TYPE, "`application/json`, where it becomes the content."),
            ],
            example_flow: Some("attributes-to-json"),
            ..Description::transform("AttributesToJSON", "Makes JSON of attributes.")
        }
    }

    fn build(properties: AttributesToJsonProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let list = properties.attributes_list.as_deref().filter(|list| !list.trim().is_empty());
        let names = list.map(|list| {
            let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
            names.map(ToOwned::to_owned).collect()
        });
        Ok(Self { properties, names })
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        match self.put(session, &mut flowfile).await {
            Ok(()) => session.transfer(flowfile, SUCCESS),
            Err(error) => session.fail_or_retry(flowfile, &error),
        }
        Ok(())
    }
}

impl AttributesToJson {
    /// Puts the JSON where it is to go.
    async fn put(
        &self,
        session: &mut Session,
        flowfile: &mut FlowFile,
    ) -> Result<(), ProcessError> {
        let json = self.json(flowfile.attributes())?;
        if self.properties.destination == Destination::Attribute {
            flowfile.set_attribute(JSON_ATTRIBUTES, json.to_string());
            return Ok(());
        }
        let mut text = String::new();
        if self.properties.pretty_print {
            pretty(&json, 0, &mut text);
        } else {
            text = json.to_string();
        }
        let content = write(session, text).await?;
        flowfile.set_attribute(core_attribute::MIME_TYPE, "application/json");
        session.set_content(flowfile, content);
        Ok(())
    }

    fn json(&self, attributes: &Attributes) -> Result<Json, ProcessError> {
        let properties = &self.properties;
        let regex = properties.attributes_regular_expression.as_ref();
        let names = self.names.as_deref();
        let mut entries: Vec<(String, Json)> = Vec::new();
        for name in names.unwrap_or_default() {
            let value = match attributes.get(name) {
                Some(value) => self.value(name, value)?,
                None if properties.null_value => Json::Null,
                None => Json::Text(String::new()),
            };
            if entries.iter().all(|(other, _)| other != name) {
                entries.push((name.clone(), value));
            }
        }
        for (name, value) in attributes.iter() {
            let is_listed = names.is_some_and(|names| names.iter().any(|other| other == name));
            let is_taken = match regex {
                Some(regex) => regex.matches(name)?,
                None => {
                    names.is_none()
                        && (properties.include_core_attributes || !CORE_ATTRIBUTES.contains(&name))
                }
            };
            if is_taken && !is_listed {
                entries.push((name.to_owned(), self.value(name, value)?));
            }
        }
        Ok(Json::Object(entries))
    }

    fn value(&self, name: &str, value: &str) -> Result<Json, ProcessError> {
        let trimmed = value.trim();
        let is_within = |begin, end| trimmed.starts_with(begin) && trimmed.ends_with(end);
        let is_json = is_within('[', ']') || is_within('{', '}');
        if self.properties.json_handling_strategy == JsonHandling::Escaped || !is_json {
            return Ok(Json::Text(value.to_owned()));
        }
        Json::document(trimmed).map_err(|error| {
            ProcessError::user(format!("the value of the attribute \"{name}\" is not JSON"))
                .caused_by(error)
                .with_help("correct it, or set \"JSON Handling Strategy\" to \"ESCAPED\"")
        })
    }
}

async fn write(session: &Session, text: String) -> Result<Content, ProcessError> {
    let mut writer = session.write()?;
    let work = move || writer.write_all(text.as_bytes()).and_then(|()| writer.finish());
    session.blocking(work).await?.map_err(unwritable)
}

/// Lays JSON out as Jackson does: a line for each entry of an object, and arrays in one line.
fn pretty(json: &Json, depth: usize, text: &mut String) {
    match json {
        Json::Object(entries) if !entries.is_empty() => {
            text.push('{');
            for (index, (name, value)) in entries.iter().enumerate() {
                let comma = if index > 0 { "," } else { "" };
                let (indent, name) = ("  ".repeat(depth + 1), Json::Text(name.clone()));
                // Writing to a text cannot fail.
                let _ = write!(text, "{comma}\n{indent}{name} : ");
                pretty(value, depth + 1, text);
            }
            let _ = write!(text, "\n{}}}", "  ".repeat(depth));
        }
        Json::Array(items) if !items.is_empty() => {
            text.push_str("[ ");
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                pretty(item, depth, text);
            }
            text.push_str(" ]");
        }
        Json::Object(_) => text.push_str("{ }"),
        Json::Array(_) => text.push_str("[ ]"),
        scalar => {
            let _ = write!(text, "{scalar}");
        }
    }
}

#[cfg(test)]
mod tests {
    use tutti_sdk::bulletin::Level;
    use tutti_sdk::testkit::{Output, TestRunner};

    use super::*;
    use crate::bounded::assert_waits;

    const NESTED: (&str, &str) = ("JSON Handling Strategy", "NESTED");
    const CONTENT: (&str, &str) = ("Destination", "flowfile-content");
    const ATTRIBUTES: [(&str, &str); 4] =
        [("filename", "a.wav"), ("audio.tag", "\"x\"\n"), ("audio.json", " [1, {}] "), ("b", "2")];

    async fn run(properties: &[(&str, &str)]) -> Output {
        let mut runner = TestRunner::new::<AttributesToJson>(properties);
        runner.enqueue(b"sound", &ATTRIBUTES);
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
        runner.only(SUCCESS)
    }

    async fn json(properties: &[(&str, &str)]) -> String {
        let output = run(properties).await;
        assert_eq!(output.text(), "sound");
        output.attribute(JSON_ATTRIBUTES).to_owned()
    }

    #[tokio::test]
    async fn attributes_are_chosen() {
        let all = json(&[]).await;
        let rest = "\"audio.json\":\" [1, {}] \",\"audio.tag\":\"\\\"x\\\"\\n\",\"b\":\"2\"";
        assert!(all.starts_with(&format!("{{{rest},\"filename\":\"a.wav\",\"uuid\":\"")), "{all}");
        assert_eq!(json(&[("Include Core Attributes", "false")]).await, format!("{{{rest}}}"));
        let list = ("Attributes List", "filename, c,b ,");
        let listed = "{\"filename\":\"a.wav\",\"c\":\"\",\"b\":\"2\"}";
        assert_eq!(json(&[list]).await, listed);
        let null = json(&[list, ("Null Value", "true")]).await;
        assert_eq!(null, listed.replace("\"\"", "null"));
        let regex = ("Attributes Regular Expression", "audio.t.*|b");
        let matching = "{\"audio.tag\":\"\\\"x\\\"\\n\",\"b\":\"2\"}";
        assert_eq!(json(&[regex]).await, matching);
        let both = json(&[("Attributes List", "b,b"), regex]).await;
        assert_eq!(both, "{\"b\":\"2\",\"audio.tag\":\"\\\"x\\\"\\n\"}");
    }

    #[tokio::test]
    async fn json_becomes_the_content() {
        let list = ("Attributes List", "audio.json,b");
        let output = run(&[list, CONTENT, NESTED]).await;
        assert_eq!(output.text(), "{\"audio.json\":[1,{}],\"b\":\"2\"}");
        assert_eq!(output.attribute("mime.type"), "application/json");
        assert_eq!(output.attribute(JSON_ATTRIBUTES), "");
        let pretty = run(&[list, CONTENT, NESTED, ("Pretty Print", "true")]).await;
        assert_eq!(pretty.text(), "{\n  \"audio.json\" : [ 1, { } ],\n  \"b\" : \"2\"\n}");
    }

    #[test]
    fn the_layout_is_that_of_jackson() {
        let json = Json::document("{\"a\":{\"b\":[{\"c\":null},[]]}}").unwrap();
        let mut text = String::new();
        pretty(&json, 0, &mut text);
        let expected = "{\n  \"a\" : {\n    \"b\" : [ {\n      \"c\" : null\n    }, [ ] ]\n  }\n}";
        assert_eq!(text, expected);
    }

    #[tokio::test]
    async fn what_should_be_json_and_is_not_fails() {
        let mut runner = TestRunner::new::<AttributesToJson>(&[NESTED]);
        runner.enqueue(b"sound", &[("a", "{1}")]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(FAILURE, 1);
        runner.assert_bulletin(Level::Error, "the value of the attribute \"a\" is not JSON");
        assert_eq!(runner.only(FAILURE).text(), "sound");
    }

    #[tokio::test]
    async fn a_full_disk_is_tried_again() {
        let mut runner = TestRunner::new::<AttributesToJson>(&[CONTENT]);
        runner.enqueue(b"sound", &[]);
        runner.fail_writes_after(Some(0));
        assert_waits(&mut runner, "cannot store the content").await;
        runner.fail_writes_after(None);
        runner.clock().advance_ms(60_000);
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
    }
}
