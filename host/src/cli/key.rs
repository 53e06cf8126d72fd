//! `bestand key`: API keys, made and revoked on the store itself.
//!
//! A running daemon sees a change within seconds: it trusts what it holds for no longer.

use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde::Serialize;

use super::context::{AccountArgument, Context};
use super::exit::{BadArguments, Exit};
use super::name;
use super::output::{self, Column, OutputArguments, or_dash};
use crate::account::Account;
use crate::activity::{Activity, Actor, Event, EventKind, Subject};
use crate::api_key::{ApiKey, Issued, Keyring, NewApiKey, Role};
use crate::id::ApiKeyId;
use crate::store::Db;

const SECS_PER_HOUR: u64 = 3600;
const SECS_PER_DAY: u64 = 86_400;
/// Longest grace period, in hours: 90 days. Longer is not a change of secrets but two secrets.
const GRACE_HOURS_MAX: u64 = 2160;

/// Make, list, regenerate and revoke API keys
#[derive(Debug, Subcommand)]
pub enum Key {
    /// List the keys, oldest first; secrets are never shown again
    List(Target),
    /// Make a key and its secret; the secret is shown this once
    Create(Create),
    /// Make a new secret for a key; the old one keeps working for a grace period
    Regenerate(Regenerate),
    /// Refuse a key from now on; this cannot be undone
    Revoke(Revoke),
}

/// What every key command takes.
#[derive(Debug, Args)]
pub struct Target {
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// `bestand key create`
#[derive(Debug, Args)]
pub struct Create {
    /// What you call it: who or what will use it
    #[arg(long, value_parser = name::parse)]
    name: String,
    /// partner (pushes its own levels), reader (counts and verdicts), operator (orders, connections, locations) or
    /// admin (all, keys included)
    #[arg(long)]
    role: Role,
    /// The partner it is for, with `--role partner`
    #[arg(long, value_name = "NAME", value_parser = name::parse)]
    partner: Option<String>,
    /// Refuse it after this many days
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u64).range(1..=3650))]
    expires_in_days: Option<u64>,
    #[command(flatten)]
    target: Target,
}

/// `bestand key regenerate`
#[derive(Debug, Args)]
pub struct Regenerate {
    /// The key (`bk_…`) or its id
    key: String,
    /// How long the old secret keeps working, in hours; 0 ends it at once
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u64).range(0..=GRACE_HOURS_MAX))]
    grace_hours: u64,
    #[command(flatten)]
    target: Target,
}

/// `bestand key revoke`
#[derive(Debug, Args)]
pub struct Revoke {
    /// The key (`bk_…`) or its id
    key: String,
    #[command(flatten)]
    target: Target,
}

/// A key as it is shown.
#[derive(Serialize)]
struct Shown {
    id: String,
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    name: String,
    role: Role,
    partner: Option<String>,
    created_at: String,
    last_used_at: Option<String>,
    expires_at: Option<String>,
    revoked_at: Option<String>,
}

const COLUMNS: &[Column<Shown>] = &[
    ("KEY", |key| key.key.clone()),
    ("NAME", |key| key.name.clone()),
    ("ROLE", Shown::role),
    ("LAST USED", |key| or_dash(key.last_used_at.as_ref())),
    ("STATE", Shown::state),
];

/// The store, opened for one account.
struct Opened {
    keyring: Keyring,
    activity: Activity,
    account: Account,
}

// === impl Key ===

impl Key {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::List(command) => list(context, &command).await?,
            Self::Create(command) => create(context, command).await?,
            Self::Regenerate(command) => regenerate(context, &command).await?,
            Self::Revoke(command) => revoke(context, &command).await?,
        }
        Ok(Exit::Done)
    }
}

async fn list(context: &Context, target: &Target) -> anyhow::Result<()> {
    let opened = Opened::open(context, target).await?;
    let keys: Vec<_> = opened
        .keyring
        .list(opened.account.id)
        .await?
        .into_iter()
        .map(Shown::from)
        .collect();
    Ok(target.output.list(&keys, COLUMNS)?)
}

async fn create(context: &Context, command: Create) -> anyhow::Result<()> {
    if (command.role == Role::Partner) != command.partner.is_some() {
        return Err(BadArguments(
            "`--partner NAME` goes with `--role partner`, and only with it".into(),
        )
        .into());
    }
    let opened = Opened::open(context, &command.target).await?;
    let now = context.clock.now();
    let lifetime = command
        .expires_in_days
        .map(|days| Duration::from_secs(days * SECS_PER_DAY));
    let new = NewApiKey {
        name: command.name,
        role: command.role,
        partner: command.partner,
        expires_at: lifetime.map(|lifetime| now.after(lifetime)),
    };
    let issued = opened.keyring.create(opened.account.id, new, now).await?;
    opened.note(EventKind::ApiKeyMade, &issued.api_key).await;
    show_once(issued, command.target.output)
}

