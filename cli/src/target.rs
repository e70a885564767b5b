//! A flow that a running service has: where it is, and what came of a change there.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{StatusCode, Url};
use serde_json::Value;
use tutti_model::definition::FlowDefinition;

use crate::error::CliError;
use crate::flow_file;
use crate::output::{Results, say};
use crate::remote::{self, Remote, TokenArguments, Trust, TrustArguments};

/// How long an answer may take: an application waits for what it stops.
const PATIENCE: Duration = Duration::from_mins(1);

/// What keeps a deployment from being done unseen.
pub(crate) const IN_THE_WAY: &str = "somebody has edited the flow there and not applied that: \
                                     apply or undo it first, or replace it with --replace";

/// Where a flow is brought to.
#[derive(Debug, Args)]
pub(crate) struct To {
    /// The address of the service
    #[arg(long = "to", value_name = "URL", value_parser = remote::base)]
    url: Url,
    /// Prints what the service says as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    token: TokenArguments,
    #[command(flatten)]
    trust: TrustArguments,
}

/// The flow that is brought there, and what it may cost.
#[derive(Debug, Args)]
pub(crate) struct Brought {
    /// The flow's file; "-" is standard input
    #[arg(value_name = "FLOW")]
    pub(crate) flow: PathBuf,
    #[command(flatten)]
    pub(crate) give_up: GiveUp,
    #[command(flatten)]
    pub(crate) to: To,
}

/// What may be lost from sight by a deployment.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct GiveUp {
    /// Replaces what somebody has edited at the service and not applied; it can be gone back to
    #[arg(long)]
    pub(crate) replace: bool,
    /// Puts what waits in connections that are no more into the trash
    #[arg(long)]
    pub(crate) trash: bool,
}

impl To {
    pub(crate) fn remote(&self) -> Result<Remote, CliError> {
        let (trust, token) = (Trust::Roots(self.trust.clone()), self.token.token()?);
        Remote::new(self.url.as_str(), PATIENCE, &trust, token.as_deref())
    }

    /// Tells what came of a deployment.
    pub(crate) fn deployed(
        &self,
        name: &str,
        done: Result<Value, CliError>,
    ) -> Result<ExitCode, CliError> {
        let deployed = done.inspect_err(|error| match error {
            CliError::Refused { code: Some(code), .. } if code == "notEmpty" => {
                say("flowfiles would be stranded: --trash puts them into the trash");
            }
            error if is_refused(error) => {}
            _ => say("look at the flow before you do it again: it may have been done all the same"),
        })?;
        let (revision, applied) = (&deployed["revision"], &deployed["applied"]);
        if applied.is_null() {
            let words = format!("\"{name}\" runs as it is: nothing was done");
            return self.tell(&deployed, &words);
        }
        warn(applied);
        let count = |what: &str| list(&applied[what]).len();
        let (changed, added, removed) = (count("changed"), count("added"), count("removed"));
        let words = format!(
            "\"{name}\" runs as revision {revision}: {added} added, {changed} changed, \
             {removed} removed"
        );
        self.tell(&deployed, &words)
    }

    pub(crate) fn tell(&self, answer: &Value, words: &str) -> Result<ExitCode, CliError> {
        if self.json {
            let mut results = Results::new();
            results.pretty(answer)?;
            results.finish()?;
        } else {
            say(words);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Says what could not be done besides.
pub(crate) fn warn(done: &Value) {
    if let Some(warning) = done["warning"].as_str() {
        say(&format!("warning: {warning}"));
    }
}

/// Whether a service has said that it did not do what it was asked. What is on the way to it may
/// say 408 for itself.
fn is_refused(error: &CliError) -> bool {
    let CliError::Refused { status, .. } = error else { return false };
    let is_bad = status.is_client_error() && *status != StatusCode::REQUEST_TIMEOUT;
    is_bad || *status == StatusCode::INSUFFICIENT_STORAGE
}

/// The text of a flow and its name; `None` when it has none, which is said.
pub(crate) fn read(path: &Path) -> Result<Option<(String, String)>, CliError> {
    let flow = flow_file::text(path)?.and_then(|text| {
        let flow = FlowDefinition::read(&text, &flow_file::name(path))?;
        Ok((flow.name.value, text))
    });
    match flow {
        Ok(flow) => Ok(Some(flow)),
        Err(findings) => {
            for finding in &findings {
                say(&format!("{finding}\n"));
            }
            Ok(None)
        }
    }
}

/// Where the flow of that name is. One that would lead elsewhere has none.
pub(crate) fn address(name: &str) -> Result<String, CliError> {
    if matches!(name, "" | "." | "..") {
        return Err(CliError::FlowName { name: name.to_owned() });
    }
    Ok(format!("/api/v1/flows/{}", utf8_percent_encode(name, NON_ALPHANUMERIC)))
}

/// What is no list has nothing in it.
fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_service_that_says_so_has_refused() {
        let answer = |status: u16| CliError::Refused {
            url: String::new(),
            status: StatusCode::from_u16(status).unwrap(),
            detail: String::new(),
            code: None,
        };
        for (status, is) in
            [(409, true), (422, true), (507, true), (408, false), (500, false), (503, false)]
        {
            assert_eq!(is_refused(&answer(status)), is, "{status}");
        }
        // Such as one that was lost on the way.
        assert!(!is_refused(&CliError::Output(std::io::ErrorKind::TimedOut.into())));
    }
}
