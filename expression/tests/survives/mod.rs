//! What holds for any text, for tests and for the fuzz target alike: it is parsed or refused, and
//! what is parsed is evaluated or fails, the same again with the same clock and chance.

use tutti_expression::{Expression, MapContext};

/// Attributes that functions make something of, and one that evaluates itself.
pub(crate) fn context() -> MapContext {
    let mut context = MapContext::with_attributes([
        ("a", "1"),
        ("b", "b c"),
        ("text", "ßéÀ漢😀,x;y|{\"k\":[1,2.5,null]}"),
        ("json", r#"{"a":[{"b":1},{"b":"x"}],"c":{"d":null}}"#),
        ("date", "2024-02-29"),
        ("empty", ""),
        ("self", "${self:evaluateELString()}"),
    ]);
    context.parameters.insert("p".to_owned(), "q".to_owned());
    context
}

/// Panics where it does not hold for `text`.
pub(crate) fn survives(text: &str) {
    match Expression::parse(text) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(expression) => {
            assert_eq!(expression.as_str(), text);
            let [once, again] = [context(), context()].map(|each| expression.evaluate(&each));
            assert_eq!(once.is_ok(), again.is_ok());
        }
    }
}
