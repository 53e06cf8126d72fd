//! Fields of the query root, with the access scope each needs.

use apollo_compiler::resolvers::{FieldError, ResolveInfo};
use apollo_compiler::response::JsonValue;
use serde_json::{Value, json};

use super::page::{ConnectionType, PageRequest};
use super::{Answer, Context, Kind, Resolved, flag_argument, record, text_argument};
use crate::shopify::gid::gid;
use crate::shopify::quantities::{NAMES, ON_HAND_PARTS};
use crate::shopify::search::Search;
use crate::shopify::shop::Shop;
use crate::shopify::version;

pub(crate) fn field(ctx: &Context<'_>, info: &ResolveInfo<'_>) -> Resolved {
    check_scope(ctx, info.field_name())?;
    Ok(Some(match info.field_name() {
        "shop" => Answer::Object(record::kind("Shop", shop_record(&ctx.shop.borrow()))),
        "currentAppInstallation" => {
            Answer::Object(record::kind("AppInstallation", app(&ctx.shop.borrow())))
        }
        "publicApiVersions" => record::answer(ctx, &version::list(), "ApiVersion")?,
        "inventoryProperties" => Answer::Object(record::kind("InventoryProperties", properties())),
        "locations" => locations(ctx, info)?,
        "location" => match text_argument(info, "id") {
            Some(id) => Answer::node(ctx.node_argument(id)?),
            None => Answer::node(
                ctx.shop
                    .borrow()
                    .locations
                    .keys()
                    .next()
                    .map(|id| Kind::Location(*id)),
            ),
        },
        "inventoryItem" | "inventoryLevel" | "bulkOperation" | "node" => {
            Answer::node(ctx.node_argument(text_argument(info, "id").unwrap_or_default())?)
        }
        "nodes" => nodes(ctx, info)?,
        "inventoryItems" => items(ctx, info)?,
        "bulkOperations" => {
            let request = PageRequest::root(ctx, info)?;
            let numbers = ctx.shop.borrow().jobs.numbers();
            let names = ConnectionType("BulkOperationConnection", "BulkOperationEdge");
            let shop = ctx.shop.borrow();
            let record = |number| {
                shop.jobs
                    .find(number)
                    .map(|job| job.record(ctx.now))
                    .unwrap_or_default()
            };
            request.cut(ctx, names, numbers, |number| {
                record::kind("BulkOperation", record(number))
            })
        }
        "webhookSubscriptions" => subscriptions(ctx, info)?,
        _ => return Ok(None),
    }))
}

/// The search of a connection's `query` argument, with its warnings noted for `extensions.search`.
pub(crate) fn search(
    ctx: &Context<'_>,
    info: &ResolveInfo<'_>,
    path: &[&str],
    known_fields: &[&str],
) -> Result<Option<Search>, FieldError> {
    let Some(query) = text_argument(info, "query") else {
        return Ok(None);
    };
    let Ok(search) = Search::parse(query, known_fields) else {
        return Err(ctx.error(
            "INTERNAL_SERVER_ERROR",
            "Internal error. Looks like something went wrong on our end.",
        ));
    };
    let mut searches = ctx.searches.borrow_mut();
    if !search.warnings.is_empty() && !searches.iter().any(|known| known["query"] == query) {
        searches.push(
            json!({ "path": path, "query": query, "parsed": {}, "warnings": search.warnings }),
        );
    }
    Ok(Some(search))
}

/// The scope a root field needs; the error is the real one's, at status 200.
pub(crate) fn check_scope(ctx: &Context<'_>, field: &str) -> Result<(), FieldError> {
    let scope = match field {
        "inventoryItems" | "inventoryItem" | "inventoryLevel" | "inventoryProperties" => {
            "read_inventory"
        }
        "locations" | "location" => "read_locations",
        "inventorySetQuantities" | "inventoryAdjustQuantities" | "inventoryActivate" => {
            "write_inventory"
        }
        _ => return Ok(()),
    };
    let write = scope.replacen("read_", "write_", 1);
    let granted = ctx
        .shop
        .borrow()
        .options
        .scopes
        .iter()
        .any(|held| *held == scope || *held == write);
    if granted {
        return Ok(());
    }
    let message =
        format!("Access denied for {field} field. Required access: `{scope}` access scope.");
    Err(ctx.error("ACCESS_DENIED", message))
}

fn nodes(ctx: &Context<'_>, info: &ResolveInfo<'_>) -> Result<Answer, FieldError> {
    let ids = info.arguments().get("ids").and_then(JsonValue::as_array);
    let ids = ids.into_iter().flatten().filter_map(JsonValue::as_str);
    let nulled = ctx
        .faults
        .contains(&crate::shopify::fault::Fault::NullNodes);
    let nodes: Result<_, FieldError> = ids
        .map(|id| Ok(Answer::node(ctx.node_argument(id)?.filter(|_| !nulled))))
        .collect();
    Ok(Answer::List(nodes?))
}

