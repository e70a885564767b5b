//! The listening socket and the thread that answers, from binding to the end.
//!
//! The thread is the server's own: nothing that the engine does on its threads can hold it up.
//! Must never let others than this machine in without asking who they are, or over a network that
//! can be listened to, unless it was told to in so many words.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use parking_lot::Mutex;
use tokio::runtime::Builder;
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};
use tutti_model::chain;

use crate::access::{Access, AccountsFile, Followed, Following, follow};
use crate::guard::Site;
use crate::metrics::Metrics;
use crate::places::Places;
use crate::routes::App;
use crate::studio::APPLYING_MAX;
use crate::tls::{Tls, TlsFiles};
use crate::views::Views;
use crate::{
    Limits, ServerError, Service, Studio, TableProgram, TrialProgram, connections, routes,
};

/// How many drafts are changed at a time.
const EDITS_MAX: usize = 2;
/// How many plans are made at a time: those of large flows take a while, and hold up no look.
const PLANS_MAX: usize = 2;
/// How many logs are searched at a time.
const SEARCHES_MAX: usize = 1;
/// How many passwords are looked at at a time; each takes 19 MB and a core for a moment.
const LOGINS_MAX: usize = 2;
/// How many views of content are made at a time: each may take a processor of the machine.
const VIEWS_MAX: usize = 2;
/// How many expressions are tried at a time.
const TRIALS_MAX: usize = 2;
/// How many processors are run on samples at a time: each may take a core for minutes.
const TRIES_MAX: usize = 2;
/// How many processors are tried out at a time.
const VERIFICATIONS_MAX: usize = 4;
/// Threads besides those of looks.
const MORE_MAX: usize = APPLYING_MAX
    + EDITS_MAX
    + PLANS_MAX
    + SEARCHES_MAX
    + LOGINS_MAX
    + VIEWS_MAX
    + TRIALS_MAX
    + TRIES_MAX;

/// How careful the server is about who reaches it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Exposure {
    /// Whoever is not on this machine is a user, and speaks TLS.
    #[default]
    Safe,
    /// Whoever is not on this machine is a user; a proxy speaks TLS.
    Proxied,
    /// Whoever reaches it may do all while there are no users: a proxy asks who they are.
    WithoutUsers,
}

/// Where the server is reached, by what names, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrance {
    /// Where it listens; port 0 takes a free one.
    pub address: SocketAddr,
    /// Names that it answers to, besides `localhost` and addresses.
    pub hosts: Vec<String>,
    /// With what it speaks TLS.
    pub tls: Option<TlsFiles>,
    /// How careful it is.
    pub exposure: Exposure,
    /// The file of users and tokens.
    pub users: PathBuf,
}

impl Entrance {
    /// Whether others than this machine are expected.
    fn is_remote(&self) -> bool {
        !self.is_loopback() || !self.hosts.is_empty()
    }

    fn is_loopback(&self) -> bool {
        self.address.ip().to_canonical().is_loopback()
    }

    fn check(&self, has_users: bool) -> Result<(), ServerError> {
        let is_name = |name: &&String| {
            let is_plain = |one: char| one.is_ascii_alphanumeric() || "-.".contains(one);
            !name.is_empty() && name.len() < 256 && name.chars().all(is_plain)
        };
        if let Some(wrong) = self.hosts.iter().find(|name| !is_name(name)) {
            return Err(ServerError::Host(wrong.clone()));
        }
        if self.is_remote() && !has_users && self.exposure != Exposure::WithoutUsers {
            return Err(ServerError::NoUsers(self.address));
        }
        if !self.is_loopback() && self.tls.is_none() && self.exposure == Exposure::Safe {
            return Err(ServerError::NoTls(self.address));
        }
        Ok(())
    }
}

/// A server that listens and does not answer yet.
pub struct Server {
    listener: TcpListener,
    access: Arc<Access>,
    site: Arc<Site>,
    tls: Option<Arc<Tls>>,
    followed: Vec<Followed>,
}

impl Server {
    /// Listens.
    ///
    /// # Errors
    /// When whom it should not let in would reach it, it cannot listen there, or the files of users
    /// or of TLS cannot be used.
    pub fn bind(entrance: &Entrance) -> Result<Self, ServerError> {
        let file = AccountsFile::new(entrance.users.clone());
        // Looked at before they are read: what changes in between is read again.
        let users = Followed::new(vec![entrance.users.clone()]);
        let accounts = file.read()?;
        entrance.check(accounts.as_ref().is_some_and(|accounts| !accounts.is_empty()))?;
        let is_open = !entrance.is_remote() || entrance.exposure == Exposure::WithoutUsers;
        let access = Arc::new(Access::new(accounts, is_open, entrance.tls.is_some()));
        let mut followed = vec![users.reading(renewing(file, Arc::clone(&access)))];
        let tls = entrance.tls.as_ref().map(|files| tls(files, &mut followed)).transpose()?;
        let bind = || {
            let listener = TcpListener::bind(entrance.address)?;
            listener.set_nonblocking(true)?;
            let bound = listener.local_addr()?;
            Ok((listener, bound))
        };
        let (listener, bound) =
            bind().map_err(|source| ServerError::bind(entrance.address, source))?;
        let is_proxied = entrance.exposure != Exposure::Safe || !entrance.hosts.is_empty();
        let hosts = entrance.hosts.clone();
        let site = Arc::new(Site { bound, hosts, is_tls: tls.is_some(), is_proxied });
        Ok(Self { listener, access, site, tls, followed })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.site.bound
    }

