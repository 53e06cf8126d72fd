//! `POST inventory/getProducts`: products by their SKUs.

use serde_json::{Value, json};

use super::book::Book;

/// The products that are there, and a message for each that is not.
///
/// # Errors
/// What is wrong with the request.
pub(crate) fn answer(book: &Book, request: &Value) -> Result<Value, String> {
    let ids = request["idList"].as_array().ok_or("'idList' is required")?;
    let skus: Vec<&str> = match request["idType"].as_str() {
        Some("sku") => ids.iter().filter_map(Value::as_str).collect(),
        Some("upc") => Vec::new(), // No product here has one.
        _ => return Err("'idType' must be 'sku' or 'upc'".into()),
    };
    let found: Vec<_> = book
        .active()
        .filter(|product| skus.contains(&product.sku.as_str()))
        .collect();
    let is_found = |sku: &&str| found.iter().any(|product| product.sku == **sku);
    let missing = skus.iter().filter(|sku| !is_found(sku));
    let messages: Vec<String> = missing
        .map(|sku| format!("No active products with SKU '{sku}' were found."))
        .collect();
    let status = match (found.is_empty(), messages.is_empty()) {
        (true, _) => return Ok(json!({ "status": "Failure", "messages": messages })),
        (false, true) => "Success",
        (false, false) => "Partial Success",
    };
    let data: Vec<Value> = found
        .iter()
        .map(|product| book.told(product, |_| true))
        .collect();
    Ok(json!({ "status": status, "messages": messages, "data": data }))
}
