//! `bestand export orders`

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use serde::de::DeserializeOwned;

use crate::availability::{Adapters, Availability, AvailabilityOptions};
use crate::cli::context::{AccountArgument, Context};
use crate::cli::import::stock_writer::connections;
use crate::cli::output;
use crate::cli::progress::{Progress, Unit};
use crate::config::Config;
use crate::event_log::EventLog;
use crate::id::AccountId;
use crate::live_query::LiveQuery;
use crate::order::OrderStatus;
use crate::report::csv::CsvFile;
use crate::report::order::{LINE, Row};
use crate::stock::{BookOptions, StockBook};
use crate::store::Db;
use crate::store::order::Filter;
use crate::verdict::Verdict;

/// Orders read at once.
const PAGE_ORDERS: u32 = 500;

/// `bestand export orders`
#[derive(Debug, Args)]
pub struct Orders {
    /// Only those of this verdict: can_ship, short or unknown
    #[arg(long, value_parser = word::<Verdict>)]
    verdict: Option<Verdict>,
    /// Only those of this status: awaiting_shipment, on_hold, shipped or cancelled
    #[arg(long, value_parser = word::<OrderStatus>)]
    status: Option<OrderStatus>,
    /// Write to this file; without it to stdout
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    account: AccountArgument,
}

/// A word, as JSON has it.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

// === impl Orders ===

impl Orders {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let config = context.config()?;
        let db = Context::open_store(&config).await?;
        let account = self.account.find(&db, &context.clock).await?.id;
        let availability = availability(context, &config, &db).await?;
        let Some(path) = &self.output else {
            return self
                .write(&availability, account, Box::new(io::stdout()))
                .await
                .map(drop);
        };
        // Under another name until it is whole: a file that is cut off looks like one that is not.
        let draft = path.with_added_extension("part");
        let cannot = || format!("cannot write `{}`", path.display());
        let file = File::create(&draft).with_context(cannot)?;
        let count = self.write(&availability, account, Box::new(file)).await?;
        fs::rename(&draft, path).with_context(cannot)?;
        output::note(&format!("{count} orders are in `{}`", path.display()));
        Ok(())
    }

    async fn write(
        &self,
        availability: &Availability,
        account: AccountId,
        target: Box<dyn Write + Send>,
    ) -> anyhow::Result<u64> {
        let filter = Filter {
            status: self.status,
            ..Filter::default()
        };
        let mut file = CsvFile::begin(LINE, target)?;
        let (mut done, mut after) = (0, None);
        let mut progress = Progress::new(Unit::Rows, None);
        loop {
            let page = availability
                .list(account, &filter, self.verdict, after.as_ref(), PAGE_ORDERS)
                .await?;
            let rows: Vec<Row> = page.orders.iter().flat_map(Row::all).collect();
            file.write(&rows)?;
            done += page.orders.len() as u64;
            progress.set(done, || format!("{done} orders"));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        progress.finish();
        file.finish()?;
        Ok(done)
    }
}

/// Answers by what is stored: no connection of it is opened.
async fn availability(context: &Context, config: &Config, db: &Db) -> anyhow::Result<Availability> {
    let clock = context.clock.clone();
    let connections = connections(context, config, db).await?;
    let options = BookOptions {
        levels_max: config.store.levels_max,
    };
    let event_log = EventLog::open(db.clone(), clock.clone());
    let book = StockBook::open(db.clone(), clock.clone(), event_log, options);
    let live_query = LiveQuery::new(db.clone(), book.clone(), clock.clone(), connections.clone());
    let adapters = Arc::new(Adapters::new(db.clone(), live_query, connections));
    let options = AvailabilityOptions {
        max_age: config.sync.max_age,
        live_query: config.sync.live_query,
    };
    Ok(Availability::new(
        db.clone(),
        book,
        clock,
        adapters,
        options,
    ))
}
