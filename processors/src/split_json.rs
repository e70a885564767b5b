//! `SplitJson`: makes a flowfile of each value of an array.

use std::io::{BufWriter, Write};

use tutti_sdk::property::{DataSize, JsonPath};
use tutti_sdk::{
    BuildContext, BuildError, ContentReader, ContentWriter, Description, FAILURE, Makes,
    ProcessError, Processor, Properties, Session, async_trait,
};

use crate::bounded::{BUFFER_BYTES, unwritable};
use crate::fragments::{self, ORIGINAL, Part};
use crate::json::{self, NullRepresentation};

const SPLIT: &str = "split";

/// The properties of [`SplitJson`].
#[derive(Debug, Properties)]
pub(crate) struct SplitJsonProperties {
    /// The path of the array, in Jayway's dialect. One that leads to several places gives an array
    /// of what lies there.
    #[property(name = "JsonPath Expression", example = "$.frames")]
    json_path_expression: JsonPath,
    /// What a value that is null becomes.
    #[property(default = "empty string")]
    null_value_representation: NullRepresentation,
    /// How large the content may be; what is larger goes to `failure`.
    #[property(default = "10 MB")]
    maximum_buffer_size: DataSize,
    /// How many values the array may have; content of more goes to `failure`.
    #[property(default = "100000", min = 1, max = 1_000_000)]
    maximum_splits: u32,
}

/// Makes a flowfile of each value of an array.
pub(crate) struct SplitJson(SplitJsonProperties);

#[async_trait]
impl Processor for SplitJson {
    type Properties = SplitJsonProperties;

    fn describe() -> Description {
        Description {
            description: "\
Arrays and objects become JSON without white space; a text becomes its characters, without quotes. \
Whole numbers keep their digits, other numbers are written as Java writes them.\n\n\
The content, in UTF-8, is in memory as a whole, where it takes several times its size: **Maximum \
Buffer Size** bounds that, in the place of NiFi's **Max String Length**. Unlike in NiFi, content \
that goes on behind its first value goes to `failure`.",
            tags: &["json", "split", "jsonpath", "array"],
            accepts: &["application/json"],
            makes: const { &[Makes::as_it_came(ORIGINAL)] },
            relationships: &[
                (SPLIT, "The values of the array."),
                (ORIGINAL, "Flowfiles that were split, as they came."),
                (
                    FAILURE,
                    "Flowfiles whose content is not JSON or has no array at the path, unchanged.",
                ),
            ],
            writes: &[
                fragments::WRITES[0],
                (fragments::INDEX, "The number of the part, from 0."),
                fragments::WRITES[2],
                fragments::WRITES[3],
            ],
            example_flow: Some("split-json"),
            ..Description::transform("SplitJson", "Makes a flowfile of each value of an array.")
        }
    }

    fn build(properties: SplitJsonProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(flowfile) = session.get()? else { return Ok(()) };
        let (reader, writer) = (session.read(&flowfile)?, session.write()?);
        let properties = &self.0;
        let (path, null) =
            (properties.json_path_expression.clone(), properties.null_value_representation);
        let max = (properties.maximum_buffer_size, properties.maximum_splits);
        match session.compute(move || split(reader, &path, null, max, writer)).await? {
            Ok(parts) => fragments::send(session, flowfile, parts, (SPLIT, 0)),
            Err(error) => session.fail_or_retry(flowfile, &error),
        }
        Ok(())
    }
}

