//! Flowfiles taken, made and sent on; properties, state and what is told.

use tutti_sdk::bulletin::Level;
use tutti_sdk::model::flowfile::{FlowFile, FlowFileId};
use tutti_sdk::{ProcessError, Session};
use wasmtime::component::Resource;
use wasmtime::{Error, Result};

use super::{Answer, FlowFileHandle, attributes, gone, refused};
use crate::guest::Guest;
use crate::limits::{MESSAGE_BYTES_MAX, MESSAGES_MAX, STATE_BYTES_MAX, STATE_KEYS_MAX};
use crate::wit::{Refusal, session, types};

/// Flowfiles that one call of `get` hands out.
const GET_MAX: u32 = 1_000;

impl Guest {
    fn take(&mut self, max: u32) -> std::result::Result<Vec<FlowFile>, ProcessError> {
        let left = self.batch_max.saturating_sub(self.taken);
        let max = (max.min(GET_MAX) as usize).min(left);
        let Some(session) = self.session.as_deref_mut() else { return Ok(Vec::new()) };
        if max == 0 {
            return Ok(Vec::new());
        }
        let flowfiles = session.get_batch(max)?;
        self.taken += flowfiles.len();
        Ok(flowfiles)
    }

    /// Tells the operator something, as the script itself could.
    pub(super) fn warn(&mut self, message: &str) {
        if let (true, _) = self.meter.may_tell()
            && let Some(session) = self.session.as_deref()
        {
            session.report(Level::Warning, None, message);
        }
    }

    /// Takes flowfiles out of the guest's hands, all or none.
    fn taken_back(&mut self, handles: &[Resource<FlowFileHandle>]) -> Result<Vec<FlowFile>> {
        let take = |handle: &Resource<_>| self.flowfiles.take(handle.rep()).ok_or_else(gone);
        handles.iter().map(take).collect()
    }

    fn property(
        &self,
        name: &str,
        on: Option<u32>,
    ) -> Result<std::result::Result<Option<String>, ProcessError>> {
        let found = self.setup.properties.iter().find(|(known, _)| known == name);
        let Some((_, value)) = found else { return Ok(Ok(None)) };
        let session = self.session.as_deref().ok_or_else(|| {
            Error::msg("a property has a value only in a session, not while the script is loaded")
        })?;
        let of_none = FlowFile::new(FlowFileId(0), session.clock().now());
        let given = on.map(|handle| self.flowfiles.get(handle).ok_or_else(gone)).transpose()?;
        let flowfile = given.unwrap_or(&of_none);
        Ok(value.evaluate(session, flowfile).map(Some))
    }
}

impl session::Host for Guest {
    fn get(&mut self, max: u32) -> Answer<Vec<session::Item>> {
        let flowfiles = match self.take(max) {
            Ok(flowfiles) => flowfiles,
            Err(error) => return Ok(Err(refused(&error))),
        };
        let mut items = Vec::with_capacity(flowfiles.len());
        for flowfile in flowfiles {
            let (size, attributes) = (flowfile.size_bytes(), attributes::all(&flowfile));
            let flowfile = Resource::new_own(self.hand_out(flowfile)?);
            items.push(session::Item { flowfile, size, attributes });
        }
        Ok(Ok(items))
    }

    fn create(
        &mut self,
        parents: Vec<Resource<FlowFileHandle>>,
    ) -> Answer<Resource<FlowFileHandle>> {
        if let Err(refusal) = self.may_have_more() {
            return Ok(Err(refusal));
        }
        let parent = |handle: &Resource<_>| self.flowfiles.get(handle.rep()).ok_or_else(gone);
        let child = match parents.as_slice() {
            [] => self.session()?.create(),
            [only] => {
                let only = parent(only)?.clone();
                self.session()?.create_child(&only)
            }
            several => {
                let several: Vec<FlowFile> =
                    several.iter().map(|each| parent(each).cloned()).collect::<Result<_>>()?;
                self.session()?.create_joined(&several)
            }
        };
        Ok(Ok(Resource::new_own(self.hand_out(child)?)))
    }

