//! The form of every record: a version, a checksum, and the value, mostly in postcard.
//!
//! Never panics, whatever bytes it is given, and never hands out a value whose checksum is wrong.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The version of the form, the first byte of a record.
const VERSION: u8 = 1;
/// How a record begins: its version, and room for its checksum.
pub(crate) const HEADER: [u8; 5] = [VERSION, 0, 0, 0, 0];

/// What most records need, in bytes: growing in small steps costs more than writing.
const USUAL_BYTES: usize = 256;

/// `value` as a record.
pub(crate) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    let mut start = Vec::with_capacity(USUAL_BYTES);
    start.extend_from_slice(&HEADER);
    // Writing to memory cannot fail, and none of our types refuses to be serialised; if one ever
    // does, its record is empty and fails its decoding loudly instead of passing for another.
    let Ok(mut bytes) = postcard::to_extend(value, start) else { return Vec::new() };
    seal(&mut bytes);
    bytes
}

/// Makes a record of what was appended to a [`HEADER`].
pub(crate) fn seal(bytes: &mut [u8]) {
    if let Some((header, payload)) = bytes.split_at_mut_checked(HEADER.len()) {
        header[1..].copy_from_slice(&crc32c::crc32c(payload).to_le_bytes());
    }
}

/// What a record holds, or what is wrong with it.
pub(crate) fn payload(bytes: &[u8]) -> Result<&[u8], String> {
    let Some((header, payload)) = bytes.split_at_checked(HEADER.len()) else {
        return Err(format!("it has {} bytes, too few for a record", bytes.len()));
    };
    let [version, a, b, c, d] = *header else {
        return Err("it has no header".into());
    };
    if version != VERSION {
        return Err(format!("its version is {version}, known is {VERSION}"));
    }
    if crc32c::crc32c(payload) != u32::from_le_bytes([a, b, c, d]) {
        return Err("its checksum is wrong".into());
    }
    Ok(payload)
}

/// The value of a record, or what is wrong with it.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    match postcard::take_from_bytes(payload(bytes)?) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(format!("{} bytes follow its end", rest.len())),
        Err(error) => Err(format!("it cannot be decoded ({error})")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use tutti_model::flowfile::{
        Attributes, Claim, Content, ContentSlice, FlowFile, FlowFileId, Timestamp,
    };

    use super::*;
    use crate::core::Quarantined;
    use crate::provenance::LogEnd;
    use crate::watch::Deaths;

    /// `payload` with a header that is right.
    fn sealed(payload: &[u8]) -> Vec<u8> {
        let mut bytes = [&HEADER[..], payload].concat();
        seal(&mut bytes);
        bytes
    }

    /// As everything that a repository decodes.
    fn decode_as_each(bytes: &[u8]) {
        let _ = decode::<FlowFile>(bytes);
        let _ = decode::<Quarantined>(bytes);
        let _ = decode::<LogEnd>(bytes);
        let _ = decode::<Deaths>(bytes);
        let _ = decode::<String>(bytes);
        let _ = decode::<u64>(bytes);
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(value: (u64, String, Vec<u8>)) {
            prop_assert_eq!(decode::<(u64, String, Vec<u8>)>(&encode(&value)), Ok(value));
        }

        #[test]
        fn any_flipped_bit_is_noticed(value: (u64, String), bit: prop::sample::Index) {
            let mut bytes = encode(&value);
            let bit = bit.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(decode::<(u64, String)>(&bytes).is_err());
        }

        #[test]
        fn any_cut_tail_is_noticed(value: (u64, String), length: prop::sample::Index) {
            let bytes = encode(&value);
            prop_assert!(decode::<(u64, String)>(&bytes[..length.index(bytes.len())]).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            decode_as_each(&bytes);
        }

        /// With a right checksum, whatever the bytes say is looked at.
        #[test]
        fn no_payload_makes_it_panic(payload in prop::collection::vec(any::<u8>(), 0..200)) {
            decode_as_each(&sealed(&payload));
        }

        #[test]
        fn no_change_to_a_flowfile_makes_it_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            length: prop::sample::Index,
        ) {
            let claim = Claim { segment: 1, offset: 8, length: 300 };
            let attributes = Attributes::from_iter([("uuid", "u7"), ("filename", "song.wav")]);
            let mut flowfile = FlowFile::new(FlowFileId(7), Timestamp(1_000))
                .with_lineage_start(Timestamp(-1))
                .with_attributes(attributes)
                .with_content(Content::Stored(ContentSlice::whole(claim)));
            flowfile.set_penalized_until(Some(Timestamp(2_000)));
            flowfile.set_attempts(3);
            let mut payload = encode(&flowfile).split_off(HEADER.len());
            prop_assert_eq!(decode::<FlowFile>(&sealed(&payload)), Ok(flowfile));
            for (at, value) in changes {
                let at = at.index(payload.len());
                payload[at] = value;
            }
            decode_as_each(&sealed(&payload));
            payload.truncate(length.index(payload.len()));
            decode_as_each(&sealed(&payload));
        }
    }
}
