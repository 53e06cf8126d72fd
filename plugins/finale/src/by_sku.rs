//! The live answer to an order: some products by their SKUs, through GraphQL.
//!
//! Locations without stock columns cannot be asked about by SKU. That is said, and the host answers from the last
//! listing.

use bestand_plugin_api::{
    AdapterError, Ctx, LocationId, Result, Sku, SkuAnswers, SkuError, SkuQuery, StockBySku,
};

use crate::Finale;
use crate::client::{Failure, GraphQlAnswer};
use crate::graphql::{Found, Node, find_product, products_query};
use crate::layout::{Layout, LocationColumns};
use crate::snapshot::ambiguous;

/// The locations that are asked about.
struct Places {
    answering: Vec<(LocationId, LocationColumns)>,
    /// Why others do not answer.
    silent: Vec<AdapterError>,
}

impl StockBySku for Finale {
    /// One alias each; a query of that size stays below 100 KB even with ten locations.
    const MAX_BATCH: usize = 50;

    async fn stock_by_sku(&self, ctx: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
        let (places, answer) = self.ask(ctx, &query).await?;
        let mut answers = SkuAnswers::default();
        for (index, sku) in query.skus.iter().enumerate() {
            match find_product(&answer.data, index, sku) {
                Found::Nothing => answers.errors.push(not_found(sku)),
                Found::One(node) => self.answer_one(sku, node, &places, &answer, &mut answers),
                Found::Several => {
                    let of = |(place, _): &(LocationId, _)| {
                        ambiguous(sku.clone(), place.clone(), answer.sent_at)
                    };
                    answers.levels.extend(places.answering.iter().map(of));
                    places.add_silence(sku, &mut answers);
                }
            }
        }
        Ok(answers)
    }
}

impl Finale {
    /// Asks with what is known of the account's columns, and once more when Finale knows better.
    async fn ask(&self, ctx: &Ctx, query: &SkuQuery) -> Result<(Places, GraphQlAnswer)> {
        let known = self.layout(ctx).await?;
        match self.ask_with(ctx, query, &known).await {
            Ok(asked) => Ok(asked),
            Err(Failure::GraphQl(_)) => {
                let fresh = self.read_layout(ctx).await?;
                Ok(self.ask_with(ctx, query, &fresh).await?)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn ask_with(
        &self,
        ctx: &Ctx,
        query: &SkuQuery,
        layout: &Layout,
    ) -> Result<(Places, GraphQlAnswer), Failure> {
        let places = Places::of(layout, &query.locations).map_err(Failure::NoAnswer)?;
        let columns: Vec<&str> = places
            .answering
            .iter()
            .flat_map(|(_, columns)| columns.names())
            .collect();
        let answer = self
            .client
            .graphql(ctx, &products_query(&query.skus, &columns))
            .await?;
        Ok((places, answer))
    }

    fn answer_one(
        &self,
        sku: &Sku,
        node: Node<'_>,
        places: &Places,
        answer: &GraphQlAnswer,
        answers: &mut SkuAnswers,
    ) {
        for (location, columns) in &places.answering {
            match self.node_level(sku, location, columns, node, answer.sent_at) {
                Err(error) => answers.errors.push(failed(sku, &error)),
                Ok(level) => answers.levels.push(level),
            }
        }
        places.add_silence(sku, answers);
    }
}

fn not_found(sku: &Sku) -> SkuError {
    SkuError::not_found(sku.clone(), format!("Finale has no product `{sku}`"))
}

fn failed(sku: &Sku, error: &AdapterError) -> SkuError {
    SkuError::failed(sku.clone(), &error.message)
}

// === impl Places ===

impl Places {
    /// The locations asked for, or all that are active.
    ///
    /// # Errors
    /// When none of them can answer.
    fn of(layout: &Layout, asked: &[LocationId]) -> Result<Self> {
        let mut places = Self {
            answering: Vec::new(),
            silent: Vec::new(),
        };
        let active = || {
            layout
                .facilities
                .locations()
                .filter(|location| location.active)
                .map(|open| open.id.clone())
        };
        let wanted = if asked.is_empty() {
            active().collect()
        } else {
            asked.to_vec()
        };
        for id in wanted {
            let location = layout.facilities.find_location(&id);
            let location = location
                .ok_or_else(|| AdapterError::not_found(format!("Finale has no location `{id}`")));
            match location.and_then(|location| layout.columns(location)) {
                Ok(columns) => places.answering.push((id, columns)),
                Err(error) => places.silent.push(error),
            }
        }
        match places.silent.first() {
            Some(error) if places.answering.is_empty() => Err(error.clone()),
            _ => Ok(places),
        }
    }

    /// Says of a SKU that some of the locations asked for do not answer.
    fn add_silence(&self, sku: &Sku, answers: &mut SkuAnswers) {
        let silent = self.silent.iter().map(|error| failed(sku, error));
        answers.errors.extend(silent);
    }
}
