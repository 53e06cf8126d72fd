//! What each operation does, and what it refuses.

use bestand_plugin_api::{
    Basis, Condition, LocationId, Quantity, StockChange, StockOperation, Timestamp, WriteOutcome,
};

use crate::support::{Shop, adjust, bring, main_site, operation, release, reserve, set, ship};

/// Applies the changes to article `A` at the main warehouse, then checks its numbers.
async fn check(changes: &[StockChange], numbers: (i64, i64, i64)) {
    let shop = Shop::open().await;
    for (number, change) in changes.iter().enumerate() {
        shop.apply(operation(
            &number.to_string(),
            "A",
            &main_site(),
            change.clone(),
        ))
        .await;
    }
    assert_eq!(
        shop.numbers("A", &main_site()).await,
        numbers,
        "{changes:?}"
    );
}

/// After the changes, the last one is refused for this reason and leaves everything as it was.
async fn check_refused(changes: &[StockChange], refused: StockChange, because: &str) {
    let shop = Shop::open().await;
    shop.connection.check().await.unwrap();
    for (number, change) in changes.iter().enumerate() {
        shop.apply(operation(
            &number.to_string(),
            "A",
            &main_site(),
            change.clone(),
        ))
        .await;
    }
    let before = shop.host.state();
    let reason = shop
        .refused(operation("last", "A", &main_site(), refused))
        .await;
    assert_eq!(reason, because);
    assert_eq!(shop.host.state(), before);
}

fn set_expecting(quantity: i64, expected: i64) -> StockChange {
    StockChange::Set {
        quantity: Quantity::units(quantity),
        expected: Some(Quantity::units(expected)),
    }
}

fn available(mut operation: StockOperation) -> StockOperation {
    operation.basis = Basis::Available;
    operation
}

#[tokio::test]
async fn available_is_what_is_on_hand_and_not_promised() {
    check(&[set(10)], (10, 0, 10)).await;
    check(&[set(0)], (0, 0, 0)).await;
    check(&[adjust(10), adjust(-3)], (7, 0, 7)).await;
    check(&[set(10), reserve(4)], (10, 4, 6)).await;
    check(&[set(10), reserve(4), release(3)], (10, 1, 9)).await;
    check(&[set(10), reserve(4), ship(3)], (7, 1, 6)).await;
    check(&[set(10), set_expecting(8, 10)], (8, 0, 8)).await;
}

#[tokio::test]
async fn a_count_may_find_less_than_was_promised() {
    check(&[set(10), reserve(8), set(5)], (5, 8, -3)).await;
}

#[tokio::test]
async fn taking_more_than_is_there_is_refused_whole() {
    check_refused(&[set(3)], adjust(-4), "only 3 of 4 are there").await;
    check_refused(&[], adjust(-1), "only 0 of 1 are there").await;
    check_refused(&[set(3), reserve(2)], reserve(2), "only 1 of 2 are there").await;
    check_refused(
        &[set(3), reserve(2)],
        release(3),
        "only 2 of 3 are promised",
    )
    .await;
    check_refused(&[set(3), reserve(2)], ship(3), "only 2 of 3 are promised").await;
    check_refused(
        &[set(3), reserve(3), set(2)],
        ship(3),
        "only 2 of 3 are there",
    )
    .await;
    check_refused(
        &[set(5), reserve(5), set(2)],
        reserve(1),
        "only -3 of 1 are there",
    )
    .await;
}

#[tokio::test]
async fn more_than_is_there_is_taken_where_the_operator_allows_it() {
    let shop = Shop::allowing_negative().await;
    let bin = shop.bin("main", "A-1-1-1").await;
    shop.apply(operation("1", "A", &bin, set(3))).await;
    shop.apply(operation("2", "A", &main_site(), adjust(-5)))
        .await;
    assert_eq!(shop.numbers("A", &main_site()).await, (-2, 0, -2));
    assert_eq!(shop.numbers("A", &bin).await, (0, 0, 0));
    let refused = shop.refused(operation("3", "A", &main_site(), reserve(1)));
    assert_eq!(refused.await, "only -2 of 1 are there");
    let refused = shop.refused(operation("4", "A", &main_site(), bring(1, &bin)));
    assert_eq!(refused.await, "only -2 of 1 are there");
    shop.apply(operation("5", "A", &main_site(), adjust(7)))
        .await;
    assert_eq!(shop.numbers("A", &main_site()).await, (5, 0, 5));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    check_refused(&[set(3)], set(-1), "-1 is less than zero").await;
    check_refused(&[set(3)], reserve(0), "0 is not more than zero").await;
    check_refused(&[set(3)], release(-1), "-1 is not more than zero").await;
    check_refused(
        &[set(3)],
        bring(-1, &main_site()),
        "-1 is not more than zero",
    )
    .await;
    check_refused(&[set(3)], bring(1, &main_site()), "it lies there already").await;
    check_refused(
        &[set(3)],
        bring(1, &"w7".into()),
        "there is no location `w7`",
    )
    .await;
    check_refused(&[set(3)], set(i64::MAX), "that is more than can be counted").await;
    check_refused(
        &[set(3)],
        adjust(i64::MIN),
        "only 3 of 9223372036854.775807 are there",
    )
    .await;
}

