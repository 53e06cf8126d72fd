//! Reading items with their levels: by page of a search, by id, and the levels that did not fit.

use bestand_plugin_api::{AdapterError, Ctx, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Shopify;
use crate::client::Answered;
use crate::graph::{Connection, Level, StockedItem};
use crate::operations::{INVENTORY_ITEM_LEVELS_PAGE, INVENTORY_ITEMS_BY_IDS, INVENTORY_ITEMS_PAGE};
use crate::throttle::Urgency;

/// Items a page: the most Shopify allows.
pub(crate) const PAGE_SIZE: usize = 250;

/// Levels that come with an item; an item at more locations is read on. Together with [`PAGE_SIZE`] this costs 200
/// of the 1,000 points a query may cost.
const LEVELS_WITH_ITEM: usize = 20;

/// Items and when they were asked for.
#[derive(Debug)]
pub(crate) struct ItemsPage {
    pub(crate) items: Vec<StockedItem>,
    /// Where to go on; nothing at the end.
    pub(crate) next: Option<String>,
    pub(crate) sent_at: Timestamp,
}

/// How items are asked for.
#[derive(Debug)]
pub(crate) struct ItemsQuery {
    pub(crate) search: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) page_size: usize,
    pub(crate) urgency: Urgency,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Items {
    inventory_items: Connection<StockedItem>,
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Option<Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemLevels {
    inventory_item: Option<Levels>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Levels {
    inventory_levels: Connection<Level>,
}

impl Shopify {
    /// One page of items, each with all of its levels.
    pub(crate) async fn items_page(&self, ctx: &Ctx, query: &ItemsQuery) -> Result<ItemsPage> {
        let variables = |first: usize| json!({ "first": first, "after": query.after, "query": query.search, "levels": LEVELS_WITH_ITEM });
        let answer: Answered<Items> = self
            .client
            .ask_page(
                ctx,
                &INVENTORY_ITEMS_PAGE,
                query.page_size,
                query.urgency,
                variables,
            )
            .await?;
        let Connection { nodes, page_info } = answer.data.inventory_items;
        let items = self.complete(ctx, nodes, query.urgency).await?;
        let next = page_info.end_cursor.filter(|_| page_info.has_next_page);
        Ok(ItemsPage {
            items,
            next,
            sent_at: answer.sent_at,
        })
    }

    /// The items of these ids that still exist, each with all of its levels.
    pub(crate) async fn items_by_ids(
        &self,
        ctx: &Ctx,
        ids: &[String],
        urgency: Urgency,
    ) -> Result<ItemsPage> {
        let mut items = Vec::new();
        let mut rest = ids;
        let mut first_sent_at = None;
        while !rest.is_empty() {
            let variables = |size: usize| json!({ "ids": rest[..size.min(rest.len())], "levels": LEVELS_WITH_ITEM });
            let answer: Answered<Nodes> = self
                .client
                .ask_page(ctx, &INVENTORY_ITEMS_BY_IDS, PAGE_SIZE, urgency, variables)
                .await?;
            let answered = answer.data.nodes.len();
            if answered == 0 || answered > rest.len() {
                return Err(AdapterError::protocol(format!(
                    "shopify answered {answered} nodes to {} ids",
                    rest.len()
                )));
            }
            rest = &rest[answered..];
            first_sent_at.get_or_insert(answer.sent_at);
            let nodes = answer.data.nodes.into_iter().flatten();
            items.extend(nodes.filter_map(|node| serde_json::from_value(node).ok()));
        }
        let items = self.complete(ctx, items, urgency).await?;
        let sent_at = match first_sent_at {
            Some(sent_at) => sent_at,
            None => ctx.now().await?,
        };
        Ok(ItemsPage {
            items,
            next: None,
            sent_at,
        })
    }

    /// Reads on where an item has more levels than came with it.
    async fn complete(
        &self,
        ctx: &Ctx,
        mut items: Vec<StockedItem>,
        urgency: Urgency,
    ) -> Result<Vec<StockedItem>> {
        for stocked in &mut items {
            while stocked.inventory_levels.page_info.has_next_page {
                let id = &stocked.item.id;
                let after = &stocked.inventory_levels.page_info.end_cursor;
                let variables = |first: usize| json!({ "id": id, "first": first, "after": after });
                let answer: Answered<ItemLevels> = self
                    .client
                    .ask_page(
                        ctx,
                        &INVENTORY_ITEM_LEVELS_PAGE,
                        PAGE_SIZE,
                        urgency,
                        variables,
                    )
                    .await?;
                let Some(Levels { inventory_levels }) = answer.data.inventory_item else {
                    break;
                };
                stocked
                    .inventory_levels
                    .nodes
                    .extend(inventory_levels.nodes);
                stocked.inventory_levels.page_info = inventory_levels.page_info;
            }
        }
        Ok(items)
    }
}
