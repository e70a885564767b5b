//! `GenerateFlowFile`: makes flowfiles out of nothing, for tests and benchmarks.

use std::io::Write;

use tutti_sdk::model::flowfile::{Content, FlowFile};
use tutti_sdk::model::spec::InputRequirement;
use tutti_sdk::property::{Choice, DataSize, Dynamic, Evaluated};
use tutti_sdk::{
    BuildContext, BuildError, ContentWriters, Description, ProcessError, Processor, Properties,
    SUCCESS, Session, async_trait,
};

use crate::bounded::unwritable;

/// Flowfiles whose content is written in one go.
const AT_ONCE_MAX: u32 = 1_000;

/// Bytes that are written where the processor is triggered: another thread costs more.
const AT_ONCE_BYTES_MAX: u64 = 128 * 1024;

/// Bytes that are made at a time.
const BUFFER_BYTES: u64 = 64 * 1024;
/// The bytes of a text: 64 that are safe everywhere.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum DataFormat {
    /// Any bytes.
    #[choice("Binary")]
    Binary,
    /// Letters, digits, `-` and `_`.
    #[choice("Text")]
    Text,
}

/// The properties of [`GenerateFlowFile`].
#[derive(Debug, Properties)]
pub(crate) struct GenerateFlowFileProperties {
    /// How large each flowfile is. Without meaning when **Custom Text** is given.
    #[property(default = "0 B", example = "1 KB")]
    file_size: DataSize,
    /// How many flowfiles to make at a time.
    #[property(default = "1", min = 1, max = 100_000)]
    batch_size: u32,
    /// What the bytes are.
    #[property(default = "Text")]
    data_format: DataFormat,
    /// Whether each flowfile has bytes of its own; otherwise all have the same.
    #[property(name = "Unique FlowFiles", default = "false")]
    unique_flow_files: bool,
    /// The content, instead of bytes by chance. Expressions see the new flowfile.
    #[property(example = "made at ${now()}")]
    custom_text: Option<Evaluated<String>>,
    /// The attribute `mime.type`.
    #[property(example = "text/plain")]
    mime_type: Option<String>,
    /// Attributes of every flowfile.
    #[dynamic(name = "attribute name", attributes)]
    attributes: Dynamic<Evaluated<String>>,
}

/// Makes flowfiles out of nothing.
pub(crate) struct GenerateFlowFile(GenerateFlowFileProperties);

#[async_trait]
impl Processor for GenerateFlowFile {
    type Properties = GenerateFlowFileProperties;

    fn describe() -> Description {
        Description {
            tags: &["test", "random", "generate", "load", "source"],
            input: InputRequirement::Forbidden,
            relationships: &[(SUCCESS, "Every flowfile that was made.")],
            writes: &[
                ("filename", "The flowfile's `uuid`."),
                ("mime.type", "What **Mime Type** says."),
            ],
            period: "1 min",
            endless: true,
            example_flow: Some("generate-flow-file"),
            ..Description::transform("GenerateFlowFile", "Makes flowfiles out of nothing.")
        }
    }

    fn build(properties: GenerateFlowFileProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let shared_seed = session.random().next_u64();
        let mut left = self.0.batch_size;
        while left > 0 {
            let count = left.min(AT_ONCE_MAX);
            left -= count;
            let mut made = Vec::with_capacity(count as usize);
            for _ in 0..count {
                made.push(self.make(session, shared_seed)?);
            }
            let writers = session.writers();
            let written = move || {
                let write = |(flowfile, filling): (FlowFile, Filling)| {
                    Ok((flowfile, filling.write(&writers)?))
                };
                made.into_iter().map(write).collect::<Result<Vec<_>, ProcessError>>()
            };
            let bytes = self.0.file_size.bytes().saturating_mul(u64::from(count));
            let is_small = self.0.custom_text.is_none() && bytes <= AT_ONCE_BYTES_MAX;
            let written = if is_small { written() } else { session.blocking(written).await? };
            for (mut flowfile, content) in written? {
                session.set_content(&mut flowfile, content);
                session.transfer(flowfile, SUCCESS);
            }
        }
        Ok(())
    }
}

/// What a flowfile is filled with.
enum Filling {
    Nothing,
    Text(String),
    Chance { size_bytes: u64, format: DataFormat, seed: u64 },
}

