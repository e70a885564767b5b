//! The patterns of `DateTimeFormatter.ofPattern` as a list of items, compiled once. Widths of
//! adjacent numbers are settled here, so that `yyyyMMdd` parses as Java parses it.

use super::field::Field;
use crate::error::Failure;

/// How long a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Short,
    Full,
    Narrow,
}

/// Which signs a number has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// Minus where negative.
    Normal,
    /// None; a negative number cannot be printed.
    Never,
    /// Plus where the number is wider than its least width.
    ExceedsPad,
}

/// How a number that follows or precedes others without a gap is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Adjacent {
    /// It stands alone.
    No,
    /// It is as wide as it can be, less the widths of those that follow.
    Leading(usize),
    /// It has exactly its width.
    Fixed,
}

/// A number: a field in decimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NumberItem {
    pub(super) field: Field,
    pub(super) width_min: usize,
    pub(super) width_max: usize,
    pub(super) sign: Sign,
    pub(super) adjacent: Adjacent,
    pub(super) form: NumberForm,
}

/// What the digits of a number stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberForm {
    /// The value itself.
    Plain,
    /// The last two digits of a year from 2000 on.
    TwoDigitYear,
    /// Decimal places of a second.
    Fraction,
}

/// How an offset is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OffsetItem {
    pub(super) minutes: Part,
    pub(super) seconds: Part,
    pub(super) colon: bool,
    /// What stands for no offset.
    pub(super) zero: &'static str,
}

/// Whether a part of an offset is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Absent,
    NonZero,
    Always,
}

/// One item of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Literal(String),
    Number(NumberItem),
    Text {
        field: Field,
        style: Style,
    },
    DayPeriod(Style),
    Offset(OffsetItem),
    LocalizedOffset {
        full: bool,
    },
    ZoneId,
    ZoneText {
        full: bool,
        generic: bool,
    },
    /// The next item filled with spaces to a width.
    Pad {
        width: usize,
        item: Box<Item>,
    },
    Optional(Vec<Item>),
    /// Strict parsing from here on; predefined formats only.
    Strict,
    /// Lenient parsing from here on; predefined formats only.
    Lenient,
}

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(crate) struct DateFormat {
    pub(super) items: Vec<Item>,
}

impl DateFormat {
    /// Compiles a pattern such as `yyyy-MM-dd'T'HH:mm:ss.SSSXXX`.
    pub(crate) fn compile(pattern: &str) -> Result<Self, Failure> {
        let mut builder = Builder { stack: vec![Level::default()] };
        let letters: Vec<char> = pattern.chars().collect();
        let mut at = 0;
        while let Some(&letter) = letters.get(at) {
            match letter {
                'A'..='Z' | 'a'..='z' => at = builder.letters(&letters, at)?,
                '\'' => at = builder.quoted(&letters, at)?,
                '[' => {
                    builder.level().leading = None;
                    builder.stack.push(Level::default());
                    at += 1;
                }
                ']' => {
                    builder.close()?;
                    at += 1;
                }
                '{' | '}' | '#' => {
                    return Err(format!("a date pattern must not contain '{letter}'").into());
                }
                _ => {
                    builder.push(Item::Literal(letter.to_string()));
                    at += 1;
                }
            }
        }
        while builder.stack.len() > 1 {
            builder.close()?;
        }
        Ok(Self { items: builder.stack.pop().map(|level| level.items).unwrap_or_default() })
    }

    /// A format of given items, for the predefined formats.
    pub(super) fn of(items: Vec<Item>) -> Self {
        Self { items }
    }
}

/// A plain number of a fixed width, for the predefined formats.
pub(super) fn fixed(field: Field, width: usize) -> Item {
    Item::Number(NumberItem {
        field,
        width_min: width,
        width_max: width,
        sign: Sign::Never,
        adjacent: Adjacent::No,
        form: NumberForm::Plain,
    })
}

#[derive(Default)]
struct Level {
    items: Vec<Item>,
    /// The number before which no gap has come yet.
    leading: Option<usize>,
    pad: Option<usize>,
}

struct Builder {
    stack: Vec<Level>,
}

impl Builder {
    fn level(&mut self) -> &mut Level {
        if self.stack.is_empty() {
            self.stack.push(Level::default());
        }
        let last = self.stack.len() - 1;
        &mut self.stack[last]
    }

    fn push(&mut self, item: Item) {
        let level = self.level();
        level.leading = None;
        let item = match level.pad.take() {
            Some(width) => Item::Pad { width, item: Box::new(item) },
            None => item,
        };
        level.items.push(item);
    }

    fn close(&mut self) -> Result<(), Failure> {
        if self.stack.len() < 2 {
            return Err("a date pattern has ']' without '['".into());
        }
        if let Some(level) = self.stack.pop()
            && !level.items.is_empty()
        {
            self.push(Item::Optional(level.items));
        }
        Ok(())
    }

