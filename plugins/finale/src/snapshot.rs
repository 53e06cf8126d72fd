//! The whole stock of an account at one moment: the rows of `inventoryitem/` summed per product and location.
//!
//! Finale lists a row for every lot, packing and order, and none where a quantity is zero. So rows are added up, and a
//! product that is there without a row has zero, which is said of each. A product that is not named at all is gone.

use std::collections::{BTreeMap, HashMap, HashSet};

use bestand_plugin_api::{
    ItemRef, LocationId, Lot, Quantities, Quantity, Result, Sku, StockLevel, Timestamp, Tracking,
};

use crate::facilities::Facilities;
use crate::inventory_items::InventoryItems;
use crate::products::{Product, Products};
use crate::settings::{Available, PackedQuantities, Settings};

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
        mut products: Products,
        settings: &Settings,
    ) -> Result<Taken> {
        let items = InventoryItems::parse(body)?;
        if items.is_cut() {
            return Ok(Taken::Cut);
        }
        let mut snapshot = Self {
            fetched_at,
            available: settings.available,
            products: Vec::new(),
            locations: facilities
                .locations()
                .map(|location| (location.id.clone(), location.active))
                .collect(),
            tallies: HashMap::new(),
        };
        snapshot.add_up(
            &items,
            facilities,
            &mut products,
            settings.packed_quantities,
        );
        snapshot.sort(products);
        Ok(Taken::Whole(snapshot))
    }

    fn add_up(
        &mut self,
        items: &InventoryItems<'_>,
        facilities: &Facilities,
        products: &mut Products,
        packed_quantities: PackedQuantities,
    ) {
        let places: HashMap<LocationId, usize> = self
            .locations
            .iter()
            .enumerate()
            .map(|(place, (id, _))| (id.clone(), place))
            .collect();
        let mut seen = HashSet::new();
        let (mut homeless, mut nameless) = (0_usize, 0_usize);
        for row in items.rows() {
            if !seen.insert(row) {
                continue;
            }
            let Some(product) = products.find_or_add(row.product_url, row.product_id) else {
                nameless += 1;
                continue;
            };
            let home = facilities.find_home(row.facility_url, row.parent_url);
            let place = home.and_then(|home| Some((home, *places.get(&home.location.id)?)));
            let Some((home, place)) = place else {
                homeless += 1;
                continue;
            };
            if home.sellable {
                let tally = self.tallies.entry((product, place)).or_default();
                tally.add(row.units(packed_quantities), row.lot);
            }
        }
        if homeless + nameless > 0 {
            tracing::warn!(
                homeless,
                nameless,
                "Finale listed rows of stock without a known location or usable SKU"
            );
        }
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

    /// Zero is said of every product at the locations in use; of the others only what is there.
    fn levels_of(&self, index: usize) -> impl Iterator<Item = StockLevel> {
        let product = &self.products[index];
        self.locations
            .iter()
            .enumerate()
            .filter_map(move |(place, (location, open))| {
                let tally = self.tallies.get(&(index, place));
                (tally.is_some() || *open).then(|| self.level(product, location, tally))
            })
    }

    fn level(&self, product: &Product, location: &LocationId, tally: Option<&Tally>) -> StockLevel {
        if product.ambiguous {
            return ambiguous(product.sku.clone(), location.clone(), self.fetched_at);
        }
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
            .map(|(id, quantity)| Lot::new(id, quantity))
            .collect();
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

/// The level of a SKU that several products have: no number of theirs, and no product either.
pub(crate) fn ambiguous(sku: Sku, location: LocationId, fetched_at: Timestamp) -> StockLevel {
    StockLevel::uncounted(sku, location, Tracking::Ambiguous, fetched_at)
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
    let mut quantities = Quantities::on_hand(on_hand).with_allocated(reserved);
    quantities.available = available;
    quantities.incoming = on_order;
    quantities
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

#[cfg(test)]
mod tests {
    use super::*;

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
