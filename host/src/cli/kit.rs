//! `bestand kit`: articles that are put together of others.

use std::path::PathBuf;

use bestand_plugin_api::{Quantity, Sku};
use clap::{Args, Subcommand};

use super::article_file;
use super::context::{AccountArgument, Context};
use super::exit::{BadArguments, Exit};
use super::output::{self, Column, OutputArguments};
use crate::article::table::{self, ComponentRow as Row};
use crate::article::{KITS_MAX, Kit as ArticleKit, KitComponent};
use crate::id::AccountId;
use crate::store::Db;
use crate::store::article::kit::{self, Put};

/// List, set and remove articles that are put together of others
#[derive(Debug, Subcommand)]
pub enum Kit {
    /// List kits, a row for each component
    List(List),
    /// Set one, in place of what was set for the same SKU; a running daemon follows within a second
    Set(Set),
    /// Remove the one of this SKU
    Remove(Remove),
    /// Set all of a CSV file, or none: columns kit, sku and quantity, a row for each component
    Import(Import),
}

/// `bestand kit list`
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// `bestand kit set`
#[derive(Debug, Args)]
pub struct Set {
    /// What it is ordered as
    sku: Sku,
    /// What goes into one of it: a SKU, or a SKU and how many, as `CUP=4`
    #[arg(required = true, value_name = "SKU[=QUANTITY]", value_parser = component)]
    components: Vec<(Sku, Quantity)>,
    #[command(flatten)]
    account: AccountArgument,
}

/// `bestand kit remove`
#[derive(Debug, Args)]
pub struct Remove {
    /// What it is ordered as
    sku: Sku,
    #[command(flatten)]
    account: AccountArgument,
}

/// `bestand kit import`
#[derive(Debug, Args)]
pub struct Import {
    /// The CSV file
    file: PathBuf,
    #[command(flatten)]
    account: AccountArgument,
}

const COLUMNS: &[Column<Row>] = &[
    ("KIT", |row| row.kit.to_string()),
    ("COMPONENT", |row| row.sku.to_string()),
    ("QUANTITY", |row| row.quantity.to_string()),
];

/// A SKU may hold `=` itself: what follows the last one is the number.
fn component(text: &str) -> Result<(Sku, Quantity), String> {
    let (sku, quantity) = text.rsplit_once('=').unwrap_or((text, "1"));
    let sku = Sku::new(sku).map_err(|error| error.to_string())?;
    let quantity = quantity.parse::<Quantity>();
    Ok((sku, quantity.map_err(|error| error.to_string())?))
}

// === impl Kit ===

impl Kit {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::List(command) => command.run(context).await,
            Self::Set(command) => command.run(context).await,
            Self::Remove(command) => command.run(context).await,
            Self::Import(command) => command.run(context).await,
        }
    }
}

// === impl List ===

impl List {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?.id;
        let kits = kit::all(&db, account).await?;
        let rows: Vec<Row> = kits.into_iter().flat_map(Row::all).collect();
        self.output.list(&rows, COLUMNS)?;
        Ok(Exit::Done)
    }
}

// === impl Set ===

impl Set {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?.id;
        let component = |(sku, quantity)| KitComponent { sku, quantity };
        let components = self.components.into_iter().map(component).collect();
        let kit = ArticleKit::new(self.sku, components);
        let kit = kit.map_err(|invalid| BadArguments(invalid.to_string()))?;
        put(context, &db, account, &[kit]).await?;
        output::note("it is set");
        Ok(Exit::Done)
    }
}

// === impl Remove ===

impl Remove {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?.id;
        if !kit::delete(&db, account, &self.sku).await? {
            return Err(BadArguments(format!("there is no kit `{}`", self.sku)).into());
        }
        output::note("it is gone");
        Ok(Exit::Done)
    }
}

// === impl Import ===

impl Import {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let kits = table::kits(article_file::read::<Row>(&self.file)?);
        let kits =
            kits.map_err(|(sku, invalid)| BadArguments(format!("kit `{sku}`: {invalid}")))?;
        let count = kits.len();
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?.id;
        put(context, &db, account, &kits).await?;
        output::note(&format!("{count} are set"));
        Ok(Exit::Done)
    }
}

async fn put(
    context: &Context,
    db: &Db,
    account: AccountId,
    kits: &[ArticleKit],
) -> anyhow::Result<()> {
    let why = match kit::put(db, account, kits, context.clock.now()).await? {
        Put::Done => return Ok(()),
        Put::Invalid(invalid) => format!("nothing is set: {invalid}"),
        Put::TooMany => format!("an account has at most {KITS_MAX} kits; remove some first"),
    };
    Err(BadArguments(why).into())
}

// === impl Row ===

impl Row {
    fn all(kit: ArticleKit) -> Vec<Self> {
        let row = |component: KitComponent| Self {
            kit: kit.sku.clone(),
            sku: component.sku,
            quantity: component.quantity,
        };
        kit.components.into_iter().map(row).collect()
    }
}
