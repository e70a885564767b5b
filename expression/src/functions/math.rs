//! `math`: the functions of Java's `Math` by their names, for the types that Java has them for.
//! The system's functions come nearest to those that Java has in machine code, `libm` (a port of
//! FreeBSD's msun, as Java's own is) to the others; both may differ from Java in the last digit.

use crate::error::Failure;
use crate::java::number::Number;
use crate::node::{Call, Frame};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

pub(super) fn math_alone<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    match call.text(0, frame)?.as_deref() {
        None => Ok(Value::Null),
        // 53 bits, as many as a double holds.
        Some("random") => {
            Ok(Value::Decimal((frame.context.random() >> 11) as f64 / (1u64 << 53) as f64))
        }
        Some(name) => Err(format!("there is no 'math' function '{name}' without a number").into()),
    }
}

pub(super) fn math<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(name) = call.text(0, frame)? else { return Ok(Value::Null) };
    let Some(left) = call.subject(frame)?.into_number()? else { return Ok(Value::Null) };
    if call.arguments.len() < 2 {
        return match left {
            Number::Decimal(number) => decimal(&name, number),
            Number::Whole(number) => whole(&name, number),
        };
    }
    let Some(right) = call.number(1, frame)? else { return Ok(Value::Null) };
    match (left, right) {
        (Number::Decimal(left), Number::Decimal(right)) => decimals(&name, left, right),
        (Number::Whole(left), Number::Whole(right)) => wholes(&name, left, right),
        // Java cuts the exponent to 32 bits.
        (Number::Decimal(left), Number::Whole(right)) if name == "scalb" => {
            Ok(Value::Decimal(libm::scalbn(left, right as i32)))
        }
        _ => Err(unknown(&name, "these two numbers")),
    }
}

fn unknown(name: &str, takes: &str) -> Failure {
    format!("there is no 'math' function '{name}' for {takes}").into()
}

fn overflow(name: &str) -> Failure {
    format!("the result of '{name}' does not fit").into()
}

