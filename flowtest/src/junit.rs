//! What became of tests, as JUnit's XML, which every CI reads.

use std::fmt::Write;
use std::time::Duration;

use crate::{FlowOutcome, TestOutcome};

/// `flows` as a document of JUnit.
pub fn junit(flows: &[FlowOutcome]) -> String {
    let all = || flows.iter().flat_map(|flow| &flow.tests);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = writeln!(text, "<testsuites name=\"tutti test\" {}>", numbers(all()));
    for flow in flows {
        let name = escaped(&flow.file);
        let _ = writeln!(text, "  <testsuite name=\"{name}\" {}>", numbers(flow.tests.iter()));
        for test in &flow.tests {
            case(&mut text, flow, test);
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn case(xml: &mut String, flow: &FlowOutcome, test: &TestOutcome) {
    let (name, class) = (escaped(&test.name), escaped(&flow.flow));
    let file = escaped(&flow.file);
    let time = seconds(test.took);
    let _ = write!(
        xml,
        "    <testcase name=\"{name}\" classname=\"{class}\" file=\"{file}\" time=\"{time}\""
    );
    let Some(first) = test.failures.first() else {
        xml.push_str("/>\n");
        return;
    };
    let message = escaped(&first.message);
    let told = escaped(&flow.failed(test));
    let _ = writeln!(xml, ">\n      <failure message=\"{message}\">{told}</failure>");
    xml.push_str("    </testcase>\n");
}

fn numbers<'t>(tests: impl Iterator<Item = &'t TestOutcome> + Clone) -> String {
    let failed = tests.clone().filter(|test| !test.passed()).count();
    let time = seconds(tests.clone().map(|test| test.took).sum());
    format!("tests=\"{}\" failures=\"{failed}\" errors=\"0\" time=\"{time}\"", tests.count())
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

/// `text` for XML 1.0, in an element or an attribute. What XML cannot hold becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            control if control.is_control() && (control as u32) < 0x20 => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Coverage, Failure};

    #[test]
    fn what_xml_means_otherwise_is_escaped() {
        let test = |name: &str, failures: Vec<Failure>| TestOutcome {
            name: name.to_owned(),
            failures,
            took: Duration::from_millis(1_500),
        };
        let wrong = Failure::new("a <b> & \"c\"\u{1}").with(vec!["d\u{ffff}\te".to_owned()]);
        let flow = FlowOutcome {
            file: "a&b.tests.json".to_owned(),
            flow_file: "a&b.json".to_owned(),
            flow: "a".to_owned(),
            tests: vec![test("right", vec![]), test("wr\"ong", vec![wrong])],
            coverage: Coverage::default(),
        };
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="tutti test" tests="2" failures="1" errors="0" time="3.000">
  <testsuite name="a&amp;b.tests.json" tests="2" failures="1" errors="0" time="3.000">
    <testcase name="right" classname="a" file="a&amp;b.tests.json" time="1.500"/>
    <testcase name="wr&quot;ong" classname="a" file="a&amp;b.tests.json" time="1.500">
      <failure message="a &lt;b&gt; &amp; &quot;c&quot;�">TOLD</failure>
    </testcase>
  </testsuite>
</testsuites>
"#;
        let told = "FAILED a&amp;b.tests.json: wr&quot;ong&#10;  a &lt;b&gt; &amp; \
                    &quot;c&quot;\\u{1}&#10;    d\u{fffd}\\te";
        assert_eq!(junit(&[flow]), expected.replace("TOLD", told));
    }
}
