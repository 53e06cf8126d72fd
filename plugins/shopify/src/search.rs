//! Shopify's search syntax, written so that none of its traps is stepped into.
//!
//! Values are always quoted: an unquoted time is cut at its first colon and read in the shop's own zone, and an
//! unquoted SKU becomes a set of words. Even a quoted SKU is matched as a phrase and without regard to case, so what
//! is found must be compared exactly afterwards.

use bestand_plugin_api::{Sku, Timestamp};

/// Finds the items that may carry one of these SKUs.
pub(crate) fn by_skus(skus: &[Sku]) -> String {
    let clauses: Vec<_> = skus
        .iter()
        .map(|sku| format!("sku:{}", quoted(sku)))
        .collect();
    format!("({})", clauses.join(" OR "))
}

/// Finds what was updated at that time or later.
pub(crate) fn updated_since(since: Timestamp) -> String {
    format!("updated_at:>={}", quoted(&since.to_string()))
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\\', r"\\").replace('\'', r"\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sku_is_quoted_whatever_it_holds() {
        let skus = [r"A'B", r"C\D", "E:F (G) OR H"].map(|sku| Sku::new(sku).unwrap());
        assert_eq!(
            by_skus(&skus),
            r"(sku:'A\'B' OR sku:'C\\D' OR sku:'E:F (G) OR H')"
        );
    }

    #[test]
    fn a_time_is_quoted_and_says_its_zone() {
        assert_eq!(
            updated_since(Timestamp::from_secs(0)),
            "updated_at:>='1970-01-01T00:00:00Z'"
        );
    }
}
