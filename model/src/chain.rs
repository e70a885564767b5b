//! An error and what caused it, as one line tells it.

use std::error::Error;

/// What an error says and what its causes say, `: ` between them, and nothing of it twice: the
/// errors of many libraries repeat what causes them.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        let cause_text = cause_text.trim_end();
        if !text.contains(cause_text) {
            text.push_str(": ");
            text.push_str(cause_text);
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[derive(Debug)]
    struct Told(&'static str, Option<Box<Told>>);

    impl fmt::Display for Told {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }
    }

    impl Error for Told {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|cause| cause as &(dyn Error + 'static))
        }
    }

    fn caused(text: &'static str, cause: Told) -> Told {
        Told(text, Some(Box::new(cause)))
    }

    #[test]
    fn everything_is_said_once() {
        let cause = || Told("timed out\n", None);
        assert_eq!(chain(&caused("cannot send", cause())), "cannot send: timed out");
        let repeated = caused("cannot send: timed out (3 times)", cause());
        let put = caused("cannot put \"a\"", repeated);
        assert_eq!(chain(&put), "cannot put \"a\": cannot send: timed out (3 times)");
    }
}
