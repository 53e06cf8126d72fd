//! The account's books: locations, products and the rows of stock. **Invariant:** no I/O and no clock in here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Context;
use jiff::Timestamp;

use super::stock::{Held, Stock, StockRow};
use super::units::Units;

const FIRST_FACILITY: u32 = 100_000;
const FIRST_ORDER: u32 = 100_045;

/// Everything the account holds apart from its variances.
#[derive(Debug)]
pub(crate) struct Book {
    account: String,
    facilities: BTreeMap<u32, Facility>,
    facility_by_name: HashMap<String, u32>,
    products: BTreeMap<String, Product>,
    /// From the last part of a product's URL, which never changes, to its `productId`, which may.
    product_by_part: HashMap<String, String>,
    rows: BTreeMap<RowKey, Row>,
    next_order: u32,
}

/// A location, or with a parent a sublocation.
#[derive(Debug)]
pub(crate) struct Facility {
    pub(crate) name: String,
    pub(crate) parent: Option<u32>,
    pub(crate) active: bool,
    /// Whether GraphQL's product has columns for this one.
    pub(crate) stock_columns: bool,
    pub(crate) last_updated: Timestamp,
}

/// A product; its URL part is what rows point to.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) id: String,
    pub(crate) part: String,
    pub(crate) title: String,
    pub(crate) active: bool,
    pub(crate) last_updated: Timestamp,
}

/// What makes a row of `inventoryitem/` the only one of its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowKey {
    pub(crate) product: String,
    pub(crate) facility: u32,
    pub(crate) lot: Option<String>,
    pub(crate) packing: Option<String>,
    pub(crate) order: Option<u32>,
}

/// The one quantity a row carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) held: Held,
    pub(crate) quantity: Units,
}

/// The three quantities of a product added up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) on_hand: Units,
    pub(crate) reserved: Units,
    pub(crate) on_order: Units,
    /// Whether there was any row at all.
    pub(crate) any: bool,
}

