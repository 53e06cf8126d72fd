//! `bestand user`: people who sign in to the console, kept on the store itself.
//!
//! A running daemon sees a change within seconds: it trusts what it holds for no longer.

mod change;
mod link;
mod password;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde::Serialize;

use self::change::{ChangeRole, Named, Password};
use self::password::PasswordArgument;
use super::context::{AccountArgument, Context};
use super::exit::Exit;
use super::output::{Column, OutputArguments, or_dash};
use crate::account::Account;
use crate::api_key::Role;
use crate::id::UserId;
use crate::user::{self, UserName, Users};

/// Look after the people who sign in to the console
#[derive(Debug, Subcommand)]
pub enum User {
    /// List the users by name
    List(Target),
    /// Add a user; the password is asked for twice
    Add(Add),
    /// Give a user another password and end their sessions
    Password(Password),
    /// Give a user another role, in sessions under way as well
    Role(ChangeRole),
    /// Refuse a user from now on and end their sessions
    Disable(Named),
    /// Let a user who was disabled sign in again
    Enable(Named),
    /// Remove a user and end their sessions
    Remove(Named),
    /// Make a new link that makes the first admin, while there is no user; the one before is void
    Link(Target),
}

/// What every user command takes.
#[derive(Debug, Args)]
pub struct Target {
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// `bestand user add`
#[derive(Debug, Args)]
pub struct Add {
    /// What they type to sign in; at most 100 characters, each name once, whatever its case
    name: UserName,
    /// reader (counts and verdicts), operator (orders, connections, locations) or admin (all, users and keys included)
    #[arg(long)]
    role: Role,
    #[command(flatten)]
    password: PasswordArgument,
    #[command(flatten)]
    target: Target,
}

/// A user as they are shown.
#[derive(Serialize)]
struct Shown {
    id: String,
    name: String,
    role: Role,
    created_at: String,
    last_seen_at: Option<String>,
    disabled_at: Option<String>,
}

const COLUMNS: &[Column<Shown>] = &[
    ("NAME", |user| user.name.clone()),
    ("ROLE", |user| user.role.as_str().into()),
    ("LAST SEEN", |user| or_dash(user.last_seen_at.as_ref())),
    ("STATE", Shown::state),
    ("ID", |user| user.id.clone()),
];

/// The store, opened for one account.
struct Opened {
    users: Users,
    account: Account,
}

// === impl User ===

impl User {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::List(command) => list(context, &command).await?,
            Self::Add(command) => add(context, &command).await?,
            Self::Password(command) => change::password(context, &command).await?,
            Self::Role(command) => change::role(context, &command).await?,
            Self::Disable(command) => change::disable(context, &command).await?,
            Self::Enable(command) => change::enable(context, &command).await?,
            Self::Remove(command) => change::remove(context, &command).await?,
            Self::Link(command) => link::make(context, &command).await?,
        }
        Ok(Exit::Done)
    }
}

async fn list(context: &Context, target: &Target) -> anyhow::Result<()> {
    let Opened { users, account } = Opened::open(context, target).await?;
    let users = users.list(account.id).await?.into_iter();
    let users: Vec<_> = users.map(Shown::from).collect();
    Ok(target.output.list(&users, COLUMNS)?)
}

async fn add(context: &Context, command: &Add) -> anyhow::Result<()> {
    let Opened { users, account } = Opened::open(context, &command.target).await?;
    let password = command.password.read()?;
    let name = command.name.as_str();
    let added = users.add(account.id, name, command.role, &password).await?;
    let text = |user: &Shown| format!("added {} `{}` ({})", user.role.as_str(), user.name, user.id);
    Ok(command.target.output.one(&Shown::from(added), text)?)
}

// === impl Opened ===

impl Opened {
    async fn open(context: &Context, target: &Target) -> anyhow::Result<Self> {
        let db = context.store().await?;
        let account = target.account.find(&db, &context.clock).await?;
        let users = Users::new(db, context.clock.clone());
        Ok(Self { users, account })
    }

    async fn find(&self, user: &str) -> anyhow::Result<user::User> {
        let id = user.parse::<UserId>().ok();
        let key = UserName::parse(user).ok().map(|name| name.key());
        let mut users = self.users.list(self.account.id).await?.into_iter();
        let is_meant =
            |candidate: &user::User| Some(candidate.id) == id || Some(candidate.name.key()) == key;
        users.find(is_meant).with_context(|| {
            let account = &self.account.name;
            format!("account `{account}` has no user `{user}`; `bestand user list` shows its users")
        })
    }
}

// === impl Shown ===

impl Shown {
    fn state(&self) -> String {
        let disabled = self.disabled_at.as_ref();
        disabled.map_or_else(|| "good".into(), |at| format!("disabled {at}"))
    }
}

impl From<user::User> for Shown {
    fn from(user: user::User) -> Self {
        let shown = |moment: bestand_plugin_api::Timestamp| moment.to_string();
        Self {
            id: user.id.to_string(),
            name: user.name.to_string(),
            role: user.role,
            created_at: shown(user.created_at),
            last_seen_at: user.last_seen_at.map(shown),
            disabled_at: user.disabled_at.map(shown),
        }
    }
}
