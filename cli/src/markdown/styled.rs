//! Letters with their styles, and lines made of them.

/// How a letter looks where there are colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Style {
    #[default]
    Plain,
    Strong,
    Code,
}

impl Style {
    /// What switches a terminal to it.
    fn begin(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "\u{1b}[1m",
            Self::Code => "\u{1b}[36m",
        }
    }
}

const END: &str = "\u{1b}[0m";

/// A text with a style for each letter.
#[derive(Debug, Clone, Default)]
pub(super) struct Styled(Vec<(char, Style)>);

impl Styled {
    pub(super) fn push(&mut self, text: &str, style: Style) {
        self.0.extend(text.chars().map(|letter| (letter, style)));
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn ends_with(&self, text: &str) -> bool {
        self.0.iter().rev().map(|(letter, _)| *letter).zip(text.chars().rev()).all(|(a, b)| a == b)
            && self.len() >= text.chars().count()
    }

    pub(super) fn trim_end(&mut self) {
        while self.0.pop_if(|(letter, _)| *letter == ' ').is_some() {}
    }

    pub(super) fn capitalize(&mut self) {
        let letters = std::mem::take(&mut self.0);
        let capitals = letters
            .into_iter()
            .flat_map(|(letter, style)| letter.to_uppercase().map(move |it| (it, style)));
        self.0 = capitals.collect();
    }

    /// Lines of at most `width` letters, where no word is longer; broken at line ends too.
    pub(super) fn wrapped(&self, width: usize) -> Vec<Self> {
        let mut lines = Vec::new();
        for part in self.0.split(|(letter, _)| *letter == '\n') {
            let mut line = Self::default();
            for word in part.split(|(letter, _)| *letter == ' ').filter(|word| !word.is_empty()) {
                if !line.is_empty() && line.len() + 1 + word.len() > width {
                    lines.push(std::mem::take(&mut line));
                }
                // A blank between two words of one style has it too.
                if let Some((_, before)) = line.0.last().copied() {
                    let after = word.first().map_or(Style::Plain, |(_, style)| *style);
                    line.0.push((' ', if before == after { after } else { Style::Plain }));
                }
                line.0.extend_from_slice(word);
            }
            lines.push(line);
        }
        lines
    }

    pub(super) fn write(&self, has_colours: bool, to: &mut String) {
        let mut now = Style::Plain;
        for (letter, style) in &self.0 {
            if has_colours && *style != now {
                to.push_str(if now == Style::Plain { "" } else { END });
                to.push_str(style.begin());
                now = *style;
            }
            to.push(*letter);
        }
        to.push_str(if now == Style::Plain { "" } else { END });
    }
}