    fn quoted(&mut self, letters: &[char], start: usize) -> Result<usize, Failure> {
        let mut text = String::new();
        let mut at = start + 1;
        loop {
            match letters.get(at) {
                None => return Err("a date pattern has a quote without its end".into()),
                Some('\'') if letters.get(at + 1) == Some(&'\'') => {
                    text.push('\'');
                    at += 2;
                }
                Some('\'') => break,
                Some(&letter) => {
                    text.push(letter);
                    at += 1;
                }
            }
        }
        self.push(Item::Literal(if text.is_empty() { "'".to_owned() } else { text }));
        Ok(at + 1)
    }

    fn letters(&mut self, letters: &[char], start: usize) -> Result<usize, Failure> {
        let (mut letter, mut count) = run(letters, start);
        let mut at = start + count;
        if letter == 'p' {
            let pad = count;
            match letters.get(at) {
                Some(next) if next.is_ascii_alphabetic() => (letter, count) = run(letters, at),
                _ => return Err("the pad letter 'p' must be followed by a pattern letter".into()),
            }
            at += count;
            let level = self.level();
            level.leading = None;
            level.pad = Some(pad);
        }
        self.field(letter, count)?;
        Ok(at)
    }

    fn field(&mut self, letter: char, count: usize) -> Result<(), Failure> {
        match letter {
            'u' => self.year(Field::Year, count),
            'y' => self.year(Field::YearOfEra, count),
            'Y' => self.year(Field::WeekBasedYear, count),
            'M' | 'L' => self.text_or_number(letter, Field::MonthOfYear, count)?,
            'Q' | 'q' => self.text_or_number(letter, Field::QuarterOfYear, count)?,
            'E' | 'e' | 'c' => self.day_of_week(letter, count)?,
            'a' if count == 1 => self.text(Field::AmPm, Style::Short),
            'G' => {
                let style = match count {
                    1..=3 => Style::Short,
                    4 => Style::Full,
                    5 => Style::Narrow,
                    _ => return Err(too_many(letter)),
                };
                self.text(Field::Era, style);
            }
            'B' if matches!(count, 1 | 4) => self.push(Item::DayPeriod(Style::Full)),
            'B' if count == 5 => self.push(Item::DayPeriod(Style::Narrow)),
            'S' if count <= 9 => self.number(NumberItem {
                field: Field::NanoOfSecond,
                width_min: count,
                width_max: count,
                sign: Sign::Never,
                adjacent: Adjacent::No,
                form: NumberForm::Fraction,
            }),
            'F' if count == 1 => self.plain(Field::AlignedWeekOfMonth, 1, 19, Sign::Normal),
            'd' => self.one_or_two(letter, Field::DayOfMonth, count)?,
            'h' => self.one_or_two(letter, Field::ClockHourOfAmPm, count)?,
            'H' => self.one_or_two(letter, Field::HourOfDay, count)?,
            'k' => self.one_or_two(letter, Field::ClockHourOfDay, count)?,
            'K' => self.one_or_two(letter, Field::HourOfAmPm, count)?,
            'm' => self.one_or_two(letter, Field::MinuteOfHour, count)?,
            's' => self.one_or_two(letter, Field::SecondOfMinute, count)?,
            'w' => self.one_or_two(letter, Field::WeekOfYear, count)?,
            'W' if count == 1 => self.plain(Field::WeekOfMonth, 1, 2, Sign::Never),
            'D' if count == 1 => self.plain(Field::DayOfYear, 1, 19, Sign::Normal),
            'D' if count <= 3 => self.plain(Field::DayOfYear, count, 3, Sign::Never),
            'g' if count <= 19 => self.plain(Field::ModifiedJulianDay, count, 19, Sign::Normal),
            'A' if count <= 19 => self.plain(Field::MilliOfDay, count, 19, Sign::Never),
            'n' if count <= 19 => self.plain(Field::NanoOfSecond, count, 19, Sign::Never),
            'N' if count <= 19 => self.plain(Field::NanoOfDay, count, 19, Sign::Never),
            'z' if count <= 4 => self.push(Item::ZoneText { full: count == 4, generic: false }),
            'v' if matches!(count, 1 | 4) => {
                self.push(Item::ZoneText { full: count == 4, generic: true });
            }
            'V' if count == 2 => self.push(Item::ZoneId),
            'O' if matches!(count, 1 | 4) => self.push(Item::LocalizedOffset { full: count == 4 }),
            'Z' | 'X' | 'x' => self.offset(letter, count)?,
            'a' | 'B' | 'S' | 'F' | 'W' | 'D' | 'g' | 'A' | 'n' | 'N' | 'z' | 'v' | 'V' | 'O' => {
                return Err(too_many(letter));
            }
            _ => return Err(format!("unknown letter '{letter}' in a date pattern").into()),
        }
        Ok(())
    }

