//! Secrets that the server makes, and what is kept of them: never themselves.

use std::fmt;
use std::io;

use rand::TryRng;
use rand::rngs::SysRng;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// 256 random bits in hexadecimal digits. It shows itself nowhere but where it is asked to.
pub struct Secret(String);

impl Secret {
    /// Begins with `prefix`.
    pub(crate) fn new(prefix: &str) -> io::Result<Self> {
        let mut bytes = [0; 32];
        SysRng.try_fill_bytes(&mut bytes).map_err(io::Error::other)?;
        Ok(Self(format!("{prefix}{}", hexadecimal(&bytes))))
    }

    /// The secret itself, for the one who is to have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What is kept of a secret. A secret has too many bits to be guessed, so that a fast hash does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    pub(crate) fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hexadecimal(&self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        bytes(&text).map(Self).ok_or_else(|| serde::de::Error::custom("no SHA-256"))
    }
}

fn hexadecimal(bytes: &[u8; 32]) -> String {
    use fmt::Write;
    let mut text = String::with_capacity(64);
    for byte in bytes {
        // A text takes all.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn bytes(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_like_another_or_shows_itself() {
        let (one, other) = (Secret::new("tutti_").unwrap(), Secret::new("tutti_").unwrap());
        assert_ne!(one.reveal(), other.reveal());
        assert!(one.reveal().starts_with("tutti_") && one.reveal().len() == 70);
        assert_eq!(format!("{one:?}"), "Secret");
    }

    #[test]
    fn what_is_kept_of_a_secret_is_written_and_read() {
        let kept = Digest::of("abc");
        let written = serde_json::to_string(&kept).unwrap();
        let right = "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"";
        assert_eq!(written, right);
        assert_eq!(serde_json::from_str::<Digest>(&written).unwrap(), kept);
        for wrong in ["\"ba\"", "\"\"", &format!("\"{}\"", "x".repeat(64))] {
            assert!(serde_json::from_str::<Digest>(wrong).is_err(), "{wrong}");
        }
    }
}
