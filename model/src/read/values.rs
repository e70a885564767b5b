//! Single values: texts, words, numbers, times, sizes, lists.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::codes::Code;
use crate::definition::Word;
use crate::diagnostic::{Diagnostic, Element};
use crate::document::{Node, NodeKind};
use crate::text::{JsonPath, Located};
use crate::{data_size, duration};

use super::Reading;
use super::limits::VALUE_MAX_BYTES;
use super::members::{Expected, Members};

impl<'d> Reading<'d> {
    /// The text `name`, if it is there.
    pub(super) fn text(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
    ) -> Option<Located<String>> {
        let (node, path) = members.take(name)?;
        self.text_of(node, &path, members.element.as_ref())
    }

    /// The text `name`, or nothing.
    pub(super) fn text_or_empty(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
    ) -> String {
        self.text(members, name).map(|text| text.value).unwrap_or_default()
    }

    /// The text `name`, which must be there and not be empty. Where it is not, this is noted.
    pub(super) fn required_text(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
        help: &str,
    ) -> Option<Located<String>> {
        let text = self.text(members, name);
        if text.as_ref().is_some_and(|text| !text.is_empty()) {
            return text;
        }
        if text.is_some() || !members.has(name) {
            self.missing(members, name, help);
        }
        None
    }

    pub(super) fn text_of(
        &mut self,
        node: &Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Option<Located<String>> {
        let NodeKind::Text(text) = &node.kind else {
            self.wrong_type(node, path, Expected::Text, element);
            return None;
        };
        self.bounded(text, node, path, element)
    }

    fn bounded(
        &mut self,
        text: &str,
        node: &Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Option<Located<String>> {
        let place = self.place(node, path);
        if text.len() > VALUE_MAX_BYTES {
            let message = format!("this has {} bytes, more than {VALUE_MAX_BYTES}", text.len());
            let diagnostic = Diagnostic::new(Code::Limit, &place, message)
                .with_help("keep it in a file, and name the file here");
            self.say(element, diagnostic);
            return None;
        }
        Some(Located::new(text.to_owned(), place))
    }

    /// A value that stands for any type, and is always a text in a flow.
    pub(super) fn value_text(
        &mut self,
        node: &Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Option<Located<String>> {
        let text = match &node.kind {
            NodeKind::Number(number) => number.to_string(),
            NodeKind::Boolean(value) => value.to_string(),
            _ => return self.text_of(node, path, element),
        };
        let place = self.place(node, path);
        let diagnostic = Diagnostic::new(Code::NotText, &place, "values are written in quotes")
            .with_help("add the quotes; \"tutti fmt\" does it for you");
        self.say(element, diagnostic);
        self.bounded(&text, node, path, element)
    }

    /// The value `name`, one of the words of `T`.
    pub(super) fn word<T: Word>(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
    ) -> Option<T> {
        let text = self.text(members, name)?;
        self.word_of(&text, members.element.as_ref())
    }

    pub(super) fn word_of<T: Word>(
        &mut self,
        text: &Located<String>,
        element: Option<&Element>,
    ) -> Option<T> {
        if let Some((value, _)) = T::WORDS.iter().find(|(_, word)| *word == text.value) {
            return Some(*value);
        }
        let message = format!("\"{}\" is not one of the choices", text.value);
        let help = self.report.suggest(&text.value, T::WORDS.iter().map(|(_, word)| *word));
        let diagnostic =
            Diagnostic::new(Code::BadChoice, &text.place, message).with_maybe_help(help);
        self.say(element, diagnostic);
        None
    }

    /// `true` or `false`.
    pub(super) fn boolean(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
    ) -> Option<bool> {
        let (node, path) = members.take(name)?;
        if let NodeKind::Boolean(value) = node.kind {
            return Some(value);
        }
        self.wrong_type(node, &path, Expected::Boolean, members.element.as_ref());
        None
    }

    /// The whole number `name`, in `range`.
    pub(super) fn integer(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
        range: &RangeInclusive<u64>,
    ) -> Option<Located<u64>> {
        let (node, path) = members.take(name)?;
        let NodeKind::Number(number) = &node.kind else {
            self.wrong_type(node, &path, Expected::Number, members.element.as_ref());
            return None;
        };
        let place = self.place(node, &path);
        match number.parse::<u64>() {
            Ok(number) if range.contains(&number) => Some(Located::new(number, place)),
            _ => {
                let message = format!("{number} is out of range");
                let help =
                    format!("write a whole number from {} to {}", range.start(), range.end());
                let diagnostic = Diagnostic::new(Code::OutOfRange, &place, message).with_help(help);
                self.say(members.element.as_ref(), diagnostic);
                None
            }
        }
    }

    /// The time `name`.
    pub(super) fn duration(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
    ) -> Option<Located<Duration>> {
        let text = self.text(members, name)?;
        match duration::parse(&text) {
            Ok(duration) => Some(Located::new(duration, text.place)),
            Err(error) => {
                let diagnostic = Diagnostic::new(Code::BadDuration, &text.place, error.to_string())
                    .with_help(error.help());
                self.say(members.element.as_ref(), diagnostic);
                None
            }
        }
    }

    /// The amount of data `name`, in bytes.
    pub(super) fn data_size(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
    ) -> Option<u64> {
        let text = self.text(members, name)?;
        match data_size::parse(&text) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                let diagnostic = Diagnostic::new(Code::BadDataSize, &text.place, error.to_string())
                    .with_help(error.help());
                self.say(members.element.as_ref(), diagnostic);
                None
            }
        }
    }

    /// The texts in the list `name`, in their order, each once.
    pub(super) fn texts(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
    ) -> Vec<Located<String>> {
        let Some((node, path)) = members.take(name) else { return Vec::new() };
        let element = members.element.clone();
        let NodeKind::Array(elements) = &node.kind else {
            self.wrong_type(node, &path, Expected::List, element.as_ref());
            // One that stands alone is what the list should have held.
            return match &node.kind {
                NodeKind::Text(_) => self.text_of(node, &path, None).into_iter().collect(),
                _ => Vec::new(),
            };
        };
        let mut seen = std::collections::HashSet::new();
        let mut all = Vec::new();
        for (index, node) in elements.iter().enumerate() {
            let path = path.index(index);
            let Some(text) = self.text_of(node, &path, element.as_ref()) else { continue };
            if seen.insert(text.value.clone()) {
                all.push(text);
            } else {
                let message = format!("\"{}\" is listed twice", text.value);
                let diagnostic = Diagnostic::new(Code::ListedTwice, &text.place, message)
                    .with_help("remove one of the two");
                self.say(element.as_ref(), diagnostic);
            }
        }
        all
    }

    /// As [`Self::texts`], sorted: for lists whose order means nothing.
    pub(super) fn sorted_texts(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
    ) -> Vec<Located<String>> {
        let mut all = self.texts(members, name);
        all.sort_by(|left, right| left.value.cmp(&right.value));
        all
    }
}
