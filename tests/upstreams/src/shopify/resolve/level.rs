//! Fields of an inventory level: the quantities of one item at one location.

use apollo_compiler::resolvers::{FieldError, ResolveInfo};
use apollo_compiler::response::JsonValue;
use serde_json::{Value, json};

use super::page::ConnectionType;
use super::{Answer, Context, Kind, Resolved, query, record};
use crate::shopify::quantities::NAMES;
use crate::shopify::search::Search;
use crate::shopify::stock::{Level, LevelKey};

pub(crate) const CONNECTION: ConnectionType =
    ConnectionType("InventoryLevelConnection", "InventoryLevelEdge");

const SEARCH_FIELDS: [&str; 4] = ["id", "inventory_item_id", "created_at", "updated_at"];

pub(crate) fn field(ctx: &Context<'_>, key: LevelKey, info: &ResolveInfo<'_>) -> Resolved {
    let shop = ctx.shop.borrow();
    let (Some(level), Some(location)) = (shop.level(key), shop.locations.get(&key.location)) else {
        return Ok(None);
    };
    Ok(Some(match info.field_name() {
        "id" => location.level_gid(key.item).into(),
        "isActive" => level.is_active.into(),
        "canDeactivate" => (level.quantities.committed == 0).into(),
        "createdAt" => level.created_at.to_string().into(),
        "updatedAt" => level.updated_at.to_string().into(),
        "item" => Answer::Object(Kind::Item(key.item)),
        "location" => Answer::Object(Kind::Location(key.location)),
        "quantities" => {
            let tracked = shop.items.get(&key.item).is_some_and(|item| item.tracked);
            let names = info.arguments().get("names").and_then(JsonValue::as_array);
            let names = names.into_iter().flatten().filter_map(JsonValue::as_str);
            let rows: Result<_, FieldError> = names
                .map(
                    |name| match quantity(level, tracked, name, &location.level_gid(key.item)) {
                        Some(row) => Ok(Answer::Object(record::kind("InventoryQuantity", row))),
                        None => Err(ctx.error(
                            "INVALID_FIELD_ARGUMENTS",
                            format!("Invalid quantity name: {name}"),
                        )),
                    },
                )
                .collect();
            Answer::List(rows?)
        }
        _ => return Ok(None),
    }))
}

/// The search of a level connection's `query` argument.
pub(crate) fn search(
    ctx: &Context<'_>,
    info: &ResolveInfo<'_>,
    path: &[&str],
) -> Result<Option<Search>, FieldError> {
    query::search(ctx, info, path, &SEARCH_FIELDS)
}

pub(crate) fn matches(search: Option<&Search>, item: u64, level: &Level) -> bool {
    search.is_none_or(|search| {
        search.holds(&|clause| match clause.field.as_str() {
            "created_at" => clause.time_holds(level.created_at),
            "updated_at" => clause.time_holds(level.updated_at),
            _ => clause.number_holds(item),
        })
    })
}

/// An untracked item has levels too, all zero.
fn quantity(level: &Level, tracked: bool, name: &str, level_gid: &str) -> Option<Value> {
    let index = NAMES.iter().position(|known| *known == name)?;
    let quantity = if tracked {
        level.quantities.get(name)?
    } else {
        0
    };
    let id = level_gid.replacen("InventoryLevel", "InventoryQuantity", 1) + "&name=" + name;
    let updated_at = level.touched_at[index].map(|time| time.to_string());
    Some(json!({ "id": id, "name": name, "quantity": quantity, "updatedAt": updated_at }))
}
