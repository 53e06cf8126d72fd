//! The whole stock of an account at one moment: the rows of `inventoryitem/` summed per product and location.
//!
//! Finale lists a row for every lot, packing and order, and none where a quantity is zero. So rows are added up, and a
//! product that is there without a row has zero.

use std::collections::{BTreeMap, HashMap, HashSet};

use bestand_plugin_api::{
    ItemRef, LocationId, Lot, Quantities, Quantity, Result, Sku, StockLevel, Timestamp, Tracking,
};

use crate::columns::{Columns, ROWS_MAX};
use crate::facilities::Facilities;
use crate::number::Number;
use crate::settings::{Available, PackedQuantities, Settings};

const INACTIVE: &str = "PRODUCT_INACTIVE";

/// Everything a listing pages through, small enough to be kept while it does.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) fetched_at: Timestamp,
    available: Available,
    /// Sorted by SKU.
    products: Vec<Product>,
    /// The locations, and whether they are active.
    locations: Vec<(LocationId, bool)>,
    tallies: HashMap<(usize, usize), Tally>,
}

/// What Finale has of one product at one location.
#[derive(Clone, Debug, Default)]
struct Tally {
    on_hand: Quantity,
    reserved: Quantity,
    on_order: Quantity,
    lots: BTreeMap<String, Quantity>,
}

#[derive(Debug)]
struct Product {
    sku: Sku,
    url: String,
    active: bool,
    /// The next product has the same SKU; only the first of them is listed.
    ambiguous: bool,
}

/// The products by their URLs, which rows of stock point to.
#[derive(Debug, Default)]
pub(crate) struct Products {
    list: Vec<Product>,
    by_url: HashMap<String, usize>,
}

/// The rows of `inventoryitem/`.
struct Rows<'a> {
    columns: &'a Columns<'a>,
    settings: &'a Settings,
}

/// A snapshot, or the news that Finale cut the list of stock.
#[derive(Debug)]
pub(crate) enum Taken {
    Whole(Snapshot),
    Cut,
}

// === impl Snapshot ===

impl Snapshot {
    /// Adds up the rows of a body of `inventoryitem/`.
    pub(crate) fn take(
        body: &[u8],
        fetched_at: Timestamp,
        facilities: &Facilities,
        products: Products,
        settings: &Settings,
    ) -> Result<Taken> {
        let columns = Columns::parse("inventoryitem", "productUrl", body)?;
        let locations: Vec<_> = facilities
            .locations()
            .map(|location| (location.id.clone(), location.active))
            .collect();
        let mut snapshot = Self {
            fetched_at,
            available: settings.available,
            products: Vec::new(),
            locations,
            tallies: HashMap::new(),
        };
        let rows = Rows {
            columns: &columns,
            settings,
        };
        let Some(products) = rows.add_up(&mut snapshot, facilities, products)? else {
            return Ok(Taken::Cut);
        };
        snapshot.sort(products);
        Ok(Taken::Whole(snapshot))
    }

    /// Levels of the products behind `after`, whole products until there are `levels_min` or no more; with the last
    /// SKU when there are more.
    pub(crate) fn page(
        &self,
        after: Option<&str>,
        levels_min: usize,
    ) -> (Vec<StockLevel>, Option<Sku>) {
        let behind = |after: &str| {
            self.products
                .partition_point(|product| product.sku.as_str() <= after)
        };
        let mut levels = Vec::new();
        let mut next = after.map_or(0, behind);
        while next < self.products.len() {
            levels.extend(self.levels_of(next));
            let sku = &self.products[next].sku;
            next = behind(sku);
            if levels.len() >= levels_min && next < self.products.len() {
                return (levels, Some(sku.clone()));
            }
        }
        (levels, None)
    }

    /// The level of one product at one location; `None` when either is not known.
    pub(crate) fn find(&self, sku: &Sku, location: &LocationId) -> Option<StockLevel> {
        let index = self.products.partition_point(|product| product.sku < *sku);
        let product = self
            .products
            .get(index)
            .filter(|product| product.sku == *sku)?;
        let place = self.locations.iter().position(|(id, _)| id == location)?;
        Some(self.level(product, location, self.tallies.get(&(index, place))))
    }

