//! The interface: what an expression tells of itself, where its errors point, what bounds it keeps.

#![expect(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use tutti_expression::{Context, Expression, MapContext, ParseError, ValueType, functions};

fn error(text: &str) -> ParseError {
    Expression::parse(text).unwrap_err()
}

fn evaluate(text: &str, context: &dyn Context) -> String {
    Expression::parse(text).unwrap().evaluate(context).unwrap()
}

#[test]
fn errors_name_their_place() {
    for (text, position) in [
        ("${a:toUper()}", 4),
        ("é ${a:toUper()}", 6),
        ("${a} and ${b:append(c)}", 20),
        ("${a:append('x${b:nope()}')}", 17),
        ("${a:append('\\'${b:nope()}')}", 18),
        ("${a:matches('[')}", 4),
        ("${a:substring()}", 4),
        ("${}", 2),
        ("${a:plus(99999999999999999999)}", 9),
    ] {
        assert_eq!(error(text).position, position, "{text}: {}", error(text));
    }
    let late = Expression::parse("x ${a:plus(1):divide(0)}").unwrap();
    let context = MapContext::with_attributes([("a", "1")]);
    let failure = late.evaluate(&context).unwrap_err();
    assert_eq!((failure.position, failure.to_string().contains("zero")), (14, true));
}

#[test]
fn errors_say_what_to_do() {
    assert_eq!(error("${a:toupper()}").help.as_deref(), Some("did you mean 'toUpper'?"));
    assert_eq!(
        error("${a:toupper()}").to_string(),
        "unknown function 'toupper' at character 4: did you mean 'toUpper'?"
    );
    let reserved = error("${count}");
    assert!(reserved.help.unwrap().contains("${'count'}"));
    let arguments = error("${a:substring()}");
    assert!(arguments.help.unwrap().contains("substring(start, [end])"));
    assert!(error("${a:qqqqqq()}").help.unwrap().contains("tutti functions list"));
}

#[test]
fn a_wrong_number_of_arguments_is_told_with_the_right_ones() {
    for (text, message) in [
        ("${a:toUpper(1)}", "'toUpper' takes no arguments, not 1"),
        ("${a:append()}", "'append' takes 1 argument, not 0"),
        ("${a:replace('b')}", "'replace' takes 2 arguments, not 1"),
        ("${a:substring()}", "'substring' takes 1 or 2 arguments, not 0"),
        ("${a:toInstant('yyyy')}", "'toInstant' takes 0 or 2 arguments, not 1"),
        ("${a:getDelimitedField()}", "'getDelimitedField' takes 1 to 5 arguments, not 0"),
        ("${a:in()}", "'in' takes 1 argument or more, not 0"),
    ] {
        assert_eq!(error(text).message, message);
    }
}

#[test]
fn an_expression_tells_what_it_refers_to() {
    let text =
        "${a:append('${b}${\"c d\"}'):equals(#{p})}#{q}${allAttributes('d','e'):count()}${${f}}";
    let expression = Expression::parse(text).unwrap();
    assert_eq!(expression.attributes().collect::<Vec<_>>(), ["a", "b", "c d", "d", "e", "f"]);
    assert_eq!(expression.parameters().collect::<Vec<_>>(), ["p", "q"]);
    assert!(!expression.is_literal());
    assert_eq!(expression.as_str(), text);
    assert!(Expression::parse("a $${b} ##{c}").unwrap().is_literal());
    assert!(!Expression::parse("#{c}").unwrap().is_literal());
}

#[test]
fn the_world_comes_from_the_context() {
    let context = MapContext {
        now_ms: 1_420_058_163_264,
        host_name: "studio".to_owned(),
        host_address: "192.0.2.1".to_owned(),
        ..MapContext::default()
    };
    assert_eq!(evaluate("${now():toNumber()}", &context), "1420058163264");
    assert_eq!(
        evaluate("${hostname()} ${hostname(true)} ${ip()}", &context),
        "studio studio 192.0.2.1"
    );
    assert_eq!(evaluate("${nextInt()}${nextInt()} ${nextInt()}", &context), "01 2");
    assert_eq!(evaluate("${thread()}", &context), "main");
    let uuid = evaluate("${UUID()}", &context);
    assert!(
        uuid.len() == 36 && uuid.as_bytes()[14] == b'4' && b"89ab".contains(&uuid.as_bytes()[19])
    );
    let random: i64 = evaluate("${random()}", &context).parse().unwrap();
    assert!(random >= 0);
    let part: f64 = evaluate("${math('random')}", &context).parse().unwrap();
    assert!((0.0..1.0).contains(&part));
}

