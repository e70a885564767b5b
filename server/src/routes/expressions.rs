//! `/api/v1/flows/{flow}/expressions`, `/api/v1/expression-functions`: expressions are tried, and
//! what they may be made of is listed.
//!
//! A value that nobody may see is not seen through an expression either.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tutti_expression::{Expression, FunctionKind, FunctionSpec, MapContext, ParseError, functions};
use tutti_model::parameter::Parameters;
use tutti_runtime::Machine;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, no_values};
use crate::answer::json;
use crate::clock;
use crate::extract::Body;
use crate::filter::BYTES_MAX;
use crate::problem::{Code, Problem};

/// Bytes of the attributes that something is tried on, names and values.
pub(super) const ATTRIBUTES_BYTES_MAX: usize = 1 << 20;
/// Bytes of a value that are shown.
const VALUE_BYTES_MAX: usize = 256 << 10;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(evaluate)).routes(routes!(list))
}

/// An expression that is tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ExpressionTrial)]
struct Trial {
    /// The expression, as a property has it.
    expression: String,
    /// What it is tried on.
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    /// The path of the group whose parameters count; that of the flow without one.
    #[serde(default)]
    group: String,
}

/// What an expression gives.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ExpressionOutcome)]
#[serde(tag = "result", rename_all = "camelCase")]
enum Outcome {
    /// It gives a value.
    Value {
        /// The value, as text.
        value: String,
        /// What its author hardly meant.
        #[serde(skip_serializing_if = "Option::is_none")]
        doubt: Option<Wrong>,
    },
    /// It gives none.
    Error(Wrong),
}

/// Characters of the expression from `start` to before `end` are what is wrong.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ExpressionFault)]
struct Wrong {
    /// What is wrong, and what would be right.
    message: String,
    /// Where it begins, in characters.
    start: usize,
    /// Where it ends.
    end: usize,
}

/// A function of the language.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExpressionFunction)]
#[serde(rename_all = "camelCase")]
struct Function {
    #[schema(value_type = String)]
    name: &'static str,
    kind: Kind,
    /// What it is called on; none where it is called without a value.
    #[schema(value_type = Option<String>, required)]
    subject: Option<&'static str>,
    arguments: Vec<Argument>,
    #[schema(value_type = String)]
    returns: &'static str,
    #[schema(value_type = String)]
    description: &'static str,
    /// An expression that shows it; none where the result is another each time.
    #[schema(value_type = Option<String>, required)]
    example: Option<&'static str>,
}

/// How a function is called.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExpressionFunctionKind)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Method,
    Standalone,
    ManyAttributes,
}

/// What a function takes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExpressionArgument)]
#[serde(rename_all = "camelCase")]
struct Argument {
    #[schema(value_type = String)]
    name: &'static str,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: &'static str,
    optional: bool,
    /// Whether there may be any number of it.
    repeated: bool,
}

/// What expressions may be made of.
#[utoipa::path(
    get,
    path = "/api/v1/expression-functions",
    tag = "Types",
    operation_id = "listExpressionFunctions",
    responses((status = 200, description = "All functions.", body = Vec<Function>))
)]
async fn list() -> Response {
    json(&functions().map(Function::from).collect::<Vec<_>>())
}

impl From<&'static FunctionSpec> for Function {
    fn from(spec: &'static FunctionSpec) -> Self {
        let argument = |argument: &'static tutti_expression::ArgumentSpec| Argument {
            name: argument.name,
            kind: argument.value_type().name(),
            optional: argument.optional,
            repeated: argument.repeated,
        };
        Self {
            name: spec.name,
            kind: match spec.kind {
                FunctionKind::Method => Kind::Method,
                FunctionKind::Standalone => Kind::Standalone,
                FunctionKind::ManyAttributes => Kind::ManyAttributes,
            },
            subject: spec.subject_type().map(tutti_expression::ValueType::name),
            arguments: spec.arguments.iter().map(argument).collect(),
            returns: spec.returns.name(),
            description: spec.summary,
            example: spec.example,
        }
    }
}

