//! `EvaluateJsonPath`: takes values out of content that is JSON.

use std::io::Write;

use tutti_sdk::bulletin::Level;
use tutti_sdk::model::flowfile::{Content, FlowFile};
use tutti_sdk::model::spec::{PropertyError, ValueError};
use tutti_sdk::property::{Choice, DataSize, Dynamic, JsonPath};
use tutti_sdk::{
    BuildContext, BuildError, ContentReader, ContentWriter, Description, FAILURE, Makes,
    ProcessError, Processor, Properties, Session, async_trait,
};

use crate::bounded::unwritable;
use crate::json::{self, NullRepresentation};

const MATCHED: &str = "matched";
const UNMATCHED: &str = "unmatched";

/// Where values go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Destination {
    /// The value becomes the content; there must be one path.
    #[choice("flowfile-content")]
    Content,
    /// Each value becomes the attribute that its path's property names.
    #[choice("flowfile-attribute")]
    Attribute,
}

/// Which values there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum ReturnType {
    /// As `json` for the content, and as `scalar` for attributes.
    #[choice("auto-detect")]
    Auto,
    /// Any.
    #[choice("json")]
    Json,
    /// No arrays and objects: with such the flowfile goes to `failure`.
    #[choice("scalar")]
    Scalar,
}

/// What becomes of a path at which there is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum PathNotFound {
    /// The attribute is empty, and the operator is warned.
    #[choice("warn")]
    Warn,
    /// The attribute is empty.
    #[choice("ignore")]
    Ignore,
    /// The attribute is not set.
    #[choice("skip")]
    Skip,
}

/// The properties of [`EvaluateJsonPath`].
#[derive(Debug, Properties)]
pub(crate) struct EvaluateJsonPathProperties {
    /// Where values go.
    #[property(default = "flowfile-content")]
    destination: Destination,
    /// Which values there may be.
    #[property(default = "auto-detect")]
    return_type: ReturnType,
    /// What becomes of a path at which there is nothing.
    #[property(default = "ignore", depends_on("Destination", "flowfile-attribute"))]
    path_not_found_behavior: PathNotFound,
    /// What a value that is null becomes.
    #[property(default = "empty string")]
    null_value_representation: NullRepresentation,
    /// How large the content may be; what is larger goes to `failure`.
    #[property(default = "10 MB")]
    maximum_buffer_size: DataSize,
    /// Paths into the content, in Jayway's dialect. One that leads to several places gives an
    /// array of what lies there.
    #[dynamic(name = "attribute name", attributes)]
    paths: Dynamic<JsonPath>,
}

/// Takes values out of content that is JSON.
pub(crate) struct EvaluateJsonPath {
    properties: EvaluateJsonPathProperties,
    is_scalar: bool,
}

/// What was found.
enum Taken {
    Attributes(Vec<(String, Option<String>)>),
    Content(Content),
    Nothing,
}

#[async_trait]
impl Processor for EvaluateJsonPath {
    type Properties = EvaluateJsonPathProperties;

    fn describe() -> Description {
        Description {
            description: "\
A text is taken without quotes, an array or object as JSON without white space. Whole numbers keep \
their digits, other numbers are written as Java writes them.\n\n\
The content, in UTF-8, is in memory as a whole, where it takes several times its size: **Maximum \
Buffer Size** bounds that, in the place of NiFi's **Max String Length**. Unlike in NiFi, content \
that goes on behind its first value goes to `failure`.",
            tags: &["json", "evaluate", "jsonpath", "attribute"],
            accepts: &["application/json"],
            makes: const {
                &[
                    Makes::as_it_came(MATCHED).when("Destination", &["flowfile-attribute"]),
                    Makes::as_it_came(UNMATCHED),
                ]
            },
            relationships: &[
                (MATCHED, "Flowfiles with their new attributes, or their new content."),
                (
                    UNMATCHED,
                    "Flowfiles in whose content there is nothing at the path, as they came, where \
                     the value was to become the content.",
                ),
                (
                    FAILURE,
                    "Flowfiles whose content is not JSON, or has an array or object where a \
                     scalar is wanted, as they came.",
                ),
            ],
            writes: &[("*", "What the properties that the user names say.")],
            example_flow: Some("evaluate-json-path"),
            ..Description::transform(
                "EvaluateJsonPath",
                "Takes values out of content that is JSON.",
            )
        }
    }

