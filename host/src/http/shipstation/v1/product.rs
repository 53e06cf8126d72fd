//! Products: every SKU that any inventory source has, with the name that orders give it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use bestand_plugin_api::Sku;
use serde_json::{Value, json};

use super::moment;
use super::page::Page;
use super::query::Parameters;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::path::Named;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::id::AccountId;
use crate::store::shipstation::number::{self, Kind, Numbered};
use crate::store::shipstation::product::{self, Filter};

pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let account = caller.account_id;
    let page = Page::asked(&parameters)?;
    let filter = Filter {
        sku: parameters.text("sku").map(str::to_owned),
        name: parameters.text("name").map(str::to_owned),
    };
    let (offset, size) = (page.offset(), page.size);
    let found = product::list(&parts.db, account, &filter, offset, size).await?;
    let shown = shown(&parts, account, &found.skus).await?;
    Ok(page.answer("products", shown, found.total))
}

pub(super) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<i64>,
) -> Result<Json<Value>, Problem> {
    let account = caller.account_id;
    let no_such = || Problem::new(ProblemKind::NotFound, format!("there is no product {id}"));
    let known = number::find(&parts.db, account, Kind::Product, id).await?;
    let sku = known
        .and_then(|known| Sku::new(&known.thing).ok())
        .ok_or_else(no_such)?;
    let shown = shown(&parts, account, &[sku]).await?.pop();
    shown.map(Json).ok_or_else(no_such)
}

async fn shown(parts: &Parts, account: AccountId, skus: &[Sku]) -> Result<Vec<Value>, Problem> {
    let things: Vec<String> = skus.iter().map(ToString::to_string).collect();
    let now = parts.clock.now();
    let numbers = number::of_all(&parts.db, account, Kind::Product, &things, now).await?;
    let names = product::names(&parts.db, account, skus).await?;
    let one = |numbered: &Numbered| one(numbered, names.get(&numbered.thing).map(String::as_str));
    Ok(numbers.iter().map(one).collect())
}

fn one(numbered: &Numbered, name: Option<&str>) -> Value {
    json!({
        "productId": numbered.number,
        "sku": numbered.thing,
        "name": name,
        "aliases": null,
        "price": null,
        "defaultCost": null,
        "length": null,
        "width": null,
        "height": null,
        "weightOz": null,
        "internalNotes": null,
        "fulfillmentSku": null,
        "createDate": moment::write(numbered.made_at),
        "modifyDate": moment::write(numbered.changed_at),
        "active": true,
        "productCategory": null,
        "productType": null,
        "warehouseLocation": null,
        "defaultCarrierCode": null,
        "defaultServiceCode": null,
        "defaultPackageCode": null,
        "defaultIntlCarrierCode": null,
        "defaultIntlServiceCode": null,
        "defaultIntlPackageCode": null,
        "defaultConfirmation": null,
        "defaultIntlConfirmation": null,
        "customsDescription": null,
        "customsValue": null,
        "customsTariffNo": null,
        "customsCountryCode": null,
        "noCustoms": null,
        "tags": null,
        "upc": null,
    })
}