/// Writes the values behind each other.
fn split(
    reader: ContentReader,
    path: &JsonPath,
    null: NullRepresentation,
    (bytes_max, parts_max): (DataSize, u32),
    writer: ContentWriter,
) -> Result<Vec<Part>, ProcessError> {
    let document = json::read(reader, bytes_max)?;
    let found = path.read(&document)?.ok_or_else(|| {
        ProcessError::user(format!("there is nothing at the path \"{}\"", path.as_str()))
            .with_help("see what the content holds, or correct the path")
    })?;
    let values = found.elements().ok_or_else(|| {
        ProcessError::user(format!("what lies at the path \"{}\" is no array", path.as_str()))
            .with_help("name an array, or what lies in several places, as \"$.frames[*]\" does")
    })?;
    if values.len() > parts_max as usize {
        return Err(fragments::too_many(parts_max, "split a part of it, as \"$.frames[0:1000]\""));
    }
    let mut writer = BufWriter::with_capacity(BUFFER_BYTES, writer);
    let mut places = Vec::with_capacity(values.len());
    let mut at = 0;
    for value in values {
        let text = null.text_of(value);
        writer.write_all(text.as_bytes()).map_err(unwritable)?;
        places.push((at, text.len() as u64));
        at += text.len() as u64;
    }
    let writer = writer.into_inner().map_err(|error| unwritable(error.into_error()))?;
    let content = writer.finish().map_err(unwritable)?;
    let part = |(at, bytes)| {
        Ok(Part { content: fragments::slice(&content, at, bytes)?, attributes: Vec::new() })
    };
    places.into_iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use tutti_sdk::bulletin::Level;
    use tutti_sdk::testkit::TestRunner;

    use super::*;
    use crate::bounded::assert_waits;

    const PATH: &str = "JsonPath Expression";

    async fn run(properties: &[(&str, &str)], content: &str) -> TestRunner {
        let mut runner = TestRunner::new::<SplitJson>(properties);
        runner.enqueue(content.as_bytes(), &[("filename", "a.json")]);
        runner.run().await.unwrap();
        runner
    }

    async fn parts(path: &str, content: &str) -> Vec<String> {
        let runner = run(&[(PATH, path)], content).await;
        let outputs = runner.transferred(SPLIT);
        let original = runner.only(ORIGINAL);
        let count = outputs.len().to_string();
        assert_eq!(original.text(), content);
        assert_eq!(original.attribute(fragments::COUNT), count);
        for (index, output) in outputs.iter().enumerate() {
            assert_eq!(output.attribute(fragments::INDEX), index.to_string());
            assert_eq!(output.attribute(fragments::COUNT), count);
            assert_eq!(output.attribute(fragments::ORIGINAL_FILENAME), "a.json");
            assert_eq!(
                output.attribute(fragments::IDENTIFIER),
                original.attribute(fragments::IDENTIFIER)
            );
        }
        outputs.iter().map(tutti_sdk::testkit::Output::text).collect()
    }

    #[tokio::test]
    async fn each_value_is_a_part() {
        let text = r#"{"a": [1, "x\n", null, {"b" : 2.0}, [true]], "c": [{"b": 3}, {"d": 4}]}"#;
        assert_eq!(parts("$.a", text).await, ["1", "x\n", "", "{\"b\":2.0}", "[true]"]);
        assert_eq!(parts("$..b", text).await, ["2.0", "3"]);
        assert_eq!(parts("$.c[*].d", text).await, ["4"]);
        assert_eq!(parts("$", "[[], 5]").await, ["[]", "5"]);
        assert_eq!(parts("$", "[]").await, [""; 0]);
        let null = ("Null Value Representation", "the string 'null'");
        let runner = run(&[(PATH, "$"), null], "[null]").await;
        assert_eq!(runner.only(SPLIT).text(), "null");
    }

    #[tokio::test]
    async fn what_has_no_array_there_fails_whole() {
        let text = r#"{"a": {"b": 1}}"#;
        for (properties, content, told) in [
            (&[(PATH, "$.x")][..], text, "there is nothing at the path \"$.x\""),
            (&[(PATH, "$.a")], text, "what lies at the path \"$.a\" is no array"),
            (&[(PATH, "$.a.b")], text, "is no array"),
            (&[(PATH, "$")], "no JSON", "the content is not JSON"),
            (&[(PATH, "$")], "[1] [2]", "it goes on behind its end"),
            (&[(PATH, "$"), ("Maximum Splits", "1")], "[1, 2]", "more parts than"),
            (&[(PATH, "$"), ("Maximum Buffer Size", "5 B")], "[1, 2]", "larger than"),
        ] {
            let runner = run(properties, content).await;
            runner.assert_all_transferred(FAILURE, 1);
            runner.assert_bulletin(Level::Error, told);
            assert_eq!(runner.only(FAILURE).text(), content);
        }
        let fits = run(&[(PATH, "$"), ("Maximum Splits", "2")], "[1, 2]").await;
        fits.assert_transferred(SPLIT, 2);
    }

    #[tokio::test]
    async fn what_passes_is_tried_again() {
        let mut runner = TestRunner::new::<SplitJson>(&[(PATH, "$")]);
        runner.enqueue(b"[1, 2]", &[]);
        runner.fail_writes_after(Some(1));
        assert_waits(&mut runner, "cannot store the content").await;
        runner.fail_writes_after(None);
        runner.clock().advance_ms(60_000);
        runner.run().await.unwrap();
        runner.assert_transferred(SPLIT, 2);
    }

    #[test]
    fn the_path_is_checked() {
        for path in ["", "$.", "$[", "$.a[?(]"] {
            let error = TestRunner::try_new::<SplitJson>(&[(PATH, path)]).err().unwrap();
            assert!(error.to_string().contains("is not valid"), "{error}");
        }
    }
}
