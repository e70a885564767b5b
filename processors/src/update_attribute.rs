//! `UpdateAttribute`: sets and deletes attributes.

use tokio::sync::Mutex;
use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::property::{Choice, Dynamic, Evaluated, Regex};
use tutti_sdk::{
    BuildContext, BuildError, Description, Makes, ProcessError, Processor, Properties, SUCCESS,
    Session, async_trait,
};

/// Flowfiles that are worked on in one session.
const BATCH_MAX: usize = 100;

/// Whether values are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum StoreState {
    /// Nothing is remembered.
    #[choice("Do not store state")]
    No,
    /// The last value of each attribute is remembered, for `getStateValue('name')`.
    #[choice("Store state locally")]
    Locally,
}

/// The properties of [`UpdateAttribute`].
#[derive(Debug, Properties)]
pub(crate) struct UpdateAttributeProperties {
    /// Attributes whose whole name matches this regular expression are deleted.
    #[property(example = r"audio\.tag\..*")]
    delete_attributes_expression: Option<Regex>,
    /// Whether the values that are set are remembered.
    #[property(default = "Do not store state")]
    store_state: StoreState,
    /// What `getStateValue` gives before a value was remembered.
    #[property(depends_on("Store State", "Store state locally"), example = "0")]
    stateful_variables_initial_value: Option<String>,
    /// Attributes to set. All expressions see the attributes as they were before.
    #[dynamic(name = "attribute name", attributes)]
    attributes: Dynamic<Evaluated<String>>,
}

/// Sets and deletes attributes.
pub(crate) struct UpdateAttribute {
    properties: UpdateAttributeProperties,
    /// Held from reading the state to its commit.
    state: Mutex<()>,
}

#[async_trait]
impl Processor for UpdateAttribute {
    type Properties = UpdateAttributeProperties;

    fn describe() -> Description {
        Description {
            description: "\
A flowfile whose expressions cannot be evaluated stays in its queue, is penalised and reported: \
as in NiFi there is only `success`.\n\n\
With **Store State** each attribute's last value is remembered with the same commit that sends the \
flowfile on, and tasks take turns.",
            tags: &["attribute", "modify", "update", "delete", "expression", "state"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[(SUCCESS, "Every flowfile.")],
            writes: &[("*", "What the properties that the user names say.")],
            example_flow: Some("update-attribute"),
            ..Description::transform("UpdateAttribute", "Sets and deletes attributes.")
        }
    }

    fn build(properties: UpdateAttributeProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self { properties, state: Mutex::default() })
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let stateful = self.properties.store_state == StoreState::Locally;
        let _turn = if stateful { Some(self.state.lock().await) } else { None };
        for mut flowfile in session.get_batch(BATCH_MAX)? {
            match self.update(session, &mut flowfile, stateful) {
                Ok(()) => session.transfer(flowfile, SUCCESS),
                Err(error) => session.give_back_failed(flowfile, &error),
            }
        }
        session.commit().await
    }
}

impl UpdateAttribute {
    fn update(
        &self,
        session: &mut Session,
        flowfile: &mut FlowFile,
        stateful: bool,
    ) -> Result<(), ProcessError> {
        if stateful && let Some(initial) = &self.properties.stateful_variables_initial_value {
            for (name, _) in self.properties.attributes.iter() {
                if session.state(name)?.is_none() {
                    session.set_state(name, Some(initial.clone()));
                }
            }
        }
        let mut values = Vec::new();
        for (name, value) in self.properties.attributes.iter() {
            values.push((name, value.evaluate(session, flowfile)?));
        }
        if let Some(delete) = &self.properties.delete_attributes_expression {
            let names: Vec<String> =
                flowfile.attributes().iter().map(|(name, _)| name.to_owned()).collect();
            for name in names {
                if delete.matches(&name)? {
                    flowfile.remove_attribute(&name);
                }
            }
        }
        for (name, value) in values {
            if stateful {
                session.set_state(name, Some(value.clone()));
            }
            flowfile.set_attribute(name, value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tutti_sdk::bulletin::Level;
    use tutti_sdk::testkit::TestRunner;

    use super::*;

    #[tokio::test]
    async fn attributes_are_set_from_those_before() {
        let mut runner =
            TestRunner::new::<UpdateAttribute>(&[("a", "${b}"), ("b", "${a}"), ("c", "x")]);
        runner.enqueue(b"kept", &[("a", "1"), ("b", "2")]);
        runner.run().await.unwrap();
        let output = runner.only(SUCCESS);
        let attributes = ["a", "b", "c"].map(|name| output.attribute(name));
        assert_eq!((attributes, output.text().as_str()), (["2", "1", "x"], "kept"));
    }

    #[tokio::test]
    async fn attributes_are_deleted_but_for_the_identity() {
        let mut runner =
            TestRunner::new::<UpdateAttribute>(&[("Delete Attributes Expression", "a|uuid|tag.*")]);
        let uuid = runner.enqueue(b"", &[("a", "1"), ("ab", "2"), ("tag.x", "3")]);
        runner.run().await.unwrap();
        let output = runner.only(SUCCESS);
        let left: Vec<_> = output.flowfile.attributes().iter().collect();
        assert_eq!(left, [("ab", "2"), ("uuid", uuid.as_str())]);
    }

    #[tokio::test]
    async fn values_are_remembered() {
        let mut runner = TestRunner::new::<UpdateAttribute>(&[
            ("Store State", "Store state locally"),
            ("Stateful Variables Initial Value", "0"),
            ("seen", "${getStateValue('seen')}${filename}"),
        ]);
        for name in ["a", "b"] {
            runner.enqueue(b"", &[("filename", name)]);
        }
        runner.run().await.unwrap();
        let seen: Vec<_> = runner
            .transferred(SUCCESS)
            .iter()
            .map(|each| each.attribute("seen").to_owned())
            .collect();
        assert_eq!(seen, ["0a", "0ab"]);
        assert_eq!(runner.state()["seen"], "0ab");
    }

    #[tokio::test]
    async fn what_cannot_be_evaluated_stays_and_the_others_go_on() {
        let mut runner = TestRunner::new::<UpdateAttribute>(&[(
            "Delete Attributes Expression",
            "(a|b|ab)*(?=c)",
        )]);
        runner.enqueue(b"", &[(&"ab".repeat(60), "1")]);
        runner.enqueue(b"", &[("plain", "1")]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
        assert_eq!(runner.queued(), 1);
        runner.assert_bulletin(Level::Error, "was given up");
    }

    #[test]
    fn the_identity_cannot_be_set() {
        let error = TestRunner::try_new::<UpdateAttribute>(&[("uuid", "1")]).err().unwrap();
        assert!(error.to_string().contains("cannot be set"));
    }
}
