//! Values against matchers.

use serde_json::Value;
use tutti_model::suite::{Check, Matcher};
use tutti_model::text::JsonPath;

use super::{Mismatch, short};

/// Whether `got`, which may not be there, is as `matcher` says.
pub(crate) fn value(matcher: &Matcher, got: Option<&Value>) -> Result<(), Mismatch> {
    matcher.checks.iter().try_for_each(|check| one(check, got))
}

/// Whether there are as many as `matcher` says.
pub(crate) fn count(matcher: &Matcher, got: usize) -> Result<(), Mismatch> {
    value(matcher, Some(&Value::from(got)))
}

fn one(check: &Check, got: Option<&Value>) -> Result<(), Mismatch> {
    let is_so = match (check, got) {
        (Check::Absent, got) => got.is_none(),
        (Check::Not(inner), got) => value(inner, got).is_err(),
        (_, None) => false,
        (Check::Equals(expected), Some(got)) => {
            return match difference(expected, got, &JsonPath::root(), false) {
                None => Ok(()),
                Some(found) => Err(found.told()),
            };
        }
        (Check::Contains(expected), Some(got)) => return contains(expected, got),
        (Check::Near { value, within }, Some(got)) => {
            number(got).is_some_and(|got| (got - value).abs() <= *within)
        }
        (Check::Min(least), Some(got)) => number(got).is_some_and(|got| got >= *least),
        (Check::Max(most), Some(got)) => number(got).is_some_and(|got| got <= *most),
        (Check::Matches(pattern), Some(got)) => match got {
            Value::String(text) => pattern.is_match(text),
            other => pattern.is_match(&other.to_string()),
        },
        (Check::Length(length), Some(got)) => self::length(got) == Some(*length),
    };
    if is_so {
        return Ok(());
    }
    Err(Mismatch { of: String::new(), expected: describe(check), got: shown(got) })
}

/// What is not equal first, where.
struct Difference<'v> {
    path: JsonPath,
    expected: &'v Value,
    got: Option<&'v Value>,
}

impl Difference<'_> {
    fn told(&self) -> Mismatch {
        let path = self.path.to_string();
        let of = if path == "$" { String::new() } else { path };
        Mismatch { of, expected: shown(Some(self.expected)), got: shown(self.got) }
    }
}

/// The first difference of `got` from `expected`. With `is_part` an object may have more members.
fn difference<'v>(
    expected: &'v Value,
    got: &'v Value,
    path: &JsonPath,
    is_part: bool,
) -> Option<Difference<'v>> {
    let here = || Some(Difference { path: path.clone(), expected, got: Some(got) });
    match (expected, got) {
        (Value::Object(wanted), Value::Object(there)) => {
            let wrong = wanted.iter().find_map(|(name, expected)| {
                let path = path.member(name);
                match there.get(name) {
                    Some(got) => difference(expected, got, &path, is_part),
                    None => Some(Difference { path, expected, got: None }),
                }
            });
            let has_more = !is_part && there.len() > wanted.len();
            wrong.or_else(|| if has_more { here() } else { None })
        }
        (Value::Array(wanted), Value::Array(there)) => {
            if wanted.len() != there.len() {
                return here();
            }
            let mut pairs = wanted.iter().zip(there).enumerate();
            pairs.find_map(|(index, (expected, got))| {
                difference(expected, got, &path.index(index), is_part)
            })
        }
        _ => (!is_equal(expected, got)).then(here).flatten(),
    }
}

/// Whether two values that have nothing in them are equal. A text, as all attributes are, is equal
/// to a number or a truth that it spells.
fn is_equal(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Value::Number(_), Value::String(_)) => number(expected) == number(got),
        (Value::Bool(expected), Value::String(text)) => *text == expected.to_string(),
        _ => expected == got,
    }
}

fn contains(expected: &Value, got: &Value) -> Result<(), Mismatch> {
    let root = JsonPath::root();
    let is_within = match (expected, got) {
        (Value::String(part), Value::String(text)) => text.contains(part.as_str()),
        (Value::Object(_), Value::Object(_)) => {
            return match difference(expected, got, &root, true) {
                None => Ok(()),
                Some(found) => Err(found.told()),
            };
        }
        (_, Value::Array(all)) => {
            all.iter().any(|one| difference(expected, one, &root, true).is_none())
        }
        _ => false,
    };
    if is_within {
        return Ok(());
    }
    let expected = format!("what contains {}", shown(Some(expected)));
    Err(Mismatch { of: String::new(), expected, got: shown(Some(got)) })
}

/// The number that a value is, or spells.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

fn length(value: &Value) -> Option<u64> {
    let length = match value {
        Value::String(text) => text.chars().count(),
        Value::Array(all) => all.len(),
        Value::Object(all) => all.len(),
        _ => return None,
    };
    Some(length as u64)
}

