//! Requests to a store: how long they may take, and what is said when they fail.

use std::time::Duration;

use tutti_sdk::model::chain;
use tutti_sdk::{ProcessError, ProcessorContext};

/// How much of what a store says is told, in bytes.
const ERROR_BYTES_MAX: usize = 500;
/// What stores answer to a key or metadata that they will never take.
const TOO_LARGE: [&str; 3] = ["KeyTooLong", "InvalidResourceName", "MetadataTooLarge"];

/// Requests about one thing in a store.
#[derive(Clone, Copy)]
pub(crate) struct Requests<'a> {
    pub(crate) context: &'a ProcessorContext,
    /// How long each may take.
    pub(crate) timeout: Duration,
    /// What they are about, such as `the object "a"`.
    pub(crate) about: &'a str,
    /// What they need the right to, such as `write to`.
    pub(crate) right: &'static str,
}

impl Requests<'_> {
    /// What `request` gives, or an error when it takes too long.
    pub(crate) async fn within_time<T>(
        &self,
        action: &str,
        request: impl Future<Output = T>,
    ) -> Result<T, ProcessError> {
        let timeout_ms = u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX);
        tokio::select! {
            biased;
            result = request => Ok(result),
            () = self.context.clock().sleep_ms(timeout_ms) => Err(ProcessError::external(format!(
                "the object store did not answer for {timeout_ms} ms when it was to {action} {}",
                self.about
            ))
            .with_help(
                "check that the store runs and can be reached, or raise the request timeout",
            )),
        }
    }

    /// Why a request failed, and what to do.
    pub(crate) fn failed(&self, action: &str, error: &object_store::Error) -> ProcessError {
        use object_store::Error as E;
        let message = format!("cannot {action} {}", self.about);
        if is_of_key(error) {
            return ProcessError::user(message)
                .caused_by(short(error))
                .with_help("choose a key, and metadata, that the store can have");
        }
        // What stands in the answer to a listing or a deletion the library does not sort out.
        let told = chain(error);
        let help = match error {
            E::NotFound { .. } => "check that the bucket exists".to_owned(),
            _ if told.contains("NoSuchBucket") => "check that the bucket exists".to_owned(),
            E::Generic { .. } if told.contains("403 Forbidden") => self.without_right(),
            E::PermissionDenied { .. } => self.without_right(),
            E::Unauthenticated { .. } => "check the access key and its secret".to_owned(),
            _ => "check that the store runs, can be reached and has room".to_owned(),
        };
        ProcessError::external(message).caused_by(short(error)).with_help(help)
    }

    fn without_right(&self) -> String {
        format!(
            "give the account the right to {} the bucket, and check that there is an access key: \
             without one requests are not signed",
            self.right
        )
    }
}

/// Whether a store says that it has no such object, and not that it has no such bucket.
pub(crate) fn is_no_object(error: &object_store::Error) -> bool {
    matches!(error, object_store::Error::NotFound { .. }) && !chain(error).contains("NoSuchBucket")
}

/// Whether the store can never have an object of that key, or with that metadata.
fn is_of_key(error: &object_store::Error) -> bool {
    let told = chain(error);
    if TOO_LARGE.iter().any(|code| told.contains(code)) {
        return true;
    }
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = next {
        if matches!(cause.downcast_ref(), Some(object_store::Error::InvalidPath { .. })) {
            return true;
        }
        next = cause.source();
    }
    false
}

/// How long it took and how often it was tried, which the library puts into what it says, left out:
/// what happens again is to be told in the same words.
fn without_times(text: &str) -> String {
    let cut = || {
        let begin = text.find("Error performing ")?;
        let (front, back) = text.split_at(begin + text.get(begin..)?.find(" in ")?);
        Some(format!("{front}{}", back.get(back.find(" - ")?..)?))
    };
    cut().unwrap_or_else(|| text.to_owned())
}

/// What a store says and what caused it, without the pages that some of them answer.
fn short(error: &object_store::Error) -> String {
    let mut text = without_times(&chain(error));
    if text.len() > ERROR_BYTES_MAX {
        text.truncate(text.floor_char_boundary(ERROR_BYTES_MAX));
        text.push_str(" …");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_again_is_told_in_the_same_words() {
        let told = "Generic S3 error: Error performing PUT http://a/b in 322.522533ms, after \
                    3 retries, max_retries: 3, retry_timeout: 30s - HTTP error: refused";
        let same = "Generic S3 error: Error performing PUT http://a/b - HTTP error: refused";
        assert_eq!(without_times(told), same);
        for other in ["no such thing", "Error performing PUT http://a/b in 3s", ""] {
            assert_eq!(without_times(other), other);
        }
    }
}
