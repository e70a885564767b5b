//! `tutti token`: programs that may use the server.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde::Serialize;
use tutti_server::{Accounts, Role};

use crate::error::CliError;
use crate::output::Results;
use crate::settings::Settings;
use crate::users_file::{UsersPlace, milliseconds, now_ms};

/// Shows and changes which programs may use the server
///
/// A program sends its token in the header "authorization: Bearer TOKEN"; "tutti deploy", "plan"
/// and "rollback" take it from the environment (`TUTTI_TOKEN`) or --token-file. A server that runs
/// sees a change within a second.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tutti token create ci --role editor --expires 90")]
pub(crate) struct Token {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes a token and prints it, this once
    Create {
        #[command(flatten)]
        which: Which,
        /// What the program may do: viewer, operator, editor or admin
        #[arg(long, value_name = "ROLE")]
        role: Role,
        /// After how many days it is none any more [default: never]
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
        expires: Option<u32>,
    },
    /// Lists tokens, without the tokens themselves
    List {
        /// Prints JSON on standard output
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: UsersPlace,
    },
    /// Makes a token none
    Revoke {
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Debug, Args)]
struct Which {
    /// The name of the token
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    place: UsersPlace,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    name: &'a str,
    role: Role,
    created_ms: i64,
    expires_ms: Option<i64>,
    is_expired: bool,
}

impl Token {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        match &self.what {
            What::Create { which, role, expires } => {
                let now = now_ms();
                let day = milliseconds(Duration::from_hours(24));
                let expires = expires.map(|days| now.saturating_add(day * i64::from(days)));
                let create =
                    |all: &mut Accounts| all.create_token(&which.name, *role, now, expires);
                let secret = which.place.file(settings).change(create)?;
                let mut results = Results::new();
                results.line(secret.reveal())?;
                results.finish()?;
            }
            What::List { json, place } => list(place.file(settings).read()?.as_ref(), *json)?,
            What::Revoke { which } => {
                which.place.file(settings).change(|all| all.revoke_token(&which.name))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list(accounts: Option<&Accounts>, json: bool) -> Result<(), CliError> {
    let now = now_ms();
    let tokens = accounts.map(Accounts::tokens).unwrap_or_default();
    let shown = tokens.iter().map(|token| Shown {
        name: &token.name,
        role: token.role,
        created_ms: token.created_ms,
        expires_ms: token.expires_ms,
        is_expired: token.expires_ms.is_some_and(|expires| expires <= now),
    });
    let mut results = Results::new();
    if json {
        results.pretty(&shown.collect::<Vec<_>>())?;
        return results.finish();
    }
    let day = milliseconds(Duration::from_hours(24));
    for Shown { name, role, expires_ms, is_expired, .. } in shown {
        let until = match expires_ms {
            None => "never expires".to_owned(),
            Some(_) if is_expired => "has expired".to_owned(),
            Some(expires) => format!("expires in {} days", (expires - now) / day),
        };
        results.line(&format!("{role:9} {name} ({until})"))?;
    }
    results.finish()
}
