//! `bestand demo`: real orders answered from three kinds of systems, two of them simulated.

use std::path::PathBuf;

use clap::Args;

use super::exit::Exit;
use super::output::OutputArguments;
use super::{output, shutdown};
use crate::demo::{self, Summary};

/// The port that is shown in the documentation.
const LISTEN: &str = "127.0.0.1:7070";
/// A run that ends at once disturbs nobody.
const LISTEN_ONCE: &str = "127.0.0.1:0";

/// Show what Bestand does, with simulated systems and nothing to set up
///
/// Starts simulated inventory systems, loads the adapters from their libraries, connects, syncs, imports orders, links
/// three ship-from locations and answers every order; then serves until it is stopped. All it writes is a temporary
/// folder.
#[derive(Debug, Args)]
pub struct Demo {
    /// Your own orders, a CSV file, instead of the demo's; the simulated systems then stock its SKUs
    #[arg(long, value_name = "FILE")]
    orders: Option<PathBuf>,
    /// Which column of it is which, such as order_number=InvoiceNo,sku=StockCode,quantity=Quantity
    #[arg(long, value_name = "FIELD=COLUMN,…", requires = "orders")]
    map: Option<String>,
    /// End as soon as every order is answered
    #[arg(long)]
    once: bool,
    /// Where to listen; without it 127.0.0.1:7070, or a free port with --once
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    #[command(flatten)]
    output: OutputArguments,
}

// === impl Demo ===

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<Exit> {
        let Self {
            orders,
            map,
            once,
            listen,
            output: printer,
        } = self;
        let listen = listen.unwrap_or_else(|| if once { LISTEN_ONCE } else { LISTEN }.to_owned());
        let options = demo::Options {
            orders,
            map,
            listen,
        };
        let demo = tokio::select! {
            staged = demo::Demo::stage(&options, &|step| output::note(step)) => staged?,
            // Stopped on the way: what was begun is dropped here, and cleans up after itself.
            () = shutdown::asked() => return Ok(Exit::Done),
        };
        show(printer, &demo.summary)?;
        if once {
            demo.end().await?;
        } else {
            output::note("Ctrl-C stops it");
            demo.serve(shutdown::asked()).await?;
        }
        Ok(Exit::Done)
    }
}

fn show(printer: OutputArguments, summary: &Summary) -> anyhow::Result<()> {
    if printer.json {
        return Ok(printer.one(summary, |_| String::new())?);
    }
    printer.list(
        &summary.sources(),
        &[
            ("Heading", |source| source.heading.clone()),
            ("Inventory source", |source| source.name.clone()),
            ("Status", |source| source.status.clone()),
            ("As of", |source| source.as_of.clone()),
        ],
    )?;
    printer.list(
        &summary.verdicts(),
        &[
            ("Verdict", |row| row.0.to_owned()),
            ("Orders", |row| row.1.to_string()),
        ],
    )?;
    Ok(output::line(&summary.hints())?)
}
