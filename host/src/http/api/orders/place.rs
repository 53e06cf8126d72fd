//! The place of an order in a list, as a cursor carries it: `millis:number`.

use std::fmt;
use std::str::FromStr;

use bestand_plugin_api::Timestamp;

use crate::order::OrderNumber;
use crate::store::order::Place;

/// The place of an order in a list, as text.
#[derive(Clone, Debug)]
pub(in crate::http) struct PlaceKey(pub(in crate::http) Place);

impl fmt::Display for PlaceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0.sort_at.millis(), self.0.number)
    }
}

impl FromStr for PlaceKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (millis, number) = text.split_once(':').ok_or(())?;
        Ok(Self(Place {
            sort_at: Timestamp::from_millis(millis.parse().map_err(drop)?),
            number: OrderNumber::new(number).map_err(drop)?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_as_it_went_out() {
        let place = Place {
            sort_at: Timestamp::from_millis(-5),
            number: OrderNumber::new("A:17").unwrap(),
        };
        let back: PlaceKey = PlaceKey(place.clone()).to_string().parse().unwrap();
        assert_eq!(back.0, place);
    }
}
