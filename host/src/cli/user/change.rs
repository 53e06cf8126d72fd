//! What is changed about somebody who is there: password, role, whether they may sign in, and whether they stay.

use clap::Args;

use super::password::PasswordArgument;
use super::{Opened, Shown, Target};
use crate::api_key::Role;
use crate::cli::context::Context;
use crate::user;

/// A user by name or id, which is all that some commands take.
#[derive(Debug, Args)]
pub struct Named {
    /// The user's name or id
    user: String,
    #[command(flatten)]
    target: Target,
}

/// `bestand user password`
#[derive(Debug, Args)]
pub struct Password {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    password: PasswordArgument,
}

/// `bestand user role`
#[derive(Debug, Args)]
pub struct ChangeRole {
    #[command(flatten)]
    named: Named,
    /// reader (counts and verdicts), operator (orders, connections, locations) or admin (all, users and keys included)
    role: Role,
}

/// One user of an opened store.
struct Found {
    opened: Opened,
    user: user::User,
}

pub(super) async fn password(context: &Context, command: &Password) -> anyhow::Result<()> {
    let Found { opened, user } = command.named.find(context).await?;
    let password = command.password.read()?;
    let users = &opened.users;
    users
        .set_password(user.account_id, user.id, &password)
        .await?;
    command.named.show(user, |user| {
        format!(
            "`{}` has another password; their sessions end within seconds",
            user.name
        )
    })
}

pub(super) async fn role(context: &Context, command: &ChangeRole) -> anyhow::Result<()> {
    let Found { opened, user } = command.named.find(context).await?;
    let users = &opened.users;
    let changed = users
        .change_role(user.account_id, user.id, command.role)
        .await?;
    command.named.show(changed, |user| {
        format!("`{}` is {} now", user.name, user.role.as_str())
    })
}

pub(super) async fn disable(context: &Context, command: &Named) -> anyhow::Result<()> {
    let Found { opened, user } = command.find(context).await?;
    let disabled = opened.users.disable(user.account_id, user.id).await?;
    command.show(disabled, |user| {
        format!(
            "`{}` is disabled; their sessions end within seconds",
            user.name
        )
    })
}

pub(super) async fn enable(context: &Context, command: &Named) -> anyhow::Result<()> {
    let Found { opened, user } = command.find(context).await?;
    let enabled = opened.users.enable(user.account_id, user.id).await?;
    command.show(enabled, |user| {
        format!("`{}` may sign in again, with the same password", user.name)
    })
}

pub(super) async fn remove(context: &Context, command: &Named) -> anyhow::Result<()> {
    let Found { opened, user } = command.find(context).await?;
    let removed = opened.users.remove(user.account_id, user.id).await?;
    command.show(removed, |user| {
        format!("removed `{}`; their sessions end within seconds", user.name)
    })
}

// === impl Named ===

impl Named {
    async fn find(&self, context: &Context) -> anyhow::Result<Found> {
        let opened = Opened::open(context, &self.target).await?;
        let user = opened.find(&self.user).await?;
        Ok(Found { opened, user })
    }

    /// Shows the user as they are now, or says in a sentence what was done.
    fn show(&self, user: user::User, text: fn(&Shown) -> String) -> anyhow::Result<()> {
        Ok(self.target.output.one(&Shown::from(user), text)?)
    }
}
