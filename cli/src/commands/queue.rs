//! `tutti queue`.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use tutti_model::flowfile::{Content, FlowFile};
use tutti_store::{Listed, QueueId, Repository};

use crate::data_folder::{self, DataArguments};
use crate::error::CliError;
use crate::output::{Results, say};
use crate::settings::Settings;

/// How many flowfiles are held at a time, however long a queue is.
const PAGE: usize = 10_000;

/// Shows what is in the queues of a data folder
///
/// No other command may work with the folder meanwhile. Nothing in the queues is changed.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  all went well\n  1  the folder cannot be opened, or there is \
                  no such queue or flowfile\n\nExamples:\n  tutti queue list --data DIR\n  tutti \
                  queue list 'copy/Get [success] -> Put' --data DIR\n  tutti queue export \
                  'copy/Get [success] -> Put' --to stuck --data DIR"
)]
pub(crate) struct Queue {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists all queues, or the flowfiles of one in the order in which they came
    List {
        /// The queue, as the list of queues names it: FLOW/CONNECTION
        #[arg(value_name = "QUEUE")]
        queue: Option<String>,
        /// Lists at most so many flowfiles
        #[arg(long, value_name = "COUNT", requires = "queue")]
        limit: Option<u64>,
        #[command(flatten)]
        data: DataArguments,
        /// Prints each as one line of JSON
        #[arg(long)]
        json: bool,
    },
    /// Shows the attributes of one flowfile, and how its content begins
    Peek {
        #[command(flatten)]
        one: One,
        /// Shows so many bytes of content
        #[arg(long, value_name = "COUNT", default_value_t = 1024)]
        bytes: u64,
        #[command(flatten)]
        data: DataArguments,
        /// Prints its attributes as one line of JSON, without content
        #[arg(long)]
        json: bool,
    },
    /// Writes flowfiles into a folder: NUMBER.json with the attributes, and NUMBER.content
    ///
    /// They stay in the queue. Of content that is made when it is read, such as decoded audio, what
    /// it is made from is written.
    Export {
        #[command(flatten)]
        one: One,
        /// The folder, which is made if it is not there
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        #[command(flatten)]
        data: DataArguments,
    },
}

/// Which flowfiles of a queue are meant.
#[derive(Debug, Args)]
struct One {
    /// The queue, as "tutti queue list" names it: FLOW/CONNECTION
    #[arg(value_name = "QUEUE")]
    queue: String,
    /// Only the flowfile with this "uuid"
    #[arg(long, value_name = "UUID")]
    uuid: Option<String>,
}

