//! What admins do with users: add, change, disable, remove. The last admin who can sign in stays one.

use super::{UserError, Users};
use crate::api_key::Role;
use crate::id::{AccountId, UserId};
use crate::secret::SecretText;
use crate::store::user::{self, Change, Changed, Inserted};
use crate::store::{self};
use crate::user::{Password, User, UserName};

// === impl Users ===

impl Users {
    /// The users of an account by name.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn list(&self, account: AccountId) -> Result<Vec<User>, store::Error> {
        user::list(&self.db, account).await
    }

    /// One user of an account.
    ///
    /// # Errors
    /// `NotFound` when there is no such user.
    pub async fn find(&self, account: AccountId, id: UserId) -> Result<User, store::Error> {
        let found = user::find(&self.db, account, id).await?;
        found.ok_or_else(|| store::Error::not_found("user", id))
    }

    /// Adds a user.
    ///
    /// # Errors
    /// As [`UserError`] tells.
    pub async fn add(
        &self,
        account: AccountId,
        name: &str,
        role: Role,
        password: &SecretText,
    ) -> Result<User, UserError> {
        let name = UserName::parse(name)?;
        let role = of_people(role)?;
        let hash = self.hasher.hash(Password::parse(password, &name)?).await?;
        let user = User {
            id: UserId::new(),
            account_id: account,
            name,
            role,
            created_at: self.clock.now(),
            disabled_at: None,
            last_seen_at: None,
        };
        match user::insert(&self.db, &user, &hash).await? {
            Inserted::Done => Ok(user),
            Inserted::NameTaken => Err(UserError::NameTaken),
            Inserted::TooMany => Err(UserError::TooMany),
        }
    }

    /// Lets a user do this from now on, in sessions under way as well.
    ///
    /// # Errors
    /// `LastAdmin`, and when there is no such user.
    pub async fn change_role(
        &self,
        account: AccountId,
        id: UserId,
        role: Role,
    ) -> Result<User, UserError> {
        let role = of_people(role)?;
        self.change(account, id, Change::Role(role)).await
    }

    /// Gives a user another password, and ends all their sessions.
    ///
    /// # Errors
    /// `Password` when it is not taken, and when there is no such user.
    pub async fn set_password(
        &self,
        account: AccountId,
        id: UserId,
        new: &SecretText,
    ) -> Result<(), UserError> {
        let user = self.find(account, id).await?;
        let hash = self.hasher.hash(Password::parse(new, &user.name)?).await?;
        user::set_password(&self.db, account, id, &hash, None).await?;
        self.held.forget_user(id);
        Ok(())
    }

    /// Refuses a user from now on, and ends their sessions.
    ///
    /// # Errors
    /// `LastAdmin`, and when there is no such user.
    pub async fn disable(&self, account: AccountId, id: UserId) -> Result<User, UserError> {
        let now = self.clock.now();
        self.change(account, id, Change::Disable(now)).await
    }

    /// Lets a user who was disabled sign in again.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn enable(&self, account: AccountId, id: UserId) -> Result<User, UserError> {
        self.change(account, id, Change::Enable).await
    }

    /// Removes a user with their sessions; answers who it was.
    ///
    /// # Errors
    /// `LastAdmin`, and when there is no such user.
    pub async fn remove(&self, account: AccountId, id: UserId) -> Result<User, UserError> {
        self.change(account, id, Change::Remove).await
    }

    async fn change(
        &self,
        account: AccountId,
        id: UserId,
        change: Change,
    ) -> Result<User, UserError> {
        let changed = user::change(&self.db, account, id, change).await?;
        self.held.forget_user(id);
        match changed {
            Changed::Done(user) => Ok(user),
            Changed::LastAdmin => Err(UserError::LastAdmin),
        }
    }
}

fn of_people(role: Role) -> Result<Role, UserError> {
    match role {
        Role::Partner => Err(UserError::PartnerRole),
        role => Ok(role),
    }
}
