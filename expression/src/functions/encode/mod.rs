//! Functions that escape, encode and hash.

mod digest;
mod entities;
mod escape;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

pub(super) use digest::{hash, uuid_text, uuid3, uuid5};
pub(super) use escape::{
    escape_csv, escape_html3, escape_html4, escape_json, escape_xml, unescape_csv, unescape_html3,
    unescape_html4, unescape_json, unescape_xml,
};

use crate::error::Failure;
use crate::java::text::push;
use crate::node::{Call, Frame};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

/// Java's decoder: padding may be left out, bits behind the last byte do not matter.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn base64_encode<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let text = call.subject_text(frame)?;
    Ok(text.map_or(Value::Null, |text| BASE64.encode(text.as_bytes()).into()))
}

pub(super) fn base64_decode<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    if text.contains('=') && text.len() % 4 != 0 {
        return Err("the text is not Base64: its padding is not complete".into());
    }
    match BASE64.decode(text.as_bytes()) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned().into()),
        Err(error) => Err(format!("the text is not Base64: {error}").into()),
    }
}

/// As a form encodes it: a space becomes `+`.
pub(super) fn url_encode<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'*' | b'_' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => push(&mut out, format_args!("%{byte:02X}")),
        }
    }
    Ok(out.into())
}

pub(super) fn url_decode<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    let mut bytes = Vec::new();
    while let Some(letter) = rest.next() {
        if letter == '%' {
            let high = rest.next().and_then(|c| c.to_digit(16));
            let low = rest.next().and_then(|c| c.to_digit(16));
            let (Some(high), Some(low)) = (high, low) else {
                return Err("'%' must be followed by two hexadecimal digits".into());
            };
            bytes.push((high * 16 + low) as u8);
            continue;
        }
        if !bytes.is_empty() {
            out.push_str(&String::from_utf8_lossy(&bytes));
            bytes.clear();
        }
        out.push(if letter == '+' { ' ' } else { letter });
    }
    out.push_str(&String::from_utf8_lossy(&bytes));
    Ok(out.into())
}
