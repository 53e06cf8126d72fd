//! `bestand explain`: why a stock level is what it is.

use bestand_plugin_api::{Quantity, Sku};
use clap::Args;
use serde::Serialize;

use super::context::{AccountArgument, Context};
use super::exit::Exit;
use super::output::{self, OutputArguments};
use super::source_arguments::SourceArguments;
use crate::event_log::EventLog;
use crate::explanation::{Explanation, MadeOf, SoldFrom};
use crate::source::InventorySource;
use crate::stock::{BookOptions, Held, StockBook};
use crate::verdict::part;

/// Levels held in memory: only a few are read.
const LEVELS_MAX: usize = 1_000;

/// Say why a stock level is what it is, at each source that knows the article
///
/// What its number is made of, what brought it and what it was before, until when it counts, and what is left of it at
/// ship-from locations that keep a buffer. When the next sync is due, only the running daemon knows.
#[derive(Debug, Args)]
pub struct Explain {
    /// The article
    sku: Sku,
    #[command(flatten)]
    sources: SourceArguments,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    account: AccountArgument,
}

/// An explanation as it is printed.
#[derive(Debug, Serialize)]
struct Explained {
    source_id: String,
    source: String,
    sku: String,
    sellable: Option<Quantity>,
    made_of: MadeOf,
    as_of: Option<String>,
    stale_at: Option<String>,
    sentences: Vec<String>,
}

// === impl Explain ===

impl Explain {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let config = context.config()?;
        let db = Context::open_store(&config).await?;
        let account = self.account.find(&db, &context.clock).await?;
        let sources = self.sources.find(&db, account.id).await?;
        let event_log = EventLog::open(db.clone(), context.clock.clone());
        let options = BookOptions {
            levels_max: LEVELS_MAX,
        };
        let book = StockBook::open(db.clone(), context.clock.clone(), event_log, options);
        let mut all = Vec::new();
        for source in &sources {
            let max_age = source.max_age(config.sync.max_age);
            let explanation = Explanation::of(&db, &book, source, &self.sku, max_age).await?;
            if explanation.made_of != MadeOf::Nothing {
                all.push(Explained::of(source, &self.sku, &explanation));
            }
        }
        if all.is_empty() {
            output::note(&format!(
                "no source was ever heard to speak of `{}`",
                self.sku
            ));
        }
        self.output.one(&all, |all| {
            all.iter()
                .map(Explained::text)
                .collect::<Vec<_>>()
                .join("\n")
        })?;
        Ok(Exit::Done)
    }
}

// === impl Explained ===

impl Explained {
    fn of(source: &InventorySource, sku: &Sku, explanation: &Explanation) -> Self {
        let mut sentences = vec![made_of(explanation)];
        sentences.extend(explanation.parts().iter().map(|part| {
            let reason = part::reason(part).map_or_else(String::new, |why| format!(": {why}"));
            format!("{} has {}{reason}", part.name, count(part.available))
        }));
        sentences.extend(kept_apart(explanation));
        sentences.extend(brought_by(explanation));
        sentences.extend(explanation.sold_from.iter().filter_map(sold_from));
        Self {
            source_id: source.id.to_string(),
            source: source.name.clone(),
            sku: sku.to_string(),
            sellable: explanation.sellable,
            made_of: explanation.made_of,
            as_of: explanation.held().map(|held| held.as_of.to_string()),
            stale_at: explanation.stale_at.map(|at| at.to_string()),
            sentences,
        }
    }

    fn text(&self) -> String {
        let mut lines = vec![format!(
            "{} at {}: {}, as of {}, stale from {}",
            self.sku,
            self.source,
            count(self.sellable),
            output::or_dash(self.as_of.as_ref()),
            output::or_dash(self.stale_at.as_ref())
        )];
        lines.extend(
            self.sentences
                .iter()
                .map(|line| format!("  {}", output::on_one_line(line))),
        );
        lines.join("\n")
    }
}

fn made_of(explanation: &Explanation) -> String {
    let held = explanation.held();
    let number = |quantity: fn(&Held) -> Option<Quantity>| count(held.as_ref().and_then(quantity));
    match explanation.made_of {
        MadeOf::Available => "the source itself says how many are available".into(),
        MadeOf::OnHandLessAllocated => format!(
            "on hand {} less allocated {}",
            number(|held| held.on_hand),
            number(|held| held.allocated)
        ),
        MadeOf::OtherSources => "it is put together from other sources".into(),
        MadeOf::Absence => {
            "the last complete listing no longer named the article; this is what that means at its system".into()
        }
        MadeOf::NoCount => "the source knows the article, but gives no number that is a count".into(),
        MadeOf::Nothing => "the source was never heard to speak of the article".into(),
    }
}

/// What of it is in another condition or of a lot, and what it cost.
fn kept_apart(explanation: &Explanation) -> Vec<String> {
    let Some(level) = &explanation.level else {
        return Vec::new();
    };
    let other = level.other.iter();
    let other = other.map(|(word, count)| format!("{count} are there but not for sale: {word}"));
    let lots = level.lots.iter().map(|lot| {
        let expires_at = lot
            .expires_at
            .map_or_else(String::new, |at| format!("; it expires on {at}"));
        format!("of lot {} there are {}{expires_at}", lot.id, lot.quantity)
    });
    let currency = level
        .currency
        .map_or_else(String::new, |code| format!(" {code}"));
    let cost = level
        .unit_cost
        .map(|cost| format!("one has cost {cost}{currency} on average"));
    other.chain(lots).chain(cost).collect()
}

fn brought_by(explanation: &Explanation) -> Option<String> {
    explanation.held()?;
    let Some(change) = &explanation.brought_by else {
        return Some(
            "it has been this since it was first seen, or for longer than changes are kept".into(),
        );
    };
    let by = match (&change.cause.actor, change.cause.run) {
        (Some(actor), _) => format!(" by {actor}"),
        (None, Some(run)) => format!(", run {run}"),
        (None, None) => String::new(),
    };
    Some(format!(
        "brought on {} ({}{by}); before, it was {}",
        change.changed_at,
        change.cause.kind.as_str(),
        count(change.before.sellable())
    ))
}

/// Nothing of a location that keeps nothing back.
fn sold_from(place: &SoldFrom) -> Option<String> {
    let location = &place.location;
    (!location.buffer.is_none()).then(|| {
        format!(
            "{} keeps {} back, so {} can be sold from there",
            location.name,
            location.buffer,
            count(place.sellable)
        )
    })
}

fn count(quantity: Option<Quantity>) -> String {
    quantity.map_or_else(|| "unknown".into(), |quantity| quantity.to_string())
}
