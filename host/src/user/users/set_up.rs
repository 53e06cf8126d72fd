//! The first admin: made by whoever holds the link that the daemon prints while there is no user.

use super::{Beginning, SetUpError, SignedIn, Users};
use crate::api_key::{Role, SecretHash};
use crate::id::{AccountId, UserId};
use crate::secret::SecretText;
use crate::store::set_up_token::{self, Redeemed};
use crate::store::{self, user};
use crate::user::session::TOKEN_BYTES;
use crate::user::set_up_link::SET_UP_TOKEN_LIFE;
use crate::user::{From, Password, User, UserName};

// === impl Users ===

impl Users {
    /// Whether nobody can sign in to this account yet.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn set_up_link_needed(&self, account: AccountId) -> Result<bool, store::Error> {
        Ok(!user::is_any(&self.db, account).await?)
    }

    /// A token for the link that makes the first admin; the one before is void. `None` once there is a user.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn new_set_up_token(
        &self,
        account: AccountId,
    ) -> Result<Option<SecretText>, store::Error> {
        let token = SecretText::random::<TOKEN_BYTES>();
        let hash = SecretHash::of(token.reveal());
        let is_made = set_up_token::replace(&self.db, account, &hash, self.clock.now()).await?;
        Ok(is_made.then_some(token))
    }

    /// Whether this token would be taken now, to be asked before somebody fills in a form.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn is_set_up_token(&self, token: &str) -> Result<bool, store::Error> {
        let account = self.account_of(&SecretHash::of(token)).await?;
        Ok(account.is_some())
    }

    /// Makes the first admin of an account and signs them in. However many try at once, one does.
    ///
    /// # Errors
    /// As [`SetUpError`] tells; after any but `Link` the token is still good.
    pub async fn set_up(
        &self,
        token: &str,
        name: &str,
        password: &SecretText,
        from: &From,
    ) -> Result<SignedIn, SetUpError> {
        let (now, token) = (self.clock.now(), SecretHash::of(token));
        let account = self.account_of(&token).await?;
        let account = account.ok_or(SetUpError::Link)?;
        let name = UserName::parse(name)?;
        let hash = self.hasher.hash(Password::parse(password, &name)?).await?;
        let admin = User {
            id: UserId::new(),
            account_id: account,
            name,
            role: Role::Admin,
            created_at: now,
            disabled_at: None,
            last_seen_at: Some(now),
        };
        let beginning = Beginning::new(from, now);
        let (made_after, session) = (now.before(SET_UP_TOKEN_LIFE), &beginning.session);
        let redeemed =
            set_up_token::redeem(&self.db, &token, made_after, (&admin, &hash), session).await?;
        match redeemed {
            Redeemed::Done => Ok(beginning.signed_in(admin)),
            Redeemed::Void => Err(SetUpError::Link),
            Redeemed::NameTaken => Err(SetUpError::NameTaken),
        }
    }

    async fn account_of(&self, token: &SecretHash) -> Result<Option<AccountId>, store::Error> {
        let made_after = self.clock.now().before(SET_UP_TOKEN_LIFE);
        set_up_token::find_account(&self.db, token, made_after).await
    }
}
