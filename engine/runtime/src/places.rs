//! Where a processor sent content: not every address, but the few folders that hold them all.

use parking_lot::Mutex;
use serde::Serialize;
use utoipa::ToSchema;

/// How many places a processor tells apart; all others are counted as one.
const PLACES_MAX: usize = 8;

/// A place outside of the flow that a processor sent content to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SentPlace)]
pub struct PlaceStatus {
    /// The innermost folder or prefix that holds everything that was sent to one store or disk,
    /// as a URI without secrets; none for what went to more places than are told apart.
    #[schema(required)]
    pub place: Option<String>,
    /// How many flowfiles were sent there.
    pub flowfiles: u64,
    /// Bytes that were written there.
    pub bytes: u64,
}

/// The places of one processor, in the order of their first use.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<Vec<PlaceStatus>>);

impl Places {
    /// Counts a flowfile with so many bytes that was sent to `uri`.
    pub(crate) fn count(&self, uri: &str, bytes: u64) {
        let uri = without_secrets(uri);
        let root = root(&uri);
        let mut places = self.0.lock();
        let known = places.iter().position(|each| match &each.place {
            Some(place) => self::root(place) == root,
            None => true,
        });
        let index = known.unwrap_or_else(|| {
            let is_told = places.len() < PLACES_MAX;
            let place = is_told.then(|| folder(&uri).to_owned());
            places.push(PlaceStatus { place, flowfiles: 0, bytes: 0 });
            places.len() - 1
        });
        let Some(found) = places.get_mut(index) else { return };
        found.flowfiles += 1;
        found.bytes += bytes;
        if let Some(place) = &mut found.place {
            let length = common(place, &uri);
            place.truncate(length);
        }
    }

    /// What was counted so far.
    pub(crate) fn told(&self) -> Vec<PlaceStatus> {
        self.0.lock().clone()
    }
}

/// The URI without a user, a password and a query.
fn without_secrets(uri: &str) -> String {
    let uri = uri.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = uri.split_once("://") else { return uri.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// The scheme and the host or bucket: what differs in these has no folder in common.
fn root(uri: &str) -> &str {
    let Some(scheme) = uri.find(':') else { return "" };
    let rest = uri.get(scheme + 1..).unwrap_or_default();
    let Some(authority) = rest.strip_prefix("//") else { return uri.get(..scheme).unwrap_or(uri) };
    let length = authority.find('/').unwrap_or(authority.len());
    uri.get(..scheme + 3 + length).unwrap_or(uri)
}

/// The URI up to its last slash.
fn folder(uri: &str) -> &str {
    let end = uri.rfind('/').map_or(0, |slash| slash + 1).max(root(uri).len());
    uri.get(..end).unwrap_or(uri)
}

/// How long the folder is that holds `place`, a folder itself, and `uri`, which has the same root.
fn common(place: &str, uri: &str) -> usize {
    let pairs = place.bytes().zip(uri.bytes()).enumerate();
    let same = pairs.take_while(|(_, (left, right))| left == right);
    let slash = same.filter(|(_, (byte, _))| *byte == b'/').last();
    slash.map_or(0, |(index, _)| index + 1).max(root(place).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(uris: &[&str]) -> Vec<(Option<String>, u64)> {
        let places = Places::default();
        for uri in uris {
            places.count(uri, 10);
        }
        let told = places.told().into_iter();
        told.map(|each| {
            assert_eq!(each.bytes, 10 * each.flowfiles);
            (each.place, each.flowfiles)
        })
        .collect()
    }

    #[test]
    fn what_went_to_one_store_is_told_by_the_folder_that_holds_it_all() {
        for (uris, place) in [
            (&["file:///out/features/a.json"][..], "file:///out/features/"),
            (
                &["file:///out/features/a.json", "file:///out/features/b.json"],
                "file:///out/features/",
            ),
            (&["s3://music/x/ab/1", "s3://music/x/ac/1"], "s3://music/x/"),
            (&["s3://music/x/1", "s3://music/1"], "s3://music/"),
            (&["s3://music", "s3://music/a"], "s3://music"),
            (&["file:a/b"], "file:a/"),
        ] {
            assert_eq!(told(uris), [(Some(place.to_owned()), uris.len() as u64)]);
        }
    }

    #[test]
    fn stores_are_told_apart_and_beyond_a_few_counted_together() {
        let uris: Vec<String> =
            (0..PLACES_MAX + 5).map(|host| format!("s3://b{host}/x/y")).collect();
        let uris: Vec<&str> = uris.iter().map(String::as_str).collect();
        let told = told(&uris);
        assert_eq!(told.len(), PLACES_MAX + 1);
        assert_eq!(told[1], (Some("s3://b1/x/".to_owned()), 1));
        assert_eq!(told[PLACES_MAX], (None, 5));
    }

    #[test]
    fn what_may_be_secret_is_left_out() {
        let uris = ["https://key:pass@store/a/b@c/d?token=a/b", "https://other@store/a/b@c/e#x/y"];
        assert_eq!(told(&uris), [(Some("https://store/a/b@c/".to_owned()), 2)]);
    }
}