/// What an expression gives for attributes, with the parameters of a group.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/expressions",
    tag = "Drafts",
    operation_id = "evaluateExpression",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::DraftShut, Code::NotAFlow, Code::Limit,
        Code::Parameters, Code::Log
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(content = Trial),
    responses((status = 200, description = "What it gives, or why nothing.", body = Outcome))
)]
async fn evaluate(
    State(app): State<App>,
    Path(flow): Path<String>,
    Body(trial): Body<Trial>,
) -> Response {
    if let Err(problem) = check(&trial) {
        return problem.into_response();
    }
    let studio = app.studio.clone();
    let work = move || {
        let parameters = studio.parameters(&flow, &trial.group).map_err(|why| no_values(&why))?;
        Ok(json(&tried(trial, &parameters)))
    };
    app.trials.work(work).await
}

fn check(Trial { expression, attributes, .. }: &Trial) -> Result<(), Problem> {
    let long = |what: &str, most: usize| {
        let detail = format!("{what} may have {most} bytes");
        Err(Problem::new(Code::Limit, detail))
    };
    if expression.len() > BYTES_MAX {
        return long("an expression that is tried", BYTES_MAX);
    }
    let bytes: usize = attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > ATTRIBUTES_BYTES_MAX {
        return long("the attributes that an expression is tried on", ATTRIBUTES_BYTES_MAX);
    }
    Ok(())
}

/// What the expression gives with these parameters, of which some may not be seen.
fn tried(Trial { expression: text, attributes, .. }: Trial, parameters: &Parameters) -> Outcome {
    let expression = match Expression::parse(&text) {
        Ok(expression) => expression,
        Err(error) => return Outcome::Error(unparsed(&text, error)),
    };
    for name in expression.parameters() {
        let why = match parameters.get(name) {
            Some(value) if !value.is_sensitive() => continue,
            Some(_) => format!("the parameter \"{name}\" is sensitive and is not shown"),
            None => format!("there is no parameter \"{name}\" with a value"),
        };
        return Outcome::Error(wrong(&text, place(&text, name), why));
    }
    let seen = parameters.iter().filter(|(_, value)| !value.is_sensitive());
    let seen = seen.map(|(name, value)| (name.clone(), value.expose().to_owned())).collect();
    let since = clock::now();
    let machine = Machine::this();
    let context = MapContext {
        attributes,
        parameters: seen,
        now_ms: i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        seed: AtomicU64::new(since.as_nanos() as u64),
        host_name: machine.name,
        host_address: machine.address,
        ..MapContext::default()
    };
    match expression.evaluate(&context) {
        Ok(value) if value.len() > VALUE_BYTES_MAX => {
            let bytes = value.len();
            let why = format!("it gives {bytes} bytes: more than {VALUE_BYTES_MAX} are not shown");
            Outcome::Error(wrong(&text, 0, why))
        }
        Ok(value) => {
            let doubt = expression.doubt().map(|doubt| unparsed(&text, doubt));
            Outcome::Value { value, doubt }
        }
        Err(error) => Outcome::Error(wrong(&text, error.position, error.message)),
    }
}

fn unparsed(text: &str, error: ParseError) -> Wrong {
    let help = error.help.map(|help| format!(": {help}")).unwrap_or_default();
    wrong(text, error.position, error.message + &help)
}

/// Where a parameter stands in the text, in characters.
fn place(text: &str, parameter: &str) -> usize {
    let quoted = [format!("#{{{parameter}}}"), format!("#{{'{parameter}'}}")];
    let at = quoted.iter().find_map(|reference| text.find(reference)).unwrap_or_default();
    text.get(..at).unwrap_or_default().chars().count()
}

/// What is wrong at a place, from there to the end of its word.
fn wrong(text: &str, position: usize, message: String) -> Wrong {
    let rest: Vec<char> = text.chars().skip(position).collect();
    let is_word = |letter: &char| letter.is_alphanumeric() || "_#$".contains(*letter);
    let length = match rest.as_slice() {
        ['#' | '$', '{', inner @ ..] => {
            let closed = inner.iter().position(|letter| *letter == '}');
            closed.map_or(rest.len(), |at| at + 3)
        }
        rest => rest.iter().take_while(|letter| is_word(letter)).count(),
    };
    let length = length.max(1).min(rest.len());
    let start = position.min(text.chars().count());
    Wrong { message, start, end: start + length }
}

