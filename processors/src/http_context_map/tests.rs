use bytes::Bytes;
use http_body_util::Full;
use tutti_sdk::testkit::{SeededRandom, TestService};

use super::*;
use crate::http::server::boxed;

fn map(properties: &[(&str, &str)]) -> (TestService, Arc<dyn HttpContextMap>) {
    let service = TestService::new::<StandardHttpContextMap>("Map", properties);
    let map = service.offer().take::<dyn HttpContextMap>().unwrap();
    (service, map)
}

fn response() -> Response<Body> {
    boxed(Response::new(Full::new(Bytes::from_static(b"answer"))))
}

fn told(claimed: Result<Waiting, ProcessError>) -> String {
    let error = claimed.err().unwrap();
    assert!(error.help().is_some());
    assert_eq!(error.retry(), tutti_sdk::Retry::Never);
    error.chain()
}

#[tokio::test]
async fn a_request_is_answered_once() {
    let (service, map) = map(&[]);
    service.enable().await.unwrap();
    let random = SeededRandom::new(7);
    let place = map.enter(&random).unwrap();
    let cut = CancellationToken::new();
    let identifier = place.identifier().to_owned();
    assert_eq!(uuid_version(&identifier), Some('4'));
    assert!(told(map.claim(&identifier)).contains("it was answered before"), "it is not here yet");
    let answered = place.open(true, &cut);
    let waiting = map.claim(&identifier).unwrap();
    assert!(waiting.is_head);
    waiting.cut.cancel();
    assert!(cut.is_cancelled());
    assert!(map.claim(&identifier).is_err(), "somebody has it");
    assert!(waiting.answer(response()));
    assert_eq!(answered.await.unwrap().status(), 200);
    assert!(map.claim(&identifier).is_err());
}

fn uuid_version(identifier: &str) -> Option<char> {
    let lengths: Vec<_> = identifier.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "{identifier}");
    identifier.chars().nth(14)
}

#[tokio::test]
async fn who_left_is_not_answered() {
    let (service, map) = map(&[]);
    service.enable().await.unwrap();
    let random = SeededRandom::new(7);
    let place = map.enter(&random).unwrap();
    let identifier = place.identifier().to_owned();
    let answered = place.open(false, &CancellationToken::new());
    let waiting = map.claim(&identifier).unwrap();
    drop((place, answered));
    assert!(!waiting.answer(response()));
    assert!(told(map.claim(&identifier)).contains("its client left"));
}

#[tokio::test]
async fn there_are_so_many_places_and_each_is_free_again() {
    let (service, map) = map(&[("Maximum Outstanding Requests", "2")]);
    service.enable().await.unwrap();
    let random = SeededRandom::new(7);
    let first = map.enter(&random).unwrap();
    let second = map.enter(&random).unwrap();
    assert_ne!(first.identifier(), second.identifier());
    assert!(map.enter(&random).is_none());
    // Also while it is being answered.
    let answered = first.open(false, &CancellationToken::new());
    let waiting = map.claim(first.identifier()).unwrap();
    assert!(map.enter(&random).is_none());
    drop((first, answered, waiting));
    let third = map.enter(&random).unwrap();
    assert!(map.enter(&random).is_none());
    drop((second, third));
}

#[tokio::test]
async fn what_an_earlier_start_gave_is_told_as_that() {
    let (service, map) = map(&[]);
    service.enable().await.unwrap();
    let random = SeededRandom::new(7);
    let place = map.enter(&random).unwrap();
    let identifier = place.identifier().to_owned();
    let answered = place.open(false, &CancellationToken::new());
    service.disable().await;
    assert!(answered.await.is_err(), "it waits in vain");
    drop(place);
    service.enable().await.unwrap();
    let told = told(map.claim(&identifier));
    assert!(
        told.contains("ended when the flow was stopped or its process came to an end"),
        "{told}"
    );
    let place = map.enter(&random).unwrap();
    let _answered = place.open(false, &CancellationToken::new());
    assert!(map.claim(place.identifier()).is_ok());
}
