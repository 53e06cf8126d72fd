//! What an article costs: the moving average over what came in.
//!
//! **Invariant:** this module does no I/O.

use bestand_plugin_api::Quantity;

/// The average once `more` have come in at `cost`. Goods of which nobody says what they cost come in at the average;
/// what was taken below zero before weighs nothing.
pub(crate) fn average(
    average: Option<Quantity>,
    there: Quantity,
    more: Quantity,
    cost: Option<Quantity>,
) -> Option<Quantity> {
    let (Some(average), Some(cost)) = (average, cost) else {
        return cost.or(average);
    };
    let weight = |quantity: Quantity| i128::from(quantity.millionths().max(0));
    let (there, more) = (weight(there), weight(more));
    let all = there + more;
    if all == 0 {
        return Some(cost);
    }
    let worth = there * i128::from(average.millionths()) + more * i128::from(cost.millionths());
    let rounded = (worth + all / 2).div_euclid(all);
    i64::try_from(rounded).ok().map(Quantity::from_millionths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_is_weighed_by_what_is_there_and_what_comes_in() {
        let units = Quantity::units;
        let check = |old, there, more, cost, expected: Option<&str>| {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(average(old, units(there), units(more), cost), expected);
        };
        check(None, 5, 5, None, None);
        check(None, 5, 5, Some(units(4)), Some("4"));
        check(Some(units(2)), 5, 5, None, Some("2"));
        check(Some(units(2)), 5, 5, Some(units(4)), Some("3"));
        check(Some(units(1)), 2, 1, Some(units(2)), Some("1.333333"));
        check(Some(units(1)), 0, 3, Some(units(2)), Some("2"));
        check(Some(units(1)), -7, 3, Some(units(2)), Some("2"));
    }
}
