//! The demo's orders, imported as an operator would import them, and spread over the ship-from locations.

use anyhow::Context;
use tokio::io::AsyncRead;

use super::Options;
use super::scenario::Scenario;
use crate::daemon::Parts;
use crate::order::book::{Event, OrderBook};
use crate::order::import::Format;
use crate::order::import::mapping::Mapping;
use crate::order::{Order, OrderDraft, ShipFrom};
use crate::ship_from::ShipFromLocation;
use crate::store;
use crate::store::order::{Filter, put_many};

/// Orders handled at once.
const ORDERS_AT_ONCE: u32 = 1_000;

/// Imports the scenario's orders, or those of a file; every refused line is said.
pub(super) async fn import(
    parts: &Parts,
    scenario: &Scenario,
    options: &Options,
    say: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<()> {
    let (format, mapping, mut reader) = source(scenario, options).await?;
    say("importing orders");
    let book = OrderBook::open(parts.db.clone(), parts.clock.clone());
    let mut refused = |event: Event<'_>| {
        if let Event::Refused(refusal) = event {
            say(&format!("refused: {refusal}"));
        }
    };
    let report = book
        .import(
            parts.account.id,
            format,
            mapping,
            &mut *reader,
            &mut refused,
        )
        .await?;
    say(&format!(
        "{} lines read: {} taken, {} of them goods, {} refused; {} orders",
        report.lines,
        report.taken,
        report.goods,
        report.refused,
        report.orders()
    ));
    spread(parts, &book).await
}

async fn source(
    scenario: &Scenario,
    options: &Options,
) -> anyhow::Result<(Format, Mapping, Box<dyn AsyncRead + Send + Unpin>)> {
    let Some(path) = &options.orders else {
        let orders = scenario
            .orders
            .clone()
            .context("the simulated systems brought no orders")?;
        return Ok((
            Format::Ndjson,
            Mapping::default(),
            Box::new(std::io::Cursor::new(orders.into_bytes())),
        ));
    };
    let file = tokio::fs::File::open(path)
        .await
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    let mapping = options.map.as_deref().unwrap_or_default().parse()?;
    Ok((
        Format::find_by_name(&path.to_string_lossy()).unwrap_or(Format::Csv),
        mapping,
        Box::new(file),
    ))
}

/// Lets each order ship from the next location in turn; orders that name one keep it.
async fn spread(parts: &Parts, book: &OrderBook) -> anyhow::Result<()> {
    let locations = store::ship_from::list(&parts.db, parts.account.id).await?;
    let (mut after, mut turn) = (None, 0);
    loop {
        let page = book
            .list(
                parts.account.id,
                &Filter::default(),
                after.as_ref(),
                ORDERS_AT_ONCE,
            )
            .await?;
        let homeless = page
            .orders
            .into_iter()
            .filter(|order| order.ship_from_id.is_none());
        let drafts = homeless
            .zip(turn..)
            .map(|(order, turn)| at(order, &locations, turn))
            .collect();
        turn += ORDERS_AT_ONCE as usize;
        put_many(&parts.db, parts.account.id, drafts, parts.clock.now()).await?;
        let Some(next) = page.next else { return Ok(()) };
        after = Some(next);
    }
}

fn at(order: Order, locations: &[ShipFromLocation], turn: usize) -> OrderDraft {
    OrderDraft {
        number: order.number,
        status: Some(order.status),
        ship_from: ShipFrom::At(locations[turn % locations.len()].id),
        ordered_at: order.ordered_at,
        lines: order.lines,
        import: None,
    }
}
