//! From an operation to the change that is posted: which product, which sublocation, by how much.

use bestand_plugin_api::{
    AdapterError, Basis, Ctx, ErrorKind, LocationId, Quantity, Result, SkuErrorKind, SkuQuery,
    StockBySku as _, StockChange, StockLevel, StockOperation,
};

use crate::Finale;
use crate::facilities::Facility;
use crate::graphql::{Found, find_product, products_query};
use crate::layout::Layout;

/// Why a SKU that several products have is not written.
const SEVERAL: &str = "several products of Finale's have this SKU";

/// What is to be done about an operation.
#[derive(Debug)]
pub(super) enum Plan {
    Post(Change),
    /// It is so already.
    Nothing,
    /// It cannot be done, and why.
    Refuse(String),
}

/// A relative change at one sublocation.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) product_url: String,
    pub(super) facility_url: String,
    pub(super) by: Quantity,
}

impl Finale {
    /// Works out what to post.
    ///
    /// # Errors
    /// What kept it from being worked out; `NotFound` when product or location are not there.
    pub(super) async fn plan(&self, ctx: &Ctx, operation: &StockOperation) -> Result<Plan> {
        if !matches!(operation.basis, Basis::OnHand | Basis::Available) {
            return Ok(Plan::Refuse(
                "Finale counts what is on hand or available, nothing else".into(),
            ));
        }
        let (product_url, by) = match &operation.change {
            StockChange::Adjust { delta } => match self.product_url(ctx, operation).await? {
                Some(product_url) => (product_url, *delta),
                None => return Ok(Plan::Refuse(SEVERAL.into())),
            },
            StockChange::Set { quantity, expected } => {
                let level = self.current(ctx, operation).await?;
                if !level.tracking.is_counted() {
                    return Ok(Plan::Refuse(SEVERAL.into()));
                }
                let there = number(&level, operation.basis).ok_or_else(|| unnumbered(operation))?;
                if let Some(expected) = expected.filter(|expected| *expected != there) {
                    return Ok(Plan::Refuse(format!("Finale has {there}, not {expected}")));
                }
                let url = level
                    .item
                    .map(|item| item.0)
                    .ok_or_else(|| unnumbered(operation))?;
                (url, *quantity - there)
            }
            StockChange::Reserve { .. }
            | StockChange::Release { .. }
            | StockChange::Ship { .. } => {
                return Ok(Plan::Refuse(
                    "Finale reserves stock through sales orders only".into(),
                ));
            }
            StockChange::Move { .. } => {
                return Ok(Plan::Refuse(
                    "this adapter does not move stock between locations".into(),
                ));
            }
            _ => {
                return Ok(Plan::Refuse(
                    "this release of the adapter knows no such change".into(),
                ));
            }
        };
        if by == Quantity::ZERO {
            return Ok(Plan::Nothing);
        }
        Ok(match self.write_facility(ctx, &operation.location).await? {
            Ok(facility_url) => Plan::Post(Change {
                product_url,
                facility_url,
                by,
            }),
            Err(reason) => Plan::Refuse(reason),
        })
    }

    /// The product's URL, which is not to be made from its SKU; none when several products have that.
    async fn product_url(&self, ctx: &Ctx, operation: &StockOperation) -> Result<Option<String>> {
        if let Some(item) = &operation.item {
            return Ok(Some(item.0.clone()));
        }
        let sku = &operation.sku;
        let answer = self
            .client
            .graphql(ctx, &products_query(std::slice::from_ref(sku), &[]))
            .await?;
        let url = match find_product(&answer.data, 0, sku) {
            Found::Several => return Ok(None),
            Found::One(node) => node.product_url(),
            Found::Nothing => None,
        };
        let missing = || AdapterError::not_found(format!("Finale has no product `{sku}`"));
        url.map(|url| Some(url.to_owned())).ok_or_else(missing)
    }

    /// What is there now: live where the location has stock columns, else from the whole list of stock.
    async fn current(&self, ctx: &Ctx, operation: &StockOperation) -> Result<StockLevel> {
        let (sku, location) = (&operation.sku, &operation.location);
        let query = SkuQuery::of(vec![sku.clone()]).at(vec![location.clone()]);
        let answers = match self.stock_by_sku(ctx, query).await {
            Err(error) if error.kind == ErrorKind::Unsupported => {
                let listed = self.take_snapshot(ctx).await?.ok_or(error)?;
                let found = listed.find(sku, location);
                return found.ok_or_else(|| {
                    AdapterError::not_found(format!("Finale has no product `{sku}`"))
                });
            }
            answers => answers?,
        };
        let refused = answers.errors.into_iter().next();
        answers
            .levels
            .into_iter()
            .next()
            .ok_or_else(|| match refused {
                Some(refused) if refused.kind == SkuErrorKind::NotFound => {
                    AdapterError::not_found(refused.message)
                }
                Some(refused) => AdapterError::protocol(refused.message),
                None => unnumbered(operation),
            })
    }

    /// The sublocation that takes a location's changes; a variance cannot be posted to the location itself.
    async fn write_facility(
        &self,
        ctx: &Ctx,
        location: &LocationId,
    ) -> Result<Result<String, String>> {
        let mut layout = self.layout(ctx).await?;
        if layout.facilities.find_location(location).is_none() {
            layout = self.read_layout(ctx).await?;
        }
        let found = layout.facilities.find_location(location);
        let found = found.ok_or_else(|| {
            AdapterError::not_found(format!("Finale has no location `{location}`"))
        })?;
        let named = self.settings.write_sublocations.get(&found.name);
        Ok(write_sublocation(&layout, found, named.map(String::as_str)))
    }
}

fn write_sublocation(
    layout: &Layout,
    location: &Facility,
    named: Option<&str>,
) -> Result<String, String> {
    let mut sublocations = layout.facilities.sublocations(location);
    if let Some(named) = named {
        let found = sublocations.find(|sublocation| sublocation.name == named);
        return found.map(|found| found.url.clone()).ok_or_else(|| {
            format!(
                "{} has no sublocation `{named}`: check the setting `write_sublocations`",
                location.name
            )
        });
    }
    let mut open =
        sublocations.filter(|sublocation| sublocation.active && sublocation.is_sellable());
    match (open.next(), open.next()) {
        (Some(only), None) => Ok(only.url.clone()),
        (None, _) => Err(format!(
            "{} has no sublocation that could take the change",
            location.name
        )),
        (Some(_), Some(_)) => Err(format!(
            "{} has several sublocations: name the one that takes changes in the setting `write_sublocations`",
            location.name
        )),
    }
}

fn number(level: &StockLevel, basis: Basis) -> Option<Quantity> {
    match basis {
        Basis::OnHand => level.quantities.on_hand,
        Basis::Available => level.quantities.available,
        _ => None,
    }
}

fn unnumbered(operation: &StockOperation) -> AdapterError {
    AdapterError::protocol(format!(
        "Finale does not say how many of `{}` there are",
        operation.sku
    ))
}