    fn clone(&mut self, parent: Resource<FlowFileHandle>) -> Answer<Resource<FlowFileHandle>> {
        if let Err(refusal) = self.may_have_more() {
            return Ok(Err(refusal));
        }
        let parent = self.flowfile(parent.rep())?.clone();
        let child = self.session()?.clone_flowfile(&parent);
        Ok(Ok(Resource::new_own(self.hand_out(child)?)))
    }

    fn transfer(
        &mut self,
        flowfiles: Vec<Resource<FlowFileHandle>>,
        relationship: String,
    ) -> Answer<()> {
        if !self.setup.relationships.contains(&relationship) {
            // The guest has let go of its handles all the same: the flowfiles stay in the session.
            let known = self.setup.relationships.join("\", \"");
            return Ok(Err(Refusal::UnknownRelationship(format!(
                "there is no relationship \"{relationship}\"; there is \"{known}\""
            ))));
        }
        let flowfiles = self.taken_back(&flowfiles)?;
        let session = self.session()?;
        for flowfile in flowfiles {
            session.transfer(flowfile, &relationship);
        }
        Ok(Ok(()))
    }

    fn remove(&mut self, flowfiles: Vec<Resource<FlowFileHandle>>) -> Answer<()> {
        let flowfiles = self.taken_back(&flowfiles)?;
        let session = self.session()?;
        for flowfile in flowfiles {
            session.remove(flowfile, "the script removed it");
        }
        Ok(Ok(()))
    }

    fn property(
        &mut self,
        name: String,
        on: Option<Resource<FlowFileHandle>>,
    ) -> Answer<Option<String>> {
        let value = Self::property(self, &name, on.map(|handle| handle.rep()))?;
        Ok(value.map_err(|error| Refusal::Invalid(error.chain())))
    }

    fn dynamic_properties(&mut self) -> Result<Vec<String>> {
        Ok(self.setup.properties.iter().map(|(name, _)| name.clone()).collect())
    }

    fn log(&mut self, level: types::Level, mut message: String) -> Result<()> {
        let (is_kept, is_first_left_out) = self.meter.may_tell();
        let Some(session) = self.session.as_deref() else { return Ok(()) };
        if is_first_left_out {
            let said =
                format!("the script said more than {MESSAGES_MAX} things; the rest is left out");
            session.report(Level::Warning, None, said);
        }
        if is_kept {
            message.truncate(message.floor_char_boundary(MESSAGE_BYTES_MAX));
            let level = match level {
                types::Level::Debug => Level::Debug,
                types::Level::Info => Level::Info,
                types::Level::Warning => Level::Warning,
                types::Level::Error => Level::Error,
            };
            session.report(level, None, message);
        }
        Ok(())
    }

    fn count(&mut self, on: Resource<FlowFileHandle>, name: String, amount: u64) -> Result<()> {
        let Self { session, flowfiles, .. } = self;
        let flowfile = flowfiles.get(on.rep()).ok_or_else(gone)?;
        let session = session.as_deref_mut().ok_or_else(gone)?;
        Session::adjust_counter(session, flowfile, name, amount);
        Ok(())
    }

    fn should_end(&mut self) -> Result<bool> {
        let is_stopping = self.session()?.context().is_stopping();
        Ok(is_stopping || self.taken >= self.batch_max)
    }

    fn yield_processor(&mut self) -> Result<()> {
        self.session()?.yield_processor();
        Ok(())
    }

    fn state_get(&mut self, key: String) -> Answer<Option<String>> {
        let value = self.session()?.state(&key);
        Ok(value.map_err(|error| refused(&error)))
    }

    fn state_put(&mut self, key: String, value: Option<String>) -> Answer<()> {
        let bytes = key.len().max(value.as_ref().map_or(0, String::len));
        if bytes > STATE_BYTES_MAX || !self.meter.may_set() {
            return Ok(Err(Refusal::Limit(format!(
                "a call may set {STATE_KEYS_MAX} keys of the state, each of at most \
                 {STATE_BYTES_MAX} bytes, and its value too"
            ))));
        }
        self.session()?.set_state(key, value);
        Ok(Ok(()))
    }
}
