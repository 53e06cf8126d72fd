//! `bestand low-stock threshold`: from when on stock is low.

use bestand_plugin_api::{Quantity, Sku};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::cli::context::{AccountArgument, Context};
use crate::cli::exit::{BadArguments, Exit};
use crate::cli::output::{self, Column, OutputArguments};
use crate::cli::source_arguments::find_one;
use crate::id::{AccountId, SourceId};
use crate::stock::{self, THRESHOLDS_MAX};
use crate::store::{self, Db};

/// List, set and remove low-stock thresholds
#[derive(Debug, Subcommand)]
pub(super) enum Threshold {
    /// List those that are set
    List(List),
    /// Set one, in place of what was set for the same article and source
    ///
    /// Of a level the one counts that names its article and source, else the one of the article, else the one of the
    /// source, else the one for everything. A running daemon follows within a minute.
    Set(Set),
    /// Remove the one that is set for just this article and source
    Remove(Remove),
}

/// What a threshold is for.
#[derive(Debug, Args)]
struct Extent {
    /// Of this article; without it of every one
    #[arg(long, value_name = "SKU")]
    sku: Option<Sku>,
    /// At this source, by its id or name; without it at every one
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    #[command(flatten)]
    account: AccountArgument,
}

/// `bestand low-stock threshold list`
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// `bestand low-stock threshold set`
#[derive(Debug, Args)]
pub(super) struct Set {
    /// At this many, or fewer, stock is low; zero or more
    #[arg(allow_negative_numbers = true)]
    threshold: Quantity,
    #[command(flatten)]
    extent: Extent,
}

/// `bestand low-stock threshold remove`
#[derive(Debug, Args)]
pub(super) struct Remove {
    #[command(flatten)]
    extent: Extent,
}

/// A threshold as it is printed.
#[derive(Debug, Serialize)]
struct Row {
    sku: Option<String>,
    source_id: Option<String>,
    source: Option<String>,
    threshold: Quantity,
}

const COLUMNS: &[Column<Row>] = &[
    ("SKU", |row| {
        row.sku.clone().unwrap_or_else(|| "(all)".into())
    }),
    ("SOURCE", |row| {
        row.source.clone().unwrap_or_else(|| "(all)".into())
    }),
    ("THRESHOLD", |row| row.threshold.to_string()),
];

// === impl Threshold ===

impl Threshold {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::List(command) => command.run(context).await,
            Self::Set(command) => command.run(context).await,
            Self::Remove(command) => command.run(context).await,
        }
    }
}

// === impl Extent ===

impl Extent {
    async fn find(
        &self,
        context: &Context,
        db: &Db,
    ) -> anyhow::Result<(AccountId, Option<SourceId>)> {
        let account = self.account.find(db, &context.clock).await?.id;
        let source = match &self.source {
            Some(called) => Some(find_one(db, account, called).await?.id),
            None => None,
        };
        Ok((account, source))
    }
}

// === impl List ===

impl List {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?.id;
        let sources = store::source::list(&db, account).await?;
        let named = |id: SourceId| {
            let source = sources.iter().find(|source| source.id == id);
            source.map(|source| source.name.clone())
        };
        let row = |one: stock::Threshold| Row {
            sku: one.sku.map(|sku| sku.to_string()),
            source_id: one.source_id.map(|id| id.to_string()),
            source: one.source_id.and_then(named),
            threshold: one.threshold,
        };
        let set = store::low_stock::list(&db, account).await?;
        let mut rows: Vec<Row> = set.into_iter().map(row).collect();
        rows.sort_by(|one, other| (&one.sku, &one.source).cmp(&(&other.sku, &other.source)));
        self.output.list(&rows, COLUMNS)?;
        Ok(Exit::Done)
    }
}

// === impl Set ===

impl Set {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        if self.threshold < Quantity::ZERO {
            return Err(BadArguments("a threshold is not below zero".into()).into());
        }
        let db = context.store().await?;
        let (account, source_id) = self.extent.find(context, &db).await?;
        if store::low_stock::count(&db, account).await? >= THRESHOLDS_MAX {
            let why = format!("{THRESHOLDS_MAX} thresholds are set; remove some first");
            return Err(BadArguments(why).into());
        }
        let threshold = stock::Threshold {
            source_id,
            sku: self.extent.sku,
            threshold: self.threshold,
        };
        store::low_stock::put(&db, account, &threshold, context.clock.now()).await?;
        output::note("it is set");
        Ok(Exit::Done)
    }
}

// === impl Remove ===

impl Remove {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let db = context.store().await?;
        let (account, source) = self.extent.find(context, &db).await?;
        let sku = self.extent.sku.as_ref();
        if !store::low_stock::delete(&db, account, source, sku).await? {
            let why = "no threshold is set for just this article and source; `bestand low-stock threshold list` lists those that are";
            return Err(BadArguments(why.into()).into());
        }
        output::note("it is gone");
        Ok(Exit::Done)
    }
}
