//! Parsing: text through the items of a pattern into fields, as Java's first phase does it. What
//! the fields mean together is settled in `resolve`.

use super::field::{Field, Fields};
use super::format::DAY_PERIODS;
use super::names::names;
use super::parse_zone::{localized_offset, offset, zone_id, zone_text};
use super::pattern::{Adjacent, DateFormat, Item, NumberForm, NumberItem, Sign, Style};
use crate::error::Failure;

/// How a text is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    pub(super) strict: bool,
    pub(super) case_sensitive: bool,
}

impl Manner {
    /// How Java parses with a pattern alone.
    pub(super) const STRICT: Self = Self { strict: true, case_sensitive: true };
    /// How NiFi parses dates.
    pub(super) const LENIENT: Self = Self { strict: false, case_sensitive: false };
}

/// The text and what has been read of it.
pub(super) struct Parser<'a> {
    text: &'a str,
    pub(super) manner: Manner,
    pub(super) fields: Fields,
}

impl DateFormat {
    /// Parses the whole of `text` into fields.
    pub(super) fn parse(&self, text: &str, manner: Manner) -> Result<Fields, Failure> {
        let mut parser = Parser { text, manner, fields: Fields::new() };
        let end = parser.items(&self.items, 0);
        match end {
            Some(end) if end == text.len() => Ok(parser.fields),
            Some(end) => Err(format!("'{text}' goes on after its date at byte {end}").into()),
            None => Err(format!("'{text}' does not follow the date pattern").into()),
        }
    }
}

impl<'a> Parser<'a> {
    pub(super) fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    /// Where `expected` ends if it stands at `at`.
    pub(super) fn literal(&self, at: usize, expected: &str) -> Option<usize> {
        let mut rest = self.rest(at).chars();
        let mut end = at;
        for letter in expected.chars() {
            let next = rest.next()?;
            let equal = next == letter
                || !self.manner.case_sensitive && next.to_lowercase().eq(letter.to_lowercase());
            if !equal {
                return None;
            }
            end += next.len_utf8();
        }
        Some(end)
    }