#[tokio::test]
async fn a_set_that_expects_another_number_is_refused() {
    check_refused(
        &[set(3)],
        set_expecting(9, 4),
        "4 were expected, but 3 are there",
    )
    .await;
    check_refused(&[], set_expecting(9, 4), "4 were expected, but 0 are there").await;
}

#[tokio::test]
async fn an_operation_may_be_about_what_can_be_sold() {
    let shop = Shop::open().await;
    shop.apply(operation("1", "A", &main_site(), set(10))).await;
    shop.apply(operation("2", "A", &main_site(), reserve(4)))
        .await;
    shop.apply(available(operation(
        "3",
        "A",
        &main_site(),
        set_expecting(20, 6),
    )))
    .await;
    assert_eq!(shop.numbers("A", &main_site()).await, (24, 4, 20));
    let reason = shop
        .refused(available(operation("4", "A", &main_site(), adjust(-21))))
        .await;
    assert_eq!(reason, "only 20 of 21 are there");
    shop.apply(operation("5", "A", &main_site(), adjust(-21)))
        .await;
    assert_eq!(shop.numbers("A", &main_site()).await, (3, 4, -1));
}

#[tokio::test]
async fn fractions_are_kept_exactly() {
    let shop = Shop::open().await;
    let tenth = StockChange::Adjust {
        delta: "0.1".parse().unwrap(),
    };
    for number in 0..10 {
        shop.apply(operation(
            &number.to_string(),
            "A",
            &main_site(),
            tenth.clone(),
        ))
        .await;
    }
    let level = shop.level("A", &main_site()).await;
    assert_eq!(level.quantities.available, Some(Quantity::units(1)));
}

#[tokio::test]
async fn one_refused_operation_leaves_the_others_of_its_batch_alone() {
    let shop = Shop::open().await;
    let outcomes = shop
        .write(vec![
            operation("1", "A", &main_site(), set(5)),
            operation("2", "A", &main_site(), adjust(-6)),
            operation("3", "B", &"nowhere".into(), set(1)),
            operation("4", "A", &main_site(), adjust(-5)),
            operation("5", "C", &main_site(), set(1)),
        ])
        .await;
    let applied: Vec<bool> = outcomes
        .iter()
        .map(|outcome| *outcome == WriteOutcome::Applied)
        .collect();
    assert_eq!(applied, [true, false, false, true, true]);
    assert_eq!(shop.numbers("A", &main_site()).await, (0, 0, 0));
    assert_eq!(shop.host.commits(), 2, "the founding and the batch");
}

#[tokio::test]
async fn stock_is_moved_between_locations_and_warehouses_whole() {
    let shop = Shop::open().await;
    let bin = shop.bin("main", "A-1-1-1").await;
    let second = shop.create("Second", None).await.id;
    shop.apply(operation("1", "A", &main_site(), set(10))).await;
    shop.apply(operation("2", "A", &main_site(), bring(4, &bin)))
        .await;
    assert_eq!(shop.numbers("A", &bin).await, (4, 0, 4));
    assert_eq!(shop.numbers("A", &main_site()).await, (10, 0, 10));
    shop.apply(operation("3", "A", &bin, bring(3, &second)))
        .await;
    assert_eq!(shop.numbers("A", &bin).await, (1, 0, 1));
    assert_eq!(shop.numbers("A", &main_site()).await, (7, 0, 7));
    assert_eq!(shop.numbers("A", &second).await, (3, 0, 3));

    assert_eq!(
        shop.refused(operation("4", "A", &bin, bring(2, &second)))
            .await,
        "only 1 of 2 are there"
    );
    let already = operation("5", "A", &main_site(), bring(7, &bin));
    assert_eq!(shop.refused(already).await, "only 6 of 7 are there");
}

