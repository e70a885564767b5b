//! Who asks, and what they may: accounts, sessions, tokens, and the limits of trying.
//!
//! Must never take longer to say no to a name that is not known than to one that is, hold a
//! password or a session's secret, or let anybody in because something could not be read.

mod accounts;
mod buckets;
mod file;
mod follow;
mod gate;
mod password;
mod role;
mod rules;
mod secret;
mod sessions;

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use parking_lot::RwLock;

use crate::clock::now_ms;
use crate::problem::{Code, Problem};
use secret::Digest;
use sessions::Sessions;

pub use accounts::{Accounts, AccountsError, TOKEN_PREFIX, Token, User};
pub(crate) use buckets::{Buckets, client};
pub use file::AccountsFile;
pub(crate) use follow::{Followed, Following, follow};
pub(crate) use gate::{gate, limit};
pub(crate) use password::Kept;
pub use role::Role;
pub use rules::route_roles;
pub use secret::Secret;
pub(crate) use sessions::AGE_MAX as SESSION_MAX;

/// Who asks as long as there are no users, and the author of what they do.
pub(crate) const LOCAL: &str = "local";
/// The cookie of a session over TLS, which only this very host can have set.
pub(crate) const SECURE_COOKIE: &str = "__Host-tutti";
/// The same without TLS.
pub(crate) const PLAIN_COOKIE: &str = "tutti-session";

/// Tries of one name in a row, and how long one more takes after that.
const NAME_TRIES: (u32, Duration) = (10, Duration::from_secs(30));
/// The same of one client.
const CLIENT_TRIES: (u32, Duration) = (20, Duration::from_secs(10));

/// What somebody asked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass {
    /// Nothing.
    Nobody,
    /// Nothing, and that is enough.
    Local,
    Session(Digest),
    Token(Digest),
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// As the author of what they do.
    pub(crate) name: String,
    /// None: they may do nothing.
    pub(crate) role: Option<Role>,
    pub(crate) pass: Pass,
}

impl Caller {
    fn nobody() -> Self {
        Self { name: String::new(), role: None, pass: Pass::Nobody }
    }

    fn local() -> Self {
        Self { name: LOCAL.to_owned(), role: Some(Role::Admin), pass: Pass::Local }
    }
}

/// Somebody who is known.
struct Known {
    role: Role,
    password: Kept,
    /// Changes with what is known of them.
    stamp: Digest,
}

/// The accounts as they are looked up.
struct Directory {
    users: HashMap<String, Known>,
    tokens: HashMap<Digest, Token>,
}

impl Directory {
    fn new(accounts: Accounts) -> Self {
        let users = accounts.users.into_iter().map(|User { name, role, password }| {
            let stamp = Digest::of(&format!("{role} {}", password.as_ref()));
            (name, Known { role, password, stamp })
        });
        let tokens = accounts.tokens.into_iter().map(|token| (token.secret, token));
        Self { users: users.collect(), tokens: tokens.collect() }
    }

    fn is_empty(&self) -> bool {
        self.users.is_empty() && self.tokens.is_empty()
    }
}

/// Who may use a server.
pub(crate) struct Access {
    directory: RwLock<Arc<Directory>>,
    /// Whether everybody may do all while there are no accounts.
    is_open: bool,
    /// Whether all that comes, comes over TLS.
    is_tls: bool,
    sessions: Sessions,
    name_tries: Buckets,
    client_tries: Buckets,
}

/// What a login found.
pub(crate) struct Candidate {
    name: String,
    password: Kept,
    stamp: Option<Digest>,
}

impl Candidate {
    /// Whether it is the password of a user. Blocks for as long as that costs, which is the same
    /// for all names.
    pub(crate) fn fits(&self, password: &str) -> bool {
        self.password.fits(password) & self.stamp.is_some()
    }

    /// The name of a user; nobody's may be a password in the wrong field.
    pub(crate) fn shown(&self) -> &str {
        if self.stamp.is_some() { &self.name } else { "(no user)" }
    }
}

impl Access {
    /// With `is_tls`, over TLS only.
    pub(crate) fn new(accounts: Option<Accounts>, is_open: bool, is_tls: bool) -> Self {
        let buckets = |(burst, period)| Buckets::new(burst, period);
        Self {
            directory: RwLock::new(Arc::new(Directory::new(accounts.unwrap_or_default()))),
            is_open,
            is_tls,
            sessions: Sessions::default(),
            name_tries: buckets(NAME_TRIES),
            client_tries: buckets(CLIENT_TRIES),
        }
    }

    /// From now on these are the accounts. Sessions of who is not in them, or is in them
    /// otherwise, have ended.
    pub(crate) fn renew(&self, accounts: Accounts) {
        let directory = Directory::new(accounts);
        if !self.is_open && directory.is_empty() {
            tracing::warn!("there are no users any more: nobody is let in");
        }
        *self.directory.write() = Arc::new(directory);
    }

    fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.directory.read())
    }

    /// Whether nobody is asked who they are.
    fn lets_all_in(&self, directory: &Directory) -> bool {
        self.is_open && directory.is_empty()
    }

    /// Who asks with these headers.
    pub(crate) fn caller(&self, headers: &HeaderMap, now: Instant) -> Caller {
        let directory = self.directory();
        if self.lets_all_in(&directory) {
            return Caller::local();
        }
        // A token is shown on purpose, a cookie by itself.
        if headers.contains_key(AUTHORIZATION) {
            return bearer(headers)
                .and_then(|token| of_token(&directory, Digest::of(token)))
                .unwrap_or_else(Caller::nobody);
        }
        let of_cookie = |cookie: &str| {
            let id = Digest::of(cookie);
            of_session(&directory, id, self.sessions.enter(id, now)?)
        };
        cookie(headers, self.is_tls).and_then(of_cookie).unwrap_or_else(Caller::nobody)
    }

    /// Whether who asked with that may still have what they asked for.
    pub(crate) fn holds(&self, pass: Pass, least: Role, now: Instant) -> bool {
        let directory = self.directory();
        let caller = match pass {
            Pass::Nobody => None,
            Pass::Local => self.lets_all_in(&directory).then(Caller::local),
            Pass::Token(id) => of_token(&directory, id),
            Pass::Session(id) => {
                self.sessions.look(id, now).and_then(|found| of_session(&directory, id, found))
            }
        };
        caller.is_some_and(|caller| caller.role >= Some(least))
    }

    /// Takes a try from a client and a name.
    ///
    /// # Errors
    /// When there were too many, with how long to wait.
    pub(crate) fn try_login(&self, from: IpAddr, name: &str, now: Instant) -> Result<(), Duration> {
        let client = client(from);
        self.client_tries.take(&client, now)?;
        self.name_tries.take(&name, now).inspect_err(|_| self.client_tries.give_back(&client))
    }

    /// A try that succeeded is none.
    pub(crate) fn succeed(&self, from: IpAddr, name: &str) {
        self.client_tries.give_back(&client(from));
        self.name_tries.give_back(&name);
    }

    /// Whom somebody says that they are.
    pub(crate) fn candidate(&self, name: &str) -> Candidate {
        let directory = self.directory();
        let known = directory.users.get(name);
        Candidate {
            name: name.to_owned(),
            password: known.map_or_else(Kept::nobodys, |known| known.password.clone()),
            stamp: known.map(|known| known.stamp),
        }
    }

    /// Begins the session of somebody whose password fits. None when they have become another
    /// meanwhile.
    pub(crate) fn begin(
        &self,
        candidate: &Candidate,
        now: Instant,
    ) -> io::Result<Option<(Secret, Caller)>> {
        let directory = self.directory();
        let known = directory.users.get(&candidate.name);
        let Some(known) = known.filter(|known| Some(known.stamp) == candidate.stamp) else {
            return Ok(None);
        };
        let secret = self.sessions.begin(&candidate.name, known.stamp, now)?;
        let pass = Pass::Session(Digest::of(secret.reveal()));
        let caller = Caller { name: candidate.name.clone(), role: Some(known.role), pass };
        Ok(Some((secret, caller)))
    }

    pub(crate) fn end(&self, pass: Pass) {
        if let Pass::Session(id) = pass {
            self.sessions.end(id);
        }
    }
}

fn of_token(directory: &Directory, id: Digest) -> Option<Caller> {
    let token = directory.tokens.get(&id)?;
    if token.expires_ms.is_some_and(|expires| expires <= now_ms()) {
        return None;
    }
    let name = format!("token:{}", token.name);
    Some(Caller { name, role: Some(token.role), pass: Pass::Token(id) })
}

fn of_session(directory: &Directory, id: Digest, found: (String, Digest)) -> Option<Caller> {
    let (name, stamp) = found;
    let known = directory.users.get(&name).filter(|known| known.stamp == stamp)?;
    Some(Caller { role: Some(known.role), pass: Pass::Session(id), name })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none())?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What the cookie of a session says. The one that only this host can have set comes first, and
/// over TLS counts alone: others with the same name in another part of the domain, or without TLS,
/// may set the plain one. Of two with one name, none is believed.
fn cookie(headers: &HeaderMap, is_tls: bool) -> Option<&str> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).filter_map(|one| one.split_once('='));
    let mut found: [Option<&str>; 2] = [None; 2];
    for (name, value) in pairs {
        let place = match name.trim() {
            SECURE_COOKIE => 0,
            PLAIN_COOKIE if !is_tls => 1,
            _ => continue,
        };
        if found[place].replace(value.trim()).is_some() {
            return None;
        }
    }
    let [secure, plain] = found;
    secure.or(plain)
}

/// What is said to who has to log in.
pub(crate) fn login_needed() -> Problem {
    Problem::new(Code::Login, "this is answered only to users who have logged in")
}

/// What is said to who asks too often.
pub(crate) fn too_many(detail: &str, wait: Duration) -> Problem {
    let seconds = wait.as_secs().saturating_add(1);
    Problem::new(Code::TooMany, detail)
        .help(format!("try again in {seconds} s"))
        .retry_after(seconds)
}

#[cfg(test)]
mod tests;
