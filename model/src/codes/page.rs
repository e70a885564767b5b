//! What there is to say about a kind of mistake, with an example that a test holds to its word.

use std::fmt::Write;

use super::{Code, Severity};

/// What the examples of a page are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Flows.
    Flow,
    /// Layouts.
    Layout,
    /// Tests.
    Tests,
}

/// The page of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// What it means, why it matters and what to do, in Markdown.
    pub explanation: &'static str,
    /// A text with the mistake; empty where this version has no type that shows it.
    pub wrong: &'static str,
    /// The same text without it; empty where the other is.
    pub right: &'static str,
    /// What the examples are.
    pub of: Of,
    /// Parameters that are given when the wrong flow is run.
    pub given: &'static [(&'static str, &'static str)],
}

impl Page {
    pub(super) const fn new(
        explanation: &'static str,
        wrong: &'static str,
        right: &'static str,
    ) -> Self {
        Self { explanation, wrong, right, of: Of::Flow, given: &[] }
    }

    pub(super) const fn of_layout(
        explanation: &'static str,
        wrong: &'static str,
        right: &'static str,
    ) -> Self {
        Self { of: Of::Layout, ..Self::new(explanation, wrong, right) }
    }

    pub(super) const fn of_tests(
        explanation: &'static str,
        wrong: &'static str,
        right: &'static str,
    ) -> Self {
        Self { of: Of::Tests, ..Self::new(explanation, wrong, right) }
    }

    pub(super) const fn without_example(explanation: &'static str) -> Self {
        Self::new(explanation, "", "")
    }

    pub(super) const fn given(mut self, given: &'static [(&'static str, &'static str)]) -> Self {
        self.given = given;
        self
    }
}

/// The page of `code` in Markdown, as `docs/errors/CODE.md` has it.
pub fn markdown(code: Code) -> String {
    let page = code.page();
    let severity = match code.severity() {
        Severity::Error if page.of == Of::Tests => "Error: tests with it are not run.",
        Severity::Error => "Error: a flow with it does not run.",
        Severity::Warning => "Warning: the flow runs, but hardly as meant.",
    };
    let mut text = format!(
        "# {code}: {title}\n\n{severity}\n\n{explanation}\n",
        title = code.title(),
        explanation = page.explanation,
    );
    if page.wrong.is_empty() {
        return text;
    }
    // Writing to a string cannot fail.
    let _ = write!(text, "\n## Wrong\n\n```json\n{}\n```\n", page.wrong.trim_end());
    for (name, value) in page.given {
        let _ = write!(text, "\nrun with `--param {name}={value}`\n");
    }
    let _ = write!(text, "\n## Right\n\n```json\n{}\n```\n", page.right.trim_end());
    text
}

/// The list of all codes in Markdown, as `docs/errors/README.md` has it.
pub fn index_markdown() -> String {
    let mut text = String::from(
        "# What can be wrong with a flow\n\n\
         Messages of `tutti validate` carry one of these codes.\n\n\
         | code | | |\n| --- | --- | --- |\n",
    );
    for code in Code::ALL {
        let _ = writeln!(text, "| [{code}]({code}.md) | {} | {} |", code.severity(), code.title());
    }
    text
}
