//! Content that a test gives, and what it expects content to be.

use std::path::{Component, Path};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::codes::Code;
use crate::definition::Named;
use crate::diagnostic::Element;
use crate::document::{Node, NodeKind};
use crate::suite::{Check, ContentCheck, Matcher, NewContent, ValuePath, json_bytes};
use crate::text::{JsonPath, Located};

use super::super::Reading;
use super::super::members::Members;

const NEW: &str = "write a text, or one of { \"json\": … }, { \"file\": \"PATH\" } and \
                   { \"base64\": \"…\" }";
const FILE: &str = "write a path below the folder of the tests, such as \"data/tone.wav\"";

impl<'d> Reading<'d> {
    /// The content `content`.
    pub(super) fn new_content(&mut self, members: &mut Members<'d>) -> Option<NewContent> {
        let (node, path) = members.take("content")?;
        let element = members.element.clone();
        self.new_content_of(node, &path, element.as_ref())
    }

    /// Files by their paths in the folder that the test is let out to.
    pub(super) fn files(&mut self, members: &mut Members<'d>) -> Named<NewContent> {
        let all = self.about(members, "files", Self::new_content_of);
        self.only_below(&all, members.element.as_ref());
        all
    }

    /// Notes names of files that do not lie in their folder.
    pub(super) fn only_below<T>(&mut self, files: &Named<T>, element: Option<&Element>) {
        for (name, file) in files.iter().filter(|(name, _)| !is_below(name)) {
            let message = format!("\"{name}\" does not lie in the folder of the test");
            let help = "write a path in it, such as \"in/tone.wav\"";
            self.mistake(element, Code::BadContent, &file.place, message, help);
        }
    }

