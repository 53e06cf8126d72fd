//! Products: what can be sold of an article over all included sources, and what each source says of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use bestand_plugin_api::Sku;
use serde::Deserialize;

use super::address;
use super::page::{Page, Place, show};
use super::visitor::Visitor;
use crate::daemon::Parts;
use crate::http::api;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::search::SearchText;
use crate::source::Owner;

mod section;
mod shown_place;
mod shown_total;

use section::Section;
use shown_total::ShownTotal;

/// Products of one page.
const PRODUCTS: u32 = 50;

#[derive(Template)]
#[template(path = "products/list.html")]
struct ListPage {
    page: Page,
    search: String,
    /// Why nothing can be looked for by it; empty when something can.
    fault: String,
    rows: Vec<Row>,
    /// The address of what is shown, to be brought up to date.
    here: String,
    /// The address of the next products, if there are more.
    next: Option<String>,
}

/// A product in the list.
struct Row {
    sku: String,
    path: String,
    total: ShownTotal,
}

#[derive(Template)]
#[template(path = "products/details.html")]
struct DetailsPage {
    page: Page,
    sku: String,
    path: String,
    total: ShownTotal,
    sections: Vec<Section>,
}

/// Which products are looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProductQuery {
    search: String,
    after: String,
}

/// The products whose SKU begins with what was typed; all without.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Query(query): Query<ProductQuery>,
) -> Result<Response, Problem> {
    let title = visitor.text().say("products-title");
    let mut shown = ListPage {
        page: Page::new(&parts, &visitor, Place::Products, title),
        here: address(&query.search, &query.after),
        search: query.search,
        fault: String::new(),
        rows: Vec::new(),
        next: None,
    };
    let Ok(search) = SearchText::read(&shown.search) else {
        shown.fault = visitor.text().say("products-search-invalid");
        return show(&shown);
    };
    let (account, after) = (visitor.account(), Sku::new(&query.after).ok());
    let found = parts
        .products
        .search(account, search.as_ref(), after.as_ref(), PRODUCTS)
        .await?;
    let row = |product: crate::product::Product| Row {
        path: path(&product.sku),
        total: ShownTotal::of(&product, &visitor),
        sku: product.sku.to_string(),
    };
    shown.rows = found.products.into_iter().map(row).collect();
    shown.next = found.next.map(|sku| address(&shown.search, sku.as_str()));
    show(&shown)
}

/// One product: its total, and what each source says, under the sources' headings.
pub(super) async fn details(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(sku): Named<Sku>,
) -> Result<Response, Problem> {
    let account = visitor.account();
    let product = parts.products.find(account, &sku).await?;
    let sources = api::inventory_sources::all(&parts, account, |_| true).await?;
    let total = ShownTotal::of(&product, &visitor);
    let sections = sources.groups.iter().map(|group| {
        let is_own =
            api::inventory_sources::heading(&parts, &Owner::adapter(&group.adapter)).is_own();
        Section::of(group, is_own, &product.places, &sku, &visitor)
    });
    show(&DetailsPage {
        page: Page::new(&parts, &visitor, Place::Products, sku.as_str()),
        path: path(&sku),
        total,
        sections: sections.collect(),
        sku: sku.to_string(),
    })
}

/// Where a product is: its SKU may hold any character.
fn path(sku: &Sku) -> String {
    format!("/products/{}", address::segment(sku.as_str()))
}

fn address(search: &str, after: &str) -> String {
    address::with_query("/products", [("search", search), ("after", after)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_has_an_address_whatever_its_sku_holds() {
        let path = |sku: &str| path(&Sku::new(sku).unwrap());
        assert_eq!(path("MUG-1"), "/products/MUG-1");
        assert_eq!(
            path("Größe 42/1+1?"),
            "/products/Gr%C3%B6%C3%9Fe%2042%2F1%2B1%3F"
        );
        assert_eq!(address("a b", ""), "/products?search=a+b");
        assert_eq!(address("", "Z&1"), "/products?after=Z%261");
        assert_eq!(address("", ""), "/products");
    }
}
