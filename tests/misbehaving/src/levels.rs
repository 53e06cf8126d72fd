//! The levels: five of `A`, none of `B`, two of `C`; and the lies about them.

use bestand_plugin_api::{Quantities, Quantity, Sku, StockLevel, Timestamp};

use crate::settings::Fault;

/// The one place there is.
pub(crate) const SITE: &str = "site";
/// A place that is never listed.
const ELSEWHERE: &str = "elsewhere";

/// All levels, and what `fault` makes of them.
pub(crate) fn all(fault: Fault, now: Timestamp) -> Vec<StockLevel> {
    let mut levels: Vec<_> = [("A", 5), ("B", 0), ("C", 2)]
        .map(|(sku, units)| level(sku, SITE, units, now))
        .into();
    match fault {
        Fault::DuplicateSkus => levels.push(level("A", SITE, 7, now)),
        Fault::ForeignLocation => levels.push(level("A", ELSEWHERE, 1000, now)),
        Fault::NoNumbers => {
            for level in &mut levels {
                level.quantities = Quantities::default();
            }
        }
        _ => {}
    }
    levels
}

fn level(sku: &str, location: &str, units: i64, now: Timestamp) -> StockLevel {
    let sku = Sku::new(sku).expect("a letter is a SKU");
    let quantities = Quantities::of(Quantity::units(units), Quantity::units(units));
    StockLevel::counted(sku, location.into(), quantities, now)
}
