//! `bestand order`: what is promised to orders, by hand.

use clap::{Args, Subcommand};

use super::context::{AccountArgument, Context};
use super::exit::Exit;
use super::import::stock_writer::{StockWriter, note_daemon};
use super::output;
use crate::allocation::Allocator;
use crate::order::OrderNumber;
use crate::store;

/// Who is said to have done it.
const ACTOR: &str = "bestand order";

/// Promise orders their goods at built-in warehouses, or take that back
#[derive(Debug, Subcommand)]
pub enum Order {
    /// Promise an order all its goods, or none: they are kept for it and nobody else gets them
    Allocate(Target),
    /// Take back what is promised to an order
    Release(Target),
    /// Let an order ship whatever is there; nothing is deducted for it
    Override(Target),
    /// Take back that an order ships whatever is there
    StopOverriding(Target),
}

/// The order.
#[derive(Debug, Args)]
pub struct Target {
    /// Its number
    number: OrderNumber,
    #[command(flatten)]
    account: AccountArgument,
}

#[derive(Clone, Copy)]
enum Deed {
    Allocate,
    Release,
    Override,
    StopOverriding,
}

// === impl Order ===

impl Order {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let (deed, target) = match self {
            Self::Allocate(target) => (Deed::Allocate, target),
            Self::Release(target) => (Deed::Release, target),
            Self::Override(target) => (Deed::Override, target),
            Self::StopOverriding(target) => (Deed::StopOverriding, target),
        };
        target.run(context, deed).await
    }
}

// === impl Target ===

impl Target {
    async fn run(self, context: &Context, deed: Deed) -> anyhow::Result<Exit> {
        let config = context.config()?;
        let db = Context::open_store(&config).await?;
        let account = self.account.find(&db, &context.clock).await?;
        let id = account.id;
        let writer = StockWriter::open(context, &config, db.clone(), account, ACTOR).await?;
        if let Some(order) = store::order::find(&db, id, &self.number).await? {
            writer.open_source_of(&order).await?;
        }
        let allocator = Allocator::new(db, writer.connections());
        let number = &self.number;
        let done = match deed {
            Deed::Allocate => allocator.allocate(id, ACTOR, number).await,
            Deed::Release => allocator.release(id, ACTOR, number).await,
            Deed::Override => allocator.override_by(id, number, Some(ACTOR)).await,
            Deed::StopOverriding => allocator.override_by(id, number, None).await,
        };
        writer.close();
        done?;
        output::line(deed.said())?;
        note_daemon(&config)?;
        Ok(Exit::Done)
    }
}

// === impl Deed ===

impl Deed {
    fn said(self) -> &'static str {
        match self {
            Self::Allocate => "all its goods are promised to the order",
            Self::Release => "nothing is promised to the order",
            Self::Override => "the order ships whatever is there, and nothing is deducted for it",
            Self::StopOverriding => "the order is one like any other",
        }
    }
}
