//! A whole catalogue at once.

use bestand_plugin_api::WriteOutcome;

use crate::support::{Shop, main_site, operation, set};

#[tokio::test]
async fn ten_thousand_articles_are_taken_in_with_few_commits() {
    let shop = Shop::open().await;
    let operations: Vec<_> = (0..10_000)
        .map(|number| {
            operation(
                &format!("import {number}"),
                &format!("SKU-{number}"),
                &main_site(),
                set(number),
            )
        })
        .collect();
    let outcomes = shop.write(operations.clone()).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| *outcome == WriteOutcome::Applied)
    );
    assert_eq!(shop.host.commits(), 5, "the founding and four batches");
    assert_eq!(
        shop.connection.list_stock(None).await.unwrap().len(),
        10_000
    );

    let again = shop.write(operations).await;
    assert!(
        again
            .iter()
            .all(|outcome| *outcome == WriteOutcome::Applied)
    );
    assert_eq!(shop.host.commits(), 5, "nothing is written twice");
}

#[tokio::test]
async fn a_full_batch_of_moves_to_new_places_fits_into_one_commit() {
    let shop = Shop::open().await;
    let mut count = Vec::new();
    let mut moves = Vec::new();
    for number in 0..2500 {
        let bin = shop.bin("main", &format!("A-1-1-{number}")).await;
        let article = format!("SKU-{number}");
        count.push(operation(
            &format!("count {number}"),
            &article,
            &main_site(),
            set(1),
        ));
        moves.push(operation(
            &format!("move {number}"),
            &article,
            &main_site(),
            crate::support::bring(1, &bin),
        ));
    }
    shop.write(count).await;
    let commits = shop.host.commits();
    let outcomes = shop.write(moves).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| *outcome == WriteOutcome::Applied),
        "{:?}",
        outcomes[0]
    );
    assert_eq!(shop.host.commits(), commits + 1);
}
