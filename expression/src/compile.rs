//! From what an expression says to the tree that is evaluated: conversions between types are put
//! in, constant arguments are compiled, and chains over many attributes get their reduction. What
//! NiFi refuses before it evaluates is refused here.

use std::collections::BTreeSet;

use crate::ast::{Argument, ArgumentKind, CallSyntax, Chain, Subject};
use crate::error::ParseError;
use crate::functions::{Accepts, FunctionKind, FunctionSpec};
use crate::java::regex::Regex;
use crate::java::text::is_blank;
use crate::lexer::Letter;
use crate::node::{Call, Many, ManyRef, ManySource, Node, NodeKind, Reduction};
use crate::parser::parse;
use crate::segment::{ranges, unescape_quoted, unescape_trailing};
use crate::value::ValueType;

/// Compiles the expressions of one text and gathers what they refer to.
#[derive(Default)]
pub(crate) struct Compiler {
    pub(crate) slots: usize,
    pub(crate) parameters: BTreeSet<String>,
    pub(crate) attributes: BTreeSet<String>,
    depth: usize,
}

impl Compiler {
    /// Compiles an expression that stands in text, outside of other expressions' arguments.
    pub(crate) fn root(&mut self, source: &[Letter]) -> Result<Node, ParseError> {
        let chain = parse(source, self.depth)?;
        self.depth += 1;
        let node = self.chain(&chain)?;
        self.depth -= 1;
        check_reduced(&node)?;
        Ok(node)
    }

    fn slot(&mut self) -> usize {
        self.slots += 1;
        self.slots - 1
    }

    fn chain(&mut self, chain: &Chain) -> Result<Node, ParseError> {
        let mut node = self.subject(chain)?;
        for call in &chain.calls {
            node = self.method(call, node)?;
        }
        reduce(node)
    }

    fn subject(&mut self, chain: &Chain) -> Result<Node, ParseError> {
        let at = chain.at;
        match &chain.subject {
            Subject::Attribute(name) => {
                let name = self.quoted(name, at)?;
                Ok(self.attribute(name, at))
            }
            Subject::Nested(inner) => {
                let name = self.chain(inner)?;
                if many(&name).is_some() && matches!(name.kind, NodeKind::Many(_)) {
                    return Ok(name);
                }
                let name = to_text(name)?;
                Ok(self.attribute(name, at))
            }
            Subject::Parameter(name) => Ok(self.parameter(name, at)),
            Subject::Function(call) if call.function.kind == FunctionKind::ManyAttributes => {
                self.many(call)
            }
            Subject::Function(call) => self.call(call, None),
        }
    }

    fn attribute(&mut self, name: Node, at: usize) -> Node {
        let kind = match name.kind {
            NodeKind::Text(name) => {
                self.attributes.insert(name.clone());
                NodeKind::Attribute(name)
            }
            _ => NodeKind::ComputedAttribute(Box::new(name)),
        };
        Node::new(kind, ValueType::Text, at)
    }

    fn parameter(&mut self, name: &str, at: usize) -> Node {
        self.parameters.insert(name.to_owned());
        Node::new(NodeKind::Parameter(name.to_owned()), ValueType::Text, at)
    }

    fn argument(&mut self, argument: &Argument) -> Result<Node, ParseError> {
        let at = argument.at;
        Ok(match &argument.kind {
            ArgumentKind::Text(text) => self.quoted(text, at)?,
            ArgumentKind::Whole(number) => {
                Node::new(NodeKind::Whole(*number), ValueType::WholeNumber, at)
            }
            ArgumentKind::Decimal(number) => {
                Node::new(NodeKind::Decimal(*number), ValueType::Decimal, at)
            }
            ArgumentKind::Boolean(value) => {
                Node::new(NodeKind::Boolean(*value), ValueType::Boolean, at)
            }
            ArgumentKind::Null => Node::new(NodeKind::Null, ValueType::Text, at),
            ArgumentKind::Parameter(name) => self.parameter(name, at),
            ArgumentKind::Chain(chain) => self.chain(chain)?,
        })
    }

