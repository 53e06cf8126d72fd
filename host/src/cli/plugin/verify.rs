//! `bestand plugin verify`: what a package holds, and what its signature is worth here. Works offline.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::source::Source;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output::OutputArguments;
use crate::config::publisher::{Publisher, PublisherKey};
use crate::plugin::candidate::Policy;
use crate::plugin::trust::signing::read_public_key;
use crate::plugin::trust::{Trust, TrustWord};

/// Check a package and its signature, without a daemon and without any network
///
/// Ends with 0 only if the package is whole, fits this machine, and is signed by a publisher of the config file who may
/// sign this adapter.
#[derive(Debug, Args)]
pub(in crate::cli) struct Verify {
    /// The package: a folder, or a .tar.gz of one
    package: PathBuf,
    /// Trust this public key instead of the publishers of the config file: the key, or a .pub file
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Serialize)]
struct Shown {
    id: String,
    version: String,
    contract: String,
    package: String,
    signature: TrustWord,
    key: Option<String>,
    publisher: Option<String>,
    reason: Option<String>,
    capabilities: Vec<String>,
    hosts: Vec<String>,
    built_with: String,
    min_glibc: Option<String>,
}

// === impl Verify ===

impl Verify {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let policy = Policy::of(&context.config()?, &context.clock);
        let publishers = match &self.key {
            Some(key) => vec![whoever_has(&read_public_key(key)?)],
            None => policy.publishers,
        };
        let source = Source::open(&self.package, &policy.machine)?;
        let package = &source.package;
        let trust = Trust::of(package, &publishers, policy.today);
        let contents = package.contents.clone();
        let shown = Shown {
            reason: trust.why_not(&contents.id),
            signature: trust.word(),
            key: trust.key().map(|key| key.to_string()),
            publisher: trust.publisher().map(str::to_owned),
            id: contents.id,
            version: contents.version.to_string(),
            contract: contents.contract,
            package: package.digest.to_string(),
            capabilities: contents.capabilities.into_iter().collect(),
            hosts: contents.hosts.into_iter().collect(),
            built_with: contents.built_with,
            min_glibc: contents.min_glibc,
        };
        self.output.one(&shown, text)?;
        Ok(match shown.reason {
            None => Exit::Done,
            Some(_) => Exit::Failed,
        })
    }
}

fn whoever_has(key: &str) -> Publisher {
    Publisher {
        name: "the given key".into(),
        keys: vec![PublisherKey {
            key: key.into(),
            expires: None,
            revoked: None,
        }],
        allow: vec!["*".into()],
    }
}

fn text(shown: &Shown) -> String {
    let verdict = match (&shown.reason, &shown.publisher, &shown.key) {
        (Some(reason), _, _) => format!("NOT trusted: {reason}"),
        (None, Some(publisher), Some(key)) => {
            format!("trusted: signed by `{publisher}` with key {key}")
        }
        _ => "trusted".into(),
    };
    let listed = |items: &[String]| match items {
        [] => "none".to_owned(),
        items => items.join(", "),
    };
    format!(
        "{} {}: every file is what it should be\n{verdict}\n  can: {}\n  speaks to: {}\n  built with: {}",
        shown.id,
        shown.version,
        listed(&shown.capabilities),
        listed(&shown.hosts),
        if shown.built_with.is_empty() {
            "it does not say"
        } else {
            &shown.built_with
        },
    )
}
