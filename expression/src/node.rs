//! The tree that is evaluated: every node knows its type, constants are compiled, attribute names
//! are settled. Evaluation borrows from the tree and the context and copies only what changes.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::context::Context;
use crate::error::Failure;
use crate::functions::{FunctionSpec, Prepared, TEXT_BYTES_MAX, too_long};
use crate::java::date::Instant;
use crate::java::number::Number;
use crate::java::regex::Regex;
use crate::java::text::trim;
use crate::value::{Value, ValueType};

/// Bytes of all texts together that one evaluation may go through: functions may be many, and each
/// makes a text as long as the one before it.
const WORK_BYTES_MAX: usize = 64 << 20;
/// How deep evaluated texts (`evaluateELString`) may evaluate others.
const EVALUATED_DEPTH_MAX: usize = 16;

/// One node of the tree.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) value_type: ValueType,
    /// Where it stands in the source text, in characters.
    pub(crate) at: usize,
}

#[derive(Debug)]
pub(crate) enum NodeKind {
    Text(String),
    Null,
    Whole(i64),
    Decimal(f64),
    Boolean(bool),
    Attribute(String),
    /// An attribute whose name is computed.
    ComputedAttribute(Box<Node>),
    Parameter(String),
    /// A quoted text with expressions in it.
    Concatenation(Vec<Node>),
    /// The inner value as a value of the node's type.
    Cast(Box<Node>),
    Call(Box<Call>),
    Many(Box<Many>),
    /// A chain that is evaluated for each of many attributes.
    Every {
        logic: Box<Node>,
        many: ManyRef,
        reduction: Reduction,
    },
}

/// A function with its subject and arguments.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) function: &'static FunctionSpec,
    pub(crate) subject: Option<Node>,
    pub(crate) arguments: Vec<Node>,
    pub(crate) prepared: Prepared,
    /// Where the function keeps what it remembers during one evaluation.
    pub(crate) slot: usize,
}

/// The subject of a chain over many values: each evaluation gives the next of them.
#[derive(Debug)]
pub(crate) struct Many {
    pub(crate) source: ManySource,
    /// Whether one of the values is enough (`any...`), or all of them count (`all...`).
    pub(crate) is_any: bool,
    pub(crate) slot: usize,
}

#[derive(Debug)]
pub(crate) enum ManySource {
    Named(Vec<String>),
    Matching(Vec<Regex>),
    Delineated { text: Node, delimiter: Node },
}

/// Which many values a chain runs over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ManyRef {
    pub(crate) slot: usize,
}

/// How the values of a chain over many become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reduction {
    /// True where one is.
    Any,
    /// True where all are.
    All,
    /// The last value: the function at the end of the chain has gathered the others.
    Last,
}

/// What a node remembers during one evaluation.
#[derive(Debug)]
pub(crate) enum State {
    Values { values: Vec<Option<String>>, next: usize, remaining: usize },
    Count(i64),
    Joined { text: String, count: usize },
    Decided(Option<bool>),
}

/// One evaluation: what it may see and what it remembers.
pub(crate) struct Frame<'a> {
    pub(crate) context: &'a dyn Context,
    has_parameters: bool,
    depth: usize,
    /// Bytes that it went through, with those that it is a part of.
    spent: Rc<Cell<usize>>,
    states: RefCell<Vec<Option<State>>>,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(context: &'a dyn Context, slots: usize) -> Self {
        let states = RefCell::new((0..slots).map(|_| None).collect());
        Self { context, has_parameters: true, depth: 0, spent: Rc::default(), states }
    }

    pub(crate) fn nested(&self, slots: usize) -> Result<Self, Failure> {
        if self.depth == EVALUATED_DEPTH_MAX {
            return Err("evaluated texts evaluate each other too deep".into());
        }
        let inner = Self::new(self.context, slots);
        let spent = Rc::clone(&self.spent);
        Ok(Self { has_parameters: false, depth: self.depth + 1, spent, ..inner })
    }

    /// Counts a text that it went through.
    fn spend(&self, bytes: usize) -> Result<(), Failure> {
        self.spent.set(self.spent.get().saturating_add(bytes));
        if self.spent.get() > WORK_BYTES_MAX {
            return Err(format!(
                "it goes through more than {WORK_BYTES_MAX} bytes of text: take fewer functions, \
                 or shorter texts"
            )
            .into());
        }
        Ok(())
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<Cow<'a, str>> {
        if self.has_parameters { self.context.parameter(name) } else { None }
    }

    /// Lets `change` see and change what the node with this slot remembers.
    pub(crate) fn with_state<T>(
        &self,
        slot: usize,
        change: impl FnOnce(&mut Option<State>) -> T,
    ) -> T {
        match self.states.borrow_mut().get_mut(slot) {
            Some(state) => change(state),
            None => change(&mut None),
        }
    }
}

