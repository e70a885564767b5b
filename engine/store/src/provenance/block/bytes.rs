//! Numbers and text in few bytes.

/// Appends `value`, seven bits a byte, the lowest first.
pub(super) fn put(out: &mut Vec<u8>, value: u64) {
    let mut value = value;
    while value >= 0x80 {
        out.push((value as u8) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends `value`, so that what is near 0 is short.
pub(super) fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

/// Appends `text` behind its length.
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// What is wrong with bytes, in words.
pub(super) type Wrong = &'static str;

/// Takes values off the front of bytes.
pub(super) struct Reader<'b>(pub(super) &'b [u8]);

impl<'b> Reader<'b> {
    pub(super) fn bytes(&mut self, count: usize) -> Result<&'b [u8], Wrong> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or("it ends too early")?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Wrong> {
        let (&first, rest) = self.0.split_first().ok_or("it ends too early")?;
        self.0 = rest;
        Ok(first)
    }

    pub(super) fn number(&mut self) -> Result<u64, Wrong> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err("a number is too large");
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err("a number is too long")
    }

    pub(super) fn is_true(&mut self) -> Result<bool, Wrong> {
        Ok(self.byte()? != 0)
    }

    pub(super) fn signed(&mut self) -> Result<i64, Wrong> {
        let value = self.number()?;
        Ok((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }

    /// A count of things that take at least a byte each.
    pub(super) fn count(&mut self) -> Result<usize, Wrong> {
        let count = usize::try_from(self.number()?).map_err(|_| "a count is too large")?;
        if count > self.0.len() { Err("a count is larger than what follows") } else { Ok(count) }
    }

    /// Text of `length` bytes.
    pub(super) fn text_of(&mut self, length: usize) -> Result<&'b str, Wrong> {
        std::str::from_utf8(self.bytes(length)?).map_err(|_| "text is not UTF-8")
    }

    pub(super) fn text(&mut self) -> Result<&'b str, Wrong> {
        let length = self.count()?;
        self.text_of(length)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_goes_in_comes_out(number: u64, signed: i64, small in -64..64i64, text: String) {
            let mut out = Vec::new();
            put(&mut out, number);
            put_signed(&mut out, signed);
            put_text(&mut out, &text);
            let length = out.len();
            put_signed(&mut out, small);
            prop_assert_eq!(out.len(), length + 1);
            let mut reader = Reader(&out);
            prop_assert_eq!(reader.number(), Ok(number));
            prop_assert_eq!(reader.signed(), Ok(signed));
            prop_assert_eq!(reader.text(), Ok(text.as_str()));
            prop_assert_eq!(reader.signed(), Ok(small));
            prop_assert_eq!(reader.byte(), Err("it ends too early"));
        }
    }

    #[test]
    fn what_is_no_number_is_told() {
        assert_eq!(Reader(&[0xff; 11]).number(), Err("a number is too large"));
        let too_large = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
        assert_eq!(Reader(&too_large).number(), Err("a number is too large"));
        assert_eq!(Reader(&[0x80]).number(), Err("it ends too early"));
        assert_eq!(Reader(&[5, b'a']).text(), Err("a count is larger than what follows"));
        assert_eq!(Reader(&[1, 0xff]).text(), Err("text is not UTF-8"));
    }
}
