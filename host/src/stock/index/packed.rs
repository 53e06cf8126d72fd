//! What is known of a level, made small: a million of these are held.

use bestand_plugin_api::{Quantity, Timestamp, Tracking};

use crate::stock::Held;

/// A [`Held`] in 48 bytes instead of 104, or the knowledge that there is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed {
    quantities: [i64; 4],
    source_version: u64,
    /// In the upper 48 bits the moment, in milliseconds: enough for 4,000 years to either side. Below it one bit for
    /// each quantity that is known, and the flags.
    as_of_and_flags: i64,
}

const HAS_VERSION: u16 = 1 << 4;
const IS_ABSENT: u16 = 1 << 5;
const NEVER_SEEN: u16 = 1 << 6;
/// From this bit on: how it is tracked.
const TRACKING_SHIFT: u16 = 7;
/// Bits below the moment.
const FLAG_BITS: u32 = u16::BITS;
/// The latest moment that can be kept; the earliest is as far on the other side.
const AS_OF_MAX: i64 = i64::MAX >> FLAG_BITS;

// === impl Packed ===

impl Packed {
    pub(super) fn new(held: Option<Held>) -> Self {
        let Some(held) = held else {
            return Self {
                quantities: [0; 4],
                source_version: 0,
                as_of_and_flags: i64::from(NEVER_SEEN),
            };
        };
        let all = [held.available, held.on_hand, held.allocated, held.incoming];
        let as_of = held.as_of.millis().clamp(-AS_OF_MAX, AS_OF_MAX);
        Self {
            quantities: all.map(|quantity| quantity.unwrap_or_default().millionths()),
            source_version: held.source_version.unwrap_or_default(),
            as_of_and_flags: (as_of << FLAG_BITS) | i64::from(flags_of(&held, all)),
        }
    }

    pub(super) fn unpack(&self) -> Option<Held> {
        if self.has(NEVER_SEEN) {
            return None;
        }
        let quantity = |bit: usize| {
            let is_known = self.has(1 << bit);
            is_known.then(|| Quantity::from_millionths(self.quantities[bit]))
        };
        Some(Held {
            tracking: tracking_of(self.flags() >> TRACKING_SHIFT),
            available: quantity(0),
            on_hand: quantity(1),
            allocated: quantity(2),
            incoming: quantity(3),
            as_of: Timestamp::from_millis(self.as_of_and_flags >> FLAG_BITS),
            source_version: self.has(HAS_VERSION).then_some(self.source_version),
            absent: self.has(IS_ABSENT),
        })
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the lower bits are the flags"
    )]
    const fn flags(&self) -> u16 {
        self.as_of_and_flags as u16
    }

    const fn has(&self, flag: u16) -> bool {
        self.flags() & flag != 0
    }
}

fn flags_of(held: &Held, quantities: [Option<Quantity>; 4]) -> u16 {
    let flag = |is_set: bool, flag: u16| if is_set { flag } else { 0 };
    let known = (0..4).map(|bit| flag(quantities[bit].is_some(), 1 << bit));
    known.sum::<u16>()
        | flag(held.source_version.is_some(), HAS_VERSION)
        | flag(held.absent, IS_ABSENT)
        | (tracking_code(held.tracking) << TRACKING_SHIFT)
}

const fn tracking_code(tracking: Tracking) -> u16 {
    match tracking {
        Tracking::Counted => 0,
        Tracking::NotTracked => 1,
        Tracking::NotStocked => 2,
        Tracking::Ambiguous => 3,
        Tracking::Incomplete => 5,
        _ => 4,
    }
}

const fn tracking_of(code: u16) -> Tracking {
    match code {
        0 => Tracking::Counted,
        1 => Tracking::NotTracked,
        2 => Tracking::NotStocked,
        3 => Tracking::Ambiguous,
        5 => Tracking::Incomplete,
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
            tracking in (0u16..6).prop_map(tracking_of),
            quantities in (quantity(), quantity(), quantity(), quantity()),
            as_of in (-AS_OF_MAX..=AS_OF_MAX).prop_map(Timestamp::from_millis),
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
        assert_eq!(size_of::<Packed>(), 48);
    }
}
