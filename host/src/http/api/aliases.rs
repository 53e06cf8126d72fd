//! SKU aliases: what our articles are called at a source.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use bestand_plugin_api::Sku;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::inventory_sources::find;
use crate::article::table::{self, AliasRow};
use crate::article::{ALIASES_MAX, AliasConflict, Pack, SkuAlias};
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::body::WholeBody;
use crate::http::json::Json;
use crate::http::paging::{Cursor, Limit, Linked, Page};
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::store::article::alias;

/// Most aliases of one request: what is stored within a second.
const ALIASES_PER_REQUEST_MAX: usize = 10_000;

/// List the SKU aliases of a source
///
/// What our articles are called there. An order that ships from the source is answered with the level of what the alias
/// leads to. An alias in conflict answers all the same; `conflicts` says what to look at.
#[utoipa::path(get, path = "/inventory-sources/{id}/aliases", operation_id = "list_aliases",
    tag = "Aliases and kits", params(("id" = SourceId, Path), AliasQuery),
    responses((status = 200, description = "A page of aliases, by our SKU", body = Page<AliasShown>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
    Query(query): Query<AliasQuery>,
    uri: Uri,
) -> Result<Linked<Page<AliasShown>>, Problem> {
    let source = find(&parts, &caller, id).await?;
    let after = query.cursor.as_ref().map(|cursor| cursor.0.as_str());
    let wanted = u32::try_from(query.limit.with_next()).unwrap_or(u32::MAX);
    let found = alias::list(&parts.db, source.account_id, id, after, wanted).await?;
    let page = Page::cut(found, query.limit, |alias| alias.sku.to_string());
    let conflicts = Conflicts::find(&parts, &source, &page.items).await?;
    let shown = |alias| AliasShown::of(alias, &conflicts);
    Ok(page.map(shown).linked(&uri))
}

/// Set SKU aliases of a source
///
/// All or none, each in place of what was set for its SKU. An alias goes before a kit of the same SKU: a source that
/// keeps a kit ready-made is told so by an alias, if need be to the very same SKU.
#[utoipa::path(put, path = "/inventory-sources/{id}/aliases", operation_id = "set_aliases",
    tag = "Aliases and kits", params(("id" = SourceId, Path)), request_body = Aliases,
    responses((status = 200, description = "They are set", body = AliasesSet)))]
pub(in crate::http) async fn set(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
    Json(sent): Json<Aliases>,
) -> Result<Json<AliasesSet>, Problem> {
    let source = find(&parts, &caller, id).await?;
    let aliases = sent.checked(&source)?;
    let is_set = alias::put(&parts.db, source.account_id, &aliases, parts.clock.now()).await?;
    if !is_set {
        let detail = format!("an account has at most {ALIASES_MAX} aliases; remove some first");
        return Err(Problem::new(Kind::Conflict, detail));
    }
    let conflicts = Conflicts::find(&parts, &source, &aliases).await?;
    let aliases = aliases.into_iter();
    let aliases = aliases.map(|alias| AliasShown::of(alias, &conflicts));
    Ok(Json(AliasesSet {
        aliases: aliases.collect(),
    }))
}

/// Import SKU aliases of a source
///
/// From a table (`text/csv`) with the columns `sku`, `source_sku` and `pack_factor`: all of them or none, each in place of
/// what was set for its SKU.
#[utoipa::path(post, path = "/inventory-sources/{id}/aliases/import", operation_id = "import_aliases",
    tag = "Aliases and kits", params(("id" = SourceId, Path)), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "They are set", body = Imported)))]
pub(in crate::http) async fn import(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
    WholeBody(body): WholeBody,
) -> Result<Json<Imported>, Problem> {
    let source = find(&parts, &caller, id).await?;
    let imported = import_table(&parts, &source, &body).await?;
    Ok(Json(Imported { imported }))
}

/// Sets all aliases of a table; how many they are.
pub(in crate::http) async fn import_table(
    parts: &Parts,
    source: &InventorySource,
    table: &[u8],
) -> Result<usize, Problem> {
    let rows = table::read::<AliasRow>(table);
    let rows = rows.map_err(|wrong| Problem::field_for_visitor("table", wrong.to_string()))?;
    let aliases: Vec<SkuAlias> = rows.into_iter().map(|row| row.at(source.id)).collect();
    match alias::put(&parts.db, source.account_id, &aliases, parts.clock.now()).await? {
        true => Ok(aliases.len()),
        false => {
            let detail = format!("an account has at most {ALIASES_MAX} aliases; remove some first");
            Err(Problem::new(Kind::Conflict, detail))
        }
    }
}

/// What was imported.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Imported {
    /// How many are set.
    pub(super) imported: usize,
}

/// Remove a SKU alias
#[utoipa::path(delete, path = "/inventory-sources/{id}/aliases", operation_id = "remove_alias",
    tag = "Aliases and kits", params(("id" = SourceId, Path), OurSku),
    responses((status = 204, description = "It is gone")))]
pub(in crate::http) async fn remove(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
    Query(ours): Query<OurSku>,
) -> Result<StatusCode, Problem> {
    let source = find(&parts, &caller, id).await?;
    match alias::delete(&parts.db, source.account_id, id, &ours.sku).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => {
            let reason = format!("`{}` has no alias at this source", ours.sku);
            Err(Problem::field("sku", reason))
        }
    }
}

