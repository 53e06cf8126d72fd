//! Ship-from locations in the database.

use bestand_plugin_api::{Quantity, Timestamp};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Error, Tx, sql};
use crate::id::{AccountId, ShipFromId, SourceId};
use crate::ship_from::{Buffer, Share, ShipFromLocation};

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    id: Uuid,
    name: String,
    address: Option<String>,
    is_default: bool,
    policy: String,
    buffer: i64,
    buffer_share: Option<i64>,
    allocation: String,
    source_id: Option<Uuid>,
    version: i64,
    created_at: i64,
}

const SELECT: &str = "select account_id, id, name, address, is_default, policy, buffer, buffer_share, allocation, \
    source_id, version, \
    created_at from ship_from_locations";

/// Stores a new location; a new default takes that part over from the one before.
///
/// # Errors
/// `Conflict` when the name is taken, `NotFound` when the account has no such source.
pub async fn insert(db: &Db, location: &ShipFromLocation) -> Result<(), Error> {
    let insert = "insert into ship_from_locations \
        (account_id, id, name, address, is_default, policy, buffer, source_id, version, buffer_share, allocation, created_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let mut values = values(location).to_vec();
    values.push(location.created_at.millis().into());
    db.write(async |tx| {
        yield_default(tx, location).await?;
        let inserted = sql::execute(tx, insert, values).await;
        inserted.map_err(|error| clash(error, location))?;
        Ok(())
    })
    .await?;
    db.note_route_change();
    Ok(())
}

/// Stores a changed location under the next version, when nobody else has changed it since it was read.
///
/// # Errors
/// `Conflict` when it was changed meanwhile, is gone, or the name is taken; `NotFound` when the account has no such
/// source.
pub async fn update(db: &Db, location: &ShipFromLocation) -> Result<ShipFromLocation, Error> {
    let update = "update ship_from_locations set name = $3, address = $4, is_default = $5, policy = $6, buffer = $7, \
        source_id = $8, version = $9, buffer_share = $10, allocation = $11 \
        where account_id = $1 and id = $2 and version = $12";
    let next = ShipFromLocation {
        version: location.version + 1,
        ..location.clone()
    };
    let mut values = values(&next).to_vec();
    values.push(location.version.into());
    let updated = db
        .write(async |tx| {
            yield_default(tx, location).await?;
            let updated = sql::execute(tx, update, values).await;
            match updated.map_err(|error| clash(error, location))? {
                0 => Err(Error::changed_meanwhile("ship-from location", location.id)),
                _ => Ok(next),
            }
        })
        .await?;
    db.note_route_change();
    Ok(updated)
}

/// Makes room for a location that is to be the default.
async fn yield_default(tx: &Tx, location: &ShipFromLocation) -> Result<(), Error> {
    if !location.is_default {
        return Ok(());
    }
    let update = "update ship_from_locations set is_default = false, version = version + 1 \
        where account_id = $1 and id <> $2 and is_default";
    let values = [location.account_id.0.into(), location.id.0.into()];
    sql::execute(tx, update, values).await?;
    Ok(())
}

/// Links the location to `source`, or to none, and answers the location as it is then. With a `version`, only when
/// nobody has changed it since it was read at that one.
///
/// # Errors
/// `NotFound` when the account has no such location or no such source, `Conflict` when it was changed.
pub async fn link(
    db: &Db,
    account: AccountId,
    id: ShipFromId,
    source: Option<SourceId>,
    version: Option<i64>,
) -> Result<ShipFromLocation, Error> {
    let update = "update ship_from_locations set source_id = $3, version = version + 1 \
        where account_id = $1 and id = $2 and version = coalesce($4, version)";
    let values = [
        account.0.into(),
        id.0.into(),
        source.map(|source| source.0).into(),
        version.into(),
    ];
    let linked = sql::execute(db.writer(), update, values).await;
    let linked = linked.map_err(|error| dangling(error, source))?;
    if linked == 0 && version.is_some() {
        return Err(Error::changed_meanwhile("ship-from location", id));
    }
    db.note_route_change();
    let found = find(db, account, id).await?;
    found.ok_or_else(|| Error::not_found("ship-from location", id))
}