    fn build(properties: EvaluateJsonPathProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let count = properties.paths.iter().count();
        if properties.destination == Destination::Content && count != 1 {
            let error = ValueError::new(format!(
                "there are {count} paths, and one value becomes the content"
            ))
            .with_help("name one property with a path, or choose \"flowfile-attribute\"");
            let error = PropertyError::of("Destination", error);
            return Err(BuildError::Properties(vec![error]));
        }
        let is_scalar = match properties.return_type {
            ReturnType::Auto => properties.destination == Destination::Attribute,
            ReturnType::Json => false,
            ReturnType::Scalar => true,
        };
        Ok(Self { properties, is_scalar })
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        match self.take(session, &flowfile).await {
            Ok(Taken::Nothing) => {
                session.provenance_route(&flowfile, UNMATCHED, "there is nothing at the path");
                session.transfer(flowfile, UNMATCHED);
            }
            Ok(Taken::Content(content)) => {
                session.set_content(&mut flowfile, content);
                session.transfer(flowfile, MATCHED);
            }
            Ok(Taken::Attributes(attributes)) => {
                for (name, value) in attributes {
                    self.set(session, &mut flowfile, &name, value);
                }
                session.transfer(flowfile, MATCHED);
            }
            Err(error) => session.fail_or_retry(flowfile, &error),
        }
        Ok(())
    }
}

impl EvaluateJsonPath {
    async fn take(&self, session: &Session, flowfile: &FlowFile) -> Result<Taken, ProcessError> {
        let reader = session.read(flowfile)?;
        let owned = |(name, path): (&str, &JsonPath)| (name.to_owned(), path.clone());
        let look = Look {
            paths: self.properties.paths.iter().map(owned).collect(),
            is_scalar: self.is_scalar,
            null: self.properties.null_value_representation,
            max: self.properties.maximum_buffer_size,
        };
        match self.properties.destination {
            Destination::Content => {
                let writer = session.write()?;
                session.compute(move || look.content(reader, writer)).await?
            }
            Destination::Attribute => session.compute(move || look.attributes(reader)).await?,
        }
    }

    /// Sets an attribute to what was found at its path, if anything.
    fn set(&self, session: &Session, flowfile: &mut FlowFile, name: &str, value: Option<String>) {
        let behavior = self.properties.path_not_found_behavior;
        if value.is_none() && behavior == PathNotFound::Skip {
            return;
        }
        if value.is_none() && behavior == PathNotFound::Warn {
            let message = format!("there is nothing at the path of the attribute \"{name}\"");
            session.report(Level::Warning, Some(flowfile), message);
        }
        flowfile.set_attribute(name, value.unwrap_or_default());
    }
}

/// What to look for.
struct Look {
    paths: Vec<(String, JsonPath)>,
    is_scalar: bool,
    null: NullRepresentation,
    max: DataSize,
}

impl Look {
    fn attributes(&self, reader: ContentReader) -> Result<Taken, ProcessError> {
        let found = self.texts(reader)?.into_iter();
        let names = self.paths.iter().map(|(name, _)| name.clone());
        Ok(Taken::Attributes(names.zip(found).collect()))
    }

    fn content(
        &self,
        reader: ContentReader,
        mut writer: ContentWriter,
    ) -> Result<Taken, ProcessError> {
        let Some(text) = self.texts(reader)?.into_iter().flatten().next() else {
            return Ok(Taken::Nothing);
        };
        writer.write_all(text.as_bytes()).map_err(unwritable)?;
        writer.finish().map(Taken::Content).map_err(unwritable)
    }

