//! Names in Rust become names in forms.

/// `keep_source_file` as `Keep Source File`.
pub(crate) fn title_case(field: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect::<String>()
        })
    };
    field.split('_').map(word).collect::<Vec<_>>().join(" ")
}

/// `RunNow` as `run now`.
pub(crate) fn lower_words(variant: &str) -> String {
    let mut text = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_as_in_a_form() {
        assert_eq!(title_case("keep_source_file"), "Keep Source File");
        assert_eq!(title_case("directory"), "Directory");
        assert_eq!(lower_words("RunNow"), "run now");
        assert_eq!(lower_words("Fail"), "fail");
    }
}
