//! An adapter that goes wrong in any way hurts its own connection and nobody else, and the state says what to do.

use std::time::{Duration, Instant};

use bestand::config::adapter::Isolation;
use bestand::connection::Connection;
use bestand::connection::state::{ConnectionState, Status};
use bestand_plugin_api::Quantity;
use serde_json::json;

use crate::support::misbehaving::behaving;
use crate::support::neighbour::Neighbour;
use crate::support::{FinaleSystem, Life, Site, find, in_both_places, sku};

in_both_places![
    a_panic_anywhere_is_a_state_that_names_the_publisher,
    an_instance_that_panics_when_it_is_let_go_takes_nothing_with_it,
    a_panic_in_a_query_is_told_to_the_order_and_the_next_one_is_answered_anew,
    answers_that_are_garbage_are_refused_and_tried_again,
    lies_about_levels_do_not_become_counts,
    a_query_that_hangs_is_given_up_at_the_deadline,
    a_flood_of_the_log_is_cut_and_the_work_goes_on,
    a_connection_that_panics_is_well_again_once_its_settings_are_changed,
    listings_that_lead_nowhere_are_stopped_or_hold_nobody_else_up,
    quantities_that_are_no_quantities_are_refused,
    an_error_that_does_not_end_is_cut_to_a_sentence,
    what_goes_wrong_in_one_connection_stays_out_of_another_of_the_same_adapter,
];

async fn a_panic_anywhere_is_a_state_that_names_the_publisher(isolation: Isolation) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;
    let well = life.connect(behaving("well", "none", "check")).await;
    for at in ["open", "check", "locations", "list_stock"] {
        let connection = life.connect(behaving(at, "panic", at)).await;
        let (reason, advice) = life.needs_attention(connection.id).await;
        assert!(
            reason.starts_with("the adapter panicked: told to panic"),
            "{at}: {reason}"
        );
        assert_eq!(
            advice,
            "this is a fault of the adapter; report it to nobody@misbehaving.example"
        );
    }
    life.ready(well.id).await;
    goes_on(&site, &life, &well).await;
}

async fn an_instance_that_panics_when_it_is_let_go_takes_nothing_with_it(isolation: Isolation) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;
    let well = life.connect(behaving("well", "none", "check")).await;
    let replaced = life
        .connect(behaving("replaced", "panic_on_drop", "check"))
        .await;
    let kept = life
        .connect(behaving("kept", "panic_on_drop", "check"))
        .await;
    for connection in [&well, &replaced, &kept] {
        life.ready(connection.id).await;
    }
    let mend = bestand::connection::ConnectionPatch {
        settings: Some(json!({ "fault": "none" })),
        ..Default::default()
    };
    life.change(&replaced, mend).await;
    life.ready(replaced.id).await;
    goes_on(&site, &life, &well).await;
}

async fn a_panic_in_a_query_is_told_to_the_order_and_the_next_one_is_answered_anew(
    isolation: Isolation,
) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;
    let connection = life
        .connect(behaving("panics", "panic", "stock_by_sku"))
        .await;
    life.ready(connection.id).await;
    let place = life.source(connection.id, "The site").await;
    for _ in 0..3 {
        let trouble = life.ask(&place, &[sku("A")]).await.trouble.unwrap();
        assert!(trouble.to_string().contains("told to panic"), "{trouble:?}");
    }
    let held = life.level(&place, "A").await.unwrap();
    assert_eq!(held.available, Some(Quantity::units(5)));
    goes_on(&site, &life, &connection).await;
}

async fn answers_that_are_garbage_are_refused_and_tried_again(isolation: Isolation) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;
    let well = life.connect(behaving("well", "none", "check")).await;
    for fault in ["garbage", "other_type", "oversized", "empty"] {
        for at in ["check", "locations", "list_stock"] {
            let connection = life
                .connect(behaving(&format!("{fault} {at}"), fault, at))
                .await;
            let reason = life.degraded(connection.id).await;
            assert!(
                reason.contains("message") || reason.contains("response"),
                "{fault}: {reason}"
            );
            assert!(life.stock(connection.id).await.is_empty());
        }
    }
    life.ready(well.id).await;
    goes_on(&site, &life, &well).await;
}

