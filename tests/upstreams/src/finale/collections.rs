//! The REST collections, column by column.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::account::Account;
use super::columns::{Columns, record};
use super::filter::Filter;
use super::resource::Collection;
use super::stock::Held;
use super::units::Units;
use super::variance::{self, date};

const INVENTORY_ITEM_FIELDS: &[&str] = &[
    "inventoryItemUrl",
    "productId",
    "productUrl",
    "facilityUrl",
    "parentFacilityUrl",
    "lotId",
    "normalizedPackingString",
    "orderUrl",
    "quantityOnHand",
    "quantityReserved",
    "quantityOnOrder",
];
const FACILITY_FIELDS: &[&str] = &[
    "facilityId",
    "facilityUrl",
    "facilityName",
    "parentFacilityUrl",
    "statusId",
    "lastUpdatedDate",
];
const PRODUCT_FIELDS: &[&str] = &[
    "productId",
    "productUrl",
    "internalName",
    "statusId",
    "lastUpdatedDate",
];

/// The query of a GET on a collection.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pub(crate) filter: Option<String>,
    pub(crate) limit: Option<usize>,
}

/// Answers a collection; the error is what Finale says with its 400.
pub(crate) fn read(
    account: &Account,
    collection: Collection,
    query: &Query,
) -> Result<Columns, String> {
    match collection {
        Collection::InventoryItem => inventory_items(account, query),
        Collection::Facility => collect(account, query, FACILITY_FIELDS, facilities(account)),
        Collection::Product => collect(account, query, PRODUCT_FIELDS, products(account)),
        Collection::InventoryVariance => {
            collect(account, query, variance::FIELDS, variances(account))
        }
    }
}

/// A product by the last part of its URL, as a single record.
pub(crate) fn product(account: &Account, part: &str) -> Option<Value> {
    let product = account.book.product_of_part(part)?;
    Some(record(PRODUCT_FIELDS, product_cells(account, product)))
}

/// First the dates, then the cut, then everything else: a filter does not look behind the cut.
fn collect(
    account: &Account,
    query: &Query,
    names: &'static [&'static str],
    rows: impl Iterator<Item = (Timestamp, Vec<Value>)>,
) -> Result<Columns, String> {
    let filter = query
        .filter
        .as_deref()
        .map(|encoded| Filter::parse(encoded, names))
        .transpose()?
        .unwrap_or_default();
    let mut columns = Columns::new(names);
    rows.filter(|(last_updated, _)| filter.allows_date(*last_updated))
        .take(account.collection_rows_max)
        .filter(|(_, cells)| filter.allows_cells(cells))
        .take(query.limit.unwrap_or(usize::MAX))
        .for_each(|(_, cells)| columns.push(cells));
    Ok(columns)
}

fn inventory_items(account: &Account, query: &Query) -> Result<Columns, String> {
    if query.filter.is_some() {
        return Err("inventoryitem cannot be filtered".to_owned());
    }
    let book = &account.book;
    let rows_max = account
        .collection_rows_max
        .min(query.limit.unwrap_or(usize::MAX));
    let mut columns = Columns::new(INVENTORY_ITEM_FIELDS);
    for (number, (key, row)) in book.rows().iter().take(rows_max).enumerate() {
        let parent = book
            .facilities()
            .get(&key.facility)
            .and_then(|facility| facility.parent);
        let only = |held| {
            if row.held == held {
                row.quantity
            } else {
                Units::ZERO
            }
            .to_json()
        };
        columns.push(vec![
            json!(book.url("inventoryitem", 100_000 + number)),
            json!(
                book.product_of_part(&key.product)
                    .map(|product| &product.id)
            ),
            json!(book.url("product", &key.product)),
            json!(book.url("facility", key.facility)),
            json!(parent.map(|parent| book.url("facility", parent))),
            json!(key.lot),
            json!(key.packing),
            json!(key.order.map(|order| book.url("order", order))),
            only(Held::OnHand),
            only(Held::Reserved),
            only(Held::OnOrder),
        ]);
    }
    Ok(columns)
}

fn facilities(account: &Account) -> impl Iterator<Item = (Timestamp, Vec<Value>)> {
    let book = &account.book;
    book.facilities().iter().map(|(id, facility)| {
        let cells = vec![
            json!(id.to_string()),
            json!(book.url("facility", id)),
            json!(facility.name),
            json!(facility.parent.map(|parent| book.url("facility", parent))),
            json!(if facility.active {
                "FACILITY_ACTIVE"
            } else {
                "FACILITY_INACTIVE"
            }),
            json!(date(facility.last_updated)),
        ];
        (facility.last_updated, cells)
    })
}

fn products(account: &Account) -> impl Iterator<Item = (Timestamp, Vec<Value>)> {
    account
        .book
        .products()
        .values()
        .map(|product| (product.last_updated, product_cells(account, product)))
}

fn product_cells(account: &Account, product: &super::book::Product) -> Vec<Value> {
    vec![
        json!(product.id),
        json!(account.book.url("product", &product.part)),
        json!((!product.title.is_empty()).then_some(&product.title)),
        json!(product.status_id()),
        json!(date(product.last_updated)),
    ]
}

fn variances(account: &Account) -> impl Iterator<Item = (Timestamp, Vec<Value>)> {
    account
        .variances
        .values()
        .map(|variance| (variance.last_updated, variance.cells(&account.book)))
}
