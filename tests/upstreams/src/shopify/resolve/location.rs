//! Fields of a location.

use apollo_compiler::resolvers::ResolveInfo;
use serde_json::json;

use super::page::PageRequest;
use super::{Answer, Context, Kind, Resolved, flag_argument, level, record, text_argument};
use crate::shopify::gid::find_number;
use crate::shopify::stock::LevelKey;

pub(crate) fn field(ctx: &Context<'_>, id: u64, info: &ResolveInfo<'_>) -> Resolved {
    let shop = ctx.shop.borrow();
    let Some(location) = shop.locations.get(&id) else {
        return Ok(None);
    };
    let seed = &location.seed;
    Ok(Some(match info.field_name() {
        "id" => location.gid().into(),
        "legacyResourceId" => id.to_string().into(),
        "name" => seed.name.clone().into(),
        "isActive" => seed.is_active.into(),
        "isFulfillmentService" => seed.is_fulfillment_service.into(),
        "fulfillsOnlineOrders" => seed.fulfills_online_orders.into(),
        "shipsInventory" => seed.ships_inventory.into(),
        "createdAt" | "updatedAt" => location.created_at.to_string().into(),
        "hasActiveInventory" => {
            let mut levels = shop.items.values().filter_map(|item| item.levels.get(&id));
            levels
                .any(|level| level.is_active && level.quantities.on_hand() != 0)
                .into()
        }
        "address" => {
            let address = json!({
                "address1": null, "address2": null, "city": seed.city, "country": null, "phone": null,
                "countryCode": seed.country_code, "province": null, "provinceCode": null, "zip": null,
            });
            Answer::Object(record::kind("LocationAddress", address))
        }
        "inventoryLevel" => {
            let item = text_argument(info, "inventoryItemId")
                .and_then(|id| find_number(id, "InventoryItem"));
            let key = item.map(|item| LevelKey { item, location: id });
            let all = flag_argument(info, "includeInactive");
            let shown =
                key.filter(|key| shop.level(*key).is_some_and(|level| all || level.is_active));
            Answer::node(shown.map(Kind::Level))
        }
        "inventoryLevels" => {
            let request = PageRequest::nested(ctx, info)?;
            let search = level::search(ctx, info, &["location", "inventoryLevels"])?;
            let all = flag_argument(info, "includeInactive");
            let levels = shop
                .items
                .values()
                .filter_map(|item| Some((item.id, item.levels.get(&id)?)));
            let shown = levels.filter(|(_, level)| all || level.is_active);
            let found = shown.filter(|(item, level)| level::matches(search.as_ref(), *item, level));
            let items = found.map(|(item, _)| item).collect();
            request.cut(ctx, level::CONNECTION, items, |item| {
                Kind::Level(LevelKey { item, location: id })
            })
        }
        _ => return Ok(None),
    }))
}
