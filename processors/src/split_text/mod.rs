//! `SplitText`: cuts a text into parts of some lines each.

mod plan;
#[cfg(test)]
mod tests;

use std::io::{Seek, SeekFrom};

use tutti_sdk::model::flowfile::{Content, FlowFile};
use tutti_sdk::model::spec::{PropertyError, ValueError};
use tutti_sdk::property::DataSize;
use tutti_sdk::{
    BuildContext, BuildError, ContentReader, ContentWriter, Description, FAILURE, Makes,
    ProcessError, Processor, Properties, Session, async_trait,
};

use crate::bounded::{copy, stored, unwritable};
use crate::fragments::{self, ORIGINAL, Part};
use plan::{Fragment, Plan, Rules};

const SPLITS: &str = "splits";
const LINE_COUNT: &str = "text.line.count";
const FRAGMENT_SIZE: &str = "fragment.size";

/// The properties of [`SplitText`].
#[derive(Debug, Properties)]
pub(crate) struct SplitTextProperties {
    /// Lines of each part, without the header. With 0 only **Maximum Fragment Size** counts.
    #[property(example = "1")]
    line_split_count: u32,
    /// How large a part may become, its header included. A line that is larger by itself becomes a
    /// part of its own.
    #[property(example = "1 MB")]
    maximum_fragment_size: Option<DataSize>,
    /// How many lines at the beginning are a header, which is put in front of every part.
    #[property(default = "0")]
    header_line_count: u32,
    /// What the lines at the beginning that are a header begin with, when **Header Line Count** is
    /// 0. The first line that begins with something else ends it.
    #[property(name = "Header Line Marker Characters", example = "#")]
    header_line_marker_characters: Option<String>,
    /// Whether the ends of lines at the end of each part are left out. Parts of nothing else are
    /// left out then, unless there is a header.
    #[property(default = "true")]
    remove_trailing_newlines: bool,
    /// How many parts there may be; content of more goes to `failure`.
    #[property(default = "100000", min = 1, max = 1_000_000)]
    maximum_splits: u32,
}

/// Cuts a text into parts of some lines each.
pub(crate) struct SplitText {
    rules: Rules,
    removes_ends: bool,
}

#[async_trait]
impl Processor for SplitText {
    type Properties = SplitTextProperties;

    fn describe() -> Description {
        Description {
            description: "\
Lines end with `\\n`, `\\r\\n` or `\\r`; the bytes between do not matter, so a text in UTF-16 \
cannot be split. Without a header no byte is copied: parts are slices of the content. With one, \
all parts are written once. A line may be of any length. The parts come out all together, in their \
order, and are in memory until then, without their content: **Maximum Splits**, which NiFi has \
not, bounds that. For more of them split twice, first into parts of many lines.\n\n\
In NiFi, the first part behind a header that **Header Line Marker Characters** tells has a line \
too many, and `fragment.count` is missing where there is nothing but a header; here neither is so.",
            tags: &["split", "text", "lines", "header", "csv"],
            accepts: &["text/*", "application/*"],
            makes: const { &[Makes::as_it_came(ORIGINAL)] },
            relationships: &[
                (SPLITS, "The parts."),
                (ORIGINAL, "Flowfiles that were split, as they came."),
                (FAILURE, "Flowfiles that could not be split, as they came."),
            ],
            writes: &[
                (
                    LINE_COUNT,
                    "How many lines the part has, without its header and empty lines at its end.",
                ),
                (FRAGMENT_SIZE, "How many bytes the part has."),
                fragments::WRITES[0],
                (fragments::INDEX, "The number of the part, from 1."),
                fragments::WRITES[2],
                fragments::WRITES[3],
            ],
            example_flow: Some("split-text"),
            ..Description::transform("SplitText", "Cuts a text into parts of some lines each.")
        }
    }

