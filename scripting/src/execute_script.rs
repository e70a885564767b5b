//! `ExecuteScript`: a script in Python or JavaScript, in the sandbox.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tutti_sdk::bulletin::Level;
use tutti_sdk::model::spec::{InputRequirement, PropertyError, ValueError};
use tutti_sdk::property::{Choice, DataSize, Dynamic, Evaluated};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Probe, ProcessError, Processor,
    ProcessorContext, Properties, SUCCESS, Session, Verification, async_trait, verified,
};

use crate::guest::Setup;
use crate::limits::Limits;
use crate::program::{Linked, Program, Source};
use crate::runners::Language;
use crate::sandbox::{MEMORY_BYTES_MAX, Sandbox};
use crate::script::Script;
use crate::tasks::{Tasks, checked};

/// Bytes that a script may have.
const SCRIPT_BYTES_MAX: u64 = 1 << 20;
/// Bytes of memory that a runner needs before its script does anything.
const MEMORY_BYTES_MIN: u64 = 48 << 20;

/// How long a script lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Lifetime {
    /// The script is loaded once. What it keeps in variables of its own is there for the next
    /// flowfile, and gone when the processor stops or the script had to be stopped.
    #[choice("processor")]
    Processor,
    /// The script is loaded anew for each flowfile, in an instance that knows of no other: some
    /// milliseconds each.
    #[choice("flowfile")]
    FlowFile,
}

/// The properties of [`ExecuteScript`].
#[derive(Debug, Properties)]
pub(crate) struct ExecuteScriptProperties {
    /// The language of the script.
    #[property(default = "Python")]
    script_engine: Language,
    /// The script itself. One of **Script Body** and **Script File** is needed.
    #[property(
        script = "Script Engine",
        example = "def process(flowfile):\n    return {\"bytes\": flowfile.size}"
    )]
    script_body: Option<String>,
    /// A file that holds the script. It is read at the start of the processor.
    #[property(example = "/srv/scripts/features.py")]
    script_file: Option<String>,
    /// How long the script may work on one flowfile; then it is stopped, and the flowfile goes to
    /// `failure`.
    #[property(default = "30 sec")]
    time_limit: Duration,
    /// How much memory the script may use, its interpreter included.
    #[property(default = "256 MB")]
    memory_limit: DataSize,
    /// How long the script and its variables live.
    #[property(default = "processor")]
    lifetime: Lifetime,
    /// Variables of the script, and what `context.getProperty` gives.
    #[dynamic(name = "variable")]
    variables: Dynamic<Evaluated<String>>,
}

/// Runs a script.
pub(crate) struct ExecuteScript {
    properties: ExecuteScriptProperties,
    tasks: Tasks,
}

#[async_trait]
impl Processor for ExecuteScript {
    type Properties = ExecuteScriptProperties;

    fn describe() -> Description {
        Description {
            description: DESCRIPTION,
            tags: &["script", "python", "javascript", "typescript", "librosa", "sandbox", "wasm"],
            input: InputRequirement::Allowed,
            relationships: &[
                (SUCCESS, "What the script sends there."),
                (
                    FAILURE,
                    "What the script sends there, and what it failed with or took too long for.",
                ),
            ],
            period: "1 sec",
            example_flow: Some("execute-script"),
            ..Description::transform(
                "ExecuteScript",
                "Runs a script in Python or JavaScript that cannot do harm.",
            )
        }
    }

    fn build(properties: ExecuteScriptProperties, _: &BuildContext) -> Result<Self, BuildError> {
        BuildError::unless_empty(wrong(&properties))?;
        Ok(Self { properties, tasks: Tasks::default() })
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        self.tasks.begin(self.loaded(context).await?);
        Ok(())
    }

    async fn on_stopped(&self, _: &ProcessorContext) {
        self.tasks.end();
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let is_isolated = self.properties.lifetime == Lifetime::FlowFile;
        self.tasks.trigger(session, self.limits(), is_isolated).await
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        const STEP: &str = "Load the script";
        let tried = self.loaded(probe.context()).await;
        vec![verified(STEP, tried.map(|_| "it can be loaded".to_owned()))]
    }
}

impl ExecuteScript {
    /// The script, which an instance has loaded.
    async fn loaded(&self, context: &ProcessorContext) -> Result<Arc<Script>, ProcessError> {
        let source = self.source(context).await?;
        let script = self.prepare(source, context).await?;
        checked(script, context).await
    }