impl Book {
    pub(crate) fn new(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            facilities: BTreeMap::new(),
            facility_by_name: HashMap::new(),
            products: BTreeMap::new(),
            product_by_part: HashMap::new(),
            rows: BTreeMap::new(),
            next_order: FIRST_ORDER,
        }
    }

    // === reading ===

    pub(crate) fn account(&self) -> &str {
        &self.account
    }

    pub(crate) fn facilities(&self) -> &BTreeMap<u32, Facility> {
        &self.facilities
    }

    pub(crate) fn products(&self) -> &BTreeMap<String, Product> {
        &self.products
    }

    pub(crate) fn rows(&self) -> &BTreeMap<RowKey, Row> {
        &self.rows
    }

    pub(crate) fn product_of_part(&self, part: &str) -> Option<&Product> {
        self.products.get(self.product_by_part.get(part)?)
    }

    pub(crate) fn url(&self, resource: &str, part: impl std::fmt::Display) -> String {
        format!("/{}/api/{resource}/{part}", self.account)
    }

    pub(crate) fn product_of_url(&self, url: &str) -> Option<&Product> {
        self.product_of_part(url.strip_prefix(&self.url("product", ""))?)
    }

    pub(crate) fn facility_of_url(&self, url: &str) -> Option<(u32, &Facility)> {
        let id = url.strip_prefix(&self.url("facility", ""))?.parse().ok()?;
        Some((id, self.facilities.get(&id)?))
    }

    /// The product's rows added up: everywhere, or at one facility and what lies below it.
    pub(crate) fn totals(&self, product: &Product, facility: Option<u32>) -> Totals {
        let mut totals = Totals::default();
        for (key, row) in self.rows_of(&product.part) {
            let parent = self
                .facilities
                .get(&key.facility)
                .and_then(|found| found.parent);
            if facility.is_none() || facility == Some(key.facility) || facility == parent {
                totals.add(*row);
            }
        }
        totals
    }

    fn rows_of<'a>(&'a self, part: &'a str) -> impl Iterator<Item = (&'a RowKey, &'a Row)> {
        let first = RowKey {
            product: part.to_owned(),
            ..RowKey::default()
        };
        self.rows
            .range(first..)
            .take_while(move |(key, _)| key.product == part)
    }

    // === seeding ===

    /// Replaces what the product has at the location.
    pub(crate) fn set_stock(&mut self, stock: Stock, now: Timestamp) {
        let location = self.location(&stock.location, now);
        let floor = self.facility(&format!("{} main", stock.location), Some(location), now);
        let part = self.product(&stock.sku, &stock.title, now);
        self.clear(&part, location);
        let key = |facility, order| RowKey {
            product: part.clone(),
            facility,
            order,
            ..RowKey::default()
        };
        let sale = self.next_order;
        let purchase = self.next_order + 1;
        self.next_order += 2;
        self.put(
            key(floor, None),
            Row {
                held: Held::OnHand,
                quantity: stock.on_hand,
            },
        );
        self.put(
            key(location, Some(sale)),
            Row {
                held: Held::Reserved,
                quantity: stock.reserved,
            },
        );
        self.put(
            key(floor, Some(purchase)),
            Row {
                held: Held::OnOrder,
                quantity: stock.on_order,
            },
        );
    }

    /// Adds or replaces one row.
    pub(crate) fn set_row(&mut self, row: StockRow) -> anyhow::Result<()> {
        let product = self
            .products
            .get(&row.sku)
            .with_context(|| format!("there is no product `{}`", row.sku))?;
        let facility = *self
            .facility_by_name
            .get(&row.facility)
            .with_context(|| format!("there is no location or sublocation `{}`", row.facility))?;
        anyhow::ensure!(
            row.order.is_some() != (row.held == Held::OnHand),
            "a row on hand has no order, and every other row has one"
        );
        let key = RowKey {
            product: product.part.clone(),
            facility,
            lot: row.lot,
            packing: row.packing,
            order: row.order,
        };
        self.put(
            key,
            Row {
                held: row.held,
                quantity: row.quantity,
            },
        );
        Ok(())
    }

    /// The location of that name, made when it is new.
    pub(crate) fn location(&mut self, name: &str, now: Timestamp) -> u32 {
        self.facility(name, None, now)
    }

    /// The facility of that name, made under `parent` when it is new.
    pub(crate) fn facility(&mut self, name: &str, parent: Option<u32>, now: Timestamp) -> u32 {
        if let Some(id) = self.facility_by_name.get(name) {
            return *id;
        }
        let id = self
            .facilities
            .keys()
            .next_back()
            .map_or(FIRST_FACILITY, |last| last + 1);
        let stock_columns = parent.is_none();
        let facility = Facility {
            name: name.to_owned(),
            parent,
            active: true,
            stock_columns,
            last_updated: now,
        };
        self.facilities.insert(id, facility);
        self.facility_by_name.insert(name.to_owned(), id);
        id
    }

    pub(crate) fn facility_named_mut(&mut self, name: &str) -> Option<&mut Facility> {
        self.facilities.get_mut(self.facility_by_name.get(name)?)
    }

    /// The URL part of the product of that id, made when it is new.
    pub(crate) fn product(&mut self, id: &str, title: &str, now: Timestamp) -> String {
        if let Some(product) = self.products.get_mut(id) {
            if !title.is_empty() && product.title != title {
                product.title = title.to_owned();
                product.last_updated = now;
            }
            return product.part.clone();
        }
        let part = self.free_part(id);
        let product = Product {
            id: id.to_owned(),
            part: part.clone(),
            title: title.to_owned(),
            active: true,
            last_updated: now,
        };
        self.products.insert(id.to_owned(), product);
        self.product_by_part.insert(part.clone(), id.to_owned());
        part
    }

    pub(crate) fn product_mut(&mut self, id: &str) -> Option<&mut Product> {
        self.products.get_mut(id)
    }

    /// Gives a product another id; its URL stays what it was.
    pub(crate) fn rename_product(&mut self, old: &str, new: &str, now: Timestamp) -> Option<()> {
        let mut product = self.products.remove(old)?;
        product.id = new.to_owned();
        product.last_updated = now;
        self.product_by_part
            .insert(product.part.clone(), new.to_owned());
        self.products.insert(new.to_owned(), product);
        Some(())
    }

    // === changing ===

    /// Changes what is on hand in one row, as a committed stock change does.
    pub(crate) fn change_on_hand(&mut self, key: RowKey, by: Units) {
        let before = self.on_hand(&key);
        self.put(
            key,
            Row {
                held: Held::OnHand,
                quantity: before + by,
            },
        );
    }

    pub(crate) fn on_hand(&self, key: &RowKey) -> Units {
        self.rows.get(key).map_or(Units::ZERO, |row| row.quantity)
    }

    /// Finale lists no row whose quantities are all zero.
    fn put(&mut self, key: RowKey, row: Row) {
        if row.quantity.is_zero() {
            self.rows.remove(&key);
        } else {
            self.rows.insert(key, row);
        }
    }

    fn clear(&mut self, part: &str, location: u32) {
        let below: BTreeSet<u32> = self
            .facilities
            .iter()
            .filter(|(id, facility)| **id == location || facility.parent == Some(location))
            .map(|(id, _)| *id)
            .collect();
        let gone: Vec<RowKey> = self
            .rows_of(part)
            .map(|(key, _)| key)
            .filter(|key| below.contains(&key.facility))
            .cloned()
            .collect();
        for key in gone {
            self.rows.remove(&key);
        }
    }

    /// The id percent-encoded, unless a renamed product still answers to that.
    fn free_part(&self, id: &str) -> String {
        let mut part = percent_encoded(id);
        while self.product_by_part.contains_key(&part) {
            part.push_str("-2");
        }
        part
    }
}

impl Product {
    pub(crate) fn status_id(&self) -> &'static str {
        if self.active {
            "PRODUCT_ACTIVE"
        } else {
            "PRODUCT_INACTIVE"
        }
    }
}

impl Totals {
    fn add(&mut self, row: Row) {
        self.any = true;
        match row.held {
            Held::OnHand => self.on_hand += row.quantity,
            Held::Reserved => self.reserved += row.quantity,
            Held::OnOrder => self.on_order += row.quantity,
        }
    }
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte))
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}
