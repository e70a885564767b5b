//! `tutti deploy`, `tutti plan` and `tutti rollback`: a flow that a service runs becomes another.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{StatusCode, Url};
use serde_json::{Value, json};
use tutti_model::definition::FlowDefinition;
use tutti_model::document::Document;

use crate::error::{CliError, FAILED, WRONG};
use crate::flow_file;
use crate::output::{Results, say};
use crate::remote::{self, Remote, TokenArguments, Trust, TrustArguments};

/// How long an answer may take: an application waits for what it stops.
const PATIENCE: Duration = Duration::from_mins(1);

/// What keeps a deployment from being done unseen.
const IN_THE_WAY: &str = "somebody has edited the flow there and not applied that: apply or undo \
                          it first, or replace it with --replace";

/// Where a flow is brought to.
#[derive(Debug, Args)]
struct To {
    /// The address of the service
    #[arg(long = "to", value_name = "URL", value_parser = remote::base)]
    url: Url,
    /// Prints what the service says as JSON on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    token: TokenArguments,
    #[command(flatten)]
    trust: TrustArguments,
}

/// Makes a flow's file what a running service runs
///
/// What is the same runs on; what is changed stops at the end of what it is at work on, and starts
/// again. Doing it twice does nothing. The service checks the flow with the values that it has for
/// parameters; what cannot run, or would strand flowfiles, is refused: the service runs what it
/// ran, and what is edited there is as it was.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  the service runs the flow\n  1  it does not answer, or \
                        refuses\n  2  wrong usage, or an unreadable file\n\nExample:\n  tutti \
                        deploy flows/audio-features.json --to http://127.0.0.1:8080")]
pub(crate) struct Deploy {
    /// The flow's file; "-" is standard input
    #[arg(value_name = "FLOW")]
    flow: PathBuf,
    #[command(flatten)]
    give_up: GiveUp,
    #[command(flatten)]
    to: To,
}

/// What may be lost from sight by a deployment.
#[derive(Debug, Clone, Copy, Args)]
struct GiveUp {
    /// Replaces what somebody has edited at the service and not applied; it can be gone back to
    #[arg(long)]
    replace: bool,
    /// Puts what waits in connections that are no more into the trash
    #[arg(long)]
    trash: bool,
}

/// Shows what "tutti deploy" would change, stop and start, and changes nothing
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  it could be deployed, or runs as it is\n  1  it could \
                        not, or the service does not answer\n  2  wrong usage, or an unreadable \
                        file\n\nExample:\n  tutti plan flows/audio-features.json --to \
                        http://127.0.0.1:8080")]
pub(crate) struct Plan {
    /// The flow's file; "-" is standard input
    #[arg(value_name = "FLOW")]
    flow: PathBuf,
    #[command(flatten)]
    give_up: GiveUp,
    #[command(flatten)]
    to: To,
}

/// Brings a flow that a service runs back to an earlier revision
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  the service runs that revision\n  1  it does not \
                        answer, or refuses\n  2  wrong usage\n\nExample:\n  tutti rollback \
                        audio-features --revision 12 --to http://127.0.0.1:8080")]
pub(crate) struct Rollback {
    /// The name of the flow
    #[arg(value_name = "NAME")]
    flow: String,
    /// The revision to go back to
    #[arg(long, value_name = "NUMBER")]
    revision: u64,
    /// Puts what waits in connections that are no more into the trash
    #[arg(long)]
    trash: bool,
    #[command(flatten)]
    to: To,
}

/// Stops a flow that a service runs, and removes it
///
/// Its file and the log of what was edited are put aside, under other names; what it has thrown
/// away stays in the trash until its time is over.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  the service has the flow no more\n  1  it does not \
                        answer, or refuses\n  2  wrong usage\n\nExample:\n  tutti delete \
                        audio-features --to http://127.0.0.1:8080")]
pub(crate) struct Delete {
    /// The name of the flow
    #[arg(value_name = "NAME")]
    flow: String,
    /// Puts what waits in it into the trash
    #[arg(long)]
    trash: bool,
    #[command(flatten)]
    to: To,
}

impl Deploy {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let Some((name, text)) = read(&self.flow)? else { return Ok(WRONG.into()) };
        let GiveUp { replace, trash } = self.give_up;
        let address = format!("{}/deploy?replace={replace}&trash={trash}", address(&name)?);
        match self.to.remote()?.post_text(&address, text) {
            Err(CliError::Refused { code, .. }) if code.as_deref() == Some("ahead") => {
                say(&format!("error: {IN_THE_WAY}"));
                Ok(FAILED.into())
            }
            deployed => self.to.deployed(&name, deployed),
        }
    }
}

impl Rollback {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let (address, trash) = (address(&self.flow)?, self.trash);
        let address = format!("{address}/deploy/{}?trash={trash}", self.revision);
        let deployed = self.to.remote()?.post(&address, &json!({}));
        self.to.deployed(&self.flow, deployed)
    }
}

impl Delete {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let address = format!("{}?trash={}", address(&self.flow)?, self.trash);
        let deleted = self.to.remote()?.delete(&address)?;
        if let Some(warning) = deleted["warning"].as_str() {
            say(&format!("warning: {warning}"));
        }
        let aside = deleted["file"].as_str().unwrap_or_default();
        let words = format!("\"{}\" is no more; its file is \"{aside}\" now", self.flow);
        self.to.tell(&deleted, &words)
    }
}

