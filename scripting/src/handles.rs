//! What a guest has handles of, for as long as a session lasts.
//!
//! A handle is a number that is never given twice to one instance: one that a script kept from an
//! earlier session leads nowhere, and never to what came after.

/// Things of one kind that a guest may name.
pub(crate) struct Handles<T> {
    /// The number of the first that is there.
    first: u32,
    all: Vec<Option<T>>,
}

impl<T> Default for Handles<T> {
    fn default() -> Self {
        Self { first: 0, all: Vec::new() }
    }
}

impl<T> Handles<T> {
    /// The number of a new one; none when there are no numbers left.
    pub(crate) fn add(&mut self, thing: T) -> Option<u32> {
        let number = self.first.checked_add(u32::try_from(self.all.len()).ok()?)?;
        self.all.push(Some(thing));
        Some(number)
    }

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.all.get(number.checked_sub(self.first)? as usize)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.all.get_mut(number.checked_sub(self.first)? as usize)?.as_mut()
    }

    pub(crate) fn take(&mut self, number: u32) -> Option<T> {
        self.all.get_mut(number.checked_sub(self.first)? as usize)?.take()
    }

    /// How many were made in this session.
    pub(crate) fn made(&self) -> usize {
        self.all.len()
    }

    /// How many of them are there still.
    pub(crate) fn left(&self) -> usize {
        self.all.iter().flatten().count()
    }

    /// Ends a session: all that were made in it lead nowhere from now on.
    pub(crate) fn end(&mut self) {
        // Where it would begin anew it stays at the end, and `add` refuses.
        self.first = self.first.saturating_add(self.all.len() as u32);
        self.all.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_of_an_earlier_session_leads_nowhere() {
        let mut handles = Handles::default();
        let old = handles.add("old").unwrap();
        handles.end();
        let new = handles.add("new").unwrap();
        assert_ne!(old, new);
        assert_eq!((handles.get(old), handles.get(new)), (None, Some(&"new")));
        assert_eq!((handles.take(old), handles.take(new)), (None, Some("new")));
        assert_eq!((handles.left(), handles.made()), (0, 1));
    }

    #[test]
    fn numbers_do_not_begin_anew() {
        let mut handles = Handles { first: u32::MAX - 1, all: Vec::new() };
        assert_eq!(
            (handles.add(1), handles.add(2), handles.add(3)),
            (Some(u32::MAX - 1), Some(u32::MAX), None)
        );
        handles.end();
        assert_eq!(handles.add(4), Some(u32::MAX));
        assert_eq!(handles.add(5), None);
    }
}
