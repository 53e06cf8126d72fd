//! The password of a user: typed by whoever sits there, or from a file, for scripts. Never an argument: those are seen
//! by everybody on the machine.

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;

use crate::secret::SecretText;

/// Longest password file, in bytes: a thousand characters of four bytes, and the end of the line.
const FILE_BYTES_MAX: u64 = 4_096;

/// Where the password comes from.
#[derive(Clone, Debug, Args)]
pub(super) struct PasswordArgument {
    /// Read the password from this file instead of asking for it; `-` is standard input
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

// === impl PasswordArgument ===

impl PasswordArgument {
    /// The password, which nobody has looked at yet.
    pub(super) fn read(&self) -> anyhow::Result<SecretText> {
        match &self.password_file {
            Some(file) if file == Path::new("-") => read_from(io::stdin().lock()),
            Some(file) => std::fs::File::open(file)
                .map_err(anyhow::Error::from)
                .and_then(read_from)
                .with_context(|| format!("the password cannot be read from `{}`", file.display())),
            None => ask_twice(),
        }
    }
}

/// Without the end of its line, which editors add.
fn read_from(reader: impl Read) -> anyhow::Result<SecretText> {
    let mut text = zeroize::Zeroizing::new(String::new());
    reader.take(FILE_BYTES_MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        bail!("it has more than {FILE_BYTES_MAX} bytes");
    }
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).into())
}

fn ask_twice() -> anyhow::Result<SecretText> {
    if !io::stdin().is_terminal() {
        bail!("a password is needed, and nobody is there to type it; use `--password-file FILE`");
    }
    let password = ask("password, at least 12 characters: ")?;
    if ask("the same again: ")? != password {
        bail!("these were two different passwords; nothing was changed");
    }
    Ok(password)
}

fn ask(prompt: &str) -> anyhow::Result<SecretText> {
    let typed = rpassword::prompt_password(prompt).context("the password cannot be read")?;
    Ok(typed.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_line_belongs_to_no_password() {
        let read = |text: &str| read_from(text.as_bytes()).unwrap().reveal().to_owned();
        assert_eq!(read("ein rotes Boot\r\n"), "ein rotes Boot");
        assert_eq!(read(" ein rotes Boot \n\n"), " ein rotes Boot \n");
        assert!(read_from("x".repeat(4_097).as_bytes()).is_err());
    }
}
