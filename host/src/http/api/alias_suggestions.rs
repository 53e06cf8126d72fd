//! What a source may mean by articles of open orders that it does not know.

use std::sync::Arc;

use axum::extract::State;
use bestand_plugin_api::Sku;
use serde::Serialize;
use utoipa::ToSchema;

use super::inventory_sources::find;
use crate::article::Suggestion;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::id::SourceId;

/// Suggest SKU aliases
///
/// The articles of orders awaiting shipment from this source that it does not know, at most 200 of the first 20,000
/// orders, each with up to three of the source's SKUs that look like it. Nothing is set.
#[utoipa::path(get, path = "/inventory-sources/{id}/alias-suggestions", operation_id = "suggest_aliases",
    tag = "Aliases and kits", params(("id" = SourceId, Path)),
    responses((status = 200, description = "What is not known, and what it may be", body = AliasSuggestions)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
) -> Result<Json<AliasSuggestions>, Problem> {
    let source = find(&parts, &caller, id).await?;
    let unknown = parts.availability.suggest(&source).await?;
    let unknown = unknown.into_iter().map(UnknownArticle::of);
    Ok(Json(AliasSuggestions {
        unknown: unknown.collect(),
    }))
}

/// Articles that a source does not know.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AliasSuggestions {
    /// They, in the order of their SKUs.
    unknown: Vec<UnknownArticle>,
}

/// An article that a source does not know.
#[derive(Debug, Serialize, ToSchema)]
struct UnknownArticle {
    /// What we call it.
    #[schema(value_type = String)]
    sku: Sku,
    /// What the source may call it, the likeliest first; empty when nothing looks like it.
    suggestions: Vec<AliasSuggestion>,
}

/// What a source may call it.
#[derive(Debug, Serialize, ToSchema)]
struct AliasSuggestion {
    /// A SKU that it lists.
    #[schema(value_type = String)]
    source_sku: Sku,
    /// How alike the two are; 1 where they differ in case, blanks, hyphens and leading zeros alone.
    #[schema(minimum = 0, maximum = 1)]
    likeness: f64,
}

// === impl UnknownArticle ===

impl UnknownArticle {
    fn of((sku, suggestions): (Sku, Vec<Suggestion>)) -> Self {
        let shown = |suggestion: Suggestion| AliasSuggestion {
            source_sku: suggestion.source_sku,
            likeness: (suggestion.likeness * 100.0).round() / 100.0,
        };
        Self {
            sku,
            suggestions: suggestions.into_iter().map(shown).collect(),
        }
    }
}
