//! A sample rate, as properties hold it.

use tutti_sdk::model::spec::{PropertyKind, ValueError};
use tutti_sdk::property::PropertyType;

const NATIVE: &str = "native";
const HZ_MIN: u32 = 1_000;
const HZ_MAX: u32 = 768_000;

/// A sample rate in Hz, or none for that of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SampleRate(pub(crate) Option<u32>);

impl PropertyType for SampleRate {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case(NATIVE) {
            return Ok(Self(None));
        }
        match text.parse() {
            Ok(hz @ HZ_MIN..=HZ_MAX) => Ok(Self(Some(hz))),
            _ => Err(ValueError::new(format!("\"{text}\" is not a sample rate")).with_help(
                format!("write \"{NATIVE}\", or a number of Hz from {HZ_MIN} to {HZ_MAX}"),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_native_or_a_number_in_range() {
        let parse = |text| SampleRate::parse(text, &SampleRate::kind()).ok();
        assert_eq!(parse("native"), Some(SampleRate(None)));
        assert_eq!(parse(" 22050 "), Some(SampleRate(Some(22_050))));
        for wrong in ["", "0", "999", "22.05 kHz", "768001", "-1"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
