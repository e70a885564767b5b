//! `RouteOnAttribute`: sends flowfiles where their attributes say.

use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::model::spec::{ExpressionScope, PropertyKind, ValueError};
use tutti_sdk::property::{Choice, Dynamic, Evaluated, PropertyType, ValueType};
use tutti_sdk::{
    BuildContext, BuildError, Description, Makes, ProcessError, Processor, Properties, Session,
    async_trait,
};

use crate::routes::{Told, UNMATCHED};

/// Flowfiles that are worked on in one session.
const BATCH_MAX: usize = 100;
/// The attribute that names the way.
const ROUTE: &str = "RouteOnAttribute.Route";
const TOLD: Told = Told {
    attribute: ROUTE,
    fitting: "its expression gave true",
    unmatched: "no expression gave true",
};

/// Where a flowfile goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum RoutingStrategy {
    /// To the relationship of each property whose expression gives `true`.
    #[choice("Route to Property name")]
    PropertyName,
}

/// The properties of [`RouteOnAttribute`].
#[derive(Debug, Properties)]
pub(crate) struct RouteOnAttributeProperties {
    /// Where a flowfile goes.
    #[property(default = "Route to Property name")]
    routing_strategy: RoutingStrategy,
    /// An expression that gives `true` for the flowfiles that go to the relationship of its name.
    #[dynamic(name = "relationship name", relationships)]
    routes: Dynamic<Condition>,
}

/// An expression that is to give a boolean.
#[derive(Debug, Clone)]
pub(crate) struct Condition(Evaluated<String>);

impl PropertyType for Condition {
    const REQUIRED: bool = Evaluated::<String>::REQUIRED;
    const EXPRESSION: ExpressionScope = Evaluated::<String>::EXPRESSION;

    fn kind() -> PropertyKind {
        Evaluated::<String>::kind()
    }

    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
        Evaluated::parse(text, kind).map(Self)
    }

    /// As in NiFi, which takes nothing but booleans. Here the text `true` counts as well.
    fn doubt(&self) -> Option<ValueError> {
        let gives = self.0.gives();
        let doubt = || {
            let message = format!("this gives no boolean but a {}", gives.name());
            ValueError::new(message).with_help("as in ${fileSize:gt(1000)} or ${a:equals('b')}")
        };
        self.0.doubt().or_else(|| (gives != ValueType::Boolean).then(doubt))
    }
}

/// Sends flowfiles where their attributes say.
pub(crate) struct RouteOnAttribute(RouteOnAttributeProperties);

#[async_trait]
impl Processor for RouteOnAttribute {
    type Properties = RouteOnAttributeProperties;

    fn describe() -> Description {
        Description {
            description: "\
A flowfile that fits several expressions goes to all of their relationships, as clones that share \
its content. One whose expressions cannot be evaluated stays in its queue, is penalised and \
reported, as in NiFi.",
            tags: &["route", "attribute", "expression", "decide", "filter"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[(UNMATCHED, "Flowfiles that fit no expression.")],
            writes: &[(ROUTE, "The relationship that the flowfile went to.")],
            example_flow: Some("route-on-attribute"),
            ..Description::transform(
                "RouteOnAttribute",
                "Sends flowfiles where their attributes say.",
            )
        }
    }

    fn build(properties: RouteOnAttributeProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        for flowfile in session.get_batch(BATCH_MAX)? {
            match self.fitting(session, &flowfile) {
                Ok(routes) => TOLD.send(session, flowfile, &routes),
                Err(error) => session.give_back_failed(flowfile, &error),
            }
        }
        Ok(())
    }
}

impl RouteOnAttribute {
    fn fitting(&self, session: &Session, flowfile: &FlowFile) -> Result<Vec<&str>, ProcessError> {
        let RoutingStrategy::PropertyName = self.0.routing_strategy;
        let mut routes = Vec::new();
        for (name, expression) in self.0.routes.iter() {
            if expression.0.evaluate(session, flowfile)?.eq_ignore_ascii_case("true") {
                routes.push(name);
            }
        }
        Ok(routes)
    }
}

#[cfg(test)]
mod tests {
    use tutti_sdk::model::provenance::EventType;
    use tutti_sdk::testkit::TestRunner;

    use super::*;

    const ROUTES: [(&str, &str); 2] =
        [("flac", "${codec:equals('flac')}"), ("stereo", "${channels:equals('2')}")];

    #[test]
    fn what_gives_no_boolean_is_doubted() {
        let doubt = |text| {
            let condition = Condition::parse(text, &Condition::kind()).unwrap();
            condition.doubt().map(|doubt| doubt.message)
        };
        for text in ["${codec:equals('flac')}", "${n:gt(1):and(${a:isEmpty()})}"] {
            assert_eq!(doubt(text), None, "{text}");
        }
        let is = |given| Some(format!("this gives no boolean but a {given}"));
        for (text, given) in [
            ("fileSize > 40000", "text"),
            ("${fileSize}", "text"),
            ("${a:equals('b')} ", "text"),
            ("${n:plus(1)}", "number"),
        ] {
            assert_eq!(doubt(text), is(given), "{text}");
        }
        assert_eq!(doubt("a ${"), Some("an expression without its end is text".into()));
    }

    #[tokio::test]
    async fn flowfiles_go_where_they_fit() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("flac", "1", &["flac"]),
            ("mp3", "2", &["stereo"]),
            ("flac", "2", &["flac", "stereo"]),
            ("mp3", "1", &[UNMATCHED]),
        ];
        for (codec, channels, expected) in cases {
            let mut runner = TestRunner::new::<RouteOnAttribute>(&ROUTES);
            runner.enqueue(b"sound", &[("codec", codec), ("channels", channels)]);
            runner.run().await.unwrap();
            for relationship in ["flac", "stereo", UNMATCHED] {
                let count = usize::from(expected.contains(&relationship));
                runner.assert_transferred(relationship, count);
                for output in runner.transferred(relationship) {
                    assert_eq!(output.attribute(ROUTE), relationship);
                    assert_eq!(output.text(), "sound");
                }
            }
            let events = runner.events();
            let routed = events.iter().filter(|event| event.event_type == EventType::Route);
            assert_eq!(routed.count(), expected.len());
        }
    }
}
