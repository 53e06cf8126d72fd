//! Systems in trouble: what was known stays with its age, the connection says what happens and since when, and it
//! recovers by itself.

use std::time::Duration;

use bestand::connection::state::{ConnectionState, Moment, Status};
use bestand::id::ConnectionId;
use bestand_plugin_api::{Quantity, Timestamp};
use bestand_upstreams::finale::Fault as FinaleFault;
use bestand_upstreams::shopify::fault::{Fault as ShopifyFault, FaultRule};
use bestand_upstreams::shopify::stock::NewItem;

use crate::support::{FinaleSystem, Life, ShopifySystem, Site};

/// Longer than any wait before the next try.
const LONG_AFTER: Duration = Duration::from_secs(3_600);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn finale_in_any_trouble_keeps_the_old_counts_and_recovers_by_itself() {
    let faults = [
        (
            FinaleFault::RateLimited {
                retry_after_secs: 42,
            },
            "Finale's rate limit is used up",
        ),
        (FinaleFault::Status { code: 500 }, "Finale answered 500"),
        (FinaleFault::Status { code: 503 }, "Finale answered 503"),
        (FinaleFault::ErrorBody, "Finale answered with an error"),
        (
            FinaleFault::LoginPage,
            "Finale answered with its login page",
        ),
        (FinaleFault::Truncated, ""),
        (FinaleFault::Reset, "cannot be reached"),
    ];
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 0);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    for (count, (fault, said)) in (1_i64..).zip(faults) {
        system.finale.set_stock("A", "Berlin", count);
        system.finale.fault(fault.clone());
        stays_as_it_was(&life, connection.id, ("Berlin", count - 1), said).await;
        system.finale.clear_faults();
        recovers(&site, &life, connection.id, ("Berlin", count)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_in_any_trouble_keeps_the_old_counts_and_recovers_by_itself() {
    let status = |code| ShopifyFault::Status {
        code,
        retry_after_secs: None,
    };
    let faults = [
        (
            ShopifyFault::Status {
                code: 429,
                retry_after_secs: Some(30),
            },
            "shopify asks to slow down (429)",
        ),
        (status(500), "shopify answered 500"),
        (status(503), "shopify answered 503"),
        (ShopifyFault::HtmlBody, ""),
        (ShopifyFault::InternalError, "shopify failed inside"),
        (ShopifyFault::Reset, "cannot be reached"),
        (ShopifyFault::Throttled, "throttle"),
    ];
    let site = Site::with(&["shopify"]);
    let system = ShopifySystem::start(&site).await;
    let item = system
        .shop
        .add_items([NewItem::sku("A").at(system.main, 0)])[0];
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    for (count, (fault, said)) in (1..).zip(faults) {
        system
            .shop
            .set_quantity(item, system.main, "available", count);
        system.shop.fault(FaultRule::always(fault.clone()));
        stays_as_it_was(&life, connection.id, ("Main", i64::from(count - 1)), said).await;
        system.shop.clear_faults();
        recovers(&site, &life, connection.id, ("Main", i64::from(count))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bulk_operation_that_goes_wrong_never_leaves_a_part_of_the_stock_out() {
    let faults = [
        ShopifyFault::BulkFailed,
        ShopifyFault::BulkCanceled,
        ShopifyFault::WrongObjectCount,
        ShopifyFault::TruncatedJsonl,
        ShopifyFault::ExpiredUrl,
        ShopifyFault::AnswerLost,
    ];
    let site = Site::with(&["shopify"]);
    let system = ShopifySystem::start(&site).await;
    let seeds = (0..40).map(|number| NewItem::sku(format!("S{number:02}")).at(system.main, 0));
    let items = system.shop.add_items(seeds);
    let life = site.start().await;
    let connection = life.connect(system.connection_with_bulk_above(10)).await;
    life.ready(connection.id).await;
    for (count, fault) in (1..).zip(faults) {
        for item in &items {
            system
                .shop
                .set_quantity(*item, system.main, "available", count);
        }
        system.shop.fault(fault.clone());
        site.advance(Duration::from_secs(1));
        life.ask_for_sync(connection.id, true);
        life.until(
            connection.id,
            "through with it",
            is_through(site.clock.now()),
        )
        .await;
        syncs_by_itself(&site, &life, connection.id).await;
        let stock = life.stock(connection.id).await;
        let wanted = Some(Quantity::units(i64::from(count)));
        assert_eq!(stock.len(), items.len(), "{fault:?}");
        for (place, held) in stock {
            assert_eq!(
                (held.available, held.absent),
                (wanted, false),
                "{place:?}: {fault:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_answer_is_waited_for() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    system.finale.fault(FinaleFault::SlowBody { pause_ms: 20 });
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    assert_eq!(life.stock(connection.id).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_is_kept_until_the_time_the_system_names() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.fault(FinaleFault::RateLimited {
        retry_after_secs: 42,
    });
    let life = site.start().await;
    let connection = life.connect(system.connection()).await;
    let began_at = site.clock.now();
    life.degraded(connection.id).await;
    let state = life.connections.status(connection.id).unwrap().state;
    let ConnectionState::Degraded {
        since, next_try_at, ..
    } = state
    else {
        panic!("{state:?}")
    };
    assert_eq!(since, Moment(began_at));
    assert_eq!(next_try_at, Moment(began_at.after(Duration::from_secs(42))));
    let tried = system.finale.requests().len();
    system.finale.clear_faults();
    site.advance(Duration::from_secs(41));
    assert_eq!(system.finale.requests().len(), tried);
    site.advance(Duration::from_secs(1));
    life.ready(connection.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_that_lasts_is_told_since_its_beginning_and_tried_less_and_less() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.fault(FinaleFault::Status { code: 503 });
    let life = site.start().await;
    let connection = life.connect(system.connection()).await;
    life.degraded(connection.id).await;
    let began_at = site.clock.now();
    let mut last_wait = Duration::ZERO;
    for _ in 0..5 {
        let (since, next_try_at) = trouble(&life, connection.id);
        assert_eq!(since, began_at);
        let wait = next_try_at.since(site.clock.now());
        assert!(wait > last_wait / 2, "{wait:?} after {last_wait:?}");
        last_wait = wait;
        site.advance(wait);
        let tried_again = |status: &Status| match status.state {
            ConnectionState::Degraded {
                next_try_at: next, ..
            } => next.0 > next_try_at,
            _ => false,
        };
        life.until(connection.id, "tried again", tried_again).await;
    }
    assert!(last_wait > Duration::from_secs(15), "{last_wait:?}");
}

fn trouble(life: &Life, id: ConnectionId) -> (Timestamp, Timestamp) {
    match life.connections.status(id).map(|status| status.state) {
        Some(ConnectionState::Degraded {
            since, next_try_at, ..
        }) => (since.0, next_try_at.0),
        state => panic!("{state:?}"),
    }
}

/// A sync fails with this reason; the level is what it was, with the age it has.
async fn stays_as_it_was(life: &Life, id: ConnectionId, (place, count): (&str, i64), said: &str) {
    let source = life.source(id, place).await;
    let before = life.level(&source, "A").await;
    life.ask_for_sync(id, true);
    let reason = life.degraded(id).await;
    assert!(reason.contains(said), "`{reason}` says `{said}`");
    let held = life.level(&source, "A").await;
    assert_eq!(held, before);
    assert_eq!(
        held.and_then(|held| held.available),
        Some(Quantity::units(count))
    );
}

/// After the wait the level is the new one, as of now.
async fn recovers(site: &Site, life: &Life, id: ConnectionId, (place, count): (&str, i64)) {
    syncs_by_itself(site, life, id).await;
    let source = life.source(id, place).await;
    let held = life.level(&source, "A").await.expect("a level");
    let expected = (Some(Quantity::units(count)), site.clock.now());
    assert_eq!((held.available, held.as_of), expected);
}

/// It syncs once the time has come, without being told to.
async fn syncs_by_itself(site: &Site, life: &Life, id: ConnectionId) {
    site.advance(LONG_AFTER);
    let now = site.clock.now();
    let synced = |status: &Status| {
        status.state == ConnectionState::Ready && status.last_sync_at.is_some_and(|at| at.0 >= now)
    };
    life.until(id, "synced by itself", synced).await;
}

/// The sync that was asked for at this time has come to its end, whichever.
fn is_through(asked_at: Timestamp) -> impl Fn(&Status) -> bool {
    move |status| match &status.state {
        ConnectionState::Degraded { .. } => true,
        ConnectionState::Ready => status.last_sync_at.is_some_and(|at| at.0 >= asked_at),
        _ => false,
    }
}