    /// A quoted text, with the expressions in it.
    fn quoted(&mut self, text: &[Letter], at: usize) -> Result<Node, ParseError> {
        let literal = |text: &[Letter]| {
            Node::new(NodeKind::Text(read_backslashes(text)), ValueType::Text, at)
        };
        let found = if text.len() < 2 { Vec::new() } else { ranges(text, false) };
        let mut parts = Vec::new();
        let mut last = 0;
        if found.is_empty() {
            let escaped = if text.len() < 2 { Vec::new() } else { ranges(text, true) };
            for range in escaped {
                if range.start > last {
                    parts.push(literal(slice(text, last, range.start)));
                }
                parts.push(literal(&unescape_quoted(slice(text, range.start, range.end))));
                last = range.end;
            }
        }
        for range in found {
            let node = self.root(slice(text, range.start, range.end))?;
            if range.start > last {
                let mut before = slice(text, last, range.start).to_vec();
                if is_attribute(&node) {
                    unescape_trailing(&mut before, true);
                }
                parts.push(self.quoted(&before, at)?);
            }
            parts.push(to_text(node)?);
            last = range.end;
        }
        if parts.is_empty() {
            return Ok(literal(text));
        }
        if last < text.len() {
            parts.push(self.quoted(slice(text, last, text.len()), at)?);
        }
        if parts.iter().all(|part| matches!(part.kind, NodeKind::Text(_))) {
            let whole = parts.iter().map(|part| match &part.kind {
                NodeKind::Text(text) => text.as_str(),
                _ => "",
            });
            return Ok(Node::new(NodeKind::Text(whole.collect()), ValueType::Text, at));
        }
        match (parts.len(), parts.pop()) {
            (1, Some(only)) => Ok(only),
            (_, last) => {
                parts.extend(last);
                Ok(Node::new(NodeKind::Concatenation(parts), ValueType::Text, at))
            }
        }
    }

    fn method(&mut self, call: &CallSyntax, subject: Node) -> Result<Node, ParseError> {
        self.call(call, Some(subject))
    }

    fn call(&mut self, call: &CallSyntax, subject: Option<Node>) -> Result<Node, ParseError> {
        let function = call.function;
        let mut arguments = Vec::new();
        for argument in &call.arguments {
            arguments.push(self.argument(argument)?);
        }
        let (function, subject, arguments) = choose(function, subject, arguments);
        let subject = match subject {
            Some(subject) => Some(convert(subject, function.subject, function.name)?),
            None => None,
        };
        let arguments = arguments
            .into_iter()
            .enumerate()
            .map(|(index, argument)| convert(argument, function.accepts(index), function.name))
            .collect::<Result<Vec<_>, _>>()?;
        let prepared = (function.prepare)(&arguments).map_err(|failure| {
            ParseError::new(failure.position.unwrap_or(call.at), failure.message)
        })?;
        // Only few functions remember anything between their calls in one evaluation.
        let remembers = matches!(function.name, "and" | "or" | "join" | "count");
        let slot = if remembers { self.slot() } else { usize::MAX };
        let call_node = Call { function, subject, arguments, prepared, slot };
        Ok(Node::new(NodeKind::Call(Box::new(call_node)), function.returns, call.at))
    }

    fn many(&mut self, call: &CallSyntax) -> Result<Node, ParseError> {
        let slot = self.slot();
        let name = call.function.name;
        let source = if name.contains("Delineated") {
            let mut arguments = call.arguments.iter();
            let (Some(text), Some(delimiter)) = (arguments.next(), arguments.next()) else {
                return Err(ParseError::new(
                    call.at,
                    format!("'{name}' needs a text and a delimiter"),
                ));
            };
            let text = to_text(self.argument(text)?)?;
            let delimiter = to_text(self.argument(delimiter)?)?;
            ManySource::Delineated { text, delimiter }
        } else {
            let names = self.attribute_names(call)?;
            if name.contains("Matching") {
                let mut patterns = Vec::new();
                for pattern in names {
                    let compiled = Regex::matches(&pattern);
                    patterns.push(
                        compiled.map_err(|failure| ParseError::new(call.at, failure.message))?,
                    );
                }
                ManySource::Matching(patterns)
            } else {
                if let Some(blank) = names.iter().find(|name| is_blank(name)) {
                    let message = format!("'{blank}' is no name of an attribute");
                    return Err(ParseError::new(call.at, message));
                }
                self.attributes.extend(names.iter().cloned());
                ManySource::Named(names)
            }
        };
        let many = Many { source, is_any: name.starts_with("any"), slot };
        Ok(Node::new(NodeKind::Many(Box::new(many)), ValueType::Text, call.at))
    }

