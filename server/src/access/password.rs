//! Passwords: which are taken, what is kept of them, and whether one is right.
//!
//! Both cost much on purpose, so they must never run on the thread that answers.

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use super::accounts::AccountsError;

/// How long a password is at least, in characters. Length is what guessing costs.
const CHARACTERS_MIN: usize = 12;
/// How long at most, in bytes.
pub(crate) const BYTES_MAX: usize = 1024;
/// How much a hash in a file may ask for: KiB of memory, passes, lanes.
const COST_MAX: (u32, u32, u32) = (1 << 20, 16, 4);

/// What is kept of a password: argon2id in the PHC form, with its salt and its cost.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Kept(String);

impl Kept {
    /// Of a password that is long enough.
    pub(crate) fn of(password: &str) -> Result<Self, AccountsError> {
        if password.chars().count() < CHARACTERS_MIN || password.len() > BYTES_MAX {
            return Err(AccountsError::Password { least: CHARACTERS_MIN, most: BYTES_MAX });
        }
        let hashed = hasher(Params::DEFAULT).hash_password(password.as_bytes());
        hashed.map(|hash| Self(hash.to_string())).map_err(|_| AccountsError::Hash)
    }

    /// Nobody's, with the cost of all others: who is not known costs as much time as who is.
    pub(crate) fn nobodys() -> Self {
        Self(NOBODYS.to_owned())
    }

    /// Whether `password` is the one. Blocks for as long as that costs.
    pub(crate) fn fits(&self, password: &str) -> bool {
        let Ok(parsed) = PasswordHash::new(&self.0) else { return false };
        password.len() <= BYTES_MAX
            && Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
    }
}

/// A hash that no password is known to give.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA\
                       $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn hasher(cost: Params) -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cost)
}

impl TryFrom<String> for Kept {
    type Error = &'static str;

    /// A file must not make the server take all memory, or compare with something weak.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parsed = PasswordHash::new(&text).map_err(|_| "no hash of a password")?;
        if parsed.algorithm.as_str() != "argon2id" {
            return Err("a hash that is not argon2id");
        }
        let cost = Params::try_from(&parsed).map_err(|_| "a hash whose cost cannot be read")?;
        let (memory, passes, lanes) = COST_MAX;
        if cost.m_cost() > memory || cost.t_cost() > passes || cost.p_cost() > lanes {
            return Err("a hash that costs too much");
        }
        Ok(Self(text))
    }
}

impl From<Kept> for String {
    fn from(kept: Kept) -> Self {
        kept.0
    }
}

impl AsRef<str> for Kept {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_fits_and_two_of_the_same_are_kept_differently() {
        let kept = Kept::of("correct horse battery").unwrap();
        assert!(kept.fits("correct horse battery"));
        assert!(!kept.fits("correct horse batterY") && !kept.fits(""));
        assert_ne!(kept, Kept::of("correct horse battery").unwrap());
        assert!(kept.as_ref().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(!format!("{kept:?}").contains('$'));
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        for wrong in ["", "elevenchars", &"x".repeat(BYTES_MAX + 1)] {
            assert!(Kept::of(wrong).is_err(), "{wrong}");
        }
        assert!(Kept::of("twelve chars").is_ok());
    }

    #[test]
    fn nobodys_costs_what_others_cost_and_nothing_fits_it() {
        let nobodys = PasswordHash::new(NOBODYS).unwrap();
        let (cost, usual) = (Params::try_from(&nobodys).unwrap(), Params::DEFAULT);
        let of = |cost: &Params| (cost.m_cost(), cost.t_cost(), cost.p_cost());
        assert_eq!(of(&cost), of(&usual));
        assert_eq!(nobodys.hash.unwrap().as_bytes().len(), Params::DEFAULT_OUTPUT_LEN);
        assert!(!Kept::nobodys().fits("nobody knows this"));
    }

    #[test]
    fn a_hash_in_a_file_may_not_be_weak_or_dear() {
        let read = |text: &str| Kept::try_from(text.to_owned());
        assert!(read(NOBODYS).is_ok());
        assert!(read(&NOBODYS.replace("argon2id", "argon2d")).is_err());
        assert!(read(&NOBODYS.replace("m=19456", "m=4000000")).is_err());
        assert!(read(&NOBODYS.replace("t=2", "t=2000")).is_err());
        assert!(read("secret").is_err());
    }
}
