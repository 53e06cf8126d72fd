//! The source that numbers come from: no number is told without it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::id::SourceId;
use crate::source::InventorySource;

/// The source that numbers come from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SourceName<'a> {
    /// Its id.
    id: SourceId,
    /// What its system calls it.
    #[schema(example = "Hamburg")]
    name: &'a str,
}

// === impl SourceName ===

impl<'a> SourceName<'a> {
    pub(super) fn of(source: &'a InventorySource) -> Self {
        Self {
            id: source.id,
            name: &source.name,
        }
    }
}
