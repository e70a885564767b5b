use std::io::{Read, Write};

use async_trait::async_trait;
use tutti_model::provenance::EventType;

use super::*;
use crate::processor::{Description, FAILURE, SUCCESS};
use crate::property::Evaluated;

/// What the copier may be told.
#[derive(tutti_sdk_macros::Properties)]
struct CopyProperties {
    /// The attribute to set.
    #[property(default = "yes")]
    mark: Evaluated<String>,
    /// A number.
    #[property(default = "1", max = 9)]
    number: Evaluated<u32>,
}

/// Doubles content and counts in its state.
struct Copy(CopyProperties);

#[async_trait]
impl Processor for Copy {
    type Properties = CopyProperties;

    fn describe() -> Description {
        Description::transform("Copy", "Doubles content.")
    }

    fn build(properties: CopyProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        let failed = |error| ProcessError::external("cannot copy").caused_by(error);
        let mut reader = session.read(&flowfile)?;
        let mut writer = session.write()?;
        let content = session
            .blocking(move || {
                let mut bytes = Vec::new();
                reader.read_to_end(&mut bytes)?;
                writer.write_all(&bytes)?;
                writer.write_all(&bytes)?;
                writer.finish()
            })
            .await?
            .map_err(failed)?;
        session.set_content(&mut flowfile, content);
        flowfile.set_attribute("mark", self.0.mark.evaluate(session, &flowfile)?);
        let number = self.0.number.evaluate(session, &flowfile)?;
        flowfile.set_attribute("number", number.to_string());
        let count = session.state("count")?.map_or(0, |text| text.len());
        session.set_state("count", Some("|".repeat(count + 1)));
        let relationship = if flowfile.attribute("lost").is_some() { "nowhere" } else { SUCCESS };
        session.on_durable(&flowfile, || Err(ProcessError::user("the effect ran")));
        session.transfer(flowfile, relationship);
        Ok(())
    }
}

fn runner() -> TestRunner {
    TestRunner::new::<Copy>(&[("Mark", "blue")])
}

