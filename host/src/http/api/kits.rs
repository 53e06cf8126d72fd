//! Kits: articles that are put together of others.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use bestand_plugin_api::{Quantity, Sku};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::aliases::{AliasQuery, Imported, OurSku};
use crate::article::table::{self, ComponentRow};
use crate::article::{KITS_MAX, Kit, KitComponent};
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::body::WholeBody;
use crate::http::json::Json;
use crate::http::paging::{Linked, Page};
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::id::AccountId;
use crate::store::article::kit::{self, Put};

/// Most kits of one request: what is stored within a second.
const KITS_PER_REQUEST_MAX: usize = 1_000;

/// List kits
///
/// An order line of a kit is answered from its components at the order's source. A component that several lines need is
/// counted once.
#[utoipa::path(get, path = "/kits", operation_id = "list_kits", tag = "Aliases and kits", params(AliasQuery),
    responses((status = 200, description = "A page of kits, by SKU", body = Page<KitShown>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<AliasQuery>,
    uri: Uri,
) -> Result<Linked<Page<KitShown>>, Problem> {
    let all = kit::all(&parts.db, caller.account_id).await?;
    let sku = |kit: &Kit| kit.sku.to_string();
    let page = Page::of_all(all, query.limit(), query.cursor(), sku);
    Ok(page.map(KitShown::from).linked(&uri))
}

/// Set kits
///
/// All or none, each in place of what was set for its SKU. A kit holds no kits.
#[utoipa::path(put, path = "/kits", operation_id = "set_kits", tag = "Aliases and kits", request_body = Kits,
    responses((status = 200, description = "They are set", body = Kits)))]
pub(in crate::http) async fn set(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(sent): Json<Kits>,
) -> Result<Json<Kits>, Problem> {
    let kits = sent.checked()?;
    let now = parts.clock.now();
    match kit::put(&parts.db, caller.account_id, &kits, now).await? {
        Put::Done => Ok(Json(Kits {
            kits: kits.into_iter().map(KitShown::from).collect(),
        })),
        Put::Invalid(invalid) => Err(Problem::field("kits", invalid.to_string())),
        Put::TooMany => {
            let detail = format!("an account has at most {KITS_MAX} kits; remove some first");
            Err(Problem::new(Kind::Conflict, detail))
        }
    }
}

/// Import kits
///
/// From a table (`text/csv`) with the columns `kit`, `sku` and `quantity`, a row for each component: all of them or none,
/// each in place of what was set for its SKU.
#[utoipa::path(post, path = "/kits/import", operation_id = "import_kits", tag = "Aliases and kits",
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "They are set", body = Imported)))]
pub(in crate::http) async fn import(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    WholeBody(body): WholeBody,
) -> Result<Json<Imported>, Problem> {
    let imported = import_table(&parts, caller.account_id, &body).await?;
    Ok(Json(Imported { imported }))
}

/// Sets all kits of a table; how many they are.
pub(in crate::http) async fn import_table(
    parts: &Parts,
    account: AccountId,
    table: &[u8],
) -> Result<usize, Problem> {
    let rows = table::read::<ComponentRow>(table);
    let rows = rows.map_err(|wrong| Problem::field_for_visitor("table", wrong.to_string()))?;
    let kits = table::kits(rows);
    let invalid =
        |(sku, invalid)| Problem::field_for_visitor("table", format!("kit `{sku}`: {invalid}"));
    let kits = kits.map_err(invalid)?;
    match kit::put(&parts.db, account, &kits, parts.clock.now()).await? {
        Put::Done => Ok(kits.len()),
        Put::Invalid(invalid) => Err(Problem::field_for_visitor("table", invalid.to_string())),
        Put::TooMany => {
            let detail = format!("an account has at most {KITS_MAX} kits; remove some first");
            Err(Problem::new(Kind::Conflict, detail))
        }
    }
}

/// Remove a kit
#[utoipa::path(delete, path = "/kits", operation_id = "remove_kit", tag = "Aliases and kits", params(OurSku),
    responses((status = 204, description = "It is gone")))]
pub(in crate::http) async fn remove(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(ours): Query<OurSku>,
) -> Result<StatusCode, Problem> {
    match kit::delete(&parts.db, caller.account_id, &ours.sku).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::field(
            "sku",
            format!("there is no kit `{}`", ours.sku),
        )),
    }
}

/// Kits.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Kits {
    /// Each of another SKU.
    #[schema(min_items = 1, max_items = 1_000)]
    kits: Vec<KitShown>,
}

/// An article that is put together of others.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Kit)]
pub(in crate::http) struct KitShown {
    /// What it is ordered as.
    #[schema(value_type = String, example = "TEA-SET")]
    sku: Sku,
    /// What it is made of.
    #[schema(min_items = 1, max_items = 100)]
    components: Vec<KitComponentShown>,
}

/// What goes into one kit of an article.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KitComponent)]
struct KitComponentShown {
    /// The article, as we call it; an alias of it counts.
    #[schema(value_type = String, example = "CUP")]
    sku: Sku,
    /// How many go into one kit; above zero.
    #[schema(value_type = f64, example = 4)]
    quantity: Quantity,
}

// === impl Kits ===

impl Kits {
    fn checked(self) -> Result<Vec<Kit>, Problem> {
        if !(1..=KITS_PER_REQUEST_MAX).contains(&self.kits.len()) {
            let reason = format!("there must be from 1 to {KITS_PER_REQUEST_MAX} of them");
            return Err(Problem::field("kits", reason));
        }
        let mut kits: Vec<Kit> = Vec::with_capacity(self.kits.len());
        for (index, sent) in self.kits.into_iter().enumerate() {
            let refused = |field: &str, reason: String| {
                Problem::field(format!("kits[{index}].{field}"), reason)
            };
            if kits.iter().any(|kit| kit.sku == sent.sku) {
                return Err(refused("sku", format!("`{}` is there twice", sent.sku)));
            }
            let kit = sent.kit();
            kits.push(kit.map_err(|invalid| refused("components", invalid.to_string()))?);
        }
        Ok(kits)
    }
}

// === impl KitShown ===

impl KitShown {
    fn kit(self) -> Result<Kit, crate::article::InvalidKit> {
        let component = |shown: KitComponentShown| KitComponent {
            sku: shown.sku,
            quantity: shown.quantity,
        };
        Kit::new(
            self.sku,
            self.components.into_iter().map(component).collect(),
        )
    }
}

impl From<Kit> for KitShown {
    fn from(kit: Kit) -> Self {
        let shown = |component: KitComponent| KitComponentShown {
            sku: component.sku,
            quantity: component.quantity,
        };
        Self {
            sku: kit.sku,
            components: kit.components.into_iter().map(shown).collect(),
        }
    }
}
