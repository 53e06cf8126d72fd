//! Kits in the database: one row for each component.

use bestand_plugin_api::{Quantity, Sku, Timestamp};
use sea_orm::{FromQueryResult, Value};

use super::{begin_change, moment};
use crate::article::{InvalidKit, KITS_MAX, Kit, KitComponent};
use crate::id::AccountId;
use crate::store::{Db, Error, Tx, sql};

#[derive(FromQueryResult)]
struct Row {
    kit_sku: String,
    sku: String,
    quantity: i64,
}

#[derive(FromQueryResult)]
struct Name {
    sku: String,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

/// What became of kits that were to be set.
#[derive(Debug, PartialEq, Eq)]
pub enum Put {
    /// They are set.
    Done,
    /// None is: this one would be in a kit, or hold one.
    Invalid(InvalidKit),
    /// None is: the account would have more than [`KITS_MAX`].
    TooMany,
}

/// All of the account, in the order of their SKUs.
///
/// # Errors
/// When the database is out of reach.
pub async fn all(db: &Db, account: AccountId) -> Result<Vec<Kit>, Error> {
    let select = "select kit_sku, sku, quantity from kit_components where account_id = $1 \
        order by kit_sku, sku";
    let rows: Vec<Row> = sql::list(db.read(), select, [account.0.into()]).await?;
    let mut kits: Vec<Kit> = Vec::new();
    for row in rows {
        let component = KitComponent {
            sku: Error::read("kit", &row.sku)?,
            quantity: Quantity::from_millionths(row.quantity),
        };
        match kits.last_mut().filter(|kit| *kit.sku == row.kit_sku) {
            Some(kit) => kit.components.push(component),
            None => kits.push(Kit {
                sku: Error::read("kit", &row.kit_sku)?,
                components: vec![component],
            }),
        }
    }
    Ok(kits)
}

/// Sets these, all or none, each in place of what was set for its SKU.
///
/// # Errors
/// When the database is out of reach.
pub async fn put(db: &Db, account: AccountId, kits: &[Kit], now: Timestamp) -> Result<Put, Error> {
    let tx = db.begin().await?;
    begin_change(&tx, account).await?;
    for kit in kits {
        clear(&tx, account, &kit.sku).await?;
        for component in &kit.components {
            put_component(&tx, account, &kit.sku, component, now).await?;
        }
    }
    for kit in kits {
        if let Some(invalid) = nested(&tx, account, kit).await? {
            return Ok(Put::Invalid(invalid));
        }
    }
    let select =
        "select count(distinct kit_sku) as count from kit_components where account_id = $1";
    let count: Option<Count> = sql::find(&tx, select, [account.0.into()]).await?;
    if count.is_some_and(|found| found.count.unsigned_abs() > KITS_MAX) {
        return Ok(Put::TooMany);
    }
    tx.commit().await?;
    db.note_route_change();
    Ok(Put::Done)
}

/// Removes one; `false` when there is none of this SKU.
///
/// # Errors
/// When the database is out of reach.
pub async fn delete(db: &Db, account: AccountId, sku: &Sku) -> Result<bool, Error> {
    let deleted = db
        .write(async |tx| {
            begin_change(tx, account).await?;
            clear(tx, account, sku).await
        })
        .await?;
    db.note_route_change();
    Ok(deleted > 0)
}

async fn clear(tx: &Tx, account: AccountId, kit: &Sku) -> Result<u64, Error> {
    let delete = "delete from kit_components where account_id = $1 and kit_sku = $2";
    sql::execute(tx, delete, [account.0.into(), kit.as_str().into()]).await
}

async fn put_component(
    tx: &Tx,
    account: AccountId,
    kit: &Sku,
    component: &KitComponent,
    now: Timestamp,
) -> Result<(), Error> {
    let insert = "insert into kit_components (account_id, kit_sku, sku, quantity, updated_at) \
        values ($1, $2, $3, $4, $5)";
    let values: [Value; 5] = [
        account.0.into(),
        kit.as_str().into(),
        component.sku.as_str().into(),
        component.quantity.millionths().into(),
        moment(now),
    ];
    sql::execute(tx, insert, values).await?;
    Ok(())
}

/// Whether the kit holds a kit, or is in one.
async fn nested(tx: &Tx, account: AccountId, kit: &Kit) -> Result<Option<InvalidKit>, Error> {
    let holder =
        "select kit_sku as sku from kit_components where account_id = $1 and sku = $2 limit 1";
    let held = "select held.sku as sku from kit_components held \
        join kit_components inner_kit on inner_kit.account_id = held.account_id and inner_kit.kit_sku = held.sku \
        where held.account_id = $1 and held.kit_sku = $2 limit 1";
    let of = || [Value::from(account.0), kit.sku.as_str().into()];
    if let Some(held) = sql::find::<Name>(tx, held, of()).await? {
        return Ok(Some(InvalidKit::Nested(Error::read("kit", &held.sku)?)));
    }
    let Some(holder) = sql::find::<Name>(tx, holder, of()).await? else {
        return Ok(None);
    };
    Ok(Some(InvalidKit::IsComponent {
        sku: kit.sku.clone(),
        of: Error::read("kit", &holder.sku)?,
    }))
}
