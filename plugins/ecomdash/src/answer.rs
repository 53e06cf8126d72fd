//! The envelope that Ecomdash puts around all it answers.

use bestand_plugin_api::{AdapterError, Quantity, Result, Sku};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::product::Product;

/// How much of Ecomdash's own words goes into a message.
const EXCERPT_CHARS_MAX: usize = 200;

/// Whether all of a call was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Status {
    /// All of it.
    Success,
    /// Some of it; the messages say what was not.
    #[serde(rename = "Partial Success")]
    Partial,
    /// None of it.
    Failure,
}

/// An answer as it comes.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope<'a> {
    pub(crate) status: Status,
    #[serde(default)]
    messages: Option<Vec<String>>,
    #[serde(default)]
    pagination: Option<Pagination>,
    #[serde(borrow, default)]
    data: Option<Vec<&'a RawValue>>,
}

/// Where a page stands.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Pagination {
    pub(crate) total_number_of_entries: u64,
    pub(crate) total_number_of_pages: u64,
}

/// A place that holds stock.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Warehouse {
    pub(crate) id: Quantity,
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default = "yes")]
    pub(crate) is_active: bool,
}

/// Some of a list.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) pagination: Pagination,
}

fn yes() -> bool {
    true
}

// === impl Envelope ===

impl<'a> Envelope<'a> {
    /// # Errors
    /// `Protocol` when it is something else, such as a page of the portal.
    pub(crate) fn read(body: &'a [u8]) -> Result<Self> {
        serde_json::from_slice(body).map_err(|error| {
            let start: String = String::from_utf8_lossy(body).chars().take(60).collect();
            AdapterError::protocol(format!(
                "Ecomdash's answer is not the JSON expected ({error}); it starts with: {start:?}"
            ))
        })
    }

    /// What Ecomdash says of what it did not do.
    pub(crate) fn messages(&self) -> Vec<String> {
        let excerpt = |text: &String| text.trim().chars().take(EXCERPT_CHARS_MAX).collect();
        self.messages.iter().flatten().map(excerpt).collect()
    }

    /// One page of a list, which comes whole or not at all.
    fn page<T: Deserialize<'a>>(&self) -> Result<Page<T>> {
        let (Status::Success, Some(data)) = (self.status, &self.data) else {
            let said = self.messages().join("; ");
            return Err(AdapterError::protocol(format!(
                "Ecomdash answers without data: {said}"
            )));
        };
        Ok(Page {
            items: read_all(data)?,
            pagination: self.pagination.unwrap_or_default(),
        })
    }
}

/// A page of products with their warehouses.
///
/// # Errors
/// `Protocol` when it is no list of products.
pub(crate) fn products(body: &[u8]) -> Result<Page<Product>> {
    let page: Page<Product> = Envelope::read(body)?.page()?;
    match page
        .items
        .iter()
        .find(|product| product.warehouses.is_none())
    {
        Some(product) => Err(AdapterError::protocol(format!(
            "Ecomdash lists `{}` without its warehouses, although they were asked for",
            product.shown()
        ))),
        None => Ok(page),
    }
}

/// A page of warehouses.
///
/// # Errors
/// `Protocol` when it is no list of warehouses.
pub(crate) fn warehouses(body: &[u8]) -> Result<Page<Warehouse>> {
    Envelope::read(body)?.page()
}

/// The products that a look-up found. Finding none at all is a failure for Ecomdash.
///
/// # Errors
/// `Protocol` when it failed for another reason, or is no list of products.
pub(crate) fn found(body: &[u8]) -> Result<Vec<Product>> {
    let envelope = Envelope::read(body)?;
    let messages = envelope.messages();
    let found_none = messages
        .iter()
        .all(|message| message.contains("were found"));
    match (&envelope.data, envelope.status) {
        (None, Status::Failure) if found_none && !messages.is_empty() => Ok(Vec::new()),
        (Some(data), _) if found_none => read_all(data),
        _ => {
            let said = messages.join("; ");
            Err(AdapterError::protocol(format!(
                "Ecomdash cannot look products up: {said}"
            )))
        }
    }
}

fn read_all<'a, T: Deserialize<'a>>(data: &[&'a RawValue]) -> Result<Vec<T>> {
    let read = data.iter().map(|raw| serde_json::from_str(raw.get()));
    read.collect::<Result<_, _>>().map_err(|error| {
        AdapterError::protocol(format!(
            "Ecomdash's answer holds what cannot be read: {error}"
        ))
    })
}

/// Whether a message quotes this SKU, as in `No active products with SKU 'TEA-1' were found.`
pub(crate) fn quotes(message: &str, sku: &Sku) -> bool {
    message.contains(&format!("'{sku}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_up_that_finds_nothing_is_told_from_one_that_fails() {
        let failure = |messages: &str| format!(r#"{{"status":"Failure","messages":{messages}}}"#);
        let none = failure(r#"["No active products with SKU 'A' were found."]"#);
        assert_eq!(found(none.as_bytes()).unwrap().len(), 0);
        for messages in [r#"["Something else"]"#, "[]"] {
            assert!(found(failure(messages).as_bytes()).is_err(), "{messages}");
        }
        let some =
            br#"{"status":"Success","messages":[],"data":[{"Id":1.0,"Sku":"A","Warehouses":[]}]}"#;
        assert_eq!(found(some).unwrap().len(), 1);
    }

    #[test]
    fn a_list_is_believed_with_success_and_warehouses_only() {
        let list = |status: &str, item: &str| {
            let body = format!(
                r#"{{"status":"{status}","data":[{item}],"pagination":{{"TotalNumberOfPages":3}}}}"#
            );
            products(body.as_bytes())
        };
        let whole = r#"{"Id":1,"Sku":"A","Warehouses":[]}"#;
        assert_eq!(
            list("Success", whole)
                .unwrap()
                .pagination
                .total_number_of_pages,
            3
        );
        assert!(list("Failure", whole).is_err());
        assert!(list("Success", r#"{"Id":1,"Sku":"A"}"#).is_err());
        assert!(products(br#"{"success":false,"errors":[]}"#).is_err());
    }
}