#[tokio::test]
async fn what_goes_in_comes_out_worked_on() {
    let mut runner = runner();
    runner.enqueue(b"ab", &[("filename", "a")]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
    let output = runner.only(SUCCESS);
    assert_eq!((output.text().as_str(), output.attribute("mark")), ("abab", "blue"));
    let events: Vec<_> = runner.events().iter().map(|event| event.event_type).collect();
    assert_eq!(events, [EventType::ContentModified, EventType::AttributesModified]);
    runner.assert_bulletin(Level::Error, "the effect ran");
    assert_eq!(runner.state()["count"], "|");
}

#[tokio::test]
async fn an_error_undoes_everything_and_penalises() {
    for fault in ["read", "write", "commit"] {
        let mut runner = runner();
        runner.enqueue(b"ab", &[]);
        match fault {
            "read" => runner.fail_reads_after(Some(1)),
            "write" => runner.fail_writes_after(Some(3)),
            _ => runner.fail_commits(1),
        }
        let error = runner.run().await.unwrap_err();
        assert!(error.chain().contains(&format!("injected failure of a {fault}")));
        assert_eq!((runner.queued(), runner.state().len()), (1, 0));
        runner.fail_reads_after(None);
        runner.fail_writes_after(None);
        runner.run().await.unwrap();
        runner.assert_transferred(SUCCESS, 0);
        runner.clock().advance_ms(30_000);
        runner.run().await.unwrap();
        runner.assert_transferred(SUCCESS, 1);
    }
}

#[tokio::test]
async fn a_crash_before_durable_leaves_everything_as_it_was() {
    let mut runner = runner();
    runner.enqueue(b"ab", &[]);
    runner.crash_before_durable().await.unwrap();
    assert_eq!((runner.queued(), runner.state().len(), runner.bulletins().len()), (1, 0, 0));
    runner.run_withheld().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
    assert!(runner.bulletins().is_empty());
    runner.make_durable();
    runner.assert_bulletin(Level::Error, "the effect ran");
}

#[tokio::test]
async fn a_relationship_that_is_not_there_is_a_bug_and_loses_nothing() {
    let mut runner = runner();
    runner.enqueue(b"ab", &[("lost", "1")]);
    let error = runner.run().await.unwrap_err();
    assert!(error.to_string().contains("\"nowhere\""));
    assert_eq!(runner.queued(), 1);
    runner.assert_transferred(FAILURE, 0);
}

#[tokio::test]
async fn sleepers_awake_when_the_clock_is_moved() {
    let clock = runner().clock();
    let sleep = clock.sleep_ms(10);
    clock.advance_ms(10);
    sleep.await;
}

#[tokio::test]
async fn expressions_see_attributes_and_what_the_engine_knows() {
    let mut runner = TestRunner::new::<Copy>(&[
        ("Mark", "${fileSize} ${flowFileId} ${entryDate} ${lineageStartDate} ${artist}"),
        ("Number", "${disc}"),
    ]);
    runner.enqueue(b"sound", &[("artist", "Joni"), ("disc", "2")]);
    runner.run().await.unwrap();
    let output = runner.only(SUCCESS);
    // Content is set before the mark: ten bytes.
    assert_eq!(output.attribute("mark"), "10 1 1704067200000 1704067200000 Joni");
    assert_eq!(output.attribute("number"), "2");
}

#[tokio::test]
async fn an_expression_that_gives_a_wrong_value_is_the_users_error() {
    for (disc, cause) in [("two", "is not a whole number"), ("10", "10 is out of range")] {
        let mut runner = TestRunner::new::<Copy>(&[("Number", "${disc}")]);
        runner.enqueue(b"sound", &[("disc", disc)]);
        let error = runner.run().await.unwrap_err();
        assert_eq!((error.retry(), runner.queued()), (crate::Retry::Never, 1));
        let chain = error.chain();
        assert!(chain.starts_with("\"${disc}\" gave a wrong value: ") && chain.contains(cause));
    }
}

#[test]
fn a_text_that_is_no_expression_is_refused_when_it_is_built() {
    let error = TestRunner::try_new::<Copy>(&[("Mark", "${artist:sing()}")]).err().unwrap();
    assert!(error.to_string().starts_with("property \"Mark\": "));
}

#[tokio::test]
async fn a_value_sees_parameters_with_and_without_an_expression() {
    for (text, expected) in
        [("#{place}", "here"), ("${x}/#{place}", "y/here"), ("##{place}", "#{place}")]
    {
        let mut runner = TestRunner::new::<Copy>(&[("Mark", text)]).with_parameter("place", "here");
        runner.enqueue(b"", &[("x", "y")]);
        runner.run().await.unwrap();
        assert_eq!(runner.only(SUCCESS).attribute("mark"), expected, "{text}");
    }
}

/// The kit as one of the hosts that must do alike.
struct KitBench(Arc<MemoryHost>);

#[async_trait]
impl contract::Bench for KitBench {
    async fn enqueue(&mut self, names: &[&str]) {
        for name in names {
            self.0.enqueue(Content::Empty, &[("n", name)]);
        }
    }

    async fn trigger(&mut self, work: contract::Work) {
        let mut session = session(&self.0);
        let triggered = work(&mut session).await;
        drop(self.0.end(&mut session, triggered).await);
    }

    fn waiting(&self) -> Vec<(String, u32)> {
        self.0.waiting("n")
    }

    fn left(&self, relationship: &str) -> Vec<String> {
        let name = |flowfile: FlowFile| flowfile.attribute("n").unwrap_or_default().to_owned();
        self.0.outputs(relationship).into_iter().map(name).collect()
    }

    fn advance_ms(&self, milliseconds: u64) {
        self.0.clock.advance_ms(milliseconds);
    }

    fn events(&self) -> Vec<ProvenanceEvent> {
        self.0.events()
    }

    fn state(&self, key: &str) -> Option<String> {
        self.0.committed_state().remove(key)
    }

    async fn make_durable(&mut self) {
        self.0.make_durable();
    }
}

#[tokio::test]
async fn the_kit_does_what_every_host_does() {
    contract::check(|| {
        let host = MemoryHost::new("Test", vec![SUCCESS.to_owned(), FAILURE.to_owned()]);
        host.withhold(true);
        KitBench(host)
    })
    .await;
}

/// Does to identities what no processor should.
struct Impostor;

/// No properties.
#[derive(tutti_sdk_macros::Properties)]
struct Nothing;

#[async_trait]
impl Processor for Impostor {
    type Properties = Nothing;

    fn describe() -> Description {
        Description::transform("Impostor", "Does to identities what no processor should.")
    }

    fn build(_: Nothing, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self)
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        let mut child = session.create_child(&flowfile);
        child = child.with_attributes(flowfile.attributes().clone());
        flowfile.remove_attribute("uuid");
        let mut grandchild = session.clone_flowfile(&flowfile);
        grandchild.set_attribute("uuid", "forged");
        session.report(Level::Info, Some(&flowfile), "told");
        session.provenance_send(&grandchild, "memory://a", 1);
        for each in [flowfile, child] {
            session.transfer(each, SUCCESS);
        }
        session.remove(grandchild, "done");
        Ok(())
    }
}

#[tokio::test]
async fn nothing_changes_the_identity_of_a_flowfile() {
    let mut runner = TestRunner::new::<Impostor>(&[]);
    let uuid = runner.enqueue(b"", &[]);
    runner.run().await.unwrap();
    let outputs = runner.transferred(SUCCESS);
    let child = outputs[1].attribute("uuid");
    assert_eq!(outputs[0].attribute("uuid"), uuid);
    assert!(child.len() == uuid.len() && child != uuid, "{child}");
    let grandchild = runner.events().iter().map(|event| event.uuid.clone()).next_back().unwrap();
    assert!(![&*uuid, child, "forged", ""].contains(&&*grandchild), "{grandchild}");
    for event in runner.events() {
        assert!([&*uuid, child, &grandchild].contains(&&*event.uuid), "{event:?}");
        assert_eq!(event.attributes.get("uuid"), Some(&*event.uuid), "{event:?}");
        assert!(event.parents.iter().all(|parent| **parent == *uuid), "{event:?}");
        // Nothing else was changed.
        assert_ne!(event.event_type, EventType::AttributesModified);
    }
    assert_eq!(runner.bulletins()[0].flowfile.as_deref(), Some(&*uuid));
}
