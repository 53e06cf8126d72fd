//! From operations to rows: the item is looked up, and what Shopify could not do is refused before it is asked.

use std::collections::{HashMap, HashSet};

use bestand_plugin_api::{
    Basis, Ctx, LocationId, Quantity, Result, StockChange, StockOperation, WriteOutcome,
};

use super::batch::{Form, Row};
use super::{Outcomes, rejected};
use crate::Shopify;
use crate::by_sku::Found;
use crate::graph::StockedItem;
use crate::level::Article;
use crate::throttle::Urgency;

/// The reasons Shopify takes; any other becomes a correction.
const REASONS: [&str; 17] = [
    "correction",
    "cycle_count_available",
    "damaged",
    "movement_canceled",
    "movement_created",
    "movement_received",
    "movement_updated",
    "other",
    "promotion",
    "quality_control",
    "received",
    "reservation_created",
    "reservation_deleted",
    "reservation_updated",
    "restock",
    "safety_stock",
    "shrinkage",
];

/// The items the operations are about.
struct Items {
    by_id: HashMap<String, StockedItem>,
    by_sku: HashMap<String, Result<(Article, StockedItem), String>>,
}

impl Shopify {
    /// The rows of all operations that have no outcome yet; one that cannot be done gets its outcome here.
    pub(super) async fn plan(
        &self,
        ctx: &Ctx,
        operations: &[StockOperation],
        outcomes: &mut Outcomes,
    ) -> Result<Vec<Row>> {
        let open: Vec<_> = (0..operations.len())
            .filter(|index| outcomes[*index].is_none())
            .collect();
        let items = self
            .read_items(ctx, open.iter().map(|index| &operations[*index]))
            .await?;
        let mut rows = Vec::new();
        for index in open {
            match row(index, &operations[index], &items) {
                Ok(row) => rows.push(row),
                Err(reason) => outcomes[index] = Some(rejected(reason)),
            }
        }
        Ok(rows)
    }

    async fn read_items(
        &self,
        ctx: &Ctx,
        operations: impl Iterator<Item = &StockOperation>,
    ) -> Result<Items> {
        let (mut ids, mut skus) = (HashSet::new(), HashSet::new());
        for operation in operations {
            match &operation.item {
                Some(item) => drop(ids.insert(item.0.clone())),
                None => drop(skus.insert(operation.sku.clone())),
            }
        }
        let ids: Vec<_> = ids.into_iter().collect();
        let skus: Vec<_> = skus.into_iter().collect();
        let known = match ids.is_empty() {
            true => Vec::new(),
            false => {
                self.items_by_ids(ctx, &ids, Urgency::Background)
                    .await?
                    .items
            }
        };
        let mut found = match skus.is_empty() {
            true => Found::default(),
            false => self.find_items(ctx, &skus, Urgency::Background).await?,
        };
        let by_id = known
            .into_iter()
            .map(|item| (item.item.id.clone(), item))
            .collect();
        let by_sku = skus
            .iter()
            .map(|sku| (sku.to_string(), single(&mut found, sku)))
            .collect();
        Ok(Items { by_id, by_sku })
    }
}

fn single(
    found: &mut Found,
    sku: &bestand_plugin_api::Sku,
) -> Result<(Article, StockedItem), String> {
    let mut items = found.take(sku).map_err(|error| error.message)?;
    match items.pop() {
        Some((article, item, _)) if !article.is_ambiguous() => Ok((article, item)),
        _ => Err(format!(
            "several inventory items in Shopify carry the SKU `{sku}`"
        )),
    }
}

fn row(index: usize, operation: &StockOperation, items: &Items) -> Result<Row, String> {
    let item = match &operation.item {
        Some(reference) => {
            let item = items.by_id.get(&reference.0);
            item.ok_or_else(|| "the inventory item no longer exists in Shopify".to_owned())?
        }
        None => match items.by_sku.get(operation.sku.as_str()) {
            Some(Ok((_, item))) => item,
            Some(Err(reason)) => return Err(reason.clone()),
            None => return Err("no inventory item in Shopify carries this SKU".to_owned()),
        },
    };
    if !Article::find(&item.item).is_none_or(|article| article.is_tracked()) {
        return Err(
            "Shopify does not track this item; switch \"Track quantity\" on there".to_owned(),
        );
    }
    if !is_stocked(item, &operation.location) {
        return Err(
            "the item is not stocked at this location in Shopify; stock it there first".to_owned(),
        );
    }
    let (form, quantity, expected) = match &operation.change {
        StockChange::Set { quantity, expected } => {
            let expected = expected.map(whole).transpose()?;
            (Form::set(operation.basis)?, whole(*quantity)?, expected)
        }
        // On hand is a sum in Shopify: what changes available changes it by as much.
        StockChange::Adjust { delta } => {
            Form::set(operation.basis)?;
            (Form::Adjust, whole(*delta)?, None)
        }
        StockChange::Reserve { .. } | StockChange::Release { .. } | StockChange::Ship { .. } => {
            return Err("Shopify reserves stock for its own orders only".to_owned());
        }
        StockChange::Move { .. } => {
            return Err(
                "Shopify moves stock between locations by transfers, which are made there"
                    .to_owned(),
            );
        }
        _ => return Err("this release of the adapter knows no such change".to_owned()),
    };
    Ok(Row {
        index,
        op_id: operation.op_id.clone(),
        form,
        reason: reason(operation.reason.as_deref()),
        item: item.item.id.clone(),
        location: operation.location.0.clone(),
        quantity,
        expected,
    })
}

fn is_stocked(item: &StockedItem, location: &LocationId) -> bool {
    item.inventory_levels
        .nodes
        .iter()
        .any(|level| level.is_active && level.location.id == location.0)
}

fn whole(quantity: Quantity) -> Result<i32, String> {
    let fits = quantity
        .is_whole()
        .then(|| i32::try_from(quantity.floor()).ok())
        .flatten();
    fits.ok_or_else(|| format!("Shopify counts whole units within a 32-bit number, not {quantity}"))
}

fn reason(wanted: Option<&str>) -> String {
    let known = wanted.filter(|wanted| REASONS.contains(wanted));
    known.unwrap_or("correction").to_owned()
}

impl Form {
    fn set(basis: Basis) -> Result<Self, String> {
        match basis {
            Basis::OnHand => Ok(Form::SetOnHand),
            Basis::Available => Ok(Form::SetAvailable),
            _ => Err("Shopify sets what is on hand or available, nothing else".to_owned()),
        }
    }
}

/// Keeps the outcome of the whole plan in one place for rows that are refused later.
impl Row {
    pub(super) fn settle(&self, outcomes: &mut Outcomes, outcome: &WriteOutcome) {
        outcomes[self.index] = Some(outcome.clone());
    }
}
