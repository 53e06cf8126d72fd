//! Warehouses, which is what the older API calls ship-from locations.

use std::sync::Arc;

use axum::extract::State;
use serde_json::{Map, Value};

use super::done::{Done, done};
use super::moment;
use crate::activity::{EventKind, Subject};
use crate::allocation::AllocationMode;
use crate::daemon::Parts;
use crate::http::api::ship_from_locations::{ShipFromToMake, add, store as store_changed};
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::path::Named;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::id::{AccountId, ShipFromId};
use crate::ship_from::{Buffer, Policy, ShipFromLocation};
use crate::store;
use crate::store::shipstation::number::{self, Kind, Numbered};
use link::Link;

pub(super) mod address;
mod link;

/// What a warehouse is called whose sender gives it no name and no address that has one.
const NAMELESS: &str = "Warehouse";

type Object = Map<String, Value>;

pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
) -> Result<Json<Vec<Object>>, Problem> {
    let account = caller.account_id;
    let locations = store::ship_from::list(&parts.db, account).await?;
    let mut shown = Vec::with_capacity(locations.len());
    for (location, numbered) in numbered_all(&parts, account, locations).await? {
        shown.push(show(&parts, account, &location, &numbered).await?);
    }
    Ok(Json(shown))
}

pub(super) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<i64>,
) -> Result<Json<Object>, Problem> {
    let account = caller.account_id;
    let (location, numbered) = find(&parts, account, id).await?;
    Ok(Json(show(&parts, account, &location, &numbered).await?))
}

pub(super) async fn make(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Json(sent): Json<Object>,
) -> Result<Json<Object>, Problem> {
    let account = caller.0.account_id;
    let origin = address_of(&sent, "originAddress");
    let origin = origin.ok_or_else(|| Problem::field("originAddress", "it is required"))?;
    let source_id = match link::sent(&parts, account, &sent).await? {
        Link::To(source) => Some(source),
        Link::Kept | Link::None => None,
    };
    let new = ShipFromToMake {
        name: name_of(&sent, &origin),
        address: address::line(&origin),
        is_default: says(&sent, "isDefault"),
        policy: Policy::default(),
        buffer: Buffer::NONE,
        allocation: AllocationMode::default(),
        source_id,
    };
    let made = add(&parts, account, new).await?;
    let numbered = number_of(&parts, account, made.id).await?;
    let numbered = keep(
        &parts,
        account,
        numbered,
        &document(&sent, Some(origin), None),
    )
    .await?;
    let subject = Subject::ship_from(&made);
    parts
        .activity
        .note(caller.did(EventKind::ShipFromMade, subject));
    Ok(Json(show(&parts, account, &made, &numbered).await?))
}

pub(super) async fn change(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<i64>,
    Json(sent): Json<Object>,
) -> Result<Json<Object>, Problem> {
    let account = caller.0.account_id;
    let (mut location, numbered) = find(&parts, account, id).await?;
    let origin = address_of(&sent, "originAddress");
    if let Some(origin) = &origin {
        location.address = address::line(origin);
    }
    if let Some(name) = text(&sent, "warehouseName") {
        location.name = name;
    }
    // Somewhere orders must ship from that name no place: the default only passes on to another.
    location.is_default |= says(&sent, "isDefault");
    location.source_id = match link::sent(&parts, account, &sent).await? {
        Link::Kept => location.source_id,
        Link::None => None,
        Link::To(source) => Some(source),
    };
    let document = document(&sent, origin, numbered.document.as_deref());
    let changed = store_changed(&parts, &location).await?;
    let numbered = keep(&parts, account, numbered, &document).await?;
    let subject = Subject::ship_from(&changed);
    parts
        .activity
        .note(caller.did(EventKind::ShipFromChanged, subject));
    Ok(Json(show(&parts, account, &changed, &numbered).await?))
}

pub(super) async fn remove(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<i64>,
) -> Result<Json<Done>, Problem> {
    let account = caller.0.account_id;
    let (location, _) = find(&parts, account, id).await?;
    if location.is_default {
        let detail = "the default warehouse cannot be deleted; make another one the default first";
        return Err(Problem::new(ProblemKind::Conflict, detail));
    }
    store::ship_from::delete(&parts.db, account, location.id, location.version).await?;
    let subject = Subject::ship_from(&location);
    parts
        .activity
        .note(caller.did(EventKind::ShipFromRemoved, subject));
    Ok(done("The requested warehouse has been deleted"))
}

