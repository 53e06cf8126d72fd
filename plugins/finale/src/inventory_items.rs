//! The rows of `inventoryitem/`: one for every product, sublocation, lot, packing and order.

use std::borrow::Cow;

use bestand_plugin_api::{Quantity, Result};

use crate::columns::{Column, Columns, ROWS_MAX};
use crate::number::Number;
use crate::settings::PackedQuantities;

/// The columns of the collection.
#[derive(Debug)]
pub(crate) struct InventoryItems<'a> {
    product_urls: Column<Cow<'a, str>>,
    product_ids: Column<Cow<'a, str>>,
    facility_urls: Column<Cow<'a, str>>,
    parent_urls: Column<Cow<'a, str>>,
    lots: Column<Cow<'a, str>>,
    packings: Column<Cow<'a, str>>,
    order_urls: Column<Cow<'a, str>>,
    amounts: [Column<Number>; 3],
}

/// One row. Two different ones are never equal: a row that is listed twice is a slip of Finale's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Row<'a> {
    pub(crate) product_url: Option<&'a str>,
    pub(crate) product_id: Option<&'a str>,
    pub(crate) facility_url: Option<&'a str>,
    pub(crate) parent_url: Option<&'a str>,
    pub(crate) lot: Option<&'a str>,
    packing: Option<&'a str>,
    order_url: Option<&'a str>,
    /// On hand, reserved, on order; all but one are zero.
    amounts: [Quantity; 3],
}

// === impl InventoryItems ===

impl<'a> InventoryItems<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self> {
        let columns = Columns::parse("inventoryitem", "productUrl", body)?;
        Ok(Self {
            product_urls: columns.text("productUrl")?,
            product_ids: columns.text("productId")?,
            facility_urls: columns.text("facilityUrl")?,
            parent_urls: columns.text("parentFacilityUrl")?,
            lots: columns.text("lotId")?,
            packings: columns.text("normalizedPackingString")?,
            order_urls: columns.text("orderUrl")?,
            amounts: [
                columns.column("quantityOnHand")?,
                columns.column("quantityReserved")?,
                columns.column("quantityOnOrder")?,
            ],
        })
    }

    /// Whether Finale has left rows out because there are too many.
    pub(crate) fn is_cut(&self) -> bool {
        self.product_urls.len() >= ROWS_MAX
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.product_urls.len()).map(|row| Row {
            product_url: self.product_urls.str(row),
            product_id: self.product_ids.str(row),
            facility_url: self.facility_urls.str(row),
            parent_url: self.parent_urls.str(row),
            lot: self.lots.str(row),
            packing: self.packings.str(row),
            order_url: self.order_urls.str(row),
            amounts: self
                .amounts
                .each_ref()
                .map(|column| column.get(row).copied().unwrap_or_default().0),
        })
    }
}

// === impl Row ===

impl Row<'_> {
    /// On hand, reserved, on order: in single units, whatever the row counts.
    pub(crate) fn units(&self, packed_quantities: PackedQuantities) -> [Quantity; 3] {
        let pack = match packed_quantities {
            PackedQuantities::Units => None,
            PackedQuantities::Packs => self.packing.and_then(units_per_pack),
        };
        let pack = pack.unwrap_or(1);
        self.amounts
            .map(|amount| Quantity::from_millionths(amount.millionths().saturating_mul(pack)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_units_of_a_pack_are_what_a_packing_begins_with() {
        assert_eq!(units_per_pack("36 cs 36/1"), Some(36));
        assert_eq!(units_per_pack("cs"), None);
        assert_eq!(units_per_pack("0 cs"), None);
    }
}
