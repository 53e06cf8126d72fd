//! What goes wrong when the plugin is started, before it has any settings.
//!
//! A test takes a copy of the library and writes other words of the same length over [`MARK`]:
//! `misbehaving-start:hangs` never comes back, `misbehaving-start:panic` panics.

use std::hint::black_box;

/// Stands once in the library.
pub static MARK: &str = "misbehaving-start:well-";

/// Does what the library says.
pub(crate) fn act() {
    // The compiler must not know what the mark says, for that may have changed since.
    match black_box(MARK).rsplit(':').next() {
        Some("hangs") => loop {
            std::thread::park();
        },
        Some("panic") => panic!("told to panic at the start"),
        _ => {}
    }
}
