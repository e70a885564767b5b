//! `tutti provenance`.

use std::process::ExitCode;
use std::str::FromStr;

use clap::{Args, Subcommand};
use tutti_model::flowfile::Timestamp;
use tutti_model::provenance::EventType;
use tutti_runtime::EventStatus;
use tutti_store::{LoggedEvent, Repository, Search};

use crate::commands::replay::Replay;
use crate::data_folder::{self, DataArguments};
use crate::error::{CliError, FAILED};
use crate::output::{Results, say};
use crate::settings::Settings;

/// Shows what happened to flowfiles, the newest first
///
/// All that is asked for must hold of an event. No other command may work with the data folder
/// meanwhile.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Exit codes:\n  0  all went well, whether or not anything was found\n  1  the \
                  folder cannot be opened, or a part of the log is damaged\n\nExamples:\n  tutti \
                  provenance --uuid UUID --data DIR\n  tutti provenance --type DROP --attribute \
                  filename=song.wav --from 2026-01-31"
)]
pub(crate) struct Provenance {
    #[command(subcommand)]
    action: Option<Action>,
    /// With this number; may be repeated
    #[arg(long = "event", value_name = "NUMBER")]
    events: Vec<u64>,
    /// Of the flowfile with this "uuid", and of those that came from it or that it came from
    #[arg(long, value_name = "UUID")]
    uuid: Option<String>,
    /// Of the flow with this name
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// Of the processor with this path of names, such as "Storage/Store"
    #[arg(long, value_name = "PATH")]
    processor: Option<String>,
    /// Of this type, such as DROP or SEND
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<Type>,
    /// Of flowfiles with this attribute, with this value if one is given; may be repeated
    #[arg(long = "attribute", value_name = "NAME[=VALUE]")]
    attributes: Vec<Attribute>,
    /// Not before this time: a date, or as in 2026-01-31T18:30:00Z
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Not after this time
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// At most so many events
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    data: DataArguments,
    /// Prints each event as one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    Replay(Replay),
}

/// The type of an event, however it is written.
#[derive(Debug, Clone, Copy)]
struct Type(EventType);

impl FromStr for Type {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.to_uppercase();
        let found = EventType::ALL.into_iter().find(|one| word(*one) == wanted);
        found.map(Self).ok_or_else(|| {
            let all = EventType::ALL.map(word);
            format!("write one of {}", all.join(", "))
        })
    }
}

/// All types of events, for completion.
pub(super) fn types() -> Vec<&'static str> {
    // Clap wants names that stay for ever: the process that asks for them ends with them.
    EventType::ALL.iter().map(|one| &*word(*one).leak()).collect()
}

/// A type as NiFi writes it.
fn word(event_type: EventType) -> String {
    serde_json::to_value(event_type)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// `NAME` or `NAME=VALUE`.
#[derive(Debug, Clone)]
struct Attribute(String, Option<String>);

impl FromStr for Attribute {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        if name.is_empty() {
            return Err("write it as NAME or NAME=VALUE");
        }
        Ok(Self(name.to_owned(), value))
    }
}

impl Provenance {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        if let Some(Action::Replay(replay)) = &self.action {
            return replay.run(settings);
        }
        let repository = data_folder::open_existing(&self.data.folder(settings))?;
        let shown = self.show(&repository);
        data_folder::close(repository, shown)
    }

    fn show(&self, repository: &Repository) -> Result<ExitCode, CliError> {
        let search = Search {
            uuid: self.uuid.clone(),
            flow: self.flow.clone(),
            component: self.processor.clone(),
            event_type: self.event_type.map(|Type(event_type)| event_type),
            attributes: self
                .attributes
                .iter()
                .map(|Attribute(name, value)| (name.clone(), value.clone()))
                .collect(),
            numbers: self.events.iter().copied().collect(),
            from: self.from,
            until: self.until,
            limit: self.limit,
        };
        let found = repository.search(&search).map_err(data_folder::failed)?;
        let mut results = Results::new();
        for event in &found.events {
            if self.json {
                results.json(&EventStatus::of(repository, event))?;
            } else {
                results.line(&in_words(event))?;
            }
        }
        results.finish()?;
        for damage in &found.damaged {
            say(&format!("error: {}", damage.chain()));
        }
        if found.events.is_empty() && !self.json {
            say("nothing of that is in the log");
        } else if found.events.len() == self.limit && !self.json {
            say(&format!("the newest {}; --limit shows more", self.limit));
        }
        Ok(if found.damaged.is_empty() { ExitCode::SUCCESS } else { FAILED.into() })
    }
}

fn in_words(event: &LoggedEvent) -> String {
    let mut text = format!(
        "{:>10}  {}  {:<19}  {:?}  {}",
        event.number,
        event.time,
        word(event.event_type),
        format!("{}/{}", event.flow, event.component),
        event.uuid.escape_debug(),
    );
    let relationship = event.relationship.as_ref().map(|name| format!("to {name:?}"));
    let shown = [&event.transit_uri, &event.details].into_iter().flatten();
    let shown = shown.map(|text| text.escape_debug().to_string());
    for part in relationship.into_iter().chain(shown) {
        text.push_str("  ");
        text.push_str(&part);
    }
    text
}
