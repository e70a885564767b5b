//! A processor of a draft, or of a text, is tried out as it stands there.

use std::collections::BTreeMap;

use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::fmt;
use tutti_model::parameter::ParameterValues;
use tutti_model::valid::ValidProcessor;
use tutti_model::verification::{Outcome, Verification};
use tutti_runtime::VerifyError;

use super::create::{CreateError, named};
use super::{Studio, UnknownValues};

/// The thing that is told of where the properties themselves are wrong.
const PROPERTIES: &str = "Properties";

/// Why nothing is tried.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerifyRefusal {
    #[error("the flow has no processor \"{path}\"")]
    NoProcessor { path: String },
    #[error(transparent)]
    Text(#[from] CreateError),
    #[error(transparent)]
    Values(#[from] UnknownValues),
    #[error(transparent)]
    Engine(#[from] VerifyError),
}

/// A flow, as its file has it, and the values of its parameters.
pub(crate) type ToTry = (String, BTreeMap<String, String>);

impl Studio {
    /// What the processor at `path` is in the flow that `text` is, or without it in the draft, with
    /// the values that parameters have here; or what is wrong with it. May wait for a disk.
    pub(crate) fn resolved(
        &self,
        flow: &str,
        path: &str,
        text: Option<&str>,
    ) -> Result<Result<ValidProcessor, Vec<Diagnostic>>, VerifyRefusal> {
        let (definition, values) = self.meant(flow, text)?;
        self.processor(&definition, &values, path)
    }

    /// The flow that is meant, with the values that parameters have here, if its processor at
    /// `path` can run; or what is wrong with that. May wait for a disk.
    pub(crate) fn to_try(
        &self,
        flow: &str,
        path: &str,
        text: Option<&str>,
    ) -> Result<Result<ToTry, Vec<Diagnostic>>, VerifyRefusal> {
        let (definition, values) = self.meant(flow, text)?;
        let processor = self.processor(&definition, &values, path)?;
        Ok(processor.map(|_| {
            let values = values.entries().map(|(name, value)| (name.to_owned(), value.to_owned()));
            (fmt::write(&definition), values.collect())
        }))
    }

    /// The flow that `text` is, or without it the draft.
    fn meant(
        &self,
        flow: &str,
        text: Option<&str>,
    ) -> Result<(FlowDefinition, ParameterValues), VerifyRefusal> {
        let Some(text) = text else { return Ok(self.with_values(flow)?) };
        let definition = named(flow, text)?;
        let values = self.values(&definition)?;
        Ok((definition, values))
    }

    fn processor(
        &self,
        flow: &FlowDefinition,
        values: &ParameterValues,
        path: &str,
    ) -> Result<Result<ValidProcessor, Vec<Diagnostic>>, VerifyRefusal> {
        tutti_model::validate_processor(flow, &*self.specs, values, path)
            .ok_or_else(|| VerifyRefusal::NoProcessor { path: path.to_owned() })
    }

    /// Tries out whether a processor that was [resolved](Self::resolved) could work.
    pub(crate) async fn verify(
        &self,
        flow: &str,
        processor: Result<ValidProcessor, Vec<Diagnostic>>,
        sample: Option<BTreeMap<String, String>>,
    ) -> Result<Vec<Verification>, VerifyRefusal> {
        let processor = match processor {
            Ok(processor) => processor,
            Err(wrong) => return Ok(wrong.into_iter().map(mistake).collect()),
        };
        let right = Verification {
            name: PROPERTIES.to_owned(),
            outcome: Outcome::Passed,
            explanation: "all of them are right".to_owned(),
            help: None,
        };
        let tried = self.engine.verify(flow, &processor, sample).await?;
        let is_refused = tried.first().is_some_and(|one| one.name == PROPERTIES);
        let right = Some(right).filter(|_| !is_refused);
        Ok(right.into_iter().chain(tried).collect())
    }
}

fn mistake(wrong: Diagnostic) -> Verification {
    Verification {
        name: PROPERTIES.to_owned(),
        outcome: Outcome::Failed,
        explanation: wrong.message,
        help: wrong.help,
    }
}
