//! Inventory sources in the database.

use bestand_plugin_api::{Location, LocationId, LocationKind, Timestamp};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Error, Tx, sql};
use crate::id::{AccountId, ConnectionId, SourceId};
use crate::source::{Direction, InventorySource, Owner};

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    id: Uuid,
    connection_id: Uuid,
    location_id: String,
    name: String,
    kind: String,
    active: bool,
    sellable: bool,
    included: bool,
    max_age_secs: Option<i64>,
    direction: Option<String>,
    listed_at: Option<i64>,
    as_of: Option<i64>,
    levels: i64,
    created_at: i64,
}

#[derive(FromQueryResult)]
struct OwnedRow {
    adapter: String,
    partner: Option<String>,
    #[sea_orm(nested)]
    source: Row,
}

const SELECT: &str = "select account_id, id, connection_id, location_id, name, kind, active, sellable, included, \
    max_age_secs, direction, listed_at, as_of, levels, created_at from inventory_sources";

/// Brings a connection's sources in line with the places its system names, and answers all of them.
///
/// New ones are added, known ones follow in name, kind and state, those no longer named are kept as inactive.
///
/// # Errors
/// `NotFound` when there is no such connection.
pub async fn follow_locations(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    locations: &[Location],
    now: Timestamp,
) -> Result<Vec<InventorySource>, Error> {
    let close =
        "update inventory_sources set active = false where account_id = $1 and connection_id = $2";
    db.write(async |tx| {
        sql::execute(tx, close, [account.0.into(), connection.0.into()]).await?;
        for location in locations.iter().filter(|place| place.kind.is_source()) {
            insert(tx, FOLLOW, account, connection, location, now).await?;
        }
        Ok(())
    })
    .await?;
    db.note_route_change();
    list_of_connection(db, account, connection).await
}

/// Adds the places that a partner told of, or brings them in line with what it said; others stay as they are.
///
/// # Errors
/// `NotFound` when there is no such connection.
pub async fn tell_locations(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    locations: &[Location],
    now: Timestamp,
) -> Result<(), Error> {
    add(db, FOLLOW, account, connection, locations, now).await
}

/// Adds places that were met in levels; those that are known keep their name and state.
///
/// # Errors
/// `NotFound` when there is no such connection.
pub async fn meet_locations(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    locations: &[Location],
    now: Timestamp,
) -> Result<(), Error> {
    add(db, "nothing", account, connection, locations, now).await
}

async fn add(
    db: &Db,
    when_known: &str,
    account: AccountId,
    connection: ConnectionId,
    locations: &[Location],
    now: Timestamp,
) -> Result<(), Error> {
    db.write(async |tx| {
        for location in locations {
            insert(tx, when_known, account, connection, location, now).await?;
        }
        Ok(())
    })
    .await?;
    db.note_route_change();
    Ok(())
}

/// What becomes of a place that is known when its system names it again.
const FOLLOW: &str = "update set name = excluded.name, kind = excluded.kind, active = excluded.active, \
    sellable = excluded.sellable";

async fn insert(
    tx: &Tx,
    when_known: &str,
    account: AccountId,
    connection: ConnectionId,
    location: &Location,
    now: Timestamp,
) -> Result<(), Error> {
    let insert = format!(
        "insert into inventory_sources \
         (account_id, id, connection_id, location_id, name, kind, active, sellable, included, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, true, $9) \
         on conflict (account_id, connection_id, location_id) do {when_known}"
    );
    let values = [
        account.0.into(),
        SourceId::new().0.into(),
        connection.0.into(),
        location.id.0.as_str().into(),
        location.name.as_str().into(),
        kind_word(location.kind).into(),
        location.active.into(),
        location.sellable.into(),
        now.millis().into(),
    ];
    let inserted = sql::execute(tx, &insert, values).await;
    inserted.map_err(|error| error.when_dangling("connection", connection))?;
    Ok(())
}

/// One source of the account.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(
    db: &Db,
    account: AccountId,
    id: SourceId,
) -> Result<Option<InventorySource>, Error> {
    let select = format!("{SELECT} where account_id = $1 and id = $2");
    let row: Option<Row> = sql::find(db.read(), &select, [account.0.into(), id.0.into()]).await?;
    row.map(InventorySource::try_from).transpose()
}

/// The account's sources, oldest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<InventorySource>, Error> {
    let select = format!("{SELECT} where account_id = $1 order by id");
    let rows: Vec<Row> = sql::list(db.read(), &select, [account.0.into()]).await?;
    rows.into_iter().map(InventorySource::try_from).collect()
}

/// The connection's sources, oldest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list_of_connection(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
) -> Result<Vec<InventorySource>, Error> {
    let select = format!("{SELECT} where account_id = $1 and connection_id = $2 order by id");
    let values = [account.0.into(), connection.0.into()];
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    rows.into_iter().map(InventorySource::try_from).collect()
}

/// The account's sources, each with its owner: what [`crate::source::grouped`] takes.
///
/// # Errors
/// When the database is out of reach.
pub async fn list_with_owner(
    db: &Db,
    account: AccountId,
) -> Result<Vec<(Owner, InventorySource)>, Error> {
    let select = "select adapter, partner, source.account_id, source.id, connection_id, location_id, source.name, kind, active, \
        sellable, included, max_age_secs, direction, listed_at, as_of, levels, source.created_at from inventory_sources source \
        join connections on connections.account_id = source.account_id and connections.id = connection_id \
        where source.account_id = $1 order by source.id";
    let rows: Vec<OwnedRow> = sql::list(db.read(), select, [account.0.into()]).await?;
    let read = |row: OwnedRow| {
        let (adapter, partner) = (row.adapter, row.partner);
        Ok((Owner { adapter, partner }, row.source.try_into()?))
    };
    rows.into_iter().map(read).collect()
}

