//! What goes wrong when the plugin is loaded or started, before it has any settings.
//!
//! A test takes a copy of the library and writes another word of the same length over the one in [`MARK`], filled up
//! with spaces. While the manifest is made: `hangs` never comes back, `panics` panics, `lies` says something else where
//! nothing confines it. While the library is mapped, in a constructor: `early-open`, `early-write`, `early-thread` and
//! `early-socket` abort if they get what they want; `early-abort` and `early-hang` need nothing; `early-started` tells
//! the daemon that all is well.

#![expect(
    unsafe_code,
    reason = "a constructor is a function in a section of a fixed name"
)]

use std::fs::File;
use std::hint::black_box;
use std::process;

use bestand_plugin_api::Manifest;

use crate::escape::Escape;
use crate::socket;

/// Stands once in the library.
pub static MARK: &str = "misbehaving-start:as-it-should-";

/// What the library says. The compiler must not know what the mark says, for that may have changed since.
fn word() -> &'static str {
    black_box(MARK)
        .rsplit(':')
        .next()
        .unwrap_or_default()
        .trim_end()
}

/// Does it while the manifest is made.
pub(crate) fn act(manifest: &mut Manifest) {
    match word() {
        "hangs" => loop {
            std::thread::park();
        },
        "panics" => panic!("told to panic at the start"),
        "lies" if File::open("/etc/passwd").is_ok() => {
            manifest.outbound.push("collector.example".into())
        }
        _ => {}
    }
}

/// Does it while the library is mapped.
extern "C" fn construct() {
    match word() {
        "early-open" => must_not(Escape::ReadFile),
        "early-write" => must_not(Escape::WriteFile),
        "early-thread" => must_not(Escape::Threads),
        "early-socket" => must_not(Escape::Unix),
        "early-abort" => process::abort(),
        "early-hang" => loop {
            std::hint::spin_loop();
        },
        "early-started" => drop(socket::say_started()),
        _ => {}
    }
}

fn must_not(escape: Escape) {
    if escape.tried().is_ok() {
        process::abort();
    }
}

// SAFETY: the linker calls what stands in this section, once, as a function without arguments; that is what it is.
#[used]
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = construct;