#[tokio::test]
async fn a_warehouse_gives_what_is_unsorted_first_and_then_from_its_bins() {
    let shop = Shop::open().await;
    let bins: [LocationId; 2] = [
        shop.bin("main", "A-1-1-1").await,
        shop.bin("main", "A-1-1-2").await,
    ];
    shop.apply(operation("1", "A", &main_site(), set(2))).await;
    shop.apply(operation("2", "A", &bins[0], set(3))).await;
    shop.apply(operation("3", "A", &bins[1], set(4))).await;
    shop.apply(operation("4", "A", &main_site(), adjust(-6)))
        .await;
    assert_eq!(shop.numbers("A", &bins[0]).await, (0, 0, 0));
    assert_eq!(shop.numbers("A", &bins[1]).await, (3, 0, 3));
    assert_eq!(shop.numbers("A", &main_site()).await, (3, 0, 3));
    shop.apply(operation("5", "A", &main_site(), set(5))).await;
    assert_eq!(shop.numbers("A", &main_site()).await, (5, 0, 5));
    assert_eq!(
        shop.refused(operation("6", "A", &main_site(), adjust(-6)))
            .await,
        "only 5 of 6 are there"
    );
}

#[tokio::test]
async fn what_is_promised_at_the_warehouse_is_not_promised_again_at_a_bin() {
    let shop = Shop::open().await;
    let bin = shop.bin("main", "A-1-1-1").await;
    shop.apply(operation("1", "A", &bin, set(5))).await;
    shop.apply(operation("2", "A", &main_site(), reserve(4)))
        .await;
    assert_eq!(
        shop.refused(operation("3", "A", &bin, reserve(2))).await,
        "only 1 of 2 are there"
    );
    shop.apply(operation("4", "A", &bin, reserve(1))).await;
    assert_eq!(shop.numbers("A", &main_site()).await, (5, 5, 0));
    shop.apply(operation("5", "A", &main_site(), release(4)))
        .await;
    assert_eq!(shop.numbers("A", &main_site()).await, (5, 1, 4));
}

#[tokio::test]
async fn what_was_promised_at_the_warehouse_is_taken_from_its_bins() {
    let shop = Shop::open().await;
    let bin = shop.bin("main", "A-1-1-1").await;
    shop.apply(operation("1", "A", &bin, set(5))).await;
    shop.apply(operation("2", "A", &main_site(), reserve(4)))
        .await;
    shop.apply(operation("3", "A", &main_site(), ship(3))).await;
    assert_eq!(shop.numbers("A", &main_site()).await, (2, 1, 1));
    assert_eq!(shop.numbers("A", &bin).await, (2, 0, 2));
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_and_nothing_else_with_it() {
    let shop = Shop::open().await;
    let plain = || operation("1", "A", &main_site(), set(1));
    let long = |length: usize| "x".repeat(length);
    let refused = [
        {
            let mut operation = plain();
            operation.op_id = String::new();
            operation
        },
        {
            let mut operation = plain();
            operation.op_id = long(201);
            operation
        },
        {
            let mut operation = plain();
            operation.sku = long(901).parse().unwrap();
            operation
        },
        {
            let mut operation = plain();
            operation.location = LocationId(long(5000));
            operation
        },
        plain().with_reason(long(201)),
        plain().with_note(long(2001)),
        plain().with_lot(""),
        plain().with_lot(long(101)),
        plain().with_lot("a\nb"),
        plain().with_condition(Condition::Unknown),
        plain().with_expires_at(Timestamp::default()),
    ];
    for operation in refused {
        shop.refused(operation).await;
    }
    let longest = {
        let mut operation = plain();
        operation.sku = long(900).parse().unwrap();
        operation
    };
    shop.apply(longest).await;
}

#[tokio::test]
async fn an_article_lies_at_two_hundred_places_at_most() {
    let shop = Shop::open().await;
    let mut operations = Vec::new();
    for number in 0..=200 {
        let bin = shop.bin("main", &format!("A-1-1-{number}")).await;
        operations.push(operation(&number.to_string(), "A", &bin, set(1)));
    }
    let outcomes = shop.write(operations).await;
    assert!(
        outcomes[..200]
            .iter()
            .all(|outcome| *outcome == WriteOutcome::Applied)
    );
    assert!(matches!(outcomes[200], WriteOutcome::Rejected { .. }));
    assert_eq!(shop.numbers("A", &main_site()).await, (200, 0, 200));
}