    fn new_content_of(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Option<NewContent> {
        if let NodeKind::Text(_) = node.kind {
            let text = self.text_of(node, path, element)?;
            return Some(NewContent::Bytes(text.value.into_bytes()));
        }
        let mut inner = self.object(node, path, element.cloned())?;
        let json = inner
            .take("json")
            .map(|(node, path)| NewContent::Bytes(json_bytes(&self.value(node, &path, element))));
        let file = self.file(&mut inner).map(NewContent::File);
        let bytes = self.base64(&mut inner).map(NewContent::Bytes);
        let is_told = ["json", "file", "base64"].iter().any(|name| inner.has(name));
        let mut all = [json, file, bytes].into_iter().flatten();
        let first = all.next();
        if all.next().is_some() || first.is_none() && !is_told {
            let place = inner.place.clone();
            let message = "this is not the content of one flowfile";
            self.mistake(element, Code::BadContent, &place, message, NEW);
        }
        self.close(inner);
        first
    }

    /// What the content must be.
    pub(super) fn content_checks(&mut self, members: &mut Members<'d>) -> Vec<ContentCheck> {
        let Some((node, path)) = members.take("content") else { return Vec::new() };
        let element = members.element.clone();
        self.content_checks_of(node, &path, element.as_ref())
    }

    pub(super) fn content_checks_of(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Vec<ContentCheck> {
        if let NodeKind::Text(_) = node.kind {
            let text = self.text_of(node, path, element);
            return text.map(is_text).into_iter().collect();
        }
        let Some(mut inner) = self.object(node, path, element.cloned()) else {
            return Vec::new();
        };
        let text = self.matcher(&mut inner, "text").map(ContentCheck::Text);
        let json = self.json_checks(&mut inner).map(ContentCheck::Json);
        let bytes = self.base64(&mut inner).map(ContentCheck::Bytes);
        let file = self.file(&mut inner).map(ContentCheck::File);
        let digest = self.sha256(&mut inner).map(ContentCheck::Sha256);
        let size = self.matcher(&mut inner, "size").map(ContentCheck::Size);
        self.close(inner);
        [text, json, bytes, file, digest, size].into_iter().flatten().collect()
    }

    /// Values at paths, or what the document must have within.
    fn json_checks(
        &mut self,
        members: &mut Members<'d>,
    ) -> Option<Vec<(Located<ValuePath>, Matcher)>> {
        let (node, path) = members.take("json")?;
        let element = members.element.clone();
        let has_paths = match &node.kind {
            NodeKind::Object(all) => {
                !all.is_empty() && all.iter().all(|member| member.name.starts_with('$'))
            }
            _ => false,
        };
        if !has_paths {
            let place = self.place(node, &path);
            let value = self.value(node, &path, element.as_ref());
            let check = match value {
                Value::Object(_) => Check::Contains(value),
                _ => Check::Equals(value),
            };
            let matcher = Matcher { place: place.clone(), checks: vec![check] };
            let root = ValuePath::parse("$").ok()?;
            return Some(vec![(Located::new(root, place), matcher)]);
        }
        let mut checks = Vec::new();
        for entry in self.entries_of(node, &path, element.as_ref()) {
            match ValuePath::parse(entry.name) {
                Ok(value_path) => {
                    let matcher = self.matcher_of(entry.node, &entry.path, element.as_ref());
                    let value_path = Located::new(value_path, entry.place);
                    checks.extend(matcher.map(|matcher| (value_path, matcher)));
                }
                Err(error) => {
                    let help = "write one such as \"$.mfccs[0]\"";
                    let (code, place) = (Code::BadMatcher, &entry.place);
                    self.mistake(element.as_ref(), code, place, error.to_string(), help);
                }
            }
        }
        Some(checks)
    }

    fn base64(&mut self, members: &mut Members<'d>) -> Option<Vec<u8>> {
        let text = self.text(members, "base64")?;
        let decoded = STANDARD.decode(text.value.as_bytes());
        if let Err(error) = &decoded {
            let element = members.element.clone();
            let message = format!("this is not base64: {error}").to_lowercase();
            let help = "write the bytes as \"base64 -w0 FILE\" does, or name the file";
            self.mistake(element.as_ref(), Code::BadContent, &text.place, message, help);
        }
        decoded.ok()
    }

    fn file(&mut self, members: &mut Members<'d>) -> Option<Located<String>> {
        let text = self.text(members, "file")?;
        if is_below(&text.value) {
            return Some(text);
        }
        let element = members.element.clone();
        let message = format!("\"{}\" does not lie below the folder of the tests", text.value);
        self.mistake(element.as_ref(), Code::BadContent, &text.place, message, FILE);
        None
    }

    fn sha256(&mut self, members: &mut Members<'d>) -> Option<String> {
        let text = self.text(members, "sha256")?;
        let digest = text.value.to_ascii_lowercase();
        if digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Some(digest);
        }
        let element: Option<Element> = members.element.clone();
        let message = format!("\"{}\" is not a SHA-256", text.value);
        let help = "write its 64 hexadecimal digits, as \"sha256sum FILE\" does";
        self.mistake(element.as_ref(), Code::BadContent, &text.place, message, help);
        None
    }

    /// `node` as JSON.
    pub(super) fn value(
        &mut self,
        node: &Node,
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Value {
        match &node.kind {
            NodeKind::Null => Value::Null,
            NodeKind::Boolean(value) => Value::Bool(*value),
            NodeKind::Text(text) => Value::String(text.to_string()),
            NodeKind::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| {
                let place = self.place(node, path);
                let message = format!("{number} is not a number of JSON");
                let help = "write it with decimal digits";
                self.mistake(element, Code::OutOfRange, &place, message, help);
                Value::Null
            }),
            NodeKind::Array(all) => {
                let all = all.iter().enumerate();
                all.map(|(index, node)| self.value(node, &path.index(index), element)).collect()
            }
            NodeKind::Object(all) => {
                let member = |member: &crate::document::Member| {
                    let path = path.member(&member.name);
                    (member.name.to_string(), self.value(&member.value, &path, element))
                };
                all.iter().map(member).collect()
            }
        }
    }
}

/// Whether a path leads from a folder to something in it, or in a folder in it.
fn is_below(path: &str) -> bool {
    !path.is_empty()
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// The content is that text.
pub(super) fn is_text(text: Located<String>) -> ContentCheck {
    let checks = vec![Check::Equals(text.value.into())];
    ContentCheck::Text(Matcher { place: text.place, checks })
}
