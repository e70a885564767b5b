//! Members that are right somewhere else: one level further in, or in a flow of NiFi.

/// What a member is that stands where nobody knows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    /// The member that does its work.
    pub(super) name: &'static str,
    /// What to do.
    pub(super) help: String,
}

/// Objects with the members that stand in them.
const WITHIN: [(&str, &[&str]); 3] = [
    ("backPressure", &["count", "size"]),
    ("retry", &["relationships", "attempts", "backoff", "maximum"]),
    ("schedule", &["period", "cron", "zone"]),
];

/// What NiFi's flow definitions call it, and what it is called here.
const NIFI: [(&str, &str); 19] = [
    ("autoTerminatedRelationships", "autoTerminate"),
    ("backPressureDataSizeThreshold", "backPressure"),
    ("backPressureObjectThreshold", "backPressure"),
    ("backoffMechanism", "retry"),
    ("comments", "description"),
    ("concurrentlySchedulableTaskCount", "concurrentTasks"),
    ("controllerServices", "services"),
    ("destination", "to"),
    ("flowFileExpiration", "expiration"),
    ("inheritedParameterContexts", "inherits"),
    ("maxBackoffPeriod", "retry"),
    ("parameterContextName", "parameterContext"),
    ("processGroups", "groups"),
    ("retriedRelationships", "retry"),
    ("retryCount", "retry"),
    ("scheduledState", "state"),
    ("schedulingPeriod", "schedule"),
    ("schedulingStrategy", "schedule"),
    ("selectedRelationships", "relationships"),
];

/// What `name` is where `known` members are known; none where nothing tells.
pub(super) fn meant(name: &str, known: &[&'static str]) -> Option<Foreign> {
    let is_known = |wanted: &str| known.contains(&wanted);
    let within =
        WITHIN.iter().filter(|(object, _)| is_known(object)).find_map(|(object, members)| {
            Some((object, members.iter().find(|member| member.eq_ignore_ascii_case(name))?))
        });
    if let Some((object, member)) = within {
        let help = format!("it belongs into \"{object}\": {{ \"{member}\": … }}");
        return Some(Foreign { name: object, help });
    }
    let (_, ours) = NIFI.iter().find(|(nifis, ours)| *nifis == name && is_known(ours))?;
    Some(Foreign { name: ours, help: format!("NiFi's \"{name}\" is \"{ours}\" here") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_elsewhere_is_known_only_where_its_place_is() {
        let processor = ["type", "schedule", "retry", "state"];
        let help = |name, known: &[&'static str]| meant(name, known).map(|foreign| foreign.help);
        assert_eq!(
            help("Period", &processor).unwrap(),
            "it belongs into \"schedule\": { \"period\": … }"
        );
        assert_eq!(
            help("scheduledState", &processor).unwrap(),
            "NiFi's \"scheduledState\" is \"state\" here"
        );
        assert_eq!(help("destination", &processor), None);
        assert_eq!(
            help("destination", &["from", "to"]).unwrap(),
            "NiFi's \"destination\" is \"to\" here"
        );
        assert_eq!(help("period", &["from", "to"]), None);
    }
}
