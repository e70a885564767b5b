//! The page of the manual on what can go wrong with a request, made of the codes.

use std::fmt::Write as _;

use super::code::{Code, Facts};

const HEAD: &str = "# Problems

What the HTTP interface refuses it answers as `application/problem+json` (RFC 9457): `code` is for
programs, `title` and `detail` say what happened, `help` what to do, and `type` leads to this page.
Some have more: `findings`, `conflicts`, `leftOver`, `processors`, `revision`, `path`, `errors`,
`needs`. A code has always the same status of HTTP. Which requests can have which codes stands with
each request in the [description of the interface](openapi.json).

This page is made by `cargo xtask generate`.
";

/// `docs/problems.md`: each code with its status, its cause, and what to do.
#[must_use]
pub fn problems() -> String {
    let mut page = HEAD.to_owned();
    for code in Code::ALL {
        let Facts { name, status, title, cause, fix } = code.facts();
        // Writing to a string does not fail.
        let _ = write!(
            page,
            "\n## {name}\n\n{title} ({}). {cause}\n\n**What to do:** {}.\n",
            status.as_u16(),
            fix
        );
    }
    page
}
