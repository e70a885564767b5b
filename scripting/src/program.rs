//! What instances are made of: a runner with a script, or a component.

use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;
use wasmtime::Store;
use wasmtime::component::{Component as Compiled, HasSelf, InstancePre, Linker};

use crate::cache::hex;
use crate::guest::Guest;
use crate::runners::Language;
use crate::sandbox::Sandbox;
use crate::wasi;
use crate::wit::component::{Component, ComponentPre};
use crate::wit::types::{Failure, Fault};
use crate::wit::{Runner, RunnerPre};

/// What a script is.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) language: Language,
    pub(crate) text: Arc<str>,
}

/// A script in its runner, or a component.
pub(crate) enum Program {
    Script { linked: Arc<Linked>, source: Source },
    Component(Arc<LinkedComponent>),
}

/// An instance of it.
pub(crate) enum Loaded {
    Script(Runner),
    Component(Component),
}

impl Program {
    pub(crate) fn sandbox(&self) -> &Sandbox {
        match self {
            Self::Script { linked, .. } => &linked.sandbox,
            Self::Component(linked) => &linked.sandbox,
        }
    }

    /// What errors call it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Script { source, .. } => source.language.script(),
            Self::Component(linked) => &linked.file,
        }
    }

    pub(crate) fn instantiate(&self, store: &mut Store<Guest>) -> wasmtime::Result<Loaded> {
        match self {
            Self::Script { linked, .. } => linked.runner.instantiate(store).map(Loaded::Script),
            Self::Component(linked) => linked.pre.instantiate(store).map(Loaded::Component),
        }
    }

    /// Lets the runner load the script.
    pub(crate) fn load(
        &self,
        loaded: &Loaded,
        store: &mut Store<Guest>,
    ) -> wasmtime::Result<Result<(), Fault>> {
        match (self, loaded) {
            (Self::Script { source, .. }, Loaded::Script(runner)) => {
                runner.call_load(store, source.language.script(), &source.text)
            }
            _ => Ok(Ok(())),
        }
    }
}

impl Loaded {
    pub(crate) fn process(
        &self,
        store: &mut Store<Guest>,
    ) -> wasmtime::Result<Result<(), Failure>> {
        match self {
            Self::Script(runner) => runner.call_process(store),
            Self::Component(component) => component.call_process(store),
        }
    }
}

/// A runner, linked.
pub(crate) struct Linked {
    sandbox: Arc<Sandbox>,
    runner: RunnerPre<Guest>,
}

impl Linked {
    /// The runner of a language, made ready once in a process. Where it was never compiled before
    /// this takes seconds, and `compiling` hears of it.
    pub(crate) fn shared(
        sandbox: &Arc<Sandbox>,
        language: Language,
        compiling: impl FnOnce(),
    ) -> Result<Arc<Self>, String> {
        // Whoever comes meanwhile waits: it is compiled once.
        let mut slot = slot(language).lock();
        if let Some(linked) = &*slot {
            return Ok(Arc::clone(linked));
        }
        let linked = Arc::new(Self::of(sandbox, language, compiling)?);
        *slot = Some(Arc::clone(&linked));
        Ok(linked)
    }

    fn of(
        sandbox: &Arc<Sandbox>,
        language: Language,
        compiling: impl FnOnce(),
    ) -> Result<Self, String> {
        let link = || {
            let engine = sandbox.engine();
            let source = || {
                compiling();
                language.unpacked()
            };
            let component = sandbox.cache().component(engine, &language.digest(), source)?;
            let runner = RunnerPre::new(link(engine, &component)?)?;
            Ok(Self { sandbox: Arc::clone(sandbox), runner })
        };
        link().map_err(|error: wasmtime::Error| format!("{error:#}"))
    }
}

fn slot(language: Language) -> &'static Mutex<Option<Arc<Linked>>> {
    static PYTHON: Mutex<Option<Arc<Linked>>> = Mutex::new(None);
    static JAVASCRIPT: Mutex<Option<Arc<Linked>>> = Mutex::new(None);
    match language {
        Language::Python => &PYTHON,
        Language::JavaScript => &JAVASCRIPT,
    }
}

/// Joins a component with all that it may import.
fn link(engine: &wasmtime::Engine, component: &Compiled) -> wasmtime::Result<InstancePre<Guest>> {
    let mut linker = Linker::new(engine);
    Runner::add_to_linker::<Guest, HasSelf<Guest>>(&mut linker, |guest| guest)?;
    wasi::add_to_linker(&mut linker, component)?;
    linker.instantiate_pre(component)
}

/// A component, linked.
pub(crate) struct LinkedComponent {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) pre: ComponentPre<Guest>,
    /// What its file is called.
    pub(crate) file: String,
    /// The digits of a digest of it.
    pub(crate) digest: String,
}

impl LinkedComponent {
    /// The component whose file has these bytes. Takes a while where it was never compiled before.
    pub(crate) fn of(file: &Path, bytes: Vec<u8>) -> Result<Self, String> {
        use sha2::{Digest, Sha256};
        let sandbox = Sandbox::shared().map_err(|error| error.to_string())?;
        let digest = hex(&Sha256::digest(&bytes));
        let engine = sandbox.engine();
        let pre = sandbox
            .cache()
            .component(engine, &digest, || Ok(bytes))
            .and_then(|component| ComponentPre::new(link(engine, &component)?))
            .map_err(|error| format!("{error:#}"))?;
        let file = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { sandbox, pre, file, digest })
    }
}
