//! Ship-from locations: where orders ship from, and the one source each is linked to.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::activity::{EventKind, Subject};
use crate::allocation::AllocationMode;
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::created::Created;
use crate::http::etag::{IfMatch, Tagged};
use crate::http::json::{Json, present};
use crate::http::paging::{Cursor, Limit, Linked, Page};
use crate::http::path::Named;
use crate::http::problem::{Fault, FieldError, Kind, Problem};
use crate::http::query::Query;
use crate::id::{AccountId, ShipFromId, SourceId};
use crate::ship_from::{Buffer, Policy, ShipFromLocation};
use crate::store;

/// Longest name, in characters: it stands on one line of a page.
const NAME_CHARS_MAX: usize = 100;
/// Longest address, in characters.
const ADDRESS_CHARS_MAX: usize = 500;

/// List ship-from locations
#[utoipa::path(get, path = "/ship-from-locations", operation_id = "list_ship_from_locations",
    tag = "Ship-from locations", params(ShipFromQuery),
    responses((status = 200, description = "A page of locations", body = Page<ShipFrom>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<ShipFromQuery>,
    uri: Uri,
) -> Result<Linked<Page<ShipFrom>>, Problem> {
    let all = store::ship_from::list(&parts.db, caller.account_id).await?;
    let page = Page::of_all(all, query.limit, query.cursor.as_ref(), |location| {
        location.id
    });
    Ok(page.map(ShipFrom::from).linked(&uri))
}

/// Make a ship-from location
///
/// The first one becomes the default: where orders ship from that name no location.
#[utoipa::path(post, path = "/ship-from-locations", operation_id = "make_ship_from_location",
    tag = "Ship-from locations", request_body = ShipFromToMake,
    responses((status = 201, description = "It is made", body = ShipFrom)))]
pub(in crate::http) async fn make(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Json(new): Json<ShipFromToMake>,
) -> Result<Created<Tagged<ShipFrom>>, Problem> {
    let made = add(&parts, caller.0.account_id, new).await?;
    let subject = Subject::ship_from(&made);
    parts
        .activity
        .note(caller.did(EventKind::ShipFromMade, subject));
    let location = format!("/api/v1/ship-from-locations/{}", made.id);
    Ok(Created {
        location,
        body: tagged(made),
    })
}

/// Read a ship-from location
#[utoipa::path(get, path = "/ship-from-locations/{id}", operation_id = "get_ship_from_location",
    tag = "Ship-from locations", params(("id" = ShipFromId, Path)),
    responses((status = 200, description = "The location", body = ShipFrom)))]
pub(in crate::http) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<ShipFromId>,
) -> Result<Tagged<ShipFrom>, Problem> {
    Ok(tagged(find(&parts, caller.account_id, id).await?))
}

/// Change a ship-from location
///
/// What is not named stays. Made the default, it takes that part over from the one before.
#[utoipa::path(patch, path = "/ship-from-locations/{id}", operation_id = "change_ship_from_location",
    tag = "Ship-from locations", params(("id" = ShipFromId, Path), ("If-Match" = String, Header)),
    request_body = ShipFromChange, responses((status = 200, description = "It is changed", body = ShipFrom)))]
pub(in crate::http) async fn change(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<ShipFromId>,
    if_match: IfMatch,
    Json(change): Json<ShipFromChange>,
) -> Result<Tagged<ShipFrom>, Problem> {
    let location = find(&parts, caller.0.account_id, id).await?;
    if_match.require(location.version)?;
    let changed = store(&parts, &change.apply_to(location)).await?;
    let subject = Subject::ship_from(&changed);
    parts
        .activity
        .note(caller.did(EventKind::ShipFromChanged, subject));
    Ok(tagged(changed))
}

/// Remove a ship-from location
#[utoipa::path(delete, path = "/ship-from-locations/{id}", operation_id = "remove_ship_from_location",
    tag = "Ship-from locations", params(("id" = ShipFromId, Path), ("If-Match" = String, Header)),
    responses((status = 204, description = "It is gone")))]
pub(in crate::http) async fn remove(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<ShipFromId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let account = caller.0.account_id;
    let location = find(&parts, account, id).await?;
    if_match.require(location.version)?;
    store::ship_from::delete(&parts.db, account, id, location.version).await?;
    let subject = Subject::ship_from(&location);
    parts
        .activity
        .note(caller.did(EventKind::ShipFromRemoved, subject));
    Ok(StatusCode::NO_CONTENT)
}

