//! The machine a library runs on, and what a library needs of it: the processor's kind and the age of its glibc.
//!
//! The dynamic linker checks both as well, but says it in words that help nobody.

use std::fmt;
use std::fs::File;
use std::path::Path;
use std::str::FromStr;

use object::Endianness;
use object::elf::{EM_AARCH64, EM_RISCV, EM_X86_64, FileHeader64};
use object::read::elf::{FileHeader, SectionHeader};
use object::read::{ReadCache, ReadRef};

/// What the names of its versions begin with.
const GLIBC: &str = "GLIBC_";
/// Longest note of a compiler that is kept, in characters.
const COMPILER_CHARS_MAX: usize = 100;

/// This machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Its target triple, by which packages name libraries.
    pub target: String,
    /// Its glibc; nothing when it has another C library, or its version cannot be read.
    pub glibc: Option<Glibc>,
}

/// A version of glibc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Glibc {
    major: u32,
    minor: u32,
}

/// What a library says it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// The target triple it was built for; nothing for a kind of processor unknown here.
    pub target: Option<String>,
    /// The oldest glibc it runs with.
    pub glibc: Option<Glibc>,
    /// The compiler, when it says.
    pub built_with: String,
}

/// A text that is no version of glibc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a version of glibc is written as `2.31`")]
pub struct NoGlibc;

// === impl Machine ===

impl Machine {
    /// This one.
    #[must_use]
    pub fn here() -> Self {
        let libc = if cfg!(target_env = "musl") {
            "musl"
        } else {
            "gnu"
        };
        Self {
            target: format!(
                "{}-unknown-{}-{libc}",
                std::env::consts::ARCH,
                std::env::consts::OS
            ),
            glibc: glibc_here(),
        }
    }
}

/// The glibc that this process runs with, read from the versions that its file defines.
fn glibc_here() -> Option<Glibc> {
    let maps = std::fs::read_to_string("/proc/self/maps").ok()?;
    let mut paths = maps
        .lines()
        .filter_map(|line| line.split_whitespace().nth(5));
    let libc = paths.find(|path| {
        path.rsplit('/')
            .next()
            .is_some_and(|name| name.starts_with("libc.so.6"))
    })?;
    let file = ReadCache::new(File::open(Path::new(libc)).ok()?);
    defined(&file).ok()?
}

// === impl Needs ===

impl Needs {
    /// What the library in `file` needs.
    ///
    /// # Errors
    /// When it is no library of 64 bits, or a damaged one.
    pub fn of(file: &File) -> Result<Self, object::read::Error> {
        let data = ReadCache::new(file);
        let data = &data;
        let header = FileHeader64::<Endianness>::parse(data)?;
        let endian = header.endian()?;
        Ok(Self {
            target: target(header.e_machine(endian)),
            glibc: needed(header, endian, data)?,
            built_with: compiler(header, endian, data)?,
        })
    }
}

fn target(machine: u16) -> Option<String> {
    let processor = match machine {
        EM_X86_64 => "x86_64",
        EM_AARCH64 => "aarch64",
        EM_RISCV => "riscv64gc",
        _ => return None,
    };
    Some(format!("{processor}-unknown-linux-gnu"))
}

/// The newest version of glibc that is named among what it links to.
fn needed<'data, R: ReadRef<'data>>(
    header: &FileHeader64<Endianness>,
    endian: Endianness,
    data: R,
) -> Result<Option<Glibc>, object::read::Error> {
    let sections = header.sections(endian, data)?;
    let Some((mut libraries, link)) = sections.gnu_verneed(endian, data)? else {
        return Ok(None);
    };
    let names = sections.strings(endian, data, link)?;
    let mut newest = None;
    while let Some((_, mut versions)) = libraries.next()? {
        while let Some(version) = versions.next()? {
            newest = newest.max(Glibc::of_symbol(version.name(endian, names)?));
        }
    }
    Ok(newest)
}

/// The newest version of glibc that it defines.
fn defined<'data, R: ReadRef<'data>>(data: R) -> Result<Option<Glibc>, object::read::Error> {
    let header = FileHeader64::<Endianness>::parse(data)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, data)?;
    let Some((mut definitions, link)) = sections.gnu_verdef(endian, data)? else {
        return Ok(None);
    };
    let names = sections.strings(endian, data, link)?;
    let mut newest = None;
    while let Some((_, mut versions)) = definitions.next()? {
        if let Some(version) = versions.next()? {
            newest = newest.max(Glibc::of_symbol(version.name(endian, names)?));
        }
    }
    Ok(newest)
}

/// Compilers leave a note of themselves, one after the other; Rust's is the one that counts.
fn compiler<'data, R: ReadRef<'data>>(
    header: &FileHeader64<Endianness>,
    endian: Endianness,
    data: R,
) -> Result<String, object::read::Error> {
    let sections = header.sections(endian, data)?;
    let Some((_, section)) = sections.section_by_name(endian, b".comment") else {
        return Ok(String::new());
    };
    let notes = section.data(endian, data)?;
    let notes = notes.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let rust = notes.into_iter().find(|note| note.starts_with("rustc"));
    Ok(rust
        .unwrap_or_default()
        .chars()
        .filter(|char| !char.is_control())
        .take(COMPILER_CHARS_MAX)
        .collect())
}

// === impl Glibc ===

impl Glibc {
    /// `GLIBC_2.34`, and nothing for `GLIBC_PRIVATE` and versions of other libraries.
    fn of_symbol(name: &[u8]) -> Option<Self> {
        let version = std::str::from_utf8(name).ok()?.strip_prefix(GLIBC)?;
        version.parse().ok()
    }
}

impl FromStr for Glibc {
    type Err = NoGlibc;

    fn from_str(text: &str) -> Result<Self, NoGlibc> {
        // A third number, as in 2.2.5, marks corrections from before 2004.
        let mut numbers = text.split('.').map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => Ok(Self { major, minor }),
            _ => Err(NoGlibc),
        }
    }
}

impl fmt::Display for Glibc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        let read = |text: &str| text.parse::<Glibc>();
        assert!(read("2.9").unwrap() < read("2.34").unwrap());
        assert_eq!(read("2.2.5").unwrap().to_string(), "2.2");
        assert_eq!(read("PRIVATE"), Err(NoGlibc));
        assert_eq!(Glibc::of_symbol(b"GCC_4.2.0"), None);
    }

    #[test]
    fn this_program_runs_here() {
        let here = Machine::here();
        let program = File::open(std::env::current_exe().unwrap()).unwrap();
        let needs = Needs::of(&program).unwrap();
        assert_eq!(needs.target.as_ref(), Some(&here.target));
        assert!(
            needs.built_with.starts_with("rustc version 1."),
            "{needs:?}"
        );
        assert!(needs.glibc <= here.glibc, "{needs:?} on {here:?}");
    }

    #[test]
    fn what_is_no_library_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter");
        std::fs::write(&path, "A letter.").unwrap();
        assert!(Needs::of(&File::open(path).unwrap()).is_err());
    }
}
