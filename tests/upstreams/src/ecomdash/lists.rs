//! The lists: products and warehouses, in pages of 25, or of at most 200.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::book::Book;

const PAGE_ENTRIES: usize = 25;
const PAGE_ENTRIES_MAX: usize = 200;

/// The parameters of a list; their names in lower case.
pub(crate) type Parameters = HashMap<String, String>;

/// The active products that the parameters leave.
///
/// # Errors
/// Which parameter cannot be read.
pub(crate) fn products(
    book: &Book,
    parameters: &Parameters,
    changed_since: &str,
) -> Result<Value, String> {
    let since = parameters.get(&changed_since.to_ascii_lowercase());
    let since: Option<Timestamp> = since
        .map(|text| {
            text.parse()
                .map_err(|_| format!("'{text}' is no valid date"))
        })
        .transpose()?;
    let (kind, part) = (parameters.get("type"), parameters.get("sku"));
    let include = parameters.get("include").map_or("", String::as_str);
    let includes = |name: &str| include.split(',').any(|included| included.trim() == name);
    let wanted = book.active().filter(|product| {
        since.is_none_or(|since| product.changed_at >= since)
            && kind.is_none_or(|kind| kind == product.kind())
            && part.is_none_or(|part| product.sku.contains(part.as_str()))
    });
    page(
        wanted.map(|product| book.told(product, includes)).collect(),
        parameters,
    )
}

/// All warehouses.
///
/// # Errors
/// Which parameter cannot be read.
pub(crate) fn warehouses(book: &Book, parameters: &Parameters) -> Result<Value, String> {
    page(book.warehouses(), parameters)
}

fn page(entries: Vec<Value>, parameters: &Parameters) -> Result<Value, String> {
    let number = |name: &str, default: usize| match parameters.get(name).map(|text| text.parse()) {
        None => Ok(default),
        Some(Ok(number)) if number > 0 => Ok(number),
        Some(_) => Err(format!("'{name}' must be a number above zero")),
    };
    let length = number("resultsperpage", PAGE_ENTRIES)?.min(PAGE_ENTRIES_MAX);
    let current = number("pagenumber", 1)?;
    let total = entries.len();
    let data: Vec<Value> = entries
        .into_iter()
        .skip((current - 1) * length)
        .take(length)
        .collect();
    Ok(json!({
        "status": "Success", "messages": [],
        "pagination": {
            "CurrentPage": current, "TotalNumberOfEntries": total, "TotalNumberOfPages": total.div_ceil(length),
        },
        "data": data,
    }))
}
