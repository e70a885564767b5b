//! Who wrote what: notices when two sources get the same place in a sink.
//!
//! Remembers a bounded number of places, of this process only: it counts and warns, and decides
//! nothing.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use parking_lot::Mutex;
use tutti_sdk::Session;
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::flowfile::{FlowFile, core_attribute};

/// Places that are remembered; then the eldest is forgotten.
const PLACES_MAX: usize = 65_536;
/// How much of a source's name is remembered, in bytes.
const SOURCE_BYTES_MAX: usize = 300;

/// Who wrote to the last places.
#[derive(Default)]
pub(crate) struct Writers(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    writers: HashMap<u64, Writer>,
    /// The places in the order in which they were first written.
    order: VecDeque<u64>,
}

/// A flowfile that was written.
struct Writer {
    /// Of what it was made.
    source: Box<str>,
    /// Whether it was told already that another one wrote there.
    is_told: bool,
}

impl Writers {
    /// Notes that `flowfile` was written to the place `uri`. When it replaced what was made from
    /// something else, that is counted as `counter`, and warned of once a place: of `what` that is,
    /// such as "file", with `help` on what keeps both.
    pub(crate) fn note(
        &self,
        session: &mut Session,
        flowfile: &FlowFile,
        (what, uri): (&str, &str),
        (counter, help): (&'static str, &str),
    ) {
        let Some(replaced) = self.replaced(uri, flowfile) else { return };
        session.adjust_counter(flowfile, counter, 1);
        if let Some(told) = replaced.told {
            let message = format!("the {what} \"{uri}\", {told}; {help}, to keep both");
            session.report(Level::Warning, Some(flowfile), message);
        }
    }

    /// Notes that `flowfile` was written to `place`; what that replaced, if that was made from
    /// something else. A flowfile that is written again, and the next version of a file, replace
    /// only themselves.
    fn replaced(&self, place: &str, flowfile: &FlowFile) -> Option<Replaced> {
        let mut source = source(flowfile);
        source.truncate(source.floor_char_boundary(SOURCE_BYTES_MAX));
        let mut memory = self.0.lock();
        let key = hash(place);
        let Some(writer) = memory.writers.get_mut(&key) else {
            if memory.order.len() >= PLACES_MAX
                && let Some(eldest) = memory.order.pop_front()
            {
                memory.writers.remove(&eldest);
            }
            memory.order.push_back(key);
            memory.writers.insert(key, Writer { source: source.into(), is_told: false });
            return None;
        };
        if *writer.source == *source {
            return None;
        }
        let earlier = std::mem::replace(&mut writer.source, source.into());
        let is_news = !std::mem::replace(&mut writer.is_told, true);
        let told = is_news.then(|| {
            format!("made from \"{earlier}\", was replaced by one made from \"{}\"", writer.source)
        });
        Some(Replaced { told })
    }
}

/// Something that was made from something else.
#[derive(Debug, PartialEq, Eq)]
struct Replaced {
    /// What is to be told of it, the first time.
    told: Option<String>,
}

/// The file that `flowfile` was made from, or what tells it from others.
fn source(flowfile: &FlowFile) -> String {
    let of = |name| flowfile.attribute(name).unwrap_or_default();
    let folder = match of(core_attribute::ABSOLUTE_PATH) {
        "" => of(core_attribute::PATH),
        absolute => absolute,
    };
    if folder.is_empty() {
        return flowfile.uuid().to_owned();
    }
    format!("{folder}{}", of(core_attribute::FILENAME))
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use tutti_sdk::model::flowfile::{Attributes, FlowFileId, Timestamp};

    use super::*;

    fn flowfile(uuid: &str, folder: &str, began: i64) -> FlowFile {
        let mut attributes = Attributes::new();
        attributes.insert(core_attribute::UUID, uuid);
        attributes.insert(core_attribute::FILENAME, "a.wav");
        attributes.insert(core_attribute::ABSOLUTE_PATH, folder);
        FlowFile::new(FlowFileId(1), Timestamp(began)).with_attributes(attributes)
    }

    #[test]
    fn another_source_is_told_once_and_a_repetition_never() {
        let writers = Writers::default();
        let first = flowfile("1", "/in/x/", 1);
        assert_eq!(writers.replaced("a.json", &first), None);
        assert_eq!(writers.replaced("a.json", &first), None, "delivered again");
        let next = flowfile("2", "/in/x/", 9);
        assert_eq!(writers.replaced("a.json", &next), None, "the next version");
        assert_eq!(writers.replaced("b.json", &flowfile("3", "/in/y/", 1)), None, "another place");
        let other = flowfile("4", "/in/y/", 9);
        let told = "made from \"/in/x/a.wav\", was replaced by one made from \"/in/y/a.wav\"";
        let replaced = Replaced { told: Some(told.to_owned()) };
        assert_eq!(writers.replaced("a.json", &other), Some(replaced));
        assert_eq!(writers.replaced("a.json", &other), None, "delivered again");
        let known = Replaced { told: None };
        assert_eq!(writers.replaced("a.json", &first), Some(known), "counted, and known by now");
    }

    #[test]
    fn memory_is_bounded() {
        let writers = Writers::default();
        let one = flowfile("1", "/in/x/", 1);
        for place in 0..=PLACES_MAX {
            assert_eq!(writers.replaced(&place.to_string(), &one), None);
        }
        assert_eq!(writers.0.lock().writers.len(), PLACES_MAX);
        assert_eq!(writers.replaced("0", &flowfile("2", "/in/y/", 1)), None, "it was forgotten");
    }
}
