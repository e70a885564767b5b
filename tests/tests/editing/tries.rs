//! A processor of a draft is run on samples, and nothing is seen of it elsewhere.

use std::sync::Mutex;

use super::*;

const SCRIPT: &str = "\
def process(flowfile):
    log.info('at work')
    text = flowfile.text()
    if text == 'bad':
        raise ValueError('no')
    return {'attributes': {'words': len(text.split())}, 'content': text.upper()}
";

fn script(body: &str) -> Value {
    json!({
        "type": "ExecuteScript",
        "properties": { "Script Body": body },
        "autoTerminate": ["failure", "success"],
    })
}

fn tried(served: &Served, body: &Value) -> Value {
    served.post(&format!("{FLOW}/try"), body).unwrap().expect(200).json()
}

fn refused(served: &Served, body: &Value) -> (Value, String) {
    let problem = served.post(&format!("{FLOW}/try"), body).unwrap().json();
    (problem["code"].clone(), problem["detail"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_script_of_a_draft_is_run_on_samples() {
    let bench = Bench::new();
    let served = bench.serve();
    edit(&served, &["processors", "Count"], &Value::Null, &script(SCRIPT));
    let samples = json!([
        { "attributes": { "filename": "a" }, "text": "a rose is" },
        { "base64": "YmFk" },
    ]);
    let told = tried(&served, &json!({ "processor": "Count", "flowfiles": samples }));
    let sent: Vec<Value> = told["sent"].as_array().unwrap().clone();
    assert_eq!(
        (sent.len(), &told["left"], &told["unended"]),
        (2, &json!(0), &Value::Null),
        "{told}"
    );
    let of = |relationship: &str| {
        let found = sent.iter().find(|one| one["relationship"] == relationship);
        found.unwrap_or_else(|| panic!("nothing at {relationship}: {told}")).clone()
    };
    let good = of("success");
    assert_eq!((&good["text"], &good["bytes"]), (&json!("A ROSE IS"), &json!(9)));
    assert_eq!(good["isWhole"], json!(true));
    assert_eq!(
        (&good["attributes"]["words"], &good["attributes"]["filename"]),
        (&json!("3"), &json!("a"))
    );
    let bad = of("failure");
    assert_eq!(bad["text"], "bad", "as it was given");
    let reason = bad["attributes"]["failure.reason"].as_str().unwrap();
    assert!(reason.starts_with("script.py, line 5: ValueError: no"), "{reason}");
    let log = told["log"].as_array().unwrap();
    assert!(log.iter().any(|one| one["level"] == "info" && one["message"] == "at work"), "{told}");
    assert_eq!(log.iter().filter(|one| one["level"] == "error").count(), 1, "{told}");
    let meter = |name: &str| {
        let meters = told["meters"].as_array().unwrap();
        meters.iter().find(|one| one["name"] == name).unwrap_or(&Value::Null).clone()
    };
    assert!(meter("memory")["used"].as_u64().unwrap() > 1 << 20, "{told}");
    assert_eq!(meter("memory")["limit"], 256 << 20);
    assert_eq!(meter("time")["limit"], 30_000);
    // Nothing of it is seen elsewhere.
    let status = served.get(&format!("{FLOW}/status")).unwrap().json();
    assert_eq!(status["processors"].as_array().unwrap().len(), 2, "the draft is not applied");
    assert_eq!(status["bulletins"], json!([]));
}

#[test]
fn what_waits_is_a_sample_and_goes_on_waiting() {
    let bench = Bench::new();
    let served = bench.serve();
    let stop = json!({ "action": "stop", "processors": ["Put"] });
    served.post(&format!("{FLOW}/control"), &stop).unwrap().expect(202);
    until("it stops", || {
        let status = served.get(&format!("{FLOW}/status")).unwrap().json();
        status["processors"][1]["state"] == "stopped"
    });
    fs::write(bench.path("in").join("a.txt"), "one two").unwrap();
    let queue = format!("{FLOW}/queue?connection=Get%20%5Bsuccess%5D%20-%3E%20Put");
    until("it waits", || served.get(&queue).unwrap().json()["count"] == 1);
    let number = served.get(&queue).unwrap().json()["flowfiles"][0]["number"].clone();
    edit(&served, &["processors", "Count"], &Value::Null, &script(SCRIPT));
    let queued = json!({ "connection": "Get [success] -> Put", "number": number });
    let sample = |queued: &Value| json!({ "queued": queued, "attributes": { "more": "yes" } });
    let body = |sample: Value| json!({ "processor": "Count", "flowfiles": [sample] });
    let told = tried(&served, &body(sample(&queued)));
    let sent = &told["sent"][0];
    assert_eq!(sent["text"], "ONE TWO", "{told}");
    assert_eq!(
        (&sent["attributes"]["filename"], &sent["attributes"]["more"]),
        (&json!("a.txt"), &json!("yes"))
    );
    assert_eq!(served.get(&queue).unwrap().json()["count"], 1);
    let gone = json!({ "connection": "Get [success] -> Put", "number": 99_999 });
    assert_eq!(refused(&served, &body(sample(&gone))).0, "noFlowFile");
    let both = json!({ "queued": queued, "text": "a" });
    assert_eq!(refused(&served, &body(both)).0, "limit");
}

#[test]
fn what_cannot_be_tried_says_why() {
    let bench = Bench::new();
    let served = bench.serve();
    let body = |processor: &str| json!({ "processor": processor, "flowfiles": [{ "text": "a" }] });
    let (code, why) = refused(&served, &body("Put"));
    assert_eq!(code, "notTried");
    assert!(why.contains("outside of its flow"), "{why}");
    assert_eq!(refused(&served, &body("Nobody")).0, "noProcessor");
    edit(&served, &["processors", "Count"], &Value::Null, &script("def process(:"));
    let told = tried(&served, &body("Count"));
    assert_eq!((&told["sent"], &told["left"]), (&json!([]), &json!(1)), "{told}");
    assert!(told["log"].to_string().contains("script.py, line 1"), "{told}");
    edit(
        &served,
        &["processors", "Count", "properties"],
        &json!({ "Script Body": "def process(:" }),
        &json!({}),
    );
    let (code, why) = refused(&served, &body("Count"));
    assert_eq!(code, "notTried");
    assert!(why.contains("there is no script"), "{why}");
    let none = json!({ "processor": "Count", "flowfiles": [] });
    assert_eq!(refused(&served, &none).0, "limit");
}

#[test]
fn of_many_results_the_first_are_told() {
    let bench = Bench::new();
    let served = bench.serve();
    let clones = "\
flowFile = session.get()
for number in range(3000):
    session.transfer(session.clone(flowFile), REL_SUCCESS)
session.transfer(flowFile, REL_SUCCESS)
";
    edit(&served, &["processors", "Clone"], &Value::Null, &script(clones));
    let long = "ä".repeat(40_000);
    let body = json!({ "processor": "Clone", "flowfiles": [{ "text": long }] });
    let told = tried(&served, &body);
    assert_eq!(told["sentCount"], 3001, "{}", told["log"]);
    let sent = told["sent"].as_array().unwrap();
    assert_eq!(sent.len(), 100);
    assert_eq!((&sent[0]["bytes"], &sent[0]["isWhole"]), (&json!(80_000), &json!(false)));
    assert!(long.starts_with(sent[0]["text"].as_str().unwrap()));
}

#[test]
fn no_more_are_tried_at_a_time_than_may_be() {
    let bench = Bench::new();
    let served = bench.serve();
    let mut endless = script("def process(flowfile):\n    while True: pass");
    endless["properties"]["Time Limit"] = json!("4 sec");
    edit(&served, &["processors", "Loop"], &Value::Null, &endless);
    let body = json!({ "processor": "Loop", "flowfiles": [{ "text": "a" }] });
    let codes = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let answer = served.post(&format!("{FLOW}/try"), &body).unwrap().json();
                codes.lock().unwrap().push(answer);
            });
        }
    });
    let answers = codes.into_inner().unwrap();
    let refused = answers.iter().filter(|one| one["code"] == "tooMany").count();
    let stopped = answers.iter().filter(|one| {
        let reason = &one["sent"][0]["attributes"]["failure.reason"];
        reason.as_str().is_some_and(|reason| reason.contains("4s, its time limit"))
    });
    assert_eq!((refused, stopped.count()), (1, 2), "{answers:?}");
    // The places are free again.
    edit(&served, &["processors", "Count"], &Value::Null, &script(SCRIPT));
    let fine = json!({ "processor": "Count", "flowfiles": [{ "text": "a b" }] });
    assert_eq!(tried(&served, &fine)["sent"][0]["text"], "A B");
}

#[test]
fn a_script_that_is_no_file_is_not_read_without_an_end() {
    let bench = Bench::new();
    let served = bench.serve();
    let file = json!({
        "type": "ExecuteScript",
        "properties": { "Script File": "/dev/zero" },
        "autoTerminate": ["failure", "success"],
    });
    edit(&served, &["processors", "Zero"], &Value::Null, &file);
    let told = tried(&served, &json!({ "processor": "Zero", "flowfiles": [{ "text": "a" }] }));
    assert!(told["log"].to_string().contains("is no file"), "{told}");
}
