//! Numbers and truth values.

use tutti_model::spec::{PropertyKind, ValueError};

use super::PropertyType;

fn integer(text: &str, kind: &PropertyKind) -> Result<i64, ValueError> {
    let (min, max) = match kind {
        PropertyKind::Integer { min, max } => (*min, *max),
        _ => (i64::MIN, i64::MAX),
    };
    let help = || match (min, max) {
        (i64::MIN, i64::MAX) => "write digits, as in \"10\"".to_owned(),
        (min, i64::MAX) => format!("write a whole number, {min} or more"),
        (min, max) => format!("write a whole number from {min} to {max}"),
    };
    let number: i64 = text.trim().parse().map_err(|_| {
        ValueError::new(format!("\"{text}\" is not a whole number")).with_help(help())
    })?;
    if number < min || number > max {
        return Err(ValueError::new(format!("{number} is out of range")).with_help(help()));
    }
    Ok(number)
}

macro_rules! integers {
    ($($type:ty: $min:expr, $max:expr;)*) => {$(
        impl PropertyType for $type {
            fn kind() -> PropertyKind {
                PropertyKind::Integer { min: $min, max: $max }
            }

            fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
                let number = integer(text, kind)?;
                Self::try_from(number)
                    .map_err(|_| ValueError::new(format!("{number} is out of range")))
            }
        }
    )*};
}

integers! {
    u32: 0, i64::from(u32::MAX);
    u64: 0, i64::MAX;
    i64: i64::MIN, i64::MAX;
}

impl PropertyType for f64 {
    fn kind() -> PropertyKind {
        PropertyKind::Number { min: Self::MIN, max: Self::MAX }
    }

    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
        let (min, max) = match kind {
            PropertyKind::Number { min, max } => (*min, *max),
            _ => (Self::MIN, Self::MAX),
        };
        let number = text.trim().parse::<Self>().ok().filter(|number| number.is_finite());
        let Some(number) = number else {
            return Err(ValueError::new(format!("\"{text}\" is not a number"))
                .with_help("write digits with a point, as in \"0.5\""));
        };
        if number < min || number > max {
            let least = if min > Self::MIN { format!(", at least {min}") } else { String::new() };
            let most = if max < Self::MAX { format!(", at most {max}") } else { String::new() };
            return Err(ValueError::new(format!("{number} is out of range"))
                .with_help(format!("write a number{least}{most}")));
        }
        Ok(number)
    }
}

impl PropertyType for bool {
    fn kind() -> PropertyKind {
        PropertyKind::Boolean
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        match text.trim() {
            text if text.eq_ignore_ascii_case("true") => Ok(true),
            text if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(ValueError::new(format!("\"{text}\" is neither true nor false"))
                .with_help("write \"true\" or \"false\"")),
        }
    }
}
