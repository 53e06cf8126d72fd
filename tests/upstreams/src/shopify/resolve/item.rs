//! Fields of an inventory item, and of the variant that carries it.

use apollo_compiler::resolvers::ResolveInfo;
use serde_json::{Value, json};

use super::page::{ConnectionType, PageRequest};
use super::{Answer, Context, Kind, Resolved, flag_argument, level, record, text_argument};
use crate::shopify::gid::{find_number, gid};
use crate::shopify::stock::{Item, LevelKey};

pub(crate) fn field(ctx: &Context<'_>, id: u64, info: &ResolveInfo<'_>) -> Resolved {
    let shop = ctx.shop.borrow();
    let Some(item) = shop.items.get(&id) else {
        return Ok(None);
    };
    Ok(Some(match info.field_name() {
        "id" => gid("InventoryItem", id).into(),
        "legacyResourceId" => id.to_string().into(),
        "sku" => item.sku.clone().into(),
        "tracked" => item.tracked.into(),
        "requiresShipping" => item.requires_shipping.into(),
        "createdAt" => item.created_at.to_string().into(),
        "updatedAt" => item.updated_at.to_string().into(),
        "duplicateSkuCount" => shop.duplicate_skus(item.sku.as_deref()).into(),
        "variants" => {
            let request = PageRequest::nested(ctx, info)?;
            let variant = record::kind("ProductVariant", variant(item));
            let names = ConnectionType("ProductVariantConnection", "ProductVariantEdge");
            request.cut(ctx, names, vec![id], |_| variant.clone())
        }
        "inventoryLevel" => {
            let location =
                text_argument(info, "locationId").and_then(|id| find_number(id, "Location"));
            let level = location.and_then(|location| Some((location, item.levels.get(&location)?)));
            let shown = level
                .filter(|(_, level)| level.is_active || flag_argument(info, "includeInactive"));
            Answer::node(shown.map(|(location, _)| Kind::Level(LevelKey { item: id, location })))
        }
        "inventoryLevels" => {
            let request = PageRequest::nested(ctx, info)?;
            let search = level::search(ctx, info, &["inventoryItem", "inventoryLevels"])?;
            let all = flag_argument(info, "includeInactive");
            let levels = item
                .levels
                .iter()
                .filter(|(_, level)| all || level.is_active);
            let found = levels.filter(|(_, level)| level::matches(search.as_ref(), id, level));
            let locations = found.map(|(location, _)| *location).collect();
            request.cut(ctx, level::CONNECTION, locations, |location| {
                Kind::Level(LevelKey { item: id, location })
            })
        }
        _ => return Ok(None),
    }))
}

fn variant(item: &Item) -> Value {
    let product = json!({
        "id": gid("Product", item.id),
        "legacyResourceId": item.id.to_string(),
        "title": item.title,
        "status": "ACTIVE",
    });
    json!({
        "id": gid("ProductVariant", item.id),
        "legacyResourceId": item.id.to_string(),
        "sku": item.sku,
        "title": "Default Title",
        "displayName": item.title,
        "product": product,
        "inventoryItem": { "$ref": gid("InventoryItem", item.id) },
    })
}
