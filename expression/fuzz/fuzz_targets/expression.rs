//! Any text is parsed or refused, and what is parsed is evaluated or fails: without a panic, within
//! the time that the fuzzer allows, and the same again with the same clock and chance.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tutti_expression::{Expression, MapContext};

/// Attributes that functions make something of, and one that evaluates itself.
fn context() -> MapContext {
    let mut context = MapContext::with_attributes([
        ("a", "1"),
        ("text", "ßéÀ漢😀,x;y|{\"k\":[1,2.5,null]}"),
        ("json", r#"{"a":[{"b":1},{"b":"x"}],"c":{"d":null}}"#),
        ("date", "2024-02-29"),
        ("empty", ""),
        ("self", "${self:evaluateELString()}"),
    ]);
    context.parameters.insert("p".to_owned(), "q".to_owned());
    context
}

fuzz_target!(|text: &str| {
    match Expression::parse(text) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(expression) => {
            assert_eq!(expression.as_str(), text);
            let [once, again] = [context(), context()].map(|each| expression.evaluate(&each));
            assert_eq!(once.is_ok(), again.is_ok());
        }
    }
});
