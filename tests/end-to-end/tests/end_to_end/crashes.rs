//! A library that ends its process hurts the call under way; the process is started anew, and nobody else notices.

use std::time::Duration;

use bestand::plugin::sandbox::health::Phase;
use bestand_plugin_api::Quantity;

use crate::support::misbehaving::{behaving, health};
use crate::support::neighbour::Neighbour;
use crate::support::{Life, Site, find, sku};

/// How a process ends, and what is then said of it.
const ENDS: [(&str, &str, &str); 4] = [
    ("segfault", "SIGSEGV, an access to memory", ""),
    ("abort", "SIGABRT, an abort of its own", "told to abort"),
    ("stack_overflow", "SIGABRT", "has overflowed its stack"),
    (
        "eight_gib",
        "SIGABRT",
        "memory allocation of 8589934592 bytes failed",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_ends_is_started_anew_and_its_end_is_told() {
    let site = Site::with(&["misbehaving", "warehouse"]);
    let life = site.start().await;
    let neighbour = Neighbour::of(&life).await;
    let well = life.connected(behaving("well", "none", "check")).await;
    for (restarts, (fault, why, word)) in (1..).zip(ENDS) {
        let connection = life.connected(behaving(fault, fault, "stock_by_sku")).await;
        let place = life.source(connection.id, "The site").await;
        let trouble = life.ask(&place, &[sku("A")]).await.trouble.unwrap();
        assert_eq!(
            trouble.to_string(),
            "the adapter's process ended during the call; it is started anew",
            "{fault}"
        );
        neighbour.is_well(&life).await;

        let ended = find("its end", async || health(&life).last_end).await;
        assert!(ended.why.contains(why), "{fault}: {}", ended.why);
        let last_words = ended.stderr.join(" ");
        assert!(last_words.contains(word), "{fault}: {last_words}");

        // Its connections find themselves in another process, and go on.
        let again = life.source(well.id, "The site").await;
        find("well again", async || {
            life.ask(&again, &[sku("A")])
                .await
                .trouble
                .is_none()
                .then_some(())
        })
        .await;
        assert_eq!(health(&life).restarts, restarts);
        let held = life.level(&place, "A").await.unwrap();
        assert_eq!(
            held.available,
            Some(Quantity::units(5)),
            "what was known is kept"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_writes_on_the_socket_behind_our_back_ends_its_process_and_nothing_else() {
    let site = Site::with(&["misbehaving", "warehouse"]);
    let life = site.start().await;
    let neighbour = Neighbour::of(&life).await;
    let told = [
        ("garbage_frame", "a frame of the unknown kind 193"),
        ("oversized_frame", "a frame of 67108864 bytes; the most is"),
        (
            "foreign_frame",
            "it sent a frame that is not its to send: Call",
        ),
        ("same_number", "it asked twice under the number 7"),
    ];
    for (fault, why) in told {
        let connection = life.connected(behaving(fault, fault, "stock_by_sku")).await;
        let place = life.source(connection.id, "The site").await;
        let trouble = life.ask(&place, &[sku("A")]).await.trouble.unwrap();
        assert!(
            trouble
                .to_string()
                .contains("process ended during the call"),
            "{trouble:?}"
        );
        let is_it = async || {
            health(&life)
                .last_end
                .filter(|ended| ended.why.contains(why))
        };
        find(why, is_it).await;
        neighbour.is_well(&life).await;
        runs_again(&life).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_to_calls_that_nobody_made_are_nobodys_answers() {
    let site = Site::with(&["misbehaving"]);
    let life = site.start().await;
    let connection = life
        .connected(behaving("answers", "unasked_answers", "stock_by_sku"))
        .await;
    let place = life.source(connection.id, "The site").await;
    assert_eq!(life.ask(&place, &[sku("A")]).await.trouble, None);
    assert!(health(&life).last_end.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_loops_is_ended_though_nobody_waits_for_it_any_more() {
    let site = Site::with(&["misbehaving", "warehouse"]);
    let life = site.start().await;
    let neighbour = Neighbour::of(&life).await;
    let connection = life
        .connected(behaving("loops", "busy_loop", "stock_by_sku"))
        .await;
    let place = life.source(connection.id, "The site").await;
    let soon = Duration::from_millis(200);
    let trouble = life.ask_within(&place, &[sku("A")], soon).await.trouble;
    assert!(
        trouble
            .unwrap()
            .to_string()
            .contains("did not answer within 200 ms")
    );
    let ended = find("its end", async || {
        neighbour.is_well(&life).await;
        health(&life).last_end
    })
    .await;
    assert_eq!(
        ended.why,
        "it hung: it did not give its thread back for 10s"
    );
    runs_again(&life).await;
}

async fn runs_again(life: &Life) {
    find("running again", async || {
        (health(life).phase == Phase::Running).then_some(())
    })
    .await;
}
