//! `Template`: writes how many bytes the content has into an attribute.
//!
//! `cargo xtask new processor` makes processors of this file, which is compiled for its tests only.

use std::io;

use tutti_sdk::property::AttributeName;
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, ProcessError, Processor, Properties, SUCCESS,
    Session, async_trait,
};

/// The properties of [`Template`].
#[derive(Debug, Properties)]
pub(crate) struct TemplateProperties {
    /// The attribute that gets the number of bytes.
    #[property(default = "template.bytes")]
    attribute_name: AttributeName,
}

/// Writes how many bytes the content has into an attribute.
pub(crate) struct Template(TemplateProperties);

#[async_trait]
impl Processor for Template {
    type Properties = TemplateProperties;

    fn describe() -> Description {
        Description {
            description: "Content that is made when it is read is counted as a reader gets it.",
            tags: &["count", "bytes", "content"],
            relationships: &[
                (SUCCESS, "Every flowfile whose content could be read."),
                (FAILURE, "Flowfiles whose content cannot be made, as that of a broken recording."),
            ],
            writes: &[(
                "template.bytes",
                "The number of bytes, or the attribute that **Attribute Name** names.",
            )],
            example_flow: Some("template"),
            ..Description::transform(
                "Template",
                "Writes how many bytes the content has into an attribute.",
            )
        }
    }

    fn build(properties: TemplateProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        let mut reader = session.read(&flowfile)?;
        match session.blocking(move || io::copy(&mut reader, &mut io::sink())).await? {
            Ok(count) => {
                flowfile.set_attribute(self.0.attribute_name.as_str(), count.to_string());
                session.transfer(flowfile, SUCCESS);
            }
            Err(error) => session.fail_or_retry(flowfile, &ProcessError::unreadable(error)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tutti_sdk::testkit::TestRunner;

    use super::*;

    #[tokio::test]
    async fn the_bytes_are_counted_and_the_content_stays() {
        let mut runner = TestRunner::new::<Template>(&[("Attribute Name", "size")]);
        runner.enqueue(b"abc", &[]);
        runner.run().await.unwrap();
        let output = runner.only(SUCCESS);
        assert_eq!((output.attribute("size"), output.text().as_str()), ("3", "abc"));
    }

    #[tokio::test]
    async fn what_cannot_be_read_now_is_tried_again() {
        let mut runner = TestRunner::new::<Template>(&[]);
        runner.enqueue(&b"a".repeat(100_000), &[]);
        runner.fail_reads_after(Some(70_000));
        runner.run().await.unwrap();
        assert_eq!(runner.queued(), 1);
        runner.fail_reads_after(None);
        runner.clock().advance_ms(60_000);
        runner.run().await.unwrap();
        assert_eq!(runner.only(SUCCESS).attribute("template.bytes"), "100000");
    }
}