#[test]
fn evaluations_with_equal_contexts_are_equal() {
    let expression = Expression::parse("${UUID()} ${random()} ${nextInt()} ${now()}").unwrap();
    let first = expression.evaluate(&MapContext::default()).unwrap();
    assert_eq!(expression.evaluate(&MapContext::default()).unwrap(), first);
}

#[test]
fn repetitions_lie_between_their_counts() {
    let context = MapContext::with_attributes([("a", "x")]);
    let lengths: std::collections::BTreeSet<usize> =
        (0..200).map(|_| evaluate("${a:repeat(2,4)}", &context).len()).collect();
    assert_eq!(lengths.into_iter().collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}{}", "${".repeat(depth), "a", "}".repeat(depth));
    assert!(Expression::parse(&nested(60)).is_ok());
    assert!(error(&nested(70)).message.contains("too deep"));
    assert!(error(&nested(100_000)).message.contains("too deep"));
    let chain = |count: usize| format!("${{a{}}}", ":trim()".repeat(count));
    assert!(Expression::parse(&chain(256)).unwrap().evaluate(&MapContext::default()).is_ok());
    assert!(error(&chain(257)).message.contains("too many functions"));
    let groups = format!("${{a:matches('{}a{}')}}", "(".repeat(5000), ")".repeat(5000));
    assert!(error(&groups).message.contains("too deep"));
    let filters = format!("${{a:jsonPath('$[?({}@.a{})]')}}", "(".repeat(5000), ")".repeat(5000));
    assert!(error(&filters).message.contains("too deep"));
}

#[test]
fn texts_are_bounded() {
    let context = MapContext::with_attributes([
        ("a", "0123456789".to_owned()),
        ("deep", "[".repeat(100_000)),
        ("self", "${self:evaluateELString()}".to_owned()),
    ]);
    for text in [
        "${a:repeat(2000000000)}",
        "${a:padLeft(2000000000)}",
        "${a:padRight(2000000000,'ab')}",
        "${a:length():toRadix(2,2000000000)}",
        "${a:repeat(100000):repeat(100000)}",
        "${a:repeat(100000):replaceAll('.','${a:repeat(1000)}')}",
        "${a:repeat(100000):replace('1','${a:repeat(1000)}')}",
        "${deep:jsonPath('$')}",
        "${self:evaluateELString()}",
    ] {
        let expression = Expression::parse(text).unwrap();
        assert!(expression.evaluate(&context).is_err(), "{text}");
    }
    assert!(Expression::parse(&"x".repeat(2 << 20)).is_err());
}

#[test]
fn patterns_that_explode_fail_in_time() {
    let context = MapContext::with_attributes([("a", "a".repeat(200) + "!")]);
    let expression = Expression::parse("${a:matches('((a*)*)*\\\\1b')}").unwrap();
    let result = expression.evaluate(&context);
    assert!(result.is_err() || result == Ok("false".to_owned()), "{result:?}");
}

#[test]
fn evaluated_texts_see_no_parameters() {
    let mut context = MapContext::with_attributes([("a", "[#{p}${#{p}}]")]);
    context.parameters.insert("p".to_owned(), "secret".to_owned());
    assert_eq!(evaluate("#{p} ${a:evaluateELString()}", &context), "secret []");
}

#[test]
fn functions_are_described() {
    let substring = functions().find(|function| function.name == "substring").unwrap();
    assert_eq!(substring.usage(), "substring(start, [end])");
    assert_eq!(substring.returns, ValueType::Text);
    assert_eq!(substring.arguments[0].value_type(), ValueType::WholeNumber);
    let now = functions().find(|function| function.name == "now").unwrap();
    assert_eq!(now.returns, ValueType::Date);
}

#[test]
fn expressions_are_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    let expression = Expression::parse("${a:replaceAll('b+','c')}").unwrap();
    shared(&expression);
    let other = expression.clone();
    let context = MapContext::with_attributes([("a", "abba")]);
    let result = std::thread::spawn(move || other.evaluate(&context)).join().unwrap();
    assert_eq!(result.unwrap(), "aca");
}

