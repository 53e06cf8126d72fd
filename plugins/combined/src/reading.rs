//! What the sources know of some articles, gathered from the daemon.

use std::time::Duration;

use bestand_plugin_api::sources::SourceLevels;
use bestand_plugin_api::{
    Ctx, Quantity, Result, Sku, SkuError, SourceQuery, StockLevel, Timestamp,
};

use crate::Combined;
use crate::fallback::{answers, fallback};
use crate::outcome::Outcome;
use crate::part::Part;
use crate::settings::Mode;
use crate::sum::sum;

/// How long an order waits for sources' systems in all: half of what it waits at most.
const REFRESH_MAX: Duration = Duration::from_millis(1_000);

/// What the sources know of some articles.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    combined: &'a Combined,
    skus: Vec<Sku>,
    /// How many of each are needed; empty when nobody says.
    needed: Vec<Quantity>,
    told: Vec<SourceLevels>,
    asked_at: Timestamp,
}

// === impl Reading ===

impl<'a> Reading<'a> {
    /// What is stored of the sources.
    pub(crate) async fn stored(combined: &'a Combined, ctx: &Ctx, skus: Vec<Sku>) -> Result<Self> {
        let asked_at = ctx.now().await?;
        let query = SourceQuery::of(combined.settings.sources.clone(), skus);
        let told = ctx.sources().levels(&query).await?;
        Ok(Self {
            combined,
            skus: query.skus,
            needed: Vec::new(),
            told,
            asked_at,
        })
    }

    /// The same, with how many of each are needed.
    pub(crate) fn needing(self, needed: Vec<Quantity>) -> Self {
        Self { needed, ..self }
    }

    /// Asks the systems of sources whose numbers are old, as far as the answer depends on them.
    pub(crate) async fn refresh(&mut self, ctx: &Ctx) -> Result<()> {
        match self.combined.settings.mode {
            Mode::Sum => {
                let everywhere = (0..self.told.len()).collect();
                self.ask(ctx, everywhere, |_, _| true).await
            }
            Mode::Fallback => self.refresh_in_turn(ctx).await,
        }
    }

    /// A later source is only asked for what no earlier one answers.
    async fn refresh_in_turn(&mut self, ctx: &Ctx) -> Result<()> {
        for source in 0..self.told.len() {
            let is_open = |reading: &Self, sku: usize| {
                !(0..source).any(|earlier| reading.answers(earlier, sku))
            };
            self.ask(ctx, vec![source], is_open).await?;
            let is_done = !(source + 1..self.told.len()).any(|later| self.is_old(later));
            if is_done || ctx.now().await?.since(self.asked_at) >= REFRESH_MAX {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn ask(
        &mut self,
        ctx: &Ctx,
        sources: Vec<usize>,
        is_wanted: impl Fn(&Self, usize) -> bool,
    ) -> Result<()> {
        let old_at = |source: &usize| {
            let old =
                |sku: &usize| self.part(*source, *sku).may_be_newer() && is_wanted(self, *sku);
            (0..self.skus.len()).filter(old).collect::<Vec<_>>()
        };
        let sources: Vec<usize> = sources
            .into_iter()
            .filter(|source| !old_at(source).is_empty())
            .collect();
        if sources.is_empty() {
            return Ok(());
        }
        let mut skus: Vec<usize> = sources.iter().flat_map(old_at).collect();
        skus.sort_unstable();
        skus.dedup();
        let ids = sources.iter().map(|at| self.told[*at].source.id.clone());
        let names = skus.iter().map(|at| self.skus[*at].clone());
        let query = SourceQuery::of(ids.collect(), names.collect()).refreshed();
        let told = ctx.sources().levels(&query).await?;
        for (source, told) in sources.into_iter().zip(told) {
            self.told[source].source = told.source;
            for (sku, level) in skus.iter().zip(told.levels) {
                if let Some(known) = self.told[source].levels.get_mut(*sku) {
                    *known = level;
                }
            }
        }
        Ok(())
    }

    /// Each article as one source has it, or why it has none.
    pub(crate) fn levels(self) -> impl Iterator<Item = Result<StockLevel, SkuError>> {
        let skus = 0..self.skus.len();
        skus.map(move |at| {
            self.outcome(at)
                .into_level(self.skus[at].clone(), self.asked_at)
        })
    }

    fn outcome(&self, sku: usize) -> Outcome {
        let parts: Vec<Part<'_>> = (0..self.told.len())
            .map(|source| self.part(source, sku))
            .collect();
        let settings = &self.combined.settings;
        match settings.mode {
            Mode::Sum => sum(&parts, settings.require_all),
            Mode::Fallback => fallback(&parts, self.needed(sku), settings),
        }
    }

    fn answers(&self, source: usize, sku: usize) -> bool {
        let part = self.part(source, sku);
        answers(&part, self.needed(sku), &self.combined.settings)
    }

    fn is_old(&self, source: usize) -> bool {
        (0..self.skus.len()).any(|sku| self.part(source, sku).may_be_newer())
    }

    fn needed(&self, sku: usize) -> Option<Quantity> {
        self.needed.get(sku).copied()
    }

    fn part(&self, source: usize, sku: usize) -> Part<'_> {
        let told = &self.told[source];
        Part {
            source: &told.source,
            level: told.levels.get(sku),
        }
    }
}
