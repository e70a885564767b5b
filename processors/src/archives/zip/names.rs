//! Names of entries: UTF-8, or else the characters of the first IBM PC.

/// The characters of the code page 437 above ASCII.
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
                     └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// The name that `bytes` are. Many programs write UTF-8 without saying so.
pub(super) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let upper = |byte: u8| UPPER.chars().nth(usize::from(byte) - 0x80);
        let character = |byte: &u8| {
            if byte.is_ascii() { char::from(*byte) } else { upper(*byte).unwrap_or('\u{fffd}') }
        };
        error.as_bytes().iter().map(character).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_utf_8_or_of_the_first_pc() {
        assert_eq!(UPPER.chars().count(), 128);
        assert_eq!(text("Künstler".into()), "Künstler");
        assert_eq!(text(b"K\x81nstler \xe1 \xff".to_vec()), "Künstler ß \u{a0}");
    }
}
