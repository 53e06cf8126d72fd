//! The queries of Finale's GraphQL that are used, and how their answers are read.
//!
//! Every scalar is asked for with `formatter: "none"`; without it numbers come as text with thousands separators.

use bestand_plugin_api::{AdapterError, Quantity, Result, Sku};
use serde::Deserialize as _;
use serde_json::Value;

use crate::layout::StockColumns;
use crate::number::Number;

/// Names the fields a product has in this account, the columns of its facilities among them.
pub(crate) const FIELDS_QUERY: &str = r#"{ __type(name: "product") { fields { name } } }"#;

/// Products on one page of a listing; public clients use 200 to 1,000.
const PAGE_PRODUCTS: usize = 200;

/// One product of an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'a>(&'a Value);

/// The three quantities of one product at one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stock {
    pub(crate) on_hand: Quantity,
    pub(crate) reserved: Quantity,
    pub(crate) on_order: Option<Quantity>,
}

/// What Finale has under a SKU.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found<'a> {
    Nothing,
    One(Node<'a>),
    /// Several products, so that no number of theirs is the right one.
    Several,
}

/// One page of products.
#[derive(Debug)]
pub(crate) struct ProductPage<'a> {
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) next: Option<&'a str>,
}

/// The names that [`FIELDS_QUERY`] answers.
pub(crate) fn field_names(data: &Value) -> Result<Vec<&str>> {
    let fields = data["__type"]["fields"]
        .as_array()
        .ok_or_else(|| unreadable("it does not describe the type `product`"))?;
    Ok(fields
        .iter()
        .filter_map(|field| field["name"].as_str())
        .collect())
}

/// Asks for some products by their ids, one alias each.
pub(crate) fn products_query(skus: &[Sku], columns: &[&str]) -> String {
    let selection = selection(columns);
    let by_sku = skus.iter().enumerate().map(|(index, sku)| {
        let id = quoted(sku);
        format!(" {}: productViewConnection(first: 2, productId: {id}) {{ edges {{ node {selection} }} }}", alias(index))
    });
    format!("{{{} }}", by_sku.collect::<String>())
}

/// Asks for one page of all products in the order of their ids.
pub(crate) fn page_query(after: Option<&str>, columns: &[&str]) -> String {
    let after = after
        .map(|cursor| format!(", after: {}", quoted(cursor)))
        .unwrap_or_default();
    let selection = selection(columns);
    format!(
        "{{ productViewConnection(first: {PAGE_PRODUCTS}{after}, sort: [{{field: \"productId\", mode: \"asc\"}}]) \
         {{ pageInfo {{ hasNextPage endCursor }} edges {{ node {selection} }} }} }}"
    )
}

/// What the answer to [`products_query`] has under exactly this SKU.
pub(crate) fn find_product<'a>(data: &'a Value, index: usize, sku: &Sku) -> Found<'a> {
    let mut nodes = nodes(&data[alias(index)]).filter(|node| node.sku().as_ref() == Some(sku));
    match (nodes.next(), nodes.next()) {
        (None, _) => Found::Nothing,
        (Some(only), None) => Found::One(only),
        (Some(_), Some(_)) => Found::Several,
    }
}

/// The products in the answer to [`page_query`].
pub(crate) fn product_page(data: &Value) -> Result<ProductPage<'_>> {
    let connection = &data["productViewConnection"];
    let has_next = connection["pageInfo"]["hasNextPage"]
        .as_bool()
        .ok_or_else(|| unreadable("it does not say whether there is another page"))?;
    let next = connection["pageInfo"]["endCursor"].as_str();
    if has_next && next.is_none() {
        return Err(unreadable("it does not say where the next page begins"));
    }
    Ok(ProductPage {
        nodes: nodes(connection).collect(),
        next: next.filter(|_| has_next),
    })
}

fn nodes(connection: &Value) -> impl Iterator<Item = Node<'_>> {
    connection["edges"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|edge| Node(&edge["node"]))
}

