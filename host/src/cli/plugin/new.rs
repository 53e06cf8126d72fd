//! `bestand plugin new`: a crate to start an adapter from, that builds and passes its tests as it is.

mod name;
mod sdk;
mod template;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use self::name::Name;
use self::sdk::Sdk;
use crate::cli::exit::{BadArguments, Exit};
use crate::cli::output;

/// Start an adapter: write a crate with its tests, a fake upstream and a CI file
///
/// The crate builds and passes its tests as it is; what you replace is the part that speaks to your system.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// The adapter's id, such as `acme-stock`; it never changes once published
    #[arg(value_name = "ID")]
    id: String,
    /// The folder to write; without it, one named after the adapter
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// A checkout's `plugin-api` folder to build with, instead of the published bestand-plugin-api
    ///
    /// Found by itself when this program lies in the `target` folder of a checkout.
    #[arg(long, value_name = "PATH")]
    sdk: Option<PathBuf>,
}

// === impl New ===

impl New {
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let name = Name::parse(&self.id).map_err(BadArguments)?;
        let sdk = Sdk::find(self.sdk.as_deref()).map_err(BadArguments)?;
        let folder = self.dir.unwrap_or_else(|| name.id().into());
        refuse_what_is_there(&folder)?;
        let mut files = template::files(&name);
        files.extend(sdk.patch_file());
        for (path, text) in &files {
            let path = folder.join(path);
            write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        output::line(&told(&name, &folder, &sdk, files.len()))?;
        Ok(Exit::Done)
    }
}

/// Nothing is ever overwritten.
fn refuse_what_is_there(folder: &Path) -> Result<(), BadArguments> {
    let mut entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            let message = format!("cannot use `{}` as a folder: {error}", folder.display());
            return Err(BadArguments(message));
        }
    };
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(BadArguments(format!(
            "`{}` is not empty; remove it, or name another folder with `--dir`",
            folder.display()
        ))),
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

fn told(name: &Name, folder: &Path, sdk: &Sdk, files: usize) -> String {
    format!(
        "Adapter `{id}` is started in `{folder}/` ({files} files).\n\
         It builds with {sdk}.\n\n\
         Next:\n  \
           cd {folder}\n  \
           cargo test\n  \
           bestand plugin dev",
        id = name.id(),
        folder = folder.display(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(id: &str, dir: &Path) -> anyhow::Result<Exit> {
        let new = New {
            id: id.into(),
            dir: Some(dir.into()),
            sdk: None,
        };
        new.run()
    }

    #[test]
    fn a_folder_with_something_in_it_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine.txt"), "mine").unwrap();
        let refused = new("acme-stock", folder.path()).unwrap_err().to_string();
        assert!(refused.ends_with("is not empty; remove it, or name another folder with `--dir`"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

        let file = folder.path().join("mine.txt");
        let refused = new("acme-stock", &file).unwrap_err().to_string();
        assert!(refused.contains("as a folder"), "{refused}");
    }

    #[test]
    fn an_empty_folder_is_filled_and_a_second_time_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(new("acme-stock", folder.path()).unwrap(), Exit::Done);
        let manifest = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains("bestand-plugin-api = \"1\""),
            "{manifest}"
        );
        assert!(new("acme-stock", folder.path()).is_err());
    }
}