    /// The names that a function over many attributes is given; they must be constant.
    fn attribute_names(&mut self, call: &CallSyntax) -> Result<Vec<String>, ParseError> {
        let mut names = Vec::new();
        for argument in &call.arguments {
            let computed = || {
                ParseError::new(argument.at, "the names of attributes must be constant here")
                    .with_help("write them as texts without expressions in them")
            };
            let ArgumentKind::Text(text) = &argument.kind else { return Err(computed()) };
            match self.quoted(text, argument.at)?.kind {
                NodeKind::Text(name) => names.push(name),
                _ => return Err(computed()),
            }
        }
        Ok(names)
    }
}

/// Puts the reduction on a chain over many values.
fn reduce(node: Node) -> Result<Node, ParseError> {
    let Some((many, is_any)) = many(&node) else { return Ok(node) };
    let at = node.at;
    let is_boolean = node.value_type == ValueType::Boolean && is_call(&node);
    let reduction = match (is_any, is_boolean, is_reducing(&node)) {
        (true, true, _) => Reduction::Any,
        (false, true, _) => Reduction::All,
        (false, false, true) => Reduction::Last,
        (is_any, ..) => {
            let help = if is_any { "a comparison" } else { "'join', 'count' or a comparison" };
            return Err(ParseError::new(at, "many values do not become one")
                .with_help(format!("end the expression with {help}")));
        }
    };
    let value_type = node.value_type;
    let kind = NodeKind::Every { logic: Box::new(node), many, reduction };
    Ok(Node::new(kind, value_type, at))
}

fn slice(text: &[Letter], start: usize, end: usize) -> &[Letter] {
    text.get(start..end).unwrap_or_default()
}

/// The second reading of backslashes, in which `\\` becomes one.
fn read_backslashes(text: &[Letter]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for letter in text {
        match (escaped, letter.c) {
            (false, '\\') => {
                escaped = true;
                continue;
            }
            (false, c) => out.push(c),
            (true, 'n') => out.push('\n'),
            (true, 'r') => out.push('\r'),
            (true, '\\') => out.push('\\'),
            (true, c) => out.extend(['\\', c]),
        }
        escaped = false;
    }
    out
}

fn is_attribute(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Attribute(_) | NodeKind::ComputedAttribute(_))
}

fn is_call(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Call(_))
}

/// `join` and `count` gather the values of a chain.
fn is_reducing(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Call(call) if matches!(call.function.name, "join" | "count"))
}

fn subject_of(node: &Node) -> Option<&Node> {
    match &node.kind {
        NodeKind::Call(call) => match call.function.name {
            "getStateValue" => call.arguments.first(),
            _ => call.subject.as_ref(),
        },
        NodeKind::Cast(inner) => Some(inner),
        NodeKind::Concatenation(parts) => parts.first(),
        _ => None,
    }
}

/// The many values at the root of a chain, and whether one of them is enough.
fn many(node: &Node) -> Option<(ManyRef, bool)> {
    let mut root = node;
    while let Some(subject) = subject_of(root) {
        root = subject;
    }
    match &root.kind {
        NodeKind::Many(many) => Some((ManyRef { slot: many.slot }, many.is_any)),
        _ => None,
    }
}

