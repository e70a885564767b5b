//! The work on one content: what is replaced where, in one pass over it.

use std::io::Read;

use tutti_sdk::model::flowfile::Content;
use tutti_sdk::property::{DataSize, Evaluated, Evaluator, Regex};
use tutti_sdk::{ContentReader, ContentWriter, ProcessError};

use super::LineMode;
use super::replacement::Replacement;
use super::substitution::Substitution;
use crate::bounded::copy;
use crate::text::{CharacterSet, Lines, TextOutput, TextReader, split_end};

/// Where to replace.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Lines(LineMode),
    Whole,
}

/// What to do there.
pub(super) enum Action {
    /// What to put in front, and behind.
    Surround(String, String),
    Always(String),
    /// What to search for, and what to put there.
    Literal(String, String),
    Regex(Regex, Evaluated<Replacement>),
    Variables,
}

/// All that is to be done.
pub(super) struct Work {
    pub(super) action: Action,
    pub(super) place: Place,
    pub(super) charset: CharacterSet,
    /// The most bytes of a text that is held in memory.
    pub(super) max: DataSize,
    pub(super) evaluator: Evaluator,
}

impl Work {
    /// The new content; none where nothing is replaced.
    pub(super) fn run(
        &self,
        reader: ContentReader,
        writer: ContentWriter,
    ) -> Result<Option<Content>, ProcessError> {
        let mut output = TextOutput::new(writer, self.charset);
        let is_changed = match self.place {
            Place::Lines(mode) => self.lines(mode, reader, &mut output)?,
            Place::Whole => self.whole(reader, &mut output)?,
        };
        if is_changed { output.finish().map(Some) } else { Ok(None) }
    }

    fn lines(
        &self,
        mode: LineMode,
        reader: ContentReader,
        output: &mut TextOutput,
    ) -> Result<bool, ProcessError> {
        let mut lines = Lines::new(reader, self.charset, self.max);
        let (mut line, mut next) = (String::new(), String::new());
        let (mut is_first, mut is_changed) = (true, false);
        let mut is_there = lines.read(&mut line)?;
        while is_there {
            is_there = lines.read(&mut next)?;
            if mode.takes(is_first, !is_there) {
                is_changed |= self.text(&line, output)?;
            } else {
                output.push(&line)?;
            }
            is_first = false;
            std::mem::swap(&mut line, &mut next);
        }
        Ok(is_changed)
    }

    fn whole(
        &self,
        mut reader: ContentReader,
        output: &mut TextOutput,
    ) -> Result<bool, ProcessError> {
        match &self.action {
            Action::Surround(before, behind) => {
                output.push(before)?;
                self.copy(reader, output)?;
                output.push(behind)?;
                Ok(!before.is_empty() || !behind.is_empty())
            }
            Action::Always(value) => {
                output.push(value)?;
                let is_there = reader.read(&mut [0]).map_err(ProcessError::unreadable)? > 0;
                Ok(is_there || !value.is_empty())
            }
            Action::Literal(search, value) => {
                literal_in_stream(TextReader::new(reader, self.charset), search, value, output)
            }
            Action::Regex(..) | Action::Variables => {
                let text = TextReader::new(reader, self.charset).read_all(self.max)?;
                self.text(&text, output)
            }
        }
    }

    /// Adds all of the content as it is.
    fn copy(&self, mut reader: ContentReader, output: &mut TextOutput) -> Result<(), ProcessError> {
        if !self.charset.is_of_parts() {
            let mut reader = TextReader::new(reader, self.charset);
            let mut text = String::new();
            while reader.read(&mut text)? {
                output.push(&text)?;
                text.clear();
            }
            return Ok(());
        }
        copy(&mut reader, u64::MAX, output.writer()?)?;
        Ok(())
    }

    /// Adds what a text that is there as a whole comes to; whether that is another text.
    fn text(&self, text: &str, output: &mut TextOutput) -> Result<bool, ProcessError> {
        match &self.action {
            Action::Surround(before, behind) => {
                let (inner, end) = split_end(text);
                for part in [before, inner, behind, end] {
                    output.push(part)?;
                }
                Ok(!before.is_empty() || !behind.is_empty())
            }
            Action::Always(value) => {
                let (inner, end) = split_end(text);
                output.push(value)?;
                output.push(end)?;
                Ok(inner != value)
            }
            Action::Literal(search, value) => {
                let mut rest = text;
                let mut is_changed = false;
                while let Some((before, behind)) = rest.split_once(search.as_str()) {
                    output.push(before)?;
                    output.push(value)?;
                    (rest, is_changed) = (behind, true);
                }
                output.push(rest)?;
                Ok(is_changed)
            }
            Action::Regex(regex, value) => self.regex(regex, value, text, output),
            Action::Variables => {
                let attributes = &self.evaluator.flowfile().attributes();
                let mut push = |part: &str| output.push(part);
                let mut substitution = Substitution::new(attributes, self.max.bytes(), &mut push);
                substitution.add(text)?;
                Ok(substitution.is_changed)
            }
        }
    }

    fn regex(
        &self,
        regex: &Regex,
        value: &Evaluated<Replacement>,
        text: &str,
        output: &mut TextOutput,
    ) -> Result<bool, ProcessError> {
        let mut copied = 0;
        let mut is_changed = false;
        for groups in regex.find_all(text) {
            let groups = groups?;
            let range = groups.range();
            output.push(text.get(copied..range.start).unwrap_or_default())?;
            let attributes = match value.literal() {
                Some(_) => Vec::new(),
                None => (0..groups.len())
                    .map(|at| (format!("${at}"), groups.get(at).unwrap_or_default().to_owned()))
                    .collect(),
            };
            let value = value.evaluate_by(&self.evaluator, &attributes)?;
            value.each(&groups, |part| output.push(part))?;
            (copied, is_changed) = (range.end, true);
        }
        output.push(text.get(copied..).unwrap_or_default())?;
        Ok(is_changed)
    }
}

/// Replaces `search` in a text of any length.
fn literal_in_stream<R: Read>(
    mut reader: TextReader<R>,
    search: &str,
    value: &str,
    output: &mut TextOutput,
) -> Result<bool, ProcessError> {
    let mut text = String::new();
    let mut is_changed = false;
    loop {
        let is_more = reader.read(&mut text)?;
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find(search)) {
            output.push(text.get(at..at + found).unwrap_or_default())?;
            output.push(value)?;
            at += found + search.len();
            is_changed = true;
        }
        // It may begin in what is there, and end in what comes.
        let tail = if is_more { search.len() - 1 } else { 0 };
        let end = at.max(text.floor_char_boundary(text.len().saturating_sub(tail)));
        output.push(text.get(at..end).unwrap_or_default())?;
        text.drain(..end);
        if !is_more {
            return Ok(is_changed);
        }
    }
}