    fn build(properties: SplitTextProperties, _: &BuildContext) -> Result<Self, BuildError> {
        if properties.line_split_count == 0 && properties.maximum_fragment_size.is_none() {
            let error = ValueError::new("parts have no end with 0 lines and no size")
                .with_help("give them lines, or a size");
            let (count, size) = ("Line Split Count", "Maximum Fragment Size");
            let error = PropertyError::together(count, [size], error);
            return Err(BuildError::Properties(vec![error]));
        }
        let marker = properties.header_line_marker_characters.unwrap_or_default();
        Ok(Self {
            rules: Rules {
                lines: u64::from(properties.line_split_count),
                bytes: properties.maximum_fragment_size.map_or(u64::MAX, DataSize::bytes),
                header_lines: u64::from(properties.header_line_count),
                header_marker: marker.into_bytes(),
                parts_max: properties.maximum_splits,
            },
            removes_ends: properties.remove_trailing_newlines,
        })
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(flowfile) = session.get()? else { return Ok(()) };
        match self.split(session, &flowfile).await {
            Ok(parts) => fragments::send(session, flowfile, parts, (SPLITS, 1)),
            Err(error) => session.fail_or_retry(flowfile, &error),
        }
        Ok(())
    }
}

impl SplitText {
    async fn split(
        &self,
        session: &Session,
        flowfile: &FlowFile,
    ) -> Result<Vec<Part>, ProcessError> {
        let content = stored(session, flowfile).await?;
        let whole = flowfile.clone().with_content(content);
        let (reader, rules) = (session.read(&whole)?, self.rules.clone());
        let plan = session.blocking(move || plan::plan(reader, &rules)).await??;
        let removes_ends = self.removes_ends;
        if plan.header.is_none() {
            let fits = |fragment: &&Fragment| fragment.bytes(removes_ends) > 0;
            return plan
                .fragments
                .iter()
                .filter(fits)
                .map(|fragment| {
                    let bytes = fragment.bytes(removes_ends);
                    part(whole.content(), fragment.offset, bytes, fragment.lines)
                })
                .collect();
        }
        let (header, body) = (session.read(&whole)?, session.read(&whole)?);
        let writer = session.write()?;
        let work = move || write(&plan, removes_ends, (header, body), writer);
        session.blocking(work).await?
    }
}

fn part(content: &Content, offset: u64, bytes: u64, lines: u64) -> Result<Part, ProcessError> {
    Ok(Part {
        content: fragments::slice(content, offset, bytes)?,
        attributes: vec![(LINE_COUNT, lines.to_string()), (FRAGMENT_SIZE, bytes.to_string())],
    })
}

/// Writes the parts behind each other, each with the header.
fn write(
    plan: &Plan,
    removes_ends: bool,
    (mut header, mut body): (ContentReader, ContentReader),
    mut writer: ContentWriter,
) -> Result<Vec<Part>, ProcessError> {
    let head = plan.header.unwrap_or_default();
    let mut places = Vec::with_capacity(plan.fragments.len().max(1));
    let mut at = 0;
    let nothing = [Fragment::default()];
    let fragments = if plan.fragments.is_empty() { &nothing[..] } else { &plan.fragments };
    for fragment in fragments {
        let bytes = fragment.bytes(removes_ends);
        header.seek(SeekFrom::Start(0)).map_err(ProcessError::unreadable)?;
        // A header alone has no end of a line either.
        let head_bytes = if bytes > 0 { head.bytes } else { head.bytes - head.end };
        let mut count = copy(&mut header, head_bytes, &mut writer)?;
        body.seek(SeekFrom::Start(fragment.offset)).map_err(ProcessError::unreadable)?;
        count += copy(&mut body, bytes, &mut writer)?;
        places.push((at, count, fragment.lines));
        at += count;
    }
    let content = writer.finish().map_err(unwritable)?;
    places.into_iter().map(|(at, bytes, lines)| part(&content, at, bytes, lines)).collect()
}
