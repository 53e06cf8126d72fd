//! How a command ends: its exit code, and what is said of a failure.

use std::fmt;
use std::io;
use std::process::ExitCode;

use super::output;
use crate::config::problem::Problem;

/// The exit codes, for `--help`.
pub(super) const HELP: &str = "\
Exit codes:
  0   done
  1   failed; the reason is on stderr
  2   done in part: some lines were refused, and each is reported
  64  the command line or the config is wrong; all that is wrong is on stderr

Every key of the config file can be set by a variable: BESTAND__SECTION__KEY";

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All was done.
    Done,
    /// It failed.
    Failed,
    /// Some of what was handed in was refused.
    PartlyRefused,
    /// The command line or the config is wrong.
    Misused,
}

/// A config that cannot be used.
#[derive(Debug)]
pub struct BadConfig(pub Vec<Problem>);

/// A command line that cannot be understood, for reasons clap cannot know.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadArguments(pub String);

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

// === impl Exit ===

impl Exit {
    /// The number that the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::PartlyRefused => 2,
            Self::Misused => 64,
        }
    }
}

/// How a command that came this far ends. Says why it failed.
pub(super) fn of(result: anyhow::Result<Exit>) -> Exit {
    match result {
        Ok(exit) => exit,
        Err(error) if reader_is_gone(&error) => Exit::Done,
        Err(error) => {
            output::complain(&format!("{error:#}"));
            if is_misuse(&error) {
                Exit::Misused
            } else {
                Exit::Failed
            }
        }
    }
}

/// Ends the process at arguments that ask for help or cannot be understood.
pub(super) fn at_arguments(error: &clap::Error) -> ! {
    let exit = if error.use_stderr() {
        Exit::Misused
    } else {
        Exit::Done
    };
    // Nothing is left to do when even this cannot be printed.
    let _ = error.print();
    std::process::exit(exit.code().into())
}

fn is_misuse(error: &anyhow::Error) -> bool {
    error.is::<BadConfig>()
        || error.is::<BadArguments>()
        || error.chain().any(|cause| cause.is::<Problem>())
}

/// `bestand export stock | head` has been answered when `head` has seen enough.
fn reader_is_gone(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    kind == Some(io::ErrorKind::BrokenPipe)
}

impl std::error::Error for BadConfig {}

impl fmt::Display for BadConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(Problem::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn each_kind_of_failure_has_its_code() {
        let check = |error: anyhow::Error, code| assert_eq!(of(Err(error)).code(), code);
        check(anyhow!("the disk is full"), 1);
        check(BadConfig(Vec::new()).into(), 64);
        check(BadArguments("`--map` names no column".into()).into(), 64);
        check(io::Error::from(io::ErrorKind::BrokenPipe).into(), 0);
        check(io::Error::from(io::ErrorKind::PermissionDenied).into(), 1);
        assert_eq!(of(Ok(Exit::PartlyRefused)).code(), 2);
    }
}
