//! What many numbers come to.

/// The middle one: what a busy machine disturbs least.
///
/// # Panics
/// When there is none.
pub(crate) fn median(numbers: &[f64]) -> f64 {
    percentile(numbers, 0.5)
}

/// The number that this share of all does not exceed.
///
/// # Panics
/// When there is none.
pub(crate) fn percentile(numbers: &[f64], share: f64) -> f64 {
    assert!(!numbers.is_empty(), "nothing was measured");
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

/// The least and the most, for notes.
pub(crate) fn spread(numbers: &[f64]) -> (f64, f64) {
    (percentile(numbers, 0.0), percentile(numbers, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_rank_are_found() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(percentile(&hundred, 0.99), 99.0);
        assert_eq!(spread(&hundred), (1.0, 100.0));
    }
}
