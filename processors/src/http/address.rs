//! Where a processor listens.

use std::net::IpAddr;

use tutti_sdk::model::spec::{PropertyKind, ValueError};
use tutti_sdk::property::PropertyType;

/// An IP address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address(pub(crate) IpAddr);

impl PropertyType for Address {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        text.trim().parse().map(Self).map_err(|_| {
            ValueError::new(format!("\"{text}\" is not an IP address")).with_help(
                "write \"127.0.0.1\" for programs on this machine only, or \"0.0.0.0\" for whoever \
                 reaches it",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_refused_with_a_word_on_what_is() {
        for text in ["localhost", "", "127.0.0.1:80", "256.0.0.1"] {
            assert!(Address::parse(text, &PropertyKind::Text).unwrap_err().help.is_some());
        }
        assert_eq!(Address::parse("::1", &PropertyKind::Text).unwrap().0.to_string(), "::1");
    }
}
