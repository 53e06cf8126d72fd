//! Headings of tables, as other systems write them.
//!
//! Only what a table cannot do without is looked for so: a wrong guess at anything else would change what is taken in
//! without anybody noticing.

/// What our fields are called elsewhere: in exports of shops, of warehouses and of accounting, in English and German.
/// Compared without case, blanks and punctuation.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "order_number",
        &[
            "order number",
            "order no",
            "order id",
            "order",
            "invoice number",
            "invoice no",
            "Bestellnummer",
            "Bestell-Nr.",
            "Auftragsnummer",
            "Rechnungsnummer",
        ],
    ),
    (
        "sku",
        &[
            "sku",
            "variant sku",
            "lineitem sku",
            "item sku",
            "product sku",
            "seller sku",
            "stock code",
            "item number",
            "article number",
            "product id",
            "Artikelnummer",
            "Artikel-Nr.",
        ],
    ),
    (
        "quantity",
        &[
            "quantity",
            "qty",
            "lineitem quantity",
            "quantity ordered",
            "units",
            "Menge",
            "Anzahl",
        ],
    ),
    (
        "on_hand",
        &[
            "on hand",
            "quantity on hand",
            "qty on hand",
            "stock on hand",
            "counted",
            "quantity",
            "qty",
            "inventory quantity",
            "variant inventory qty",
            "Bestand",
            "Lagerbestand",
            "Menge",
            "Gezählt",
        ],
    ),
    (
        "available",
        &[
            "available",
            "quantity available",
            "qty available",
            "Verfügbar",
        ],
    ),
];

/// Several columns could be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguous {
    /// What they are called.
    pub columns: Vec<String>,
}

/// The column of a table that is called what `field` is called elsewhere, if there is one.
///
/// # Errors
/// When there are several.
pub fn find<'a>(
    field: &str,
    names: impl Iterator<Item = &'a str>,
) -> Result<Option<usize>, Ambiguous> {
    let known = KNOWN.iter().find(|(name, _)| *name == field);
    let known = known.map_or(&[] as &[&str], |(_, headings)| headings);
    let is_known = |name: &str| known.iter().any(|heading| bare(heading) == bare(name));
    let found: Vec<(usize, &str)> = names
        .enumerate()
        .filter(|(_, name)| is_known(name))
        .collect();
    match found.as_slice() {
        [] => Ok(None),
        [(place, _)] => Ok(Some(*place)),
        several => Err(Ambiguous {
            columns: several.iter().map(|(_, name)| (*name).to_owned()).collect(),
        }),
    }
}

fn bare(heading: &str) -> String {
    let letters = heading.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: &str, header: &str, found: Result<Option<usize>, &[&str]>) {
        let told = find(field, header.split(','));
        let told = told.map_err(|ambiguous| ambiguous.columns);
        let found =
            found.map_err(|columns| columns.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(told, found, "{field}: {header}");
    }

    #[test]
    fn a_heading_is_known_however_it_is_written_and_never_guessed_between_two() {
        check("order_number", "InvoiceNo,StockCode,Quantity", Ok(Some(0)));
        check(
            "sku",
            "Handle,Variant SKU,Variant Inventory Qty",
            Ok(Some(1)),
        );
        check(
            "on_hand",
            "Handle,Variant SKU,Variant Inventory Qty",
            Ok(Some(2)),
        );
        check("sku", "ARTIKEL_NR,Menge", Ok(Some(0)));
        check("quantity", "qty shipped", Ok(None));
        check("sku", "SKU,Product ID", Err(&["SKU", "Product ID"]));
        check("status", "status", Ok(None));
    }
}
