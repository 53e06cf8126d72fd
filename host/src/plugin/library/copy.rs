//! A library as it was when it was read: a sealed copy in memory, so that what was checked is what runs.
//!
//! A mapped file that is cut short, as `cp` does with the file it writes over, takes the process down at the next
//! touch. And the dynamic linker knows libraries by their paths: for a new file under an old name it answers the old
//! library. A copy has neither trouble, can be handed to another process, and is known by what it holds.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use sha2::{Digest, Sha256};

/// Largest library that is taken, because it is held in memory.
const LIBRARY_BYTES_MAX: u64 = 512 << 20;
/// How much of it is copied at a time.
const STEP_BYTES: usize = 256 << 10;

/// A library that nobody can change any more. Cheap to clone; clones are the same copy.
#[derive(Clone, Debug)]
pub struct Sealed {
    file: Arc<File>,
    sha256: [u8; 32],
    bytes: u64,
}

/// Which state of a file it is: the time of the last change moves with every write.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    bytes: u64,
    changed_at: (i64, i64),
}

// === impl Sealed ===

impl Sealed {
    /// Copies the library at `path`.
    ///
    /// # Errors
    /// When it cannot be read, is no regular file, too long, or being written at the moment.
    pub fn of(path: &Path) -> io::Result<Self> {
        // Before it is opened: a pipe would be waited for.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        Self::of_file(File::open(path)?)
    }

    /// Copies a library that is open already.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn of_file(mut file: File) -> io::Result<Self> {
        let state = State::of(&file)?;
        if state.bytes > LIBRARY_BYTES_MAX {
            let message = format!("it is longer than {} MiB", LIBRARY_BYTES_MAX >> 20);
            return Err(io::Error::other(message));
        }
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let mut copy = File::from(memfd_create("plugin", flags)?);
        let sha256 = copy_and_hash(&mut file, &mut copy)?;
        if State::of(&file)? != state {
            return Err(io::Error::other("it is being written; try again later"));
        }
        let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
        fcntl_add_seals(&copy, seals)?;
        Ok(Self {
            file: Arc::new(copy),
            sha256,
            bytes: state.bytes,
        })
    }

    /// A copy that another process has made and sealed.
    ///
    /// # Errors
    /// When its length cannot be told.
    pub fn received(file: File, sha256: [u8; 32]) -> io::Result<Self> {
        let bytes = file.metadata()?.len();
        let file = Arc::new(file);
        Ok(Self {
            file,
            sha256,
            bytes,
        })
    }

    /// What it holds, in short.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// Its length in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }
}

impl AsFd for Sealed {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

fn copy_and_hash(from: &mut File, to: &mut File) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut step = vec![0; STEP_BYTES];
    loop {
        let read = from.read(&mut step)?;
        if read == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(&step[..read]);
        to.write_all(&step[..read])?;
    }
}

// === impl State ===

impl State {
    fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self {
            bytes: metadata.len(),
            changed_at: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }
}
