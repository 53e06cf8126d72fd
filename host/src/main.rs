//! The thin binary: everything is in the library.

use std::process::ExitCode;

use bestand::cli::Cli;
use bestand::plugin::sandbox::worker;

fn main() -> ExitCode {
    // Before anything else is set up: a worker is to hold nothing that it does not need.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == worker::COMMAND)
    {
        return worker::run();
    }
    Cli::of_process().run().into()
}