    /// Zero is said of a product that is in use, at the locations in use; anything else only where there is stock.
    fn levels_of(&self, index: usize) -> impl Iterator<Item = StockLevel> {
        let product = &self.products[index];
        self.locations
            .iter()
            .enumerate()
            .filter_map(move |(place, (location, open))| {
                let tally = self.tallies.get(&(index, place));
                (tally.is_some() || (product.active && *open))
                    .then(|| self.level(product, location, tally))
            })
    }

    fn level(&self, product: &Product, location: &LocationId, tally: Option<&Tally>) -> StockLevel {
        let tally = tally.cloned().unwrap_or_default();
        let quantities = quantities(
            tally.on_hand,
            tally.reserved,
            Some(tally.on_order),
            self.available,
        );
        let mut level = StockLevel::counted(
            product.sku.clone(),
            location.clone(),
            quantities,
            self.fetched_at,
        );
        level.item = Some(ItemRef(product.url.clone()));
        level.lots = tally
            .lots
            .into_iter()
            .map(|(id, quantity)| Lot {
                id,
                quantity,
                expires_at: None,
            })
            .collect();
        if product.ambiguous {
            level.tracking = Tracking::Ambiguous;
        }
        level
    }

    /// Brings the products into the order of their SKUs, and the tallies with them.
    fn sort(&mut self, products: Products) {
        let mut numbered: Vec<(usize, Product)> = products.list.into_iter().enumerate().collect();
        numbered.sort_by(|(_, left), (_, right)| left.sku.cmp(&right.sku));
        let mut place_of = vec![0; numbered.len()];
        for (place, (number, _)) in numbered.iter().enumerate() {
            place_of[*number] = place;
        }
        let moved = |((product, location), tally)| ((place_of[product], location), tally);
        self.tallies = self.tallies.drain().map(moved).collect();
        self.products = numbered.into_iter().map(|(_, product)| product).collect();
        for place in 1..self.products.len() {
            self.products[place - 1].ambiguous |=
                self.products[place - 1].sku == self.products[place].sku;
        }
    }
}

/// The quantities of a level by Finale's own definitions.
pub(crate) fn quantities(
    on_hand: Quantity,
    reserved: Quantity,
    on_order: Option<Quantity>,
    available: Available,
) -> Quantities {
    let remaining = on_hand - reserved;
    let available = match available {
        Available::RemainingAfterReservations => Some(remaining),
        Available::AvailableToPromise => on_order.map(|on_order| remaining + on_order),
    };
    Quantities {
        available,
        on_hand: Some(on_hand),
        allocated: Some(reserved),
        incoming: on_order,
        ..Quantities::default()
    }
}

// === impl Rows ===

