//! Calls that get in each other's way lose nothing.

use bestand_plugin_api::{ErrorKind, LocationChange, WriteOutcome};
use futures::future::join_all;

use crate::support::{Shop, adjust, main_site, operation, reserve, set};

#[tokio::test]
async fn a_commit_that_meets_another_is_worked_out_anew() {
    let shop = Shop::open().await;
    shop.apply(operation("1", "A", &main_site(), set(5))).await;
    shop.host.conflict(7);
    shop.apply(operation("2", "A", &main_site(), adjust(-5)))
        .await;
    assert_eq!(shop.numbers("A", &main_site()).await, (0, 0, 0));
}

#[tokio::test]
async fn a_warehouse_that_never_gets_a_turn_gives_up_without_having_changed_anything() {
    let shop = Shop::open().await;
    shop.apply(operation("1", "A", &main_site(), set(5))).await;
    let before = shop.host.state();
    shop.host.conflict(1000);
    let given_up = shop
        .connection
        .write_stock(&[operation("2", "A", &main_site(), set(6))])
        .await;
    assert_eq!(given_up.unwrap_err().kind, ErrorKind::Transient);
    let change = LocationChange::create("Second");
    let given_up = shop.connection.change_location(&change).await;
    assert_eq!(given_up.unwrap_err().kind, ErrorKind::Transient);
    assert_eq!(shop.host.state(), before);
}

#[tokio::test]
async fn the_last_pieces_are_promised_once_however_many_ask_at_once() {
    let shop = Shop::open().await;
    shop.apply(operation("count", "A", &main_site(), set(10)))
        .await;
    shop.host.interleave();
    let orders = (0..30).map(|number| {
        let promise = operation(&format!("order {number}"), "A", &main_site(), reserve(1));
        shop.write(vec![promise])
    });
    let outcomes = join_all(orders).await.concat();
    let promised = outcomes
        .iter()
        .filter(|outcome| **outcome == WriteOutcome::Applied)
        .count();
    assert_eq!(promised, 10);
    assert_eq!(shop.numbers("A", &main_site()).await, (10, 10, 0));
}

#[tokio::test]
async fn the_same_operation_sent_twice_at_once_counts_once() {
    let shop = Shop::open().await;
    shop.host.interleave();
    let once = || shop.write(vec![operation("same", "A", &main_site(), adjust(5))]);
    let outcomes = join_all([once(), once(), once()]).await.concat();
    assert!(
        outcomes
            .iter()
            .all(|outcome| *outcome == WriteOutcome::Applied)
    );
    assert_eq!(shop.numbers("A", &main_site()).await, (5, 0, 5));
}

#[tokio::test]
async fn a_warehouse_is_founded_once_however_many_come_first() {
    let shop = Shop::open().await;
    shop.host.interleave();
    let listed = join_all((0..5).map(|_| shop.connection.locations())).await;
    assert!(listed.into_iter().all(|places| places.unwrap().len() == 1));
}

#[tokio::test]
async fn places_opened_at_once_have_ids_and_names_of_their_own() {
    let shop = Shop::open().await;
    shop.host.interleave();
    let names = ["A-1-1-1", "A-1-1-2", "A-1-1-2", "A-1-1-3"];
    let changes = names.map(|name| LocationChange::create_in(main_site(), name));
    let opened = join_all(
        changes
            .iter()
            .map(|change| shop.connection.change_location(change)),
    )
    .await;
    assert_eq!(opened.iter().filter(|place| place.is_ok()).count(), 3);
    let places = shop.connection.locations().await.unwrap();
    assert_eq!(places.len(), 4);
}

/// Whatever the order in which they get their turns, either the goods arrive before the place is removed, which is
/// then refused or writes them off, or they are refused. They never lie at a place that is gone.
#[tokio::test]
async fn goods_never_come_to_lie_at_a_place_that_is_being_removed() {
    for head_start in 0..12 {
        for discard_stock in [false, true] {
            let shop = Shop::open().await;
            let bin = shop.bin("main", "A-1-1-1").await;
            shop.host.interleave();
            let remove = match discard_stock {
                true => LocationChange::remove_with_stock(bin.clone()),
                false => LocationChange::remove(bin.clone()),
            };
            let removal = shop.connection.change_location(&remove);
            let arrival = async {
                for _ in 0..head_start {
                    tokio::task::yield_now().await;
                }
                shop.write(vec![operation("1", "A", &bin, set(5))])
                    .await
                    .remove(0)
            };
            let (removed, arrived) = tokio::join!(removal, arrival);

            let here: i64 = shop
                .connection
                .list_stock(None)
                .await
                .unwrap()
                .iter()
                .map(|level| crate::support::numbers(level).0)
                .sum();
            let (removed, arrived) = (removed.is_ok(), arrived == WriteOutcome::Applied);
            let places = shop.connection.locations().await.unwrap().len();
            assert_eq!(places, if removed { 1 } else { 2 });
            match (removed, arrived) {
                (true, true) => assert!(discard_stock && here == 0, "written off"),
                (true, false) => assert_eq!(here, 0),
                (false, true) => assert_eq!(here, 5),
                (false, false) => panic!("neither happened"),
            }
        }
    }
}