/// These locations with their numbers.
pub(super) async fn numbered_all(
    parts: &Parts,
    account: AccountId,
    locations: Vec<ShipFromLocation>,
) -> Result<Vec<(ShipFromLocation, Numbered)>, Problem> {
    let ids: Vec<String> = locations
        .iter()
        .map(|location| location.id.to_string())
        .collect();
    let now = parts.clock.now();
    let numbers = number::of_all(&parts.db, account, Kind::ShipFrom, &ids, now).await?;
    Ok(locations.into_iter().zip(numbers).collect())
}

/// The location that has this number.
pub(super) async fn find(
    parts: &Parts,
    account: AccountId,
    number: i64,
) -> Result<(ShipFromLocation, Numbered), Problem> {
    let no_such = || {
        Problem::new(
            ProblemKind::NotFound,
            format!("there is no warehouse {number}"),
        )
    };
    let known = number::find(&parts.db, account, Kind::ShipFrom, number).await?;
    let known = known.ok_or_else(no_such)?;
    let id: ShipFromId = known.thing.parse().map_err(|_| no_such())?;
    let location = store::ship_from::find(&parts.db, account, id).await?;
    Ok((location.ok_or_else(no_such)?, known))
}

async fn number_of(parts: &Parts, account: AccountId, id: ShipFromId) -> Result<Numbered, Problem> {
    let now = parts.clock.now();
    Ok(number::of(&parts.db, account, Kind::ShipFrom, id, now).await?)
}

/// Keeps what was sent, and answers the number with it.
async fn keep(
    parts: &Parts,
    account: AccountId,
    numbered: Numbered,
    document: &Object,
) -> Result<Numbered, Problem> {
    let text = serde_json::to_string(document).map_err(|error| Problem::internal(&error))?;
    let (number, now) = (numbered.number, parts.clock.now());
    number::keep(
        &parts.db,
        account,
        Kind::ShipFrom,
        number,
        Some(text.clone()),
        now,
    )
    .await?;
    Ok(Numbered {
        document: Some(text),
        ..numbered
    })
}

async fn show(
    parts: &Parts,
    account: AccountId,
    location: &ShipFromLocation,
    numbered: &Numbered,
) -> Result<Object, Problem> {
    let kept = kept(numbered.document.as_deref());
    let origin = address_of(&kept, "originAddress");
    // Somebody may have changed it elsewhere since.
    let origin = origin.filter(|origin| address::line(origin) == location.address);
    let origin =
        origin.unwrap_or_else(|| address::of_line(&location.name, location.address.as_deref()));
    let back = address_of(&kept, "returnAddress").unwrap_or_else(|| origin.clone());
    let mut shown = Object::new();
    let fields = [
        ("warehouseId", numbered.number.into()),
        ("warehouseName", location.name.as_str().into()),
        ("originAddress", origin.into()),
        ("returnAddress", back.into()),
        ("createDate", moment::write(location.created_at).into()),
        ("isDefault", location.is_default.into()),
        ("registerFedexMeter", Value::Null),
    ];
    let link = link::shown(parts, account, location.source_id).await?;
    for (name, value) in fields.into_iter().chain(link) {
        shown.insert(name.to_owned(), value);
    }
    Ok(shown)
}

/// What is kept of a warehouse: its addresses, those that were not sent as they were kept before.
fn document(sent: &Object, origin: Option<Object>, before: Option<&str>) -> Object {
    let mut document = kept(before);
    if let Some(origin) = origin {
        document.insert("originAddress".to_owned(), origin.into());
    }
    if let Some(back) = address_of(sent, "returnAddress") {
        document.insert("returnAddress".to_owned(), back.into());
    }
    document
}

fn kept(document: Option<&str>) -> Object {
    let kept = document.and_then(|text| serde_json::from_str(text).ok());
    kept.unwrap_or_default()
}

fn address_of(sent: &Object, field: &str) -> Option<Object> {
    sent.get(field)
        .and_then(Value::as_object)
        .map(address::tidy)
}

fn name_of(sent: &Object, origin: &Object) -> String {
    let named = text(sent, "warehouseName").or_else(|| text(origin, "name"));
    named
        .or_else(|| text(origin, "company"))
        .unwrap_or_else(|| NAMELESS.to_owned())
}

fn text(object: &Object, field: &str) -> Option<String> {
    let text = object.get(field)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn says(sent: &Object, field: &str) -> bool {
    match sent.get(field) {
        Some(Value::Bool(said)) => *said,
        Some(Value::String(said)) => said.eq_ignore_ascii_case("true"),
        _ => false,
    }
}
