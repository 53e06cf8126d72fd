//! Column-major collections: `{"productId": [...], "productUrl": [...]}`.
//!
//! Columns are read one by one and only when asked for, so that a body of 120,000 rows is in memory once. A column
//! may be shorter than the others or absent: there are as many rows as the identity column has.

use std::borrow::Cow;
use std::collections::HashMap;

use bestand_plugin_api::{AdapterError, Result};
use serde::Deserialize;
use serde_json::value::RawValue;

/// At this many entities Finale cuts a collection; one of that length cannot be taken for complete.
pub(crate) const ROWS_MAX: usize = 120_000;

/// The columns of one collection, still as text.
#[derive(Debug)]
pub(crate) struct Columns<'a> {
    collection: &'a str,
    columns: HashMap<Cow<'a, str>, &'a RawValue>,
}

/// One column; a cell that is not there is absent.
#[derive(Debug)]
pub(crate) struct Column<T>(Vec<Option<T>>);

/// Text that is borrowed from the body where it can be.
#[derive(Debug, Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

// === impl Columns ===

impl<'a> Columns<'a> {
    /// Takes a body apart. `identity` is the column every row has: a body with columns but without it is something
    /// else, and an empty object is a collection without rows.
    pub(crate) fn parse(collection: &'a str, identity: &str, body: &'a [u8]) -> Result<Self> {
        let columns: HashMap<Cow<'a, str>, &'a RawValue> = serde_json::from_slice(body)
            .map_err(|error| unreadable(collection, &error.to_string()))?;
        if !columns.is_empty() && !columns.contains_key(identity) {
            return Err(unreadable(
                collection,
                &format!("it has no column `{identity}`"),
            ));
        }
        Ok(Self {
            collection,
            columns,
        })
    }

    /// A column of text; empty text is as good as none.
    pub(crate) fn text(&self, name: &str) -> Result<Column<Cow<'a, str>>> {
        let column: Column<Text<'a>> = self.column(name)?;
        let filled =
            |cell: Option<Text<'a>>| cell.map(|text| text.0).filter(|text| !text.is_empty());
        Ok(Column(column.0.into_iter().map(filled).collect()))
    }

    /// A column of anything.
    pub(crate) fn column<T: Deserialize<'a>>(&self, name: &str) -> Result<Column<T>> {
        let Some(raw) = self.columns.get(name) else {
            return Ok(Column(Vec::new()));
        };
        serde_json::from_str(raw.get())
            .map(Column)
            .map_err(|error| unreadable(self.collection, &format!("column `{name}`: {error}")))
    }
}

fn unreadable(collection: &str, why: &str) -> AdapterError {
    AdapterError::protocol(format!("cannot read Finale's `{collection}`: {why}"))
}

// === impl Column ===

impl<T> Column<T> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn get(&self, row: usize) -> Option<&T> {
        self.0.get(row)?.as_ref()
    }
}

impl Column<Cow<'_, str>> {
    pub(crate) fn str(&self, row: usize) -> Option<&str> {
        self.get(row).map(AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_or_absent_column_lacks_cells() {
        let body = br#"{"id":["a","b",null],"note":["x"]}"#;
        let columns = Columns::parse("thing", "id", body).unwrap();
        let (id, note) = (columns.text("id").unwrap(), columns.text("note").unwrap());
        assert_eq!((id.len(), id.str(1), id.str(2)), (3, Some("b"), None));
        assert_eq!((note.str(0), note.str(1)), (Some("x"), None));
        assert_eq!(columns.text("other").unwrap().len(), 0);
    }

    #[test]
    fn an_object_without_the_identity_is_no_collection_and_an_empty_one_is() {
        assert!(Columns::parse("thing", "id", br#"{"message":"hello"}"#).is_err());
        assert!(Columns::parse("thing", "id", br"[]").is_err());
        assert!(Columns::parse("thing", "id", br#"{"id":["a""#).is_err());
        assert!(Columns::parse("thing", "id", b"{}").is_ok());
    }
}
