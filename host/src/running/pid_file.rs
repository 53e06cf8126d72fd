//! The file with the daemon's process id, locked for as long as the daemon lives.
//!
//! The lock tells whether a daemon is running, the number in the file only who it is: a daemon that was killed leaves
//! its file behind, but never its lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often the lock is tried: somebody who only looks holds it for a moment, and the file may be removed by its
/// former holder between opening and locking it.
const TRIES_MAX: usize = 10;
/// How long to wait between two tries.
const TRY_INTERVAL: Duration = Duration::from_millis(10);

/// The file, held by this process. Dropped, it is removed.
#[derive(Debug)]
pub struct PidFile {
    path: PathBuf,
    /// Open for its lock.
    _file: File,
}

/// Why the file cannot be held.
#[derive(Debug, thiserror::Error)]
pub enum PidFileError {
    /// Another daemon works in this folder.
    #[error("a daemon is running here already{}; stop it first (`{}` is locked)", shown(*pid), path.display())]
    Running {
        /// Its process, when it has written it.
        pid: Option<u32>,
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be made, read or locked.
    #[error("cannot use pid file `{}`: {cause}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
}

// === impl PidFile ===

impl PidFile {
    /// Writes this process's id into the file and locks it.
    ///
    /// # Errors
    /// When another process holds it, or it cannot be written.
    pub fn hold(path: &Path) -> Result<Self, PidFileError> {
        let unusable = |cause| PidFileError::Unusable {
            path: path.into(),
            cause,
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(unusable)?;
        }
        for _ in 0..TRIES_MAX {
            let mut file = open(path).map_err(unusable)?;
            match file.try_lock() {
                Ok(()) if is_still_at(path, &file) => {
                    write_pid(&mut file).map_err(unusable)?;
                    return Ok(Self {
                        path: path.into(),
                        _file: file,
                    });
                }
                Ok(()) | Err(TryLockError::WouldBlock) => std::thread::sleep(TRY_INTERVAL),
                Err(TryLockError::Error(cause)) => return Err(unusable(cause)),
            }
        }
        Err(PidFileError::Running {
            pid: read_pid(path),
            path: path.into(),
        })
    }

    /// The process that holds the file; `None` when no daemon is running.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn holder(path: &Path) -> Result<Option<u32>, PidFileError> {
        let unusable = |cause| PidFileError::Unusable {
            path: path.into(),
            cause,
        };
        let file = match File::open(path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(unusable)?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => Ok(read_pid(path)),
            Err(TryLockError::Error(cause)) => Err(unusable(cause)),
        }
    }
}

impl Drop for PidFile {
    /// Still locked: nobody can have taken the place of the file that is removed.
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::debug!(path = %self.path.display(), %error, "the pid file was gone already");
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

/// Whether the file was not removed by its former holder before it was locked.
fn is_still_at(path: &Path, file: &File) -> bool {
    match (fs::metadata(path), file.metadata()) {
        (Ok(there), Ok(held)) => (there.dev(), there.ino()) == (held.dev(), held.ino()),
        _ => false,
    }
}

fn write_pid(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())
}

fn read_pid(path: &Path) -> Option<u32> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

fn shown(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" as process {pid}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_file_names_its_process_and_is_gone_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/bestand.pid");
        assert_eq!(PidFile::holder(&path).unwrap(), None);
        let held = PidFile::hold(&path).unwrap();
        assert_eq!(PidFile::holder(&path).unwrap(), Some(std::process::id()));
        drop(held);
        assert_eq!(PidFile::holder(&path).unwrap(), None);
        assert!(!path.exists());
    }

    #[test]
    fn a_second_daemon_is_refused_by_the_first_ones_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bestand.pid");
        let _held = PidFile::hold(&path).unwrap();
        let refusal = PidFile::hold(&path).unwrap_err().to_string();
        let expected = format!(
            "a daemon is running here already as process {}; stop it first",
            std::process::id()
        );
        assert!(refusal.starts_with(&expected), "{refusal}");
    }

    #[test]
    fn the_file_of_a_daemon_that_was_killed_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bestand.pid");
        fs::write(&path, "4000000000\n").unwrap();
        assert_eq!(PidFile::holder(&path).unwrap(), None);
        let _held = PidFile::hold(&path).unwrap();
        assert_eq!(PidFile::holder(&path).unwrap(), Some(std::process::id()));
    }
}
