//! `LogAttribute`: tells the operator what flowfiles look like.

use std::fmt::Write as _;
use std::io::Read;

use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::property::Regex;
use tutti_sdk::{
    BuildContext, BuildError, Description, Makes, ProcessError, Processor, Properties, SUCCESS,
    Session, async_trait,
};

use crate::log_level::LogLevel;

/// Flowfiles that are worked on in one session.
const BATCH_MAX: usize = 100;
/// Bytes of content that are shown at most.
const PAYLOAD_BYTES_MAX: u64 = 64 * 1024;

/// The properties of [`LogAttribute`].
#[derive(Debug, Properties)]
pub(crate) struct LogAttributeProperties {
    /// How serious the message is.
    #[property(default = "info")]
    log_level: LogLevel,
    /// Whether to show the content too, its first 64 KiB as text.
    #[property(default = "false")]
    log_payload: bool,
    /// Only attributes whose whole name matches this regular expression are shown.
    #[property(name = "Attributes to Log by Regular Expression", default = ".*")]
    attributes_to_log: Regex,
    /// Attributes whose whole name matches this regular expression are not shown.
    #[property(name = "Attributes to Ignore by Regular Expression", example = r"file\..*")]
    attributes_to_ignore: Option<Regex>,
    /// What the message begins with.
    log_prefix: Option<String>,
}

/// Tells the operator what flowfiles look like.
pub(crate) struct LogAttribute(LogAttributeProperties);

#[async_trait]
impl Processor for LogAttribute {
    type Properties = LogAttributeProperties;

    fn describe() -> Description {
        Description {
            description: "\
Content that cannot be read is said so in the message; the flowfile goes on all the same.",
            tags: &["attribute", "log", "debug", "look"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[(SUCCESS, "Every flowfile, unchanged.")],
            reads: &[("*", "What the message shows.")],
            example_flow: Some("log-attribute"),
            ..Description::transform("LogAttribute", "Tells the operator what flowfiles look like.")
        }
    }

    fn build(properties: LogAttributeProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        for flowfile in session.get_batch(BATCH_MAX)? {
            let mut message = self.message(&flowfile)?;
            if self.0.log_payload {
                message.push('\n');
                message.push_str(&payload(session, &flowfile).await);
            }
            session.report(self.0.log_level.into(), Some(&flowfile), message);
            session.transfer(flowfile, SUCCESS);
        }
        Ok(())
    }
}

impl LogAttribute {
    fn message(&self, flowfile: &FlowFile) -> Result<String, ProcessError> {
        let mut message = self.0.log_prefix.clone().unwrap_or_default();
        if !message.is_empty() {
            message.push_str(": ");
        }
        // Writing to a text cannot fail.
        let _ = write!(message, "{} bytes", flowfile.size_bytes());
        for (name, value) in flowfile.attributes().iter() {
            let ignored = match &self.0.attributes_to_ignore {
                Some(ignore) => ignore.matches(name)?,
                None => false,
            };
            if !ignored && self.0.attributes_to_log.matches(name)? {
                let _ = write!(message, "\n{name}: {value}");
            }
        }
        Ok(message)
    }
}

async fn payload(session: &Session, flowfile: &FlowFile) -> String {
    let read = async {
        let reader = session.read(flowfile)?;
        let mut bytes = Vec::new();
        session
            .blocking(move || reader.take(PAYLOAD_BYTES_MAX).read_to_end(&mut bytes).map(|_| bytes))
            .await?
            .map_err(ProcessError::unreadable)
    };
    match read.await {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => error.chain(),
    }
}

#[cfg(test)]
mod tests {
    use tutti_sdk::bulletin::Level;
    use tutti_sdk::testkit::TestRunner;

    use super::*;

    async fn message(properties: &[(&str, &str)]) -> (Level, String) {
        let mut runner = TestRunner::new::<LogAttribute>(properties);
        runner.enqueue(b"sound", &[("filename", "a.wav"), ("file.size", "5")]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
        assert_eq!(runner.bulletins().len(), 1);
        let bulletin = runner.bulletins().remove(0);
        (bulletin.level, bulletin.message)
    }

    #[tokio::test]
    async fn the_message_shows_what_is_asked_for() {
        let (level, text) = message(&[]).await;
        assert_eq!(level, Level::Info);
        assert!(text.starts_with("5 bytes\nfile.size: 5\nfilename: a.wav\nuuid: "));
        let (level, text) = message(&[
            ("Log Level", "warn"),
            ("Log Prefix", "seen"),
            ("Log Payload", "true"),
            ("Attributes to Log by Regular Expression", "file.*"),
            ("Attributes to Ignore by Regular Expression", r"file\..*"),
        ])
        .await;
        assert_eq!(
            (level, text.as_str()),
            (Level::Warning, "seen: 5 bytes\nfilename: a.wav\nsound")
        );
    }

    #[tokio::test]
    async fn content_that_cannot_be_read_does_not_stop_a_flowfile() {
        let mut runner = TestRunner::new::<LogAttribute>(&[("Log Payload", "true")]);
        runner.enqueue(b"sound", &[]);
        runner.fail_reads_after(Some(1));
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
        runner.assert_bulletin(Level::Info, "cannot read the content: injected failure");
    }
}
