//! Products: one article over all sources.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use bestand_plugin_api::{Quantity, Sku};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::levels::KnowledgeWord;
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::paging::{Cursor, Limit, Linked, Page};
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::SourceId;
use crate::product;
use crate::search::SearchText;
use crate::verdict::knowledge::Knowledge;

/// List products
///
/// Every article that any source has a level of, with what can be sold of it over the included sources.
#[utoipa::path(get, path = "/products", operation_id = "list_products", tag = "Products", params(ProductQuery),
    responses((status = 200, description = "A page of products", body = Page<ProductSummary>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<ProductQuery>,
    uri: Uri,
) -> Result<Linked<Page<ProductSummary>>, Problem> {
    let search = SearchText::read(query.search.as_deref().unwrap_or_default());
    let search = search.map_err(|error| Problem::field("search", error.to_string()))?;
    let after = query.cursor.as_ref().map(|cursor| &cursor.0);
    let limit = u32::try_from(query.limit.get()).unwrap_or(u32::MAX);
    let page = parts
        .products
        .search(caller.account_id, search.as_ref(), after, limit)
        .await?;
    Ok(Page {
        items: page.products.into_iter().map(ProductSummary::of).collect(),
        next_cursor: page.next.map(|sku| Cursor(sku).to_string()),
    }
    .linked(&uri))
}

/// Read a product
///
/// What of it can be sold, and what is known of it at each source. Of an article that no source has, that is what all of
/// them say.
#[utoipa::path(get, path = "/products/{sku}", operation_id = "get_product", tag = "Products",
    params(("sku" = String, Path)), responses((status = 200, description = "The product", body = Product)))]
pub(in crate::http) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(sku): Named<Sku>,
) -> Result<Json<Product>, Problem> {
    let product = parts.products.find(caller.account_id, &sku).await?;
    Ok(Json(Product::of(product)))
}

/// Which products to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ProductQuery {
    /// Those whose SKU begins with this, as it is written, in capitals or in small letters.
    #[param(max_length = 200, example = "851")]
    search: Option<String>,
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Sku>>,
}

/// An article in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ProductSummary {
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// What of it can be sold.
    total: Total,
}

/// An article over all sources.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Product {
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// What of it can be sold.
    total: Total,
    /// What is known of it at each source, in the order of their names.
    sources: Vec<AtSource>,
}

/// What of an article can be sold, over the included sources.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductTotal)]
struct Total {
    /// The sum; nothing when no source counts the article, which is not zero.
    #[schema(value_type = Option<f64>)]
    available: Option<Quantity>,
    /// How many sources the sum is made of.
    counted: usize,
    /// How many included sources do not know how many they have: the sum may be more than this.
    not_known: usize,
    /// The age of the oldest number in it.
    #[schema(value_type = Option<String>)]
    as_of: Option<Moment>,
    /// Whether any number in it is older than its source's `max_age_secs`.
    stale: bool,
}

/// What is known of an article at one source.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductAtSource)]
struct AtSource {
    /// The source.
    source_id: SourceId,
    /// What its system calls it.
    name: String,
    /// Its part in the total: `counted`, `none` (it does not have the article), `not_known`, or `left_out` (it is not
    /// included, closed, or not for sale).
    share: &'static str,
    /// What sort of knowledge this is. Only `counted` comes with numbers that are counts.
    knowledge: KnowledgeWord,
    /// Sellable; nothing when there is no count, which is not zero.
    #[schema(value_type = Option<f64>)]
    available: Option<Quantity>,
    /// Physically there.
    #[schema(value_type = Option<f64>)]
    on_hand: Option<Quantity>,
    /// Promised to orders.
    #[schema(value_type = Option<f64>)]
    allocated: Option<Quantity>,
    /// On its way there; never part of `available`.
    #[schema(value_type = Option<f64>)]
    incoming: Option<Quantity>,
    /// When this was true.
    #[schema(value_type = Option<String>)]
    as_of: Option<Moment>,
    /// Whether that is longer ago than the source's `max_age_secs`.
    stale: bool,
}

// === impl ProductSummary, Product ===

impl ProductSummary {
    fn of(product: product::Product) -> Self {
        Self {
            total: Total::of(product.total),
            sku: product.sku,
        }
    }
}

impl Product {
    fn of(product: product::Product) -> Self {
        Self {
            total: Total::of(product.total),
            sources: product.places.into_iter().map(AtSource::of).collect(),
            sku: product.sku,
        }
    }
}

// === impl Total ===

impl Total {
    fn of(total: product::Total) -> Self {
        Self {
            available: total.available,
            counted: total.counted,
            not_known: total.not_known,
            as_of: total.as_of.map(Moment),
            stale: total.stale,
        }
    }
}

// === impl AtSource ===

impl AtSource {
    fn of(place: product::Place) -> Self {
        let count = match &place.knowledge {
            Knowledge::Counted(count) => Some(*count),
            _ => None,
        };
        Self {
            source_id: place.source.id,
            name: place.source.name.clone(),
            share: place.share.as_str(),
            knowledge: KnowledgeWord::of(&place.knowledge),
            available: place.available,
            on_hand: count.and_then(|count| count.on_hand),
            allocated: count.and_then(|count| count.allocated),
            incoming: count.and_then(|count| count.incoming),
            as_of: place.knowledge.as_of().map(Moment),
            stale: place.stale,
        }
    }
}
