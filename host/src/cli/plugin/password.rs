//! The password of a signing key: from a variable, for scripts, or typed by whoever sits there.

use std::io::{self, IsTerminal};

use anyhow::{Context as _, bail};

use crate::secret::SecretText;

/// The variable.
pub(super) const VARIABLE: &str = "BESTAND_SIGNING_PASSWORD";
/// Shortest password of a new key, in characters: the file may be copied, and tried against for years.
const CHARS_MIN: usize = 8;

/// The password of a key that is to be made.
pub(super) fn for_new_key() -> anyhow::Result<SecretText> {
    let password = match from_variable() {
        Some(password) => password,
        None => {
            let password = ask("password for the new key: ")?;
            if ask("the same again: ")? != password {
                bail!("these were two different passwords; nothing was made");
            }
            password
        }
    };
    if password.reveal().chars().count() < CHARS_MIN {
        bail!("the password must have at least {CHARS_MIN} characters; nothing was made");
    }
    Ok(password)
}

/// The password of a key that is there.
pub(super) fn for_key() -> anyhow::Result<SecretText> {
    from_variable().map_or_else(|| ask("password of the key: "), Ok)
}

fn from_variable() -> Option<SecretText> {
    std::env::var(VARIABLE).ok().map(SecretText::from)
}

fn ask(prompt: &str) -> anyhow::Result<SecretText> {
    if !io::stdin().is_terminal() {
        bail!("the key needs a password, and nobody is there to type it; set {VARIABLE}");
    }
    let typed = rpassword::prompt_password(prompt).context("the password cannot be read")?;
    Ok(typed.into())
}