fn selection(columns: &[&str]) -> String {
    let fields = ["productId", "productUrl"].iter().chain(columns);
    let fields: String = fields
        .map(|field| format!("{field}(formatter: \"none\") "))
        .collect();
    format!("{{ {fields}}}")
}

fn alias(index: usize) -> String {
    format!("p{index}")
}

/// GraphQL and JSON quote text alike.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn unreadable(why: &str) -> AdapterError {
    AdapterError::protocol(format!("cannot read Finale's GraphQL answer: {why}"))
}

// === impl Node ===

impl<'a> Node<'a> {
    /// As everywhere, without the spaces around it.
    pub(crate) fn sku(self) -> Option<Sku> {
        Sku::new(self.0["productId"].as_str()?).ok()
    }

    pub(crate) fn product_url(self) -> Option<&'a str> {
        self.0["productUrl"].as_str()
    }

    /// What the product has at the place of these columns.
    pub(crate) fn stock(self, columns: &StockColumns) -> Result<Stock> {
        Ok(Stock {
            on_hand: self.quantity(&columns.on_hand)?,
            reserved: self.quantity(&columns.reserved)?,
            on_order: columns
                .on_order
                .as_ref()
                .map(|name| self.quantity(name))
                .transpose()?,
        })
    }

    /// A cell; of a product that is there, an empty one means zero.
    fn quantity(self, column: &str) -> Result<Quantity> {
        match self.0.get(column) {
            None => Err(unreadable(&format!("it lacks `{column}`"))),
            Some(Value::Null) => Ok(Quantity::ZERO),
            Some(cell) => Number::deserialize(cell)
                .map(|number| number.0)
                .map_err(|error| unreadable(&format!("`{column}`: {error}"))),
        }
    }
}

// === impl Stock ===

impl Stock {
    /// What is left without the stock of a part of the place.
    pub(crate) fn without(self, part: Stock) -> Self {
        Self {
            on_hand: self.on_hand - part.on_hand,
            reserved: self.reserved - part.reserved,
            on_order: self
                .on_order
                .zip(part.on_order)
                .map(|(all, part)| all - part),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sku_is_quoted_and_every_scalar_is_asked_for_raw() {
        let skus = [Sku::new(r#"A"B\"#).unwrap()];
        assert_eq!(
            products_query(&skus, &["stockOnOrderUnits"]),
            r#"{ p0: productViewConnection(first: 2, productId: "A\"B\\") { edges { node { productId(formatter: "none") productUrl(formatter: "none") stockOnOrderUnits(formatter: "none") } } } }"#
        );
    }

    #[test]
    fn only_the_product_of_exactly_this_id_counts() {
        let edge = |id: &str| json!({ "node": { "productId": id } });
        let data = json!({
            "p0": { "edges": [edge("ABC-1"), edge("ABC")] },
            "p1": { "edges": [edge("abc")] },
            "p2": { "edges": [edge("ABC"), edge("ABC ")] },
        });
        let sku = Sku::new("ABC").unwrap();
        let found = |index| find_product(&data, index, &sku);
        assert!(matches!(found(0), Found::One(node) if node.sku() == Some(sku.clone())));
        assert!(matches!(found(1), Found::Nothing));
        assert!(matches!(found(2), Found::Several));
    }

    #[test]
    fn an_empty_cell_is_zero_and_a_formatted_one_is_refused() {
        let product = json!({ "a": null, "b": "12.5", "c": "1,234", "d": 3 });
        let node = Node(&product);
        assert_eq!(node.quantity("a"), Ok(Quantity::ZERO));
        assert_eq!(node.quantity("b").unwrap().to_string(), "12.5");
        assert_eq!(node.quantity("d"), Ok(Quantity::units(3)));
        assert!(node.quantity("c").is_err());
        assert!(node.quantity("e").is_err());
    }
}
