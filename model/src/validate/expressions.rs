//! Where a text has an expression without an end. What is in an expression only the Expression
//! Language knows; where it ends, NiFi's rule says, and this module follows it to the letter.

/// The `$` of a `${` that is never closed, in characters from 0. It is text then, as in NiFi.
pub(super) fn unclosed(text: &str) -> Option<usize> {
    let mut open = None;
    let mut depth = 0_usize;
    let mut dollars = 0_usize;
    let mut backslashes = 0_usize;
    let mut last = '\0';
    let mut letters = text.chars().enumerate();
    while let Some((position, letter)) = letters.next() {
        let is_quote = matches!(letter, '\'' | '"');
        if open.is_some() && is_quote && (last != '\\' || backslashes.is_multiple_of(2)) {
            if !skip_quoted(&mut letters, letter) {
                break;
            }
            continue;
        }
        match letter {
            '{' => {
                if !dollars.is_multiple_of(2) && last == '$' && depth == 0 {
                    open = position.checked_sub(1);
                }
                depth += usize::from(open.is_some());
            }
            '}' if depth == 0 => continue,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    open = None;
                }
            }
            '$' => dollars += 1,
            '\\' => backslashes += 1,
            _ => dollars = 0,
        }
        last = letter;
    }
    open
}

/// Goes on behind the closing `quote`; false where there is none.
fn skip_quoted(letters: &mut impl Iterator<Item = (usize, char)>, quote: char) -> bool {
    let mut backslashes = 0_usize;
    let mut last = '\0';
    for (_, letter) in letters {
        if letter == '\\' {
            backslashes += 1;
        } else if letter == quote && (backslashes.is_multiple_of(2) || last != '\\') {
            return true;
        }
        last = letter;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_never_ends_is_told() {
        for text in ["", "a", "${a}", "$${a", "$ {a", "{a", "${a}}", "${a:b('}')}", "${a:b(${c})}"]
        {
            assert_eq!(unclosed(text), None, "{text}");
        }
        for (text, position) in [
            ("${a", 0),
            ("é${a", 1),
            ("${a} ${b", 5),
            ("${a ${b}", 0),
            ("${a:b('}", 0),
            ("${a:b('c}", 0),
            ("$$${a", 2),
            ("${a:b('\\'}", 0),
        ] {
            assert_eq!(unclosed(text), Some(position), "{text}");
        }
    }
}
