//! Rules whose edges the examples of the codes do not show.

#![allow(clippy::expect_used, reason = "a test that cannot begin is to fail")]

mod common;

use common::{codes, validate};
use tutti_model::codes::Code;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::valid::ValidFlow;
use tutti_model::value::Value;

/// A flow with these members.
fn flow(members: &str) -> String {
    format!(r#"{{ "format": 1, "name": "example", {members} }}"#)
}

/// A flow with these processors by themselves.
fn alone(processors: &str) -> String {
    flow(&format!(r#""processors": {{ {processors} }}"#))
}

/// `PutObject` with something to store, and these properties besides those that it needs.
fn put(properties: &str) -> String {
    flow(&put_members(properties))
}

fn put_members(properties: &str) -> String {
    format!(
        r#""processors": {{ "Make": {{ "type": "GenerateFlowFile" }}, "Store": {{
            "type": "PutObject", "autoTerminate": ["failure", "success"],
            "properties": {{
                "Object Store URL": "file:///out", "Object Key": "a" {properties} }} }} }},
        "connections": [{{ "from": "Make", "relationships": ["success"], "to": "Store" }}]"#
    )
}

fn property<'f>(flow: &'f ValidFlow, processor: &str, name: &str) -> Option<&'f str> {
    let processor = flow.processors().find(|one| one.path == processor)?;
    processor.properties.declared.get(name).map(Value::expose)
}

const CONTEXTS: &str = r#""parameterContext": "main", "parameterContexts": {
    "first": { "parameters": { "a": { "value": "first" }, "b": { "value": "first" } } },
    "second": { "parameters": { "a": { "value": "second" }, "b": { "value": "second" },
        "c": { "value": "second" } } },
    "main": { "inherits": ["first", "second"], "parameters": { "a": { "value": "main" } } } }"#;

fn inherited() -> String {
    let all = r#", "Ignore Reason": "", "Part Size": "1 B" "#;
    let text = flow(&format!("{CONTEXTS}, {}", put_members(all)));
    text.replace("file:///out", "#{a}/#{b}/#{c}").replace(r#""Ignore Reason": "", "#, "")
}

#[test]
fn a_parameter_with_a_wrong_value_is_told_once_with_all_that_use_it() {
    let store = r##"{ "type": "PutObject", "autoTerminate": ["failure", "success"],
        "properties": { "Object Store URL": "file:///out", "Object Key": "a",
            "Part Size": "#{size}" } }"##;
    let text = |count: usize| {
        let stores: Vec<String> =
            (0..count).map(|each| format!(r#""{each:02}": {store}"#)).collect();
        let to = (0..count).map(|each| {
            format!(r#"{{ "from": "Make", "relationships": ["success"], "to": "{each:02}" }}"#)
        });
        let to: Vec<String> = to.collect();
        flow(&format!(
            r#""parameterContext": "main", "parameterContexts": {{ "main": {{ "parameters": {{
                "size": {{ "value": "many" }} }} }} }}, "processors": {{
                "Make": {{ "type": "GenerateFlowFile" }}, {} }}, "connections": [{}]"#,
            stores.join(", "),
            to.join(", ")
        ))
    };
    let told = |text: &str| validate(text, &[]).expect_err("the size is none");
    let [only] = &told(&text(3))[..] else { panic!("{:?}", told(&text(3))) };
    let end = "; also in \"Part Size\" of processor \"01\", \"Part Size\" of processor \"02\"";
    assert!(only.message.contains("\"size\"") && only.message.ends_with(end), "{only}");
    assert_eq!(only.place.path, r#"$.processors["00"].properties["Part Size"]"#);
    let [only] = &told(&text(11))[..] else { panic!("{:?}", told(&text(11))) };
    assert!(only.message.ends_with("\"08\", and 2 more"), "{only}");
    // What stands in the text is told wherever it stands.
    let both = told(&text(2).replace("#{size}", "many"));
    assert_eq!(both.iter().filter(|one| one.code.as_str() == "T0105").count(), 2, "{both:?}");
}

