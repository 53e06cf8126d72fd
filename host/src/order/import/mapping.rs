//! Which column of a file is which field of an order: `order_number=InvoiceNo,sku=StockCode,quantity=Quantity`.

use std::fmt;
use std::str::FromStr;

/// A field of an order's line that a column or JSON key can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(usize)]
pub enum Field {
    /// The order's number; needed.
    OrderNumber,
    /// The article; needed as a column, may be empty on a line.
    Sku,
    /// How many; needed.
    Quantity,
    /// What the line says for people.
    Name,
    /// When the order was placed.
    OrderedAt,
    /// Name or id of the ship-from location.
    ShipFrom,
    /// The order's status.
    Status,
    /// `true` on lines that adjust the total and are not goods.
    Adjustment,
}

/// Which column stands for which field; a field that is not mapped is looked for under its own name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    columns: [Option<String>; Field::COUNT],
}

/// Why a text is no [`Mapping`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMapping {
    /// A part is no pair.
    #[error("`{0}` is no mapping; write field=column, for example order_number=InvoiceNo")]
    NotAPair(String),
    /// A field nobody knows.
    #[error(
        "`{name}` is no field of an order{hint}; the fields are {}",
        Field::list()
    )]
    UnknownField {
        /// The name given.
        name: String,
        /// The nearest field, as `, did you mean …`.
        hint: String,
    },
    /// A field given twice.
    #[error("field `{0}` is mapped twice")]
    Repeated(&'static str),
}

// === impl Field ===

impl Field {
    pub(super) const COUNT: usize = 8;

    /// All of them, in the order of their declaration.
    pub const ALL: [Self; Self::COUNT] = [
        Self::OrderNumber,
        Self::Sku,
        Self::Quantity,
        Self::Name,
        Self::OrderedAt,
        Self::ShipFrom,
        Self::Status,
        Self::Adjustment,
    ];

    /// Its own name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrderNumber => "order_number",
            Self::Sku => "sku",
            Self::Quantity => "quantity",
            Self::Name => "name",
            Self::OrderedAt => "ordered_at",
            Self::ShipFrom => "ship_from",
            Self::Status => "status",
            Self::Adjustment => "adjustment",
        }
    }

    /// Whether a table without such a column cannot hold orders.
    #[must_use]
    pub const fn is_needed(self) -> bool {
        matches!(self, Self::OrderNumber | Self::Sku | Self::Quantity)
    }

    fn list() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }

    fn find(name: &str) -> Result<Self, InvalidMapping> {
        let found = Self::ALL.into_iter().find(|field| field.as_str() == name);
        found.ok_or_else(|| InvalidMapping::UnknownField {
            name: name.chars().take(40).collect(),
            hint: nearest(name, Self::ALL.into_iter().map(Self::as_str))
                .map(|near| format!(", did you mean `{near}`"))
                .unwrap_or_default(),
        })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The candidate that a mistyped name most likely means.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    const ALIKE: f64 = 0.6;
    candidates
        .map(|candidate| {
            (
                strsim::jaro_winkler(&name.to_lowercase(), &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

// === impl Mapping ===

impl Mapping {
    /// The column or key that stands for a field.
    #[must_use]
    pub fn column(&self, field: Field) -> &str {
        self.columns[field as usize]
            .as_deref()
            .unwrap_or(field.as_str())
    }

    /// Whether somebody said which column stands for a field.
    #[must_use]
    pub fn is_mapped(&self, field: Field) -> bool {
        self.columns[field as usize].is_some()
    }

    /// Adds the pairs of another text, as when an option is given several times.
    ///
    /// # Errors
    /// When a part is no pair, names no field, or a field that is mapped already.
    pub fn add(&mut self, text: &str) -> Result<(), InvalidMapping> {
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let pair = part
                .split_once('=')
                .map(|(name, column)| (name.trim(), column.trim()));
            let Some((name, column)) = pair.filter(|(_, column)| !column.is_empty()) else {
                return Err(InvalidMapping::NotAPair(part.chars().take(40).collect()));
            };
            let field = Field::find(name)?;
            if self.columns[field as usize]
                .replace(column.to_owned())
                .is_some()
            {
                return Err(InvalidMapping::Repeated(field.as_str()));
            }
        }
        Ok(())
    }
}

impl FromStr for Mapping {
    type Err = InvalidMapping;

    fn from_str(text: &str) -> Result<Self, InvalidMapping> {
        let mut mapping = Self::default();
        mapping.add(text)?;
        Ok(mapping)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_names_the_columns_and_leaves_the_rest_as_they_are() {
        let mapping: Mapping = "order_number=InvoiceNo, sku = Stock Code,quantity=Qty"
            .parse()
            .unwrap();
        let columns = [Field::OrderNumber, Field::Sku, Field::Quantity, Field::Name]
            .map(|field| mapping.column(field));
        assert_eq!(columns, ["InvoiceNo", "Stock Code", "Qty", "name"]);
        assert!(mapping.is_mapped(Field::Sku) && !mapping.is_mapped(Field::Name));
    }

    #[test]
    fn what_is_no_mapping_is_refused_with_the_way_out() {
        let check = |text: &str, message: &str| {
            let error = text.parse::<Mapping>().unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        };
        check("InvoiceNo", "`InvoiceNo` is no mapping; write field=column");
        check("sku=", "`sku=` is no mapping");
        check(
            "quantiti=Qty",
            "`quantiti` is no field of an order, did you mean `quantity`; the fields are order_number,",
        );
        check("sku=A,sku=B", "field `sku` is mapped twice");
    }
}
