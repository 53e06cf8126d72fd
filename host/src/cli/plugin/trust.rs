//! `bestand plugin trust`: a publisher's key put into the config file, or revoked in it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use clap::Args;
use jiff::civil::Date;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use crate::cli::context::Context;
use crate::cli::exit::{BadArguments, Exit};
use crate::cli::output;
use crate::cli::plugin::running;
use crate::config::Config;
use crate::config::environment::Environment;
use crate::plugin::candidate::today;
use crate::plugin::trust::key_id::KeyId;
use crate::plugin::trust::signing::read_public_key;

/// Trust a publisher with adapters, or stop trusting a key
///
/// Edits `[[publisher]]` in the config file, and leaves all else in it as it is. Compare the key with what the publisher
/// says elsewhere: whoever gives you a package may give you a key as well.
#[derive(Debug, Args)]
pub(in crate::cli) struct Trust {
    /// What you call the publisher
    #[arg(value_parser = crate::cli::name::parse)]
    name: String,
    /// Their minisign public key, or a .pub file with it
    key: String,
    /// An adapter they may sign; `*` stands for any characters; can be given several times
    #[arg(long, value_name = "PATTERN")]
    allow: Vec<String>,
    /// Refuse what the key signed from this day on (UTC), such as 2027-01-31
    #[arg(long, value_name = "DAY")]
    expires: Option<Date>,
    /// Refuse what the key signed from today on, whenever it was signed
    #[arg(long, conflicts_with_all = ["allow", "expires"])]
    revoke: bool,
}

// === impl Trust ===

impl Trust {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let path = context
            .file
            .clone()
            .unwrap_or_else(|| "bestand.toml".into());
        let key = read_public_key(&self.key)?;
        let mut document = read(&path)?;
        let publishers = document
            .entry("publisher")
            .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
        let publishers = publishers.as_array_of_tables_mut();
        let publishers = publishers.context(
            "`publisher` in the config file is no list of tables: write `[[publisher]]`",
        )?;
        let done = match self.revoke {
            true => self.revoke(publishers, &key, today(&context.clock))?,
            false => self.add(publishers, &key)?,
        };
        write(&path, &document.to_string())?;
        output::line(&format!("{done} in `{}`", path.display()))?;
        running::reload_and_tell(&context.config()?.store).await?;
        Ok(Exit::Done)
    }

    fn add(&self, publishers: &mut ArrayOfTables, key: &str) -> anyhow::Result<String> {
        let known = publishers
            .iter_mut()
            .find(|table| is_named(table, &self.name));
        if known.is_none() && self.allow.is_empty() {
            let message = format!(
                "say which adapters `{}` may sign: `--allow PATTERN`",
                self.name
            );
            return Err(BadArguments(message).into());
        }
        let table = match known {
            Some(table) => table,
            None => {
                let mut table = Table::new();
                table.insert("name", value(&self.name));
                publishers.push(table);
                publishers
                    .iter_mut()
                    .last()
                    .context("it was pushed just now")?
            }
        };
        let keys = list(table, "keys")?;
        keys.retain(|known| key_of(known) != Some(key));
        keys.push(self.written(key));
        let allow = list(table, "allow")?;
        for pattern in &self.allow {
            if !allow.iter().any(|known| known.as_str() == Some(pattern)) {
                allow.push(pattern.as_str());
            }
        }
        let allowed: Vec<_> = allow
            .iter()
            .filter_map(Value::as_str)
            .map(|pattern| format!("`{pattern}`"))
            .collect();
        Ok(format!(
            "`{}` is trusted with {}, by key {}",
            self.name,
            allowed.join(", "),
            shown(key)
        ))
    }

    fn revoke(
        &self,
        publishers: &mut ArrayOfTables,
        key: &str,
        today: Date,
    ) -> anyhow::Result<String> {
        let table = publishers
            .iter_mut()
            .find(|table| is_named(table, &self.name));
        let table =
            table.with_context(|| format!("the config file has no publisher `{}`", self.name))?;
        let keys = list(table, "keys")?;
        let Some(known) = keys.iter_mut().find(|known| key_of(known) == Some(key)) else {
            bail!(
                "`{}` has no key {} in the config file",
                self.name,
                shown(key)
            );
        };
        let mut ended = match known {
            Value::InlineTable(table) => table.clone(),
            _ => table_of(key),
        };
        ended.insert("revoked", today.to_string().into());
        let decor = known.decor().clone();
        *known = Value::InlineTable(ended);
        *known.decor_mut() = decor;
        Ok(format!(
            "key {} of `{}` is revoked from {today} on",
            shown(key),
            self.name
        ))
    }

    fn written(&self, key: &str) -> Value {
        match self.expires {
            None => key.into(),
            Some(expires) => {
                let mut table = table_of(key);
                table.insert("expires", expires.to_string().into());
                Value::InlineTable(table)
            }
        }
    }
}

fn table_of(key: &str) -> InlineTable {
    let mut table = InlineTable::new();
    table.insert("key", key.into());
    table
}

fn is_named(table: &Table, name: &str) -> bool {
    table.get("name").and_then(Item::as_str) == Some(name)
}

fn key_of(entry: &Value) -> Option<&str> {
    let of_table = || entry.as_inline_table()?.get("key")?.as_str();
    entry.as_str().or_else(of_table)
}

fn list<'a>(table: &'a mut Table, name: &str) -> anyhow::Result<&'a mut toml_edit::Array> {
    let list = table.entry(name).or_insert(value(toml_edit::Array::new()));
    list.as_array_mut()
        .with_context(|| format!("`publisher.{name}` in the config file is no list"))
}

fn shown(key: &str) -> String {
    KeyId::of_public_key(key).map_or_else(|| key.into(), |id| id.to_string())
}

fn read(path: &Path) -> anyhow::Result<DocumentMut> {
    let text = match path.exists() {
        true => {
            fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?
        }
        false => String::new(),
    };
    text.parse()
        .with_context(|| format!("`{}` is no TOML", path.display()))
}

/// As a whole or not at all, and only if it is a good config.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Err(problems) = Config::from_text(path, text.into(), &Environment::of_process()) {
        let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
        bail!(
            "the config file would be wrong, and was left as it is: {}",
            problems.join("; ")
        );
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let put = || -> std::io::Result<()> {
        let draft = tempfile::NamedTempFile::new_in(folder)?;
        fs::write(draft.path(), text)?;
        match fs::metadata(path) {
            Ok(metadata) => fs::set_permissions(draft.path(), metadata.permissions())?,
            Err(_) => fs::set_permissions(
                draft.path(),
                std::os::unix::fs::PermissionsExt::from_mode(0o644),
            )?,
        }
        draft.as_file().sync_all()?;
        draft.persist(path).map(drop).map_err(|error| error.error)
    };
    put().with_context(|| format!("cannot write `{}`", path.display()))
}
