//! Ends of the whole process.

#![expect(unsafe_code, reason = "no safe code touches memory that is not there")]

use std::hint::black_box;
use std::io::Write;
use std::ptr;

/// An address that is never mapped, and not the one that debug builds look out for.
const NOWHERE: usize = 4096 - 8;

/// What an author's slip in C does.
pub(crate) fn segfault() -> ! {
    let nowhere = ptr::without_provenance_mut::<u64>(NOWHERE);
    // SAFETY: none; the write ends the process, which is what it is for.
    unsafe { nowhere.write_volatile(1) };
    unreachable!("memory was written that is not there")
}

/// What a C++ library does with an exception that nobody catches.
pub(crate) fn abort() -> ! {
    let _ = writeln!(std::io::stderr(), "told to abort");
    std::process::abort()
}

pub(crate) fn overflow_the_stack() {
    fn deeper(depth: u64) -> u64 {
        let room = black_box([depth; 64]);
        match depth == u64::MAX {
            true => 0,
            false => deeper(black_box(depth + 1)) + room[0],
        }
    }
    black_box(deeper(0));
}
