//! `tutti diff`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use tutti_model::definition::FlowDefinition;
use tutti_model::diff::{Change, ChangeKind};

use crate::error::{CliError, WRONG};
use crate::output::{Results, complain, say};
use crate::{changes, flow_file, layout_file, tests_file};

/// What the process ends with when flows differ, as diff(1) does.
const DIFFERENT: u8 = 1;

/// Where git says that there is no file.
const NO_FILE: &str = "/dev/null";

/// Shows what differs between two flows in what they mean
///
/// Order, spelling and spelled out defaults make no difference, nor does the layout. What has
/// another name or place and is the same otherwise is shown as renamed or moved. Values that may be
/// secrets are not shown.
#[derive(Debug, Args)]
#[command(
    override_usage = "tutti diff [OPTIONS] <OLD> <NEW>",
    after_help = "Exit codes:\n  0  the flows mean the same; with --git, they were compared\n  \
                  1  they differ\n  2  wrong usage, an unreadable file, or text that is no \
                  flow\n\nExamples:\n  tutti diff old.json new.json\n  git difftool --no-prompt \
                  --extcmd 'tutti diff' HEAD~1 -- flows\n\nTo have git diff show flows so:\n  git \
                  config diff.tutti.command 'tutti diff --git'\n  echo 'flows/*.json diff=tutti' \
                  >> .gitattributes"
)]
pub(crate) struct Diff {
    /// The old flow's file, then the new one's; "-" is standard input, and /dev/null no flow
    #[arg(required = true, value_name = "FILE", num_args = 1..)]
    files: Vec<PathBuf>,
    /// Prints the changes as JSON on standard output
    #[arg(long)]
    json: bool,
    /// Takes the arguments that git gives an external diff; flows that differ are no failure then
    #[arg(long, conflicts_with = "json")]
    git: bool,
}

impl Diff {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        if self.git {
            return self.for_git();
        }
        let [old, new] = &self.files[..] else {
            return Err(CliError::DiffFiles { count: self.files.len() });
        };
        // Both are read, so that all that is wrong is told at once.
        let (old, new) = (read(old), read(new));
        let (Some(old), Some(new)) = (old, new) else { return Ok(WRONG.into()) };
        let changes = tutti_model::diff::diff(&old, &new, &crate::catalog::catalog());
        let mut results = Results::new();
        if self.json {
            results.pretty(&changes)?;
        } else {
            changes::tell(&changes, &mut results)?;
            say(&sum(&changes));
        }
        results.finish()?;
        Ok(if changes.is_empty() { ExitCode::SUCCESS } else { DIFFERENT.into() })
    }

    /// Arguments as in git(1), `GIT_EXTERNAL_DIFF`: the path, the old file with its hash and mode,
    /// the new one with its, and where it was renamed its new path and what git says of that. Of a
    /// file that is not merged yet there is only its path. Git takes any other end than 0 for a
    /// failure, and shows no other file after it.
    fn for_git(&self) -> Result<ExitCode, CliError> {
        let mut results = Results::new();
        let (path, old, new, renamed) = match &self.files[..] {
            [path] => {
                results.line(&format!("flow {}: not merged yet", path.display()))?;
                results.finish()?;
                return Ok(ExitCode::SUCCESS);
            }
            [path, old, _, _, new, _, _] => (path, old, new, None),
            [path, old, _, _, new, _, _, renamed, ..] => (path, old, new, Some(renamed)),
            other => return Err(CliError::DiffFiles { count: other.len() }),
        };
        let arrow = renamed.map(|to| format!(" -> {}", to.display())).unwrap_or_default();
        results.line(&format!("flow {}{arrow}", path.display()))?;
        if layout_file::is_layout(path) {
            results.line("  only where things lie on the canvas")?;
        } else if tests_file::is_tests(path) {
            results.line("  only its tests")?;
        } else if let (Some(old), Some(new)) = (read(old), read(new)) {
            let changes = tutti_model::diff::diff(&old, &new, &crate::catalog::catalog());
            changes::tell(&changes, &mut results)?;
            if changes.is_empty() {
                results.line("  other text, the same meaning")?;
            }
        } else {
            results.line("  not compared: one of the two is no flow")?;
        }
        results.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The flow at `path`, if its text can be understood as a whole; otherwise what is wrong is told.
fn read(path: &Path) -> Option<FlowDefinition> {
    if path == Path::new(NO_FILE) {
        return Some(FlowDefinition::default());
    }
    let wrong = match flow_file::read(path) {
        Err(error) => {
            complain(&error);
            return None;
        }
        Ok(Err(unreadable)) => unreadable,
        Ok(Ok(flow)) => match flow.unread() {
            none if none.is_empty() => return Some(flow),
            wrong => wrong,
        },
    };
    for finding in wrong.iter().filter(|finding| finding.is_error()) {
        say(&format!("{finding}\n"));
    }
    flow_file::say_more(&wrong);
    None
}

fn sum(changes: &[Change]) -> String {
    let kinds = [
        ChangeKind::Added,
        ChangeKind::Removed,
        ChangeKind::Changed,
        ChangeKind::Renamed,
        ChangeKind::Moved,
    ];
    let counted = kinds.iter().filter_map(|kind| {
        let count = changes.iter().filter(|change| change.kind == *kind).count();
        (count > 0).then(|| format!("{count} {kind}"))
    });
    match counted.collect::<Vec<_>>() {
        none if none.is_empty() => "the flows mean the same".to_owned(),
        some => some.join(", "),
    }
}
