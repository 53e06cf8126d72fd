//! How many of a kit can be made of its components.
//!
//! **Invariant:** this module does no I/O.

use std::collections::{BTreeMap, BTreeSet};

use bestand_plugin_api::{LocationId, Quantity, Sku};

use crate::product::{Component, Product};

/// Products by their SKUs.
pub(crate) type Parts = BTreeMap<Sku, Product>;

/// The kits that can be made in each warehouse: of every component so many, and none is lent by another warehouse.
///
/// # Errors
/// Why nobody can tell.
pub(crate) fn makeable(
    kit: &Product,
    parts: &Parts,
) -> Result<BTreeMap<LocationId, Quantity>, String> {
    let components = kit.components();
    if components.is_empty() {
        return Err("Ecomdash does not tell what the kit is made of".into());
    }
    let stocks: Vec<_> = components
        .iter()
        .map(|component| Ok((part(component, parts)?.on_hand(), component.quantity)))
        .collect::<Result<_, String>>()?;
    let places: BTreeSet<_> = stocks.iter().flat_map(|(stock, _)| stock.keys()).collect();
    let at = |place: &LocationId| {
        let counts = stocks.iter().map(|(stock, each)| {
            let there = stock.get(place).copied().unwrap_or_default();
            times(there, *each)
        });
        counts.min().unwrap_or_default()
    };
    Ok(places
        .into_iter()
        .map(|place| (place.clone(), at(place)))
        .collect())
}

/// The SKUs of all components of these kits that are not among `known`.
pub(crate) fn missing<'a>(kits: impl Iterator<Item = &'a Product>, known: &Parts) -> Vec<Sku> {
    let skus = kits.flat_map(Product::components).map(Component::sku);
    let missing: BTreeSet<_> = skus
        .filter(|sku| !known.contains_key(*sku))
        .cloned()
        .collect();
    missing.into_iter().collect()
}

fn part<'a>(component: &Component, parts: &'a Parts) -> Result<&'a Product, String> {
    let sku = component.sku();
    let part = parts
        .get(sku)
        .ok_or_else(|| format!("Ecomdash has no active product `{sku}`, which the kit needs"))?;
    if part.is_kit() {
        return Err(format!("the kit needs `{sku}`, which is a kit itself"));
    }
    match component.quantity > Quantity::ZERO {
        true => Ok(part),
        false => Err(format!("the kit needs {} of `{sku}`", component.quantity)),
    }
}

/// How often `each` is in `there`; what is oversold makes none.
fn times(there: Quantity, each: Quantity) -> Quantity {
    let times = there.millionths().div_euclid(each.millionths());
    Quantity::units(times.max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(json: &str) -> Product {
        serde_json::from_str(json).unwrap()
    }

    fn parts() -> Parts {
        let stocked = |sku: &str, rows: &[(i64, &str)]| {
            let rows: Vec<String> = rows
                .iter()
                .map(|(place, there)| {
                    format!(r#"{{"WarehouseId":{place},"QuantityOnHand":{there}}}"#)
                })
                .collect();
            let rows = rows.join(",");
            let text = format!(r#"{{"Id":1,"Sku":"{sku}","Warehouses":[{rows}]}}"#);
            (Sku::new(sku).unwrap(), product(&text))
        };
        let kit = r#"{"Id":9,"Sku":"KIT","Type":"Kit"}"#;
        Parts::from([
            stocked("CUP", &[(1, "9"), (2, "4.0")]),
            stocked("TEA", &[(1, "2.5"), (3, "8")]),
            stocked("OVERSOLD", &[(1, "-2")]),
            (Sku::new("KIT").unwrap(), product(kit)),
        ])
    }

    fn made_of(components: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let components: Vec<String> = components
            .iter()
            .map(|(sku, each)| format!(r#"{{"Product":{{"Sku":"{sku}"}},"Quantity":{each}}}"#))
            .collect();
        let components = components.join(",");
        let text = format!(r#"{{"Id":7,"Sku":"SET","Type":"Kit","KitComponents":[{components}]}}"#);
        let counts = makeable(&product(&text), &parts())?;
        Ok(counts
            .iter()
            .map(|(place, count)| format!("{place}: {count}"))
            .collect())
    }

    #[test]
    fn the_scarcest_component_of_a_warehouse_counts() {
        assert_eq!(made_of(&[("CUP", "4")]).unwrap(), ["1: 2", "2: 1"]);
        assert_eq!(
            made_of(&[("CUP", "4"), ("TEA", "0.5")]).unwrap(),
            ["1: 2", "2: 0", "3: 0"]
        );
        assert_eq!(
            made_of(&[("CUP", "1"), ("TEA", "2")]).unwrap(),
            ["1: 1", "2: 0", "3: 0"]
        );
        assert_eq!(made_of(&[("OVERSOLD", "1")]).unwrap(), ["1: 0"]);
    }

    #[test]
    fn a_kit_of_which_something_is_unknown_is_not_counted() {
        for (components, why) in [
            (&[][..], "made of"),
            (&[("NONE", "1")][..], "no active product `NONE`"),
            (&[("KIT", "1")][..], "a kit itself"),
            (&[("CUP", "0")][..], "needs 0"),
        ] {
            let refused = made_of(components).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
    }
}
