//! Which source a warehouse is linked to, by the two fields that say so: the connection's number, and the place in it.

use serde_json::Value;

use super::super::super::text_or_number::as_whole;
use crate::daemon::Parts;
use crate::http::problem::Problem;
use crate::id::{AccountId, SourceId};
use crate::source::InventorySource;
use crate::store;
use crate::store::shipstation::number::{self, Kind};

const CONNECTION: &str = "sellerIntegrationId";
const PLACE: &str = "extInventoryIdentity";

/// What is sent of a link.
#[derive(Debug, PartialEq)]
pub(super) enum Link {
    /// Nothing: it stays as it is.
    Kept,
    /// To none.
    None,
    /// To this source.
    To(SourceId),
}

/// Both fields of a link to this source.
pub(super) async fn shown(
    parts: &Parts,
    account: AccountId,
    source: Option<SourceId>,
) -> Result<[(&'static str, Value); 2], Problem> {
    let nothing = [(CONNECTION, Value::Null), (PLACE, Value::Null)];
    let Some(id) = source else {
        return Ok(nothing);
    };
    let Some(source) = store::source::find(&parts.db, account, id).await? else {
        return Ok(nothing);
    };
    let now = parts.clock.now();
    let connection = source.connection_id;
    let numbered = number::of(&parts.db, account, Kind::Connection, connection, now).await?;
    Ok([
        (CONNECTION, numbered.number.into()),
        (PLACE, source.location_id.0.into()),
    ])
}

/// What both fields, as they were sent, come to.
pub(super) async fn sent(
    parts: &Parts,
    account: AccountId,
    sent: &serde_json::Map<String, Value>,
) -> Result<Link, Problem> {
    let Some(connection) = sent.get(CONNECTION) else {
        return Ok(Link::Kept);
    };
    if connection.is_null() || connection == "" || as_whole(connection) == Some(0) {
        return Ok(Link::None);
    }
    let sources = sources_of(parts, account, connection).await?;
    let place = sent.get(PLACE).and_then(Value::as_str).unwrap_or_default();
    let fits = |source: &&InventorySource| place.is_empty() || source.location_id.0 == place;
    let fitting: Vec<&InventorySource> = sources.iter().filter(fits).collect();
    match fitting[..] {
        [source] => Ok(Link::To(source.id)),
        _ => Err(Problem::field(PLACE, not_one(place, &sources))),
    }
}

/// The sources of the connection that has this number.
async fn sources_of(
    parts: &Parts,
    account: AccountId,
    connection: &Value,
) -> Result<Vec<InventorySource>, Problem> {
    let no_such = || Problem::field(CONNECTION, format!("there is no connection {connection}"));
    let number = as_whole(connection).ok_or_else(no_such)?;
    let known = number::find(&parts.db, account, Kind::Connection, number).await?;
    let id = known
        .and_then(|known| known.thing.parse().ok())
        .ok_or_else(no_such)?;
    let mut sources = store::source::list_of_connection(&parts.db, account, id).await?;
    sources.retain(|source| source.active);
    Ok(sources)
}

fn not_one(place: &str, sources: &[InventorySource]) -> String {
    let named: Vec<String> = sources
        .iter()
        .take(20)
        .map(|source| format!("`{}` ({})", source.location_id, source.name))
        .collect();
    match (place, &named[..]) {
        (_, []) => "this connection has no places yet; look at its state".to_owned(),
        ("", _) => format!("name one of the connection's places: {}", named.join(", ")),
        (place, _) => format!(
            "the connection has no place `{place}`; there are {}",
            named.join(", ")
        ),
    }
}
