//! What differs between two flows, in lines.

use std::io;

use tutti_model::diff::{Change, ChangeKind, HIDDEN, MemberChange};

use crate::error::CliError;
use crate::output::{self, Results};

/// Writes each change, with the members that differ.
pub(crate) fn tell(changes: &[Change], results: &mut Results) -> Result<(), CliError> {
    let has_colours = output::has_colours(&io::stdout());
    for change in changes {
        let (sign, colour) = match change.kind {
            ChangeKind::Added => ('+', "\u{1b}[32m"),
            ChangeKind::Removed => ('-', "\u{1b}[31m"),
            ChangeKind::Changed => ('~', "\u{1b}[33m"),
            ChangeKind::Renamed | ChangeKind::Moved => ('>', "\u{1b}[36m"),
        };
        let line = format!("{sign} {}", headline(change));
        let line = if has_colours { format!("{colour}{line}\u{1b}[0m") } else { line };
        results.line(&line)?;
        for member in &change.members {
            results.line(&format!("    {}", in_words(member)))?;
        }
    }
    Ok(())
}

fn headline(change: &Change) -> String {
    let Change { element, was, .. } = change;
    let Some(element) = element else { return "flow".to_owned() };
    match was {
        Some(was) => format!("{} {was:?} -> {:?}", element.kind, element.path),
        None => format!("{} {:?}", element.kind, element.path),
    }
}

fn in_words(change: &MemberChange) -> String {
    let MemberChange { member, before, after } = change;
    let member = member.escape_debug();
    let shown = |value: &String| {
        if value == HIDDEN { value.clone() } else { format!("{value:?}") }
    };
    match (before, after) {
        (Some(before), Some(after)) => format!("{member}: {} -> {}", shown(before), shown(after)),
        (Some(only), None) => format!("{member}: - {}", shown(only)),
        (None, Some(only)) => format!("{member}: + {}", shown(only)),
        (None, None) => member.to_string(),
    }
}
