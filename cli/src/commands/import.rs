//! `tutti import`.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use flate2::read::MultiGzDecoder;
use serde_json::json;
use tutti_model::definition::Group;
use tutti_model::nifi::{self, IMPORT_MAX_BYTES, Imported, Note};

use crate::error::{CliError, FAILED};
use crate::flow_file;
use crate::output::{Results, say};

/// How a file begins that is compressed, as an instance's flow is.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Makes flows of what other programs call flows
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Subcommand)]
enum From {
    Nifi(Nifi),
}

/// Makes a flow of one of Apache NiFi
///
/// Takes the flow definition that NiFi's canvas downloads, or the flow.json.gz of an instance, and
/// writes NAME.json and NAME.layout.json. What cannot be taken over is told by name with the
/// reason; a processor of a type that is not here stays in the flow, which is not valid until
/// something takes its place. Secrets are not taken over: the parameters that need them are listed.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  everything was taken over, and the flow is valid\n  1  \
                  something was not, or the flow could not be written\n  2  wrong usage, an \
                  unreadable file, or one that is no flow of NiFi\n\nExamples:\n  tutti import \
                  nifi My_Group.json --to flows\n  tutti import nifi conf/flow.json.gz --name \
                  everything --json")]
struct Nifi {
    /// NiFi's file; "-" is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder that the flow is written to
    #[arg(long, value_name = "DIR", default_value = ".")]
    to: PathBuf,
    /// The name of the flow and of its file [default: that of the group]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Writes in place of a flow of this name that is there
    #[arg(long)]
    replace: bool,
    /// Prints what became of the flow as JSON on standard output
    #[arg(long)]
    json: bool,
}

impl Import {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let From::Nifi(nifi) = &self.from;
        nifi.run()
    }
}

impl Nifi {
    fn run(&self) -> Result<ExitCode, CliError> {
        let text = self.text()?;
        let catalog = crate::catalog::catalog();
        let imported = nifi::import(&text, self.name.as_deref(), &catalog)
            .map_err(|source| CliError::Import { path: self.file.clone(), source })?;
        let flow = self.to.join(format!("{}.json", imported.flow.name.value));
        let layout = flow.with_extension("layout.json");
        if !self.replace
            && let Some(path) = [&flow, &layout].into_iter().find(|path| path.exists())
        {
            return Err(CliError::IsThere { path: path.clone() });
        }
        write(&flow, &tutti_model::fmt::write(&imported.flow))?;
        write(&layout, &imported.layout.format())?;
        if self.json {
            let mut results = Results::new();
            results.pretty(&as_json(&imported, &flow, &layout))?;
            results.finish()?;
        } else {
            tell(&imported, &flow, &layout)?;
        }
        Ok(if imported.refused.is_empty() { ExitCode::SUCCESS } else { FAILED.into() })
    }

    /// The text of the file, unpacked where it is compressed.
    fn text(&self) -> Result<String, CliError> {
        let failed = |source| CliError::Read { path: self.file.clone(), source };
        let bytes = if flow_file::is_standard_input(&self.file) {
            some(io::stdin().lock()).map_err(CliError::Input)?
        } else {
            File::open(&self.file).and_then(some).map_err(failed)?
        };
        let bytes = if bytes.starts_with(&GZIP) {
            some(MultiGzDecoder::new(bytes.as_slice())).map_err(failed)?
        } else {
            bytes
        };
        String::from_utf8(bytes)
            .map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidData, error.utf8_error())))
    }
}

/// Reads to the end, or so far that one can tell that it is too long for a flow.
fn some(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(IMPORT_MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file as a whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| {
        // What the user's mask leaves of this: others may read a flow.
        let rights = fs::Permissions::from_mode(0o666);
        let mut file = tempfile::Builder::new().permissions(rights).tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)
    });
    written.map(drop).map_err(|source| CliError::Write { path: path.to_owned(), source })
}

fn tell(imported: &Imported, flow: &Path, layout: &Path) -> Result<(), CliError> {
    let mut results = Results::new();
    let parts = [
        ("not taken over", &imported.refused),
        ("written in another way", &imported.changed),
        ("secrets to be given when the flow is run", &imported.secrets),
    ];
    for (heading, notes) in parts.into_iter().filter(|(_, notes)| !notes.is_empty()) {
        results.line(&format!("{heading}:"))?;
        for note in notes {
            results.line(&format!("  {}", in_words(note)))?;
        }
    }
    results.finish()?;
    let (processors, connections) = counts(&imported.flow.root);
    say(&format!(
        "wrote {} ({processors} processors, {connections} connections) and {}: {} not taken over",
        flow.display(),
        layout.display(),
        imported.refused.len(),
    ));
    if !imported.refused.is_empty() {
        say(&format!("what is left to do: tutti validate {}", flow.display()));
    }
    Ok(())
}

fn in_words(note: &Note) -> String {
    let Note { kind, path, member, reason } = note;
    let path = if path.is_empty() { String::new() } else { format!(" {path:?}") };
    let member = member.as_ref().map(|member| format!(", {member:?}")).unwrap_or_default();
    let reason = reason.replace(char::is_control, " ");
    format!("{kind}{path}{member}: {reason}")
}

fn as_json(imported: &Imported, flow: &Path, layout: &Path) -> serde_json::Value {
    let (processors, connections) = counts(&imported.flow.root);
    json!({
        "flow": flow,
        "layout": layout,
        "processors": processors,
        "connections": connections,
        "refused": imported.refused,
        "changed": imported.changed,
        "secrets": imported.secrets,
    })
}

/// How many processors and connections there are in a group and those in it.
fn counts(group: &Group) -> (usize, usize) {
    let inner = group.groups.values().map(|group| counts(group));
    let own = (group.processors.len(), group.connections.len());
    inner.fold(own, |sum, inner| (sum.0 + inner.0, sum.1 + inner.1))
}
