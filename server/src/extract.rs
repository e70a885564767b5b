//! What a request says, read into what a handler wants: whatever is wrong with it is answered as a
//! problem.

use std::fmt;
use std::marker::PhantomData;

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};

use crate::problem::{Code, Problem};

/// What stands behind `?`.
pub(crate) struct Query<T>(pub(crate) T);

/// The body, which is JSON.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Query::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(query)| Self(query)).map_err(|error| wrong_query(&error))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = <Json<Object<T>> as FromRequest<S>>::from_request(request, state).await;
        let Json(Object(body)) = read.map_err(|error| wrong_body(&error))?;
        let nothing = || Problem::new(Code::Body, "an object is wanted, and this is null");
        body.map(Self).ok_or_else(nothing)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        let read = <Json<Object<T>> as OptionalFromRequest<S>>::from_request(request, state).await;
        let body = read.map_err(|error| wrong_body(&error))?;
        Ok(body.and_then(|Json(Object(body))| body).map(Self))
    }
}

/// An object of JSON, or null; a list would do for a struct of Rust, and for nobody else.
struct Object<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Seen<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Seen<T> {
            type Value = Object<T>;

            fn expecting(&self, told: &mut fmt::Formatter<'_>) -> fmt::Result {
                told.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|read| Object(Some(read)))
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<Object<T>, E> {
                Ok(Object(None))
            }
        }

        from.deserialize_any(Seen(PhantomData))
    }
}

/// How many things a page has when nobody says how many, and at most.
const PAGE: (usize, usize) = (100, 1_000);

/// How many things a page has for which so many were asked.
pub(crate) fn page_length(asked: Option<usize>) -> Result<usize, Problem> {
    let length = asked.unwrap_or(PAGE.0);
    if (1..=PAGE.1).contains(&length) {
        return Ok(length);
    }
    let detail = format!("\"limit\" is {length}: a page has 1 to {}", PAGE.1);
    Err(Problem::new(Code::Limit, detail))
}

fn wrong_body(error: &JsonRejection) -> Problem {
    Problem::new(body_code(error), error.body_text())
}

fn wrong_query(error: &QueryRejection) -> Problem {
    Problem::new(Code::Query, error.body_text())
}

/// What is wrong with a body that is not what is wanted.
pub(crate) fn body_code(error: &JsonRejection) -> Code {
    match error {
        JsonRejection::JsonDataError(_) => Code::Body,
        JsonRejection::MissingJsonContentType(_) => Code::MediaType,
        JsonRejection::BytesRejection(unread)
            if unread.status() == StatusCode::PAYLOAD_TOO_LARGE =>
        {
            Code::BodyTooLarge
        }
        _ => Code::NotJson,
    }
}
