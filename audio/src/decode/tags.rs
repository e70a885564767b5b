//! A recording's tags, under the same names whatever the format.

use symphonia::core::meta::{Metadata, MetadataRevision, RawTag, RawValue, StandardTag, Tag};

/// Tags that are kept of one recording.
const TAGS_MAX: usize = 100;
/// Characters that are kept of a name or a value.
const LETTERS_MAX: usize = 1_000;

/// The tags of every revision: what stands at the beginning of a file and what a track says come
/// apart.
pub(super) fn read(metadata: &mut Metadata<'_>) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    loop {
        if let Some(revision) = metadata.current() {
            add(&mut tags, revision);
        }
        if metadata.pop().is_none() {
            return tags;
        }
    }
}

/// Adds the tags of `revision`; the first of a name stays.
fn add(tags: &mut Vec<(String, String)>, revision: &MetadataRevision) {
    let per_track = revision.per_track.iter().flat_map(|track| &track.metadata.tags);
    for tag in revision.media.tags.iter().chain(per_track) {
        if let Some((name, value)) = named(tag) {
            append(tags, &name, &value);
        }
    }
}

/// Adds a tag, if there is none of its name.
pub(super) fn append(tags: &mut Vec<(String, String)>, name: &str, value: &str) {
    let is_new = !tags.iter().any(|(known, _)| known == name);
    let value: String = value.trim().chars().take(LETTERS_MAX).collect();
    if tags.len() < TAGS_MAX && is_new && !value.is_empty() {
        tags.push((name.to_owned(), value));
    }
}

fn named(tag: &Tag) -> Option<(String, String)> {
    let value = text(&tag.raw)?;
    let name = match tag.std.as_ref().and_then(standard) {
        Some(name) => name.to_owned(),
        None => plain(&tag.raw.key)?,
    };
    Some((name, value))
}

/// The names that players and taggers agree on.
fn standard(tag: &StandardTag) -> Option<&'static str> {
    Some(match tag {
        StandardTag::TrackTitle(_) => "title",
        StandardTag::Artist(_) => "artist",
        StandardTag::Album(_) => "album",
        StandardTag::AlbumArtist(_) => "album_artist",
        StandardTag::Composer(_) => "composer",
        StandardTag::Conductor(_) => "conductor",
        StandardTag::Ensemble(_) => "ensemble",
        StandardTag::Performer(_) => "performer",
        StandardTag::Genre(_) => "genre",
        StandardTag::Comment(_) => "comment",
        StandardTag::Description(_) => "description",
        StandardTag::Copyright(_) => "copyright",
        StandardTag::License(_) => "license",
        StandardTag::Encoder(_) => "encoder",
        StandardTag::EncodedBy(_) => "encoded_by",
        StandardTag::TrackNumber(_) => "track_number",
        StandardTag::TrackTotal(_) => "track_total",
        StandardTag::DiscNumber(_) => "disc_number",
        StandardTag::DiscTotal(_) => "disc_total",
        StandardTag::RecordingDate(_) | StandardTag::ReleaseDate(_) => "date",
        StandardTag::RecordingYear(_) | StandardTag::ReleaseYear(_) => "year",
        StandardTag::Bpm(_) => "bpm",
        StandardTag::InitialKey(_) => "initial_key",
        StandardTag::IdentIsrc(_) => "isrc",
        StandardTag::Work(_) => "work",
        StandardTag::MovementName(_) => "movement",
        _ => return None,
    })
}

/// A name of the format's own in lower case; none if nothing of it can be kept.
pub(super) fn plain(key: &str) -> Option<String> {
    let name: String = key
        .chars()
        .take(LETTERS_MAX)
        .map(|letter| if letter.is_alphanumeric() { letter } else { '_' })
        .flat_map(char::to_lowercase)
        .collect();
    (!name.chars().all(|letter| letter == '_')).then_some(name)
}

/// The value as text; none of pictures and the like.
fn text(tag: &RawTag) -> Option<String> {
    let text = match &tag.value {
        RawValue::Boolean(value) => value.to_string(),
        RawValue::Flag => "true".to_owned(),
        RawValue::Float(value) => value.to_string(),
        RawValue::SignedInt(value) => value.to_string(),
        RawValue::UnsignedInt(value) => value.to_string(),
        RawValue::String(value) => value.to_string(),
        RawValue::StringList(values) => values.join("; "),
        _ => return None,
    };
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_of_a_format_become_plain() {
        assert_eq!(plain("MusicBrainz Track-Id").as_deref(), Some("musicbrainz_track_id"));
        assert_eq!(plain("©nam").as_deref(), Some("_nam"));
        assert_eq!(plain("--"), None);
        assert_eq!(plain(""), None);
    }
}
