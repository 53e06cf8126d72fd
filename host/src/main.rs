//! The thin binary: everything is in the library.

use std::process::ExitCode;

use bestand::cli::Cli;

fn main() -> ExitCode {
    Cli::of_process().run().into()
}
