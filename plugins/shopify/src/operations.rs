//! The GraphQL operations, one file each; a test validates every one against the real schema.

/// A named operation with the fragments it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name, by which its cost is remembered.
    pub name: &'static str,
    /// Its text as it is sent.
    pub text: &'static str,
}

macro_rules! operations {
    ($($constant:ident = $name:literal: $($file:literal)+;)+) => {
        $(
            #[doc = concat!("`", $name, "`.")]
            pub const $constant: Operation =
                Operation { name: $name, text: concat!($(include_str!(concat!("operations/", $file, ".graphql"))),+) };
        )+

        /// Every operation, for the test that validates them.
        pub const ALL: &[Operation] = &[$($constant),+];
    };
}

operations! {
    SHOP_PROBE = "ShopProbe": "shop_probe";
    LOCATIONS = "Locations": "locations";
    INVENTORY_ITEMS_PAGE = "InventoryItemsPage": "inventory_items_page" "item_fields" "level_fields";
    INVENTORY_ITEM_LEVELS_PAGE = "InventoryItemLevelsPage": "inventory_item_levels_page" "level_fields";
    INVENTORY_ITEMS_BY_IDS = "InventoryItemsByIds": "inventory_items_by_ids" "item_fields" "level_fields";
    INVENTORY_ITEM_SKUS = "InventoryItemSkus": "inventory_item_skus" "item_fields";
    LOCATION_LEVELS_PAGE = "LocationLevelsPage": "location_levels_page" "item_fields" "level_fields";
    BULK_INNER = "BulkInner": "bulk_inner";
    BULK_RUN = "BulkRun": "bulk_run";
    BULK_POLL = "BulkPoll": "bulk_poll";
    BULK_CANCEL = "BulkCancel": "bulk_cancel";
    SET_QUANTITIES = "SetQuantities": "set_quantities";
    ADJUST_QUANTITIES = "AdjustQuantities": "adjust_quantities";
    WEBHOOK_LIST = "WebhookList": "webhook_list";
    WEBHOOK_CREATE = "WebhookCreate": "webhook_create";
    WEBHOOK_DELETE = "WebhookDelete": "webhook_delete";
}