#[test]
fn own_parameters_come_first_then_those_of_the_first_context() {
    let flow = validate(&inherited(), &[]).expect("it is right");
    assert_eq!(property(&flow, "Store", "Object Store URL"), Some("main/first/second"));
}

#[test]
fn values_from_outside_are_for_all_contexts_or_for_one() {
    let values: &[(&str, &str)] = &[("a", "1"), ("b", "2"), ("second:b", "3"), ("second:c", "4")];
    let flow = validate(&inherited(), values).expect("it is right");
    assert_eq!(property(&flow, "Store", "Object Store URL"), Some("1/2/4"));
    assert_eq!(codes(&inherited(), &[("main:b", "2")]), ["T0308"]);
    assert_eq!(codes(&inherited(), &[("third:b", "2")]), ["T0308"]);
}

#[test]
fn groups_see_the_context_and_services_around_them() {
    let text = flow(
        r##""parameterContext": "main",
        "parameterContexts": { "main": { "parameters": { "host": { "value": "h" } } } },
        "services": { "Proxy": { "type": "ProxyService", "properties": { "Host": "#{host}" } } },
        "groups": { "Outer": { "groups": { "Inner": {
            "processors": {
                "Make": { "type": "GenerateFlowFile" },
                "Store": { "type": "PutObject", "autoTerminate": ["failure", "success"],
                    "properties": {
                        "Object Store URL": "#{host}", "Object Key": "k", "Proxy": "Proxy" } } },
            "connections": [
                { "from": "Make", "relationships": ["success"], "to": "Store" }] } } } }"##,
    );
    let flow = validate(&text, &[]).expect("it is right");
    assert_eq!(property(&flow, "Outer/Inner/Store", "Object Store URL"), Some("h"));
    let store = flow.processors().find(|one| one.path == "Outer/Inner/Store").expect("there");
    assert_eq!(store.properties.services["Proxy"], "Proxy");
    let own = text.replace(
        r#""Inner": {"#,
        r#""Inner": { "services": { "Proxy": { "type": "ProxyService",
            "properties": { "Host": "x" } } },"#,
    );
    let flow = validate(&own, &[]).expect("it is right");
    let store = flow.processors().find(|one| one.path == "Outer/Inner/Store").expect("there");
    assert_eq!(store.properties.services["Proxy"], "Outer/Inner/Proxy");
}

#[test]
fn services_are_not_seen_from_outside_their_group() {
    let text = put_members(r#", "Proxy": "Proxy""#)
        + r#", "groups": { "Inner": { "services": { "Proxy":
            { "type": "ProxyService", "properties": { "Host": "x" } } } } }"#;
    assert_eq!(codes(&flow(&text), &[]), ["T0111"]);
}

