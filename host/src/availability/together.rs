//! Sources whose levels are put together from others: asked with each question, with how many are needed.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bestand_plugin_api::{
    LevelPart, Quantity, Sku, SkuAnswers, SkuError, SkuErrorKind, StockLevel,
};

use super::known::{NotAnswered, of_level};
use super::route::Route;
use super::{Look, Shared};
use crate::ship_from::Buffer;
use crate::source::InventorySource;
use crate::stock::Held;
use crate::stock::parts::fitting;
use crate::verdict::Terms;
use crate::verdict::knowledge::Knowledge;
use crate::verdict::trouble::Trouble;
use crate::verdict::unanswered::Unanswered;

/// What was found out about some SKUs.
pub(super) struct Found {
    pub(super) known: Vec<Knowledge>,
    pub(super) terms: Terms,
    /// What each was put together from; empty where none was.
    pub(super) parts: Vec<Vec<LevelPart>>,
}

// === impl Found ===

impl From<(Vec<Knowledge>, Terms)> for Found {
    fn from((known, terms): (Vec<Knowledge>, Terms)) -> Self {
        Self {
            known,
            terms,
            parts: Vec::new(),
        }
    }
}

// === impl Shared ===

impl Shared {
    /// What `source` says of these, of which so many are asked for; what is stored of it when it does not answer.
    pub(super) async fn look_together(
        &self,
        route: &Route,
        source: &InventorySource,
        skus: &[Sku],
        quantities: &[Quantity],
    ) -> Found {
        let needed = needed(skus, quantities, route.ship_from.buffer);
        let (asked, needed): (Vec<Sku>, Vec<Quantity>) = needed.into_iter().unzip();
        let answers = self
            .adapters
            .put_together(source, &asked, &needed, self.live_query);
        match answers.await {
            Ok(answers) => self.together(route, source, skus, answers).await,
            Err(why) => self.stored_together(route, source, skus, why).await,
        }
    }

    async fn together(
        &self,
        route: &Route,
        source: &InventorySource,
        skus: &[Sku],
        answers: SkuAnswers,
    ) -> Found {
        let now = self.clock.now();
        let contact = match answers.errors.iter().any(is_failure) {
            true => self.adapters.contact(source.account_id, source.id).await,
            false => None,
        };
        let told = |why: Unanswered| {
            let why = Box::new(why);
            let contact = contact.clone();
            Knowledge::NotRetrieved(Arc::new(Trouble::NotAnswered { why, contact }))
        };
        let levels = answers.levels.into_iter();
        let levels: HashMap<Sku, StockLevel> =
            levels.map(|level| (level.sku.clone(), level)).collect();
        let errors: HashMap<&Sku, &SkuError> = answers
            .errors
            .iter()
            .map(|error| (&error.sku, error))
            .collect();
        let known = |sku: &Sku| match (levels.get(sku), errors.get(sku)) {
            (Some(level), _) => of_level(&Held::from_level(level, now)),
            (None, Some(error)) if !is_failure(error) => Knowledge::UnknownSku { as_of: now },
            (None, error) => told(Unanswered::Article {
                system: source.name.clone(),
                said: error.map_or_else(
                    || "it says nothing of this article".into(),
                    |error| error.message.clone(),
                ),
            }),
        };
        let parts = |sku: &Sku| {
            let level = levels.get(sku);
            level
                .map(|level| fitting(level.parts.clone()))
                .unwrap_or_default()
        };
        Found {
            known: skus.iter().map(known).collect(),
            terms: route.terms(now, None),
            parts: skus.iter().map(parts).collect(),
        }
    }

    /// What is stored, with what kept the answer away.
    async fn stored_together(
        &self,
        route: &Route,
        source: &InventorySource,
        skus: &[Sku],
        why: Unanswered,
    ) -> Found {
        let contact = self.adapters.contact(source.account_id, source.id).await;
        let why = Box::new(why);
        let trouble = Trouble::NotAnswered { why, contact };
        let not_answered = NotAnswered::because(Arc::new(trouble));
        let looked = self.look_up(route, skus, Look::Stored, not_answered).await;
        let details = self.book.details(source.account_id, source.id, skus).await;
        let parts = details.map(|levels| {
            let parts = levels
                .into_iter()
                .map(|level| level.map(|level| level.parts).unwrap_or_default());
            parts.collect()
        });
        Found {
            parts: parts.unwrap_or_default(),
            ..looked.into()
        }
    }
}

/// Each SKU once, and how many the source must have of it for what all lines ask and what the location keeps back.
fn needed(skus: &[Sku], quantities: &[Quantity], buffer: Buffer) -> BTreeMap<Sku, Quantity> {
    let mut needed: BTreeMap<Sku, Quantity> = BTreeMap::new();
    for (sku, quantity) in skus.iter().zip(quantities) {
        let sum = needed.entry(sku.clone()).or_default();
        *sum = *sum + *quantity;
    }
    for sum in needed.values_mut() {
        *sum = buffer.there_for(*sum);
    }
    needed
}

fn is_failure(error: &SkuError) -> bool {
    error.kind != SkuErrorKind::NotFound
}