fn describe(check: &Check) -> String {
    match check {
        Check::Equals(value) => shown(Some(value)),
        Check::Near { value, within } => format!("{value}, give or take {within}"),
        Check::Min(least) => format!("{least} or more"),
        Check::Max(most) => format!("{most} or less"),
        Check::Matches(pattern) => {
            let pattern = pattern.as_str();
            let inner = pattern.strip_prefix(r"\A(?:").and_then(|rest| rest.strip_suffix(r")\z"));
            format!("what {:?} matches as a whole", inner.unwrap_or(pattern))
        }
        Check::Contains(value) => format!("what contains {}", shown(Some(value))),
        Check::Length(length) => format!("a length of {length}"),
        Check::Absent => "nothing".to_owned(),
        Check::Not(inner) => {
            let inner: Vec<String> = inner.checks.iter().map(describe).collect();
            format!("not {}", inner.join(" and "))
        }
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) if text.contains('\n') => short(text),
        Some(value) => short(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use tutti_model::document::Document;
    use tutti_model::suite::Suite;

    use super::*;

    /// The matcher that `json` is in a file of tests.
    fn matcher(json: &Value) -> Matcher {
        let text = json!({ "format": 1, "tests": { "a": { "expect": { "P": { "out": [
            { "attributes": { "x": json } } ] } } } } });
        let suite = Suite::parse(&Document::parse(&text.to_string(), "a.tests.json").unwrap());
        assert!(suite.diagnostics().is_empty(), "{:?}", suite.diagnostics());
        let expected = &suite.tests["a"].value.expect["P"].value["out"].value;
        expected.flowfiles.as_ref().unwrap()[0].attributes["x"].clone()
    }

    fn is(json: &Value, got: Option<&Value>) -> bool {
        value(&matcher(json), got).is_ok()
    }

    #[test]
    fn every_check_passes_what_it_should_and_nothing_else() {
        let text = |text: &str| Some(json!(text));
        let cases = [
            (json!("a"), text("a"), text("b")),
            (json!("a"), text("a"), None),
            (json!(8000), text("8000"), text("8001")),
            (json!(true), text("true"), text("false")),
            (json!(1.0), Some(json!(1)), Some(json!(1.5))),
            (json!({ "near": 120, "within": 1 }), text("120.9"), text("121.1")),
            (json!({ "near": 120, "within": 1 }), Some(json!(119)), text("x")),
            (json!({ "min": 1, "max": 2 }), text("2"), text("2.5")),
            (json!({ "min": 1 }), Some(json!(1)), Some(json!(0.9))),
            (json!({ "matches": "a|bc" }), text("bc"), text("abc")),
            (json!({ "contains": "b" }), text("abc"), text("ac")),
            (
                json!({ "contains": { "a": { "b": 1 } } }),
                Some(json!({ "a": { "b": 1, "c": 2 }, "d": 3 })),
                Some(json!({ "a": { "c": 2 } })),
            ),
            (json!({ "contains": 2 }), Some(json!([1, 2])), Some(json!([1, 3]))),
            (
                json!({ "equals": { "a": [1, 2] } }),
                Some(json!({ "a": [1, 2] })),
                Some(json!({ "a": [1, 2], "b": 1 })),
            ),
            (json!([1, 2]), Some(json!([1, 2])), Some(json!([1, 2, 3]))),
            (json!({ "length": 2 }), text("äb"), text("abc")),
            (json!({ "length": 2 }), Some(json!([1, 2])), Some(json!(2))),
            (json!({ "absent": true }), None, text("")),
            (json!({ "absent": false }), text(""), None),
            (json!({ "not": "a" }), text("b"), text("a")),
            (json!({ "not": { "min": 2 } }), Some(json!(1)), Some(json!(3))),
        ];
        for (json, right, wrong) in cases {
            assert!(is(&json, right.as_ref()), "{json} of {right:?}");
            assert!(!is(&json, wrong.as_ref()), "{json} of {wrong:?}");
        }
    }

    #[test]
    fn the_first_difference_is_told_with_its_place() {
        let expected = matcher(&json!({ "equals": { "a": [{ "b": 1 }, { "b": 2 }] } }));
        let got = json!({ "a": [{ "b": 1 }, { "b": 3 }] });
        let told = value(&expected, Some(&got)).unwrap_err();
        let (of, expected) = ("$.a[1].b".to_owned(), "2".to_owned());
        assert_eq!(told, Mismatch { of, expected, got: "3".to_owned() });
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(Value::from),
            (-100_i64..100).prop_map(Value::from),
            "[a-c]{0,3}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::btree_map("[a-c]", inner, 0..3)
                    .prop_map(|all| all.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_value_equals_itself_and_what_equals_is_equal(one in any_json(), other in any_json()) {
            let equals = |expected: &Value, got: &Value| {
                is(&json!({ "equals": expected }), Some(got))
            };
            prop_assert!(equals(&one, &one));
            // Texts that spell a number or a truth are left out.
            if !one.to_string().contains('"') && !other.to_string().contains('"') {
                prop_assert_eq!(equals(&one, &other), one == other);
            }
            let is_not = is(&json!({ "not": { "equals": one.clone() } }), Some(&one));
            prop_assert!(!is_not);
        }
    }
}
