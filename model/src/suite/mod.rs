//! The tests of a flow, `NAME.tests.json` beside `NAME.json`: typed, with the place of every part.
//!
//! Only says what is given and what is expected; running a flow and looking at what it did is not
//! done here.

mod check;
mod matcher;
mod path;
mod schema;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::bulletin::Level;
use crate::definition::Named;
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::flowfile::Timestamp;
use crate::provenance::EventType;
use crate::report::Report;
use crate::text::{Located, Place, Source};

pub use check::{check, ways};
pub use matcher::{Check, ContentCheck, Matcher};
pub use path::{PathError, ValuePath};
pub use schema::suite_schema;

/// What stands for the folder that a test is let out to, in values of parameters.
pub const FOLDER: &str = "{folder}";

/// The version of the format of tests.
pub const SUITE_VERSION: u32 = 1;

/// When a test begins that does not say when: 2026-01-01T00:00:00Z.
pub const START: Timestamp = Timestamp(1_767_225_600_000);

/// The most tests of one file.
pub const TESTS_MAX: usize = 1_000;

/// The most flowfiles that one test gives, and how often one thing is repeated.
pub const TIMES_MAX: u64 = 10_000;

/// The tests of one flow, as they were written.
#[derive(Debug, Clone, Default)]
pub struct Suite {
    /// Values of parameters for all tests.
    pub parameters: BTreeMap<String, Located<String>>,
    /// The tests by their names.
    pub tests: Named<Test>,
    pub(crate) source: Source,
    pub(crate) report: Report,
    /// Whether nothing but its beginning could be read.
    pub(crate) is_opaque: bool,
}

impl Suite {
    /// Reads tests. What cannot be read is noted and left out.
    pub fn parse(document: &Document) -> Self {
        crate::read::suite(document)
    }

    /// What could not be read, in the order of the text.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.report.clone().finish(&self.source)
    }
}

/// One test: what is given to a flow, and what must come of it.
#[derive(Debug, Clone)]
pub struct Test {
    /// What it is for.
    pub description: String,
    /// Values of parameters, which count more than those for all tests.
    pub parameters: BTreeMap<String, Located<String>>,
    /// When it begins.
    pub clock: Timestamp,
    /// What its chance begins with.
    pub seed: u64,
    /// How long the flow runs on its clock; without it until there is nothing left to do.
    pub run_for: Option<Duration>,
    /// Whether what reads or writes outside of the flow does so.
    pub outside: bool,
    /// Files in the folder that it is let out to, by their paths there.
    pub files: Named<NewContent>,
    /// Flowfiles by the processors that they are given to, or that make them.
    pub given: Named<Vec<Given>>,
    /// What processors answer instead of working, by the processors.
    pub mocks: Named<Vec<Answer>>,
    /// What comes out, by processors and their relationships.
    pub expect: Named<Named<Expected>>,
    /// What is left in the queues, by connections.
    pub queued: Named<Expected>,
    /// What files there must be in the folder that it is let out to.
    pub written: Named<Written>,
    /// What the operator is told.
    pub bulletins: Vec<ExpectedBulletin>,
    /// What happens to flowfiles.
    pub provenance: Vec<ExpectedEvent>,
    /// Whether something may come to an end that is not expected.
    pub others: bool,
}

impl Default for Test {
    fn default() -> Self {
        Self {
            description: String::new(),
            parameters: BTreeMap::new(),
            clock: START,
            seed: 1,
            run_for: None,
            outside: false,
            files: Named::new(),
            given: Named::new(),
            mocks: Named::new(),
            expect: Named::new(),
            queued: Named::new(),
            written: Named::new(),
            bulletins: Vec::new(),
            provenance: Vec::new(),
            others: false,
        }
    }
}

/// Content for a flowfile.
#[derive(Debug, Clone, PartialEq)]
pub enum NewContent {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Those of a file, by its path from the folder of the tests.
    File(Located<String>),
}

