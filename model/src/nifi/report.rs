//! What is told of a flow that was taken over.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Serialize;

/// What is told of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What it is, in words: `processor`, `remote process group`.
    pub kind: Cow<'static, str>,
    /// Its path of names: as it is called here, or in NiFi where it is not here.
    pub path: String,
    /// The member of it that is meant, as NiFi calls it; nothing for the thing as a whole.
    pub member: Option<String>,
    /// Why, and what to do.
    pub reason: String,
}

#[derive(Default)]
pub(super) struct Report {
    pub(super) refused: Vec<Note>,
    pub(super) changed: Vec<Note>,
    pub(super) secrets: Vec<Note>,
    /// Things of which something was refused.
    things: HashSet<(Cow<'static, str>, String)>,
}

fn note(
    kind: impl Into<Cow<'static, str>>,
    path: &str,
    member: Option<&str>,
    reason: impl Into<String>,
) -> Note {
    let (kind, path) = (kind.into(), path.to_owned());
    Note { kind, path, member: member.map(str::to_owned), reason: reason.into() }
}

impl Report {
    pub(super) fn refused(
        &mut self,
        kind: impl Into<Cow<'static, str>>,
        path: &str,
        member: Option<&str>,
        reason: impl Into<String>,
    ) {
        let note = note(kind, path, member, reason);
        self.things.insert((note.kind.clone(), note.path.clone()));
        self.refused.push(note);
    }

    pub(super) fn changed(
        &mut self,
        kind: impl Into<Cow<'static, str>>,
        path: &str,
        member: Option<&str>,
        reason: impl Into<String>,
    ) {
        self.changed.push(note(kind, path, member, reason));
    }

    pub(super) fn secret(
        &mut self,
        kind: impl Into<Cow<'static, str>>,
        path: &str,
        member: Option<&str>,
        reason: impl Into<String>,
    ) {
        self.secrets.push(note(kind, path, member, reason));
    }

    /// Whether something of this thing was refused already.
    pub(super) fn is_refused(&self, kind: &str, path: &str) -> bool {
        self.things.contains(&(Cow::Owned(kind.to_owned()), path.to_owned()))
    }
}
