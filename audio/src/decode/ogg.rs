//! What the last page of an Ogg stream says of its length.
//!
//! symphonia takes the last page for the next one of those that it knows, so that what is missing
//! right before it does not show.
//!
//! RFC 3533, section 6.

const MARKER: &[u8] = b"OggS";
/// The longest that a page can be, in bytes.
pub(super) const PAGE_MAX: u64 = 65_307;
const IS_LAST: u8 = 4;

/// The last page of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LastPage {
    /// The number of the stream.
    pub(super) serial: u32,
    /// Where the stream ends, in its ticks.
    pub(super) end: i64,
}

/// The last page in the last [`PAGE_MAX`] bytes of a source, if it is one that ends a stream.
pub(super) fn last_page(tail: &[u8]) -> Option<LastPage> {
    let at = tail.windows(MARKER.len()).rposition(|four| four == MARKER)?;
    parse(tail.get(at..)?)
}

fn parse(page: &[u8]) -> Option<LastPage> {
    let is_last = page.get(5)? & IS_LAST != 0;
    let end = i64::from_le_bytes(page.get(6..14)?.try_into().ok()?);
    let serial = u32::from_le_bytes(page.get(14..18)?.try_into().ok()?);
    is_last.then_some(LastPage { serial, end })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(flags: u8) -> Vec<u8> {
        let mut bytes = b"something before OggS\0".to_vec();
        bytes.push(flags);
        bytes.extend_from_slice(&264_600_i64.to_le_bytes());
        bytes.extend_from_slice(&7_u32.to_le_bytes());
        bytes
    }

    #[test]
    fn only_a_last_page_says_where_a_stream_ends() {
        let found = last_page(&page(IS_LAST));
        assert_eq!(found, Some(LastPage { serial: 7, end: 264_600 }));
        assert_eq!(last_page(&page(0)), None);
        assert_eq!(last_page(b"no page at all"), None);
    }

    #[test]
    fn a_page_that_is_cut_says_nothing() {
        let whole = page(IS_LAST);
        for length in 0..whole.len() {
            assert_eq!(last_page(&whole[..length]), None);
        }
    }
}
