//! An operation that is sent again counts once.

use bestand_plugin_api::{Capability, Idempotency, StockOperation, WriteOutcome};

use crate::support::{Shop, adjust, main_site, operation, set};

#[tokio::test]
async fn the_adapter_says_that_it_knows_operation_ids() {
    let manifest = Shop::open().await.connection.describe().await.unwrap();
    assert!(manifest.built_in);
    assert!(manifest.capabilities.iter().any(|capability| matches!(
        capability,
        Capability::StockWrites {
            max_batch: 2500,
            idempotency: Idempotency::Native,
            ..
        }
    )));
}

#[tokio::test]
async fn a_repeat_is_applied_once_also_after_a_restart() {
    let shop = Shop::open().await;
    let once = || operation("same", "A", &main_site(), adjust(5));
    shop.apply(once()).await;
    shop.apply(once()).await;
    let shop = Shop::on(shop.host).await;
    shop.apply(once()).await;
    assert_eq!(
        shop.write(vec![once(), once()]).await,
        [WriteOutcome::Applied, WriteOutcome::Applied]
    );
    assert_eq!(shop.numbers("A", &main_site()).await, (5, 0, 5));
    assert_eq!(shop.ledger().len(), 1);
}

#[tokio::test]
async fn a_repeat_within_one_batch_is_applied_once() {
    let shop = Shop::open().await;
    let once = || operation("same", "A", &main_site(), adjust(5));
    assert_eq!(
        shop.write(vec![once(), once()]).await,
        [WriteOutcome::Applied, WriteOutcome::Applied]
    );
    assert_eq!(shop.numbers("A", &main_site()).await, (5, 0, 5));
}

#[tokio::test]
async fn an_operation_id_is_not_good_for_another_change() {
    let shop = Shop::open().await;
    shop.apply(operation("same", "A", &main_site(), adjust(5)))
        .await;
    for other in [
        operation("same", "A", &main_site(), adjust(6)),
        operation("same", "B", &main_site(), adjust(5)),
    ] {
        assert_eq!(
            shop.refused(other).await,
            "this operation id was used for another change"
        );
    }
}

#[tokio::test]
async fn an_operation_that_was_refused_may_be_sent_again_when_there_is_stock() {
    let shop = Shop::open().await;
    let take = || operation("take", "A", &main_site(), adjust(-5));
    shop.refused(take()).await;
    shop.apply(operation("count", "A", &main_site(), set(5)))
        .await;
    shop.apply(take()).await;
    assert_eq!(shop.numbers("A", &main_site()).await, (0, 0, 0));
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_the_repeat_finds_what_happened() {
    let shop = Shop::open().await;
    shop.apply(operation("count", "A", &main_site(), set(5)))
        .await;
    let batch = || -> Vec<StockOperation> {
        vec![
            operation("more", "A", &main_site(), adjust(3)),
            operation("too many", "A", &main_site(), adjust(-100)),
        ]
    };
    shop.host.lose_commit_answers(1);
    let outcomes = shop.write(batch()).await;
    assert!(
        matches!(outcomes[0], WriteOutcome::Unknown { .. }),
        "{outcomes:?}"
    );
    assert!(
        matches!(outcomes[1], WriteOutcome::Rejected { .. }),
        "{outcomes:?}"
    );

    let outcomes = shop.write(batch()).await;
    assert_eq!(outcomes[0], WriteOutcome::Applied);
    assert_eq!(shop.numbers("A", &main_site()).await, (8, 0, 8));
}
