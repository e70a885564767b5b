//! Hashes, and the UUIDs that are made of them.

use md2::Md2;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};

use crate::error::Failure;
use crate::java::text::push;
use crate::node::{Call, Frame};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

/// The names of Java's algorithms, in any case.
const ALGORITHMS: &str = "MD2, MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512, SHA-512/224, \
                          SHA-512/256, SHA3-224, SHA3-256, SHA3-384, SHA3-512";

fn digest<D: Digest>(text: &str) -> String {
    let mut out = String::new();
    for byte in D::digest(text.as_bytes()) {
        push(&mut out, format_args!("{byte:02x}"));
    }
    out
}

pub(in super::super) fn hash<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    let algorithm = call.required_text(0, frame)?;
    let hash = match algorithm.to_ascii_uppercase().as_str() {
        "MD2" => digest::<Md2>(&text),
        "MD5" => digest::<Md5>(&text),
        "SHA" | "SHA1" | "SHA-1" => digest::<Sha1>(&text),
        "SHA224" | "SHA-224" => digest::<Sha224>(&text),
        "SHA256" | "SHA-256" => digest::<Sha256>(&text),
        "SHA384" | "SHA-384" => digest::<Sha384>(&text),
        "SHA512" | "SHA-512" => digest::<Sha512>(&text),
        "SHA512/224" | "SHA-512/224" => digest::<Sha512_224>(&text),
        "SHA512/256" | "SHA-512/256" => digest::<Sha512_256>(&text),
        "SHA3-224" => digest::<Sha3_224>(&text),
        "SHA3-256" => digest::<Sha3_256>(&text),
        "SHA3-384" => digest::<Sha3_384>(&text),
        "SHA3-512" => digest::<Sha3_512>(&text),
        _ => {
            return Err(
                format!("unknown hash algorithm '{algorithm}': use one of {ALGORITHMS}").into()
            );
        }
    };
    Ok(hash.into())
}

/// `8-4-4-4-12` hexadecimal digits.
pub(in super::super) fn uuid_text(bits: u128) -> String {
    let part = |shift: u32, digits: u32| (bits >> shift) & ((1u128 << (digits * 4)) - 1);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        part(96, 8),
        part(80, 4),
        part(64, 4),
        part(48, 4),
        part(0, 12)
    )
}

/// `UUID.fromString`: five parts of hexadecimal digits, each cut to its width.
fn parse_uuid(text: &str) -> Result<u128, Failure> {
    let invalid = || Failure::from(format!("'{text}' is no UUID"));
    let parts: Vec<&str> = text.split('-').collect();
    let &[time, middle, version, clock, node] = &parts[..] else { return Err(invalid()) };
    if text.len() > 36 {
        return Err(invalid());
    }
    let part = |text: &str, digits: u32| -> Result<u128, Failure> {
        let value = i64::from_str_radix(text, 16).map_err(|_| invalid())?;
        Ok(value as u128 & ((1u128 << (digits * 4)) - 1))
    };
    Ok(part(time, 8)? << 96
        | part(middle, 4)? << 80
        | part(version, 4)? << 64
        | part(clock, 4)? << 48
        | part(node, 12)?)
}

pub(in super::super) fn uuid3<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    named_uuid(call, frame, 3, |name| Md5::digest(name).to_vec())
}

pub(in super::super) fn uuid5<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    named_uuid(call, frame, 5, |name| Sha1::digest(name).to_vec())
}

/// RFC 9562: the hash of the namespace and the name, with its version and variant.
fn named_uuid<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
    version: u128,
    hash: impl FnOnce(&[u8]) -> Vec<u8>,
) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    let namespace = match call.text(0, frame)? {
        Some(namespace) => parse_uuid(&namespace)?,
        None => 0,
    };
    let mut name = namespace.to_be_bytes().to_vec();
    name.extend_from_slice(text.as_bytes());
    let bits = hash(&name).iter().take(16).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    let bits = bits & !(0xf << 76) | version << 76;
    let bits = bits & !(0b11 << 62) | 0b10 << 62;
    Ok(uuid_text(bits).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_read_as_in_java() {
        let dns = parse_uuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8").unwrap();
        assert_eq!(uuid_text(dns), "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        assert_eq!(
            uuid_text(parse_uuid("1-2-3-4-5").unwrap()),
            "00000001-0002-0003-0004-000000000005"
        );
        for text in ["", "bad", "1-2-3-4", "1-2-3-4-", "1-2-3-4-5-6", "g-2-3-4-5"] {
            assert!(parse_uuid(text).is_err(), "{text}");
        }
    }
}
