//! Mistakes in the tests of a flow.

use crate::codes::Page;

/// Tests with one, called `one is made`, that has these members.
macro_rules! test {
    ($members:literal) => {
        concat!(
            "{\n  \"format\": 1,\n  \"tests\": {\n    \"one is made\": {\n      ",
            $members,
            "\n    }\n  }\n}\n"
        )
    };
}

pub(in crate::codes) const STRAY_TEST: Page = Page::of_tests(
    "A test names a processor, a relationship, a connection or a parameter that its flow does not \
     have. Processors and connections in groups go by their paths, as `Storage/Store`; a \
     connection by what it connects, as `Route [large] -> All`. This is how the tests stand beside \
     a flow with the processor `Make`:",
    test!(r#""runFor": "1 sec", "expect": { "Mkae": { "success": 1 } }"#),
    test!(r#""runFor": "1 sec", "expect": { "Make": { "success": 1 } }"#),
);

pub(in crate::codes) const BAD_MATCHER: Page = Page::of_tests(
    "What a value must be is the value itself, or an object that says what must hold of it: \
     `equals`, `near` with `within`, `min`, `max`, `matches`, `contains`, `length`, `absent`, \
     `not`. What is written here says nothing of that, or cannot be read: a regular expression or \
     a path that is none.",
    test!(
        r#""runFor": "1 sec",
      "expect": {
        "Make": { "success": [{ "attributes": { "filename": { "matches": "[0-9+" } } }] }
      }"#
    ),
    test!(
        r#""runFor": "1 sec",
      "expect": {
        "Make": { "success": [{ "attributes": { "filename": { "matches": "[0-9]+" } } }] }
      }"#
    ),
);

pub(in crate::codes) const BAD_CONTENT: Page = Page::of_tests(
    "Content is a text, or an object with one of `json`, `file` and `base64`. A file is named by \
     its path from the folder that the tests lie in, and lies in it or below: so a folder with \
     flows can be taken anywhere.",
    test!(r#""given": { "Make": [{ "content": { "file": "../take.wav" } }] }, "others": true"#),
    test!(r#""given": { "Make": [{ "content": { "file": "data/take.wav" } }] }, "others": true"#),
);

pub(in crate::codes) const BAD_MOMENT: Page = Page::of_tests(
    "A test may say when it begins, by the clock that its flow sees: a date, a time and the \
     distance from UTC, as RFC 3339 writes them, from 1970 on.",
    test!(r#""clock": "2026-02-30T08:00:00Z", "runFor": "1 sec", "others": true"#),
    test!(r#""clock": "2026-02-28T08:00:00Z", "runFor": "1 sec", "others": true"#),
);

pub(in crate::codes) const MISPLACED: Page = Page::of_tests(
    "This says nothing where it stands. A source gets nothing that could be answered, so that \
     `mocks` is not for it: what it makes stands in `given`. Of what another processor is given \
     `after` and `relationship` say nothing: it waits in the queue before it from the beginning. \
     An answer that fails leaves the flowfile as it was.",
    test!(r#""mocks": { "Make": [{ "content": "take 1" }] }, "others": true"#),
    test!(r#""given": { "Make": [{ "content": "take 1" }] }, "others": true"#),
);
