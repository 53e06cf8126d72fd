//! What one of our articles is called at a source.

use bestand_plugin_api::Sku;
use serde::Serialize;
use utoipa::ToSchema;

use super::Pack;
use crate::id::SourceId;

/// Most aliases of an account: twice the articles of the largest shops known to use them, and near 30 MiB in memory.
pub const ALIASES_MAX: u64 = 200_000;

/// What one of our articles is called at a source, and how many of it one of ours is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkuAlias {
    /// Where it is called so.
    pub source_id: SourceId,
    /// Our article.
    pub sku: Sku,
    /// What the source lists: its SKU, UPC or barcode, just as it names it in its levels.
    pub source_sku: Sku,
    /// How many of the source's one of ours is.
    pub pack: Pack,
}

/// What to look at again in an alias; it answers all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AliasConflict {
    /// The source lists our SKU itself: that level answers nothing as long as the alias leads away from it.
    HidesOwnSku,
    /// The source does not list what the alias leads to, so the answer is `unknown_sku`.
    UnknownTarget,
    /// Our article is a kit as well: at this source the alias goes first.
    HidesKit,
}

// === impl AliasConflict ===

impl AliasConflict {
    /// The word used in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HidesOwnSku => "hides_own_sku",
            Self::UnknownTarget => "unknown_target",
            Self::HidesKit => "hides_kit",
        }
    }
}
