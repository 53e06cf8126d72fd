//! `bestand plugin key`: a publisher's key pair.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::password;
use crate::cli::exit::Exit;
use crate::cli::output::OutputArguments;
use crate::plugin::trust::signing::{Protection, make_pair};

/// Make the keys that packages are signed with
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Key {
    New(New),
}

/// Make a key pair: a secret key to sign with, and a public one for operators
///
/// The password is asked for, or taken from BESTAND_SIGNING_PASSWORD. The files are minisign's, which can use them too.
#[derive(Debug, Args)]
pub(in crate::cli) struct New {
    /// Where to keep the secret key; the public one is put beside it, ending with .pub
    #[arg(default_value = "bestand.key")]
    file: PathBuf,
    /// Keep the secret key without a password: whoever gets the file can sign in your name
    #[arg(long)]
    unencrypted: bool,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Serialize)]
struct Shown {
    key: String,
    public_key: String,
    secret_file: PathBuf,
    public_file: PathBuf,
}

// === impl Key ===

impl Key {
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        match self {
            Self::New(command) => command.run(),
        }
    }
}

// === impl New ===

impl New {
    fn run(self) -> anyhow::Result<Exit> {
        let protection = match self.unencrypted {
            true => Protection::Nothing,
            false => Protection::Password(password::for_new_key()?),
        };
        let made = make_pair(&self.file, &protection)?;
        let shown = Shown {
            key: made.key.to_string(),
            public_key: made.public_key,
            secret_file: made.secret_file,
            public_file: made.public_file,
        };
        self.output.one(&shown, text)?;
        Ok(Exit::Done)
    }
}

fn text(made: &Shown) -> String {
    format!(
        "key {} is in `{}`; keep it safe, and keep a copy: packages are signed with it\n\
         its public key, for operators, is in `{}`:\n{}",
        made.key,
        made.secret_file.display(),
        made.public_file.display(),
        made.public_key
    )
}
