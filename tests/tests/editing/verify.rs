//! A processor of a draft is tried out, whatever else is wrong with the draft.

use super::*;

fn verify(served: &Served, body: &Value) -> Value {
    let answer = served.post(&format!("{FLOW}/verify"), body).unwrap();
    answer.expect(200).json()["checks"].clone()
}

#[test]
fn a_processor_of_a_draft_is_tried_out_as_it_stands_there() {
    let bench = Bench::new();
    let served = bench.serve();
    let get = json!({ "processor": "Get" });
    let told = verify(&served, &get);
    let outcomes = |told: &Value| {
        let all = told.as_array().unwrap().iter().map(|one| one["outcome"].clone());
        all.collect::<Vec<_>>()
    };
    assert_eq!(outcomes(&told), ["passed", "passed", "passed", "skipped"], "{told}");
    assert_eq!(told[0]["name"], "Properties");
    assert_eq!(told[3]["explanation"], "of 0 files none is looked for");
    // Stopped, it takes nothing away meanwhile.
    let stop = json!({ "action": "stop", "processors": ["Get"] });
    served.post(&format!("{FLOW}/control"), &stop).unwrap().expect(202);
    until("it stops", || {
        let status = served.get(&format!("{FLOW}/status")).unwrap().json();
        status["processors"][0]["state"] == "stopped"
    });
    edit(&served, &FILTER, &Value::Null, &json!(".*\\.wav"));
    for name in ["a.wav", "b.mp3"] {
        fs::write(bench.path("in").join(name), "abc").unwrap();
    }
    let told = verify(&served, &get);
    assert_eq!(outcomes(&told), ["passed", "passed", "passed", "passed"], "{told}");
    assert_eq!(told[3]["explanation"], "of 2 files 1 are looked for");

    // The draft counts, not what runs; and what is not connected can be tried.
    let wrong = json!({ "type": "GetFile", "properties": { "Directory": bench.path("nowhere") } });
    edit(&served, &["processors", "Other"], &Value::Null, &wrong);
    let told = verify(&served, &json!({ "processor": "Other" }));
    assert_eq!(outcomes(&told), ["passed", "failed", "failed"], "{told}");
    assert!(told[1]["explanation"].as_str().unwrap().contains("nowhere"), "{told}");

    let none = json!({ "type": "GetFile", "properties": {} });
    edit(&served, &["processors", "Bad"], &Value::Null, &none);
    let told = verify(&served, &json!({ "processor": "Bad" }));
    assert_eq!(outcomes(&told), ["failed"], "{told}");
    assert!(told[0]["explanation"].as_str().unwrap().contains("Directory"), "{told}");

    let put = json!({
        "type": "PutFile", "properties": { "Directory": bench.path("by/${artist}") },
    });
    edit(&served, &["processors", "By"], &Value::Null, &put);
    let told = verify(&served, &json!({ "processor": "By" }));
    assert_eq!(outcomes(&told), ["passed", "skipped"], "{told}");
    let sample = json!({ "processor": "By", "attributes": { "artist": "Ann" } });
    let told = verify(&served, &sample);
    assert_eq!(outcomes(&told), ["passed", "passed"], "{told}");
    assert!(told[1]["explanation"].as_str().unwrap().contains("by/Ann"), "{told}");
    assert!(!bench.path("by").exists(), "nothing is made");
}

#[test]
fn a_processor_is_tried_out_that_is_in_no_draft_yet() {
    let bench = Bench::new();
    let served = bench.serve();
    let tried = |folder: &str| {
        let get = json!({ "type": "GetFile", "properties": { "Directory": bench.path(folder) } });
        let flow = json!({ "format": 1, "name": "new", "processors": { "Get": get } });
        let body = json!({ "processor": "Get", "flow": flow });
        let answer = served.post("/api/v1/flows/new/verify", &body).unwrap().expect(200).json();
        answer["checks"][1]["outcome"].clone()
    };
    assert_eq!((tried("in"), tried("nowhere")), (json!("passed"), json!("failed")));
    served.get("/api/v1/flows/new/draft").unwrap().expect(404);
    // For a flow that is there, the text counts.
    let flow = json!({ "format": 1, "name": "copy" });
    let refused = |flow: &Value| {
        let body = json!({ "processor": "Get", "flow": flow });
        let path = format!("{FLOW}/verify");
        served.post(&path, &body).unwrap().json()["code"].clone()
    };
    assert_eq!(refused(&flow), "noProcessor");
    assert_eq!(refused(&json!({ "format": 1, "name": "other" })), "name");
    assert_eq!(refused(&json!([])), "notAFlow");
}

#[test]
fn what_is_not_there_cannot_be_tried() {
    let bench = Bench::new();
    let served = bench.serve();
    let path = format!("{FLOW}/verify");
    let nobody = json!({ "processor": "Nobody" });
    assert_eq!(served.post(&path, &nobody).unwrap().expect(404).json()["code"], "noProcessor");
    let nowhere = path.replace("/copy/", "/nowhere/");
    assert_eq!(served.post(&nowhere, &nobody).unwrap().expect(404).json()["code"], "noFlow");
    let large = json!({ "processor": "Get", "attributes": { "a": "x".repeat(1 << 20) } });
    assert_eq!(served.post(&path, &large).unwrap().expect(422).json()["code"], "limit");
}