impl GenerateFlowFile {
    fn make(
        &self,
        session: &mut Session,
        shared_seed: u64,
    ) -> Result<(FlowFile, Filling), ProcessError> {
        let mut flowfile = session.create();
        let filename = flowfile.uuid().to_owned();
        flowfile.set_attribute("filename", filename);
        if let Some(mime_type) = &self.0.mime_type {
            flowfile.set_attribute("mime.type", mime_type.as_str());
        }
        for (name, value) in self.0.attributes.iter() {
            let value = value.evaluate(session, &flowfile)?;
            flowfile.set_attribute(name, value);
        }
        let size_bytes = self.0.file_size.bytes();
        let filling = if let Some(text) = &self.0.custom_text {
            Filling::Text(text.evaluate(session, &flowfile)?)
        } else if size_bytes == 0 {
            Filling::Nothing
        } else {
            let is_unique = self.0.unique_flow_files;
            let seed = if is_unique { session.random().next_u64() } else { shared_seed };
            Filling::Chance { size_bytes, format: self.0.data_format, seed }
        };
        Ok((flowfile, filling))
    }
}

impl Filling {
    fn write(self, writers: &ContentWriters) -> Result<Content, ProcessError> {
        let mut writer = match self {
            Self::Nothing => return Ok(Content::Empty),
            _ => writers.create()?,
        };
        match self {
            Self::Nothing => Ok(()),
            Self::Text(text) => writer.write_all(text.as_bytes()),
            Self::Chance { size_bytes, format, seed } => {
                fill(&mut writer, size_bytes, format, seed)
            }
        }
        .and_then(|()| writer.finish())
        .map_err(unwritable)
    }
}

/// Writes `size_bytes` bytes by chance.
fn fill(
    writer: &mut impl Write,
    size_bytes: u64,
    format: DataFormat,
    seed: u64,
) -> std::io::Result<()> {
    let mut state = seed | 1;
    let mut left = size_bytes;
    // Whole words of the generator; the last may have more than is wanted.
    let mut words = vec![0; left.min(BUFFER_BYTES).next_multiple_of(8) as usize];
    while left > 0 {
        let count = left.min(BUFFER_BYTES) as usize;
        let buffer = &mut words[..count.next_multiple_of(8)];
        for word in buffer.chunks_exact_mut(8) {
            // Xorshift64 (Marsaglia 2003): fast, and good enough for test data.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word.copy_from_slice(&state.to_le_bytes());
        }
        let buffer = &mut buffer[..count];
        if format == DataFormat::Text {
            for byte in &mut *buffer {
                *byte = LETTERS.get(usize::from(*byte % 64)).copied().unwrap_or(b'-');
            }
        }
        writer.write_all(buffer)?;
        left -= count as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tutti_sdk::model::provenance::EventType;
    use tutti_sdk::testkit::{Output, TestRunner};

    use super::*;

    async fn generated(properties: &[(&str, &str)]) -> TestRunner {
        let mut runner = TestRunner::new::<GenerateFlowFile>(properties);
        runner.run().await.unwrap();
        runner
    }

    #[tokio::test]
    async fn one_empty_flowfile_by_default() {
        let runner = generated(&[]).await;
        let output = runner.only(SUCCESS);
        assert!(output.bytes().is_empty());
        assert_eq!(output.attribute("filename"), output.flowfile.uuid());
        let events: Vec<_> = runner.events().iter().map(|event| event.event_type).collect();
        assert_eq!(events, [EventType::Create]);
    }

    #[tokio::test]
    async fn size_format_and_count_are_as_told() {
        for (format, unique) in [("Text", "true"), ("Text", "false"), ("Binary", "true")] {
            let runner = generated(&[
                ("File Size", "100 KB"),
                ("Batch Size", "3"),
                ("Data Format", format),
                ("Unique FlowFiles", unique),
            ])
            .await;
            runner.assert_all_transferred(SUCCESS, 3);
            let all: Vec<_> = runner.transferred(SUCCESS).iter().map(Output::bytes).collect();
            assert!(all.iter().all(|bytes| bytes.len() == 102_400));
            assert_eq!(all[0] == all[1], unique == "false");
            assert_eq!(all[0].iter().all(|byte| LETTERS.contains(byte)), format == "Text");
        }
    }

    #[tokio::test]
    async fn text_and_attributes_may_be_expressions() {
        let runner = generated(&[
            ("Custom Text", "of ${album}"),
            ("Mime Type", "text/plain"),
            ("album", "Blue"),
        ])
        .await;
        let output = runner.only(SUCCESS);
        assert_eq!(
            (output.text().as_str(), output.attribute("mime.type")),
            ("of Blue", "text/plain")
        );
    }

    #[tokio::test]
    async fn a_full_disk_is_an_error_and_makes_nothing() {
        let mut runner = TestRunner::new::<GenerateFlowFile>(&[("File Size", "1 KB")]);
        runner.fail_writes_after(Some(10));
        let error = runner.run().await.unwrap_err();
        assert!(error.chain().contains("cannot store the content"));
        runner.assert_transferred(SUCCESS, 0);
    }
}
