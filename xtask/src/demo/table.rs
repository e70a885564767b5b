//! The table of results, as text.

use std::fmt::Write as _;
use std::path::Path;

/// What is known of one recording.
pub(super) struct Row {
    pub(super) file: String,
    /// The means over time of its cepstral coefficients.
    pub(super) mfccs: Vec<f64>,
}

/// How wide the table is at most, in characters.
const WIDTH: usize = 80;
/// The longest name of a recording that is shown as a whole.
const NAME_MAX: usize = 28;
/// How wide a number is, with the space before it.
const NUMBER: usize = 8;
/// How many rows are shown.
const ROWS_MAX: usize = 50;
/// Coefficients beyond it are shown at full height.
const FULL: f64 = 300.0;

/// The rows under their headings, and what the bars mean.
pub(super) fn render(rows: &[Row]) -> String {
    let shown = rows.get(..ROWS_MAX).unwrap_or(rows);
    let name = shown.iter().map(|row| row.file.chars().count()).max().unwrap_or(0);
    let name = name.clamp("recording".len(), NAME_MAX);
    let bar = shown.iter().map(|row| row.mfccs.len()).max().unwrap_or(0).max("MFCC".len());
    let numbers = WIDTH.saturating_sub(name + 2 + bar) / NUMBER;
    let all = shown.iter().map(|row| row.mfccs.len()).max().unwrap_or(0);
    let heading = match numbers {
        some if some < all => format!("means, the first {some} of {all}"),
        _ => "means".to_owned(),
    };
    let mut text = format!("{:name$}  {:bar$}  {heading}\n", "recording", "MFCC");
    for row in shown {
        let means = row.mfccs.iter().take(numbers).map(|&value| number(value));
        let means = means.collect::<String>();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:name$}  {:bar$}{means}", cut(&row.file), bars(&row.mfccs));
    }
    if rows.len() > shown.len() {
        let _ = writeln!(text, "… and {} more", rows.len() - shown.len());
    }
    let _ = writeln!(
        text,
        "\nEach bar is the mean of one coefficient over the recording: ▄ and lower are\n\
         negative, ▁ is about -{FULL} or less, █ about {FULL} or more. Heights grow with the\n\
         square root, so that small ones show."
    );
    text
}

/// A value to two digits, or fewer where it is large, with a space before it.
fn number(value: f64) -> String {
    let mut texts = (0..=2).rev().map(|digits| format!("{value:.digits$}"));
    let text = texts.find(|text| text.len() < NUMBER).unwrap_or_else(|| format!("{value:.0e}"));
    // What is rounded to nothing has no sign.
    let text = if text == "-0.00" { "0.00" } else { text.as_str() };
    format!("{text:>NUMBER$}")
}

/// A name, without its middle where it is too long.
fn cut(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= NAME_MAX {
        return name.to_owned();
    }
    // What names of one album share stands in front.
    let (front, back) = (NAME_MAX / 2, NAME_MAX - NAME_MAX / 2 - 1);
    let back = letters.iter().skip(letters.len() - back);
    letters.iter().take(front).chain(&['…']).chain(back).collect()
}

/// Each value as a bar of one of eight heights. Heights grow with the root of a value, so that the
/// first coefficient, which is the level, leaves the others something to show.
fn bars(values: &[f64]) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let height = |value: &f64| {
        let share = (value.abs() / FULL).min(1.0).sqrt() * value.signum();
        let index = (f64::midpoint(share, 1.0) * (HEIGHTS.len() - 1) as f64).round();
        HEIGHTS.get(index as usize).copied().unwrap_or(' ')
    };
    values.iter().map(height).collect()
}

/// A folder as a `file:` URL.
pub(super) fn file_url(folder: &Path) -> String {
    let mut url = String::from("file://");
    for byte in folder.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                url.push(char::from(*byte));
            }
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_for_values_on_one_scale() {
        assert_eq!(bars(&[-400.0, -300.0, 300.0, 1e9]), "▁▁██");
        let rising = [-300.0, -150.0, -20.0, 20.0, 150.0, 300.0];
        let shown: Vec<char> = bars(&rising).chars().collect();
        assert!(shown.is_sorted() && shown.len() == 6, "{shown:?}");
    }

    #[test]
    fn numbers_stand_apart_and_what_rounds_to_nothing_has_no_sign() {
        let shown = [-0.001, 0.004, -1234.5, -12345.6, -1e9].map(number);
        assert_eq!(shown, ["    0.00", "    0.00", " -1234.5", "  -12346", "    -1e9"]);
    }

    #[test]
    fn columns_line_up() {
        let row = |file: &str| Row { file: file.into(), mfccs: vec![0.0; 13] };
        let text = render(&[row("a.wav"), row("a long name.ogg")]);
        let at = |line: &str| line.chars().position(|each| ('▁'..='█').contains(&each));
        let lines: Vec<&str> = text.lines().collect();
        assert!(at(lines[1]).is_some());
        assert_eq!(at(lines[1]), at(lines[2]));
        assert!(lines[0].ends_with("MFCC           means, the first 6 of 13"), "{text}");
    }

    #[test]
    fn a_table_fits_a_terminal_however_long_and_many_names_are() {
        let row = |index| Row { file: format!("{index:060}.flac"), mfccs: vec![-1.0; 13] };
        let rows: Vec<Row> = (0..ROWS_MAX + 7).map(row).collect();
        let text = render(&rows);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.contains("00000…") && text.contains("49.flac"), "{text}");
        assert!(text.contains("\n… and 7 more\n"), "{text}");
    }

    #[test]
    fn a_folder_with_blanks_is_a_url() {
        assert_eq!(file_url(Path::new("/my music/ü")), "file:///my%20music/%C3%BC");
    }
}