/// Link a ship-from location to an inventory source
///
/// In place of the one it was linked to: a location has at most one source, a source may serve many. Because this
/// replaces the whole link, `If-Match` may be left out.
#[utoipa::path(put, path = "/ship-from-locations/{id}/inventory-source", operation_id = "link_inventory_source",
    tag = "Ship-from locations", params(("id" = ShipFromId, Path), ("If-Match" = Option<String>, Header)),
    request_body = Link, responses((status = 200, description = "It is linked", body = ShipFrom)))]
pub(in crate::http) async fn link(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<ShipFromId>,
    if_match: IfMatch,
    Json(link): Json<Link>,
) -> Result<Tagged<ShipFrom>, Problem> {
    let account = caller.0.account_id;
    let Some(source) = store::source::find(&parts.db, account, link.source_id).await? else {
        let reason = format!("there is no inventory source `{}`", link.source_id);
        return Err(Problem::field("source_id", reason));
    };
    let linked = relink(&parts, account, id, &if_match, Some(source.id)).await?;
    let event = caller.did(EventKind::SourceLinked, Subject::ship_from(&linked));
    parts
        .activity
        .note(event.with("source", source.name.as_str()));
    Ok(tagged(linked))
}

/// Take a ship-from location's link away
#[utoipa::path(delete, path = "/ship-from-locations/{id}/inventory-source", operation_id = "unlink_inventory_source",
    tag = "Ship-from locations", params(("id" = ShipFromId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, description = "It is linked to nothing", body = ShipFrom)))]
pub(in crate::http) async fn unlink(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<ShipFromId>,
    if_match: IfMatch,
) -> Result<Tagged<ShipFrom>, Problem> {
    let unlinked = relink(&parts, caller.0.account_id, id, &if_match, None).await?;
    let subject = Subject::ship_from(&unlinked);
    parts
        .activity
        .note(caller.did(EventKind::SourceUnlinked, subject));
    Ok(tagged(unlinked))
}

async fn relink(
    parts: &Parts,
    account: AccountId,
    id: ShipFromId,
    if_match: &IfMatch,
    source: Option<SourceId>,
) -> Result<ShipFromLocation, Problem> {
    let known = find(parts, account, id).await?.version;
    if_match.allow(known)?;
    let version = if_match.is_given().then_some(known);
    Ok(store::ship_from::link(&parts.db, account, id, source, version).await?)
}

/// Makes a location; the first one becomes the default.
pub(in crate::http) async fn add(
    parts: &Parts,
    account: AccountId,
    new: ShipFromToMake,
) -> Result<ShipFromLocation, Problem> {
    let default = store::ship_from::find_default(&parts.db, account).await?;
    let mut made = new.into_location(account, parts.clock.now());
    made.is_default |= default.is_none();
    check(&made)?;
    store::ship_from::insert(&parts.db, &made).await?;
    Ok(made)
}

/// Stores a location that is changed, when nobody else has changed it since it was read.
pub(in crate::http) async fn store(
    parts: &Parts,
    location: &ShipFromLocation,
) -> Result<ShipFromLocation, Problem> {
    check(location)?;
    Ok(store::ship_from::update(&parts.db, location).await?)
}

async fn find(
    parts: &Parts,
    account: AccountId,
    id: ShipFromId,
) -> Result<ShipFromLocation, Problem> {
    let found = store::ship_from::find(&parts.db, account, id).await?;
    found.ok_or_else(|| {
        Problem::new(
            Kind::NotFound,
            format!("there is no ship-from location `{id}`"),
        )
    })
}

/// All that is wrong with a location, at once.
fn check(location: &ShipFromLocation) -> Result<(), Problem> {
    let mut errors = Vec::new();
    let name = location.name.chars().count();
    if name == 0 || name > NAME_CHARS_MAX {
        let (least, most) = (1, NAME_CHARS_MAX);
        errors.push(FieldError::of("name", Fault::Length { least, most }));
    }
    let address = location
        .address
        .as_ref()
        .map_or(0, |text| text.chars().count());
    if address > ADDRESS_CHARS_MAX {
        let (least, most) = (0, ADDRESS_CHARS_MAX);
        errors.push(FieldError::of("address", Fault::Length { least, most }));
    }
    if location.buffer.is_negative() {
        errors.push(FieldError::of("buffer", Fault::Negative));
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(Problem::fields(errors)),
    }
}