/// A file in the folder that a test is let out to.
#[derive(Debug, Clone)]
pub enum Written {
    /// It is there, and holds that.
    There(Vec<ContentCheck>),
    /// It is not there any more.
    Absent,
}

/// Flowfiles that a test gives.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Where it was written.
    pub place: Place,
    /// Their attributes.
    pub attributes: BTreeMap<String, String>,
    /// Their content.
    pub content: Option<NewContent>,
    /// How many.
    pub times: u64,
    /// How long after the beginning they come; only of a source.
    pub after: Option<Located<Duration>>,
    /// By which relationship; only of a source.
    pub relationship: Option<Located<String>>,
}

/// What a mock does with a flowfile.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Where it was written.
    pub place: Place,
    /// Only with flowfiles whose attributes are so.
    pub when: BTreeMap<String, Matcher>,
    /// So many times, and then the next; without it always.
    pub times: Option<u64>,
    /// It fails with that message: it goes to the relationship, or is tried again and goes to
    /// `failure` in the end.
    pub fail: Option<String>,
    /// Another try cannot mend that.
    pub is_permanent: bool,
    /// How long it takes.
    pub takes: Duration,
    /// Where the flowfile goes; without it to the first relationship.
    pub relationship: Option<Located<String>>,
    /// Attributes that are set, and removed.
    pub attributes: BTreeMap<String, Option<String>>,
    /// Its new content.
    pub content: Option<NewContent>,
    /// What is made of it besides.
    pub makes: Vec<Made>,
}

/// A flowfile that a mock makes of another.
#[derive(Debug, Clone)]
pub struct Made {
    /// Where it goes.
    pub relationship: Located<String>,
    /// Attributes that are set, and removed.
    pub attributes: BTreeMap<String, Option<String>>,
    /// Its content.
    pub content: Option<NewContent>,
}

/// Flowfiles that are expected at one place.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    /// Where it was written.
    pub place: Place,
    /// How many.
    pub count: Option<Matcher>,
    /// Which; without it any.
    pub flowfiles: Option<Vec<ExpectedFlowFile>>,
    /// Whether their order means nothing.
    pub any_order: bool,
    /// Whether there may be others besides.
    pub others: bool,
}

/// What a flowfile is expected to be.
#[derive(Debug, Clone, Default)]
pub struct ExpectedFlowFile {
    /// Where it was written.
    pub place: Place,
    /// Its attributes; others do not matter.
    pub attributes: BTreeMap<String, Matcher>,
    /// What its content is.
    pub content: Vec<ContentCheck>,
    /// How long after the beginning it came there.
    pub after: Option<Duration>,
    /// Whether it has to wait there.
    pub penalized: Option<bool>,
    /// What the properties of a processor that was replaced came to for it.
    pub properties: BTreeMap<String, Matcher>,
}

/// A message that the operator is expected to get.
#[derive(Debug, Clone, Default)]
pub struct ExpectedBulletin {
    /// Where it was written.
    pub place: Place,
    /// Who says it.
    pub from: Option<Located<String>>,
    /// How bad it is.
    pub level: Option<Level>,
    /// What it says.
    pub message: Option<Matcher>,
    /// How often; without it at least once.
    pub count: Option<Matcher>,
}

/// An event that is expected to be told of a flowfile.
#[derive(Debug, Clone)]
pub struct ExpectedEvent {
    /// Where it was written.
    pub place: Place,
    /// What happens.
    pub event: EventType,
    /// At which processor.
    pub at: Option<Located<String>>,
    /// The flowfile's attributes after it.
    pub attributes: BTreeMap<String, Matcher>,
    /// With which place outside.
    pub transit_uri: Option<Matcher>,
    /// Why.
    pub details: Option<Matcher>,
    /// How often; without it at least once.
    pub count: Option<Matcher>,
}

/// `value` as content, as a text that is one or as JSON.
pub(crate) fn json_bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}