async fn regenerate(context: &Context, command: &Regenerate) -> anyhow::Result<()> {
    let opened = Opened::open(context, &command.target).await?;
    let (now, grace) = (
        context.clock.now(),
        Duration::from_secs(command.grace_hours * SECS_PER_HOUR),
    );
    let id = opened.find(&command.key).await?.id;
    let issued = opened
        .keyring
        .regenerate(opened.account.id, id, grace, now)
        .await?;
    opened
        .note(EventKind::ApiKeyRegenerated, &issued.api_key)
        .await;
    show_once(issued, command.target.output)?;
    output::note(&format!(
        "the old secret is taken until {}",
        now.after(grace)
    ));
    Ok(())
}

async fn revoke(context: &Context, command: &Revoke) -> anyhow::Result<()> {
    let opened = Opened::open(context, &command.target).await?;
    let id = opened.find(&command.key).await?.id;
    opened
        .keyring
        .revoke(opened.account.id, id, context.clock.now())
        .await?;
    let revoked = opened.keyring.find(opened.account.id, id).await?;
    opened.note(EventKind::ApiKeyRevoked, &revoked).await;
    let revoked = Shown::from(revoked);
    let text = |key: &Shown| {
        format!(
            "revoked {} (`{}`); a running daemon refuses it within seconds",
            key.key, key.name
        )
    };
    Ok(command.target.output.one(&revoked, text)?)
}

fn show_once(issued: Issued, output: OutputArguments) -> anyhow::Result<()> {
    let shown = Shown {
        secret: Some(issued.secret.reveal().into()),
        ..Shown::from(issued.api_key)
    };
    let text = |shown: &Shown| {
        format!(
            "key    {}\nsecret {}",
            shown.key,
            shown.secret.as_deref().unwrap_or_default()
        )
    };
    output.one(&shown, text)?;
    output::note("keep the secret now: it is stored as a hash and cannot be shown again");
    Ok(())
}

// === impl Opened ===

impl Opened {
    async fn open(context: &Context, target: &Target) -> anyhow::Result<Self> {
        let db: Db = context.store().await?;
        let account = target.account.find(&db, &context.clock).await?;
        Ok(Self {
            keyring: Keyring::new(db.clone()),
            activity: Activity::open(db, context.clock.clone()),
            account,
        })
    }

    async fn note(&self, kind: EventKind, api_key: &ApiKey) {
        let subject = Subject::api_key(api_key);
        let event = Event::new(self.account.id, kind, Actor::COMMAND, subject);
        self.activity
            .note(event.with("role", api_key.role.as_str()));
        self.activity.settle().await;
    }

    async fn find(&self, key: &str) -> anyhow::Result<ApiKey> {
        let id = key.parse::<ApiKeyId>().ok();
        let mut keys = self.keyring.list(self.account.id).await?.into_iter();
        let found = keys.find(|candidate| candidate.key == key || Some(candidate.id) == id);
        found.with_context(|| {
            format!(
                "account `{}` has no key `{key}`; `bestand key list` shows its keys",
                self.account.name
            )
        })
    }
}

// === impl Shown ===

impl Shown {
    fn role(&self) -> String {
        let role = self.role.as_str();
        self.partner
            .as_ref()
            .map_or_else(|| role.into(), |partner| format!("{role} {partner}"))
    }

    fn state(&self) -> String {
        match (&self.revoked_at, &self.expires_at) {
            (Some(at), _) => format!("revoked {at}"),
            (None, Some(at)) => format!("expires {at}"),
            (None, None) => "good".into(),
        }
    }
}

impl From<ApiKey> for Shown {
    fn from(api_key: ApiKey) -> Self {
        let shown = |moment: bestand_plugin_api::Timestamp| moment.to_string();
        Self {
            id: api_key.id.to_string(),
            key: api_key.key,
            secret: None,
            name: api_key.name,
            role: api_key.role,
            partner: api_key.partner,
            created_at: shown(api_key.created_at),
            last_used_at: api_key.last_used_at.map(shown),
            expires_at: api_key.expires_at.map(shown),
            revoked_at: api_key.revoked_at.map(shown),
        }
    }
}