/// A chain must not go on after it has gathered its values.
fn check_reduced(node: &Node) -> Result<(), ParseError> {
    let logic = match &node.kind {
        NodeKind::Every { logic, reduction: Reduction::Any | Reduction::All, .. } => logic,
        NodeKind::Every { .. } => return Ok(()),
        _ => node,
    };
    let mut subject = subject_of(logic);
    while let Some(inner) = subject {
        if is_reducing(inner) {
            return Err(ParseError::new(node.at, "a function is called on gathered values")
                .with_help("put the expression that gathers into literal(${...})"));
        }
        subject = subject_of(inner);
    }
    Ok(())
}

/// NiFi has one name for functions that differ by what they are called on.
fn choose(
    function: &'static FunctionSpec,
    subject: Option<Node>,
    mut arguments: Vec<Node>,
) -> (&'static FunctionSpec, Option<Node>, Vec<Node>) {
    let is_text = subject.as_ref().is_some_and(|subject| subject.value_type == ValueType::Text);
    if let Some(other) = function.on_numbers
        && (arguments.is_empty() || !is_text)
    {
        arguments.clear();
        return (other, subject, arguments);
    }
    (function, subject, arguments)
}

fn to_text(node: Node) -> Result<Node, ParseError> {
    if node.value_type == ValueType::Text {
        return match node.kind {
            // NiFi cannot use joined values but as a whole expression or in literal().
            NodeKind::Every { .. } => Err(ParseError::new(
                node.at,
                "joined values cannot be used inside of another expression",
            )
            .with_help("put the expression that joins into literal(${...})")),
            _ => Ok(node),
        };
    }
    Ok(cast(node, ValueType::Text))
}

fn cast(node: Node, to: ValueType) -> Node {
    let at = node.at;
    Node::new(NodeKind::Cast(Box::new(node)), to, at)
}

/// Puts in the conversion that a function needs, or refuses.
fn convert(node: Node, accepts: Accepts, function: &str) -> Result<Node, ParseError> {
    use ValueType::{Boolean, Date, Decimal, Instant, Number, Text, WholeNumber};
    let from = node.value_type;
    let refuse = |what: &str| {
        Err(ParseError::new(node.at, format!("'{function}' takes {what}, not a {}", from.name())))
    };
    match accepts {
        Accepts::Text => to_text(node),
        Accepts::Boolean => match from {
            Boolean => Ok(node),
            Text => to_text(node).map(|node| cast(node, Boolean)),
            _ => refuse("a boolean"),
        },
        Accepts::Whole if from == WholeNumber => Ok(node),
        Accepts::Whole if from != Boolean => Ok(cast(node, WholeNumber)),
        Accepts::Number if from == Number => Ok(node),
        Accepts::Number if from != Boolean => Ok(cast(node, Number)),
        Accepts::Decimal if from == Decimal => Ok(node),
        Accepts::Decimal if !matches!(from, Boolean | Instant) => Ok(cast(node, Decimal)),
        Accepts::Whole | Accepts::Number | Accepts::Decimal => refuse("a number"),
        Accepts::Date if from == Date => Ok(node),
        Accepts::Date if from != Boolean => Ok(cast(node, Date)),
        Accepts::Date => refuse("a date"),
        Accepts::Instant if from == Instant => Ok(node),
        Accepts::Instant if from != Boolean => Ok(cast(node, Instant)),
        Accepts::Instant | Accepts::OnlyInstant if from != Instant => refuse("an instant"),
        Accepts::JsonValue if matches!(from, Date | Instant) => refuse("a value of JSON"),
        Accepts::JsonValue if matches!(node.kind, NodeKind::Every { .. }) && from != Boolean => {
            refuse("a value of JSON")
        }
        Accepts::Anything | Accepts::Instant | Accepts::OnlyInstant | Accepts::JsonValue => {
            Ok(node)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::letters;

    #[test]
    fn quoted_texts_of_constants_are_one_constant() {
        let mut compiler = Compiler::default();
        let node = compiler.quoted(&letters("a$${b}c"), 0).unwrap();
        assert!(matches!(node.kind, NodeKind::Text(text) if text == "a${b}c"));
    }

    #[test]
    fn backslashes_are_read_a_second_time() {
        assert_eq!(read_backslashes(&letters(r"a\\d\d\n")), "a\\d\\d\n");
    }
}
