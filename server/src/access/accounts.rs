//! Who may use the server: users with passwords, and tokens for programs.
//!
//! Must never hold a password or a token, only what tells whether one is right.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::password::Kept;
use super::role::Role;
use super::secret::{Digest, Secret};

/// The version of the file that is written.
const FORMAT: u32 = 1;
/// What every token begins with, so that it is known where it should not be.
pub const TOKEN_PREFIX: &str = "tutti_";
/// How many users there are at most, and how many tokens.
const COUNT_MAX: usize = 1000;
/// How long a name is at most.
pub(crate) const NAME_MAX: usize = 64;
/// Who authors are besides users.
const RESERVED: [&str; 3] = ["local", "file", "token"];

/// All users and tokens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Accounts {
    pub(crate) format: u32,
    pub(crate) users: Vec<User>,
    pub(crate) tokens: Vec<Token>,
}

/// Somebody who logs in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    /// As they write it, and as others see who did something.
    pub name: String,
    /// What they may do.
    pub role: Role,
    pub(crate) password: Kept,
}

/// A program that may use the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Token {
    /// By which it can be revoked, and as others see who did something.
    pub name: String,
    /// What it may do.
    pub role: Role,
    pub(crate) secret: Digest,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// From when on it is none any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_ms: Option<i64>,
}

/// What hinders a change of users or tokens.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// A name that is none.
    #[error(
        "\"{0}\" cannot be a name: write up to 64 letters, digits and \".\", \"_\", \"-\", \"@\", \
         beginning with a letter or digit; \"local\", \"file\" and \"token\" are taken"
    )]
    Name(String),
    /// One that is there already.
    #[error("there is a {what} \"{name}\" already")]
    Exists {
        /// What.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// One that is not there.
    #[error("there is no {what} \"{name}\"")]
    Unknown {
        /// What.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// There are too many.
    #[error("there are {COUNT_MAX} already, which is the most")]
    Full,
    /// A password that is not taken.
    #[error("a password has at least {least} characters, and at most {most} bytes")]
    Password {
        /// Characters.
        least: usize,
        /// Bytes.
        most: usize,
    },
    /// A password could not be hashed.
    #[error("the password cannot be hashed: this machine lacks memory or chance")]
    Hash,
    /// The system gives no random bits.
    #[error("the system gives no random bits")]
    Chance(#[source] io::Error),
    /// The file cannot be read.
    #[error("the users in \"{}\" cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not what it should be. What is in it is never told.
    #[error(
        "\"{}\" holds no users (line {line}, column {column}): bring back a copy, or make it anew \
         with \"tutti user add\" after it is put aside", path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line of the mistake, from 1.
        line: usize,
        /// The column of the mistake, from 1.
        column: usize,
    },
    /// The file was written by a later version.
    #[error("\"{}\" was written by a later version: format {format}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The format's number.
        format: u32,
    },
    /// The file cannot be written.
    #[error("the users cannot be written to \"{}\"", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Default for Accounts {
    fn default() -> Self {
        Self { format: FORMAT, users: Vec::new(), tokens: Vec::new() }
    }
}

impl Accounts {
    /// Users, by name.
    pub fn users(&self) -> &[User] {
        &self.users
    }

