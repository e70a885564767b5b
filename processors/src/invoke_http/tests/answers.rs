//! Where flowfiles go by the status of an answer, and what becomes of its body.

use super::*;

async fn answered(status: u16, properties: &[(&str, &str)]) -> TestRunner {
    let server =
        Server::new(move |_| answer(status, &[("X-Take", "3")], "the answer's body")).await;
    let mut runner = runner(&server.url("/takes/a.json/"), properties);
    runner.enqueue(b"samples", &[("filename", "a.wav")]);
    runner.run().await.unwrap();
    runner
}

#[tokio::test]
async fn the_status_says_where_a_flowfile_goes() {
    for (status, relationship, has_response, is_penalized) in [
        (200, ORIGINAL, true, false),
        (201, ORIGINAL, true, false),
        (204, ORIGINAL, true, false),
        (299, ORIGINAL, true, false),
        (302, NO_RETRY, false, false),
        (400, NO_RETRY, false, false),
        (404, NO_RETRY, false, false),
        (499, NO_RETRY, false, false),
        (500, RETRY, false, true),
        (503, RETRY, false, true),
        (599, RETRY, false, true),
    ] {
        let runner = answered(status, &[]).await;
        let output = runner.only(relationship);
        assert_eq!(output.attribute("invokehttp.status.code"), status.to_string());
        assert_eq!(output.text(), "samples");
        assert_eq!(output.flowfile.penalized_until().is_some(), is_penalized, "{status}");
        runner.assert_transferred(RESPONSE, usize::from(has_response));
        let others = [ORIGINAL, RETRY, NO_RETRY, FAILURE].into_iter();
        for other in others.filter(|other| *other != relationship) {
            runner.assert_transferred(other, 0);
        }
        let body = if has_response { "" } else { "the answer's body" };
        assert_eq!(output.attribute("invokehttp.response.body"), body, "{status}");
        assert_eq!(runner.bulletins().len(), usize::from(!has_response));
    }
}

#[tokio::test]
async fn what_is_refused_is_penalised_where_the_flow_says_so() {
    let runner = answered(404, &[("Request Failure Penalization Enabled", "true")]).await;
    assert!(runner.only(NO_RETRY).flowfile.penalized_until().is_some());
    runner.assert_bulletin(Level::Warning, "/takes/a.json/\" was answered with 404 Not Found");
}

#[tokio::test]
async fn every_answer_becomes_a_flowfile_where_the_flow_says_so() {
    for (status, relationship) in [(200, ORIGINAL), (404, NO_RETRY), (500, RETRY)] {
        let runner = answered(status, &[("Response Generation Required", "true")]).await;
        assert_eq!(runner.only(RESPONSE).text(), "the answer's body");
        assert_eq!(runner.only(RESPONSE).attribute("invokehttp.status.code"), status.to_string());
        runner.assert_transferred(relationship, 1);
    }
}

#[tokio::test]
async fn a_body_goes_into_an_attribute_where_the_flow_says_so() {
    let name = ("Response Body Attribute Name", "${filename}.answer");
    let runner = answered(200, &[name, ("Response Body Attribute Size", "10")]).await;
    assert_eq!(runner.only(ORIGINAL).attribute("a.wav.answer"), "the answer");
    runner.assert_transferred(RESPONSE, 0);
    let runner = answered(500, &[name]).await;
    assert_eq!(runner.only(RETRY).attribute("a.wav.answer"), "the answer's body");
    assert_eq!(runner.only(RETRY).attribute("invokehttp.response.body"), "");
    let runner = answered(200, &[("Response Body Attribute Name", "${none}")]).await;
    let failed = runner.only(FAILURE);
    assert!(failed.attribute("failure.reason").contains("needs a name"));
}

#[tokio::test]
async fn a_body_is_ignored_where_the_flow_says_so() {
    for (status, relationship) in [(200, ORIGINAL), (404, NO_RETRY)] {
        let runner = answered(status, &[("Response Body Ignored", "true")]).await;
        assert_eq!(runner.only(relationship).attribute("invokehttp.response.body"), "");
        runner.assert_transferred(RESPONSE, 0);
    }
}

#[tokio::test]
async fn headers_become_attributes_of_the_request_where_the_flow_says_so() {
    let enabled = ("Response Header Request Attributes Enabled", "true");
    assert_eq!(answered(200, &[]).await.only(ORIGINAL).attribute("x-take"), "");
    for status in [200, 404, 500] {
        let runner = answered(status, &[enabled]).await;
        let relationship = match status {
            200 => ORIGINAL,
            404 => NO_RETRY,
            _ => RETRY,
        };
        assert_eq!(runner.only(relationship).attribute("x-take"), "3");
    }
    let prefix = ("Response Header Request Attributes Prefix", "${filename}.");
    let runner = answered(200, &[enabled, prefix]).await;
    assert_eq!(runner.only(ORIGINAL).attribute("a.wav.x-take"), "3");
    assert_eq!(runner.only(ORIGINAL).attribute("x-take"), "");
}

#[tokio::test]
async fn an_answer_is_called_as_the_flow_says() {
    let strategy = ("Response FlowFile Naming Strategy", "URL_PATH");
    assert_eq!(answered(200, &[strategy]).await.only(RESPONSE).attribute("filename"), "a.json");
    let server = willing().await;
    let mut runner = runner(&server.url("/"), &[strategy]);
    runner.enqueue(b"", &[]);
    runner.run().await.unwrap();
    let response = runner.only(RESPONSE);
    assert_eq!(response.attribute("filename"), response.flowfile.uuid());
}

#[tokio::test]
async fn a_body_in_another_charset_is_read_as_that() {
    let kind = [("Content-Type", "text/plain; charset=\"ISO-8859-1\"")];
    let server = Server::new(move |_| answer(200, &kind, b"Bj\xf6rk".to_vec())).await;
    let mut runner = runner(&server.url("/"), &[("Response Body Attribute Name", "name")]);
    runner.enqueue(b"", &[]);
    runner.run().await.unwrap();
    assert_eq!(runner.only(ORIGINAL).attribute("name"), "Björk");
}