    /// Answers from now on, on a thread of its own, until the handle is ended or dropped. Tables
    /// that need a process of their own are read by `table_program`, and processors are run on
    /// samples by `trial_program`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        self,
        service: Arc<dyn Service>,
        studio: Arc<Studio>,
        table_program: TableProgram,
        trial_program: TrialProgram,
        limits: Limits,
    ) -> Result<Serving, ServerError> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(limits.looks_max.max(1) + MORE_MAX)
            .thread_name("api-look")
            .build()
            .map_err(ServerError::Start)?;
        let listener = {
            let _entered = runtime.enter();
            tokio::net::TcpListener::from_std(self.listener).map_err(ServerError::Start)?
        };
        let ending = CancellationToken::new();
        let end = ending.clone().drop_guard();
        let Self { access, site, tls, followed, .. } = self;
        let app = App {
            engine: service,
            looks: Places::new(limits.looks_max.max(1), limits.look_max),
            edits: Places::new(EDITS_MAX, limits.edit_max),
            plans: Places::new(PLANS_MAX, limits.edit_max),
            searches: Places::new(SEARCHES_MAX, limits.search_max),
            logins: Places::new(LOGINS_MAX, limits.login_max),
            views: Views::new(VIEWS_MAX, limits.view_max),
            trials: Places::new(TRIALS_MAX, limits.trial_max),
            tries: Arc::new(Semaphore::new(TRIES_MAX)),
            verifications: Arc::new(Semaphore::new(VERIFICATIONS_MAX)),
            table_program: Arc::new(table_program),
            trial_program: Arc::new(trial_program),
            studio,
            presence: Arc::default(),
            metrics: Arc::new(Mutex::new(Metrics::new())),
            access,
            site,
            ending: ending.clone(),
        };
        runtime.spawn(routes::tell_status(app.clone()));
        runtime.spawn(routes::tell_presence(app.clone()));
        runtime.spawn(routes::keep_history(app.clone()));
        let router = routes::router(app, &limits);
        let following = follow(followed).map_err(ServerError::Start)?;
        let serve = move || {
            runtime.block_on(connections::serve(listener, router, tls, limits, ending));
            // A look that is stuck does not hold up the end.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("api".to_owned()).spawn(serve);
        Ok(Serving { end, thread: thread.map_err(ServerError::Start)?, _following: following })
    }
}

/// Takes the users anew. A file that is gone or damaged takes nobody's place: who is known stays.
fn renewing(
    file: AccountsFile,
    access: Arc<Access>,
) -> impl FnMut() -> Result<(), String> + Send + 'static {
    move || match file.read() {
        Ok(Some(accounts)) => {
            access.renew(accounts);
            Ok(())
        }
        Ok(None) => Err(format!("\"{}\" is gone", file.path().display())),
        Err(error) => Err(chain(&error)),
    }
}

fn tls(files: &TlsFiles, followed: &mut Vec<Followed>) -> Result<Arc<Tls>, ServerError> {
    let both = Followed::new(vec![files.certificate.clone(), files.key.clone()]);
    let tls = Arc::new(Tls::new(files.clone())?);
    let renewed = Arc::clone(&tls);
    followed.push(both.reading(move || {
        renewed.renew().map_err(|error| chain(&error))?;
        tracing::info!(target: "audit", "the certificate was renewed");
        Ok(())
    }));
    Ok(tls)
}

/// A server that answers.
#[derive(Debug)]
pub struct Serving {
    end: DropGuard,
    thread: JoinHandle<()>,
    _following: Following,
}

impl Serving {
    /// Takes no more requests, and lets those that are being answered finish within the limit for
    /// that. Blocks the thread until then.
    pub fn end(self) {
        drop(self.end);
        if self.thread.join().is_err() {
            tracing::error!("the thread of the server panicked, which is a bug");
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;
    use crate::access::Role;

    #[test]
    fn a_file_of_users_that_is_damaged_or_gone_changes_nobody_and_lets_nobody_in() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("users.json");
        let file = AccountsFile::new(path.clone());
        let add = |name: &'static str| {
            file.change(|all| all.create_token(name, Role::Viewer, 0, None)).unwrap()
        };
        let first = add("first");
        let access = Arc::new(Access::new(file.read().unwrap(), true, false));
        let mut renew = renewing(file.clone(), Arc::clone(&access));
        let role = |token: &str| {
            let mut headers = HeaderMap::new();
            if !token.is_empty() {
                headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
            }
            access.caller(&headers, std::time::Instant::now()).role
        };
        let written = std::fs::read(&path).unwrap();
        std::fs::write(&path, "{").unwrap();
        assert!(renew().unwrap_err().contains("holds no users"));
        std::fs::remove_file(&path).unwrap();
        assert!(renew().unwrap_err().contains("is gone"));
        assert_eq!((role(""), role(first.reveal())), (None, Some(Role::Viewer)));
        std::fs::write(&path, written).unwrap();
        let second = add("second");
        renew().unwrap();
        assert_eq!(role(second.reveal()), Some(Role::Viewer));
    }
}
