//! Controller services of NiFi: what they become, and whom they are known to.

use std::fs;

use serde_json::{Value, json};

use super::{finish, tutti};

const DISTRIBUTED: &str = "org.apache.nifi.distributed.cache";

fn client(id: &str, port: &str) -> Value {
    json!({
        "identifier": id, "name": id, "type": format!("{DISTRIBUTED}.client.MapCacheClientService"),
        "properties": { "Server Hostname": "localhost", "Server Port": port,
            "Communications Timeout": "30 secs", "SSL Context Service": null }
    })
}

fn server(id: &str, port: &str) -> Value {
    json!({
        "identifier": id, "name": id, "type": format!("{DISTRIBUTED}.server.map.MapCacheServer"),
        "properties": { "Port": port, "Maximum Cache Entries": "500",
            "Eviction Strategy": "Least Recently Used", "Maximum Read Size": "1 MB" }
    })
}

/// Looks for duplicates with the cache `cache`.
fn detect(id: &str, cache: &str) -> Value {
    json!({
        "identifier": id, "name": id,
        "type": "org.apache.nifi.processors.standard.DetectDuplicate",
        "properties": { "Distributed Cache Service": cache },
        "autoTerminatedRelationships": ["duplicate", "failure", "non-duplicate"]
    })
}

struct Imported {
    flow: Value,
    told: Value,
}

impl Imported {
    /// What is told of that kind, `refused` or `changed`, but that nothing comes to a processor.
    fn told(&self, kind: &str) -> Vec<String> {
        let notes = self.told[kind].as_array().unwrap().iter();
        let told =
            notes.map(|note| format!("{}: {}", note["path"].as_str().unwrap(), note["reason"]));
        told.filter(|text| !text.contains("(T0208)")).collect()
    }
}

/// Imports a flow with these members; whether it is valid then.
fn import(contents: &Value) -> (Imported, bool) {
    let mut contents = contents.clone();
    contents["name"] = json!("flow");
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("in"), folder.path().to_str().unwrap());
    fs::write(&path, json!({ "flowContents": contents }).to_string()).unwrap();
    let path = path.to_str().unwrap();
    let (_, stdout, stderr) = finish(tutti(&["import", "nifi", path, "--to", to, "--json"]));
    let told = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stdout}{stderr}"));
    let flow = folder.path().join("flow.json");
    let text = fs::read_to_string(&flow).unwrap();
    let (code, _, _) = finish(tutti(&["validate", flow.to_str().unwrap()]));
    (Imported { flow: serde_json::from_str(&text).unwrap(), told }, code == 0)
}

#[test]
fn a_client_of_a_map_cache_and_its_server_are_one_service() {
    let (imported, _) = import(&json!({
        "controllerServices": [client("Seen", "4557"), server("Server", "4557")],
        "processors": [detect("Once", "Seen")]
    }));
    assert_eq!(imported.told("refused"), [""; 0]);
    let expected = json!({ "Seen": { "type": "MapCache", "properties":
        { "Eviction Strategy": "Least Recently Used", "Maximum Cache Entries": "500" } } });
    assert_eq!(imported.flow["services"], expected);
    let once = &imported.flow["processors"]["Once"]["properties"];
    assert_eq!(once["Distributed Cache Service"], "Seen");
    let changed = imported.told("changed");
    assert!(changed[0].starts_with("Seen: "), "{changed:?}");
    assert!(changed[0].contains("it is also its server \\\"Server\\\""), "{changed:?}");
}

#[test]
fn a_server_that_was_not_exported_is_told() {
    let services = [client("Seen", "4557")];
    let (imported, _) = import(&json!({ "controllerServices": services }));
    assert_eq!(imported.told("refused"), [""; 0]);
    assert_eq!(imported.flow["services"], json!({ "Seen": { "type": "MapCache" } }));
    let changed = imported.told("changed");
    assert!(changed[0].contains("its server at localhost:4557 was not exported"), "{changed:?}");
}

