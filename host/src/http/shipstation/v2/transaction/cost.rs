//! What goods cost, as the newer API tells it.

use bestand_plugin_api::{Currency, Quantity};
use serde::{Deserialize, Deserializer, Serialize};

/// What one piece costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(in crate::http::shipstation::v2) struct Cost {
    pub(in crate::http::shipstation::v2) amount: Quantity,
    /// The system's own where nobody says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::shipstation::v2) currency: Option<Currency>,
}

/// As it is sent: each member may be missing, and the currency in small letters.
#[derive(Deserialize)]
struct Sent {
    amount: Option<Quantity>,
    currency: Option<String>,
}

/// A cost, or nothing where no amount is sent.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cost>, D::Error> {
    let Some(sent) = Option::<Sent>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let currency = sent.currency.filter(|currency| !currency.is_empty());
    let currency = currency.map(|currency| currency.to_ascii_uppercase().parse());
    let currency = currency.transpose().map_err(serde::de::Error::custom)?;
    Ok(sent.amount.map(|amount| Cost { amount, currency }))
}
