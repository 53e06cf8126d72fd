//! `bestand operation`: what was sent to systems to change stock, and what became of it.

use bestand_plugin_api::{Quantity, Sku};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::context::{AccountArgument, Context};
use super::exit::Exit;
use super::output::{self, Column, OutputArguments, or_dash};
use super::source_arguments::SourceArguments;
use crate::operation::finding::Finding;
use crate::operation::{Operation as Sent, OperationState};
use crate::source::InventorySource;
use crate::store;
use crate::store::operation::OperationFilter;

/// Who is said to have settled an operation.
const ACTOR: &str = "bestand operation";

/// List what was sent to systems to change stock, and settle what is unknown
#[derive(Debug, Subcommand)]
pub enum Operation {
    /// List operations, the newest of each source first
    List(List),
    /// Say what became of an operation whose answer was lost, after a look in its system; nothing is sent
    Settle(Settle),
}

/// `bestand operation list`
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    sources: SourceArguments,
    /// Only those of this article
    #[arg(long)]
    sku: Option<Sku>,
    /// Only those in this state: pending, applied, accepted, rejected or unknown
    #[arg(long)]
    state: Option<OperationState>,
    /// At most this many of each source
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// `bestand operation settle`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("finding").required(true).args(["done", "not_done"]))]
pub struct Settle {
    /// Its operation id
    id: String,
    /// It was done
    #[arg(long)]
    done: bool,
    /// It was not done
    #[arg(long)]
    not_done: bool,
    #[command(flatten)]
    account: AccountArgument,
}

/// An operation as it is printed.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    made_at: String,
    source_id: String,
    source: String,
    sku: String,
    change: &'static str,
    quantity: Option<Quantity>,
    actor: String,
    state: OperationState,
    state_reason: Option<String>,
    next_look_up_at: Option<String>,
}

const COLUMNS: &[Column<Row>] = &[
    ("OPERATION", |row| row.id.clone()),
    ("WHEN", |row| row.made_at.clone()),
    ("SOURCE", |row| row.source.clone()),
    ("SKU", |row| row.sku.clone()),
    ("CHANGE", |row| {
        format!("{} {}", row.change, row.quantity.unwrap_or_default())
    }),
    ("WHO", |row| row.actor.clone()),
    ("STATE", |row| row.state.to_string()),
    ("WHY", |row| or_dash(row.state_reason.as_ref())),
];

// === impl Operation ===

impl Operation {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::List(command) => command.run(context).await,
            Self::Settle(command) => command.run(context).await,
        }
    }
}

// === impl List ===

impl List {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?;
        let mut rows = Vec::new();
        for source in self.sources.find(&db, account.id).await? {
            let filter = OperationFilter {
                source: Some(source.id),
                sku: self.sku.clone(),
                state: self.state,
            };
            let found = store::operation::list(&db, account.id, &filter, None, self.limit).await?;
            rows.extend(found.into_iter().map(|sent| Row::of(&source, sent)));
        }
        self.output.list(&rows, COLUMNS)?;
        Ok(Exit::Done)
    }
}

// === impl Settle ===

impl Settle {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?;
        let now = context.clock.now();
        let finding = Finding::of(self.done);
        let settled = finding
            .settle(&db, account.id, ACTOR, &self.id, now)
            .await?;
        output::line(&format!("operation {} is {} now", self.id, settled.state))?;
        Ok(Exit::Done)
    }
}

// === impl Row ===

impl Row {
    fn of(source: &InventorySource, operation: Sent) -> Self {
        let (change, quantity) = operation.change();
        Self {
            made_at: operation.made_at.to_string(),
            source_id: source.id.to_string(),
            source: source.name.clone(),
            sku: operation.sent.sku.to_string(),
            change,
            quantity,
            actor: operation.actor.clone(),
            state: operation.state,
            next_look_up_at: operation.due_at.map(|at| at.to_string()),
            state_reason: operation.reason,
            id: operation.sent.op_id,
        }
    }
}