impl Node {
    pub(crate) fn new(kind: NodeKind, value_type: ValueType, at: usize) -> Self {
        Self { kind, value_type, at }
    }

    /// The value of the node.
    pub(crate) fn evaluate<'a>(&'a self, frame: &Frame<'a>) -> Result<Value<'a>, Failure> {
        let value = self.value(frame).and_then(|value| match &value {
            Value::Text(text) => frame.spend(text.len()).map(|()| value),
            _ => Ok(value),
        });
        value.map_err(|failure| failure.at(self.at))
    }

    fn value<'a>(&'a self, frame: &Frame<'a>) -> Result<Value<'a>, Failure> {
        Ok(match &self.kind {
            NodeKind::Text(text) => Value::Text(Cow::Borrowed(text)),
            NodeKind::Null => Value::Null,
            NodeKind::Whole(number) => Value::Whole(*number),
            NodeKind::Decimal(number) => Value::Decimal(*number),
            NodeKind::Boolean(value) => Value::Boolean(*value),
            NodeKind::Attribute(name) => attribute(frame, name)?,
            NodeKind::ComputedAttribute(name) => match name.evaluate(frame)?.into_text() {
                Some(name) => attribute(frame, &name)?,
                None => Value::Null,
            },
            NodeKind::Parameter(name) => frame.parameter(name).into(),
            NodeKind::Concatenation(parts) => {
                let mut out = String::new();
                for part in parts {
                    if let Some(text) = part.evaluate(frame)?.into_text() {
                        out.push_str(&text);
                    }
                    if out.len() > TEXT_BYTES_MAX {
                        return Err(too_long());
                    }
                }
                out.into()
            }
            NodeKind::Cast(inner) => cast(inner.evaluate(frame)?, self.value_type)?,
            NodeKind::Call(call) => {
                let value = (call.function.evaluate)(call, frame)?;
                match &value {
                    Value::Text(text) if text.len() > TEXT_BYTES_MAX => return Err(too_long()),
                    _ => value,
                }
            }
            NodeKind::Many(many) => many.next(frame)?,
            NodeKind::Every { logic, many, reduction } => every(logic, *many, *reduction, frame)?,
        })
    }
}

/// An attribute's value. A name of nothing but spaces is a mistake, as in NiFi.
fn attribute<'a>(frame: &Frame<'a>, name: &str) -> Result<Value<'a>, Failure> {
    match frame.context.attribute(name) {
        Some(value) => Ok(Value::Text(value)),
        None if trim(name).is_empty() => Err("the name of the attribute is empty".into()),
        None => Ok(Value::Null),
    }
}

fn cast(value: Value<'_>, to: ValueType) -> Result<Value<'_>, Failure> {
    Ok(match to {
        ValueType::Text => value.into_text().into(),
        ValueType::Boolean => value.into_boolean().map_or(Value::Null, Value::Boolean),
        ValueType::WholeNumber => value.into_whole()?.map_or(Value::Null, Value::Whole),
        ValueType::Decimal => value.into_decimal()?.map_or(Value::Null, Value::Decimal),
        ValueType::Number => value.into_number()?.map_or(Value::Null, Value::from),
        ValueType::Date => value.into_date()?.map_or(Value::Null, Value::Date),
        ValueType::Instant => value.into_instant()?.map_or(Value::Null, Value::Instant),
    })
}

fn every<'a>(
    logic: &'a Node,
    many: ManyRef,
    reduction: Reduction,
    frame: &Frame<'a>,
) -> Result<Value<'a>, Failure> {
    let mut value = logic.evaluate(frame)?;
    let decided = |value: &Value<'_>| match (reduction, value) {
        (Reduction::Any, Value::Boolean(true)) => Some(true),
        (Reduction::All, Value::Boolean(false)) => Some(false),
        _ => None,
    };
    if reduction != Reduction::Last && matches!(value, Value::Null) {
        return Ok(Value::Boolean(false));
    }
    loop {
        if let Some(decided) = decided(&value) {
            return Ok(Value::Boolean(decided));
        }
        if many.remaining(frame) == 0 {
            break;
        }
        value = logic.evaluate(frame)?;
    }
    Ok(match reduction {
        Reduction::Any => Value::Boolean(false),
        Reduction::All => Value::Boolean(true),
        Reduction::Last => value,
    })
}

impl ManyRef {
    fn remaining(self, frame: &Frame<'_>) -> usize {
        frame.with_state(self.slot, |state| match state {
            Some(State::Values { remaining, .. }) => *remaining,
            _ => 0,
        })
    }
}