/// One location of the account.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(
    db: &Db,
    account: AccountId,
    id: ShipFromId,
) -> Result<Option<ShipFromLocation>, Error> {
    let select = format!("{SELECT} where account_id = $1 and id = $2");
    let row: Option<Row> = sql::find(db.read(), &select, [account.0.into(), id.0.into()]).await?;
    row.map(ShipFromLocation::try_from).transpose()
}

/// Where orders of the account ship from that name no location.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_default(db: &Db, account: AccountId) -> Result<Option<ShipFromLocation>, Error> {
    let select = format!("{SELECT} where account_id = $1 and is_default");
    let row: Option<Row> = sql::find(db.read(), &select, [account.0.into()]).await?;
    row.map(ShipFromLocation::try_from).transpose()
}

/// The account's locations, oldest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<ShipFromLocation>, Error> {
    let select = format!("{SELECT} where account_id = $1 order by id");
    let rows: Vec<Row> = sql::list(db.read(), &select, [account.0.into()]).await?;
    rows.into_iter().map(ShipFromLocation::try_from).collect()
}

/// Removes a location, when nobody has changed it since it was read at this version.
///
/// # Errors
/// `Conflict` when somebody has, or it is gone.
pub async fn delete(
    db: &Db,
    account: AccountId,
    id: ShipFromId,
    version: i64,
) -> Result<(), Error> {
    let delete =
        "delete from ship_from_locations where account_id = $1 and id = $2 and version = $3";
    let values = [account.0.into(), id.0.into(), version.into()];
    match sql::execute(db.writer(), delete, values).await? {
        0 => Err(Error::changed_meanwhile("ship-from location", id)),
        _ => {
            db.note_route_change();
            Ok(())
        }
    }
}

/// The columns that insert and update share, `$1` to `$11`.
fn values(location: &ShipFromLocation) -> [Value; 11] {
    let (units, share) = match location.buffer {
        Buffer::Units(units) => (units, None),
        Buffer::Share(share) => (Quantity::ZERO, Some(share.hundredths_of_percent())),
    };
    [
        location.account_id.0.into(),
        location.id.0.into(),
        location.name.as_str().into(),
        location.address.clone().into(),
        location.is_default.into(),
        location.policy.as_str().into(),
        units.millionths().into(),
        location.source_id.map(|source| source.0).into(),
        location.version.into(),
        share.map(i64::from).into(),
        location.allocation.as_str().into(),
    ]
}

fn clash(error: Error, location: &ShipFromLocation) -> Error {
    let error = error.when_taken("a ship-from location", &location.name);
    dangling(error, location.source_id)
}

fn dangling(error: Error, source: Option<SourceId>) -> Error {
    match source {
        Some(source) => error.when_dangling("inventory source", source),
        None => error,
    }
}

impl TryFrom<Row> for ShipFromLocation {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: ShipFromId(row.id),
            account_id: AccountId(row.account_id),
            name: row.name,
            address: row.address,
            is_default: row.is_default,
            policy: Error::read("ship-from location", &row.policy)?,
            buffer: buffer(row.buffer, row.buffer_share)?,
            allocation: Error::read("ship-from location", &row.allocation)?,
            source_id: row.source_id.map(SourceId),
            version: row.version,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}

fn buffer(units: i64, share: Option<i64>) -> Result<Buffer, Error> {
    let Some(hundredths) = share else {
        return Ok(Buffer::Units(Quantity::from_millionths(units)));
    };
    let known = Share::of_hundredths_of_percent(hundredths).map(Buffer::Share);
    known.ok_or_else(|| Error::corrupt("ship-from location", "its buffer is no share"))
}

#[cfg(test)]
pub(in crate::store) mod tests;
