//! Which lines of an order are goods that have to be in stock, and which are not: returns, charges, adjustments.

use std::collections::HashSet;
use std::fmt;

use bestand_plugin_api::{Quantity, Sku};

use super::{LineKind, OrderLine};

/// Codes that shops put where a SKU belongs and that never lie on a shelf: postage, carriage, discounts, manual
/// entries, bank and marketplace fees, commissions, samples, gift vouchers.
///
/// Compared whole and without regard to case; `*` at the end stands for anything.
pub const NOT_GOODS_CODES: &[&str] = &[
    "POST",
    "POSTAGE",
    "SHIPPING",
    "DOT",
    "C2",
    "CARRIAGE",
    "FREIGHT",
    "D",
    "DISCOUNT",
    "M",
    "MANUAL",
    "ADJUST",
    "ADJUST2",
    "S",
    "SAMPLES",
    "BANK CHARGES",
    "AMAZONFEE",
    "FEE",
    "CRUK",
    "GIFT_*",
];

/// Why a line does not have to be in stock.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum NotGoods {
    /// It names no article.
    NoSku,
    /// It brings something back.
    Returned,
    /// It asks for none.
    NoQuantity,
    /// Its sender flagged it as an adjustment.
    Adjustment,
    /// Its code stands for postage, a discount, a fee or the like.
    Charge,
}

/// The codes that are not goods, ready to be compared with.
#[derive(Clone, Debug)]
pub struct NotGoodsCodes {
    whole: HashSet<String>,
    beginnings: Vec<String>,
}

// === impl NotGoodsCodes ===

impl NotGoodsCodes {
    /// From codes as written: whole, or ending in `*`.
    #[must_use]
    pub fn new(codes: &[&str]) -> Self {
        let (open, whole): (Vec<&str>, Vec<&str>) =
            codes.iter().partition(|code| code.ends_with('*'));
        Self {
            whole: whole.into_iter().map(str::to_uppercase).collect(),
            beginnings: open
                .into_iter()
                .map(|code| code.trim_end_matches('*').to_uppercase())
                .collect(),
        }
    }

    /// Whether this code stands for something that never lies on a shelf.
    #[must_use]
    pub fn contains(&self, sku: &Sku) -> bool {
        let code = sku.to_uppercase();
        self.whole.contains(&code)
            || self
                .beginnings
                .iter()
                .any(|beginning| code.starts_with(beginning.as_str()))
    }

    /// Whether a line has to be in stock.
    #[must_use]
    pub fn kind(&self, sku: Option<&Sku>, quantity: Quantity, flag: Adjustment) -> LineKind {
        let not_goods = match sku {
            _ if flag == Adjustment::Flagged => NotGoods::Adjustment,
            None => NotGoods::NoSku,
            Some(sku) if self.contains(sku) => NotGoods::Charge,
            Some(_) if quantity.is_negative() => NotGoods::Returned,
            Some(_) if quantity == Quantity::ZERO => NotGoods::NoQuantity,
            Some(_) => return LineKind::Goods,
        };
        LineKind::NotGoods(not_goods)
    }
}

impl Default for NotGoodsCodes {
    fn default() -> Self {
        Self::new(NOT_GOODS_CODES)
    }
}

/// Whether the sender of a line calls it an adjustment of the order's total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adjustment {
    /// An ordinary line.
    #[default]
    None,
    /// Flagged; whatever it names is not goods.
    Flagged,
}

// === impl NotGoods ===

impl NotGoods {
    /// The word used in the API and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSku => "no_sku",
            Self::Returned => "returned",
            Self::NoQuantity => "no_quantity",
            Self::Adjustment => "adjustment",
            Self::Charge => "charge",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        [
            Self::NoSku,
            Self::Returned,
            Self::NoQuantity,
            Self::Adjustment,
            Self::Charge,
        ]
        .into_iter()
        .find(|reason| reason.as_str() == word)
    }
}

impl fmt::Display for NotGoods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSku => "not checked: the line names no article",
            Self::Returned => "not checked: the line brings something back",
            Self::NoQuantity => "not checked: the line asks for none",
            Self::Adjustment => "not checked: the line adjusts the order's total",
            Self::Charge => {
                "not checked: the code stands for a charge or a discount, not for goods"
            }
        })
    }
}

// === impl OrderLine ===

impl OrderLine {
    /// Whether it has to be in stock.
    #[must_use]
    pub fn is_goods(&self) -> bool {
        self.kind == LineKind::Goods
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sku: Option<&str>, quantity: &str, flag: Adjustment, expected: LineKind) {
        let sku = sku.map(|sku| Sku::new(sku).unwrap());
        let kind = NotGoodsCodes::default().kind(sku.as_ref(), quantity.parse().unwrap(), flag);
        assert_eq!(kind, expected, "{sku:?} {quantity}");
    }

    #[test]
    fn rule_8_lines_that_are_not_goods_are_told_apart() {
        use Adjustment::{Flagged, None as Plain};
        let not = LineKind::NotGoods;
        check(Some("85123A"), "6", Plain, LineKind::Goods);
        check(Some("85123A"), "0.5", Plain, LineKind::Goods);
        check(Some("DOTCOM-7"), "1", Plain, LineKind::Goods);
        check(Some("85123A"), "-6", Plain, not(NotGoods::Returned));
        check(Some("85123A"), "0", Plain, not(NotGoods::NoQuantity));
        check(Some("85123A"), "6", Flagged, not(NotGoods::Adjustment));
        check(None, "6", Plain, not(NotGoods::NoSku));
        for code in [
            "POST",
            "DOT",
            "D",
            "M",
            "m",
            "C2",
            "bank charges",
            "AMAZONFEE",
            "gift_0001_20",
        ] {
            check(Some(code), "1", Plain, not(NotGoods::Charge));
            check(Some(code), "-1", Plain, not(NotGoods::Charge));
        }
    }

    #[test]
    fn the_words_of_the_store_are_read_back() {
        for reason in [
            NotGoods::NoSku,
            NotGoods::Returned,
            NotGoods::NoQuantity,
            NotGoods::Charge,
        ] {
            assert_eq!(NotGoods::find(reason.as_str()), Some(reason));
        }
        assert_eq!(NotGoods::find("goods"), None);
    }
}