    /// What lies at each path.
    fn texts(&self, reader: ContentReader) -> Result<Vec<Option<String>>, ProcessError> {
        let document = json::read(reader, self.max)?;
        let text = |(_, path): &(String, JsonPath)| {
            let found = path.read(&document)?;
            if self.is_scalar && found.as_ref().is_some_and(|found| !found.is_scalar()) {
                let path = path.as_str();
                return Err(ProcessError::user(format!(
                    "what lies at the path \"{path}\" is no scalar"
                ))
                .with_help("name a value in it, or set \"Return Type\" to \"json\""));
            }
            Ok(found.map(|found| self.null.text_of_found(&found)))
        };
        self.paths.iter().map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use tutti_sdk::testkit::{Output, TestRunner};

    use super::*;
    use crate::bounded::assert_waits;

    const TEXT: &str = r#"{"a": {"b": [1, "x"]}, "n": null, "t": "y", "d": 1.0}"#;
    const ATTRIBUTE: (&str, &str) = ("Destination", "flowfile-attribute");
    const JSON: (&str, &str) = ("Return Type", "json");

    async fn run(properties: &[(&str, &str)], content: &str) -> TestRunner {
        let mut runner = TestRunner::new::<EvaluateJsonPath>(properties);
        runner.enqueue(content.as_bytes(), &[]);
        runner.run().await.unwrap();
        runner
    }

    async fn matched(properties: &[(&str, &str)]) -> Output {
        let runner = run(properties, TEXT).await;
        runner.assert_all_transferred(MATCHED, 1);
        runner.only(MATCHED)
    }

    #[tokio::test]
    async fn a_value_becomes_the_content() {
        for (path, expected) in [
            ("$.a.b", "[1,\"x\"]"),
            ("$.a", "{\"b\":[1,\"x\"]}"),
            ("$.t", "y"),
            ("$.d", "1.0"),
            ("$.n", ""),
            ("$..b[0]", "[1]"),
            ("$.a.b.length()", "2"),
        ] {
            let output = matched(&[("value", path)]).await;
            assert_eq!(
                (output.text().as_str(), output.attribute("value")),
                (expected, ""),
                "{path}"
            );
        }
        let null = ("Null Value Representation", "the string 'null'");
        assert_eq!(matched(&[null, ("value", "$.n")]).await.text(), "null");
        let scalar = ("Return Type", "scalar");
        assert_eq!(matched(&[scalar, ("value", "$.t")]).await.text(), "y");
        let runner = run(&[scalar, ("value", "$.a")], TEXT).await;
        runner.assert_all_transferred(FAILURE, 1);
    }

    #[tokio::test]
    async fn values_become_attributes() {
        let output = matched(&[ATTRIBUTE, ("x", "$.t"), ("y", "$.a.b[0]"), ("z", "$.n")]).await;
        let values = ["x", "y", "z"].map(|name| output.attribute(name));
        assert_eq!((values, output.text().as_str()), (["y", "1", ""], TEXT));
        let output = matched(&[ATTRIBUTE, JSON, ("x", "$.a"), ("y", "$.t")]).await;
        assert_eq!(["x", "y"].map(|name| output.attribute(name)), ["{\"b\":[1,\"x\"]}", "y"]);
        assert_eq!(matched(&[ATTRIBUTE]).await.text(), TEXT);
    }

    #[tokio::test]
    async fn nothing_at_a_path_is_told_as_it_is_wanted() {
        let runner = run(&[("value", "$.x")], TEXT).await;
        runner.assert_all_transferred(UNMATCHED, 1);
        assert_eq!(runner.only(UNMATCHED).text(), TEXT);
        for (behavior, is_set, warnings) in
            [("ignore", true, 0), ("warn", true, 1), ("skip", false, 0)]
        {
            let properties =
                [ATTRIBUTE, ("Path Not Found Behavior", behavior), ("v", "$.x.y"), ("w", "$.t")];
            let runner = run(&properties, TEXT).await;
            let output = runner.only(MATCHED);
            assert_eq!(output.flowfile.attribute("v").is_some(), is_set, "{behavior}");
            assert_eq!(output.attribute("w"), "y");
            assert_eq!(runner.bulletins().len(), warnings, "{behavior}");
        }
        let warned =
            run(&[ATTRIBUTE, ("Path Not Found Behavior", "warn"), ("v", "$.x")], TEXT).await;
        warned.assert_bulletin(Level::Warning, "nothing at the path of the attribute \"v\"");
    }

    #[tokio::test]
    async fn what_does_not_fit_fails_as_it_came() {
        for (properties, content, told) in [
            (&[ATTRIBUTE, ("x", "$.t"), ("y", "$.a")][..], TEXT, "\"$.a\" is no scalar"),
            (&[("x", "$.t")], "{", "the content is not JSON"),
            (&[("x", "$.t")], "", "the content is not JSON"),
            (&[("x", "$.t"), ("Maximum Buffer Size", "8 B")], TEXT, "larger than"),
        ] {
            let runner = run(properties, content).await;
            runner.assert_all_transferred(FAILURE, 1);
            runner.assert_bulletin(Level::Error, told);
            let output = runner.only(FAILURE);
            assert_eq!((output.text().as_str(), output.attribute("x")), (content, ""));
        }
    }

    #[tokio::test]
    async fn what_passes_is_tried_again() {
        let mut runner = TestRunner::new::<EvaluateJsonPath>(&[("x", "$.t")]);
        runner.enqueue(TEXT.as_bytes(), &[]);
        runner.fail_writes_after(Some(0));
        assert_waits(&mut runner, "cannot store the content").await;
        runner.fail_writes_after(None);
        runner.clock().advance_ms(60_000);
        runner.run().await.unwrap();
        runner.assert_all_transferred(MATCHED, 1);
    }

    #[test]
    fn properties_that_do_not_fit_are_told() {
        for (properties, told) in [
            (&[][..], "there are 0 paths"),
            (&[("x", "$.a"), ("y", "$.b")], "there are 2 paths"),
            (&[("x", "$.")], "is not valid"),
            (&[ATTRIBUTE, ("uuid", "$.a")], "cannot be set"),
        ] {
            let error = TestRunner::try_new::<EvaluateJsonPath>(properties).err().unwrap();
            assert!(error.to_string().contains(told), "{error}");
        }
    }
}
