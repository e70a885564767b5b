//! Why nobody knows what a recording is, with its first bytes.

use symphonia::core::errors::Error;

use super::demuxer::plain;
use super::source::Watched;
use super::{DecodeError, Source};

/// Bytes that are shown of what is no audio.
const BEGINNING_BYTES: usize = 16;

/// The first bytes, for a message in case nobody knows them.
pub(super) fn beginning(source: &mut dyn Source) -> Result<Vec<u8>, DecodeError> {
    let mut bytes = vec![0; BEGINNING_BYTES];
    let mut filled = 0;
    let wrong = |offset: usize| move |source| DecodeError::Read { offset: offset as u64, source };
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(wrong(filled)(error)),
        }
    }
    source.seek(std::io::SeekFrom::Start(0)).map_err(wrong(filled))?;
    bytes.truncate(filled);
    if bytes.is_empty() { Err(DecodeError::Empty) } else { Ok(bytes) }
}

/// Why probing failed.
pub(super) fn refused(error: Error, watch: &Watched, beginning: &[u8]) -> DecodeError {
    let offset = watch.position();
    if let Some(source) = watch.take_failure() {
        return DecodeError::Read { offset, source };
    }
    match error {
        // What symphonia says when it has looked everywhere.
        Error::Unsupported(_) => DecodeError::Unknown { beginning: shown(beginning) },
        Error::IoError(_) => {
            DecodeError::Header { offset, message: "the file ends within it".to_owned() }
        }
        error => DecodeError::Header { offset, message: plain(&error) },
    }
}

fn shown(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => format!("the text {text:?}"),
        _ => {
            let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("the bytes {}", digits.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_is_no_audio_is_shown() {
        assert_eq!(shown(b"hello"), "the text \"hello\"");
        assert_eq!(shown(&[0, 0xff, 0x10]), "the bytes 00 ff 10");
    }
}
