//! What all rows share: the sizes, a folder on a real disk, and a daemon's data once it has been filled.

use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::TempDir;

use crate::sizes::Sizes;
use crate::stocked::Stocked;

/// What all rows share.
pub(crate) struct Bench {
    pub(crate) sizes: Sizes,
    /// Where the programs and libraries that are measured lie: beside this one.
    pub(crate) programs: PathBuf,
    folder: TempDir,
    sites: usize,
    stocked: Option<Stocked>,
}

// === impl Bench ===

impl Bench {
    /// A bench beside this program: what is durable must be so on a disk, and temporary folders are often memory.
    pub(crate) fn new(sizes: Sizes) -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let programs = program.parent().context("this program lies in no folder")?;
        let folder = tempfile::Builder::new()
            .prefix("bench-")
            .tempdir_in(programs)?;
        Ok(Self {
            sizes,
            programs: programs.into(),
            folder,
            sites: 0,
            stocked: None,
        })
    }

    /// A new folder within the bench's own, removed with it.
    pub(crate) fn folder(&mut self, name: &str) -> anyhow::Result<PathBuf> {
        self.sites += 1;
        let path = self.folder.path().join(format!("{name}-{}", self.sites));
        std::fs::create_dir(&path)?;
        Ok(path)
    }

    /// A program or library that was built beside this one.
    pub(crate) fn built(&self, name: &str) -> anyhow::Result<PathBuf> {
        find_built(&self.programs, name)
    }

    /// The data of a daemon that has brought in the whole listing; brought in now if it was not before.
    pub(crate) fn stocked(&mut self) -> anyhow::Result<&Stocked> {
        if self.stocked.is_none() {
            let stocked = Stocked::fill(self)?;
            self.stocked = Some(stocked);
        }
        Ok(self.stocked.as_ref().expect("it was put there just now"))
    }

    /// Keeps `stocked` for the rows to come.
    pub(crate) fn keep(&mut self, stocked: Stocked) {
        self.stocked = Some(stocked);
    }
}

fn find_built(folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let path = folder.join(name);
    match path.is_file() {
        true => Ok(path),
        false => anyhow::bail!(
            "`{}` is missing; start the benchmark by `tests/bench`, which builds it",
            path.display()
        ),
    }
}
