//! Where a request is sent, by which method, and where an answer points to.

use reqwest::header::LOCATION;
use reqwest::{Method, Response, StatusCode, Url};
use tutti_sdk::model::spec::{PropertyKind, ValueError};
use tutti_sdk::property::PropertyType;

use crate::http::text;

/// The method of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HttpMethod(pub(super) Method);

impl PropertyType for HttpMethod {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let method = Method::from_bytes(text.trim().as_bytes());
        // A tunnel is no request.
        let method = method.ok().filter(|method| *method != Method::CONNECT);
        method.map(Self).ok_or_else(|| {
            ValueError::new(format!("\"{text}\" is not a method"))
                .with_help("write one such as \"GET\" or \"POST\", in capitals")
        })
    }
}

/// A URL that requests can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HttpUrl(pub(super) Url);

impl PropertyType for HttpUrl {
    fn kind() -> PropertyKind {
        PropertyKind::Url
    }

    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
        let authority = text.split_once("://").map_or(text, |(_, rest)| rest);
        let authority = authority.split(['/', '\\', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            let error = ValueError::new("the URL must not hold a user or a password");
            return Err(error.hiding_value().with_help(
                "give them with the properties \"Request Username\" and \"Request Password\"",
            ));
        }
        let url = <Url as PropertyType>::parse(text.trim(), kind)?;
        let is_http = ["http", "https"].contains(&url.scheme()) && url.has_host();
        if !is_http || !url.username().is_empty() || url.password().is_some() {
            let error = ValueError::new(format!("a request cannot be sent to \"{text}\""));
            return Err(error.with_help("write \"https://\" or \"http://\" and a host"));
        }
        Ok(Self(url))
    }
}

/// What is sent next.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) method: Method,
    pub(super) url: Url,
    /// Whether the content goes with it.
    pub(super) has_body: bool,
    /// Whether it goes to whom the flow means: only to them user and password are told.
    pub(super) is_own: bool,
}

impl Target {
    /// Where `response` points to, if somebody may be followed there.
    pub(super) fn after(&self, response: &Response) -> Option<Self> {
        let location = response.headers().get(LOCATION)?;
        let mut url = self.url.join(&text(location)).ok()?;
        let is_followed = match url.scheme() {
            "https" => true,
            "http" => self.url.scheme() == "http",
            _ => false,
        };
        if !is_followed || !url.has_host() {
            return None;
        }
        // Somebody else's user is not ours. It cannot fail where there is a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let mut next =
            Self { is_own: self.is_own && url.origin() == self.url.origin(), ..self.clone() };
        next.url = url;
        let becomes_get = match response.status() {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            StatusCode::SEE_OTHER => self.method != Method::HEAD,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => false,
            _ => return None,
        };
        if becomes_get {
            next.method = Method::GET;
            next.has_body = false;
        }
        Some(next)
    }
}

/// The URL for messages and provenance: what follows `?` may hold a secret.
pub(super) fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_requests_can_be_sent_to_is_a_url() {
        let parse = |text| HttpUrl::parse(text, &PropertyKind::Url);
        assert_eq!(parse("https://a.example/b?c=@").unwrap().0.as_str(), "https://a.example/b?c=@");
        for text in ["/a", "ftp://a.example/", "file:///a", "http://", "a.example", ""] {
            let error = parse(text).unwrap_err();
            assert!(error.help.is_some() && !error.hides_value, "{text}");
        }
        for text in ["http://me:word@a.example/", "https://me@a.example", "me:word@a.example"] {
            let error = parse(text).unwrap_err();
            assert!(error.hides_value && !error.message.contains("me"), "{text}");
        }
    }

    #[test]
    fn only_a_word_is_a_method() {
        let parse = |text| HttpMethod::parse(text, &PropertyKind::Text);
        assert_eq!(parse(" PROPFIND ").unwrap().0.as_str(), "PROPFIND");
        for text in ["", "A B", "GET\r\nX: 1", "CONNECT"] {
            assert!(parse(text).unwrap_err().help.is_some(), "{text:?}");
        }
    }

    #[test]
    fn nobody_is_followed_to_where_everybody_listens() {
        let after = |from: &str, to: &str| {
            let pointing = hyper::Response::builder().status(302).header("location", to).body("");
            let target = Target {
                method: Method::GET,
                url: Url::parse(from).unwrap(),
                has_body: false,
                is_own: true,
            };
            target.after(&pointing.unwrap().into()).map(|next| (next.url.to_string(), next.is_own))
        };
        let there = |url: &str, is_own| Some((url.to_owned(), is_own));
        let (safe, plain) = ("https://a.example/", "http://a.example/");
        assert_eq!(after(safe, plain), None);
        assert_eq!(after(plain, safe), there(safe, false));
        assert_eq!(after(safe, "/b"), there("https://a.example/b", true));
        assert_eq!(after(plain, "http://a.example:81/"), there("http://a.example:81/", false));
    }

    #[test]
    fn a_url_is_shown_without_what_may_be_secret() {
        let url = Url::parse("https://a.example/b?token=c#d").unwrap();
        assert_eq!(shown(&url), "https://a.example/b");
    }
}
