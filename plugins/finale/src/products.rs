//! The products of an account, by the URLs that rows of stock point to.

use std::collections::HashMap;

use bestand_plugin_api::{Result, Sku};

use crate::columns::{Columns, ROWS_MAX};

/// One product; its URL need not end in its id.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) sku: Sku,
    pub(crate) url: String,
    /// The next product has the same SKU; only the first of them is listed.
    pub(crate) ambiguous: bool,
}

/// All products, each known by a number from the time it was found.
#[derive(Debug, Default)]
pub(crate) struct Products {
    pub(crate) list: Vec<Product>,
    by_url: HashMap<String, usize>,
    cut: bool,
}

// === impl Products ===

impl Products {
    /// Reads a body of `product/`.
    pub(crate) fn parse(body: &[u8]) -> Result<Self> {
        let columns = Columns::parse("product", "productUrl", body)?;
        let (urls, ids) = (columns.text("productUrl")?, columns.text("productId")?);
        let mut products = Self {
            cut: urls.len() >= ROWS_MAX,
            ..Self::default()
        };
        for row in 0..urls.len() {
            products.find_or_add(urls.str(row), ids.str(row));
        }
        Ok(products)
    }

    /// Whether Finale has left products out because there are too many.
    pub(crate) fn is_cut(&self) -> bool {
        self.cut
    }

    /// The number of the product of that URL; a row of stock may know one that the list of products, which is older, does not.
    pub(crate) fn find_or_add(&mut self, url: Option<&str>, id: Option<&str>) -> Option<usize> {
        let url = url?;
        if let Some(index) = self.by_url.get(url) {
            return Some(*index);
        }
        let sku = Sku::new(id?).ok()?;
        self.by_url.insert(url.to_owned(), self.list.len());
        self.list.push(Product {
            sku,
            url: url.to_owned(),
            ambiguous: false,
        });
        Some(self.list.len() - 1)
    }
}
