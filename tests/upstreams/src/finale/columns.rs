//! Finale's column-major collections: one array per field, cut short or left out where its rows have no value.

use serde_json::{Map, Value};

/// A collection being written; cells of one row are pushed together.
#[derive(Debug)]
pub(crate) struct Columns {
    names: &'static [&'static str],
    columns: Vec<Vec<Value>>,
}

impl Columns {
    pub(crate) fn new(names: &'static [&'static str]) -> Self {
        Self {
            names,
            columns: vec![Vec::new(); names.len()],
        }
    }

    /// Adds a row; the cells come in the order of the names.
    pub(crate) fn push(&mut self, cells: Vec<Value>) {
        debug_assert_eq!(cells.len(), self.names.len(), "every column gets a cell");
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
    }

    /// Lists every row a second time.
    pub(crate) fn double(&mut self) {
        for column in &mut self.columns {
            column.extend_from_within(..);
        }
    }

    /// The body: a column ends with its last value, and one without any is not there.
    pub(crate) fn into_json(self) -> Value {
        let mut body = Map::new();
        for (name, mut column) in self.names.iter().zip(self.columns) {
            let length = column
                .iter()
                .rposition(|cell| !cell.is_null())
                .map_or(0, |last| last + 1);
            column.truncate(length);
            if !column.is_empty() {
                body.insert((*name).to_owned(), Value::Array(column));
            }
        }
        Value::Object(body)
    }
}

/// A single record: the same fields as scalars.
pub(crate) fn record(names: &[&str], cells: Vec<Value>) -> Value {
    names
        .iter()
        .map(|name| (*name).to_owned())
        .zip(cells)
        .filter(|(_, cell)| !cell.is_null())
        .collect::<Map<_, _>>()
        .into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_column_without_values_is_absent_and_one_that_lacks_its_last_is_shorter() {
        let mut columns = Columns::new(&["id", "parent", "note"]);
        columns.push(vec![json!(1), json!("a"), Value::Null]);
        columns.push(vec![json!(2), Value::Null, Value::Null]);
        assert_eq!(
            columns.into_json(),
            json!({ "id": [1, 2], "parent": ["a"] })
        );
    }
}
