//! A level as a partner sends it.

use bestand_plugin_api::{
    LocationId, Lot, Quantities, Quantity, Sku, StockLevel, Timestamp, Tracking,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::json::{Misfit, misfit, moment};
use crate::partner::PLACE_DEFAULT;

/// Longest id of a place, in bytes: it is part of keys.
const PLACE_BYTES_MAX: usize = 255;
/// Most lots of one level: more is no list for people any more.
const LOTS_MAX: usize = 1000;

/// What a partner says of one SKU at one of its places.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PushedLevel {
    /// The article, as orders name it.
    #[schema(value_type = String, example = "TEA-1")]
    sku: Sku,
    /// The partner's own id of the place; `main` where it has but one.
    #[serde(default = "place_default")]
    #[schema(value_type = String, example = "berlin", max_length = 255)]
    location: LocationId,
    /// Whether the quantities are counts.
    #[serde(default)]
    #[schema(value_type = String, example = "counted")]
    tracking: Tracking,
    /// Sellable now; may be negative when oversold.
    #[schema(value_type = Option<f64>, example = 3)]
    available: Option<Quantity>,
    /// Physically there.
    #[schema(value_type = Option<f64>, example = 5)]
    on_hand: Option<Quantity>,
    /// Promised to orders.
    #[schema(value_type = Option<f64>)]
    allocated: Option<Quantity>,
    /// On its way; never part of `available`.
    #[schema(value_type = Option<f64>)]
    incoming: Option<Quantity>,
    /// When this was true at the partner: of two, the later one wins. Without it, when the push came.
    #[serde(default, deserialize_with = "moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// A number that grows with each change at the partner; decides before `as_of` does.
    version: Option<u64>,
    /// Batches, where the partner keeps them.
    #[serde(default)]
    lots: Vec<PushedLot>,
}

/// A batch of an article, as a partner sends it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PushedLot {
    /// Lot or serial number.
    id: String,
    /// How many of it are there; part of the level's `on_hand`.
    #[schema(value_type = f64)]
    quantity: Quantity,
    /// When it expires.
    #[serde(default, deserialize_with = "moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// The field at fault, where it is one, and what is wrong.
pub(super) type Refusal = (Option<String>, String);

/// Read once more, with the path to what is wrong, which costs too much for all that are right.
fn refusal(bytes: &[u8]) -> Refusal {
    match misfit::<PushedLevel>(bytes) {
        Misfit::Field { path, reason } if path == "." => (None, format!("is no level: {reason}")),
        Misfit::Field { path, reason } => (Some(path), reason),
        Misfit::NoJson(reason) => (None, format!("is no JSON: {reason}")),
    }
}

fn place_default() -> LocationId {
    PLACE_DEFAULT.into()
}

// === impl PushedLevel ===

impl PushedLevel {
    /// The level that these bytes say, or else why they say none.
    pub(super) fn read(bytes: &[u8], received_at: Timestamp) -> Result<StockLevel, Refusal> {
        let level: Self = serde_json::from_slice(bytes).map_err(|_| refusal(bytes))?;
        let at_field = |(field, reason): (&str, String)| (Some(field.to_owned()), reason);
        level.checked(received_at).map_err(at_field)
    }

    /// The level, or else the field that cannot be right, and why.
    fn checked(self, received_at: Timestamp) -> Result<StockLevel, (&'static str, String)> {
        self.check()?;
        let mut quantities = Quantities::default();
        quantities.available = self.available;
        quantities.on_hand = self.on_hand;
        quantities.allocated = self.allocated;
        quantities.incoming = self.incoming;
        let as_of = self.as_of.unwrap_or(received_at);
        let mut level = StockLevel::counted(self.sku, self.location, quantities, as_of);
        level.tracking = self.tracking;
        level.source_version = self.version;
        level.source_updated_at = self.as_of;
        level.lots = self.lots.into_iter().map(Lot::from).collect();
        Ok(level)
    }

    fn check(&self) -> Result<(), (&'static str, String)> {
        check_place(&self.location.0).map_err(|reason| ("location", reason))?;
        if self.lots.len() > LOTS_MAX {
            return Err(("lots", format!("there may be {LOTS_MAX}")));
        }
        let numbers = [self.available, self.on_hand, self.allocated, self.incoming];
        match self.tracking {
            Tracking::Counted if self.available.or(self.on_hand).is_none() => Err((
                "available",
                "a count needs `available` or `on_hand`; for what is not counted send `tracking`"
                    .into(),
            )),
            Tracking::Unknown => Err((
                "tracking",
                "it is `counted`, `not_tracked`, `not_stocked` or `ambiguous`".into(),
            )),
            Tracking::Counted => Ok(()),
            _ if numbers.iter().any(Option::is_some) => {
                Err(("tracking", "what is not counted has no quantities".into()))
            }
            _ => Ok(()),
        }
    }
}

/// Why this cannot be a place's id, when it cannot.
pub(super) fn check_place(id: &str) -> Result<(), String> {
    match id.is_empty() || id.len() > PLACE_BYTES_MAX || id.chars().any(char::is_control) {
        true => Err(format!(
            "it must have 1 to {PLACE_BYTES_MAX} bytes without control characters"
        )),
        false => Ok(()),
    }
}

impl From<PushedLot> for Lot {
    fn from(pushed: PushedLot) -> Self {
        let lot = Self::new(pushed.id, pushed.quantity);
        match pushed.expires_at {
            Some(expires_at) => lot.with_expires_at(expires_at),
            None => lot,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn read(json: &str) -> Result<StockLevel, (&'static str, String)> {
        serde_json::from_str::<PushedLevel>(json)
            .unwrap()
            .checked(NOW)
    }

    #[test]
    fn a_level_without_a_place_or_time_is_one_of_now_at_the_only_place() {
        let level = read(r#"{"sku":"TEA-1","available":3,"on_hand":"5.5"}"#).unwrap();
        assert_eq!((level.location.0.as_str(), level.fetched_at), ("main", NOW));
        assert_eq!(level.quantities.on_hand, Some("5.5".parse().unwrap()));
    }

    #[test]
    fn the_partners_own_time_and_number_decide_what_is_newer() {
        let json = r#"{"sku":"A","available":1,"as_of":"2023-11-14T22:00:00Z","version":7}"#;
        let level = read(json).unwrap();
        assert_eq!(level.fetched_at, "2023-11-14T22:00:00Z".parse().unwrap());
        assert_eq!(level.source_version, Some(7));
    }

    #[test]
    fn what_says_nothing_or_contradicts_itself_is_refused_by_field() {
        for (json, field) in [
            (r#"{"sku":"A"}"#, "available"),
            (r#"{"sku":"A","incoming":1}"#, "available"),
            (
                r#"{"sku":"A","tracking":"not_tracked","available":0}"#,
                "tracking",
            ),
            (
                r#"{"sku":"A","tracking":"perhaps","available":0}"#,
                "tracking",
            ),
            (r#"{"sku":"A","available":0,"location":""}"#, "location"),
        ] {
            assert_eq!(read(json).unwrap_err().0, field, "{json}");
        }
        assert!(read(r#"{"sku":"A","tracking":"not_stocked"}"#).is_ok());
    }
}
