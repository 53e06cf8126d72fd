//! Accounts in the database.

use bestand_plugin_api::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Db, Error, sql};
use crate::account::Account;
use crate::id::AccountId;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    created_at: i64,
}

/// Stores a new account.
///
/// # Errors
/// `Conflict` when the name is taken.
pub async fn insert(db: &Db, account: &Account) -> Result<(), Error> {
    let insert = "insert into accounts (id, name, created_at) values ($1, $2, $3)";
    let values = [
        account.id.0.into(),
        account.name.as_str().into(),
        account.created_at.millis().into(),
    ];
    let inserted = sql::execute(db.writer(), insert, values).await;
    inserted.map_err(|error| error.when_taken("an account", &account.name))?;
    Ok(())
}

/// All accounts, oldest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(db: &Db) -> Result<Vec<Account>, Error> {
    let select = "select id, name, created_at from accounts order by id";
    let rows: Vec<Row> = sql::list(db.read(), select, []).await?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// The account with this name.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_by_name(db: &Db, name: &str) -> Result<Option<Account>, Error> {
    let select = "select id, name, created_at from accounts where name = $1";
    let row: Option<Row> = sql::find(db.read(), select, [name.into()]).await?;
    Ok(row.map(Account::from))
}

/// The first account, made when there is none: a merchant with one account never notices it.
///
/// # Errors
/// When the database is out of reach.
pub async fn first(db: &Db, now: Timestamp) -> Result<Account, Error> {
    if let Some(first) = list(db).await?.into_iter().next() {
        return Ok(first);
    }
    let account = Account::new(Account::FIRST, now);
    match insert(db, &account).await {
        Ok(()) => Ok(account),
        // Another daemon on the same database was faster.
        Err(Error::Conflict { .. }) => find_by_name(db, Account::FIRST)
            .await?
            .ok_or_else(|| Error::not_found("account", Account::FIRST)),
        Err(error) => Err(error),
    }
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: AccountId(row.id),
            name: row.name,
            created_at: Timestamp::from_millis(row.created_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::on_both_engines;
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

    on_both_engines! {
        async fn the_first_start_makes_one_account_and_later_ones_find_it(db) {
            let made = first(db, NOW).await.unwrap();
            let found = first(db, NOW).await.unwrap();
            assert_eq!((made.name.as_str(), &made), ("default", &found));
            assert_eq!(list(db).await.unwrap(), [found]);
        }

        async fn a_name_that_is_taken_is_said(db) {
            insert(db, &Account::new("acme", NOW)).await.unwrap();
            let refused = insert(db, &Account::new("acme", NOW)).await.unwrap_err();
            assert_eq!(refused.to_string(), "there is already an account named `acme`");
        }
    }
}