fn tagged(location: ShipFromLocation) -> Tagged<ShipFrom> {
    Tagged {
        version: location.version,
        body: location.into(),
    }
}

/// Which locations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ShipFromQuery {
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<ShipFromId>>,
}

/// Where orders ship from.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ShipFrom {
    /// Its id.
    id: ShipFromId,
    /// What people call it.
    name: String,
    /// One line for people.
    address: Option<String>,
    /// Whether orders that name no location ship from here.
    is_default: bool,
    /// What zero or unknown stock means for an order.
    policy: Policy,
    /// Safety stock, taken off what is available: a number of units, or a share of it such as `"10%"`.
    buffer: Buffer,
    /// How its orders are promised their goods, where those lie in a built-in warehouse.
    allocation: AllocationMode,
    /// The source it is linked to.
    source_id: Option<SourceId>,
    /// When it was made.
    #[schema(value_type = String)]
    created_at: Moment,
    /// What a change is based on; the `ETag` in quotes.
    version: i64,
}

/// A ship-from location to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ShipFromToMake {
    /// What people shall call it.
    #[schema(example = "Hamburg", min_length = 1, max_length = 100)]
    pub(in crate::http) name: String,
    /// One line for people.
    #[schema(max_length = 500)]
    pub(in crate::http) address: Option<String>,
    /// Whether orders that name no location ship from here.
    #[serde(default)]
    pub(in crate::http) is_default: bool,
    /// What zero or unknown stock means for an order; `warn` when nothing is said.
    #[serde(default)]
    pub(in crate::http) policy: Policy,
    /// Safety stock, taken off what is available: a number of units, zero or more, or a share of it such as `"10%"`,
    /// up to `"99.99%"`, which leaves whole units of whole units.
    #[serde(default)]
    pub(in crate::http) buffer: Buffer,
    /// How its orders are promised their goods, where those lie in a built-in warehouse: `manual` when nothing is said.
    #[serde(default)]
    pub(in crate::http) allocation: AllocationMode,
    /// The source to link it to.
    pub(in crate::http) source_id: Option<SourceId>,
}

/// What is to be different about a ship-from location.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ShipFromChange {
    /// Another name.
    name: Option<String>,
    /// Another address; `null` for none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    address: Option<Option<String>>,
    /// Whether orders that name no location ship from here.
    is_default: Option<bool>,
    /// What zero or unknown stock means for an order.
    policy: Option<Policy>,
    /// Safety stock, taken off what is available: a number of units, or a share of it such as `"10%"`.
    buffer: Option<Buffer>,
    /// How its orders are promised their goods.
    allocation: Option<AllocationMode>,
}

/// A link to a source.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Link {
    /// The source.
    source_id: SourceId,
}

// === impl ShipFromToMake ===

impl ShipFromToMake {
    fn into_location(
        self,
        account_id: AccountId,
        now: bestand_plugin_api::Timestamp,
    ) -> ShipFromLocation {
        ShipFromLocation {
            id: ShipFromId::new(),
            account_id,
            name: self.name.trim().to_owned(),
            address: self.address,
            is_default: self.is_default,
            policy: self.policy,
            buffer: self.buffer,
            allocation: self.allocation,
            source_id: self.source_id,
            version: 1,
            created_at: now,
        }
    }
}

// === impl ShipFromChange ===

impl ShipFromChange {
    fn apply_to(self, mut location: ShipFromLocation) -> ShipFromLocation {
        if let Some(name) = self.name {
            location.name = name.trim().to_owned();
        }
        location.address = self.address.unwrap_or(location.address);
        location.is_default = self.is_default.unwrap_or(location.is_default);
        location.policy = self.policy.unwrap_or(location.policy);
        location.buffer = self.buffer.unwrap_or(location.buffer);
        location.allocation = self.allocation.unwrap_or(location.allocation);
        location
    }
}

impl From<ShipFromLocation> for ShipFrom {
    fn from(location: ShipFromLocation) -> Self {
        Self {
            id: location.id,
            name: location.name,
            address: location.address,
            is_default: location.is_default,
            policy: location.policy,
            buffer: location.buffer,
            allocation: location.allocation,
            source_id: location.source_id,
            created_at: Moment(location.created_at),
            version: location.version,
        }
    }
}
