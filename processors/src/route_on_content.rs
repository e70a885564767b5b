//! `RouteOnContent`: sends flowfiles where their content says.

use std::io::Read;

use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::model::spec::{PropertyError, ValueError};
use tutti_sdk::property::{Choice, DataSize, Dynamic, Evaluated, Regex};
use tutti_sdk::{
    BuildContext, BuildError, ContentReader, Description, Makes, ProcessError, Processor,
    Properties, Session, async_trait,
};

use crate::bounded::BUFFER_BYTES;
use crate::routes::{Told, UNMATCHED};
use crate::text::{CharacterSet, Decoder};

/// The attribute that names the way.
const ROUTE: &str = "RouteOnContent.Route";
const TOLD: Told = Told {
    attribute: ROUTE,
    fitting: "its regular expression matched",
    unmatched: "no regular expression matched",
};

/// How much of the content a regular expression must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum MatchRequirement {
    /// All of it, up to **Content Buffer Size**.
    #[choice("content must match exactly")]
    Whole,
    /// Some part of it.
    #[choice("content must contain match")]
    Part,
}

/// The properties of [`RouteOnContent`].
#[derive(Debug, Properties)]
pub(crate) struct RouteOnContentProperties {
    /// How much of the content a regular expression must match.
    #[property(default = "content must match exactly")]
    match_requirement: MatchRequirement,
    /// How the bytes of the content stand for characters.
    #[property(default = "UTF-8")]
    character_set: CharacterSet,
    /// How much of the content is looked at; what is behind it is ignored.
    #[property(default = "1 MB")]
    content_buffer_size: DataSize,
    /// A regular expression that matches the content of the flowfiles that go to the relationship
    /// of its name. What expressions in it give stands for itself.
    #[dynamic(name = "relationship name", relationships)]
    routes: Dynamic<Evaluated<Regex>>,
}

/// Sends flowfiles where their content says.
pub(crate) struct RouteOnContent(RouteOnContentProperties);

#[async_trait]
impl Processor for RouteOnContent {
    type Properties = RouteOnContentProperties;