#[test]
fn a_path_that_leads_to_too_many_places_fails_with_its_position() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let list = format!("{{\"l\":[{}0]}}", "0,".repeat(1200));
    let keys: Vec<String> = (0..30_000).map(|index| format!("\"k{index}\":{index}")).collect();
    let object = format!("{{{}}}", keys.join(","));
    for (call, document) in [
        ("jsonPath('$..*..*..*..*')", nested(200)),
        ("jsonPathSet('$..[*]..[*]', 1)", nested(900)),
        ("jsonPath('$.l[?(@ in $.l)]')", list),
        ("jsonPath('$[?(@..*)]')", format!("[{}]", vec![nested(900); 400].join(","))),
        ("jsonPathDelete('$.*')", object.clone()),
    ] {
        let context = MapContext::with_attributes([("a", document.as_str())]);
        let expression = Expression::parse(&format!("x ${{a:{call}}}")).unwrap();
        let error = expression.evaluate(&context).err();
        let error = error.unwrap_or_else(|| panic!("{call} has a value"));
        assert!(error.message.contains("too many places"), "{call}: {error}");
        assert_eq!(error.position, 6, "{call}: {error}");
    }
    let context = MapContext::with_attributes([("a", object.as_str())]);
    let values = evaluate("${a:jsonPath('$.*')}", &context);
    assert!(values.starts_with("[0,1,2,") && values.ends_with(",29999]"), "{values:.40}");
}

#[test]
fn a_large_document_is_not_too_much() {
    let document = format!("[{}]", vec!["{\"a\":1,\"b\":[2]}"; 100_000].join(","));
    let context = MapContext::with_attributes([("a", document.as_str())]);
    let left = evaluate("${a:jsonPathDelete('$..b'):jsonPathSet('$[*].a', 3)}", &context);
    assert!(left == document.replace("1,\"b\":[2]", "3"), "{left:.80}");
    let found = evaluate("${a:jsonPath('$[?(@.a == 1)].b[0]')}", &context);
    assert!(found == format!("[{}2]", "2,".repeat(99_999)), "{found:.80}");
}

/// A cost that grows with the square of the length would keep these tests for hours.
#[test]
fn what_is_never_closed_costs_no_more_than_its_length() {
    let count = 1 << 20;
    for (call, text) in [
        ("unescapeHtml4()", "&".repeat(count)),
        ("unescapeHtml3()", "&a".repeat(count)),
        ("unescapeXml()", "&#1".repeat(count)),
    ] {
        let context = MapContext::with_attributes([("a", text.as_str())]);
        assert!(evaluate(&format!("${{a:{call}}}"), &context) == text, "{call}");
    }
    for part in ["#{", "#{'a"] {
        let text = part.repeat(count / 5) + if part.len() > 2 { "}" } else { "" };
        assert!(evaluate(&text, &MapContext::default()) == text, "{part}");
    }
}

#[test]
fn messages_stay_short_whatever_a_value_is() {
    let long = "1".repeat(1_000_000);
    let context = MapContext::with_attributes([("a", long.as_str())]);
    let error = Expression::parse("${a:plus(1)}").unwrap().evaluate(&context).unwrap_err();
    assert!(error.message.contains("fit in 64 bits"), "{error}");
    assert!(error.message.chars().count() < 500, "{} bytes", error.message.len());
}

#[test]
fn only_an_expression_that_never_ends_is_doubtful() {
    let unclosed =
        |text: &str| Expression::parse(text).unwrap().doubt().map(|doubt| doubt.position);
    for text in ["", "a", "${a}", "$${a", "$ {a", "{a", "${a}}", "${a:append('}')}", "#{a"] {
        assert_eq!(unclosed(text), None, "{text}");
    }
    for (text, position) in [
        ("${a", 0),
        ("é${a", 1),
        ("${a} ${b", 5),
        ("${a ${b}", 0),
        ("${a:append('}", 0),
        ("${a:append('c}", 0),
        ("$$${a", 2),
        ("${a:append('\\'}", 0),
    ] {
        assert_eq!(unclosed(text), Some(position), "{text}");
    }
}

#[test]
fn functions_one_after_another_have_a_bound_together() {
    let long = "replaceAll('a', 'b'):replaceAll('b', 'a'):".repeat(20);
    let text = format!("${{literal('a'):repeat(2000000):{long}length()}}");
    let expression = Expression::parse(&text).unwrap();
    let error = expression.evaluate(&MapContext::default()).unwrap_err();
    assert!(error.message.contains("67108864"), "{}", error.message);
    // One beside another count together, and those that a text evaluates too.
    let part = "${literal('a'):repeat(2000000):replaceAll('a', 'b'):length()}";
    assert!(Expression::parse(part).unwrap().evaluate(&MapContext::default()).is_ok());
    let many = Expression::parse(&part.repeat(40)).unwrap();
    assert!(many.evaluate(&MapContext::default()).is_err());
}