    async fn source(&self, context: &ProcessorContext) -> Result<Source, ProcessError> {
        let language = self.properties.script_engine;
        let text = match (&self.properties.script_body, &self.properties.script_file) {
            (Some(body), _) => body.as_str().into(),
            (None, Some(file)) => {
                let path = PathBuf::from(file);
                context.blocking(move || read(&path)).await??.into()
            }
            (None, None) => Arc::default(),
        };
        Ok(Source { language, text })
    }

    async fn prepare(
        &self,
        source: Source,
        context: &ProcessorContext,
    ) -> Result<Arc<Script>, ProcessError> {
        let language = source.language;
        let told = context.clone();
        let linked = context.compute(move || {
            let sandbox = Sandbox::shared().map_err(|error| error.to_string())?;
            Linked::shared(&sandbox, language, || {
                let text = format!("{language:?} is compiled, once: this takes some seconds");
                told.report(Level::Info, text);
            })
        });
        let linked = linked.await?.map_err(ProcessError::internal)?;
        let setup = Setup {
            relationships: vec![SUCCESS.to_owned(), FAILURE.to_owned()],
            properties: self
                .properties
                .variables
                .iter()
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect(),
            limits: self.limits(),
        };
        let is_isolated = self.properties.lifetime == Lifetime::FlowFile;
        let program = Program::Script { linked, source };
        Ok(Arc::new(Script::new(program, Arc::new(setup), is_isolated)))
    }

    fn limits(&self) -> Limits {
        let memory_bytes = self.properties.memory_limit.bytes() as usize;
        Limits { memory_bytes, time: self.properties.time_limit, written_bytes: 4 << 30 }
    }
}

fn wrong(properties: &ExecuteScriptProperties) -> Vec<PropertyError> {
    let mut wrong = Vec::new();
    let mut add = |name: &'static str, error| wrong.push(PropertyError::of(name, error));
    match (&properties.script_body, &properties.script_file) {
        (None, None) => add(
            "Script Body",
            ValueError::new("there is no script")
                .with_help("write it into \"Script Body\", or name a file in \"Script File\""),
        ),
        (Some(_), Some(_)) => add(
            "Script File",
            ValueError::new("there are two scripts")
                .with_help("leave out \"Script Body\" or \"Script File\""),
        ),
        _ => {}
    }
    let memory = properties.memory_limit.bytes();
    if !(MEMORY_BYTES_MIN..=MEMORY_BYTES_MAX as u64).contains(&memory) {
        let (least, most) = (DataSize(MEMORY_BYTES_MIN), DataSize(MEMORY_BYTES_MAX as u64));
        add("Memory Limit", ValueError::new(format!("it must be from {least} to {most}")));
    }
    if properties.time_limit < Duration::from_millis(10) {
        add("Time Limit", ValueError::new("it must be 10 ms or more"));
    }
    wrong
}

fn read(path: &PathBuf) -> Result<String, ProcessError> {
    let unread = |error: std::io::Error| {
        ProcessError::external(format!("cannot read the script \"{}\"", path.display()))
            .caused_by(error)
            .with_help("check that the file of \"Script File\" is there and may be read")
    };
    let wrong =
        |why: String| ProcessError::user(format!("the script \"{}\" {why}", path.display()));
    // What is no file may be read without an end, or never give a byte.
    let about = fs::metadata(path).map_err(unread)?;
    if !about.is_file() {
        return Err(wrong("is no file".to_owned()));
    }
    let mut script = Vec::new();
    let file = fs::File::open(path).map_err(unread)?;
    file.take(SCRIPT_BYTES_MAX + 1).read_to_end(&mut script).map_err(unread)?;
    if script.len() as u64 > SCRIPT_BYTES_MAX {
        return Err(wrong(format!("has more than {SCRIPT_BYTES_MAX} bytes")));
    }
    String::from_utf8(script).map_err(|_| wrong("is no text in UTF-8".to_owned()))
}

const DESCRIPTION: &str = "\
The script runs in a sandbox (WebAssembly) with limits of time and memory: it sees its flowfiles \
and nothing else, no files, no network, no environment, no other script. What takes too long, \
needs too much or breaks down is undone as any processor's error, and its flowfile goes to \
`failure`.\n\n\
Two styles are understood. In the simple one the script has a function `process(flowfile)`, which \
gives a relationship, or what is to become of content and attributes. In NiFi's the script calls \
`session.get()`, `session.write(flowFile, StreamCallback)` and \
`session.transfer(flowFile, REL_SUCCESS)`.";
