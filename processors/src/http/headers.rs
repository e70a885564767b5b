//! Headers that a flow gives: by properties, and by attributes that are sent as such.

use hyper::header::{
    CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::model::spec::{PropertyError, ValueError};
use tutti_sdk::property::{Dynamic, Evaluated, Regex};
use tutti_sdk::{ProcessError, Session};

/// Headers that say how a message is sent: they are the connection's own.
const OWN: [HeaderName; 8] = [
    CONNECTION,
    CONTENT_LENGTH,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

/// Which of the properties cannot be headers, and why.
pub(crate) fn check(properties: &Dynamic<Evaluated<String>>) -> Vec<PropertyError> {
    let wrong = |name: &str| Some(PropertyError::of(name.to_owned(), check_name(name).err()?));
    properties.iter().filter_map(|(name, _)| wrong(name)).collect()
}

fn check_name(name: &str) -> Result<(), ValueError> {
    let Ok(parsed) = HeaderName::from_bytes(name.as_bytes()) else {
        let error = ValueError::new(format!("a header cannot have the name {name:?}"));
        return Err(error.with_help("use letters, digits and \"-\", as in \"X-Take\""));
    };
    if OWN.contains(&parsed) {
        let error = ValueError::new(format!("the header \"{name}\" is set by itself"));
        return Err(error.with_help("leave it out: it says how the message is sent"));
    }
    Ok(())
}

/// Adds the attributes that match to `headers`, where they have a value. `property` is where the
/// pattern stands.
pub(crate) fn add_attributes(
    headers: &mut HeaderMap,
    flowfile: &FlowFile,
    pattern: &Regex,
    property: &str,
) -> Result<(), ProcessError> {
    for (name, text) in flowfile.attributes().iter() {
        if !text.trim().is_empty()
            && pattern.matches(name)?
            && let Some(parsed) = sent_as(name, property)?
        {
            headers.insert(parsed, value(name, text)?);
        }
    }
    Ok(())
}

/// Adds the properties to `headers`, in place of what is there, where they have a value.
pub(crate) fn add_properties(
    headers: &mut HeaderMap,
    properties: &Dynamic<Evaluated<String>>,
    session: &Session,
    flowfile: &FlowFile,
) -> Result<(), ProcessError> {
    for (name, text) in properties.iter() {
        let text = text.evaluate(session, flowfile)?;
        if !text.trim().is_empty()
            && let Ok(parsed) = HeaderName::from_bytes(name.as_bytes())
        {
            headers.insert(parsed, value(name, &text)?);
        }
    }
    Ok(())
}

/// The header that an attribute is sent as; none for what is the connection's own.
fn sent_as(attribute: &str, property: &str) -> Result<Option<HeaderName>, ProcessError> {
    let name = HeaderName::from_bytes(attribute.as_bytes()).map_err(|_| {
        ProcessError::user(format!("the attribute \"{attribute}\" cannot be sent as a header"))
            .with_help(format!(
                "let \"{property}\" match only names of letters, digits, \"-\", \"_\" and \".\""
            ))
    })?;
    Ok((!OWN.contains(&name) && name != HOST).then_some(name))
}

/// A header's value.
pub(crate) fn value(name: &str, text: &str) -> Result<HeaderValue, ProcessError> {
    HeaderValue::from_bytes(text.trim().as_bytes()).map_err(|_| {
        ProcessError::user(format!("the header \"{name}\" cannot have its value"))
            .with_help("a header has one line: leave out control characters")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_the_connections_own_are_refused_and_not_sent() {
        for name in ["", "a b", "a:b", "ü", "Content-Length", "transfer-encoding", "Connection"] {
            assert!(check_name(name).unwrap_err().help.is_some(), "{name}");
        }
        assert!(check_name("X-Take").is_ok() && check_name("Host").is_ok());
        assert_eq!(sent_as("content-length", "Pattern").unwrap(), None);
        assert_eq!(sent_as("Host", "Pattern").unwrap(), None);
        assert_eq!(sent_as("audio.tag.title", "Pattern").unwrap().unwrap(), "audio.tag.title");
        let help = sent_as("a b", "Pattern").unwrap_err().help().unwrap().to_owned();
        assert!(help.starts_with("let \"Pattern\" match only"), "{help}");
    }

    #[test]
    fn a_value_has_one_line() {
        assert_eq!(value("a", " Björk ").unwrap().as_bytes(), "Björk".as_bytes());
        let error = value("a", "secret\r\nX: 1").unwrap_err();
        assert!(!error.chain().contains("secret"), "{}", error.chain());
    }
}