async fn listings_that_lead_nowhere_are_stopped_or_hold_nobody_else_up(isolation: Isolation) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;
    let well = life.connect(behaving("well", "none", "check")).await;
    for fault in ["stuck_cursor", "huge_cursor"] {
        let connection = life.connect(behaving(fault, fault, "list_stock")).await;
        let (reason, advice) = life.needs_attention(connection.id).await;
        assert!(reason.contains("cursor"), "{reason}");
        assert!(advice.contains("nobody@misbehaving.example"), "{advice}");
    }
    for fault in ["endless_listing", "endless_pending"] {
        let connection = life.connect(behaving(fault, fault, "list_stock")).await;
        let syncs = |status: &Status| matches!(status.state, ConnectionState::Syncing { .. });
        life.until(connection.id, "syncing", syncs).await;
    }
    life.ready(well.id).await;
    goes_on(&site, &life, &well).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_is_answered_while_a_listing_does_not_come_to_its_end() {
    let site = Site::with(&["misbehaving"]);
    let life = site.start().await;
    let connection = life.connect(behaving("hangs", "hang", "list_stock")).await;
    let syncs = |status: &Status| matches!(status.state, ConnectionState::Syncing { .. });
    life.until(connection.id, "syncing", syncs).await;
    let check = life.connections.check(life.account, connection.id);
    let checked = tokio::time::timeout(Duration::from_secs(20), check).await;
    let account = checked
        .expect("an answer before the listing's deadline")
        .unwrap();
    assert_eq!(account.name, "misbehaving");
}

async fn lies_about_levels_do_not_become_counts(isolation: Isolation) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;

    let twice = life
        .connect(behaving("twice", "duplicate_skus", "list_stock"))
        .await;
    life.ready(twice.id).await;
    let place = life.source(twice.id, "The site").await;
    assert_eq!(
        life.level(&place, "A").await.unwrap().available,
        Some(Quantity::units(7))
    );
    assert_eq!(life.stock(twice.id).await.len(), 3);

    let elsewhere = life
        .connect(behaving("elsewhere", "foreign_location", "list_stock"))
        .await;
    life.ready(elsewhere.id).await;
    assert_eq!(life.sources(elsewhere.id).await.len(), 1);
    let place = life.source(elsewhere.id, "The site").await;
    assert_eq!(
        life.level(&place, "A").await.unwrap().available,
        Some(Quantity::units(5))
    );

    let numberless = life
        .connect(behaving("numberless", "no_numbers", "list_stock"))
        .await;
    life.ready(numberless.id).await;
    let place = life.source(numberless.id, "The site").await;
    let held = life.level(&place, "A").await;
    assert_eq!(
        held.and_then(|held| held.available),
        None,
        "unknown is not zero"
    );

    let unasked = life
        .connect(behaving("unasked", "unasked_skus", "stock_by_sku"))
        .await;
    life.ready(unasked.id).await;
    let place = life.source(unasked.id, "The site").await;
    let before = life.level(&place, "B").await;
    site.advance(Duration::from_secs(1));
    life.ask(&place, &[sku("A")]).await;
    assert_eq!(life.level(&place, "B").await, before, "nobody asked for it");
}