    /// The end of the longest of the `candidates` that stands at `at`, and its value.
    pub(super) fn longest<T>(
        &self,
        at: usize,
        candidates: impl Iterator<Item = (&'static str, T)>,
    ) -> Option<(usize, T)> {
        let mut best: Option<(usize, T)> = None;
        for (name, value) in candidates {
            if let Some(end) = self.literal(at, name)
                && best.as_ref().is_none_or(|(longest, _)| end > *longest)
            {
                best = Some((end, value));
            }
        }
        best
    }

    /// Sets a field, or fails where it has another value.
    pub(super) fn set(&mut self, field: Field, value: i64, end: usize) -> Option<usize> {
        self.fields.set(field, value).then_some(end)
    }

    fn items(&mut self, items: &[Item], mut at: usize) -> Option<usize> {
        for item in items {
            at = self.item(item, at)?;
        }
        Some(at)
    }

    fn item(&mut self, item: &Item, at: usize) -> Option<usize> {
        match item {
            Item::Literal(text) => self.literal(at, text),
            Item::Number(number) => self.number(*number, at),
            Item::Text { field, style } => self.text(*field, *style, at),
            Item::DayPeriod(_) => {
                let names = DAY_PERIODS.iter().map(|(name, _, period)| (*name, *period));
                let narrow = DAY_PERIODS.iter().map(|(_, name, period)| (*name, *period));
                let (end, period) = self.longest(at, names.chain(narrow))?;
                self.fields.day_period = Some(period);
                Some(end)
            }
            Item::Offset(form) => offset(self, *form, at),
            Item::LocalizedOffset { full } => localized_offset(self, *full, at),
            Item::ZoneId => zone_id(self, at),
            Item::ZoneText { full, .. } => zone_text(self, *full, at),
            Item::Pad { width, item } => self.padded(*width, item, at),
            Item::Optional(items) => {
                let before = self.fields.clone();
                let manner = self.manner;
                let end = self.items(items, at);
                if end.is_none() {
                    self.fields = before;
                    self.manner = manner;
                }
                Some(end.unwrap_or(at))
            }
            Item::Strict => {
                self.manner.strict = true;
                Some(at)
            }
            Item::Lenient => {
                self.manner.strict = false;
                Some(at)
            }
        }
    }

    fn padded(&mut self, width: usize, item: &Item, at: usize) -> Option<usize> {
        let rest = self.rest(at);
        let length = rest.char_indices().nth(width).map_or(rest.len(), |(index, _)| index);
        if self.manner.strict && rest.chars().count() < width {
            return None;
        }
        let inside = rest.get(..length)?;
        let spaces = inside.len() - inside.trim_start_matches(' ').len();
        let whole = self.text;
        self.text = whole.get(..at + length)?;
        let end = self.item(item, at + spaces);
        self.text = whole;
        let end = end?;
        if end != at + length && self.manner.strict { None } else { Some(end) }
    }

    fn text(&mut self, field: Field, style: Style, at: usize) -> Option<usize> {
        let found = if self.manner.strict {
            self.longest(at, names(field, style))
        } else {
            let all = [Style::Full, Style::Short, Style::Narrow];
            self.longest(at, all.into_iter().flat_map(|style| names(field, style)))
        };
        if let Some((end, value)) = found {
            return self.set(field, value, end);
        }
        if self.manner.strict {
            return None;
        }
        let number = NumberItem {
            field,
            width_min: 1,
            width_max: 19,
            sign: Sign::Normal,
            adjacent: Adjacent::No,
            form: NumberForm::Plain,
        };
        self.number(number, at)
    }

    fn number(&mut self, item: NumberItem, start: usize) -> Option<usize> {
        let strict = self.manner.strict;
        let is_exact = strict || self.is_fixed_width(item);
        if item.form == NumberForm::Fraction {
            return self.fraction(item, is_exact, start);
        }
        let mut at = start;
        let mut negative = false;
        let mut positive = false;
        match self.rest(at).chars().next()? {
            '+' => {
                positive = true;
                let allowed = match item.sign {
                    Sign::Normal => !strict,
                    Sign::ExceedsPad => true,
                    Sign::Never => !strict && item.width_min != item.width_max,
                };
                if !allowed {
                    return None;
                }
                at += 1;
            }
            '-' => {
                negative = true;
                let allowed =
                    item.sign != Sign::Never || !strict && item.width_min != item.width_max;
                if !allowed {
                    return None;
                }
                at += 1;
            }
            _ => {}
        }
        let width_min = if is_exact { item.width_min } else { 1 };
        let subsequent = match item.adjacent {
            Adjacent::Leading(width) => width,
            _ => 0,
        };
        let width_max = (if is_exact { item.width_max } else { 9 }) + subsequent;
        let mut width = digit_count(self.rest(at), width_max);
        if width < width_min {
            return None;
        }
        if subsequent > 0 {
            width = digit_count(self.rest(at), width_min.max(width.saturating_sub(subsequent)));
        }
        let mut value: i64 = self.rest(at).get(..width)?.parse().ok()?;
        if negative {
            if value == 0 && strict {
                return None;
            }
            value = -value;
        } else if item.sign == Sign::ExceedsPad && strict {
            let exceeds = width > item.width_min;
            if positive != exceeds {
                return None;
            }
        }
        if item.form == NumberForm::TwoDigitYear && width == item.width_min && value >= 0 {
            value += 2000;
        }
        self.set(item.field, value, at + width)
    }

    fn is_fixed_width(&self, item: NumberItem) -> bool {
        match item.form {
            NumberForm::Fraction => self.manner.strict,
            NumberForm::TwoDigitYear if !self.manner.strict => false,
            _ => match item.adjacent {
                Adjacent::Fixed => true,
                Adjacent::Leading(_) => {
                    item.width_min == item.width_max && item.sign == Sign::Never
                }
                Adjacent::No => false,
            },
        }
    }

    fn fraction(&mut self, item: NumberItem, is_exact: bool, at: usize) -> Option<usize> {
        let (width_min, width_max) =
            if is_exact { (item.width_min, item.width_max) } else { (0, 9) };
        let width = digit_count(self.rest(at), width_max);
        if width < width_min {
            return None;
        }
        if width == 0 {
            // Java stops here without a value at the end of the text, and reads 0 before a letter.
            return if self.rest(at).is_empty() { Some(at) } else { self.set(item.field, 0, at) };
        }
        let digits: i64 = self.rest(at).get(..width)?.parse().ok()?;
        let scale = 10i64.pow(9 - u32::try_from(width).ok()?);
        self.set(item.field, digits * scale, at + width)
    }
}

fn digit_count(text: &str, width_max: usize) -> usize {
    text.bytes().take(width_max).take_while(u8::is_ascii_digit).count()
}
