//! A library as it was when it was opened: a sealed copy in memory, so that what was checked is what runs.
//!
//! A mapped file that is cut short, as `cp` does with the file it writes over, takes the daemon down at the next
//! touch. And the dynamic linker knows libraries by their paths: for a new file under an old name it answers the old
//! library. A copy has neither trouble.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

/// Largest library that is taken, because it is held in memory.
const LIBRARY_BYTES_MAX: u64 = 512 << 20;

/// A library file that is open for reading.
pub(super) struct Original {
    file: File,
    state: State,
}

/// Which file it is, and which of its states: the time of the last change moves with every write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    device: u64,
    inode: u64,
    bytes: u64,
    changed_at: (i64, i64),
}

// === impl Original ===

impl Original {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        // Before it is opened: a pipe would be waited for.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        let file = File::open(path)?;
        let state = State::of(&file)?;
        match state.bytes > LIBRARY_BYTES_MAX {
            true => Err(io::Error::other(format!(
                "it is longer than {} MiB",
                LIBRARY_BYTES_MAX >> 20
            ))),
            false => Ok(Self { file, state }),
        }
    }

    pub(super) fn state(&self) -> State {
        self.state
    }

    /// Nobody can write to the copy any more, nor cut it short.
    pub(super) fn copy(mut self) -> io::Result<File> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let mut copy = File::from(memfd_create("plugin", flags)?);
        io::copy(&mut self.file, &mut copy)?;
        if State::of(&self.file)? != self.state {
            return Err(io::Error::other("it is being written; try again later"));
        }
        let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
        fcntl_add_seals(&copy, seals)?;
        Ok(copy)
    }
}

// === impl State ===

impl State {
    fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.len(),
            changed_at: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }
}