    fn describe() -> Description {
        Description {
            description: "\
A flowfile that fits several regular expressions goes to all of their relationships, as clones \
that share its content. Bytes that are no text in the character set count as U+FFFD; a character \
that **Content Buffer Size** would cut does not count. One whose expressions cannot be evaluated, \
whose content cannot be read or whose matching takes too many steps stays in its queue, is \
penalised and reported, as in NiFi.\n\n\
Regular expressions are Java's. The dot does not match an end of line unless `(?s)` is in front: \
to match all of a content of many lines exactly, begin with it.",
            tags: &["route", "content", "regex", "text", "search", "filter", "detect"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[(UNMATCHED, "Flowfiles that fit no regular expression.")],
            writes: &[(ROUTE, "The relationship that the flowfile went to.")],
            example_flow: Some("route-on-content"),
            ..Description::transform("RouteOnContent", "Sends flowfiles where their content says.")
        }
    }

    fn build(properties: RouteOnContentProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let taken = properties.routes.iter().filter(|(name, _)| *name == UNMATCHED);
        let error = || {
            ValueError::new(format!("\"{UNMATCHED}\" is where the flowfiles go that fit nothing"))
                .with_help("choose another name")
        };
        BuildError::unless_empty(
            taken.map(|(name, _)| PropertyError::of(name.to_owned(), error())).collect(),
        )?;
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(flowfile) = session.get()? else { return Ok(()) };
        match self.fitting(session, &flowfile).await {
            Ok(routes) => TOLD.send(session, flowfile, &routes),
            Err(error) => session.give_back_failed(flowfile, &error),
        }
        Ok(())
    }
}

impl RouteOnContent {
    async fn fitting(
        &self,
        session: &Session,
        flowfile: &FlowFile,
    ) -> Result<Vec<String>, ProcessError> {
        let mut routes = Vec::new();
        for (name, regex) in self.0.routes.iter() {
            routes.push((name.to_owned(), regex.evaluate(session, flowfile)?));
        }
        let reader = session.read(flowfile)?;
        let (charset, bytes) = (self.0.character_set, self.0.content_buffer_size.bytes());
        let requirement = self.0.match_requirement;
        let work = move || {
            let text = beginning(reader, charset, bytes)?;
            let mut fitting = Vec::new();
            for (name, regex) in routes {
                let fits = match requirement {
                    MatchRequirement::Whole => regex.matches(&text)?,
                    MatchRequirement::Part => regex.is_found(&text)?,
                };
                fitting.extend(fits.then_some(name));
            }
            Ok(fitting)
        };
        session.compute(work).await?
    }
}

/// The text of the first `bytes` bytes.
fn beginning(
    reader: ContentReader,
    charset: CharacterSet,
    bytes: u64,
) -> Result<String, ProcessError> {
    let (mut decoder, mut text) = (Decoder::lossy(charset), String::new());
    let mut reader = reader.take(bytes);
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let count = reader.read(&mut buffer).map_err(ProcessError::unreadable)?;
        // What the bound cuts is no error of the text.
        let is_end = count == 0 && reader.limit() > 0;
        decoder.decode(buffer.get(..count).unwrap_or_default(), is_end, &mut text)?;
        if count == 0 {
            return Ok(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use tutti_sdk::bulletin::Level;
    use tutti_sdk::model::provenance::EventType;
    use tutti_sdk::testkit::TestRunner;

    use super::*;

    const PART: (&str, &str) = ("Match Requirement", "content must contain match");

    /// The relationships that `content` goes to.
    async fn routes(properties: &[(&str, &str)], content: &[u8]) -> Vec<String> {
        let mut runner = TestRunner::new::<RouteOnContent>(properties);
        runner.enqueue(content, &[("codec", "a.c")]);
        runner.run().await.unwrap();
        let names = properties.iter().map(|(name, _)| *name).chain([UNMATCHED]);
        let mut went = Vec::new();
        for name in names {
            for output in runner.transferred(name) {
                assert_eq!(output.attribute(ROUTE), name);
                assert_eq!(output.bytes(), content);
                went.push(name.to_owned());
            }
        }
        let events = runner.events();
        let routed = events.iter().filter(|event| event.event_type == EventType::Route);
        assert_eq!(routed.count(), went.len());
        went
    }

    #[tokio::test]
    async fn all_of_the_content_or_some_of_it_must_match() {
        let (one, two) = (("one", "b.*"), ("two", "(?s).*b.*"));
        assert_eq!(routes(&[one, two], b"b\n").await, ["two"]);
        assert_eq!(routes(&[one, two], b"bc").await, ["one", "two"]);
        assert_eq!(routes(&[one, two], b"a").await, [UNMATCHED]);
        assert_eq!(routes(&[PART, one], b"a\nb\n").await, ["one"]);
        assert_eq!(routes(&[PART, ("end", "b$")], b"a\nb\n").await, ["end"], "as in Java");
        assert_eq!(routes(&[("empty", "")], b"").await, ["empty"]);
        assert_eq!(routes(&[], b"a").await, [UNMATCHED]);
    }

    #[tokio::test]
    async fn values_of_expressions_stand_for_themselves() {
        let route = [("same", "${codec}+")];
        assert_eq!(routes(&route, b"a.ccc").await, ["same"]);
        assert_eq!(routes(&route, b"abc").await, [UNMATCHED]);
    }

    #[tokio::test]
    async fn only_the_beginning_is_looked_at() {
        let sized = |size| [PART, ("Content Buffer Size", size), ("found", "[é\u{fffd}]|x")];
        let content = "aéx".as_bytes();
        assert_eq!(routes(&sized("1 B"), content).await, [UNMATCHED]);
        assert_eq!(routes(&sized("2 B"), content).await, [UNMATCHED], "half of a character");
        assert_eq!(routes(&sized("3 B"), content).await, ["found"]);
        let long = [b"a".repeat(200_000), b"x".to_vec()].concat();
        assert_eq!(routes(&sized("200000 B"), &long).await, [UNMATCHED]);
        assert_eq!(routes(&sized("1 MB"), &long).await, ["found"]);
        assert_eq!(routes(&sized("1 MB"), b"a\xc3").await, ["found"], "no text at the end");
    }

    #[tokio::test]
    async fn the_character_set_counts() {
        let set = ("Character Set", "ISO-8859-1");
        assert_eq!(routes(&[set, ("umlaut", "ä")], b"\xe4").await, ["umlaut"]);
        let either = [("umlaut", "ä"), ("no text", "\u{fffd}")];
        assert_eq!(routes(&either, b"\xe4").await, ["no text"]);
    }

    #[tokio::test]
    async fn what_cannot_be_matched_or_read_stays() {
        let mut runner = TestRunner::new::<RouteOnContent>(&[("x", "(a|b|ab)*(?=c)")]);
        runner.enqueue("ab".repeat(60).as_bytes(), &[]);
        runner.run().await.unwrap();
        assert_eq!((runner.queued(), runner.transferred(UNMATCHED).len()), (1, 0));
        runner.assert_bulletin(Level::Error, "was given up on a text of 120 characters");

        let mut runner = TestRunner::new::<RouteOnContent>(&[("x", "a")]);
        runner.enqueue(b"a", &[]);
        runner.fail_reads_after(Some(0));
        runner.run().await.unwrap();
        assert_eq!(runner.queued(), 1);
        runner.assert_bulletin(Level::Warning, "cannot read the content");
        runner.fail_reads_after(None);
        runner.clock().advance_ms(60_000);
        runner.run().await.unwrap();
        runner.assert_all_transferred("x", 1);
    }

    #[test]
    fn names_and_regular_expressions_are_checked() {
        for (name, value, told) in [
            (UNMATCHED, "a", "is where the flowfiles go"),
            ("x", "(", "is not valid"),
            ("x", "${a:b()}", "b"),
            ("Character Set", "EBCDIC", "is not one of the choices"),
        ] {
            let refused = TestRunner::try_new::<RouteOnContent>(&[(name, value)]);
            let error = refused.err().unwrap().to_string();
            assert!(error.contains(told) && error.contains(name), "{error}");
        }
    }
}
