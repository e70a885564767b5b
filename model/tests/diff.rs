//! What differs between flows, and what does not.

#![allow(clippy::expect_used, reason = "a test that cannot begin is to fail")]

mod common;

use tutti_model::definition::FlowDefinition;
use tutti_model::diff::{Change, diff};

/// What differs, a line for each thing.
fn differing(old: &FlowDefinition, new: &FlowDefinition) -> Vec<String> {
    diff(old, new, &common::catalog()).iter().map(in_words).collect()
}

fn in_words(change: &Change) -> String {
    let mut parts = vec![change.kind.to_string()];
    if let Some(element) = &change.element {
        let was = change.was.as_ref().map(|was| format!("{was} => ")).unwrap_or_default();
        parts = vec![format!("{} {} {was}{}", change.kind, element.kind, element.path)];
    }
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "none".to_owned());
    parts.extend(change.members.iter().map(|member| {
        let (before, after) = (side(&member.before), side(&member.after));
        format!("{}: {before} => {after}", member.member)
    }));
    parts.join("; ")
}

/// A flow of these members.
fn flow(members: &str) -> FlowDefinition {
    let flow = common::read(&format!(r#"{{ "format": 1, "name": "example", {members} }}"#));
    assert_eq!(flow.unread(), [], "{members}");
    flow
}

fn between(old: &str, new: &str) -> Vec<String> {
    differing(&flow(old), &flow(new))
}

#[test]
fn a_flow_does_not_differ_from_itself_however_it_is_written() {
    let (text, _) = common::documented();
    let flow = common::read(&text);
    assert_eq!(differing(&flow, &flow), [""; 0]);
    let old = r#""processors": { "Put": { "type": "PutObject" }, "Get": { "type": "GetFile",
        "properties": { "Remember For": "30 days" } } },
        "connections": [{ "from": "Get", "relationships": ["success"], "to": "Put" }]"#;
    let new = r#""connections": [{ "to": "Put", "from": "Get", "relationships": ["success"],
            "backPressure": { "count": 10000, "size": "1024 MB" }, "expiration": "0 min" }],
        "processors": {
            "Get": { "type": "GetFile", "properties": { "Remember For": "720 hours",
                "Keep Source File": "FALSE" }, "schedule": { "period": "60 sec" },
                "concurrentTasks": 1, "yieldDuration": "1000 ms" },
            "Put": { "type": "PutObject", "state": "enabled", "properties": {
                "Object Key": "${filename}", "Conflict Resolution Strategy": "fail" } } }"#;
    assert_eq!(between(old, new), [""; 0]);
    assert_eq!(between(new, old), [""; 0]);
    let by = |name| old.replace("PutObject", name);
    assert_eq!(between(&by("PutMetadata"), &by("PutOzoneMetadata")), [""; 0], "an alias");
}

#[test]
fn settings_and_properties_are_shown_before_and_after_with_what_defaults_mean() {
    let old = r#""description": "Old.", "processors": { "Get": { "type": "GetFile",
        "properties": { "Directory": "a", "Remember For": "1 day" }, "concurrentTasks": 2,
        "retry": { "relationships": ["success"], "attempts": 3 } } }"#;
    let new = r#""parameterContext": "main", "parameterContexts": { "main": {} }, "processors": {
        "Get": { "type": "GetFile", "properties": { "Directory": "b", "File Filter": "x" },
        "schedule": { "cron": "0 0 6 * * *", "zone": "Europe/Vienna" }, "bulletinLevel": "info",
        "autoTerminate": ["success"], "state": "disabled" } }"#;
    assert_eq!(
        between(old, new),
        [
            "changed; description: Old. => ; parameterContext:  => main",
            "added parameter context main",
            "changed processor Get; properties.Directory: a => b; \
             properties.Remember For: 1 day => 30 days; properties.File Filter: .* => x; \
             concurrentTasks: 2 => 1; bulletinLevel: warning => info; \
             retry.relationships: success => none; retry.attempts: 3 => none; \
             autoTerminate:  => success; state: enabled => disabled; \
             schedule.cron: none => 0 0 6 * * *; schedule.zone: none => Europe/Vienna",
        ]
    );
}

#[test]
fn what_is_new_or_gone_is_shown_with_all_that_was_said_of_it() {
    let old = r#""processors": { "Get": { "type": "GetFile", "properties": { "Directory": "a",
            "File Filter": ".*" } }, "Put": { "type": "PutObject" } }, "labels": {
            "Why": { "text": "Because." } },
        "connections": [{ "from": "Get", "relationships": ["success"], "to": "Put",
            "expiration": "1 day" }]"#;
    let new = r#""funnels": ["All"], "groups": { "In": { "inputPorts": { "Port": {} } } },
        "services": { "Other": { "type": "OtherService" } }, "connections": [
            { "from": "All", "to": "In/Port", "prioritizers": ["FirstInFirstOutPrioritizer"] }]"#;
    assert_eq!(
        between(old, new),
        [
            "added funnel All",
            "added connection All -> In/Port; prioritizers: none => FirstInFirstOutPrioritizer",
            "removed processor Get; type: GetFile => none; properties.Directory: a => none",
            "removed connection Get [success] -> Put; relationships: success => none; \
             expiration: 1 day => none",
            "added group In",
            "added input port In/Port",
            "added service Other; type: none => OtherService",
            "removed processor Put; type: PutObject => none",
            "removed label Why; text: Because. => none",
        ]
    );
}