#[cfg(test)]
mod tests {
    use tutti_model::value::Value;

    use super::*;

    fn outcome(expression: &str) -> Outcome {
        let attributes = [("filename", "song.flac"), ("n", "x")];
        let attributes = attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let parameters = [
            ("bucket".to_owned(), Value::plain("music")),
            ("key".to_owned(), Value::sensitive("hunter2")),
        ];
        let group = String::new();
        let trial = Trial { expression: expression.to_owned(), attributes, group };
        tried(trial, &parameters.into())
    }

    fn value(expression: &str) -> String {
        match outcome(expression) {
            Outcome::Value { value, doubt: None } => value,
            other => panic!("{other:?}"),
        }
    }

    /// The message, and what of the text is wrong.
    fn error(expression: &str) -> (String, String) {
        match outcome(expression) {
            Outcome::Error(Wrong { message, start, end }) => {
                let letters = expression.chars().skip(start).take(end - start);
                (message, letters.collect())
            }
            value @ Outcome::Value { .. } => panic!("{value:?}"),
        }
    }

    #[test]
    fn attributes_and_parameters_are_seen() {
        assert_eq!(value("${filename:toUpper()}"), "SONG.FLAC");
        assert_eq!(value("#{bucket}/${filename:substringBefore('.')}.json"), "music/song.json");
        assert_eq!(value("plain"), "plain");
        assert_eq!(value(""), "");
        assert!(value("${now():toNumber()}").parse::<u64>().unwrap() > 1_700_000_000_000);
    }

    #[test]
    fn mistakes_say_where() {
        let (message, at) = error("é ${filename:toUper()}");
        assert!(message.contains("toUpper"), "{message}");
        assert_eq!(at, "toUper");
        assert_eq!(error("${filename:substring('a')}").1, "substring");
        let unclosed = outcome("a ${filename");
        let Outcome::Value { value, doubt: Some(doubt) } = unclosed else {
            panic!("{unclosed:?}");
        };
        assert_eq!((value.as_str(), doubt.start, doubt.end), ("a ${filename", 2, 12));
        let (message, at) = error("a #{nothing} b");
        assert!(message.contains("\"nothing\""), "{message}");
        assert_eq!(at, "#{nothing}");
    }

    #[test]
    fn what_is_sensitive_is_not_shown() {
        for text in ["#{key}", "${filename:append(#{key})}", "${literal(#{key}):hash('MD5')}"] {
            let (message, _) = error(text);
            assert!(message.contains("sensitive") && !message.contains("hunter"), "{message}");
        }
    }

    #[test]
    fn what_is_long_is_not_shown_and_what_asks_for_too_much_is_refused() {
        let (message, _) = error("${literal('x'):repeat(300000)}");
        assert!(message.contains("300000 bytes"), "{message}");
        let (message, _) = error("${literal('x'):repeat(2000000000)}");
        assert!(message.contains("16777216"), "{message}");
        let trial = |expression: String, attributes: BTreeMap<String, String>| Trial {
            expression,
            attributes,
            group: String::new(),
        };
        assert!(check(&trial("x".repeat(BYTES_MAX), BTreeMap::new())).is_ok());
        assert!(check(&trial("x".repeat(BYTES_MAX + 1), BTreeMap::new())).is_err());
        let long = [("a".to_owned(), "x".repeat(ATTRIBUTES_BYTES_MAX))].into();
        assert!(check(&trial(String::new(), long)).is_err());
    }

    #[test]
    fn every_function_is_listed_with_what_it_takes() {
        let all: Vec<Function> = functions().map(Function::from).collect();
        assert!(all.len() > 100, "{}", all.len());
        let of = |name: &str| all.iter().find(|function| function.name == name).unwrap();
        let substring = serde_json::to_value(of("substring")).unwrap();
        assert_eq!((&substring["kind"], &substring["subject"]), (&"method".into(), &"text".into()));
        assert_eq!(substring["arguments"][1]["optional"], true);
        assert_eq!(of("now").subject, None);
    }
}
