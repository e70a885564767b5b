//! What is broken in a recording that can be decoded otherwise.

use std::fmt;

/// What is broken in a recording that can be decoded otherwise.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Damage {
    /// Packets that were left out; several in a row that a checksum refuses may count as one.
    pub packets: u64,
    /// The first of them.
    pub first: Option<DamagedPacket>,
    /// Where the file ends, in bytes, if it ends before its recording does.
    pub truncated_at: Option<u64>,
    /// What is missing by the length that the header states, in seconds, where nothing tells where.
    pub missing_seconds: Option<f64>,
}

/// A packet that was left out.
#[derive(Debug, Clone, PartialEq)]
pub struct DamagedPacket {
    /// How far the file was read, in bytes from its beginning.
    pub offset: u64,
    /// Where in the recording, in seconds; of Ogg, up to a page too late.
    pub seconds: f64,
    /// What is wrong with it.
    pub message: String,
}

impl Damage {
    /// Whether nothing is broken.
    pub fn is_none(&self) -> bool {
        self.packets == 0 && self.truncated_at.is_none() && self.missing_seconds.is_none()
    }

    pub(super) fn add(&mut self, offset: u64, seconds: f64, message: &str) {
        self.packets += 1;
        self.first.get_or_insert_with(|| DamagedPacket {
            offset,
            seconds,
            message: message.to_owned(),
        });
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(first) = &self.first {
            let (count, are) = if self.packets == 1 {
                ("1 packet".to_owned(), "is")
            } else {
                (format!("{} packets", self.packets), "are")
            };
            write!(
                formatter,
                "{count} {are} broken and left out, the first at {:.3} s, near byte {}: {}",
                first.seconds, first.offset, first.message
            )?;
            separator = "; ";
        }
        if let Some(at) = self.truncated_at {
            write!(formatter, "{separator}the file ends at byte {at}, before its recording does")?;
            separator = "; ";
        }
        if let Some(seconds) = self.missing_seconds {
            write!(
                formatter,
                "{separator}{seconds:.3} s of audio are missing, within the file or behind its end"
            )?;
            separator = "; ";
        }
        if separator.is_empty() { formatter.write_str("nothing is broken") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_says_how_much_and_where() {
        let mut damage = Damage::default();
        assert!(damage.is_none());
        assert_eq!(damage.to_string(), "nothing is broken");
        damage.add(417, 0.026, "invalid header");
        assert_eq!(
            damage.to_string(),
            "1 packet is broken and left out, the first at 0.026 s, near byte 417: invalid header"
        );
        damage.add(900, 0.1, "other");
        damage.truncated_at = Some(1000);
        let text = damage.to_string();
        assert!(text.starts_with("2 packets are broken"), "{text}");
        assert!(
            text.ends_with("; the file ends at byte 1000, before its recording does"),
            "{text}"
        );
        assert!(!damage.is_none());
        let damage = Damage { missing_seconds: Some(0.026), ..Damage::default() };
        assert!(!damage.is_none());
        assert_eq!(
            damage.to_string(),
            "0.026 s of audio are missing, within the file or behind its end"
        );
    }
}
