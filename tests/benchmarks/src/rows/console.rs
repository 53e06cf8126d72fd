//! Pages of the console, over a million levels and a hundred thousand orders.

use std::fmt::Write;
use std::fs;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};
use bestand::api_key::Role;
use bestand::clock::Clock;
use bestand::secret::SecretText;
use bestand::store::{self, Db};
use bestand::user::{From, Users};
use bestand_flood::article;

use crate::bench::Bench;
use crate::daemon::Daemon;
use crate::figure::{Figure, Unit};
use crate::load::client::Client;
use crate::load::get;
use crate::row::{Row, Target};
use crate::site::Site;
use crate::stats::{median, percentile};

const TARGET: Target = Target::AtMost(50.0);
/// Times each page is asked for.
const LOOKS: usize = 40;
/// Lines of an order.
const LINES: u64 = 3;
/// Somebody who looks; of no use outside of this run.
const NAME: &str = "bench";
const PASSWORD: &str = "kettle orbit lantern quay";

pub(super) fn measure(bench: &mut Bench) -> anyhow::Result<Vec<Row>> {
    let orders = bench.sizes.orders;
    let stocked = bench.stocked()?;
    // It links a ship-from location to the flood's source.
    stocked.asker(Role::Reader)?;
    let (site, levels) = (stocked.site.clone(), stocked.levels);
    let file = bench.folder("orders")?.join("orders.csv");
    fs::write(&file, csv(orders, levels)?)?;
    import(&site, &file)?;
    let (token, source) = prepare(&site)?;
    let mut daemon = Daemon::start(&site)?;
    daemon.ask_until_answered(&get("/healthz", None))?;
    let mut client = Client::connect(daemon.address())?;
    let source = format!("/inventory-sources/{source}");
    let pages = [
        ("orders", "/orders"),
        ("orders that are short", "/orders?verdict=short"),
        ("orders of a number", "/orders?search=N-0007"),
        ("an order", "/orders/N-000071"),
        ("its panel", "/orders/N-000071/panel"),
        ("sources", "/inventory-sources"),
        ("orders nobody can judge", "/orders?verdict=unknown"),
        ("a source's levels", &source),
        ("ship-from locations", "/ship-from-locations"),
        ("connections", "/connections"),
        ("products", "/products"),
        ("activity", "/activity"),
        ("plugins", "/plugins"),
        ("status", "/status"),
    ];
    let mut rows = Vec::new();
    for (what, path) in pages {
        let millis = look(&mut client, path, &token)?;
        rows.push(Row {
            what: format!("page: {what}"),
            floor: None,
            bestand: Figure::new(median(&millis), Unit::Milliseconds),
            target: Some(TARGET),
            note: format!(
                "`{path}` over {orders} orders and {levels} levels; p99 {:.1} ms",
                percentile(&millis, 0.99)
            ),
        });
    }
    daemon.stop()?;
    Ok(rows)
}

/// How long each look took, in milliseconds, after one that is not counted.
fn look(client: &mut Client, path: &str, token: &str) -> anyhow::Result<Vec<f64>> {
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: bench\r\ncookie: bestand_session={token}\r\n\r\n");
    let mut millis = Vec::with_capacity(LOOKS);
    for look in 0..=LOOKS {
        let asked = Instant::now();
        let answer = client.ask(request.as_bytes())?;
        ensure!(answer.status == 200, "`{path}` answers {}", answer.status);
        if look > 0 {
            millis.push(asked.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok(millis)
}

/// Orders of articles that the source has; every eighth asks for more than there is.
fn csv(orders: u64, levels: u64) -> anyhow::Result<String> {
    let mut text = String::from("order_number,sku,quantity\n");
    for order in 0..orders {
        for line in 0..LINES {
            let sku = article::sku((order * 7919 + line * 104_729) % levels);
            let quantity = if order % 8 == 0 { 1_000_000 } else { 1 };
            writeln!(text, "N-{order:06},{},{quantity}", &*sku)?;
        }
    }
    Ok(text)
}

fn import(site: &Site, file: &std::path::Path) -> anyhow::Result<()> {
    let mut command = Command::new(&site.program);
    command.arg("--config").arg(&site.config);
    let output = command.args(["import", "orders"]).arg(file).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "the orders are not imported: {said}"
    );
    Ok(())
}

/// Lets orders ship from the source, and signs somebody in: the session's token, and the source.
fn prepare(site: &Site) -> anyhow::Result<(String, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (url, clock) = (
            format!("sqlite:{}", site.database.display()),
            Clock::system(),
        );
        let db = Db::open(&url).await?;
        let account = store::account::first(&db, clock.now()).await?.id;
        let mut locations = store::ship_from::list(&db, account).await?;
        let mut location = locations.pop().context("there is no ship-from location")?;
        location.is_default = true;
        store::ship_from::update(&db, &location).await?;
        let users = Users::new(db.clone(), clock);
        let password = SecretText::from(PASSWORD);
        users.add(account, NAME, Role::Reader, &password).await?;
        let from = From::default();
        let signed_in = users.sign_in(NAME, &password, &from).await?;
        let source = location.source_id.context("it is linked to nothing")?;
        db.close().await?;
        Ok((signed_in.token.reveal().to_owned(), source.to_string()))
    })
}