    fn year(&mut self, field: Field, count: usize) {
        match count {
            2 => self.number(NumberItem {
                field,
                width_min: 2,
                width_max: 2,
                sign: Sign::Never,
                adjacent: Adjacent::No,
                form: NumberForm::TwoDigitYear,
            }),
            1 | 3 => self.plain(field, count, 19, Sign::Normal),
            _ => self.plain(field, count.min(19), 19, Sign::ExceedsPad),
        }
    }

    fn text_or_number(&mut self, letter: char, field: Field, count: usize) -> Result<(), Failure> {
        match count {
            1 => self.plain(field, 1, 19, Sign::Normal),
            2 => self.plain(field, 2, 2, Sign::Never),
            3 => self.text(field, Style::Short),
            4 => self.text(field, Style::Full),
            5 => self.text(field, Style::Narrow),
            _ => return Err(too_many(letter)),
        }
        Ok(())
    }

    fn day_of_week(&mut self, letter: char, count: usize) -> Result<(), Failure> {
        match (letter, count) {
            ('e' | 'c', 1) => self.plain(Field::LocalDayOfWeek, 1, 2, Sign::Never),
            ('e', 2) => self.plain(Field::LocalDayOfWeek, 2, 2, Sign::Never),
            ('c', 2) => return Err("a date pattern must not contain 'cc'".into()),
            (_, 1..=3) => self.text(Field::DayOfWeek, Style::Short),
            (_, 4) => self.text(Field::DayOfWeek, Style::Full),
            (_, 5) => self.text(Field::DayOfWeek, Style::Narrow),
            _ => return Err(too_many(letter)),
        }
        Ok(())
    }

    fn one_or_two(&mut self, letter: char, field: Field, count: usize) -> Result<(), Failure> {
        match count {
            1 if field == Field::WeekOfYear => self.plain(field, 1, 2, Sign::Never),
            1 => self.plain(field, 1, 19, Sign::Normal),
            2 => self.plain(field, 2, 2, Sign::Never),
            _ => return Err(too_many(letter)),
        }
        Ok(())
    }

    fn offset(&mut self, letter: char, count: usize) -> Result<(), Failure> {
        let (minutes, seconds, colon) = match (letter, count) {
            ('Z', 1..=3) | ('X' | 'x', 2) => (Part::Always, Part::Absent, false),
            ('Z', 4) => {
                self.push(Item::LocalizedOffset { full: true });
                return Ok(());
            }
            (_, 5) => (Part::Always, Part::NonZero, true),
            (_, 1) => (Part::NonZero, Part::Absent, false),
            (_, 3) => (Part::Always, Part::Absent, true),
            (_, 4) => (Part::Always, Part::NonZero, false),
            _ => return Err(too_many(letter)),
        };
        let zero = match (letter, count) {
            ('Z', 1..=3) => "+0000",
            ('Z' | 'X', _) => "Z",
            (_, 1) => "+00",
            (_, 2 | 4) => "+0000",
            _ => "+00:00",
        };
        self.push(Item::Offset(OffsetItem { minutes, seconds, colon, zero }));
        Ok(())
    }

    fn text(&mut self, field: Field, style: Style) {
        self.push(Item::Text { field, style });
    }

    fn plain(&mut self, field: Field, width_min: usize, width_max: usize, sign: Sign) {
        self.number(NumberItem {
            field,
            width_min,
            width_max,
            sign,
            adjacent: Adjacent::No,
            form: NumberForm::Plain,
        });
    }

    /// Adds a number and settles how much of the digits before it belongs to whom.
    fn number(&mut self, mut number: NumberItem) {
        let leading = self.level().leading;
        let is_fixed = number.width_min == number.width_max && number.sign == Sign::Never;
        let first = leading.and_then(|index| match self.level().items.get_mut(index) {
            Some(Item::Number(first)) => Some(first),
            _ => None,
        });
        if let Some(first) = first {
            if is_fixed {
                let subsequent = match first.adjacent {
                    Adjacent::Leading(width) => width,
                    _ => 0,
                };
                first.adjacent = Adjacent::Leading(subsequent + number.width_max);
                number.adjacent = Adjacent::Fixed;
                self.push(Item::Number(number));
                self.level().leading = leading;
                return;
            }
            first.adjacent = Adjacent::Fixed;
        }
        self.push(Item::Number(number));
        let level = self.level();
        if matches!(level.items.last(), Some(Item::Number(_))) {
            level.leading = Some(level.items.len() - 1);
        }
    }
}

/// The letter at `start` and how often it stands there.
fn run(letters: &[char], start: usize) -> (char, usize) {
    let letter = letters.get(start).copied().unwrap_or_default();
    (letter, letters.iter().skip(start).take_while(|next| **next == letter).count())
}

fn too_many(letter: char) -> Failure {
    format!("wrong number of letters '{letter}' in a date pattern").into()
}