/// What the operator decides on about a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decision {
    /// Whether it is offered.
    pub included: bool,
    /// When its levels count as stale.
    pub max_age_secs: Option<i64>,
    /// Which way stock goes.
    pub direction: Option<Direction>,
}

/// Sets what the operator decides on, when nobody else has decided since `known` was read.
///
/// # Errors
/// `Conflict` when somebody has, or it is gone.
pub async fn decide(db: &Db, known: &InventorySource, decision: Decision) -> Result<(), Error> {
    let update = "update inventory_sources set included = $3, max_age_secs = $4, direction = $5 \
        where account_id = $1 and id = $2 and included = $6 and max_age_secs is not distinct from $7 \
        and direction is not distinct from $8";
    let [new, old] = [decision, Decision::of(known)].map(Decision::values);
    let values = [known.account_id.0.into(), known.id.0.into()];
    let values: Vec<Value> = values.into_iter().chain(new).chain(old).collect();
    match sql::execute(db.writer(), update, values).await? {
        0 => Err(Error::changed_meanwhile("inventory source", known.id)),
        _ => {
            db.note_route_change();
            Ok(())
        }
    }
}

/// What the stock book has to know of a source before it holds its levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Standing {
    /// Start of the last complete listing.
    pub(crate) listed_at: Option<i64>,
    /// Whether anything is stored of it.
    pub(crate) has_levels: bool,
}

pub(crate) async fn standing(
    db: &Db,
    account: AccountId,
    id: SourceId,
) -> Result<Option<Standing>, Error> {
    let select = "select listed_at, exists (select 1 from stock_levels where account_id = $1 and source_id = $2) \
        as has_levels from inventory_sources where account_id = $1 and id = $2";
    sql::find(db.read(), select, [account.0.into(), id.0.into()]).await
}

/// Keeps that a complete listing of the source began at `started_at`; an older one changes nothing.
///
/// Its levels are counted again: two daemons that met one SKU at the same moment have both counted it.
pub(crate) async fn keep_listed(
    tx: &Tx,
    account: AccountId,
    id: SourceId,
    started_at: Timestamp,
) -> Result<(), Error> {
    let update = "update inventory_sources set listed_at = $3, \
        levels = (select count(*) from stock_levels where account_id = $1 and source_id = $2) \
        where account_id = $1 and id = $2 and (listed_at is null or listed_at < $3)";
    let values = [account.0.into(), id.0.into(), started_at.millis().into()];
    sql::execute(tx, update, values).await?;
    Ok(())
}

/// Keeps that a level of the source was confirmed as of `as_of`, where an older moment changes nothing, and that
/// `added` levels are new.
///
/// Goes with every write of levels: the source cannot be removed while they are being stored.
///
/// # Errors
/// `NotFound` when the source is gone.
pub(crate) async fn keep_as_of(
    tx: &Tx,
    account: AccountId,
    id: SourceId,
    as_of: Timestamp,
    added: usize,
) -> Result<(), Error> {
    let update = "update inventory_sources set as_of = case when as_of > $3 then as_of else $3 end, \
        levels = levels + $4 where account_id = $1 and id = $2";
    let added = i64::try_from(added).unwrap_or_default();
    let values = [
        account.0.into(),
        id.0.into(),
        as_of.millis().into(),
        added.into(),
    ];
    match sql::execute(tx, update, values).await? {
        0 => Err(Error::not_found("inventory source", id)),
        _ => Ok(()),
    }
}

// === impl Decision ===

impl Decision {
    /// What is decided of it now.
    #[must_use]
    pub fn of(source: &InventorySource) -> Self {
        Self {
            included: source.included,
            max_age_secs: source.max_age_secs,
            direction: source.direction,
        }
    }

    fn values(self) -> [Value; 3] {
        let direction = self.direction.map(Direction::as_str);
        [
            self.included.into(),
            self.max_age_secs.into(),
            direction.into(),
        ]
    }
}

fn kind_word(kind: LocationKind) -> &'static str {
    match kind {
        LocationKind::Site => "site",
        LocationKind::Area => "area",
        LocationKind::Bin => "bin",
        LocationKind::Transit => "transit",
        LocationKind::Virtual => "virtual",
        LocationKind::Channel => "channel",
        _ => "other",
    }
}

fn read_kind(word: &str) -> Result<LocationKind, Error> {
    const KINDS: [LocationKind; 7] = [
        LocationKind::Site,
        LocationKind::Area,
        LocationKind::Bin,
        LocationKind::Transit,
        LocationKind::Virtual,
        LocationKind::Channel,
        LocationKind::Other,
    ];
    let kind = KINDS.into_iter().find(|kind| kind_word(*kind) == word);
    kind.ok_or_else(|| Error::corrupt("inventory source", format!("`{word}` is no kind")))
}

impl TryFrom<Row> for InventorySource {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: SourceId(row.id),
            account_id: AccountId(row.account_id),
            connection_id: ConnectionId(row.connection_id),
            location_id: LocationId(row.location_id),
            name: row.name,
            kind: read_kind(&row.kind)?,
            active: row.active,
            sellable: row.sellable,
            included: row.included,
            max_age_secs: row.max_age_secs,
            direction: row
                .direction
                .map(|word| Error::read("inventory source", &word))
                .transpose()?,
            listed_at: row.listed_at.map(Timestamp::from_millis),
            as_of: row.as_of.map(Timestamp::from_millis),
            levels: row.levels.unsigned_abs(),
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}

#[cfg(test)]
mod tests;
