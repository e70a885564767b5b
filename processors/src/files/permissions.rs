//! What may be done with a file, in letters.

/// The permissions of `mode`, as in a shell: `rw-r--r--`.
pub(crate) fn permissions(mode: u32) -> String {
    let letter = |(index, letter)| if mode & (0o400_u32 >> index) == 0 { '-' } else { letter };
    "rwxrwxrwx".chars().enumerate().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_read_as_in_a_shell() {
        assert_eq!(permissions(0o100_644), "rw-r--r--");
        assert_eq!(permissions(0o750), "rwxr-x---");
    }
}
