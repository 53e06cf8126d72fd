//! What a complete listing does not name is absent, and nothing else is.

use super::*;
use crate::store::testing::on_both_engines;

on_both_engines! {
    async fn a_sku_is_absent_only_after_the_listing_is_complete(db) {
        let shop = Shop::open(db).await;
        shop.push(vec![shop.level("A", 5, 10), shop.level("B", 6, 10)]).await;
        let run = SyncId::new();
        shop.apply(Cause::listing(run), vec![shop.level("A", 5, 21)]).await;
        assert_eq!(shop.available("B").await, Some((Some(6), 10)));
        assert_eq!(shop.finish(run, 20, Absent::Zero).await, 1);
        assert_eq!(shop.available("A").await, Some((Some(5), 21)));
        assert_eq!(shop.available("B").await, Some((Some(0), 20)));
        assert!(shop.held("B").await.unwrap().absent);
    }

    async fn absence_means_what_the_adapter_declares(db) {
        use bestand_plugin_api::Tracking::{Counted, NotStocked};
        let zero = Some(Quantity::ZERO);
        let meanings = [
            (Absent::Zero, Counted, zero),
            (Absent::NotStocked, NotStocked, None),
            (Absent::Unknown, Counted, None),
        ];
        for (meaning, tracking, quantity) in meanings {
            let mut shop = Shop::open(db).await;
            shop.push(vec![shop.level("A", 5, 10)]).await;
            shop.finish(SyncId::new(), 20, meaning).await;
            for _ in 0..2 {
                let held = shop.held("A").await.unwrap();
                assert_eq!((held.tracking, held.available, held.on_hand), (tracking, quantity, quantity));
                assert!(held.absent);
                shop.restart();
            }
        }
    }

    async fn a_listing_goes_on_after_a_restart_as_if_nothing_had_happened(db) {
        let mut shop = Shop::open(db).await;
        shop.push(["A", "B", "C"].map(|name| shop.level(name, 5, 10)).into()).await;
        let run = SyncId::new();
        shop.apply(Cause::listing(run), vec![shop.level("A", 5, 21)]).await;
        shop.restart();
        shop.apply(Cause::listing(run), vec![shop.level("B", 5, 25)]).await;
        shop.restart();
        assert_eq!(shop.levels_counted().await, 3);
        assert_eq!(shop.finish(run, 20, Absent::Zero).await, 1);
        assert_eq!(shop.available("A").await, Some((Some(5), 21)));
        assert_eq!(shop.available("C").await, Some((Some(0), 20)));
        assert_eq!(shop.finish(run, 20, Absent::Zero).await, 0, "to finish again changes nothing");
        assert_eq!(shop.levels_counted().await, 3);
    }

    async fn what_was_pushed_while_the_listing_ran_is_newer_than_its_silence(db) {
        let shop = Shop::open(db).await;
        let run = SyncId::new();
        shop.apply(Cause::listing(run), vec![shop.level("A", 5, 21)]).await;
        shop.push(vec![shop.level("B", 7, 22)]).await;
        shop.finish(run, 20, Absent::Zero).await;
        assert_eq!(shop.available("B").await, Some((Some(7), 22)));
    }

    async fn a_sku_that_was_named_with_old_news_was_still_named(db) {
        let shop = Shop::open(db).await;
        let versioned = |available, secs, version| {
            let mut update = shop.level("A", available, secs);
            update.level.source_version = Some(version);
            update
        };
        shop.push(vec![versioned(5, 10, 7)]).await;
        let run = SyncId::new();
        let older = shop.apply(Cause::listing(run), vec![versioned(4, 21, 6)]).await;
        assert_eq!(older.older, 1);
        assert_eq!(shop.finish(run, 20, Absent::Zero).await, 0);
        assert_eq!(shop.available("A").await, Some((Some(5), 10)));
    }

    async fn each_complete_listing_confirms_what_is_absent(db) {
        let mut shop = Shop::open(db).await;
        shop.push(vec![shop.level("A", 5, 10)]).await;
        assert_eq!(shop.finish(SyncId::new(), 20, Absent::Zero).await, 1);
        assert_eq!(shop.finish(SyncId::new(), 50, Absent::Zero).await, 0);
        for _ in 0..2 {
            assert_eq!(shop.available("A").await, Some((Some(0), 50)));
            shop.restart();
        }
        shop.push(vec![shop.level("A", 3, 40)]).await;
        assert_eq!(shop.available("A").await, Some((Some(0), 50)), "an answer from before is old");
        shop.push(vec![shop.level("A", 3, 51)]).await;
        assert_eq!(shop.available("A").await, Some((Some(3), 51)));
        assert!(!shop.held("A").await.unwrap().absent);
    }

    async fn a_slow_answer_from_before_the_listing_does_not_bring_a_sku_back(db) {
        let shop = Shop::open(db).await;
        shop.finish(SyncId::new(), 20, Absent::Unknown).await;
        let slow = shop.apply(Cause::of(CauseKind::Live), vec![shop.level("A", 5, 19)]).await;
        assert_eq!((slow.older, shop.held("A").await), (1, None));
    }

    async fn more_skus_than_one_commit_takes_become_absent(db) {
        let shop = Shop::open(db).await;
        let many = 10_500;
        shop.push((0..many).map(|n| shop.level(&format!("{n:05}"), 5, 10)).collect()).await;
        let run = SyncId::new();
        shop.apply(Cause::listing(run), vec![shop.level("00007", 5, 21)]).await;
        assert_eq!(shop.finish(run, 20, Absent::Zero).await, many - 1);
        assert_eq!(shop.available("10499").await, Some((Some(0), 20)));
        assert_eq!(shop.available("00007").await, Some((Some(5), 21)));
    }

    async fn another_source_is_not_touched(db) {
        let shop = Shop::open(db).await;
        let (account, source) = shop.neighbour().await;
        let theirs = Update { source_id: source, ..shop.level("A", 5, 10) };
        shop.book.apply(account, Cause::of(CauseKind::Push), vec![theirs]).await.unwrap();
        shop.push(vec![shop.level("A", 5, 10)]).await;
        shop.finish(SyncId::new(), 20, Absent::Zero).await;
        let held = shop.book.levels(account, source, &[sku("A")]).await.unwrap()[0].unwrap();
        assert_eq!((held.available, held.absent), (Some(Quantity::units(5)), false));
    }

    async fn the_source_tells_when_it_was_last_listed(db) {
        let shop = Shop::open(db).await;
        shop.finish(SyncId::new(), 20, Absent::Zero).await;
        let source = store::source::find(&shop.db, shop.account, shop.source).await.unwrap().unwrap();
        assert_eq!((source.listed_at, source.as_of), (Some(at(20)), Some(at(20))));
    }
}
