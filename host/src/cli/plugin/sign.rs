//! `bestand plugin sign`: a library becomes a package that operators can trust.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use bestand_plugin_api::Manifest;
use clap::Args;
use serde::Serialize;

use super::password;
use crate::cli::exit::Exit;
use crate::cli::output::{self, OutputArguments};
use crate::plugin::package::archive;
use crate::plugin::package::draft::Draft;
use crate::plugin::package::machine::{Machine, Needs};
use crate::plugin::sandbox::{Image, Workers};
use crate::plugin::trust::signing::Signer;
use crate::plugin::{library, look};

/// Make a signed package of a plugin library
///
/// The library is asked in a sandbox who it is; the package is a folder and an archive of it, named after the adapter and
/// its version. The password of the key is asked for, or taken from BESTAND_SIGNING_PASSWORD.
#[derive(Debug, Args)]
pub(in crate::cli) struct Sign {
    /// The libraries, one per kind of machine; one must be for this machine
    #[arg(required = true, value_name = "LIBRARY")]
    libraries: Vec<PathBuf>,
    /// The secret key, made by `bestand plugin key new` or by minisign
    #[arg(long, value_name = "FILE", required_unless_present = "unsigned")]
    key: Option<PathBuf>,
    /// Leave it unsigned: it then runs only where `plugins.allow_unsigned` is set
    #[arg(long, conflicts_with = "key")]
    unsigned: bool,
    /// A document to put into the package, such as a licence; can be given several times
    #[arg(long = "with", value_name = "FILE")]
    documents: Vec<PathBuf>,
    /// The folder to put the package into; made if it is not there
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    out: PathBuf,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Serialize)]
struct Shown {
    id: String,
    version: String,
    package: String,
    key: Option<String>,
    public_key: Option<String>,
    folder: PathBuf,
    archive: PathBuf,
}

// === impl Sign ===

impl Sign {
    pub(super) async fn run(self) -> anyhow::Result<Exit> {
        let signer = self.key.as_deref().map(open_key).transpose()?;
        let manifest = self.ask().await?;
        let mut draft = Draft::new(&manifest)?;
        for library in &self.libraries {
            draft.add_library(library)?;
        }
        for document in &self.documents {
            draft.add_document(document)?;
        }
        let folder = self
            .out
            .join(format!("{}-{}", manifest.id, manifest.version));
        let archive = self.out.join(format!(
            "{}-{}{}",
            manifest.id,
            manifest.version,
            archive::ENDING
        ));
        if let Some(taken) = [&folder, &archive].into_iter().find(|path| path.exists()) {
            bail!(
                "`{}` is there already; raise the version, or remove it",
                taken.display()
            );
        }
        let sign = |bytes: &[u8], comment: &str| -> anyhow::Result<Option<String>> {
            Ok(signer
                .as_ref()
                .map(|signer| signer.sign(bytes, comment))
                .transpose()?)
        };
        std::fs::create_dir_all(&self.out)
            .with_context(|| format!("cannot make `{}`", self.out.display()))?;
        let package = draft.make(&folder, sign)?;
        archive::pack(&folder, &archive)?;
        let shown = Shown {
            id: manifest.id,
            version: manifest.version,
            package: package.to_string(),
            key: signer
                .as_ref()
                .and_then(Signer::key)
                .map(|key| key.to_string()),
            public_key: signer.as_ref().map(Signer::public_key),
            folder,
            archive,
        };
        self.output.one(&shown, text)?;
        Ok(Exit::Done)
    }

    /// What the adapter says of itself, by the library that runs here.
    async fn ask(&self) -> anyhow::Result<Manifest> {
        let here = Machine::here().target;
        let runs_here = |path: &&PathBuf| target_of(path).is_some_and(|target| target == here);
        let path = self
            .libraries
            .iter()
            .find(runs_here)
            .or(self.libraries.first());
        let path = path.context("no library was named")?;
        let image = Image {
            path: path.clone(),
            library: library::seal(path)?,
        };
        look::manifest(image, Workers::default())
            .await
            .map_err(|refusal| anyhow!(refusal.reason))
    }
}

fn target_of(path: &Path) -> Option<String> {
    Needs::of(&std::fs::File::open(path).ok()?).ok()?.target
}

fn open_key(path: &Path) -> anyhow::Result<Signer> {
    let password = Signer::needs_password(path)?
        .then(password::for_key)
        .transpose()?;
    Ok(Signer::open(path, password)?)
}

fn text(made: &Shown) -> String {
    let signed = match (&made.key, &made.public_key) {
        (Some(key), Some(public)) => format!(
            "signed with key {key}; operators who do not have it yet trust it with\n  bestand plugin trust NAME {public} \
             --allow {}",
            made.id
        ),
        _ => {
            output::note(
                "the package is NOT signed: it runs only where `plugins.allow_unsigned` is set",
            );
            "not signed".into()
        }
    };
    format!(
        "{} {} is in `{}` and `{}`\n{signed}",
        made.id,
        made.version,
        made.folder.display(),
        made.archive.display()
    )
}