/// Whether a service has said that it did not do what it was asked. What is on the way to it may
/// say 408 for itself.
fn is_refused(error: &CliError) -> bool {
    let CliError::Refused { status, .. } = error else { return false };
    let is_bad = status.is_client_error() && *status != StatusCode::REQUEST_TIMEOUT;
    is_bad || *status == StatusCode::INSUFFICIENT_STORAGE
}

impl Plan {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let Some((name, text)) = read(&self.flow)? else { return Ok(WRONG.into()) };
        let remote = self.to.remote()?;
        let address = address(&name)?;
        let plan = remote.post_text(&format!("{address}/plan"), text)?;
        let is_in_the_way = plan["isInTheWay"] == true && !self.give_up.replace;
        let mut results = Results::new();
        if self.to.json {
            results.pretty(&plan)?;
        } else {
            for line in told(&plan, self.give_up.trash) {
                results.line(&line)?;
            }
        }
        results.finish()?;
        if is_in_the_way {
            say(&format!("hinders it: {IN_THE_WAY}"));
        }
        let left_over = !list(&plan["preview"]["leftOver"]).is_empty() && !self.give_up.trash;
        let is_hindered = left_over || is_in_the_way;
        let can_run = !list(&plan["findings"]).iter().any(|one| one["severity"] == "error");
        Ok(if can_run && !is_hindered { ExitCode::SUCCESS } else { FAILED.into() })
    }
}

impl To {
    fn remote(&self) -> Result<Remote, CliError> {
        let (trust, token) = (Trust::Roots(self.trust.clone()), self.token.token()?);
        Remote::new(self.url.as_str(), PATIENCE, &trust, token.as_deref())
    }

    /// Tells what came of a deployment.
    fn deployed(&self, name: &str, done: Result<Value, CliError>) -> Result<ExitCode, CliError> {
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
        if let Some(warning) = applied["warning"].as_str() {
            say(&format!("warning: {warning}"));
        }
        let count = |what: &str| list(&applied[what]).len();
        let (changed, added, removed) = (count("changed"), count("added"), count("removed"));
        let words = format!(
            "\"{name}\" runs as revision {revision}: {added} added, {changed} changed, \
             {removed} removed"
        );
        self.tell(&deployed, &words)
    }

    fn tell(&self, answer: &Value, words: &str) -> Result<ExitCode, CliError> {
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

/// The text of a flow and its name; `None` when it has none, which is said.
fn read(path: &Path) -> Result<Option<(String, String)>, CliError> {
    let shown = flow_file::name(path);
    let document = flow_file::text(path)?.and_then(|text| {
        let document = Document::parse(&text, &shown)?;
        Ok((FlowDefinition::parse(&document), text))
    });
    let findings = match document {
        Ok((flow, text)) => {
            let unread = flow.unread();
            if unread.is_empty() {
                return Ok(Some((flow.name.value.clone(), text)));
            }
            unread
        }
        Err(findings) => findings,
    };
    for finding in &findings {
        say(&format!("{finding}\n"));
    }
    Ok(None)
}

/// Where the flow of that name is. One that would lead elsewhere has none.
fn address(name: &str) -> Result<String, CliError> {
    if matches!(name, "" | "." | "..") {
        return Err(CliError::FlowName { name: name.to_owned() });
    }
    Ok(format!("/api/v1/flows/{}", utf8_percent_encode(name, NON_ALPHANUMERIC)))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A plan in lines.
fn told(plan: &Value, is_trashing: bool) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = Vec::new();
    for finding in list(&plan["findings"]) {
        let (severity, code) = (text(&finding["severity"]), text(&finding["code"]));
        lines.push(format!("{severity}[{code}]: {}", text(&finding["message"])));
        let element = &finding["element"];
        if let Some(path) = element["path"].as_str() {
            lines.push(format!("  = in {} {path:?}", text(&element["kind"])));
        }
        if let Some(help) = finding["help"].as_str() {
            lines.push(format!("  = help: {help}"));
        }
    }
    for change in list(&plan["changes"]) {
        let element = &change["element"];
        let what = match element["path"].as_str() {
            Some(path) => format!("{} {path:?}", text(&element["kind"])),
            None => "flow".to_owned(),
        };
        lines.push(format!("{} {what}", text(&change["change"])));
        for member in list(&change["members"]) {
            let side = |name: &str| member[name].as_str().map(|value| format!("{value:?}"));
            let none = || "nothing".to_owned();
            let before = side("before").unwrap_or_else(none);
            let after = side("after").unwrap_or_else(none);
            lines.push(format!("    {}: {before} -> {after}", text(&member["member"])));
        }
    }
    for (name, words) in
        [("changed", "stops and starts"), ("added", "starts"), ("removed", "stops for good")]
    {
        for path in list(&plan["preview"][name]) {
            lines.push(format!("{words}: {}", text(path)));
        }
    }
    for left in list(&plan["preview"]["leftOver"]) {
        let (count, path) = (&left["flowfiles"], text(&left["path"]));
        lines.push(if is_trashing {
            format!("goes into the trash: {count} flowfiles that wait in {path}")
        } else {
            format!(
                "hinders it: {count} flowfiles wait in {path}; --trash puts them into the trash"
            )
        });
    }
    if lines.is_empty() {
        lines.push("nothing would change".to_owned());
    }
    lines
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