fn decimal<'a>(name: &str, x: f64) -> Outcome<'a> {
    Ok(Value::Decimal(match name {
        "abs" => x.abs(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "asin" => libm::asin(x),
        "acos" => libm::acos(x),
        "atan" => libm::atan(x),
        "sinh" => libm::sinh(x),
        "cosh" => libm::cosh(x),
        "tanh" => libm::tanh(x),
        "toRadians" => x * 0.017_453_292_519_943_295,
        "toDegrees" => x * 57.295_779_513_082_32,
        "exp" => x.exp(),
        "expm1" => libm::expm1(x),
        "log" => x.ln(),
        "log10" => libm::log10(x),
        "log1p" => libm::log1p(x),
        "sqrt" => x.sqrt(),
        "cbrt" => libm::cbrt(x),
        "ceil" => x.ceil(),
        "floor" => x.floor(),
        "rint" => x.round_ties_even(),
        "signum" if x == 0.0 || x.is_nan() => x,
        "signum" => x.signum(),
        "ulp" => ulp(x),
        "nextUp" => x.next_up(),
        "nextDown" => x.next_down(),
        // The casts saturate and map NaN to 0, as Java's do.
        "round" => return Ok(Value::Whole(round(x))),
        "getExponent" => return Ok(Value::Whole(exponent(x))),
        _ => return Err(unknown(name, "a decimal number")),
    }))
}

/// Half up, as `Math.round`.
fn round(x: f64) -> i64 {
    let floor = x.floor();
    (if x - floor >= 0.5 { floor + 1.0 } else { floor }) as i64
}

fn exponent(x: f64) -> i64 {
    ((x.to_bits() >> 52) & 0x7ff) as i64 - 1023
}

fn ulp(x: f64) -> f64 {
    let x = x.abs();
    if x.is_nan() || x.is_infinite() {
        x
    } else if x.next_up().is_infinite() {
        x - x.next_down()
    } else {
        x.next_up() - x
    }
}

fn whole<'a>(name: &str, x: i64) -> Outcome<'a> {
    let result = match name {
        "abs" => Some(x.wrapping_abs()),
        "absExact" => x.checked_abs(),
        "negateExact" => x.checked_neg(),
        "incrementExact" => x.checked_add(1),
        "decrementExact" => x.checked_sub(1),
        "toIntExact" => i32::try_from(x).ok().map(i64::from),
        _ => return Err(unknown(name, "a whole number")),
    };
    result.map(Value::Whole).ok_or_else(|| overflow(name))
}

/// Equality as IEEE 754 has it, which is what is meant here.
#[expect(clippy::float_cmp, reason = "exact equality decides which of Java's rules holds")]
fn is_equal(x: f64, y: f64) -> bool {
    x == y
}

fn decimals<'a>(name: &str, x: f64, y: f64) -> Outcome<'a> {
    Ok(Value::Decimal(match name {
        // To Java a power that is not finite makes nothing certain of one, nor NaN of anything.
        "pow" if y.is_nan() || y.is_infinite() && is_equal(x.abs(), 1.0) => f64::NAN,
        "pow" => x.powf(y),
        "atan2" => libm::atan2(x, y),
        "hypot" => libm::hypot(x, y),
        "max" | "min" | "nextAfter" if x.is_nan() || y.is_nan() => f64::NAN,
        "max" if x == 0.0 && y == 0.0 => {
            if x.is_sign_positive() {
                x
            } else {
                y
            }
        }
        "max" => x.max(y),
        "min" if x == 0.0 && y == 0.0 => {
            if x.is_sign_negative() {
                x
            } else {
                y
            }
        }
        "min" => x.min(y),
        "IEEEremainder" => libm::remainder(x, y),
        "copySign" => x.copysign(y),
        "nextAfter" if is_equal(x, y) => y,
        "nextAfter" if y > x => x.next_up(),
        "nextAfter" => x.next_down(),
        _ => return Err(unknown(name, "two decimal numbers")),
    }))
}

fn wholes<'a>(name: &str, x: i64, y: i64) -> Outcome<'a> {
    let by_zero = || Failure::from(format!("{x} cannot be divided by zero"));
    let is_division = matches!(
        name,
        "floorDiv"
            | "floorMod"
            | "ceilDiv"
            | "ceilMod"
            | "divideExact"
            | "floorDivExact"
            | "ceilDivExact"
    );
    if is_division && y == 0 {
        return Err(by_zero());
    }
    let wide = i128::from(x) * i128::from(y);
    let floor = || x.wrapping_div(y) - i64::from(x.wrapping_rem(y) != 0 && (x < 0) != (y < 0));
    let ceiling = || x.wrapping_div(y) + i64::from(x.wrapping_rem(y) != 0 && (x < 0) == (y < 0));
    let result = match name {
        "max" => Some(x.max(y)),
        "min" => Some(x.min(y)),
        "addExact" => x.checked_add(y),
        "subtractExact" => x.checked_sub(y),
        "multiplyExact" => x.checked_mul(y),
        "multiplyHigh" => Some((wide >> 64) as i64),
        "unsignedMultiplyHigh" => {
            Some(((u128::from(x as u64) * u128::from(y as u64)) >> 64) as i64)
        }
        "unsignedMultiplyExact" => (x as u64).checked_mul(y as u64).map(|product| product as i64),
        "floorDiv" => Some(floor()),
        "floorMod" => Some(x.wrapping_sub(floor().wrapping_mul(y))),
        "ceilDiv" => Some(ceiling()),
        "ceilMod" => Some(x.wrapping_sub(ceiling().wrapping_mul(y))),
        "divideExact" => x.checked_div(y),
        "floorDivExact" => x.checked_div(y).map(|_| floor()),
        "ceilDivExact" => x.checked_div(y).map(|_| ceiling()),
        // Java cuts the exponent to 32 bits and refuses a negative one.
        "powExact" => u32::try_from(y as i32).ok().and_then(|power| x.checked_pow(power)),
        "unsignedPowExact" => u32::try_from(y as i32)
            .ok()
            .and_then(|power| (x as u64).checked_pow(power))
            .map(|product| product as i64),
        _ => return Err(unknown(name, "two whole numbers")),
    };
    result.map(Value::Whole).ok_or_else(|| overflow(name))
}