impl Queue {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let data = match &self.action {
            Action::List { data, .. } | Action::Peek { data, .. } | Action::Export { data, .. } => {
                data
            }
        };
        let repository = data_folder::open_existing(&data.folder(settings))?;
        let done = match &self.action {
            Action::List { queue: None, json, .. } => queues(&repository, *json),
            Action::List { queue: Some(queue), limit, json, .. } => {
                list(&repository, queue, limit.unwrap_or(u64::MAX), *json)
            }
            Action::Peek { one, bytes, json, .. } => peek(&repository, one, *bytes, *json),
            Action::Export { one, to, .. } => export(&repository, one, to),
        };
        data_folder::close(repository, done)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn queues(repository: &Repository, is_json: bool) -> Result<(), CliError> {
    let mut results = Results::new();
    for (name, id) in repository.queues() {
        let counts = repository.counts(id).map_err(data_folder::failed)?;
        if is_json {
            let (flowfiles, bytes) = (counts.flowfiles, counts.bytes);
            results.json(&json!({ "queue": name, "flowfiles": flowfiles, "bytes": bytes }))?;
        } else {
            let name = name.escape_debug();
            results.line(&format!("{:>10}  {:>14} B  {name}", counts.flowfiles, counts.bytes))?;
        }
    }
    results.finish()
}

fn list(repository: &Repository, queue: &str, limit: u64, is_json: bool) -> Result<(), CliError> {
    let id = find(repository, queue)?;
    let mut results = Results::new();
    let mut count = 0;
    visit(repository, id, |listed| {
        if count == limit {
            return Ok(false);
        }
        count += 1;
        if is_json {
            results.json(&as_json(listed))?;
        } else {
            results.line(&in_words(listed))?;
        }
        Ok(true)
    })?;
    results.finish()
}

fn peek(repository: &Repository, one: &One, bytes: u64, is_json: bool) -> Result<(), CliError> {
    let id = find(repository, &one.queue)?;
    let mut results = Results::new();
    let mut is_found = false;
    visit(repository, id, |listed| {
        if one.is_meant(&listed.flowfile) {
            is_found = true;
            if is_json {
                results.json(&as_json(listed))?;
            } else {
                show(repository, listed, bytes, &mut results)?;
            }
        }
        Ok(!is_found)
    })?;
    results.finish()?;
    one.found(is_found)
}

fn export(repository: &Repository, one: &One, to: &Path) -> Result<(), CliError> {
    let id = find(repository, &one.queue)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| CliError::Write { path, source }
    };
    fs::create_dir_all(to).map_err(failed(to))?;
    let mut count = 0_u64;
    visit(repository, id, |listed| {
        if !one.is_meant(&listed.flowfile) {
            return Ok(true);
        }
        let Listed { sequence, flowfile, .. } = listed;
        // Numbers, as no attribute is safe to be the name of a file.
        let path = to.join(format!("{sequence:010}.content"));
        let mut file = File::create(&path).map_err(failed(&path))?;
        if let Some(mut content) = content(repository, *sequence, flowfile)? {
            io::copy(&mut content, &mut file).map_err(failed(&path))?;
        }
        let path = path.with_extension("json");
        let text = format!("{:#}\n", as_json(listed));
        fs::write(&path, text).map_err(failed(&path))?;
        count += 1;
        Ok(true)
    })?;
    say(&format!("written to \"{}\": {count}", to.display()));
    one.found(count > 0 || one.uuid.is_none())
}

impl One {
    fn is_meant(&self, flowfile: &FlowFile) -> bool {
        self.uuid.as_ref().is_none_or(|uuid| uuid == flowfile.uuid())
    }

    fn found(&self, is_found: bool) -> Result<(), CliError> {
        if is_found {
            return Ok(());
        }
        let (what, name) = match &self.uuid {
            Some(uuid) => ("flowfile", uuid.clone()),
            None => ("flowfile in queue", self.queue.clone()),
        };
        let help = "\"tutti queue list QUEUE\" shows what there is".to_owned();
        Err(CliError::NotInFolder { what, name, help })
    }
}

/// The queue of that name.
fn find(repository: &Repository, name: &str) -> Result<QueueId, CliError> {
    let queues = repository.queues();
    if let Some(id) = queues.get(name) {
        return Ok(*id);
    }
    let meant = tutti_model::nearest(name, queues.keys().map(String::as_str));
    let help = match meant {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => "\"tutti queue list\" shows all".to_owned(),
    };
    Err(CliError::NotInFolder { what: "queue", name: name.to_owned(), help })
}

/// Shows the flowfiles of a queue to `see`, until it has seen enough.
fn visit(
    repository: &Repository,
    id: QueueId,
    mut see: impl FnMut(&Listed) -> Result<bool, CliError>,
) -> Result<(), CliError> {
    let mut after = 0;
    loop {
        let page = repository.list(id, after, PAGE).map_err(data_folder::failed)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.sequence;
        for listed in &page {
            if !see(listed)? {
                return Ok(());
            }
        }
    }
}

/// The bytes of a flowfile, or what they are made from; none of one that has none.
fn content(
    repository: &Repository,
    number: u64,
    flowfile: &FlowFile,
) -> Result<Option<impl Read>, CliError> {
    let Content::Stored(slice) = flowfile.content().original() else { return Ok(None) };
    let opened = repository.open_content(&slice);
    opened.map(Some).map_err(|error| CliError::Content { number, source: error.into() })
}

fn in_words(listed: &Listed) -> String {
    let Listed { sequence, flowfile, .. } = listed;
    let name = flowfile.attribute("filename").unwrap_or_default().escape_debug();
    format!(
        "{sequence:>10}  {}  {}  {:>12} B  {name}",
        flowfile.uuid().escape_debug(),
        flowfile.entry_date(),
        flowfile.size_bytes(),
    )
}

