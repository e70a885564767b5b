//! Objects: which members they have, and which they should not have.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::codes::Code;
use crate::definition::{FORMAT_VERSION, Named};
use crate::diagnostic::{self, Diagnostic, Element, ElementKind};
use crate::document::{Member, Node, NodeKind};
use crate::text::{JsonPath, Located, Place};

use super::foreign::{self, Foreign};
use super::{Reading, element, names};

/// Members that hold, or have within them, what may be a secret.
const MAY_HOLD_SECRETS: [&str; 7] =
    ["groups", "parameterContexts", "parameters", "processors", "properties", "services", "value"];

/// What kind of value a place takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Object,
    /// An object of things by their names.
    Named,
    List,
    Text,
    Number,
    Boolean,
    /// The number of the format.
    Format,
}

impl Expected {
    fn name(self) -> Cow<'static, str> {
        match self {
            Self::Object => "an object, { … }".into(),
            Self::Named => "an object of names, { \"NAME\": { … } }".into(),
            Self::List => "a list, [ … ]".into(),
            Self::Text => "a text, in quotes".into(),
            Self::Number => "a number, without quotes".into(),
            Self::Boolean => "true or false, without quotes".into(),
            Self::Format => format!("the number {FORMAT_VERSION}").into(),
        }
    }

    /// What makes `node` right, where it is plain what was meant.
    fn help(self, node: &Node) -> Option<String> {
        let help = match (self, &node.kind) {
            (_, NodeKind::Null) => "leave it out where it has no value",
            (Self::Named, NodeKind::Array(_)) => {
                "each has its name before it, and needs no \"name\" in it"
            }
            (Self::List, NodeKind::Text(_)) => "put it into brackets, also when it is the only one",
            (Self::List, NodeKind::Object(_)) => "write [ … ] for { … }",
            (Self::Text, NodeKind::Number(_) | NodeKind::Boolean(_)) => "put it into quotes",
            (Self::Number, NodeKind::Text(text)) if text.parse::<u64>().is_ok() => {
                "remove the quotes"
            }
            (Self::Boolean, NodeKind::Text(text)) if matches!(&**text, "true" | "false") => {
                "remove the quotes"
            }
            _ => return None,
        };
        Some(help.to_owned())
    }
}

/// The members of one object that are still to be read.
pub(super) struct Members<'d> {
    /// Where the object begins.
    pub(super) place: Place,
    /// What it describes.
    pub(super) element: Option<Element>,
    path: JsonPath,
    left: Vec<&'d Member>,
    taken: HashSet<&'static str>,
    known: Vec<&'static str>,
}

impl<'d> Members<'d> {
    /// The value of `name`, which is then known and read.
    pub(super) fn take(&mut self, name: &'static str) -> Option<(&'d Node, JsonPath)> {
        self.known.push(name);
        let index = self.left.iter().position(|member| *member.name == *name)?;
        let member = self.left.remove(index);
        self.taken.insert(name);
        Some((&member.value, self.path.member(name)))
    }

    /// What nobody has asked for yet.
    pub(super) fn left(&self) -> &[&'d Member] {
        &self.left
    }

    /// Whether there was a member of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }
}

