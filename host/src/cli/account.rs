//! `bestand account`: whose rows there are.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::context::Context;
use super::exit::Exit;
use super::name;
use super::output::{Column, OutputArguments};
use crate::account;
use crate::store;

/// List and add accounts
#[derive(Debug, Subcommand)]
pub enum Account {
    /// List the accounts, oldest first; the first is the one that other commands take when none is named
    List(OutputArguments),
    /// Add an account: its orders, connections, sources and keys are seen by nobody else
    Add(Add),
}

/// `bestand account add`
#[derive(Debug, Args)]
pub struct Add {
    /// What you call it; at most 100 characters, each name once
    #[arg(value_parser = name::parse)]
    name: String,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Serialize)]
struct Shown {
    id: String,
    name: String,
    created_at: String,
}

const COLUMNS: &[Column<Shown>] = &[
    ("NAME", |account| account.name.clone()),
    ("ID", |account| account.id.clone()),
    ("CREATED", |account| account.created_at.clone()),
];

// === impl Account ===

impl Account {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::List(output) => list(context, output).await,
            Self::Add(Add { name, output }) => add(context, &name, output).await,
        }
    }
}

async fn list(context: &Context, output: OutputArguments) -> anyhow::Result<Exit> {
    let db = context.store().await?;
    store::account::first(&db, context.clock.now()).await?;
    let accounts: Vec<_> = store::account::list(&db)
        .await?
        .into_iter()
        .map(Shown::from)
        .collect();
    output.list(&accounts, COLUMNS)?;
    Ok(Exit::Done)
}

async fn add(context: &Context, name: &str, output: OutputArguments) -> anyhow::Result<Exit> {
    let db = context.store().await?;
    let now = context.clock.now();
    // The first account is the one that commands take when none is named: it must not be this one by accident.
    store::account::first(&db, now).await?;
    let account = account::Account::new(name, now);
    store::account::insert(&db, &account).await?;
    output.one(&Shown::from(account), |account| {
        format!("added account `{}` ({})", account.name, account.id)
    })?;
    Ok(Exit::Done)
}

impl From<account::Account> for Shown {
    fn from(account: account::Account) -> Self {
        Self {
            id: account.id.to_string(),
            name: account.name,
            created_at: account.created_at.to_string(),
        }
    }
}
