//! The table of results, as text.

use std::fmt::Write as _;
use std::path::Path;

/// What is known of one recording.
pub(super) struct Row {
    pub(super) file: String,
    /// The means over time of its cepstral coefficients.
    pub(super) mfccs: Vec<f64>,
}

/// The rows under their headings.
pub(super) fn render(rows: &[Row]) -> String {
    let files = rows.iter().map(|row| row.file.chars().count()).max().unwrap_or(0).max(9);
    let mut text = format!("{:files$}  {:13}  first three of 13 means\n", "recording", "MFCCs");
    for row in rows {
        let numbers: Vec<String> =
            row.mfccs.iter().take(3).map(|value| format!("{value:8.2}")).collect();
        // Writing to a string cannot fail.
        let _ =
            writeln!(text, "{:files$}  {:13}  {} …", row.file, bars(&row.mfccs), numbers.join(" "));
    }
    text
}

/// Each value as a bar of one of eight heights, the middle being 0. Heights grow with the root of
/// a value, so that the first coefficient, which is the level, leaves the others something to show.
fn bars(values: &[f64]) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    /// Coefficients beyond it are shown at full height.
    const FULL: f64 = 300.0;
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
    fn columns_line_up() {
        let row = |file: &str| Row { file: file.into(), mfccs: vec![0.0; 13] };
        let text = render(&[row("a.wav"), row("a long name.ogg")]);
        let at = |line: &str| line.chars().position(|each| ('▁'..='█').contains(&each));
        let lines: Vec<&str> = text.lines().collect();
        assert!(at(lines[1]).is_some());
        assert_eq!(at(lines[1]), at(lines[2]));
    }

    #[test]
    fn a_folder_with_blanks_is_a_url() {
        assert_eq!(file_url(Path::new("/my music/ü")), "file:///my%20music/%C3%BC");
    }
}
