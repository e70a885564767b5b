//! A processor of a draft, or of a text, is tried out as it stands there.

use std::collections::BTreeMap;

use serde_json::Value;
use tutti_model::diagnostic::Diagnostic;
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

/// A flow, the values of its parameters, and the path of a processor.
pub(crate) type ToTry = (Value, BTreeMap<String, String>, String);

impl Studio {
    /// What the processor at `path` is in the flow that `text` is, or without it in the draft, with
    /// the values that parameters have here; or what is wrong with it. May wait for a disk.
    pub(crate) fn resolved(
        &self,
        flow: &str,
        path: &str,
        text: Option<&str>,
    ) -> Result<Result<ValidProcessor, Vec<Diagnostic>>, VerifyRefusal> {
        let (definition, values) = match text {
            Some(text) => {
                let definition = named(flow, text)?;
                let values = self.values(&definition)?;
                (definition, values)
            }
            None => self.with_values(flow)?,
        };
        tutti_model::validate_processor(&definition, &*self.specs, &values, path)
            .ok_or_else(|| VerifyRefusal::NoProcessor { path: path.to_owned() })
    }

    /// The flow that `text` is, or without it the draft, with the values that parameters have here,
    /// if the processor at `path` can run; or what is wrong with it. May wait for a disk.
    pub(crate) fn to_try(
        &self,
        flow: &str,
        path: &str,
        text: Option<&str>,
    ) -> Result<Result<ToTry, Vec<Diagnostic>>, VerifyRefusal> {
        if let Err(wrong) = self.resolved(flow, path, text)? {
            return Ok(Err(wrong));
        }
        let (document, values) = if let Some(text) = text {
            let values = self.values(&named(flow, text)?)?;
            (serde_json::from_str(text).unwrap_or_default(), values)
        } else {
            let (_, values) = self.with_values(flow)?;
            let (_, sheet) = self.desk(flow).map_err(UnknownValues::NoDraft)?.now();
            (sheet.flow().clone(), values)
        };
        let values = values.entries().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(Ok((document, values.collect(), path.to_owned())))
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
