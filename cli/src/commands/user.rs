//! `tutti user`: who may log in.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::Serialize;
use tutti_server::{Accounts, Role};

use crate::error::CliError;
use crate::output::{Results, say};
use crate::settings::Settings;
use crate::users_file::{self, UsersPlace};

/// Shows and changes who may log in to the server
///
/// A server that runs sees a change within a second: whoever is removed or changed is logged out.
/// As long as there are no users, the server answers only its own machine, and asks nobody.
#[derive(Debug, Args)]
#[command(
    after_help = "Roles:\n  viewer    sees flows and their figures\n  operator  also sees data, \
                        starts, stops and replays\n  editor    also edits and applies flows\n  \
                        admin     also stops the server\n\nExample:\n  tutti user add ann --role \
                        admin"
)]
pub(crate) struct User {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Adds a user, whose password is asked for, or is the first line of standard input
    Add {
        #[command(flatten)]
        who: Who,
        /// What they may do: viewer, operator, editor or admin
        #[arg(long, value_name = "ROLE")]
        role: Role,
    },
    /// Lists users and their roles
    List {
        /// Prints JSON on standard output
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: UsersPlace,
    },
    /// Gives a user another role
    Role {
        #[command(flatten)]
        who: Who,
        /// What they may do: viewer, operator, editor or admin
        #[arg(value_name = "ROLE")]
        role: Role,
    },
    /// Gives a user another password, which is asked for, or is the first line of standard input
    Password {
        #[command(flatten)]
        who: Who,
    },
    /// Removes a user
    Remove {
        #[command(flatten)]
        who: Who,
    },
}

#[derive(Debug, Args)]
struct Who {
    /// The name of the user
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    place: UsersPlace,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    name: &'a str,
    role: Role,
}

impl User {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        match &self.what {
            What::Add { who, role } => {
                let password = users_file::password()?;
                let add = |all: &mut Accounts| all.add_user(&who.name, *role, &password);
                who.place.file(settings).change(add)?;
            }
            What::List { json, place } => list(place.file(settings).read()?.as_ref(), *json)?,
            What::Role { who, role } => {
                who.place.file(settings).change(|all| all.set_role(&who.name, *role))?;
            }
            What::Password { who } => {
                let password = users_file::password()?;
                let set = |all: &mut Accounts| all.set_password(&who.name, &password);
                who.place.file(settings).change(set)?;
            }
            What::Remove { who } => {
                let remove = |all: &mut Accounts| {
                    all.remove_user(&who.name)?;
                    Ok(all.is_empty())
                };
                if who.place.file(settings).change(remove)? {
                    say(
                        "warning: there are no users and no tokens any more: on a loopback address \
                         the server asks nobody who they are, and elsewhere it lets nobody in",
                    );
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list(accounts: Option<&Accounts>, json: bool) -> Result<(), CliError> {
    let users = accounts.map(Accounts::users).unwrap_or_default();
    let mut results = Results::new();
    if json {
        let shown = users.iter().map(|user| Shown { name: &user.name, role: user.role });
        results.pretty(&shown.collect::<Vec<_>>())?;
    } else {
        for user in users {
            results.line(&format!("{:9} {}", user.role, user.name))?;
        }
    }
    results.finish()
}
