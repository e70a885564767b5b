//! The flags that change what the rest of a pattern means.

#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "Java's flags, each on or off")]
pub(super) struct Flags {
    pub(super) ignore_case: bool,
    pub(super) multiline: bool,
    pub(super) dot_all: bool,
    pub(super) unicode_case: bool,
    pub(super) unix_lines: bool,
    pub(super) comments: bool,
    pub(super) unicode_class: bool,
}

impl Flags {
    /// Switches the flag that Java writes as `letter`; `false` where there is none.
    pub(super) fn set(&mut self, letter: char, on: bool) -> bool {
        let flag = match letter {
            'i' => &mut self.ignore_case,
            'm' => &mut self.multiline,
            's' => &mut self.dot_all,
            'u' => &mut self.unicode_case,
            'd' => &mut self.unix_lines,
            'x' => &mut self.comments,
            'U' => {
                self.unicode_case = on;
                &mut self.unicode_class
            }
            _ => return false,
        };
        *flag = on;
        true
    }
}
