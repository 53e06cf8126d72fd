//! What a source is asked for when one of our articles is wanted.

use bestand_plugin_api::{Quantity, Sku};

use super::Pack;

/// An article of a source that goes into one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// What we call it: the article itself behind an alias, or what goes into a kit.
    pub sku: Sku,
    /// What the source calls it.
    pub source_sku: Sku,
    /// How many of it, as we count it, go into one of the article.
    pub per: Quantity,
    /// How many of the source's one of ours is.
    pub pack: Pack,
}

// === impl Component ===

impl Component {
    /// How many of the source's are needed for so many of the article.
    #[must_use]
    pub fn needed(&self, articles: Quantity) -> Quantity {
        self.pack.of_source(self.times(articles))
    }

    /// How many of the article so many of the source's make. Of what has to be put together only whole ones count.
    #[must_use]
    pub fn makes(&self, of_source: Quantity) -> Quantity {
        let is_whole = self.per == Quantity::units(1) && self.pack.theirs() == 1;
        if is_whole {
            return self.pack.of_ours(of_source);
        }
        let ours = i128::from(of_source.millionths()) * i128::from(self.pack.ours());
        let each = i128::from(self.per.millionths()) * i128::from(self.pack.theirs());
        let made = ours.div_euclid(each.max(1));
        Quantity::units(i64::try_from(made).unwrap_or(i64::MAX))
    }

    fn times(&self, articles: Quantity) -> Quantity {
        let one = i128::from(Quantity::units(1).millionths());
        let product = i128::from(articles.millionths()) * i128::from(self.per.millionths());
        let held = product.div_euclid(one).min(i128::from(i64::MAX));
        Quantity::from_millionths(i64::try_from(held).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(per: &str, pack: &str, articles: &str, needed: &str, there: &str, made: &str) {
        let sku = |code: &str| Sku::new(code).unwrap();
        let component = Component {
            sku: sku("A"),
            source_sku: sku("S-A"),
            per: per.parse().unwrap(),
            pack: pack.parse().unwrap(),
        };
        assert_eq!(
            component.needed(articles.parse().unwrap()).to_string(),
            needed
        );
        assert_eq!(component.makes(there.parse().unwrap()).to_string(), made);
    }

    #[test]
    fn packs_and_kits_are_counted_in_whole_ones() {
        check("1", "1", "2.5", "2.5", "7.25", "7.25");
        check("1", "6", "7", "42", "40", "6");
        check("1", "1/12", "5", "0.416666", "3", "36");
        check("4", "1", "2", "8", "11", "2");
        check("2", "6", "1", "12", "23", "1");
        check("0.5", "1", "3", "1.5", "1.4", "2");
        check("4", "1", "2", "8", "-1", "-1");
        check(
            "1000000",
            "1000000",
            "100000000",
            "9223372036854.775807",
            "0",
            "0",
        );
    }
}
