//! The part of JSON Schema (draft 2020-12) that our schema uses, as written in its core and
//! validation vocabularies. Any other keyword is an error, so that no rule is passed over.
//!
//! Ours because a whole implementation takes longer to build than this crate with all its tests.

#![allow(clippy::expect_used, clippy::panic, reason = "a schema that cannot be read is a failure")]

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use regex::Regex;
use serde_json::{Map, Value};

/// Holds instances to one schema.
pub(crate) struct Evaluator {
    root: Value,
    patterns: RefCell<HashMap<String, Regex>>,
}

impl Evaluator {
    pub(crate) fn new(schema: Value) -> Self {
        Self { root: schema, patterns: RefCell::default() }
    }

    /// Where `instance` does not follow the schema, as JSON Pointers with the keyword.
    pub(crate) fn errors(&self, instance: &Value) -> Vec<String> {
        let mut errors = Vec::new();
        self.apply(&self.root, instance, "", &mut errors);
        errors
    }

    fn is_valid(&self, schema: &Value, instance: &Value) -> bool {
        let mut errors = Vec::new();
        self.apply(schema, instance, "", &mut errors);
        errors.is_empty()
    }

    fn apply(&self, schema: &Value, instance: &Value, at: &str, errors: &mut Vec<String>) {
        let rules = match schema {
            Value::Bool(true) => return,
            Value::Bool(false) => return errors.push(format!("{at} false")),
            Value::Object(rules) => rules,
            other => panic!("{other} is not a schema"),
        };
        for (keyword, rule) in rules {
            let is_right = match keyword.as_str() {
                "$schema" | "$id" | "$defs" | "$comment" | "title" | "description" | "default"
                | "examples" | "format" => true,
                "properties" | "additionalProperties" | "propertyNames" | "items" => {
                    self.apply_inside(keyword, rules, instance, at, errors);
                    true
                }
                "$ref" => {
                    let pointer = rule.as_str().and_then(|name| name.strip_prefix('#'));
                    let target = pointer.and_then(|pointer| self.root.pointer(pointer));
                    self.apply(target.expect("a definition"), instance, at, errors);
                    true
                }
                "allOf" => {
                    for one in list(rule) {
                        self.apply(one, instance, at, errors);
                    }
                    true
                }
                "anyOf" => list(rule).iter().any(|one| self.is_valid(one, instance)),
                "oneOf" => {
                    list(rule).iter().filter(|one| self.is_valid(one, instance)).count() == 1
                }
                "not" => !self.is_valid(rule, instance),
                "if" => {
                    if self.is_valid(rule, instance)
                        && let Some(then) = rules.get("then")
                    {
                        self.apply(then, instance, at, errors);
                    }
                    true
                }
                "then" => rules.contains_key("if"),
                "pattern" => instance.as_str().is_none_or(|text| self.matches(rule, text)),
                _ => is_right_by_itself(keyword, rule, instance),
            };
            if !is_right {
                errors.push(format!("{at} {keyword}"));
            }
        }
    }

    fn matches(&self, pattern: &Value, text: &str) -> bool {
        let pattern = pattern.as_str().expect("a pattern");
        let mut patterns = self.patterns.borrow_mut();
        let compiled = patterns
            .entry(pattern.to_owned())
            .or_insert_with(|| Regex::new(pattern).expect("a pattern"));
        compiled.is_match(text)
    }

    /// Applies to the members and elements of `instance` what `rules` say of them.
    fn apply_inside(
        &self,
        keyword: &str,
        rules: &Map<String, Value>,
        instance: &Value,
        at: &str,
        errors: &mut Vec<String>,
    ) {
        let rule = &rules[keyword];
        let named = rules.get("properties").and_then(Value::as_object);
        for (name, value) in instance.as_object().into_iter().flatten() {
            let inside = format!("{at}/{name}");
            let own = named.and_then(|named| named.get(name));
            match (keyword, own) {
                ("properties", Some(own)) => self.apply(own, value, &inside, errors),
                ("additionalProperties", None) => self.apply(rule, value, &inside, errors),
                ("propertyNames", _) => {
                    self.apply(rule, &Value::from(name.as_str()), &inside, errors);
                }
                _ => {}
            }
        }
        if keyword == "items" {
            for (index, value) in instance.as_array().into_iter().flatten().enumerate() {
                self.apply(rule, value, &format!("{at}/{index}"), errors);
            }
        }
    }
}

fn list(rule: &Value) -> &[Value] {
    rule.as_array().expect("a list of schemas")
}

/// The keywords that look at nothing but the value.
fn is_right_by_itself(keyword: &str, rule: &Value, instance: &Value) -> bool {
    let number = |compare: fn(f64, f64) -> bool| {
        let limit = rule.as_f64().expect("a number");
        instance.as_f64().is_none_or(|number| compare(number, limit))
    };
    let length = |compare: fn(usize, usize) -> bool| {
        let limit = rule.as_u64().expect("a number") as usize;
        instance.as_str().is_none_or(|text| compare(text.chars().count(), limit))
    };
    match keyword {
        "const" => instance == rule,
        "enum" => list(rule).contains(instance),
        "minimum" => number(|number, limit| number >= limit),
        "maximum" => number(|number, limit| number <= limit),
        "minLength" => length(|length, limit| length >= limit),
        "maxLength" => length(|length, limit| length <= limit),
        "required" => instance.as_object().is_none_or(|members| {
            list(rule).iter().all(|name| members.contains_key(name.as_str().expect("a name")))
        }),
        "uniqueItems" => instance.as_array().is_none_or(|elements| {
            let mut seen = HashSet::new();
            elements.iter().all(|element| seen.insert(element.to_string()))
        }),
        "minProperties" => instance
            .as_object()
            .is_none_or(|members| members.len() >= rule.as_u64().expect("a number") as usize),
        "dependentRequired" => instance.as_object().is_none_or(|members| {
            let rules = rule.as_object().expect("lists by names").iter();
            let mut those = rules.filter(|(name, _)| members.contains_key(*name));
            those.all(|(_, needed)| {
                list(needed).iter().all(|name| members.contains_key(name.as_str().expect("a name")))
            })
        }),
        "type" => match rule {
            Value::Array(types) => types.iter().any(|one| is_a(one, instance)),
            one => is_a(one, instance),
        },
        other => panic!("the keyword {other} is not known here"),
    }
}

fn is_a(kind: &Value, instance: &Value) -> bool {
    match kind.as_str().expect("a type") {
        "object" => instance.is_object(),
        "array" => instance.is_array(),
        "string" => instance.is_string(),
        "boolean" => instance.is_boolean(),
        "integer" => instance.is_i64() || instance.is_u64(),
        "number" => instance.is_number(),
        "null" => instance.is_null(),
        other => panic!("the type {other} is not known here"),
    }
}
