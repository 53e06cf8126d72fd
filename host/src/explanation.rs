//! Why a stock level is what it is: what its number is made of, what brought it, and what it is worth where it is sold.
//!
//! What was refused as older than what is known is not kept, and so not told.

use std::time::Duration;

use bestand_plugin_api::{LevelPart, Quantity, Sku, Timestamp, Tracking};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ship_from::ShipFromLocation;
use crate::source::InventorySource;
use crate::stock::{Counts, Held, StockBook};
use crate::store::history::Change;
use crate::store::level::LevelDetails;
use crate::store::{self, Db, Error};

/// Why a stock level is what it is.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What is known; nothing of what was never seen.
    pub level: Option<LevelDetails>,
    /// Where the number that can be sold comes from.
    pub made_of: MadeOf,
    /// How many can be sold; nothing where there is no count.
    pub sellable: Option<Quantity>,
    /// What brought it to what it is; nothing when it has been this since it was first seen, or for longer than
    /// changes are kept.
    pub brought_by: Option<Change>,
    /// When it counts as stale, unless it is confirmed before.
    pub stale_at: Option<Timestamp>,
    /// The ship-from locations that it is sold from, by their names.
    pub sold_from: Vec<SoldFrom>,
}

/// Where the number that can be sold comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MadeOf {
    /// The source says itself how many can be sold.
    Available,
    /// The source says how many are there; those it says are promised to orders are taken off.
    OnHandLessAllocated,
    /// It is put together from other sources.
    OtherSources,
    /// A complete listing did not name the article, and this is what the adapter declares that to mean.
    Absence,
    /// There is no count: the source knows the article and gives no number that means one.
    NoCount,
    /// The source was never heard to speak of the article.
    Nothing,
}

/// A ship-from location that a level is sold from.
#[derive(Clone, Debug)]
pub struct SoldFrom {
    /// The location.
    pub location: ShipFromLocation,
    /// How many can be sold from there, its buffer taken off.
    pub sellable: Option<Quantity>,
}

// === impl Explanation ===

impl Explanation {
    /// Explains the level of `sku` at `source`.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn of(
        db: &Db,
        book: &StockBook,
        source: &InventorySource,
        sku: &Sku,
        max_age: Duration,
    ) -> Result<Self, Error> {
        let (account, id) = (source.account_id, source.id);
        let details = book.details(account, id, std::slice::from_ref(sku)).await?;
        let level = details.into_iter().next().flatten();
        let held = level.as_ref().map(|level| level.held);
        let brought_by = book.history(account, id, sku, 1).await?.into_iter().next();
        let sellable = held.and_then(|held| Counts::from(held).sellable());
        let mut locations = store::ship_from::list(db, account).await?;
        locations.retain(|location| location.source_id == Some(id));
        Ok(Self {
            made_of: MadeOf::of(
                held.as_ref(),
                level.as_ref().map_or(&[], |level| &level.parts),
            ),
            stale_at: held.map(|held| held.as_of.after(max_age)),
            sold_from: locations
                .into_iter()
                .map(|location| SoldFrom::of(location, sellable))
                .collect(),
            level,
            sellable,
            brought_by,
        })
    }

    /// The numbers of what is known.
    #[must_use]
    pub fn held(&self) -> Option<Held> {
        self.level.as_ref().map(|level| level.held)
    }

    /// The sources it was put together from, where its source is made of others.
    #[must_use]
    pub fn parts(&self) -> &[LevelPart] {
        self.level.as_ref().map_or(&[], |level| &level.parts)
    }
}

// === impl MadeOf ===

impl MadeOf {
    fn of(held: Option<&Held>, parts: &[LevelPart]) -> Self {
        match held {
            None => Self::Nothing,
            Some(held) if held.absent => Self::Absence,
            Some(_) if !parts.is_empty() => Self::OtherSources,
            Some(held) if held.tracking != Tracking::Counted => Self::NoCount,
            Some(held) if held.available.is_some() => Self::Available,
            Some(held) if held.on_hand.is_some() => Self::OnHandLessAllocated,
            Some(_) => Self::NoCount,
        }
    }
}

// === impl SoldFrom ===

impl SoldFrom {
    fn of(location: ShipFromLocation, sellable: Option<Quantity>) -> Self {
        Self {
            sellable: sellable.map(|sellable| sellable - location.buffer.withheld(sellable)),
            location,
        }
    }
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::SourceId;

    use super::*;

    fn held(available: Option<i64>, on_hand: Option<i64>) -> Held {
        Held {
            tracking: Tracking::Counted,
            available: available.map(Quantity::units),
            on_hand: on_hand.map(Quantity::units),
            allocated: Some(Quantity::units(2)),
            incoming: None,
            as_of: Timestamp::from_secs(10),
            source_version: None,
            absent: false,
        }
    }

    #[test]
    fn a_number_is_made_of_what_the_source_says() {
        let check = |held: Held, made_of| assert_eq!(MadeOf::of(Some(&held), &[]), made_of);
        check(held(Some(3), Some(5)), MadeOf::Available);
        check(held(None, Some(5)), MadeOf::OnHandLessAllocated);
        check(held(None, None), MadeOf::NoCount);
        let not_tracked = Held {
            tracking: Tracking::NotTracked,
            ..held(Some(3), None)
        };
        check(not_tracked, MadeOf::NoCount);
        let absent = Held {
            absent: true,
            ..held(Some(0), None)
        };
        check(absent, MadeOf::Absence);
        assert_eq!(MadeOf::of(None, &[]), MadeOf::Nothing);
        let part = LevelPart::new(SourceId("east".into()), "East");
        let put_together = MadeOf::of(Some(&held(Some(3), None)), &[part]);
        assert_eq!(put_together, MadeOf::OtherSources);
    }
}
