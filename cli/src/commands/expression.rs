//! `tutti expression`.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};
use std::process::ExitCode;
use std::sync::atomic::AtomicU64;

use clap::Args;
use serde::{Deserialize, Serialize};
use tutti_expression::{Expression, MapContext};
use tutti_runtime::{Machine, SystemClock, SystemRandom};
use tutti_sdk::host::{Clock, Random};

use crate::error::CliError;
use crate::output::{Results, say};
use crate::parameters::Pair;

/// The longest line of `--jsonl`, in bytes.
const LINE_BYTES_MAX: u64 = 16 << 20;

/// Evaluates an expression, or many
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti expression '${filename:toUpper()}' --attribute \
                        filename=song.flac\n  echo '{\"expr\":\"${a}\",\"attributes\":{\"a\":\
                        \"1\"}}' | tutti expression --jsonl")]
pub(crate) struct Evaluate {
    /// The expression
    #[arg(value_name = "EXPRESSION", required_unless_present = "jsonl")]
    expression: Option<String>,
    /// Gives an attribute
    #[arg(long = "attribute", value_name = "NAME=VALUE", conflicts_with = "jsonl")]
    attributes: Vec<Pair>,
    /// Gives a parameter
    #[arg(long = "param", value_name = "NAME=VALUE", conflicts_with = "jsonl")]
    parameters: Vec<Pair>,
    /// Reads lines {"expr", "attributes", "parameters"?, "state"?} on standard input and answers
    /// each with a line {"result"} or {"error"}
    #[arg(long, conflicts_with = "expression")]
    jsonl: bool,
}

/// One line of `--jsonl`. Members that are not known are ignored, so that test cases fit as well.
#[derive(Deserialize)]
struct Question {
    expr: String,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    #[serde(default)]
    state: BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Result(String),
    Error(String),
}

impl Evaluate {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let mut results = Results::new();
        let surroundings = Surroundings::system()?;
        if let Some(expression) = &self.expression {
            let expression = Expression::parse(expression)?;
            if let Some(doubt) = expression.doubt() {
                say(&format!("warning: {doubt}"));
            }
            let context = MapContext {
                attributes: map(self.attributes),
                parameters: map(self.parameters),
                ..surroundings.context()
            };
            results.line(&expression.evaluate(&context)?)?;
        } else {
            answer_all(&surroundings, &mut io::stdin().lock(), &mut results)?;
        }
        results.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

fn map(pairs: Vec<Pair>) -> BTreeMap<String, String> {
    pairs.into_iter().map(|Pair { name, value }| (name, value)).collect()
}

/// Clock, chance and machine, as flows have them.
struct Surroundings {
    clock: SystemClock,
    random: SystemRandom,
    machine: Machine,
}

impl Surroundings {
    fn system() -> Result<Self, CliError> {
        let random = SystemRandom::new().map_err(CliError::Threads)?;
        Ok(Self { clock: SystemClock::default(), random, machine: Machine::this() })
    }

    /// What an expression sees at this moment.
    fn context(&self) -> MapContext {
        MapContext {
            now_ms: self.clock.now().0,
            seed: AtomicU64::new(self.random.next_u64()),
            host_name: self.machine.name.clone(),
            host_address: self.machine.address.clone(),
            ..MapContext::default()
        }
    }
}

/// Answers line by line. What is answered is shown whenever the next line is still to come, so
/// that a program may ask and wait in turns.
fn answer_all(
    surroundings: &Surroundings,
    input: &mut io::StdinLock<'_>,
    results: &mut Results,
) -> Result<(), CliError> {
    let mut reader = io::BufReader::with_capacity(1 << 16, input);
    let mut line = Vec::new();
    loop {
        if !reader.buffer().contains(&b'\n') {
            results.flush()?;
        }
        line.clear();
        if !read_line(&mut reader, &mut line).map_err(CliError::Input)? {
            return Ok(());
        }
        results.json(&answer(surroundings, &line))?;
    }
}

/// Reads a line without its end; of one that is too long only the beginning, one byte more than
/// is allowed. False at the end of input.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    let read = reader.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if read as u64 > LINE_BYTES_MAX {
        reader.skip_until(b'\n')?;
    }
    Ok(read > 0)
}

fn answer(surroundings: &Surroundings, line: &[u8]) -> Answer {
    if line.len() as u64 > LINE_BYTES_MAX {
        return Answer::Error(format!("the line is longer than {LINE_BYTES_MAX} bytes"));
    }
    let question: Question = match serde_json::from_slice(line) {
        Ok(question) => question,
        Err(error) => return Answer::Error(format!("the line is not a question: {error}")),
    };
    let Question { expr, attributes, parameters, state } = question;
    let expression = match Expression::parse(&expr) {
        Ok(expression) => expression,
        Err(error) => return Answer::Error(error.to_string()),
    };
    match expression.evaluate(&MapContext {
        attributes,
        parameters,
        state,
        ..surroundings.context()
    }) {
        Ok(result) => Answer::Result(result),
        Err(error) => Answer::Error(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_does_not_take_the_next_with_it() {
        let mut text = vec![b'x'; LINE_BYTES_MAX as usize + 10];
        text.extend(b"\nnext\nlast");
        let mut reader = io::Cursor::new(text);
        let surroundings = Surroundings::system().unwrap();
        let mut line = Vec::new();
        assert!(read_line(&mut reader, &mut line).unwrap());
        assert!(
            matches!(answer(&surroundings, &line), Answer::Error(error) if error.contains("longer"))
        );
        for expected in ["next", "last"] {
            line.clear();
            assert!(read_line(&mut reader, &mut line).unwrap());
            assert_eq!(line, expected.as_bytes());
        }
        line.clear();
        assert!(!read_line(&mut reader, &mut line).unwrap());
    }
}