fn as_json(listed: &Listed) -> Value {
    let Listed { sequence, flowfile, .. } = listed;
    let derived = match flowfile.content() {
        Content::Derived(derived) => Some(&*derived.kind),
        _ => None,
    };
    json!({
        "number": sequence,
        "uuid": flowfile.uuid(),
        "bytes": flowfile.size_bytes(),
        "derived": derived,
        "entered": flowfile.entry_date().to_string(),
        "attempts": flowfile.attempts(),
        "attributes": flowfile.attributes(),
    })
}

fn show(
    repository: &Repository,
    listed: &Listed,
    bytes: u64,
    results: &mut Results,
) -> Result<(), CliError> {
    let Listed { sequence, flowfile, .. } = listed;
    results.line(&in_words(listed))?;
    for (name, value) in flowfile.attributes().iter() {
        results.line(&format!("  {}: {value:?}", name.escape_debug()))?;
    }
    if let Content::Derived(derived) = flowfile.content() {
        results.line(&format!("content ({}), made from:", derived.kind.escape_debug()))?;
    }
    let Some(content) = content(repository, *sequence, flowfile)? else {
        return results.line("no content");
    };
    let mut begin = Vec::new();
    let number = *sequence;
    content
        .take(bytes)
        .read_to_end(&mut begin)
        .map_err(|source| CliError::Content { number, source })?;
    results.line("")?;
    lines(&begin).iter().try_for_each(|line| results.line(line))
}

/// Text as it is, in lines; in hexadecimal what is no text, or would steer a terminal.
fn lines(bytes: &[u8]) -> Vec<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        // A character may be cut where enough has been read.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(bytes.get(..error.valid_up_to()).unwrap_or_default()).ok()
        }
        Err(_) => None,
    };
    let is_text = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
    let text = text.map(|text| text.replace("\r\n", "\n"));
    if let Some(text) = text.filter(|text| text.chars().all(is_text)) {
        return text.lines().map(str::to_owned).collect();
    }
    let rows = bytes.chunks(16).enumerate().map(|(index, row)| {
        let hex: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
        let seen = |byte: &u8| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' };
        let text: String = row.iter().map(seen).collect();
        format!("{:08x}  {:<47}  {text}", index * 16, hex.join(" "))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use tutti_model::flowfile::Timestamp;
    use tutti_store::{Backend, Commit, Options};

    use super::*;

    #[test]
    fn every_flowfile_of_a_queue_of_several_pages_is_seen_once_and_in_order() {
        let options = Options { has_flusher: false, ..Options::default() };
        let repository = Repository::open_with(&Backend::memory(), options).unwrap();
        let queue = repository.open_queue("long").unwrap();
        let count = 2 * PAGE + 1;
        let new = |_| (queue, FlowFile::new(repository.next_id(), Timestamp(0)));
        let put = (0..count).map(new).collect();
        repository.commit(Commit { put, ..Commit::default() }).unwrap();
        let mut seen = Vec::new();
        visit(&repository, queue, |listed| {
            seen.push(listed.sequence);
            Ok(true)
        })
        .unwrap();
        assert_eq!(seen.len(), count);
        assert!(seen.is_sorted_by(|one, next| one < next));
        let mut few = 0;
        visit(&repository, queue, |_| {
            few += 1;
            Ok(few < 3)
        })
        .unwrap();
        assert_eq!(few, 3);
    }

    #[test]
    fn content_is_shown_as_text_where_it_is_one_and_steers_no_terminal() {
        let shown = |bytes: &[u8]| lines(bytes);
        assert_eq!(shown("é\tb\r\nc".as_bytes()), ["é\tb", "c"]);
        assert_eq!(shown(b"a\rb").len(), 1);
        assert!(shown(b"a\rb")[0].contains("61 0d 62"));
        assert_eq!(shown(&"aé".as_bytes()[..2]), ["a"]);
        let hex = "00000000  61 1b 5b 6d                                      a.[m";
        assert_eq!(shown(b"a\x1b[m"), [hex]);
        assert_eq!(shown(&[0xff; 17]).len(), 2);
        assert!(shown(b"").is_empty());
    }
}
