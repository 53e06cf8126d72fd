//! Gives back the pages of the program that only starting a worker needed.
//!
//! Every worker is the whole daemon's program. What it runs on its way to the library is several times what it runs
//! afterwards, and the kernel would count it to each of them.

#![expect(
    unsafe_code,
    reason = "memory is named by its address, and giving back the wrong pages would lose what is in them"
)]

use std::ffi::c_void;
use std::fs;

use rustix::mm::{Advice, madvise};

/// Where the program's code is mapped; read before files can no longer be.
#[derive(Debug, Default)]
pub(super) struct Pages(Vec<(usize, usize)>);

// === impl Pages ===

impl Pages {
    /// The code of the running program; nothing on a system that does not tell.
    pub(super) fn of_program() -> Self {
        let found = fs::read_link("/proc/self/exe").and_then(|program| {
            let maps = fs::read_to_string("/proc/self/maps")?;
            Ok(code(&maps, &program.to_string_lossy()))
        });
        Self(found.unwrap_or_default())
    }

    /// What is needed again is read again, from the file in the kernel's memory.
    pub(super) fn give_back(&self) {
        for (start, end) in &self.0 {
            let address = std::ptr::without_provenance_mut::<c_void>(*start);
            // SAFETY: the range is a mapping of the program's file that can be read and executed, but not written.
            // Its pages hold what is in the file, so that the kernel puts the very same there when they are touched.
            let given = unsafe { madvise(address, end - start, Advice::LinuxDontNeed) };
            // A kernel that keeps them has only more memory in use.
            let _ = given;
        }
    }
}

/// The ranges of `maps` that are code of `program`.
fn code(maps: &str, program: &str) -> Vec<(usize, usize)> {
    let range = |line: &str| {
        let (range, rest) = line.split_once(' ')?;
        if !rest.starts_with("r-xp") || !rest.ends_with(program) {
            return None;
        }
        let (start, end) = range.split_once('-')?;
        let number = |text| usize::from_str_radix(text, 16).ok();
        Some((number(start)?, number(end)?))
    };
    maps.lines().filter_map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_programs_own_code_is_given_back() {
        let maps = "\
            1000-2000 r--p 00000000 08:01 1 /usr/bin/bestand\n\
            2000-a000 r-xp 00001000 08:01 1 /usr/bin/bestand\n\
            a000-b000 rw-p 00009000 08:01 1 /usr/bin/bestand\n\
            c000-d000 r-xp 00000000 08:01 2 /usr/lib/libc.so.6\n";
        assert_eq!(code(maps, "/usr/bin/bestand"), [(0x2000, 0xa000)]);
    }

    #[test]
    fn a_program_runs_on_after_its_pages_were_given_back() {
        let pages = Pages::of_program();
        assert!(!pages.0.is_empty());
        pages.give_back();
        assert_eq!(code("", "/usr/bin/bestand"), []);
    }
}
