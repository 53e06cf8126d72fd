//! While an order is looked at, its SKUs are asked for: at once, together with whoever asks the same, and no longer
//! than the deadline.

use std::time::{Duration, Instant};

use bestand::connection::ConnectionPatch;
use bestand::live_query::Said;
use bestand_plugin_api::Quantity;
use bestand_upstreams::finale::{Fault as FinaleFault, Stock};
use bestand_upstreams::shopify::fault::{Fault as ShopifyFault, FaultRule};
use bestand_upstreams::shopify::stock::NewItem;
use futures::future::join_all;

use crate::support::{FinaleSystem, ShopifySystem, Site, find, on_both_engines, sku};

/// How many look at orders at the same time.
const ASKERS: usize = 40;

on_both_engines! {
    async fn an_order_sees_what_the_system_has_now(database) {
        let site = Site::on(database, &["finale"]);
        let system = FinaleSystem::start(&site).await;
        system.finale.set_stock("A", "Berlin", 5);
        let life = site.start().await;
        let connection = life.connected(system.connection()).await;
        let berlin = life.source(connection.id, "Berlin").await;

        system.finale.set_stock("A", "Berlin", 2);
        site.advance(Duration::from_secs(1));
        let said = life.ask(&berlin, &[sku("A"), sku("NOBODY-KNOWS")]).await;
        let expected = Said { unknown: vec![sku("NOBODY-KNOWS")], ..Said::default() };
        assert_eq!(said, expected);
        let held = life.level(&berlin, "A").await.unwrap();
        assert_eq!((held.available, held.as_of), (Some(Quantity::units(2)), site.clock.now()));
        assert_eq!(life.level(&berlin, "NOBODY-KNOWS").await, None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_answers_orders_too() {
    let site = Site::with(&["shopify"]);
    let system = ShopifySystem::start(&site).await;
    let item = system
        .shop
        .add_items([NewItem::sku("A \"quoted\" \\ OR sku:B").at(system.main, 5)])[0];
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let main = life.source(connection.id, "Main").await;
    system.shop.set_quantity(item, system.main, "available", 2);
    site.advance(Duration::from_secs(1));
    let wanted = [sku("A \"quoted\" \\ OR sku:B"), sku("B")];
    let said = life.ask(&main, &wanted).await;
    assert_eq!((said.unknown, said.trouble), (vec![sku("B")], None));
    let held = life.level(&main, &wanted[0]).await.unwrap();
    assert_eq!(held.available, Some(Quantity::units(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_ask_the_same_are_one_request() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let berlin = life.source(connection.id, "Berlin").await;
    system.finale.forget_requests();
    system
        .finale
        .fault(FinaleFault::SlowBody { pause_ms: 20 }.on("graphql"));
    let wanted = [sku("A"), sku("B")];
    let said = join_all((0..ASKERS).map(|_| life.ask(&berlin, &wanted))).await;
    assert_eq!(system.requests_of("graphql"), 1);
    let expected = Said {
        unknown: vec![sku("B")],
        ..Said::default()
    };
    assert!(said.iter().all(|said| *said == expected), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_ask_different_skus_share_few_requests() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    let codes: Vec<String> = (0..ASKERS).map(|number| format!("S{number}")).collect();
    system
        .finale
        .stock(codes.iter().map(|code| Stock::on_hand(code, "Berlin", 3)));
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let berlin = life.source(connection.id, "Berlin").await;
    system.finale.forget_requests();
    system
        .finale
        .fault(FinaleFault::SlowBody { pause_ms: 20 }.on("graphql"));
    let wanted: Vec<_> = codes.iter().map(|code| [sku(code)]).collect();
    let said = join_all(wanted.iter().map(|skus| life.ask(&berlin, skus))).await;
    assert!(said.iter().all(|said| *said == Said::default()), "{said:?}");
    assert!(
        system.requests_of("graphql") <= ASKERS / 4,
        "{}",
        system.requests_of("graphql")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_deadline_is_kept_and_a_late_answer_is_still_stored() {
    let site = Site::with(&["shopify"]);
    let system = ShopifySystem::start(&site).await;
    let item = system
        .shop
        .add_items([NewItem::sku("A").at(system.main, 5)])[0];
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let main = life.source(connection.id, "Main").await;
    system.shop.set_quantity(item, system.main, "available", 2);
    system
        .shop
        .fault(FaultRule::always(ShopifyFault::Slow { millis: 400 }));
    let began = Instant::now();
    let said = life
        .ask_within(&main, &[sku("A")], Duration::from_millis(100))
        .await;
    assert!(
        began.elapsed() < Duration::from_millis(390),
        "{:?}",
        began.elapsed()
    );
    let trouble = said.trouble.unwrap();
    assert_eq!(
        trouble.to_string(),
        "the other system did not answer within 100 ms"
    );
    assert_eq!(trouble.advice(), "look again in a moment");
    find("the late answer", async || {
        let held = life.level(&main, "A").await?;
        (held.available == Some(Quantity::units(2))).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_that_stops_in_the_middle_of_its_answer_holds_no_order_up() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let berlin = life.source(connection.id, "Berlin").await;
    let before = life.level(&berlin, "A").await;
    system.finale.fault(FinaleFault::StalledBody.on("graphql"));
    let began = Instant::now();
    let said = life.ask(&berlin, &[sku("A")]).await;
    assert!(
        began.elapsed() < Duration::from_millis(2_500),
        "{:?}",
        began.elapsed()
    );
    assert!(said.trouble.is_some());
    assert_eq!(life.level(&berlin, "A").await, before);
    system.finale.clear_faults();
    assert_eq!(
        life.ask(&berlin, &[sku("A")]).await,
        Said::default(),
        "the next one is answered"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_goes_wrong_there_the_order_is_told_why_and_the_count_stays() {
    let faults = [
        FinaleFault::RateLimited {
            retry_after_secs: 42,
        },
        FinaleFault::Status { code: 500 },
        FinaleFault::ErrorBody,
        FinaleFault::LoginPage,
        FinaleFault::Truncated,
        FinaleFault::Reset,
        FinaleFault::GzipBomb { inflated_mib: 64 },
    ];
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let berlin = life.source(connection.id, "Berlin").await;
    let before = life.level(&berlin, "A").await;
    for fault in faults {
        system.finale.fault(fault.clone());
        let said = life.ask(&berlin, &[sku("A")]).await;
        assert!(
            said.trouble
                .is_some_and(|trouble| !trouble.to_string().is_empty()),
            "{fault:?}"
        );
        assert_eq!(said.unknown, [], "{fault:?}: not to be had is not unknown");
        assert_eq!(life.level(&berlin, "A").await, before, "{fault:?}");
        system.finale.clear_faults();
        find("an answer again", async || {
            let said = life.ask(&berlin, &[sku("A")]).await;
            (said == Said::default()).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_connection_says_so_and_asks_nothing() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let berlin = life.source(connection.id, "Berlin").await;
    let pause = ConnectionPatch {
        paused: Some(true),
        ..ConnectionPatch::default()
    };
    life.change(&connection, pause).await;
    life.until(connection.id, "paused", |status| {
        status.state.word() == "paused"
    })
    .await;
    system.finale.forget_requests();
    let said = life.ask(&berlin, &[sku("A")]).await;
    assert_eq!(
        said.trouble.map(|trouble| trouble.to_string()).as_deref(),
        Some("the connection is paused")
    );
    site.advance(Duration::from_secs(10_000));
    assert!(system.finale.requests().is_empty());
    let held = life.level(&berlin, "A").await.unwrap();
    assert_eq!(held.available, Some(Quantity::units(5)));
}