fn items(ctx: &Context<'_>, info: &ResolveInfo<'_>) -> Result<Answer, FieldError> {
    let request = PageRequest::root(ctx, info)?;
    let search = search(
        ctx,
        info,
        &["inventoryItems"],
        &["id", "sku", "created_at", "updated_at"],
    )?;
    let shop = ctx.shop.borrow();
    let found = shop.items.values().filter(|item| {
        search.as_ref().is_none_or(|search| {
            search.holds(&|clause| match clause.field.as_str() {
                "id" => clause.number_holds(item.id),
                "created_at" => clause.time_holds(item.created_at),
                "updated_at" => clause.time_holds(item.updated_at),
                _ => clause.text_holds(item.sku.as_deref()),
            })
        })
    });
    let numbers = found.map(|item| item.id).collect();
    let names = ConnectionType("InventoryItemConnection", "InventoryItemEdge");
    Ok(request.cut(ctx, names, numbers, Kind::Item))
}

fn locations(ctx: &Context<'_>, info: &ResolveInfo<'_>) -> Result<Answer, FieldError> {
    let request = PageRequest::root(ctx, info)?;
    let search = search(ctx, info, &["locations"], &["id", "name", "created_at"])?;
    let shop = ctx.shop.borrow();
    let inactive = flag_argument(info, "includeInactive");
    let legacy = flag_argument(info, "includeLegacy");
    let mut found: Vec<_> = shop
        .locations
        .values()
        .filter(|location| inactive || location.seed.is_active)
        .filter(|location| legacy || !location.seed.is_fulfillment_service)
        .filter(|location| {
            search.as_ref().is_none_or(|search| {
                search.holds(&|clause| match clause.field.as_str() {
                    "id" => clause.number_holds(location.id),
                    "created_at" => clause.time_holds(location.created_at),
                    _ => clause.text_holds(Some(&location.seed.name)),
                })
            })
        })
        .collect();
    if text_argument(info, "sortKey") == Some("NAME") {
        found.sort_by(|one, other| one.seed.name.cmp(&other.seed.name));
    }
    let numbers = found.iter().map(|location| location.id).collect();
    Ok(request.cut(
        ctx,
        ConnectionType("LocationConnection", "LocationEdge"),
        numbers,
        Kind::Location,
    ))
}

fn subscriptions(ctx: &Context<'_>, info: &ResolveInfo<'_>) -> Result<Answer, FieldError> {
    let request = PageRequest::root(ctx, info)?;
    let shop = ctx.shop.borrow();
    let topics = info.arguments().get("topics").and_then(JsonValue::as_array);
    let uri = text_argument(info, "uri");
    let found = shop.subscriptions.values().filter(|subscription| {
        let topic = topics.is_none_or(|topics| {
            topics
                .iter()
                .any(|topic| *topic == subscription.topic.as_str())
        });
        topic && uri.is_none_or(|uri| uri == subscription.uri)
    });
    let numbers = found.map(|subscription| subscription.id).collect();
    let names = ConnectionType("WebhookSubscriptionConnection", "WebhookSubscriptionEdge");
    let record = |number: u64| {
        shop.subscriptions
            .get(&number)
            .map(|found| found.record())
            .unwrap_or_default()
    };
    Ok(request.cut(ctx, names, numbers, |number| {
        record::kind("WebhookSubscription", record(number))
    }))
}

fn shop_record(shop: &Shop) -> Value {
    let options = &shop.options;
    json!({
        "id": gid("Shop", 1),
        "name": options.shop.trim_end_matches(".myshopify.com"),
        "myshopifyDomain": options.shop,
        "ianaTimezone": "America/New_York",
        "plan": { "publicDisplayName": "Basic", "shopifyPlus": false, "partnerDevelopment": true },
    })
}

fn app(shop: &Shop) -> Value {
    let scope =
        |handle: &String| json!({ "handle": handle, "description": handle.replace('_', " ") });
    let scopes: Vec<_> = shop.options.scopes.iter().map(scope).collect();
    json!({ "id": gid("AppInstallation", 1), "accessScopes": scopes })
}

fn properties() -> Value {
    let names = NAMES.iter().map(|name| {
        let in_on_hand = ON_HAND_PARTS.contains(name);
        json!({
            "name": name,
            "displayName": name.replace('_', " "),
            "isInUse": true,
            "belongsTo": if in_on_hand { vec!["on_hand"] } else { vec![] },
            "comprises": if *name == "on_hand" { ON_HAND_PARTS.to_vec() } else { vec![] },
        })
    });
    json!({ "quantityNames": names.collect::<Vec<_>>() })
}