impl Rows<'_> {
    /// Adds every row to its tally; `None` when there are so many rows that some are missing.
    fn add_up(
        &self,
        snapshot: &mut Snapshot,
        facilities: &Facilities,
        mut products: Products,
    ) -> Result<Option<Products>> {
        let (urls, ids) = (
            self.columns.text("productUrl")?,
            self.columns.text("productId")?,
        );
        let (places, parents) = (
            self.columns.text("facilityUrl")?,
            self.columns.text("parentFacilityUrl")?,
        );
        let (lots, packings) = (
            self.columns.text("lotId")?,
            self.columns.text("normalizedPackingString")?,
        );
        let orders = self.columns.text("orderUrl")?;
        let on_hand = self.columns.column::<Number>("quantityOnHand")?;
        let reserved = self.columns.column::<Number>("quantityReserved")?;
        let on_order = self.columns.column::<Number>("quantityOnOrder")?;
        if urls.len() >= ROWS_MAX {
            return Ok(None);
        }
        let number_of: HashMap<LocationId, usize> = snapshot
            .locations
            .iter()
            .enumerate()
            .map(|(number, (id, _))| (id.clone(), number))
            .collect();
        let mut seen = HashSet::new();
        let (mut homeless, mut nameless) = (0_usize, 0_usize);
        for row in 0..urls.len() {
            let amounts = [&on_hand, &reserved, &on_order]
                .map(|column| column.get(row).copied().unwrap_or_default().0);
            let keys = [&urls, &places, &lots, &packings, &orders].map(|column| column.str(row));
            if !seen.insert((keys, amounts)) {
                continue; // The same row listed twice; two different ones are never equal in all of this.
            }
            let Some(product) = products.find_or_add(urls.str(row), ids.str(row)) else {
                nameless += 1;
                continue;
            };
            let Some(home) = facilities.find_home(places.str(row), parents.str(row)) else {
                homeless += 1;
                continue;
            };
            if home.sellable {
                let tally = snapshot
                    .tallies
                    .entry((product, number_of[&home.location.id]))
                    .or_default();
                tally.add(
                    amounts.map(|amount| self.units(amount, packings.str(row))),
                    lots.str(row),
                );
            }
        }
        if homeless + nameless > 0 {
            tracing::warn!(
                homeless,
                nameless,
                "Finale listed rows of stock without a known location or usable SKU"
            );
        }
        Ok(Some(products))
    }

    /// In single units, whatever the row counts.
    fn units(&self, amount: Quantity, packing: Option<&str>) -> Quantity {
        match (
            self.settings.packed_quantities,
            packing.and_then(units_per_pack),
        ) {
            (PackedQuantities::Packs, Some(units)) => {
                Quantity::from_millionths(amount.millionths().saturating_mul(units))
            }
            _ => amount,
        }
    }
}

/// `36 cs 36/1` is a case of 36.
fn units_per_pack(packing: &str) -> Option<i64> {
    let digits = packing
        .trim_start()
        .split(|letter: char| !letter.is_ascii_digit())
        .next()?;
    digits.parse().ok().filter(|units| *units > 0)
}

// === impl Tally ===

impl Tally {
    fn add(&mut self, [on_hand, reserved, on_order]: [Quantity; 3], lot: Option<&str>) {
        self.on_hand = self.on_hand + on_hand;
        self.reserved = self.reserved + reserved;
        self.on_order = self.on_order + on_order;
        if let Some(lot) = lot.filter(|_| on_hand != Quantity::ZERO) {
            let in_lot = self.lots.entry(lot.to_owned()).or_default();
            *in_lot = *in_lot + on_hand;
        }
    }
}

// === impl Products ===

impl Products {
    /// Reads a body of `product/`.
    pub(crate) fn parse(body: &[u8]) -> Result<Self> {
        let columns = Columns::parse("product", "productUrl", body)?;
        let (urls, ids) = (columns.text("productUrl")?, columns.text("productId")?);
        let statuses = columns.text("statusId")?;
        let mut products = Self::default();
        for row in 0..urls.len() {
            if let Some(index) = products.find_or_add(urls.str(row), ids.str(row)) {
                products.list[index].active = statuses.str(row) != Some(INACTIVE);
            }
        }
        Ok(products)
    }

    /// A product of that URL; a row of stock may know one that the list of products, cut or older, does not.
    fn find_or_add(&mut self, url: Option<&str>, id: Option<&str>) -> Option<usize> {
        let url = url?;
        if let Some(index) = self.by_url.get(url) {
            return Some(*index);
        }
        let sku = Sku::new(id?).ok()?;
        self.by_url.insert(url.to_owned(), self.list.len());
        self.list.push(Product {
            sku,
            url: url.to_owned(),
            active: true,
            ambiguous: false,
        });
        Some(self.list.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_units_of_a_pack_are_what_a_packing_begins_with() {
        assert_eq!(units_per_pack("36 cs 36/1"), Some(36));
        assert_eq!(units_per_pack("cs"), None);
        assert_eq!(units_per_pack("0 cs"), None);
    }

    #[test]
    fn available_follows_the_definition_that_is_set() {
        let units = Quantity::units;
        let check = |available, expected| {
            assert_eq!(
                quantities(units(10), units(4), Some(units(5)), available).available,
                Some(units(expected))
            );
        };
        check(Available::RemainingAfterReservations, 6);
        check(Available::AvailableToPromise, 11);
    }
}
