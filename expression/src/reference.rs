//! The reference of the language, made from the declarations of its functions.
//!
//! Only for people: nothing reads it back.

use std::fmt::Write as _;

use crate::functions::{FunctionKind, FunctionSpec, sections};
use crate::{Expression, MapContext};

/// The attributes that examples are shown on.
pub const EXAMPLE_ATTRIBUTES: &[(&str, &str)] = &[
    ("filename", "song.flac"),
    ("path", "opera/verdi/"),
    ("title", "La Traviata"),
    ("padded", "  both ends  "),
    ("empty", ""),
    ("tags", "opera,verdi,,opera"),
    ("n", "10"),
    ("loud", "-7.5"),
    ("recorded", "1967-06-15"),
    ("time", "1420058163264"),
    ("json", r#"{"bpm":128,"keys":["A","E"]}"#),
    ("quoted", r#"say "hi" & go"#),
    ("encoded", "a%20b%2Bc"),
    ("html", "caf&eacute; &lt;3"),
];

const INTRODUCTION: &str = "\
# Expression Language

Where a property's page says that it takes expressions, its value is text with \
expressions in it: `${filename}` is the
value of the attribute `filename`, and `${filename:toUpper()}` what the function \
`toUpper` makes of it. It is the
language of Apache NiFi; the results are those of NiFi's own evaluator, with the locale \
`en_US` and the time zone UTC.

| written | is |
| --- | --- |
| `${filename}` | the value of an attribute, nothing where there is none |
| `${'song title'}` | the same, of a name with other signs than letters, digits, `_`, `-` \
and `.` |
| `${path:substringAfter('/'):toUpper()}` | functions one after the other, each on what \
the one before gave |
| `${n:plus(${length})}` | an expression as an argument |
| `${now():format('yyyy')}` | a function without a value before it |
| `$${filename}` | the text `${filename}` |
| `#{output}` | the value of a parameter, filled in before expressions are evaluated |
| `${fileSize}`, `${entryDate}`, `${lineageStartDate}`, `${flowFileId}` | what every \
flowfile has besides its attributes: the bytes of its content, when it came into the flow and when \
what it was made from did (milliseconds since 1970), and its number |
| `'text'`, `\"text\"`, `12`, `true` | arguments: text, a whole number, a boolean; \
`\\\\`, `\\n`, `\\t` and `\\'` in a text |

What a function takes is converted where it can be: text into a number, a number into \
text. An expression that cannot
be read is a mistake of the flow ([T0105](errors/T0105.md)), with its place; one that \
cannot be evaluated fails for
the flowfile alone. A text may become 16 MiB long. `tutti expression \
'${filename:toUpper()}' --attribute
filename=song.flac` tries one out; `tutti functions list` and `tutti functions show \
toUpper` are this page in a
terminal.

The examples have these attributes:

| name | value |
| --- | --- |
";

/// What surprises, with why.
const SURPRISES: &[(&str, &str)] = &[
    ("${missing:toUpper()}", "functions of no value give none"),
    ("${title:plus(1)}", "text that is no number is no value"),
    ("${filename:substring(40)}", "what lies beyond the end is empty"),
    ("${n:divide(4)}", "whole numbers are divided to whole numbers"),
    ("${n:divide(0)}", "they cannot be divided by zero"),
    ("${n:toDecimal():divide(0)}", "decimals can"),
    ("${loud:toNumber()}", "what is behind the point is cut off"),
    ("${n:multiply(12500000):toDecimal()}", "decimals are written as Java does"),
    (
        "${literal('2023-02-30'):toDate('yyyy-MM-dd'):format('yyyy-MM-dd')}",
        "the last day of a month stands for those behind it",
    ),
    ("${padded:isEmpty()}", "spaces around are something, and nothing but spaces is nothing"),
    ("${replace}", "names of functions, and `true`, are not read as attributes"),
    ("${filename:replaceAll('[.].*', '$')}", "`$` and `\\\\` mean something in a replacement"),
];

const SURPRISES_TITLE: &str = "
## What may surprise

All of this is so in NiFi too, where its guide says less or something else.

| expression | gives | |
| --- | --- | --- |
";

const DIFFERENCES: &str = "
## Where it is not NiFi

- Everything is bounded, and fails beyond: a text may become 16 MiB long, 64 expressions may stand
  within each other, 256 functions may follow each other, and a pattern that takes too long is given
  up.
- Messages are Tutti's own.
- Locale and time zone are not those of the machine but always `en_US` and UTC.
- A parameter that no context of the flow has is a mistake of the flow
  ([T0301](errors/T0301.md)), not an empty text.
";

/// The whole reference in Markdown.
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    // Writing to a text cannot fail.
    for (name, value) in EXAMPLE_ATTRIBUTES {
        let _ = writeln!(page, "| `{name}` | {} |", code(value));
    }
    for section in sections() {
        let _ = write!(page, "\n## {}\n", section.title);
        for function in section.functions {
            let _ = write!(page, "\n### {}\n\n{}", function.name, body(function));
        }
    }
    page.push_str(SURPRISES_TITLE);
    for (expression, why) in SURPRISES {
        let given = match result(expression) {
            Ok(result) => code(&result),
            Err(error) => format!("an error: {error}"),
        };
        let _ = writeln!(page, "| `{expression}` | {given} | {why} |");
    }
    page.push_str(DIFFERENCES);
    page
}

/// What there is to say of one function, in Markdown.
pub fn function(function: &FunctionSpec) -> String {
    format!("# {}\n\n{}", function.name, body(function))
}

fn body(function: &FunctionSpec) -> String {
    let mut text = format!("`{}`: {}\n\n", call(function), function.summary);
    if let Some(subject) = function.subject_type() {
        let _ = writeln!(text, "- of: {}", subject.name());
    }
    for argument in function.arguments {
        let needed = match (argument.optional, argument.repeated) {
            (true, true) => ", any number of them, or none",
            (true, false) => ", or left out",
            (false, true) => ", one or more",
            (false, false) => "",
        };
        let _ = writeln!(text, "- {}: {}{needed}", argument.name, argument.value_type().name());
    }
    if function.kind == FunctionKind::ManyAttributes {
        text.push_str("- gives what the rest of the chain gives\n");
    } else {
        let _ = writeln!(text, "- gives: {}", function.returns.name());
    }
    if let Some(expression) = function.example {
        let result = result(expression).unwrap_or_else(|error| error);
        let _ = writeln!(text, "- `{expression}` gives {}", code(&result));
    }
    text
}

fn call(function: &FunctionSpec) -> String {
    match function.kind {
        FunctionKind::Method => format!("${{…:{}}}", function.usage()),
        FunctionKind::Standalone => format!("${{{}}}", function.usage()),
        FunctionKind::ManyAttributes => format!("${{{}:…}}", function.usage()),
    }
}

fn result(expression: &str) -> Result<String, String> {
    let context = MapContext::with_attributes(EXAMPLE_ATTRIBUTES.iter().copied());
    let parsed = Expression::parse(expression).map_err(|error| error.to_string())?;
    parsed.evaluate(&context).map_err(|error| error.to_string())
}

fn code(text: &str) -> String {
    match text {
        "" => "nothing".to_owned(),
        text if text.starts_with(' ') || text.ends_with(' ') => format!("`\"{text}\"`"),
        text => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions;

    #[test]
    fn every_example_shows_its_function_and_can_be_evaluated() {
        for function in functions() {
            let Some(example) = function.example else { continue };
            assert!(example.contains(&format!("{}(", function.name)), "{example}");
            assert!(result(example).is_ok_and(|result| !result.is_empty()), "{example}");
        }
    }

    #[test]
    fn only_what_is_another_each_time_has_no_example() {
        let without = functions().filter(|function| function.example.is_none());
        let names: Vec<&str> = without.map(|function| function.name).collect();
        let expected = [
            "ip",
            "hostname",
            "UUID",
            "nextInt",
            "random",
            "getStateValue",
            "thread",
            "now",
            "math",
        ];
        assert_eq!(names, expected);
    }
}
