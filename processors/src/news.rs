//! What was told already, so that what happens again and again is told once.

use std::collections::BTreeMap;

/// Things that are remembered; then all are forgotten, and told once more.
const TOLD_MAX: usize = 10_000;

/// What was told, by what it is about.
#[derive(Default)]
pub(crate) struct News(BTreeMap<String, String>);

impl News {
    /// Whether this was not told yet of that; notes it.
    pub(crate) fn is_news(&mut self, about: &str, message: &str) -> bool {
        if self.0.get(about).is_some_and(|known| known == message) {
            return false;
        }
        if self.0.len() >= TOLD_MAX {
            self.0.clear();
        }
        self.0.insert(about.to_owned(), message.to_owned());
        true
    }

    /// Forgets what was told of all but those that are to be kept.
    pub(crate) fn retain(&mut self, keeps: impl Fn(&String) -> bool) {
        self.0.retain(|about, _| keeps(about));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_news() {
        let mut news = News::default();
        assert!(news.is_news("a", "1") && !news.is_news("a", "1"));
        assert!(news.is_news("b", "1") && news.is_news("a", "2"));
        news.retain(|about| about == "a");
        assert!(news.is_news("b", "1") && !news.is_news("a", "2"));
        for about in 0..=TOLD_MAX {
            news.is_news(&about.to_string(), "");
        }
        assert!(news.0.len() <= TOLD_MAX);
    }
}
