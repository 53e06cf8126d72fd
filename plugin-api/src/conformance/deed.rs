//! What an adapter is asked again and again, with or without a fault in between.

use super::finding::Stop;
use super::rig::{Line, Rig};
use crate::{
    Account, Capability, Location, Result, Sku, SkuAnswers, SkuErrorKind, SkuQuery, StockLevel,
    Timestamp,
};

/// How many SKUs are asked for at once.
const SKUS_MAX: usize = 5;

/// Something an adapter is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Check,
    Locations,
    ListStock,
    BySku(Vec<Sku>),
}

/// What came of it, without what may differ each time.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Done {
    Account(Account),
    Locations(Vec<Location>),
    Levels(Vec<StockLevel>),
    Answers(SkuAnswers),
}

// === impl Deed ===

impl Deed {
    /// All that this adapter can be asked, with SKUs that it knows.
    pub(super) async fn all(rig: &Rig<'_>) -> Result<Vec<Self>, Stop> {
        let mut deeds = vec![Self::Check, Self::Locations];
        if rig.lists() {
            deeds.push(Self::ListStock);
        }
        if rig.can(|capability| matches!(capability, Capability::StockBySku { .. })) {
            let skus = some_skus(rig).await?;
            if !skus.is_empty() {
                deeds.push(Self::BySku(skus));
            }
        }
        Ok(deeds)
    }

    pub(super) async fn on(&self, line: &Line) -> Result<Done> {
        let connection = &line.connection;
        Ok(match self {
            Self::Check => Done::Account(connection.check().await?),
            Self::Locations => Done::Locations(connection.locations().await?),
            Self::ListStock => Done::Levels(timeless(connection.list_stock(None).await?)),
            Self::BySku(skus) => {
                let mut answers = connection.stock_by_sku(&SkuQuery::of(skus.clone())).await?;
                answers.levels = timeless(answers.levels);
                Done::Answers(answers)
            }
        })
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Locations => "locations",
            Self::ListStock => "list_stock",
            Self::BySku(_) => "stock_by_sku",
        }
    }
}

impl Done {
    /// Whether it says openly that not everything could be read.
    pub(super) fn admits_trouble(&self, baseline: &Self) -> bool {
        match (self, baseline) {
            (Self::Account(account), Self::Account(good)) => {
                account.warnings.len() > good.warnings.len()
            }
            (Self::Answers(answers), Self::Answers(good)) => {
                let are_good = answers
                    .levels
                    .iter()
                    .all(|level| good.levels.contains(level));
                let failed = |sku: &Sku| {
                    answers
                        .errors
                        .iter()
                        .any(|error| error.sku == *sku && error.kind == SkuErrorKind::Failed)
                };
                let missing = good
                    .levels
                    .iter()
                    .filter(|level| !answers.levels.contains(level));
                are_good && missing.map(|level| &level.sku).all(failed)
            }
            _ => false,
        }
    }

    /// In a few words.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Account(account) => format!(
                "account `{}` with {} warnings",
                account.name,
                account.warnings.len()
            ),
            Self::Locations(locations) => format!("{} locations", locations.len()),
            Self::Levels(levels) => format!("{} levels", levels.len()),
            Self::Answers(answers) => {
                let SkuAnswers { levels, errors } = answers;
                format!(
                    "{} levels, and errors {:?}",
                    levels.len(),
                    errors.iter().map(|error| error.kind).collect::<Vec<_>>()
                )
            }
        }
    }
}

/// SKUs that a full listing names, the same each time.
pub(super) async fn some_skus(rig: &Rig<'_>) -> Result<Vec<Sku>, Stop> {
    let Some(batch) = rig.manifest.by_sku_batch() else {
        return Ok(Vec::new());
    };
    if !rig.lists() {
        return Ok(Vec::new());
    }
    let line = rig.connect().await?;
    let levels = super::finding::Promised::promised(
        line.connection.list_stock(None).await,
        "listed all stock",
    )?;
    let mut skus: Vec<Sku> = levels.into_iter().map(|level| level.sku).collect();
    skus.sort();
    skus.dedup();
    skus.truncate(batch.min(SKUS_MAX));
    Ok(skus)
}

/// Levels in order, without the time they were asked for: that differs each time.
pub(super) fn timeless(mut levels: Vec<StockLevel>) -> Vec<StockLevel> {
    for level in &mut levels {
        level.fetched_at = Timestamp::default();
        level.as_of = level.as_of.map(|_| Timestamp::default());
        for part in &mut level.parts {
            part.as_of = part.as_of.map(|_| Timestamp::default());
        }
    }
    levels.sort_by(|one, other| (&one.sku, &one.location).cmp(&(&other.sku, &other.location)));
    levels
}