impl Many {
    /// The next of the values; null behind the last.
    fn next<'a>(&'a self, frame: &Frame<'a>) -> Result<Value<'a>, Failure> {
        let is_first = frame.with_state(self.slot, |state| state.is_none());
        if is_first {
            let values = self.values(frame)?;
            let next = State::Values { remaining: values.len(), values, next: 0 };
            frame.with_state(self.slot, |state| *state = Some(next));
        }
        let is_delineated = matches!(self.source, ManySource::Delineated { .. });
        frame.with_state(self.slot, |state| {
            let Some(State::Values { values, next, remaining }) = state else {
                return Ok(Value::Null);
            };
            let Some(value) = values.get_mut(*next) else {
                *remaining = 0;
                return if is_delineated && !values.is_empty() {
                    Err("the values of the list are used up".into())
                } else {
                    Ok(Value::Null)
                };
            };
            *next += 1;
            *remaining = remaining.saturating_sub(1);
            Ok(value.take().map_or(Value::Null, Value::from))
        })
    }

    fn values(&self, frame: &Frame<'_>) -> Result<Vec<Option<String>>, Failure> {
        let read = |name: &str| frame.context.attribute(name).map(Cow::into_owned);
        match &self.source {
            ManySource::Named(names) => Ok(names.iter().map(|name| read(name)).collect()),
            ManySource::Matching(patterns) => {
                let names = frame.context.attribute_names();
                let mut values = Vec::new();
                for pattern in patterns {
                    for name in &names {
                        if pattern.is_match(name)? {
                            values.push(read(name));
                        }
                    }
                }
                Ok(values)
            }
            ManySource::Delineated { text, delimiter } => {
                let Some(text) = text.evaluate(frame)?.into_text() else { return Ok(Vec::new()) };
                let Some(delimiter) = delimiter.evaluate(frame)?.into_text() else {
                    return Ok(Vec::new());
                };
                let parts = Regex::find(&delimiter)?.split(&text)?;
                Ok(parts.into_iter().map(|part| Some(part.to_owned())).collect())
            }
        }
    }
}

impl Call {
    /// The subject's value.
    pub(crate) fn subject<'a>(&'a self, frame: &Frame<'a>) -> Result<Value<'a>, Failure> {
        match &self.subject {
            Some(subject) => subject.evaluate(frame),
            None => Ok(Value::Null),
        }
    }

    /// The subject's value as text, `None` for null.
    pub(crate) fn subject_text<'a>(
        &'a self,
        frame: &Frame<'a>,
    ) -> Result<Option<Cow<'a, str>>, Failure> {
        self.subject(frame).map(Value::into_text)
    }

    /// An argument's value; null where there is none.
    pub(crate) fn argument<'a>(
        &'a self,
        index: usize,
        frame: &Frame<'a>,
    ) -> Result<Value<'a>, Failure> {
        match self.arguments.get(index) {
            Some(argument) => argument.evaluate(frame),
            None => Ok(Value::Null),
        }
    }

    /// An argument's value as text, `None` for null.
    pub(crate) fn text<'a>(
        &'a self,
        index: usize,
        frame: &Frame<'a>,
    ) -> Result<Option<Cow<'a, str>>, Failure> {
        self.argument(index, frame).map(Value::into_text)
    }

    /// An argument's value as text; a failure for null.
    pub(crate) fn required_text<'a>(
        &'a self,
        index: usize,
        frame: &Frame<'a>,
    ) -> Result<Cow<'a, str>, Failure> {
        self.text(index, frame)?.ok_or_else(|| self.missing(index))
    }

    /// An argument's value as a whole number, `None` for null.
    pub(crate) fn whole<'a>(
        &'a self,
        index: usize,
        frame: &Frame<'a>,
    ) -> Result<Option<i64>, Failure> {
        self.argument(index, frame)?.into_whole()
    }

    /// An argument's value as a whole number; a failure for null.
    pub(crate) fn required_whole<'a>(
        &'a self,
        index: usize,
        frame: &Frame<'a>,
    ) -> Result<i64, Failure> {
        self.whole(index, frame)?.ok_or_else(|| self.missing(index))
    }

    /// An argument's value as a number, `None` for null.
    pub(crate) fn number<'a>(
        &'a self,
        index: usize,
        frame: &Frame<'a>,
    ) -> Result<Option<Number>, Failure> {
        self.argument(index, frame)?.into_number()
    }

    /// The subject as an instant, `None` for null.
    pub(crate) fn subject_instant<'a>(
        &'a self,
        frame: &Frame<'a>,
    ) -> Result<Option<Instant>, Failure> {
        self.subject(frame)?.into_instant()
    }

    fn missing(&self, index: usize) -> Failure {
        let name = self.function.arguments.get(index).map_or("argument", |spec| spec.name);
        format!("the {name} of '{}' has no value", self.function.name).into()
    }
}
