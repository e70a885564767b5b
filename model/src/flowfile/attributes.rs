//! The attributes of a flowfile: a small map of texts in one piece of memory.
//!
//! There are millions of them, most with few names, made once and read often: all texts lie one
//! after the other, so that a copy costs two allocations however many there are.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Attribute names and values, sorted by name; a copy shares them until one is changed.
#[derive(Clone, Default)]
pub struct Attributes(Arc<Texts>);

#[derive(Clone, Default)]
struct Texts {
    /// Every name with its value behind it, in the order of the names.
    text: String,
    /// Where name and value of each end.
    ends: Vec<Ends>,
}

#[derive(Clone, Copy)]
struct Ends {
    name: usize,
    value: usize,
}

/// How many more attributes there is room for in a changed copy, and for how much text of them:
/// what sets one attribute mostly sets another.
const MORE: usize = 2;
const MORE_BYTES: usize = 48;

impl Texts {
    /// A copy with room for one more and some that come with it, so that it is not copied again at
    /// once.
    fn with_room(&self, bytes: usize) -> Self {
        let mut text = String::with_capacity(self.text.len() + bytes + MORE_BYTES);
        text.push_str(&self.text);
        let mut ends = Vec::with_capacity(self.ends.len() + 1 + MORE);
        ends.extend_from_slice(&self.ends);
        Self { text, ends }
    }

    fn start(&self, index: usize) -> usize {
        if index == 0 { 0 } else { self.ends[index - 1].value }
    }

    fn name(&self, index: usize) -> &str {
        &self.text[self.start(index)..self.ends[index].name]
    }

    fn value_range(&self, index: usize) -> Range<usize> {
        self.ends[index].name..self.ends[index].value
    }

    fn value(&self, index: usize) -> &str {
        &self.text[self.value_range(index)]
    }

    /// Where `name` is, or belongs.
    fn find(&self, name: &str) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low.midpoint(high);
            // Bytes have the order of their texts, and are got without a look at characters.
            let found = &self.text.as_bytes()[self.start(middle)..self.ends[middle].name];
            match found.cmp(name.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    /// Moves the ends of all from `index` on, after `removed` bytes became `added`.
    fn shift(&mut self, index: usize, removed: usize, added: usize) {
        for ends in &mut self.ends[index..] {
            ends.name = ends.name + added - removed;
            ends.value = ends.value + added - removed;
        }
    }

    fn push(&mut self, name: &str, value: &str) {
        self.text.push_str(name);
        let name = self.text.len();
        self.text.push_str(value);
        self.ends.push(Ends { name, value: self.text.len() });
    }

    fn set(&mut self, name: &str, value: &str) {
        match self.find(name) {
            Ok(index) => {
                let range = self.value_range(index);
                self.shift(index + 1, range.len(), value.len());
                self.ends[index].value = range.start + value.len();
                self.text.replace_range(range, value);
            }
            Err(index) if index == self.ends.len() => self.push(name, value),
            Err(index) => {
                let start = self.start(index);
                self.shift(index, 0, name.len() + value.len());
                let name_end = start + name.len();
                self.ends.insert(index, Ends { name: name_end, value: name_end + value.len() });
                self.text.insert_str(start, value);
                self.text.insert_str(start, name);
            }
        }
    }
}

impl Attributes {
    /// No attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.find(name).ok().map(|index| self.0.value(index))
    }

    /// Sets `name` to `value`.
    pub fn insert(&mut self, name: &str, value: impl AsRef<str>) {
        let value = value.as_ref();
        if let Some(own) = Arc::get_mut(&mut self.0)
            && !own.ends.is_empty()
        {
            return own.set(name, value);
        }
        let mut copy = self.0.with_room(name.len() + value.len());
        copy.set(name, value);
        self.0 = Arc::new(copy);
    }

