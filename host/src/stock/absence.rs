//! What it means when a complete listing does not name a SKU, as a pure function.

use bestand_plugin_api::{Absent, Quantity, Timestamp, Tracking};

use super::Held;

/// What is known of a SKU that a listing begun at `started_at` did not name, by what the adapter declares.
///
/// The source's version is forgotten: an article that comes back may count its versions anew.
pub(super) fn absent_since(started_at: Timestamp, meaning: Absent) -> Held {
    let (tracking, quantity) = match meaning {
        Absent::Zero => (Tracking::Counted, Some(Quantity::ZERO)),
        Absent::NotStocked => (Tracking::NotStocked, None),
        _ => (Tracking::Counted, None),
    };
    Held {
        tracking,
        available: quantity,
        on_hand: quantity,
        allocated: None,
        incoming: None,
        as_of: started_at,
        source_version: None,
        absent: true,
    }
}

/// The same level with the age it really has: each complete listing that does not name an absent SKU confirms that.
pub(super) fn confirmed_by_listing(held: Held, listed_at: Option<Timestamp>) -> Held {
    match listed_at {
        Some(listed_at) if held.absent => Held {
            as_of: held.as_of.max(listed_at),
            ..held
        },
        _ => held,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absence_is_zero_only_when_the_adapter_says_so() {
        let of = |meaning| absent_since(Timestamp::from_secs(5), meaning);
        assert_eq!(of(Absent::Zero).available, Some(Quantity::ZERO));
        assert_eq!(
            (of(Absent::Unknown).available, of(Absent::Unknown).on_hand),
            (None, None)
        );
        assert_eq!(of(Absent::NotStocked).tracking, Tracking::NotStocked);
        assert_eq!(of(Absent::NotStocked).available, None);
    }

    #[test]
    fn a_later_listing_confirms_absence_and_nothing_else() {
        let absent = absent_since(Timestamp::from_secs(5), Absent::Zero);
        let present = Held {
            absent: false,
            ..absent
        };
        let later = Some(Timestamp::from_secs(9));
        assert_eq!(
            confirmed_by_listing(absent, later).as_of,
            Timestamp::from_secs(9)
        );
        assert_eq!(
            confirmed_by_listing(present, later).as_of,
            Timestamp::from_secs(5)
        );
    }
}
