//! What of an article lies where in a building: in each bin, and in none of them.

use std::collections::HashMap;

use bestand_plugin_api::{AdapterError, LocationId, Sku};

use super::building::Building;
use super::numbers::Numbers;
use crate::daemon::Parts;
use crate::id::AccountId;

/// Levels that one question to an adapter may be answered with: a few MiB.
const LEVELS_PER_QUESTION: usize = 10_000;

/// What lies where of one article.
#[derive(Clone, Debug, Default)]
pub(super) struct Lying {
    /// In all of the building.
    pub(super) whole: Option<Numbers>,
    /// In the bins that know the article.
    pub(super) bins: Vec<(LocationId, Numbers)>,
}

/// Asks the adapter of a building what lies where in it.
pub(super) async fn ask(
    parts: &Parts,
    account: AccountId,
    building: &Building,
    bins: &[LocationId],
    skus: &[Sku],
) -> Result<HashMap<Sku, Lying>, AdapterError> {
    let whole = &building.source.location_id;
    let mut places = vec![whole.clone()];
    places.extend_from_slice(bins);
    let mut lying: HashMap<Sku, Lying> = HashMap::with_capacity(skus.len());
    let connection = building.source.connection_id;
    for skus in skus.chunks((LEVELS_PER_QUESTION / places.len()).max(1)) {
        let told = parts
            .connections
            .ask_places(account, connection, skus, &places)
            .await?;
        for level in told
            .levels
            .into_iter()
            .filter(|level| level.tracking.is_counted())
        {
            let Some(numbers) = Numbers::from_level(&level) else {
                continue;
            };
            let lying = lying.entry(level.sku).or_default();
            match level.location == *whole {
                true => lying.whole = Some(numbers),
                false => lying.bins.push((level.location, numbers)),
            }
        }
    }
    Ok(lying)
}

// === impl Lying ===

impl Lying {
    /// What lies in none of the bins.
    pub(super) fn rest(&self) -> Option<Numbers> {
        let bins = self.bins.iter().map(|(_, numbers)| *numbers);
        Some(bins.fold(self.whole?, |rest, bin| rest - bin))
    }
}
