//! What must hold for any text and any values: nothing panics, nothing hangs, nothing is changed
//! that was not asked to be changed.

mod survives;

use proptest::prelude::*;
use survives::{context, survives};
use tutti_expression::{Expression, FunctionKind, MapContext, functions};

/// Pieces of which texts are made that look like expressions.
fn piece() -> impl Strategy<Value = String> {
    let names = functions().map(|function| function.name.to_owned()).collect::<Vec<_>>();
    let marks = [
        "${",
        "}",
        "$",
        "$$",
        "#{",
        "##{",
        "{",
        "(",
        ")",
        ":",
        ",",
        "'",
        "\"",
        "\\",
        "#",
        "\n",
        " ",
        ".",
        ";",
        "a",
        "b",
        "text",
        "json",
        "empty",
        "p",
        "true",
        "false",
        "null",
        "1",
        "-2.5",
        "1e9",
        "9223372036854775807",
        "'a'",
        "'[a-z]+'",
        "'$..*'",
        "'yyyy-MM-dd'",
        "${a}",
        "${text}",
        "é😀",
    ];
    prop_oneof![
        2 => proptest::sample::select(names),
        5 => proptest::sample::select(marks.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn argument() -> impl Strategy<Value = String> {
    let constants = [
        "'a'",
        "''",
        "','",
        "'[a-z]*'",
        "'(a|b)+$'",
        "'('",
        "'$.a[*].b'",
        "'$..b'",
        "'$['",
        "5",
        "-1",
        "0",
        "2.5",
        "1e300",
        "-9223372036854775808",
        "9223372036854775807",
        "true",
        "null",
        "${a}",
        "${b}",
        "${text}",
        "${json}",
        "${missing}",
        "#{p}",
        "'yyyy-MM-dd HH:mm:ss'",
        "'MMM'",
        "'UTC'",
        "'Europe/Vienna'",
        "'2 weeks'",
        "'9223372036854775807 years'",
        "'😀'",
        "'SHA-256'",
        "'abs'",
        "'pow'",
        "'floorMod'",
        "'a:b,c:d'",
        "'\\\\\\\\d+'",
        "'$1'",
        "'${a}x${b}'",
    ];
    proptest::sample::select(constants.to_vec()).prop_map(str::to_owned)
}

/// A chain of calls, each with as many arguments as its function may take.
fn chain() -> impl Strategy<Value = String> {
    let methods: Vec<_> =
        functions().filter(|function| function.kind == FunctionKind::Method).collect();
    let call = (proptest::sample::select(methods), proptest::collection::vec(argument(), 5))
        .prop_map(|(function, arguments)| {
            let needed = function.arguments.iter().filter(|argument| !argument.optional).count();
            let count = if arguments.first().is_some_and(|first| first.len() % 2 == 0) {
                function.arguments.len()
            } else {
                needed
            };
            format!(":{}({})", function.name, arguments[..count.min(5)].join(","))
        });
    let subjects = [
        "a",
        "b",
        "text",
        "json",
        "date",
        "empty",
        "missing",
        "self",
        "now()",
        "literal(5)",
        "literal(2.5)",
        "literal('x')",
        "allAttributes('a','b')",
        "anyDelineatedValue(${text},',')",
    ];
    (proptest::sample::select(subjects.to_vec()), proptest::collection::vec(call, 0..4))
        .prop_map(|(subject, calls)| format!("${{{subject}{}}}", calls.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_parsed_or_refused(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn any_text_like_an_expression_is_parsed_or_refused(
        pieces in proptest::collection::vec(piece(), 0..24)
    ) {
        survives(&pieces.concat());
        survives(&format!("${{{}}}", pieces.concat()));
    }

    #[test]
    fn any_chain_is_evaluated_or_fails(text in chain()) {
        survives(&text);
    }

    #[test]
    fn text_without_signs_is_itself(text in "[^$#]*") {
        let expression = Expression::parse(&text).unwrap();
        prop_assert!(expression.is_literal());
        prop_assert_eq!(expression.evaluate(&context()).unwrap(), text);
    }

    #[test]
    fn an_attribute_is_its_value(value in any::<String>()) {
        let context = MapContext::with_attributes([("x", value.clone())]);
        let expression = Expression::parse("${x}").unwrap();
        prop_assert_eq!(expression.evaluate(&context).unwrap(), value);
    }

    #[test]
    fn encodings_are_inverse(value in any::<String>()) {
        let context = MapContext::with_attributes([("x", value.clone())]);
        for (there, back) in [
            ("base64Encode", "base64Decode"),
            ("urlEncode", "urlDecode"),
            ("escapeJson", "unescapeJson"),
            ("escapeHtml4", "unescapeHtml4"),
        ] {
            let text = format!("${{x:{there}():{back}()}}");
            let expression = Expression::parse(&text).unwrap();
            prop_assert_eq!(expression.evaluate(&context).unwrap(), value.clone(), "{}", text);
        }
    }

    #[test]
    fn dates_are_printed_and_read_back(epoch_ms in -62_135_596_800_000i64..253_402_300_800_000) {
        let context = MapContext::with_attributes([("x", epoch_ms.to_string())]);
        let pattern = "\"uuuu-MM-dd'T'HH:mm:ss.SSSXXX\"";
        // Fixed offsets: `XXX` has no seconds, which local mean times before about 1900 have.
        for zone in ["UTC", "+05:30", "-03:30"] {
            let text = format!(
                "${{x:toNumber():format({pattern},'{zone}'):toDate({pattern}):toNumber()}}"
            );
            let expression = Expression::parse(&text).unwrap();
            prop_assert_eq!(expression.evaluate(&context).unwrap(), epoch_ms.to_string());
        }
    }

    #[test]
    fn whole_numbers_are_printed_and_read_back_in_any_radix(number: i64, radix in 2..=36) {
        let context = MapContext::with_attributes([("x", number.to_string())]);
        let text = format!("${{x:toRadix({radix}):fromRadix({radix})}}");
        let expression = Expression::parse(&text).unwrap();
        prop_assert_eq!(expression.evaluate(&context).unwrap(), number.to_string());
    }

    #[test]
    fn decimals_are_printed_and_read_back(number: f64) {
        let context = MapContext::with_attributes([("x", format!("{number:?}"))]);
        let expression = Expression::parse("${x:toDecimal()}").unwrap();
        if let Ok(text) = expression.evaluate(&context)
            && !text.is_empty()
        {
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits());
        }
    }
}