    /// Tokens, by name.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Whether nobody is known.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.tokens.is_empty()
    }

    /// Whether it is of a version that is known, with names that can be.
    pub(crate) fn is_known(&self) -> bool {
        self.format == FORMAT
    }

    /// Adds a user.
    ///
    /// # Errors
    /// When the name or the password is not taken.
    pub fn add_user(
        &mut self,
        name: &str,
        role: Role,
        password: &str,
    ) -> Result<(), AccountsError> {
        check(name)?;
        if self.users.iter().any(|user| user.name == name) {
            return Err(AccountsError::Exists { what: "user", name: name.to_owned() });
        }
        if self.users.len() >= COUNT_MAX {
            return Err(AccountsError::Full);
        }
        let password = Kept::of(password)?;
        self.users.push(User { name: name.to_owned(), role, password });
        self.users.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(())
    }

    /// Gives a user another password.
    ///
    /// # Errors
    /// When there is no such user, or the password is not taken.
    pub fn set_password(&mut self, name: &str, password: &str) -> Result<(), AccountsError> {
        self.user(name)?.password = Kept::of(password)?;
        Ok(())
    }

    /// Gives a user another role.
    ///
    /// # Errors
    /// When there is no such user.
    pub fn set_role(&mut self, name: &str, role: Role) -> Result<(), AccountsError> {
        self.user(name)?.role = role;
        Ok(())
    }

    /// Takes a user out.
    ///
    /// # Errors
    /// When there is no such user.
    pub fn remove_user(&mut self, name: &str) -> Result<(), AccountsError> {
        self.user(name)?;
        self.users.retain(|user| user.name != name);
        Ok(())
    }

    fn user(&mut self, name: &str) -> Result<&mut User, AccountsError> {
        let found = self.users.iter_mut().find(|user| user.name == name);
        found.ok_or_else(|| AccountsError::Unknown { what: "user", name: name.to_owned() })
    }

    /// Makes a token, and hands back what its program has to show.
    ///
    /// # Errors
    /// When the name is not taken.
    pub fn create_token(
        &mut self,
        name: &str,
        role: Role,
        created_ms: i64,
        expires_ms: Option<i64>,
    ) -> Result<Secret, AccountsError> {
        check(name)?;
        if self.tokens.iter().any(|token| token.name == name) {
            return Err(AccountsError::Exists { what: "token", name: name.to_owned() });
        }
        if self.tokens.len() >= COUNT_MAX {
            return Err(AccountsError::Full);
        }
        let secret = Secret::new(TOKEN_PREFIX).map_err(AccountsError::Chance)?;
        let (name, kept) = (name.to_owned(), Digest::of(secret.reveal()));
        self.tokens.push(Token { name, role, secret: kept, created_ms, expires_ms });
        self.tokens.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(secret)
    }

    /// Takes a token out.
    ///
    /// # Errors
    /// When there is no such token.
    pub fn revoke_token(&mut self, name: &str) -> Result<(), AccountsError> {
        let before = self.tokens.len();
        self.tokens.retain(|token| token.name != name);
        if self.tokens.len() == before {
            return Err(AccountsError::Unknown { what: "token", name: name.to_owned() });
        }
        Ok(())
    }
}

/// Names are told in logs and in the history of flows: nothing in them needs to be escaped there.
fn check(name: &str) -> Result<(), AccountsError> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-@".contains(letter);
    let is_right = name.len() <= NAME_MAX
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(is_plain)
        && !RESERVED.contains(&name);
    if is_right {
        return Ok(());
    }
    Err(AccountsError::Name(name.chars().take(NAME_MAX).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "a long password";

    #[test]
    fn names_need_no_escaping_and_are_nobody_elses() {
        for right in ["ann", "a.b-c_d@e.org", "1", &"x".repeat(NAME_MAX)] {
            assert!(check(right).is_ok(), "{right}");
        }
        for wrong in ["", "-x", "a b", "a\nb", "ä", "local", "file", "a:b", &"x".repeat(65)] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_user_is_there_once_and_changed_by_name() {
        let mut accounts = Accounts::default();
        accounts.add_user("bob", Role::Viewer, PASSWORD).unwrap();
        accounts.add_user("ann", Role::Admin, PASSWORD).unwrap();
        assert!(accounts.add_user("ann", Role::Admin, PASSWORD).is_err());
        let names: Vec<_> = accounts.users().iter().map(|user| &*user.name).collect();
        assert_eq!(names, ["ann", "bob"]);
        accounts.set_role("bob", Role::Editor).unwrap();
        accounts.set_password("bob", "another password").unwrap();
        assert_eq!(accounts.users()[1].role, Role::Editor);
        assert!(accounts.users()[1].password.fits("another password"));
        accounts.remove_user("bob").unwrap();
        assert!(
            accounts.remove_user("bob").is_err() && accounts.set_role("bob", Role::Admin).is_err()
        );
    }

    #[test]
    fn a_token_is_shown_once_and_not_kept() {
        let mut accounts = Accounts::default();
        let secret = accounts.create_token("ci", Role::Editor, 5, None).unwrap();
        assert!(secret.reveal().starts_with(TOKEN_PREFIX));
        let written = serde_json::to_string(&accounts).unwrap();
        assert!(!written.contains(secret.reveal()));
        assert!(!written.contains(&secret.reveal()[TOKEN_PREFIX.len()..]));
        assert!(accounts.create_token("ci", Role::Editor, 5, None).is_err());
        accounts.revoke_token("ci").unwrap();
        assert!(accounts.revoke_token("ci").is_err() && accounts.is_empty());
    }
}
