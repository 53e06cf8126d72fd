//! What is known of a level, made small: a million of these are held.

use bestand_plugin_api::{Quantity, Timestamp, Tracking};

use crate::stock::Held;

/// A [`Held`] in 56 bytes instead of 104, or the knowledge that there is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed {
    quantities: [i64; 4],
    as_of: i64,
    source_version: u64,
    /// One bit for each quantity that is known, and the ones below.
    flags: u16,
}

const HAS_VERSION: u16 = 1 << 4;
const IS_ABSENT: u16 = 1 << 5;
const NEVER_SEEN: u16 = 1 << 6;
/// From this bit on: how it is tracked.
const TRACKING_SHIFT: u16 = 7;

// === impl Packed ===

impl Packed {
    pub(super) fn new(held: Option<Held>) -> Self {
        let Some(held) = held else {
            return Self {
                quantities: [0; 4],
                as_of: 0,
                source_version: 0,
                flags: NEVER_SEEN,
            };
        };
        let all = [held.available, held.on_hand, held.allocated, held.incoming];
        let known = (0..4).filter(|bit| all[*bit].is_some()).map(|bit| 1 << bit);
        let flag = |is_set: bool, flag: u16| if is_set { flag } else { 0 };
        Self {
            quantities: all.map(|quantity| quantity.unwrap_or_default().millionths()),
            as_of: held.as_of.millis(),
            source_version: held.source_version.unwrap_or_default(),
            flags: known.sum::<u16>()
                | flag(held.source_version.is_some(), HAS_VERSION)
                | flag(held.absent, IS_ABSENT)
                | (tracking_code(held.tracking) << TRACKING_SHIFT),
        }
    }

    pub(super) fn unpack(&self) -> Option<Held> {
        if self.flags & NEVER_SEEN != 0 {
            return None;
        }
        let quantity = |bit: usize| {
            let is_known = self.flags & (1 << bit) != 0;
            is_known.then(|| Quantity::from_millionths(self.quantities[bit]))
        };
        Some(Held {
            tracking: tracking_of(self.flags >> TRACKING_SHIFT),
            available: quantity(0),
            on_hand: quantity(1),
            allocated: quantity(2),
            incoming: quantity(3),
            as_of: Timestamp::from_millis(self.as_of),
            source_version: (self.flags & HAS_VERSION != 0).then_some(self.source_version),
            absent: self.flags & IS_ABSENT != 0,
        })
    }
}

const fn tracking_code(tracking: Tracking) -> u16 {
    match tracking {
        Tracking::Counted => 0,
        Tracking::NotTracked => 1,
        Tracking::NotStocked => 2,
        Tracking::Ambiguous => 3,
        _ => 4,
    }
}

const fn tracking_of(code: u16) -> Tracking {
    match code {
        0 => Tracking::Counted,
        1 => Tracking::NotTracked,
        2 => Tracking::NotStocked,
        3 => Tracking::Ambiguous,
        _ => Tracking::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quantity() -> impl Strategy<Value = Option<Quantity>> {
        proptest::option::of(any::<i64>().prop_map(Quantity::from_millionths))
    }

    prop_compose! {
        fn held()(
            tracking in (0u16..5).prop_map(tracking_of),
            quantities in (quantity(), quantity(), quantity(), quantity()),
            as_of in any::<i64>().prop_map(Timestamp::from_millis),
            source_version in any::<Option<u64>>(),
            absent in any::<bool>(),
        ) -> Held {
            let (available, on_hand, allocated, incoming) = quantities;
            Held { tracking, available, on_hand, allocated, incoming, as_of, source_version, absent }
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(held in proptest::option::of(held())) {
            prop_assert_eq!(Packed::new(held).unpack(), held);
        }
    }

    #[test]
    fn a_packed_level_stays_small() {
        assert_eq!(size_of::<Packed>(), 56);
    }
}