impl<'d> Reading<'d> {
    /// The members of the object `node`.
    pub(super) fn object(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<Element>,
    ) -> Option<Members<'d>> {
        self.members(node, path, element, Expected::Object)
    }

    pub(super) fn members(
        &mut self,
        node: &'d Node,
        path: &JsonPath,
        element: Option<Element>,
        expected: Expected,
    ) -> Option<Members<'d>> {
        let NodeKind::Object(all) = &node.kind else {
            self.wrong_type(node, path, expected, element.as_ref());
            return None;
        };
        let left = self.without_duplicates(all, path, element.as_ref());
        // Only the bracket: what is meant is the object, and a caret under all of its first line
        // says no more.
        let place = self.source.place(node.range.start..node.range.start + 1, path.clone());
        Some(Members {
            place,
            element,
            path: path.clone(),
            left,
            taken: HashSet::new(),
            known: Vec::new(),
        })
    }

    /// The first member of each name.
    fn without_duplicates(
        &mut self,
        all: &'d [Member],
        path: &JsonPath,
        element: Option<&Element>,
    ) -> Vec<&'d Member> {
        let mut seen = HashSet::new();
        let (first, again): (Vec<&Member>, Vec<&Member>) =
            all.iter().partition(|member| seen.insert(&*member.name));
        for member in again {
            self.hide(&member.value);
            let place = self.source.place(member.name_range.clone(), path.member(&member.name));
            let message = format!("\"{}\" stands here a second time", member.name);
            let diagnostic = Diagnostic::new(Code::DuplicateMember, &place, message)
                .with_help("give it another name, or remove one of the two");
            self.say(element, diagnostic);
        }
        first
    }

    /// Notes the members that nobody asked for.
    pub(super) fn close(&mut self, members: Members<'d>) {
        let Members { element, path: own, left, taken, known, .. } = members;
        for member in left {
            let path = own.member(&member.name);
            let place = self.source.place(member.name_range.clone(), path);
            let message = format!("nothing here is called \"{}\"", member.name);
            let foreign = foreign::meant(&member.name, &known);
            let near = foreign
                .is_none()
                .then(|| self.report.nearest(&member.name, known.iter().copied()))
                .flatten();
            let help = match (&foreign, near) {
                (Some(Foreign { help, .. }), _) => help.clone(),
                (None, Some(near)) if taken.contains(near) => {
                    format!("\"{near}\" is here already: remove one of the two")
                }
                (None, Some(near)) => format!("did you mean \"{near}\"?"),
                (None, None) => what_there_is(&known),
            };
            // What is known to hold no secret may be seen.
            let meant = foreign.map(|foreign| foreign.name).or(near);
            let may_be_seen = meant.is_some_and(|meant| {
                // A text is not what says that another is sensitive.
                let is_value =
                    meant == "sensitive" && matches!(member.value.kind, NodeKind::Text(_));
                !MAY_HOLD_SECRETS.contains(&meant) && !is_value
            });
            let is_nested = matches!(member.value.kind, NodeKind::Object(_) | NodeKind::Array(_));
            if is_nested || !may_be_seen {
                self.hide(&member.value);
            }
            let diagnostic = Diagnostic::new(Code::UnknownMember, &place, message).with_help(help);
            self.say(element.as_ref(), diagnostic);
        }
    }

    /// Keeps `node` out of all messages: nobody knows what it means, and it may be a secret.
    pub(super) fn hide(&mut self, node: &Node) {
        if matches!(node.kind, NodeKind::Null | NodeKind::Boolean(_)) {
            return;
        }
        let place = self.place(node, &JsonPath::root());
        self.report.hide(&place);
    }

    /// Notes that `name` must be there.
    pub(super) fn missing(&mut self, members: &Members<'d>, name: &str, help: &str) {
        let is = if members.has(name) { "empty" } else { "missing" };
        let message = format!("\"{name}\" is {is}");
        let diagnostic =
            Diagnostic::new(Code::MissingMember, &members.place, message).with_help(help);
        self.say(members.element.as_ref(), diagnostic);
    }

    /// Notes that `node` should be something else.
    pub(super) fn wrong_type(
        &mut self,
        node: &Node,
        path: &JsonPath,
        expected: Expected,
        element: Option<&Element>,
    ) {
        let found = match node.kind {
            NodeKind::Null => "null",
            NodeKind::Boolean(_) => "true or false",
            NodeKind::Number(_) => "a number",
            NodeKind::Text(_) => "a text",
            NodeKind::Array(_) => "a list",
            NodeKind::Object(_) => "an object",
        };
        if matches!(expected, Expected::Object | Expected::Named) {
            // Where things are expected by their names, secrets may be among them.
            self.hide(node);
        }
        let place = self.place(node, path);
        let message = format!("this is {found} and should be {}", expected.name());
        let diagnostic = Diagnostic::new(Code::WrongType, &place, message);
        self.say(element, diagnostic.with_maybe_help(expected.help(node)));
    }

    /// The things in the object `name`, by their names; `read` is given each with its place and
    /// its path of names.
    pub(super) fn named<T>(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
        kind: ElementKind,
        parent: &str,
        mut read: impl FnMut(&mut Self, &mut Members<'d>, &str) -> T,
    ) -> Named<T> {
        let mut all = Named::new();
        let Some((node, path)) = members.take(name) else { return all };
        let owner = members.element.clone();
        let Some(things) = self.members(node, &path, owner, Expected::Named) else {
            return all;
        };
        for member in things.left {
            let member_path = path.member(&member.name);
            let place = self.source.place(member.name_range.clone(), member_path.clone());
            let full = join(kind, parent, &member.name);
            let element = element(kind, &full);
            self.check_name(kind, &member.name, &place, &element);
            if !self.count_component(&place) {
                break;
            }
            let Some(mut inner) = self.object(&member.value, &member_path, Some(element)) else {
                continue;
            };
            inner.place = place.clone();
            let thing = read(self, &mut inner, &full);
            self.close(inner);
            all.insert(member.name.to_string(), Located::new(thing, place));
        }
        all
    }

    pub(super) fn check_name(
        &mut self,
        kind: ElementKind,
        name: &str,
        place: &Place,
        element: &Element,
    ) {
        let checked = match kind {
            ElementKind::Parameter => names::check_parameter_name(name),
            _ => names::check_name(name),
        };
        if let Err((message, help)) = checked {
            let diagnostic = Diagnostic::new(Code::BadName, place, message).with_help(help);
            self.say(Some(element), diagnostic);
        }
    }
}

/// What can stand in an object whose `known` members are these.
fn what_there_is(known: &[&str]) -> String {
    let quoted: Vec<String> = known.iter().map(|name| format!("\"{name}\"")).collect();
    let there_is = match quoted.as_slice() {
        [only] => format!("there is only {only}"),
        several => format!("there are {}", several.join(", ")),
    };
    if known.contains(&"properties") {
        return format!("what its type is to be told belongs into \"properties\"; {there_is}");
    }
    there_is
}

/// The path of names of `name` in `parent`.
pub(super) fn join(kind: ElementKind, parent: &str, name: &str) -> String {
    match kind {
        ElementKind::Parameter => format!("{parent}:{name}"),
        _ => diagnostic::join(parent, name),
    }
}