#[test]
fn escaped_references_are_text() {
    let flow = validate(
        &put(r#", "Part Size": "1 B", "Conflict Resolution Strategy": "fail""#)
            .replace("file:///out", "##{a}/##{b"),
        &[],
    );
    assert_eq!(
        property(&flow.expect("it is right"), "Store", "Object Store URL"),
        Some("#{a}/#{b")
    );
}

#[test]
fn expressions_keep_their_parameters_and_see_their_values() {
    let text = inherited()
        .replace(r#""Object Key": "a""#, r#""Object Key": "${filename}-#{c}-${x:append('#{2}')}""#);
    let flow = validate(&text, &[]).expect("it is right");
    assert_eq!(
        property(&flow, "Store", "Object Key"),
        Some("${filename}-#{c}-${x:append('#{2}')}")
    );
    let store = flow.processors().find(|one| one.path == "Store").expect("there");
    assert_eq!(store.parameters["c"].expose(), "second");
    assert_eq!(codes(&text.replace("#{c}-", "#{cc}-"), &[]), ["T0301"]);
}

#[test]
fn what_depends_on_another_value_is_needed_only_then() {
    assert_eq!(codes(&put(r#", "Conflict Resolution Strategy": "ignore""#), &[]), ["T0104"]);
    let both = r#", "Conflict Resolution Strategy": "ignore", "Ignore Reason": "x""#;
    assert_eq!(codes(&put(both), &[]), [""; 0]);
    assert_eq!(codes(&put(r#", "Ignore Reason": "x""#), &[]), ["T0106"]);
}

#[test]
fn what_depends_on_a_value_that_nobody_knows_yet_is_neither_needed_nor_in_vain() {
    let with = |reason: &str| {
        let members =
            put_members(&format!(r##", "Conflict Resolution Strategy": "#{{how}}" {reason}"##));
        flow(&format!(
            r#""parameterContext": "main",
            "parameterContexts": {{ "main": {{ "parameters": {{ "how": {{}} }} }} }}, {members}"#
        ))
    };
    let none = tutti_model::parameter::ParameterValues::new();
    for reason in ["", r#", "Ignore Reason": "x""#] {
        let text = with(reason);
        assert_eq!(tutti_model::check(&common::read(&text), &common::catalog(), &none), []);
    }
    assert_eq!(codes(&with(""), &[("how", "ignore")]), ["T0104"]);
    assert_eq!(codes(&with(r#", "Ignore Reason": "x""#), &[("how", "fail")]), ["T0106"]);
}

#[test]
fn a_property_without_effect_has_its_default() {
    let text = alone(
        r#""Get": { "type": "GetFile", "autoTerminate": ["success"],
            "properties": { "Directory": "/in", "Remember For": "nonsense" } }"#,
    );
    let flow = validate(&text, &[]).expect("it is right");
    assert_eq!(property(&flow, "Get", "Remember For"), Some("30 days"));
    assert_eq!(flow.warnings.len(), 1);
}

#[test]
fn resources_are_compared_by_their_values() {
    let get = |first: &str, second: &str| {
        let one = |name: &str, folder: &str| {
            format!(
                r#""{name}": {{ "type": "GetFile", "autoTerminate": ["success"],
                    "properties": {{ "Directory": "{folder}" }} }}"#
            )
        };
        flow(&format!(
            r#""parameterContext": "main", "parameterContexts": {{ "main": {{ "parameters":
                {{ "in": {{ "value": "/data" }} }} }} }},
            "processors": {{ {} }}, "groups": {{ "Inner": {{ "processors": {{ {} }} }} }}"#,
            one("Get", first),
            one("Get", second)
        ))
    };
    assert_eq!(codes(&get("#{in}/a", "/data/./a/"), &[]), ["T0110"]);
    assert_eq!(codes(&get("#{in}/a", "/data/a"), &[("in", "/other")]), [""; 0]);
}

#[test]
fn a_secret_stands_alone_in_its_property() {
    let with = |value: &str| {
        let secret = format!(r#", "Secret Access Key": "{value}""#);
        flow(&format!(
            r#""parameterContext": "main", "parameterContexts": {{ "main": {{ "parameters":
                {{ "key": {{ "sensitive": true }} }} }} }}, {}"#,
            put_members(&secret)
        ))
    };
    let key: &[(&str, &str)] = &[("key", "correct horse")];
    assert_eq!(codes(&with("#{key}"), key), [""; 0]);
    // A name is no secret, also where there is no such parameter.
    assert_eq!(codes(&with("#{other}"), key), ["T0307", "T0301"]);
    assert_eq!(codes(&with("#{other}x"), key), ["T0307", "T0108", "T0301"]);
    assert_eq!(codes(&with("Bearer #{key}"), key), ["T0108"]);
    assert_eq!(codes(&with("#{key}#{key}"), key), ["T0108"]);
    assert_eq!(codes(&with("##{key}-long"), key), ["T0307", "T0108"]);
}

/// Something in a group, with one more connection.
fn connected(connection: &str) -> Vec<&'static str> {
    let text = flow(&format!(
        r#""processors": {{
            "Make": {{ "type": "GenerateFlowFile", "autoTerminate": ["success"] }},
            "Merge": {{ "type": "Merge", "autoTerminate": ["success"] }} }},
        "connections": [
            {{ "from": "Inner/Out", "to": "Out" }},
            {{ "from": "In", "to": "Inner/In" }},
            {connection}
        ],
        "inputPorts": {{ "In": {{}} }}, "outputPorts": {{ "Out": {{}} }},
        "groups": {{ "Inner": {{
            "connections": [{{ "from": "In", "to": "Out" }}],
            "inputPorts": {{ "In": {{}} }}, "outputPorts": {{ "Out": {{}} }} }} }}"#
    ));
    codes(&text, &[])
}