/// Two processors and what joins them.
const PAIR: &str = r#""processors": { "Get": { "type": "GetFile" },
    "Put": { "type": "PutObject", "properties": { "Bucket": "b" } } }, "funnels": ["All"],
    "connections": [{ "from": "Get", "relationships": ["success"], "to": "All" },
        { "from": "All", "to": "Put" }]"#;

#[test]
fn a_thing_with_another_name_is_renamed_when_all_else_is_the_same() {
    assert_eq!(
        between(PAIR, &PAIR.replace("\"All\"", "\"Everything\"")),
        ["renamed funnel All => Everything"]
    );
    let both = PAIR.replace("\"Get\"", "\"Pick up\"").replace("\"All\"", "\"Everything\"");
    assert_eq!(
        between(PAIR, &both),
        ["renamed funnel All => Everything", "renamed processor Get => Pick up"]
    );
    let other = PAIR.replace("\"Put\"", "\"Store\"").replace("\"b\"", "\"c\"");
    assert_eq!(
        between(PAIR, &other),
        [
            "removed connection All -> Put",
            "added connection All -> Store",
            "removed processor Put; type: PutObject => none; properties.Bucket: b => none",
            "added processor Store; type: none => PutObject; properties.Bucket: none => c",
        ]
    );
}

#[test]
fn of_things_that_are_alike_their_surroundings_tell_which_was_renamed() {
    let old = r#""processors": { "Get": { "type": "GetFile" }, "Put": { "type": "PutObject" } },
        "funnels": ["A", "B"], "connections": [{ "from": "Get", "to": "A",
        "relationships": ["success"] }, { "from": "B", "to": "Put" }]"#;
    let new = old.replace("\"A\"", "\"Y\"").replace("\"B\"", "\"X\"");
    assert_eq!(between(old, &new), ["renamed funnel B => X", "renamed funnel A => Y"]);
    let old = r#""processors": { "P": { "type": "PutObject" }, "Q": { "type": "PutObject" } },
        "funnels": ["A", "B"], "connections": [{ "from": "A", "to": "P" },
        { "from": "B", "to": "Q" }]"#;
    let new = old.replace("\"A\"", "\"Y\"").replace("\"B\"", "\"X\"");
    assert_eq!(between(old, &new), ["renamed funnel B => X", "renamed funnel A => Y"]);
    let alone = r#""funnels": ["A"], "processors": { "Get": { "type": "GetFile" } },
        "connections": [{ "from": "Get", "to": "A", "relationships": ["success"] }]"#;
    assert_eq!(
        between(alone, r#""funnels": ["Z"], "processors": { "Get": { "type": "GetFile" } }"#),
        [
            "removed funnel A",
            "removed connection Get [success] -> A; relationships: success => none",
            "added funnel Z"
        ]
    );
}

#[test]
fn a_group_with_another_name_or_place_takes_all_in_it_along() {
    let inner = format!("{{ {PAIR} }}");
    let group = |name: &str| format!(r#""groups": {{ "{name}": {inner} }}"#);
    assert_eq!(between(&group("Old"), &group("New")), ["renamed group Old => New"]);
    let deeper = format!(r#""groups": {{ "Outer": {{ {} }} }}"#, group("Old"));
    assert_eq!(
        between(&group("Old"), &deeper),
        ["added group Outer", "moved group Old => Outer/Old"]
    );
    let other = group("New").replace("\"b\"", "\"c\"");
    let changed = between(&group("Old"), &other);
    assert!(changed.contains(&"removed group Old".to_owned()), "{changed:?}");
    assert!(changed.contains(&"moved processor Old/Get => New/Get".to_owned()), "{changed:?}");
}

#[test]
fn a_processor_in_another_group_is_moved() {
    let old = r#""processors": { "Put": { "type": "PutObject" } }, "groups": { "In": {} }"#;
    let new = r#""groups": { "In": { "processors": { "Put": { "type": "PutObject" } } } }"#;
    assert_eq!(between(old, new), ["moved processor Put => In/Put"]);
    let get = r#""Get": { "type": "GetFile" }"#;
    let wired = format!(
        r#""processors": {{ {get}, "Put": {{ "type": "PutObject" }} }}, "connections": [
            {{ "from": "Get", "relationships": ["success"], "to": "Put" }}]"#
    );
    let through = format!(
        r#""processors": {{ {get} }}, "connections": [
            {{ "from": "Get", "relationships": ["success"], "to": "In/Port" }}],
        "groups": {{ "In": {{ "inputPorts": {{ "Port": {{}} }}, "processors": {{
            "Put": {{ "type": "PutObject" }} }}, "connections": [
            {{ "from": "Port", "to": "Put" }}] }} }}"#
    );
    let moved = between(&wired, &through);
    assert!(moved.contains(&"moved processor Put => In/Put".to_owned()), "{moved:?}");
    assert!(moved.contains(&"added connection In/Port -> Put".to_owned()), "{moved:?}");
}

#[test]
fn a_connection_that_carries_something_else_is_changed_and_one_that_goes_elsewhere_another() {
    let connected = |connection: &str| {
        format!(
            r#""processors": {{ "Put": {{ "type": "PutObject" }} }}, "funnels": ["A", "B"],
            "connections": [{connection}]"#
        )
    };
    let old = connected(r#"{ "from": "Put", "relationships": ["success"], "to": "A" }"#);
    let more = connected(
        r#"{ "from": "Put", "relationships": ["success", "failure"], "to": "A",
            "backPressure": { "count": 5 } }"#,
    );
    assert_eq!(
        between(&old, &more),
        ["changed connection Put [success] -> A => Put [failure, success] -> A; \
          relationships: success => failure, success; backPressure.count: 10000 => 5"]
    );
    let elsewhere = connected(r#"{ "from": "Put", "relationships": ["success"], "to": "B" }"#);
    assert_eq!(
        between(&old, &elsewhere),
        [
            "removed connection Put [success] -> A; relationships: success => none",
            "added connection Put [success] -> B; relationships: none => success",
        ]
    );
}

#[test]
fn parameters_differ_by_context_and_a_renamed_context_changes_nothing_else() {
    let old = r#""parameterContext": "main", "parameterContexts": { "base": { "parameters": {
        "a": { "value": "1" }, "b": { "value": "2", "description": "B." } } },
        "main": { "inherits": ["base"] } }"#;
    let new = old.replace("\"base\"", "\"common\"");
    assert_eq!(between(old, &new), ["renamed parameter context base => common"]);
    let new = old.replace("\"1\"", "\"3\"").replace("\"b\"", "\"c\"");
    assert_eq!(
        between(old, &new),
        ["changed parameter base:a; value: 1 => 3", "renamed parameter base:b => base:c"]
    );
    assert_eq!(
        between(old, &old.replace(r#""inherits": ["base"]"#, "")),
        ["changed parameter context main; inherits: base => "]
    );
}

#[test]
fn no_value_is_shown_that_may_be_a_secret() {
    for (old, new) in [
        (
            r#""parameterContexts": { "a": { "parameters": { "k": { "value": "hush" } } } }"#,
            r#""parameterContexts": { "a": { "parameters": { "k": { "sensitive": true } } } }"#,
        ),
        (
            r##""processors": { "P": { "type": "PutObject",
                "properties": { "Secret Access Key": "#{key}" } } }"##,
            r#""processors": { "P": { "type": "PutObject",
                "properties": { "Secret Access Key": "hush" } } }"#,
        ),
        (
            r#""processors": { "P": { "type": "PutMetadata",
                "properties": { "SecretAccessKey": "hush" } } }"#,
            r#""funnels": []"#,
        ),
        (
            r#""processors": { "P": { "type": "Unknown", "properties": { "any": "hush" } } }"#,
            r#""processors": { "P": { "type": "Unknown", "properties": { "any": "hash" } } }"#,
        ),
    ] {
        for (old, new) in [(old, new), (new, old)] {
            let all = between(old, new).join("\n");
            assert!(all.contains("(not shown)") && !all.contains("hush"), "{all}");
        }
    }
    let key = |name: &str| {
        format!(
            r##""processors": {{ "P": {{ "type": "PutObject",
            "properties": {{ "Secret Access Key": "#{{{name}}}" }} }} }}"##
        )
    };
    let quoted = between(&key("old"), &key("'my key'"));
    assert!(quoted[0].ends_with("#{old} => #{'my key'}"), "{quoted:?}");
    assert_eq!(
        between(&key("old"), &key("new")),
        ["changed processor P; properties.Secret Access Key: #{old} => #{new}"]
    );
}

#[test]
fn programs_read_this() {
    let changes =
        diff(&flow(PAIR), &flow(&PAIR.replace("\"Get\"", "\"Pick up\"")), &common::catalog());
    assert_eq!(
        serde_json::to_value(changes).expect("JSON"),
        serde_json::json!([{
            "change": "renamed",
            "element": { "kind": "processor", "path": "Pick up" },
            "was": "Get",
            "members": [],
        }])
    );
}