async fn a_query_that_hangs_is_given_up_at_the_deadline(isolation: Isolation) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;
    let connection = life
        .connect(behaving("hangs", "hang", "stock_by_sku"))
        .await;
    life.ready(connection.id).await;
    let place = life.source(connection.id, "The site").await;
    let began = Instant::now();
    let trouble = life
        .ask_within(&place, &[sku("A")], Duration::from_millis(200))
        .await
        .trouble;
    assert!(
        began.elapsed() < Duration::from_secs(1),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(
        trouble.unwrap().to_string(),
        "the other system did not answer within 200 ms"
    );
    goes_on(&site, &life, &connection).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_that_hangs_is_given_up_and_told() {
    let site = Site::with(&["misbehaving"]);
    let life = site.start().await;
    let hangs = life.connect(behaving("hangs", "hang", "check")).await;
    let well = life.connect(behaving("well", "none", "check")).await;
    life.ready(well.id).await;
    goes_on(&site, &life, &well).await;
    assert_eq!(life.degraded(hangs.id).await, "no answer within 30s");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adapter_that_blocks_its_thread_stops_no_other_adapter() {
    let site = Site::with(&["misbehaving", "finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let life = site.start().await;
    // `open` cannot wait, so it blocks the thread of all connections of its adapter.
    life.connect(behaving("blocks", "hang", "open")).await;
    let beside = life.connect(behaving("beside", "none", "check")).await;
    let finale = life.connect(system.connection()).await;
    life.ready(finale.id).await;
    goes_on(&site, &life, &finale).await;
    let berlin = life.source(finale.id, "Berlin").await;
    assert_eq!(life.ask(&berlin, &[sku("A")]).await.trouble, None);
    life.connections.stop(beside.id);
}

async fn a_flood_of_the_log_is_cut_and_the_work_goes_on(isolation: Isolation) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;
    let connection = life
        .connect(behaving("floods", "log_flood", "list_stock"))
        .await;
    life.ready(connection.id).await;
    let logged = crate::support::logs::all();
    let records = logged.lines().filter(|line| line.contains("flood")).count();
    assert!(records < 1_000, "{records} of 20,000");
    assert_eq!(life.stock(connection.id).await.len(), 3);
}

async fn a_connection_that_panics_is_well_again_once_its_settings_are_changed(
    isolation: Isolation,
) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;
    let connection = life
        .connect(behaving("mended", "panic", "list_stock"))
        .await;
    life.needs_attention(connection.id).await;
    let mend = bestand::connection::ConnectionPatch {
        settings: Some(json!({ "fault": "none" })),
        ..Default::default()
    };
    life.change(&connection, mend).await;
    life.ready(connection.id).await;
    find("its stock", async || {
        (life.stock(connection.id).await.len() == 3).then_some(())
    })
    .await;
}

async fn quantities_that_are_no_quantities_are_refused(isolation: Isolation) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;
    for fault in ["floats", "not_a_number"] {
        let connection = life.connect(behaving(fault, fault, "list_stock")).await;
        let reason = life.degraded(connection.id).await;
        assert!(reason.contains("unreadable message"), "{fault}: {reason}");
        assert!(life.stock(connection.id).await.is_empty());
    }
}

async fn an_error_that_does_not_end_is_cut_to_a_sentence(isolation: Isolation) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;
    let connection = life
        .connect(behaving("talks", "endless_error", "check"))
        .await;
    let reason = life.degraded(connection.id).await;
    assert!(reason.starts_with("a long story 2026"), "{reason}");
    assert!(reason.chars().count() <= 1_000 && !reason.contains(char::is_control));
}

async fn what_goes_wrong_in_one_connection_stays_out_of_another_of_the_same_adapter(
    isolation: Isolation,
) {
    let site = Site::placed(&["misbehaving"], isolation);
    let life = site.start().await;
    let honest = life.connected(behaving("honest", "none", "check")).await;
    // Both call their place by the same name, and this one says that there are seven.
    life.connected(behaving("lies", "duplicate_skus", "list_stock"))
        .await;
    life.connect(behaving("panics", "panic", "list_stock"))
        .await;
    goes_on(&site, &life, &honest).await;
    let place = life.source(honest.id, "The site").await;
    let held = life.level(&place, "A").await.unwrap();
    assert_eq!(held.available, Some(Quantity::units(5)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_destructor_that_takes_its_time_keeps_its_own_adapter_waiting() {
    let site = Site::with(&["misbehaving", "warehouse"]);
    let life = site.start().await;
    let neighbour = Neighbour::of(&life).await;
    let connection = life.connected(behaving("slow", "slow_drop", "check")).await;
    let mend = bestand::connection::ConnectionPatch {
        settings: Some(json!({ "fault": "none" })),
        ..Default::default()
    };
    life.change(&connection, mend).await;
    neighbour.is_well(&life).await;
    life.ready(connection.id).await;
    goes_on(&site, &life, &connection).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_requests_and_of_output_hold_nobody_else_up() {
    let site = Site::with(&["misbehaving", "warehouse"]);
    let life = site.start().await;
    let neighbour = Neighbour::of(&life).await;
    for fault in ["request_flood", "output_flood"] {
        let connection = life.connect(behaving(fault, fault, "list_stock")).await;
        let syncs = |status: &Status| {
            matches!(
                status.state,
                ConnectionState::Syncing { .. } | ConnectionState::Ready
            )
        };
        life.until(connection.id, "at its listing", syncs).await;
        for _ in 0..20 {
            neighbour.is_well(&life).await;
        }
        life.connections.stop(connection.id);
    }
}

/// A connection syncs again as if nobody were misbehaving beside it.
async fn goes_on(site: &Site, life: &Life, connection: &Connection) {
    life.sync(site, connection.id, true).await;
    let fresh = life.stock(connection.id).await;
    assert!(!fresh.is_empty());
    for (place, held) in fresh {
        assert_eq!(held.as_of, site.clock.now(), "{place:?}");
    }
}