/// Where a page begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct AliasQuery {
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<String>>,
}

// === impl AliasQuery ===

impl AliasQuery {
    pub(super) fn limit(&self) -> Limit {
        self.limit
    }

    pub(super) fn cursor(&self) -> Option<&Cursor<String>> {
        self.cursor.as_ref()
    }
}

/// Which article.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct OurSku {
    /// What we call it.
    #[param(value_type = String)]
    pub(super) sku: Sku,
}

/// Aliases to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Aliases {
    /// Each of another SKU.
    #[schema(min_items = 1, max_items = 10_000)]
    aliases: Vec<Alias>,
}

/// What one of our articles is called at the source.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Alias {
    /// Our article.
    #[schema(value_type = String, example = "TEA-6")]
    sku: Sku,
    /// What the source lists: its SKU, UPC or barcode, just as it names it in its levels.
    #[schema(value_type = String, example = "4006381333931")]
    source_sku: Sku,
    /// How many of the source's one of ours is: `6` for our six-pack of its single pieces, `1/12` for our single piece
    /// of its boxes of twelve.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "6", default = "1")]
    pack_factor: Pack,
}

/// Aliases that are set.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AliasesSet {
    /// They.
    aliases: Vec<AliasShown>,
}

/// What one of our articles is called at the source, and what to look at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SkuAlias)]
pub(in crate::http) struct AliasShown {
    /// Our article.
    #[schema(value_type = String)]
    sku: Sku,
    /// What the source lists.
    #[schema(value_type = String)]
    source_sku: Sku,
    /// How many of the source's one of ours is.
    #[schema(value_type = String, example = "6")]
    pack_factor: Pack,
    /// What to look at again; mostly nothing.
    conflicts: Vec<AliasConflict>,
}

/// What there is to know of aliases besides themselves.
pub(in crate::http) struct Conflicts {
    /// What of all they name the source lists.
    listed: HashSet<Sku>,
    kits: HashSet<Sku>,
}

// === impl Aliases ===

impl Aliases {
    fn checked(self, source: &InventorySource) -> Result<Vec<SkuAlias>, Problem> {
        if !(1..=ALIASES_PER_REQUEST_MAX).contains(&self.aliases.len()) {
            let reason = format!("there must be from 1 to {ALIASES_PER_REQUEST_MAX} of them");
            return Err(Problem::field("aliases", reason));
        }
        let mut places: HashMap<&Sku, usize> = HashMap::new();
        for (index, alias) in self.aliases.iter().enumerate() {
            if let Some(first) = places.insert(&alias.sku, index) {
                let reason = format!("`{}` is `aliases[{first}]` already", alias.sku);
                return Err(Problem::field(format!("aliases[{index}].sku"), reason));
            }
        }
        let alias = |alias: Alias| SkuAlias {
            source_id: source.id,
            sku: alias.sku,
            source_sku: alias.source_sku,
            pack: alias.pack_factor,
        };
        Ok(self.aliases.into_iter().map(alias).collect())
    }
}

// === impl AliasShown ===

impl AliasShown {
    fn of(alias: SkuAlias, conflicts: &Conflicts) -> Self {
        Self {
            conflicts: conflicts.of(&alias),
            sku: alias.sku,
            source_sku: alias.source_sku,
            pack_factor: alias.pack,
        }
    }
}

// === impl Conflicts ===

impl Conflicts {
    pub(in crate::http) async fn find(
        parts: &Parts,
        source: &InventorySource,
        aliases: &[SkuAlias],
    ) -> Result<Self, Problem> {
        let named = |alias: &SkuAlias| [alias.sku.clone(), alias.source_sku.clone()];
        let skus: Vec<Sku> = aliases.iter().flat_map(named).collect();
        let levels = parts.book.levels(source.account_id, source.id, &skus);
        let levels = levels.await?;
        let articles = parts.availability.articles().of(source.account_id).await?;
        let is_kit = |sku: &&Sku| articles.kit(sku).is_some();
        let kits = skus.iter().filter(is_kit).cloned().collect();
        let is_listed =
            |held: &Option<crate::stock::Held>| held.as_ref().is_some_and(|held| !held.absent);
        let listed = skus.into_iter().zip(levels);
        let listed = listed.filter(|(_, held)| is_listed(held));
        Ok(Self {
            listed: listed.map(|(sku, _)| sku).collect(),
            kits,
        })
    }

    pub(in crate::http) fn of(&self, alias: &SkuAlias) -> Vec<AliasConflict> {
        let leads_away = alias.sku != alias.source_sku;
        let conflicts = [
            (
                leads_away && self.listed.contains(&alias.sku),
                AliasConflict::HidesOwnSku,
            ),
            (
                !self.listed.contains(&alias.source_sku),
                AliasConflict::UnknownTarget,
            ),
            (self.kits.contains(&alias.sku), AliasConflict::HidesKit),
        ];
        let there = conflicts.into_iter().filter(|(is_there, _)| *is_there);
        there.map(|(_, conflict)| conflict).collect()
    }
}