    /// Removes `name` and hands back its value.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let index = self.0.find(name).ok()?;
        let texts = Arc::make_mut(&mut self.0);
        let value = texts.value(index).to_owned();
        let range = texts.start(index)..texts.ends[index].value;
        texts.shift(index + 1, range.len(), 0);
        texts.text.replace_range(range, "");
        texts.ends.remove(index);
        Some(value)
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        (0..self.0.ends.len()).map(|index| (self.0.name(index), self.0.value(index)))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.ends.is_empty()
    }

    /// Bytes of all names and values.
    pub fn text_bytes(&self) -> usize {
        self.0.text.len()
    }

    /// What both have alike.
    #[must_use]
    pub fn common(&self, other: &Self) -> Self {
        let is_common = |(name, value): &(&str, &str)| other.get(name) == Some(*value);
        if self.is_same(other) || self.iter().all(|pair| is_common(&pair)) {
            return self.clone();
        }
        self.iter().filter(is_common).collect()
    }

    /// Whether both are one and the same map, so that neither can have changed.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Attributes {}

impl fmt::Debug for Attributes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut texts = Texts::default();
        for (name, value) in pairs {
            texts.set(name.as_ref(), value.as_ref());
        }
        Self(Arc::new(texts))
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;

        impl<'de> Visitor<'de> for Map {
            type Value = Attributes;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
                let mut texts = Texts::default();
                while let Some((name, value)) = map.next_entry::<Text<'de>, Text<'de>>()? {
                    texts.set(&name.0, &value.0);
                }
                Ok(Attributes(Arc::new(texts)))
            }
        }

        /// Borrowed where the format can lend it.
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Text<'t>(#[serde(borrow)] std::borrow::Cow<'t, str>);

        deserializer.deserialize_map(Map)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone)]
    enum Change {
        Insert(String, String),
        Remove(String),
    }

    fn change() -> impl Strategy<Value = Change> {
        // Few names, so that changes meet; some of them beginnings of others.
        let name = prop::sample::select(vec!["", "a", "ab", "b", "ä", "mime.type", "uuid"]);
        prop_oneof![
            (name.clone(), "\\PC{0,6}")
                .prop_map(|(name, value)| Change::Insert(name.into(), value)),
            name.prop_map(|name| Change::Remove(name.into())),
        ]
    }

    #[test]
    fn only_what_both_have_alike_is_common() {
        let first = Attributes::from_iter([("a", "1"), ("b", "2"), ("c", "3")]);
        let second = Attributes::from_iter([("a", "1"), ("b", "3"), ("d", "4"), ("e", "5")]);
        assert_eq!(first.common(&second), Attributes::from_iter([("a", "1")]));
        assert_eq!(second.common(&first), Attributes::from_iter([("a", "1")]));
        assert!(first.common(&first.clone()).is_same(&first));
    }

    proptest! {
        #[test]
        fn it_is_a_map(changes in prop::collection::vec(change(), 0..40)) {
            let (mut attributes, mut map) = (Attributes::new(), BTreeMap::new());
            for change in changes {
                match change {
                    Change::Insert(name, value) => {
                        attributes.insert(&name, &value);
                        map.insert(name, value);
                    }
                    Change::Remove(name) => {
                        prop_assert_eq!(attributes.remove(&name), map.remove(&name));
                    }
                }
                let pairs = map.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                prop_assert!(attributes.iter().eq(pairs));
                prop_assert_eq!(attributes.len(), map.len());
                let bytes: usize = map.iter().map(|(name, value)| name.len() + value.len()).sum();
                prop_assert_eq!(attributes.text_bytes(), bytes);
            }
            for name in ["", "a", "ab", "b", "ä", "mime.type", "uuid", "other"] {
                prop_assert_eq!(attributes.get(name), map.get(name).map(String::as_str));
            }
            prop_assert_eq!(&attributes, &map.iter().rev().collect::<Attributes>());
            let json = serde_json::to_string(&attributes).unwrap();
            prop_assert_eq!(&json, &serde_json::to_string(&map).unwrap());
            prop_assert_eq!(&serde_json::from_str::<Attributes>(&json).unwrap(), &attributes);
        }
    }

    #[test]
    fn a_copy_is_not_changed_with_the_original() {
        let mut first = Attributes::from_iter([("a", "1")]);
        let second = first.clone();
        assert!(first.is_same(&second));
        first.insert("a", "2");
        assert_eq!((first.get("a"), second.get("a")), (Some("2"), Some("1")));
        assert_eq!(first.remove("missing"), None);
    }
}
