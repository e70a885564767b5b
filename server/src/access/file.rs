//! The file of users and tokens: read whole, written whole, readable by its owner alone.
//!
//! Must never leave half a file, nor lose what another process has written meanwhile.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::accounts::{Accounts, AccountsError};

/// The longest that is read, in bytes.
const BYTES_MAX: u64 = 4 << 20;

/// The file of users and tokens, which need not be there.
#[derive(Debug, Clone)]
pub struct AccountsFile {
    path: PathBuf,
}

impl AccountsFile {
    /// The file at `path`.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What it says; nothing when it is not there.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub fn read(&self) -> Result<Option<Accounts>, AccountsError> {
        let bytes = match self.bytes() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(AccountsError::Read { path: self.path.clone(), source }),
        };
        let accounts: Accounts =
            serde_json::from_slice(&bytes).map_err(|error| AccountsError::Malformed {
                path: self.path.clone(),
                line: error.line(),
                column: error.column(),
            })?;
        if !accounts.is_known() {
            return Err(AccountsError::Format { path: self.path.clone(), format: accounts.format });
        }
        Ok(Some(accounts))
    }

    fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(&self.path)?.take(BYTES_MAX + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > BYTES_MAX {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }

    /// Changes what it says, and returns once that is on the disk. A server that runs sees it.
    ///
    /// # Errors
    /// When the change fails, or the file cannot be read or written: then it is as it was.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&mut Accounts) -> Result<T, AccountsError>,
    ) -> Result<T, AccountsError> {
        let failed = |source| AccountsError::Write { path: self.path.clone(), source };
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(failed)?;
        // One change at a time; the lock ends with the file.
        let lock = private().open(self.path.with_extension("lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let mut accounts = self.read()?.unwrap_or_default();
        let changed = change(&mut accounts)?;
        self.write(&accounts, folder).map_err(failed)?;
        Ok(changed)
    }

    fn write(&self, accounts: &Accounts, folder: &Path) -> io::Result<()> {
        // Such a file is its owner's alone from the beginning.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, accounts)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()
    }
}

/// How a file is opened that only its owner may read.
fn private() -> fs::OpenOptions {
    let mut options = File::options();
    options.create(true).write(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::role::Role;

    const PASSWORD: &str = "a long password";

    #[test]
    fn what_is_changed_is_in_the_file_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = AccountsFile::new(folder.path().join("data/users.json"));
        assert_eq!(file.read().unwrap(), None);
        file.change(|accounts| accounts.add_user("ann", Role::Admin, PASSWORD)).unwrap();
        let read = file.read().unwrap().unwrap();
        assert_eq!((&*read.users()[0].name, read.users()[0].role), ("ann", Role::Admin));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(file.path()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let text = fs::read_to_string(file.path()).unwrap();
        assert!(!text.contains(PASSWORD), "{text}");
    }

    #[test]
    fn a_change_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = AccountsFile::new(folder.path().join("users.json"));
        file.change(|accounts| accounts.add_user("ann", Role::Admin, PASSWORD)).unwrap();
        let before = fs::read(file.path()).unwrap();
        let failed = file.change(|accounts| {
            accounts.remove_user("ann")?;
            accounts.remove_user("bob")
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(file.path()).unwrap(), before);
    }

    #[test]
    fn changes_of_many_at_a_time_are_all_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = AccountsFile::new(folder.path().join("users.json"));
        std::thread::scope(|scope| {
            for number in 0..8 {
                let file = &file;
                scope.spawn(move || {
                    let name = format!("token{number}");
                    let made = |accounts: &mut Accounts| {
                        accounts.create_token(&name, Role::Viewer, 0, None)
                    };
                    file.change(made).unwrap();
                });
            }
        });
        assert_eq!(file.read().unwrap().unwrap().tokens().len(), 8);
    }

    #[test]
    fn what_is_no_file_of_users_is_refused_and_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = AccountsFile::new(folder.path().join("users.json"));
        let told = |text: &str| {
            fs::write(file.path(), text).unwrap();
            file.read().unwrap_err().to_string()
        };
        assert!(told("{\"secret\": 1}").contains("line 1"));
        assert!(!told("{\"secret\": 1}").contains("secret"));
        assert!(told("").contains("holds no users"));
        assert!(told("{\"format\":2,\"users\":[],\"tokens\":[]}").contains("later version"));
        let weak = "{\"format\":1,\"users\":\
                    [{\"name\":\"a\",\"role\":\"admin\",\"password\":\"x\"}],\
                    \"tokens\":[]}";
        assert!(told(weak).contains("holds no users"));
    }
}
