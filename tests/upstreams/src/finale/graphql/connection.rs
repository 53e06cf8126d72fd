//! One page of `productViewConnection`: which products, in which order, from where to where.

use apollo_compiler::response::JsonMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::book::{Book, Product};
use super::field::Field;
use std::collections::BTreeMap;

/// The largest page in use by public clients; Finale's own limit is not documented.
const PAGE_SIZE_MAX: usize = 1_000;
const PAGE_SIZE_DEFAULT: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Arguments {
    first: Option<usize>,
    after: Option<String>,
    last: Option<usize>,
    before: Option<String>,
    #[serde(flatten)]
    context: Context,
}

/// What a cursor is bound to: it is of no use in another query.
#[derive(Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    product_id: Option<String>,
    search: Option<String>,
    status: Option<Vec<String>>,
    sort: Option<Vec<Sort>>,
}

#[derive(Debug, PartialEq, Eq, Deserialize, Serialize)]
struct Sort {
    field: String,
    mode: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Cursor {
    position: usize,
    context: Context,
}

/// The products of a page with their cursors.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) edges: Vec<(String, &'a Product)>,
    pub(super) has_next: bool,
    pub(super) has_previous: bool,
}

/// Answers the arguments; the error becomes a GraphQL error.
pub(super) fn page<'a>(
    book: &'a Book,
    fields: &BTreeMap<String, Field>,
    arguments: &JsonMap,
) -> Result<Page<'a>, String> {
    let Arguments {
        first,
        after,
        last,
        before,
        context,
    } = serde_json::to_value(arguments)
        .and_then(serde_json::from_value)
        .map_err(|error| error.to_string())?;
    let mut products = matching(book, &context);
    for sort in context.sort.iter().flatten().rev() {
        let field = fields
            .get(&sort.field)
            .ok_or_else(|| format!("cannot sort by unknown field `{}`", sort.field))?;
        products.sort_by(|left, right| in_order(&field.raw(book, left), &field.raw(book, right)));
        match sort.mode.as_deref().unwrap_or("asc") {
            "asc" => {}
            "desc" => products.reverse(),
            other => return Err(format!("unknown sort mode `{other}`")),
        }
    }
    let position = |cursor: Option<String>| {
        cursor
            .map(|cursor| read_cursor(&cursor, &context))
            .transpose()
    };
    let mut start = position(after)?
        .map_or(0, |after| after + 1)
        .min(products.len());
    let mut end = position(before)?
        .unwrap_or(products.len())
        .clamp(start, products.len());
    match (page_size(first)?, page_size(last)?) {
        (Some(first), _) => end = end.min(start + first),
        (None, Some(last)) => start = start.max(end.saturating_sub(last)),
        (None, None) => end = end.min(start + PAGE_SIZE_DEFAULT),
    }
    let cursor = |position| write_cursor(position, arguments);
    Ok(Page {
        edges: (start..end)
            .map(|position| (cursor(position), products[position]))
            .collect(),
        has_next: end < products.len(),
        has_previous: start > 0,
    })
}

fn page_size(asked: Option<usize>) -> Result<Option<usize>, String> {
    match asked {
        Some(size) if size > PAGE_SIZE_MAX => Err(format!(
            "a page has {PAGE_SIZE_MAX} items at most, not {size}"
        )),
        asked => Ok(asked),
    }
}

fn matching<'a>(book: &'a Book, context: &Context) -> Vec<&'a Product> {
    let candidates: Vec<&Product> = match &context.product_id {
        Some(id) => book.products().get(id).into_iter().collect(),
        None => book.products().values().collect(),
    };
    let search = context.search.as_ref().map(|search| search.to_lowercase());
    let found = |product: &Product| {
        let search = search.as_deref().unwrap_or("");
        product.id.to_lowercase().contains(search) || product.title.to_lowercase().contains(search)
    };
    let status = |product: &Product| match &context.status {
        Some(statuses) => statuses.iter().any(|status| status == product.status_id()),
        None => true,
    };
    candidates
        .into_iter()
        .filter(|product| found(product) && status(product))
        .collect()
}

fn in_order(left: &Value, right: &Value) -> std::cmp::Ordering {
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => left.total_cmp(&right),
        (None, None) => left.as_str().cmp(&right.as_str()),
        (left, right) => left.is_some().cmp(&right.is_some()),
    }
}

fn read_cursor(cursor: &str, context: &Context) -> Result<usize, String> {
    let refused = || format!("cursor `{cursor}` is not valid");
    let decoded = STANDARD.decode(cursor).map_err(|_| refused())?;
    let cursor: Cursor = serde_json::from_slice(&decoded).map_err(|_| refused())?;
    if cursor.context != *context {
        return Err("the cursor belongs to another query".to_owned());
    }
    Ok(cursor.position)
}

fn write_cursor(position: usize, arguments: &JsonMap) -> String {
    let context: Context = serde_json::to_value(arguments)
        .and_then(serde_json::from_value)
        .unwrap_or_default();
    let cursor = Cursor { position, context };
    STANDARD.encode(serde_json::to_vec(&cursor).expect("a cursor is JSON"))
}
