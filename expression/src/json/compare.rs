//! The conditions of filters, by Jayway's rules: a number and a text of the same digits are equal,
//! what a path does not find equals nothing.

use std::cmp::Ordering;

use super::budget::Root;
use super::evaluate::{Found, Stop};
use super::filter::{Filter, Operand, Operator};
use super::path::Constant;
use super::value::Json;
use crate::java::regex::Regex;

/// Why a condition is not decided: one that cannot be refuses the value, one that fails or costs
/// too much fails the whole evaluation.
enum Undecided {
    Refused,
    Failed,
    TooMuch,
}

impl From<Stop> for Undecided {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::NotFound | Stop::Invalid => Self::Refused,
            Stop::Failed => Self::Failed,
            Stop::TooMuch => Self::TooMuch,
        }
    }
}

impl Filter {
    /// Whether `item`, in the document of `root`, meets the condition.
    pub(super) fn accepts(&self, item: &Json, root: Root<'_, '_>) -> Result<bool, Stop> {
        match self.holds(item, root) {
            Ok(holds) => Ok(holds),
            Err(Undecided::Refused) => Ok(false),
            Err(Undecided::Failed) => Err(Stop::Failed),
            Err(Undecided::TooMuch) => Err(Stop::TooMuch),
        }
    }

    fn holds(&self, item: &Json, root: Root<'_, '_>) -> Result<bool, Undecided> {
        match self {
            Self::Or(filters) => {
                for filter in filters {
                    if filter.holds(item, root)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::And(filters) => {
                for filter in filters {
                    if !filter.holds(item, root)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Not(filter) => filter.holds(item, root).map(|holds| !holds),
            Self::Exists { path, expected } => match path.value(item, root, true) {
                Ok(_) => Ok(*expected),
                Err(Stop::NotFound) => Ok(!*expected),
                Err(stop) => Err(stop.into()),
            },
            Self::Compare { left, operator, right } => {
                let left = Side::of(left, item, root)?;
                let right = Side::of(right, item, root)?;
                compare(&left, *operator, &right)
            }
        }
    }
}

/// A side of a comparison, with its value.
#[derive(Debug, Clone)]
enum Side {
    Undefined,
    Null,
    Boolean(bool),
    /// A number by its digits.
    Number(String),
    Text(String),
    /// An array or object, and whether it is a constant of the filter.
    Json(Json, bool),
    Pattern(Regex),
}

impl Side {
    fn of(operand: &Operand, item: &Json, root: Root<'_, '_>) -> Result<Self, Undecided> {
        match operand {
            Operand::Constant(Constant::Number(digits)) => Ok(Self::Number(digits.clone())),
            Operand::Constant(Constant::Pattern(regex)) => Ok(Self::Pattern(regex.clone())),
            Operand::Constant(Constant::Json(json)) => Ok(Self::from_json(json, true)),
            Operand::Path(path) => match path.value(item, root, false) {
                Ok(Found::Json(json)) => {
                    root.budget.copy(&json)?;
                    Ok(Self::from_json(&json, false))
                }
                Ok(Found::Keys(_)) => Err(Undecided::Failed),
                Err(Stop::NotFound) => Ok(Self::Undefined),
                Err(stop) => Err(stop.into()),
            },
        }
    }

    fn from_json(json: &Json, is_constant: bool) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Boolean(value) => Self::Boolean(*value),
            Json::Whole(digits) => Self::Number(digits.clone()),
            Json::Decimal(_) => Self::Number(json.scalar_text()),
            Json::Text(text) => Self::Text(text.clone()),
            Json::Array(_) | Json::Object(_) => Self::Json(json.clone(), is_constant),
        }
    }

    /// The items of an array, `None` for everything else. Jayway fails on arrays within arrays.
    fn items(&self) -> Result<Option<Vec<Self>>, Undecided> {
        let Self::Json(Json::Array(items), _) = self else { return Ok(None) };
        if items.iter().any(|item| matches!(item, Json::Array(_) | Json::Object(_))) {
            return Err(Undecided::Failed);
        }
        Ok(Some(items.iter().map(|item| Self::from_json(item, false)).collect()))
    }

    /// The items where they are an array; refused for what can be none.
    fn list(&self) -> Result<Option<Vec<Self>>, Undecided> {
        match self {
            Self::Json(..) => self.items(),
            _ => Err(Undecided::Refused),
        }
    }
}

fn equal(left: &Side, right: &Side) -> bool {
    match (left, right) {
        (Side::Null, Side::Null) => true,
        (Side::Boolean(left), Side::Boolean(right)) => left == right,
        (Side::Number(left), Side::Number(right) | Side::Text(right)) => {
            decimal_order(left, right) == Some(Ordering::Equal)
        }
        (Side::Text(left), Side::Text(right) | Side::Number(right)) => left == right,
        // A constant on the left is compared unread, and so equals nothing.
        (Side::Json(left, false), Side::Json(right, _)) => left == right,
        _ => false,
    }
}

fn is_same_type(left: &Side, right: &Side) -> bool {
    std::mem::discriminant(left) == std::mem::discriminant(right)
}

fn order(left: &Side, right: &Side) -> Option<Ordering> {
    match (left, right) {
        (Side::Number(left), Side::Number(right)) => decimal_order(left, right),
        (Side::Text(left), Side::Text(right)) => {
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        _ => None,
    }
}

fn compare(left: &Side, operator: Operator, right: &Side) -> Result<bool, Undecided> {
    let ordered = |holds: fn(Ordering) -> bool| Ok(order(left, right).is_some_and(holds));
    match operator {
        Operator::Equal => Ok(equal(left, right)),
        Operator::NotEqual => Ok(!equal(left, right)),
        Operator::SameTypeEqual => Ok(is_same_type(left, right) && equal(left, right)),
        Operator::SameTypeNotEqual => Ok(!(is_same_type(left, right) && equal(left, right))),
        Operator::Less => ordered(Ordering::is_lt),
        Operator::LessOrEqual => ordered(Ordering::is_le),
        Operator::Greater => ordered(Ordering::is_gt),
        Operator::GreaterOrEqual => ordered(Ordering::is_ge),
        Operator::Matches => matches(left, right),
        Operator::In => is_in(left, right),
        Operator::NotIn => is_in(left, right).map(|is_in| !is_in),
        Operator::Contains => Ok(match (left, right) {
            (Side::Text(left), Side::Text(right)) => left.contains(right.as_str()),
            _ => left.items()?.is_some_and(|items| items.iter().any(|item| equal(right, item))),
        }),
        Operator::Size => Ok(match (left, right) {
            (Side::Text(text), Side::Number(size)) => {
                decimal_order(&crate::java::text::length(text).to_string(), size)
                    == Some(Ordering::Equal)
            }
            (Side::Json(Json::Array(items), _), Side::Number(size)) => {
                decimal_order(&items.len().to_string(), size) == Some(Ordering::Equal)
            }
            _ => false,
        }),
        Operator::Empty => {
            let is_empty = match left {
                Side::Text(text) => text.is_empty(),
                Side::Json(Json::Array(items), _) => items.is_empty(),
                // Jayway cannot ask an object, and fails.
                Side::Json(..) => return Err(Undecided::Failed),
                _ => return Ok(false),
            };
            match right {
                Side::Boolean(expected) => Ok(is_empty == *expected),
                _ => Err(Undecided::Refused),
            }
        }
        Operator::SubsetOf => sets(left, right, |left, right| {
            left.iter().all(|item| right.iter().any(|other| equal(item, other)))
        }),
        Operator::AnyOf => sets(left, right, |left, right| {
            left.iter().any(|item| right.iter().any(|other| equal(item, other)))
        }),
        Operator::NoneOf => sets(left, right, |left, right| {
            !left.iter().any(|item| right.iter().any(|other| equal(item, other)))
        }),
        Operator::All | Operator::Exists | Operator::Type | Operator::Predicate => {
            Err(Undecided::Refused)
        }
    }
}

fn is_in(left: &Side, right: &Side) -> Result<bool, Undecided> {
    Ok(right.list()?.is_some_and(|items| items.iter().any(|item| equal(left, item))))
}

fn sets(
    left: &Side,
    right: &Side,
    holds: impl FnOnce(&[Side], &[Side]) -> bool,
) -> Result<bool, Undecided> {
    let Some(right) = right.list()? else { return Ok(false) };
    let Some(left) = left.list()? else { return Ok(false) };
    Ok(holds(&left, &right))
}

fn matches(left: &Side, right: &Side) -> Result<bool, Undecided> {
    let (regex, other) = match (left, right) {
        (Side::Pattern(_), Side::Pattern(_)) => return Ok(false),
        (Side::Pattern(regex), other) | (other, Side::Pattern(regex)) => (regex, other),
        _ => return Ok(false),
    };
    let text = |side: &Side| match side {
        Side::Text(text) | Side::Number(text) => text.clone(),
        Side::Boolean(value) => value.to_string(),
        _ => String::new(),
    };
    let matches = |side: &Side| regex.is_match(&text(side)).map_err(|_| Undecided::Failed);
    match other.items()? {
        Some(items) => {
            for item in &items {
                if matches(item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        None => matches(other),
    }
}

/// The order of two decimal numbers by their digits, of any length.
fn decimal_order(left: &str, right: &str) -> Option<Ordering> {
    let (left_negative, left_digits, left_exponent) = decimal(left)?;
    let (right_negative, right_digits, right_exponent) = decimal(right)?;
    if left_digits.is_empty() && right_digits.is_empty() {
        return Some(Ordering::Equal);
    }
    let sign = |negative: bool, digits: &[u8]| match (digits.is_empty(), negative) {
        (true, _) => 0,
        (false, true) => -1,
        (false, false) => 1,
    };
    let (left_sign, right_sign) =
        (sign(left_negative, &left_digits), sign(right_negative, &right_digits));
    if left_sign != right_sign {
        return Some(left_sign.cmp(&right_sign));
    }
    // Both are written as 0.d1d2d3... times ten to a power.
    let size = (left_exponent, &left_digits).cmp(&(right_exponent, &right_digits));
    Some(if left_sign < 0 { size.reverse() } else { size })
}

/// Sign, significant digits and the power of ten before the first of them.
fn decimal(text: &str) -> Option<(bool, Vec<u8>, i64)> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let negative = mantissa.starts_with('-');
    let unsigned = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all = || whole.bytes().chain(fraction.bytes());
    if whole.len() + fraction.len() == 0 || !all().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let zeros = all().take_while(|b| *b == b'0').count();
    let mut digits: Vec<u8> = all().skip(zeros).collect();
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    let power = whole.len() as i64 - zeros as i64 + i64::from(exponent);
    Some((negative, digits, power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_compared_by_their_digits() {
        for (left, right, expected) in [
            ("1", "1.0", Ordering::Equal),
            ("1e5", "100000", Ordering::Equal),
            ("-2", "1", Ordering::Less),
            ("-2", "-3", Ordering::Greater),
            ("0.001", "0.01", Ordering::Less),
            ("12345678901234567890", "12345678901234567891", Ordering::Less),
            ("0", "-0.0", Ordering::Equal),
            ("0", "-1", Ordering::Greater),
        ] {
            assert_eq!(decimal_order(left, right), Some(expected), "{left} {right}");
        }
        assert_eq!(decimal_order("x", "1"), None);
    }
}
