//! `bestand alias`: what our articles are called at a source.

use std::path::PathBuf;

use bestand_plugin_api::Sku;
use clap::{Args, Subcommand};

use super::article_file;
use super::context::{AccountArgument, Context};
use super::exit::{BadArguments, Exit};
use super::output::{self, Column, OutputArguments};
use super::source_arguments::find_one;
use crate::article::table::AliasRow as Row;
use crate::article::{ALIASES_MAX, Pack, SkuAlias};
use crate::source::InventorySource;
use crate::store::Db;
use crate::store::article::alias;

/// Aliases read at once.
const PAGE: u32 = 1_000;

/// List, set and remove what our articles are called at a source
#[derive(Debug, Subcommand)]
pub enum Alias {
    /// List the aliases of a source
    List(List),
    /// Set one, in place of what was set for the same SKU; a running daemon follows within a second
    Set(Set),
    /// Remove the one of this SKU
    Remove(Remove),
    /// Set all of a CSV file, or none: columns sku, source_sku and, where it is not 1, pack_factor
    Import(Import),
}

/// Where an article is called so.
#[derive(Debug, Args)]
struct At {
    /// The source, by its id or name
    source: String,
    #[command(flatten)]
    account: AccountArgument,
}

/// `bestand alias list`
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    output: OutputArguments,
}

/// `bestand alias set`
#[derive(Debug, Args)]
pub struct Set {
    #[command(flatten)]
    at: At,
    /// What we call it
    sku: Sku,
    /// What the source lists: its SKU, UPC or barcode
    source_sku: Sku,
    /// How many of the source's one of ours is: 6 for our six-pack of its pieces, 1/12 for our piece of its dozens
    #[arg(long, default_value_t)]
    pack: Pack,
}

/// `bestand alias remove`
#[derive(Debug, Args)]
pub struct Remove {
    #[command(flatten)]
    at: At,
    /// What we call it
    sku: Sku,
}

/// `bestand alias import`
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    at: At,
    /// The CSV file
    file: PathBuf,
}

const COLUMNS: &[Column<Row>] = &[
    ("SKU", |row| row.sku.to_string()),
    ("SOURCE SKU", |row| row.source_sku.to_string()),
    ("PACK", |row| {
        row.pack_factor.unwrap_or_default().to_string()
    }),
];

// === impl Alias ===

impl Alias {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::List(command) => command.run(context).await,
            Self::Set(command) => command.run(context).await,
            Self::Remove(command) => command.run(context).await,
            Self::Import(command) => command.run(context).await,
        }
    }
}

// === impl At ===

impl At {
    async fn find(&self, context: &Context) -> anyhow::Result<(Db, InventorySource)> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?.id;
        let found = find_one(&db, account, &self.source).await?;
        Ok((db, found))
    }
}

// === impl List ===

impl List {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let (db, at) = self.at.find(context).await?;
        let (mut rows, mut after): (Vec<Row>, Option<Sku>) = (Vec::new(), None);
        loop {
            let after_sku = after.as_ref().map(Sku::as_str);
            let found = alias::list(&db, at.account_id, at.id, after_sku, PAGE).await?;
            rows.extend(found.into_iter().map(Row::of));
            let last = rows.last().map(|row| row.sku.clone());
            if last == after {
                break;
            }
            after = last;
        }
        self.output.list(&rows, COLUMNS)?;
        Ok(Exit::Done)
    }
}

// === impl Set ===

impl Set {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let (db, at) = self.at.find(context).await?;
        let row = Row {
            sku: self.sku,
            source_sku: self.source_sku,
            pack_factor: Some(self.pack),
        };
        put(context, &db, &at, vec![row]).await?;
        output::note("it is set");
        Ok(Exit::Done)
    }
}

// === impl Remove ===

impl Remove {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let (db, at) = self.at.find(context).await?;
        if !alias::delete(&db, at.account_id, at.id, &self.sku).await? {
            let why = format!("`{}` has no alias at `{}`", self.sku, at.name);
            return Err(BadArguments(why).into());
        }
        output::note("it is gone");
        Ok(Exit::Done)
    }
}

// === impl Import ===

impl Import {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let rows: Vec<Row> = article_file::read(&self.file)?;
        let count = rows.len();
        let (db, at) = self.at.find(context).await?;
        put(context, &db, &at, rows).await?;
        output::note(&format!("{count} are set"));
        Ok(Exit::Done)
    }
}

async fn put(
    context: &Context,
    db: &Db,
    at: &InventorySource,
    rows: Vec<Row>,
) -> anyhow::Result<()> {
    let aliases: Vec<SkuAlias> = rows.into_iter().map(|row| row.at(at.id)).collect();
    if !alias::put(db, at.account_id, &aliases, context.clock.now()).await? {
        let why = format!("an account has at most {ALIASES_MAX} aliases; remove some first");
        return Err(BadArguments(why).into());
    }
    Ok(())
}

// === impl Row ===

impl Row {
    fn of(alias: SkuAlias) -> Self {
        Self {
            sku: alias.sku,
            source_sku: alias.source_sku,
            pack_factor: Some(alias.pack),
        }
    }
}