#[test]
fn ports_have_a_direction() {
    for (from, to) in [("In", "Merge"), ("Inner/Out", "Merge"), ("In", "Out")] {
        let connection = format!(r#"{{ "from": "{from}", "to": "{to}" }}"#);
        assert_eq!(connected(&connection), [""; 0], "{connection}");
    }
    for (from, to) in [
        ("Out", "Merge"),
        ("In", "In"),
        ("Inner/In", "Merge"),
        ("In", "Inner/Out"),
        ("Inner", "Merge"),
    ] {
        let connection = format!(r#"{{ "from": "{from}", "to": "{to}" }}"#);
        assert_eq!(connected(&connection), ["T0202"], "{connection}");
    }
    for to in ["Inner/Inn", "Outer/In", "Inner/In/In", ""] {
        let connection = format!(r#"{{ "from": "In", "to": "{to}" }}"#);
        let expected: &[&str] = if to.is_empty() { &["T0008"] } else { &["T0201"] };
        assert_eq!(connected(&connection), expected, "{connection}");
    }
}

#[test]
fn an_empty_text_is_as_good_as_none() {
    assert_eq!(codes(&alone(r#""A": { "type": "" }"#), &[]), ["T0008"]);
    assert_eq!(codes(&flow(r#""services": { "A": { "type": "" } }"#), &[]), ["T0008"]);
    assert_eq!(codes(&flow(r#""labels": { "A": { "text": "" } }"#), &[]), [""; 0]);
    assert_eq!(codes(&flow(r#""labels": { "A": {} }"#), &[]), ["T0008"]);
    assert_eq!(
        codes(&alone(r#""": { "type": "Merge", "autoTerminate": ["success"] }"#), &[]),
        ["T0010"]
    );
    assert_eq!(codes(&flow(r#""parameterContext": """#), &[]), ["T0303"]);
    assert_eq!(codes(r#"{ "format": 1, "name": "" }"#, &[]), ["T0010", "T0019"]);
}

#[test]
fn a_loop_is_no_input() {
    let text = flow(
        r#""processors": { "Log": { "type": "LogAttribute" } },
        "connections": [{ "from": "Log", "relationships": ["success"], "to": "Log" }]"#,
    );
    assert_eq!(codes(&text, &[]), ["T0208"]);
}

#[test]
fn one_slip_is_one_mistake() {
    let text = put("");
    for (wrong, code) in [
        (text.replace(r#""to": "Store""#, r#""to": "Sotre""#), "T0201"),
        (text.replace(r#""from": "Make""#, r#""from": "Mkae""#), "T0201"),
        (text.replace(r#"["success"], "to""#, r#"["sucess"], "to""#), "T0203"),
        (text.replace(r#""failure", "#, r#""failre", "#), "T0203"),
        (text.replace("GenerateFlowFile", "GenerateFlowfil"), "T0101"),
        (text.replace("PutObject", "PutObjet"), "T0101"),
    ] {
        assert_ne!(wrong, text);
        assert_eq!(codes(&wrong, &[]), [code], "{wrong}");
    }
}

#[test]
fn connections_whose_names_would_be_the_same_are_refused() {
    let text = flow(
        r#""processors": {
            "A": { "type": "Merge" },
            "A [success]": { "type": "Merge", "autoTerminate": ["success"] } },
        "connections": [
            { "from": "A", "relationships": ["success"], "to": "B" },
            { "from": "A [success]", "to": "B" } ],
        "funnels": ["A [success] -> B"],
        "outputPorts": { "B": {} }"#,
    );
    assert!(codes(&text, &[]).contains(&"T0210"));
}

#[test]
fn secrets_of_which_nobody_knows_stay_hidden() {
    for processor in [
        r#""S": { "type": "PutObjet", "properties": { "Secret Access Key": "swordfish" } }"#,
        r#""S": { "type": "PutObject", "properties": { "Secret": "swordfish" } }"#,
        r#""S": { "type": "PutObject", "properties": { "Secret Access Key": ["swordfish"] } }"#,
        r#""S": { "type": "PutObject",
            "properties": { "Secret Access Key": "a", "Secret Access Key": "swordfish" } }"#,
        r#""S": { "type": "PutObject", "property": { "Secret Access Key": "swordfish" } }"#,
    ] {
        let found: Vec<Diagnostic> = validate(&alone(processor), &[]).expect_err("mistakes");
        assert!(!format!("{found:?}").contains("swordfish"), "{found:?}");
    }
    let text = flow(
        r#""parameterContexts": { "main": { "parameters":
            { "a": { "sensitive": "yes", "value": "swordfish" } } } }"#,
    );
    let found = validate(&text, &[]).expect_err("mistakes");
    assert!(!format!("{found:?}").contains("swordfish"), "{found:?}");
}

#[test]
fn a_place_in_a_value_sees_through_escapes() {
    let text = alone(
        r#""Get": { "type": "GetFile", "autoTerminate": ["success"],
"properties": { "Directory": "/in", "File Filter": "\\d\u00e9(x" } }"#,
    );
    let found = validate(&text, &[]).expect_err("a mistake");
    assert_eq!((found[0].place.line, found[0].place.column, found[0].place.length), (2, 62, 1));
}

#[test]
fn a_secret_under_a_name_that_is_nearly_right_is_an_error_and_hidden() {
    let text = put("");
    for name in [
        "Secret Key",
        "secret_access_key",
        "SecretAccessKey",
        "Secret Acess Key",
        "secret",
        "Token",
    ] {
        let own = format!(r#""Object Key": "a", "{name}": "swordfish""#);
        let text = text.replace(r#""type": "PutObject""#, r#""type": "PutMetadata""#);
        let found = validate(&text.replace(r#""Object Key": "a""#, &own), &[]);
        let found = found.err().unwrap_or_default();
        let codes: Vec<&str> = found.iter().map(|one| one.code.as_str()).collect();
        let expected: &[&str] = if name == "Token" { &[] } else { &["T0108"] };
        assert_eq!(codes, expected, "{name}");
        assert!(!format!("{found:?}").contains("swordfish"), "{name}");
    }
}

#[test]
fn other_names_and_values_from_elsewhere_are_no_secrets() {
    let text = put("").replace(r#""type": "PutObject""#, r#""type": "PutMetadata""#);
    let with = |own: &str| codes(&text.replace(r#""Object Key": "a""#, own), &[]);
    assert_eq!(with(r#""Object Key": "a", "key": "C major", "access": "all""#), [""; 0]);
    assert_eq!(with(r#""Object Key": "a", "Secret Key": "${a}""#), ["T0107"]);
    assert_eq!(with(r#""Object Key": "a", "Objet Key": "b""#), ["T0107"]);
}

#[test]
fn a_misspelt_type_hides_no_mistake_in_its_properties() {
    let text = alone(
        r##""Get": { "type": "GetFiel", "autoTerminate": ["success"], "properties": {
            "Directory": "#{nowhere}", "Fil Filter": "", "Path Filter": "(" } },
        "Other": { "type": "Quite another", "properties": { "a": "#{b}" } }"##,
    );
    assert_eq!(codes(&text, &[]), ["T0101", "T0301", "T0103", "T0105", "T0101", "T0301"]);
}

#[test]
fn all_properties_of_the_users_own_that_do_not_fit_are_told() {
    let text = put(r#", "odd one": "a", "good": "a", "odd two": "a""#)
        .replace(r#""type": "PutObject""#, r#""type": "PutMetadata""#);
    let found = validate(&text, &[]).expect_err("mistakes");
    let places: Vec<(&str, &str)> =
        found.iter().map(|one| (one.code.as_str(), one.place.path.as_str())).collect();
    let at = |name: &str| format!(r#"$.processors.Store.properties["{name}"]"#);
    assert_eq!(places, [("T0114", at("odd one").as_str()), ("T0114", at("odd two").as_str())]);
}

#[test]
fn what_does_not_go_together_is_told_where_it_is_written() {
    let text = |properties: &str| {
        alone(&format!(
            r#""Extract": {{ "type": "ExtractFeatures", "properties": {{ {properties} }},
            "autoTerminate": ["failure", "success"] }}"#
        ))
    };
    let told = |properties: &str| {
        let found = validate(&text(properties), &[]).expect_err("mistakes");
        let found = found.into_iter().find(|one| one.code == Code::Unfitting).expect("T0114");
        (found.place.path, found.message)
    };
    let at = |name: &str| format!("$.processors.Extract.properties.{name}");
    let message = "more coefficients than bands";
    let both = told(r#""n_mels": "10", "n_mfcc": "20""#);
    assert_eq!(both, (at("n_mfcc"), message.to_owned()));
    // The other one is a default, which stands nowhere.
    assert_eq!(told(r#""n_mels": "10""#), (at("n_mels"), format!("n_mfcc: {message}")));
}

#[test]
fn a_thousand_processors_with_every_name_wrong_are_told_of() {
    let processors: Vec<String> = (0..1000)
        .map(|index| {
            format!(
                r##""Thing number {index}": {{ "type": "GetFiles", "properties": {{
                "Directery": "", "Fyle Filter": "#{{input number {index}}}" }} }}"##
            )
        })
        .collect();
    let connections: Vec<String> = (0..1000)
        .map(|index| {
            format!(
                r#"{{ "from": "Think number {index}", "relationships": ["sucess"],
                "to": "Thinks number {index}" }}"#
            )
        })
        .collect();
    let text = flow(&format!(
        r#""processors": {{ {} }}, "connections": [{}]"#,
        processors.join(","),
        connections.join(",")
    ));
    let found = codes(&text, &[]);
    for (code, count) in [("T0101", 1000), ("T0103", 2000), ("T0201", 2000), ("T0301", 1000)] {
        let told = found.iter().filter(|one| **one == code).count();
        assert_eq!(told, count, "{code}");
    }
}

#[test]
fn a_cron_schedule_is_read_wholly_and_its_zone_is_one_that_there_is() {
    let make = |schedule: &str| {
        alone(&format!(
            r#""Make": {{ "type": "GenerateFlowFile", "autoTerminate": ["success"],
               "schedule": {{ {schedule} }} }}"#
        ))
    };
    assert!(validate(&make(r#""cron": "0 0 6 ? * MON", "zone": "Asia/Tokyo""#), &[]).is_ok());
    let found = |schedule: &str| {
        let found = validate(&make(schedule), &[]).expect_err("wrong");
        found.into_iter().map(|one| (one.message, one.help.unwrap_or_default()))
    };
    let both = found(r#""cron": "0 0 6 31 4 ?", "zone": "Europe/Wien""#).collect::<Vec<_>>();
    assert_eq!(both[0].0, "the time \"0 0 6 31 4 ?\" never comes");
    assert_eq!(both[1].0, "there is no time zone \"Europe/Wien\"");
    let [(_, help)] =
        &found(r#""cron": "0 0 6 * * *", "zone": "europe/viena""#).collect::<Vec<_>>()[..]
    else {
        panic!("one mistake")
    };
    assert_eq!(help, "did you mean \"Europe/Vienna\"?");
}
