//! A running daemon, as other processes see it: the file with its process id, and what became of a reload.
//!
//! The daemon holds the one and writes the other; `bestand reload` reads both. Both are in the store's folder.

pub mod pid_file;
pub mod reload_report;
