//! What ends a command, with the exit code that says so.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use tutti_model::chain;
use tutti_runtime::EngineError;
use tutti_server::{AccountsError, ServerError};

/// Something failed while working.
pub(crate) const FAILED: u8 = 1;
/// Wrong usage, an unreadable file, or a flow with mistakes.
pub(crate) const WRONG: u8 = 2;

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// A file cannot be read.
    #[error("cannot read \"{path}\"", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error(
        "cannot write \"{path}\": check that there is room, and that it and its folder may be \
         written",
        path = path.display()
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A recording cannot be analysed.
    #[error("\"{path}\" cannot be analysed", path = path.display())]
    Analyze {
        /// The file.
        path: PathBuf,
        /// Why.
        source: tutti_audio::score::AnalyzeError,
    },
    /// The configuration file is wrong.
    #[error("the configuration file \"{path}\" is wrong", path = path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<toml::de::Error>,
    },
    /// A file of parameters is wrong. What its values are is never told.
    #[error(
        "\"{path}\" holds no parameters: write an object of texts, such as \
         {{\"input\": \"recordings\"}} (line {line}, column {column})",
        path = path.display()
    )]
    Parameters {
        /// The file.
        path: PathBuf,
        /// The line of the mistake, from 1.
        line: usize,
        /// The column of the mistake, from 1.
        column: usize,
    },
    /// The log filter is wrong.
    #[error("\"{filter}\" is not a log filter: write a level such as \"info\"")]
    LogFilter {
        /// What was given.
        filter: String,
        /// What is wrong with it.
        source: tracing_subscriber::filter::ParseError,
    },
    /// There is no such type of processor or service.
    #[error("there is no {what} \"{name}\": {help}")]
    UnknownType {
        /// What it would be a type of.
        what: &'static str,
        /// What was asked for.
        name: String,
        /// What may have been meant.
        help: String,
    },
    /// There is no such function.
    #[error("there is no function \"{name}\": {help}")]
    UnknownFunction {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        help: String,
    },
    /// A folder holds nothing that could be a flow.
    #[error("there is no flow, no file \"*.json\", in \"{}\"", folder.display())]
    NoFlows {
        /// The folder.
        folder: PathBuf,
    },
    /// A flow has no tests.
    #[error(
        "the flow \"{path}\" has no tests: they lie beside it, in \"{tests}\"",
        path = path.display(),
        tests = path.with_extension("tests.json").display()
    )]
    NoTests {
        /// The flow's file.
        path: PathBuf,
    },
    /// A part of the log's filter is neither a level nor a target with one.
    #[error(
        "\"{word}\" is no level of the log: write one of {levels}, or a target with one, as in \
         flow=debug"
    )]
    LogLevel {
        /// What was written.
        word: String,
        /// The levels.
        levels: String,
    },
    /// What stands behind `tutti diff` is not what it compares.
    #[error("{count} files cannot be compared: name the old flow and the new one")]
    DiffFiles {
        /// How many files were named.
        count: usize,
    },
    /// A file is no flow of NiFi.
    #[error("\"{path}\" cannot be imported", path = path.display())]
    Import {
        /// The file.
        path: PathBuf,
        /// Why.
        source: tutti_model::nifi::ImportError,
    },
    /// A file that would be written is there already.
    #[error(
        "\"{path}\" is there already: --replace writes another in its place",
        path = path.display()
    )]
    IsThere {
        /// The file.
        path: PathBuf,
    },
    /// There is no such thing in the data folder.
    #[error("there is no {what} \"{name}\" in the data folder: {help}")]
    NotInFolder {
        /// What was looked for, in words.
        what: &'static str,
        /// Its name.
        name: String,
        /// What may have been meant.
        help: String,
    },
    /// The flow has no such processor.
    #[error("the flow \"{flow}\" has no processor \"{path}\": {help}")]
    NotInFlow {
        /// The flow's name.
        flow: String,
        /// What was looked for.
        path: String,
        /// What may have been meant.
        help: String,
    },
    /// A flowfile that is parked cannot be brought back.
    #[error("the flowfile \"{uuid}\" stays parked: {reason}")]
    StaysParked {
        /// The flowfile.
        uuid: String,
        /// Why.
        reason: String,
    },
    /// Content cannot be read from the data folder.
    #[error("the content of flowfile {number} cannot be read")]
    Content {
        /// The flowfile's number in its queue.
        number: u64,
        /// What the system said.
        source: io::Error,
    },
    /// There is no such kind of mistake.
    #[error("there is no kind of mistake \"{code}\": \"tutti explain\" lists all")]
    UnknownCode {
        /// What was asked for.
        code: String,
    },
    /// An expression is not well formed.
    #[error("the expression cannot be read")]
    Expression(#[from] tutti_expression::ParseError),
    /// An expression has no value.
    #[error("the expression cannot be evaluated")]
    Evaluate(#[from] tutti_expression::EvaluateError),
    /// The data folder cannot be used.
    #[error("{}", .0.chain())]
    Repository(Arc<tutti_store::StoreError>),
    /// The flow cannot be run.
    #[error("the flow \"{flow}\" cannot be run: {}", compile_errors(errors))]
    Compile {
        /// Its name.
        flow: String,
        /// All that hinders it.
        errors: Vec<tutti_runtime::CompileError>,
    },
    /// The engine ended too early.
    #[error("the engine ended")]
    Engine(#[source] EngineError),
    /// The server does not serve.
    #[error("the server does not serve")]
    Server(#[from] ServerError),
    /// Users or tokens cannot be read or changed.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// What was written twice is not the same.
    #[error("the two passwords differ: nothing was changed")]
    PasswordsDiffer,
    /// A certificate without its key, or the reverse.
    #[error(
        "the configuration file \"{}\" has only one of \"tls-certificate\" and \"tls-key\": TLS \
         needs both",
        path.display()
    )]
    HalfTls {
        /// The file.
        path: PathBuf,
    },
    /// A file that should hold certificates does not.
    #[error("\"{}\" holds no certificates in the form PEM", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
    },
    /// A token would cross a network in the clear.
    #[error("a token is not sent over a network without TLS: \"{url}\"")]
    TokenInTheClear {
        /// Where it would have gone.
        url: String,
    },
    /// What should be a token is none.
    #[error("the token is no token: it is one line that begins with \"tutti_\"")]
    NoToken,
    /// The server does not answer.
    #[error("\"{url}\" does not answer")]
    NoAnswer {
        /// What was asked for.
        url: String,
        /// What the client said.
        source: reqwest::Error,
    },
    /// The server answers, and does not do what it was asked.
    #[error("{detail}\n  = it is \"{url}\" that answers so, with {status}")]
    Refused {
        /// What was asked for.
        url: String,
        /// The answer.
        status: reqwest::StatusCode,
        /// What it says about that.
        detail: String,
        /// What it calls that.
        code: Option<String>,
    },
    /// The server's answer is another one than this program knows.
    #[error("the server's answer cannot be understood: is it of another version?")]
    Answer {
        /// What is not so.
        source: serde_json::Error,
    },
    /// A flow cannot be called so.
    #[error("no flow is called \"{name}\"")]
    FlowName {
        /// The name.
        name: String,
    },
    /// The system gives no threads or no signals.
    #[error("the system does not give what running needs")]
    Threads(#[source] io::Error),
    /// Standard input cannot be read.
    #[error("cannot read standard input")]
    Input(#[source] io::Error),
    /// Standard output cannot be written.
    #[error("cannot write to standard output")]
    Output(#[source] io::Error),
}

impl CliError {
    /// Whether whoever read the output has had enough, as `head` has.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// What the process ends with.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Server(
                ServerError::NoUsers(_) | ServerError::NoTls(_) | ServerError::Host(_),
            ) => WRONG.into(),
            Self::Evaluate(_)
            | Self::Input(_)
            | Self::Output(_)
            | Self::Threads(_)
            | Self::Server(_)
            | Self::Accounts(_)
            | Self::NoAnswer { .. }
            | Self::Refused { .. }
            | Self::Answer { .. }
            | Self::Repository(_)
            | Self::NotInFolder { .. }
            | Self::StaysParked { .. }
            | Self::Content { .. }
            | Self::Analyze { .. }
            | Self::Engine(_) => FAILED.into(),
            _ => WRONG.into(),
        }
    }

    /// What to do about it, as far as the message does not say so.
    pub(crate) fn help(&self) -> Option<&str> {
        match self {
            Self::Repository(error) => Some(error.help()),
            Self::Server(ServerError::NoUsers(_)) => Some(
                "add one with \"tutti user add NAME --role admin\" and the same --data; \
                 --allow-remote-access=without-users is only for behind a proxy that asks",
            ),
            Self::Server(ServerError::NoTls(_)) => Some(
                "give --tls-certificate and --tls-key; --allow-remote-access is only for behind a \
                 proxy that speaks TLS",
            ),
            Self::TokenInTheClear { .. } => Some("ask \"https://…\", or a loopback address"),
            Self::Read { source, .. } => Some(match source.kind() {
                io::ErrorKind::NotFound => "check how it is written, and from which folder",
                io::ErrorKind::PermissionDenied => "let this user read it",
                io::ErrorKind::IsADirectory => "name a file in it",
                io::ErrorKind::InvalidData => "save it as UTF-8",
                io::ErrorKind::FileTooLarge => "check that it is the right file",
                _ => "check that it is a file, and its disk in order",
            }),
            Self::NoAnswer { .. } => {
                Some("check that \"tutti serve\" runs, and that this is where it listens")
            }
            _ => None,
        }
    }

    /// The error and everything behind it, on one line.
    pub(crate) fn chain(&self) -> String {
        chain(self)
    }
}

fn compile_errors(errors: &[tutti_runtime::CompileError]) -> String {
    errors.iter().map(|error| chain(error)).collect::<Vec<_>>().join("; ")
}

impl From<EngineError> for CliError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Threads(source) => Self::Threads(source),
            EngineError::Repository(error) => Self::Repository(error),
            EngineError::Compile { flow, errors } => Self::Compile { flow, errors },
            error => Self::Engine(error),
        }
    }
}