#[test]
fn clients_of_one_server_are_one_service_where_they_can_be() {
    let group = |id: &str, services: Value, processors: Value| {
        json!({ "identifier": id, "name": id, "controllerServices": services,
            "processors": processors })
    };
    let (imported, _) = import(&json!({
        "controllerServices": [client("A", "1"), client("B", "1"), client("Other", "2")],
        "processors": [detect("By A", "A"), detect("By B", "B"), detect("By other", "Other")],
        "processGroups": [
            group("Inner", json!([client("C", "1")]), json!([detect("By C", "C")]))
        ]
    }));
    assert_eq!(imported.told("refused"), [""; 0]);
    let cache = json!({ "type": "MapCache" });
    assert_eq!(imported.flow["services"], json!({ "A": cache, "Other": cache }));
    let used = |processors: &Value, name: &str| {
        processors[name]["properties"]["Distributed Cache Service"].clone()
    };
    let (root, inner) = (&imported.flow["processors"], &imported.flow["groups"]["Inner"]);
    for (name, cache) in [("By A", "A"), ("By B", "A"), ("By other", "Other")] {
        assert_eq!(used(root, name), cache);
    }
    assert_eq!(used(&inner["processors"], "By C"), "A");
    assert!(inner.get("services").is_none(), "{inner}");

    let (imported, is_valid) = import(&json!({
        "processGroups": [
            group("First", json!([client("A", "1")]), json!([detect("By A", "A")])),
            group("Second", json!([client("B", "1")]), json!([detect("By B", "B")]))
        ]
    }));
    let refused = imported.told("refused");
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].starts_with("Second/B: "), "{refused:?}");
    assert!(refused[0].contains("put one MapCache into a group around both"), "{refused:?}");
    assert!(!is_valid);
}

#[test]
fn a_server_that_nobody_here_uses_is_refused() {
    let (imported, _) = import(&json!({ "controllerServices": [server("Server", "4557")] }));
    let refused = imported.told("refused");
    assert!(refused[0].starts_with("Server: "), "{refused:?}");
    assert!(refused[0].contains("no client of it is in the flow"), "{refused:?}");
    assert!(imported.flow.get("services").is_none());
}

#[test]
fn a_flow_that_answers_requests_is_taken_over() {
    let standard = "org.apache.nifi.processors.standard";
    let (imported, is_valid) = import(&json!({
        "controllerServices": [{
            "identifier": "map", "name": "Requests",
            "type": "org.apache.nifi.http.StandardHttpContextMap",
            "properties": { "Maximum Outstanding Requests": "100", "Request Expiration": "1 min" }
        }],
        "processors": [
            {
                "identifier": "ask", "name": "Ask", "type": format!("{standard}.HandleHttpRequest"),
                "properties": {
                    "Listening Port": "8080", "Hostname": "127.0.0.1", "SSL Context Service": null,
                    "HTTP Protocols": "HTTP_1_1", "HTTP Context Map": "map",
                    "Allowed Paths": "/takes", "Default URL Character Set": "UTF-8",
                    "Allow GET": "true", "Allow HEAD": "true", "Maximum Threads": "200",
                    "Request Header Maximum Size": "8 KB", "Additional HTTP Methods": null,
                    "Client Authentication": "No Authentication", "container-queue-size": "50",
                    "multipart-request-max-size": "2 MB", "multipart-read-buffer-size": "512 KB",
                    "parameters-to-attributes": null
                }
            },
            {
                "identifier": "answer", "name": "Answer",
                "type": format!("{standard}.HandleHttpResponse"),
                "properties": { "HTTP Status Code": "${code}", "HTTP Context Map": "map",
                    "X-Take": "1" },
                "autoTerminatedRelationships": ["success", "failure"]
            }
        ],
        "connections": [{ "source": { "id": "ask" }, "destination": { "id": "answer" },
            "selectedRelationships": ["success"] }]
    }));
    assert_eq!(imported.told("refused"), [""; 0]);
    assert!(is_valid);
    let flow = &imported.flow;
    let map = json!({ "type": "StandardHttpContextMap",
        "properties": { "Maximum Outstanding Requests": "100" } });
    assert_eq!(flow["services"], json!({ "Requests": map }));
    assert_eq!(
        flow["processors"]["Ask"]["properties"],
        json!({ "Allow HEAD": "true", "Allowed Paths": "/takes", "HTTP Context Map": "Requests",
            "Listening Port": "8080", "Multipart Request Max Size": "2 MB" })
    );
    assert_eq!(
        flow["processors"]["Answer"]["properties"],
        json!({ "HTTP Context Map": "Requests", "HTTP Status Code": "${code}", "X-Take": "1" })
    );
}
