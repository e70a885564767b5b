//! State that a session reads and changes: its processor's own, and a service's that it holds.

use tutti_model::state::StateMap;

use super::Session;
use crate::{HeldState, ProcessError, ServiceContext};

impl Session {
    /// The value of `key` in the processor's state, with this session's changes.
    pub fn state(&self, key: &str) -> Result<Option<String>, ProcessError> {
        match self.state.get(key) {
            Some(changed) => Ok(changed.clone()),
            None => self.context.state(key),
        }
    }

    /// All of the processor's state, with this session's changes: a snapshot, whose cost does not
    /// grow with the state.
    pub fn state_all(&self) -> Result<StateMap, ProcessError> {
        let mut all = self.context.state_all()?;
        for (key, value) in &self.state {
            match value {
                Some(value) => all.insert(key.as_str(), value.as_str()),
                None => all.remove(key),
            }
        }
        Ok(all)
    }

    /// Sets (`Some`) or removes (`None`) `key` in the processor's state, with the commit.
    ///
    /// State belongs to the whole session. When one of its flowfiles is tried again because of
    /// where it was sent, a session that changed state is undone as a whole: all others go back
    /// too, as they were taken, and are worked on once more.
    pub fn set_state(&mut self, key: impl Into<String>, value: Option<String>) {
        self.state.insert(key.into(), value);
    }

    /// The state of `service`, for services that offer it to sessions: this session's alone from
    /// now until it has committed or is rolled back. Ends when it is this session's turn; what
    /// takes long is done before. What is changed counts with the commit, and is undone as
    /// [`Session::set_state`] says.
    ///
    /// A session holds one service at a time: two sessions could wait for each other otherwise.
    pub async fn hold(&mut self, service: &ServiceContext) -> Result<&mut HeldState, ProcessError> {
        let held = match self.service.take() {
            Some(held) if held.is_of(service) => held,
            Some(held) => {
                let error = ProcessError::internal(format!(
                    "the processor asked for the service \"{}\" while it held \"{}\"",
                    service.component(),
                    held.service()
                ));
                self.service = Some(held);
                return Err(error);
            }
            None => HeldState::of(service).await?,
        };
        Ok(self.service.insert(held))
    }
}
