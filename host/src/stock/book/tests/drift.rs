//! What a full listing found different from what was held is kept.

use super::*;
use crate::event_log::{EventId, EventType, News};
use crate::stock::drift::{Difference, DriftRun, DriftThreshold};
use crate::store::testing::on_both_engines;

impl Shop {
    async fn list(&self, secs: u64, levels: Vec<Update>) -> SyncId {
        let run = SyncId::new();
        self.apply(Cause::listing(run), levels).await;
        self.finish(run, secs, Absent::Zero).await;
        run
    }

    async fn drift(&self) -> Vec<DriftRun> {
        let runs = store::drift::runs(&self.db, self.account, self.source, None, 100);
        runs.await.unwrap()
    }

    async fn differences(&self, run: SyncId) -> Vec<Difference> {
        let found = store::drift::differences(&self.db, self.account, self.source, run, 1_000);
        found.await.unwrap()
    }
}

fn shown(difference: &Difference) -> (&str, Option<i64>, Option<i64>, u64) {
    let units = |quantity: Option<Quantity>| quantity.map(Quantity::floor);
    let since = difference.since.since(START).as_secs();
    (
        difference.sku.as_str(),
        units(difference.held),
        units(difference.found),
        since,
    )
}

on_both_engines! {
    async fn a_listing_is_compared_with_what_was_held(db) {
        let mut shop = Shop::open(db).await;
        shop.list(10, vec![shop.level("A", 5, 10), shop.level("B", 5, 10), shop.level("C", 5, 10), shop.level("E", 5, 10)]).await;
        assert!(shop.drift().await.is_empty(), "the first listing is compared with nothing");
        shop.push(vec![shop.level("A", 4, 50), shop.level("E", 4, 70)]).await;
        shop.restart();
        let listed = vec![shop.level("A", 4, 60), shop.level("B", 9, 60), shop.level("D", 1, 60), shop.level("E", 5, 60)];
        let run = shop.list(60, listed).await;
        let [found] = &shop.drift().await[..] else { panic!("one listing") };
        assert_eq!((found.sync_id, found.started_at, found.finished_at), (run, at(60), Some(at(3600))));
        let tally = found.tally;
        assert_eq!((tally.compared, tally.differing, tally.total.floor(), tally.largest.floor()), (5, 3, 9, 5));
        assert_eq!(tally.longest, at(3600).since(at(10)));
        let differences = shop.differences(run).await;
        let differences: Vec<_> = differences.iter().map(shown).collect();
        assert_eq!(differences, [("C", Some(5), Some(0), 10), ("B", Some(5), Some(9), 10), ("D", None, Some(1), 10)]);
    }

    async fn pages_of_a_listing_add_up_and_the_largest_differences_are_kept(db) {
        let mut shop = Shop::open(db).await;
        let name = |n: i64| format!("S{n:04}");
        let levels = |shop: &Shop, secs, change: i64| (0..1_200).map(|n| shop.level(&name(n), change * n, secs)).collect::<Vec<_>>();
        shop.list(10, levels(&shop, 10, 1)).await;
        let run = SyncId::new();
        let mut listed = levels(&shop, 20, 2);
        let rest = listed.split_off(600);
        shop.apply(Cause::listing(run), listed).await;
        shop.restart();
        shop.apply(Cause::listing(run), rest).await;
        shop.finish(run, 20, Absent::Zero).await;
        shop.finish(run, 20, Absent::Zero).await;
        let [found] = &shop.drift().await[..] else { panic!("one listing") };
        assert_eq!((found.tally.compared, found.tally.differing), (1_200, 1_199));
        assert_eq!((found.tally.total.floor(), found.tally.largest.floor()), (1_199 * 600, 1_199));
        let differences = shop.differences(run).await;
        assert_eq!((differences.len(), &*differences[0].sku, &*differences[999].sku), (1_000, "S1199", "S0200"));
    }

    async fn drift_over_the_threshold_is_told_once(db) {
        let shop = Shop::open(db).await;
        let threshold = DriftThreshold { percent: Some(Quantity::units(50)), differing: None };
        store::drift::put_threshold(db, shop.account, shop.source, &threshold).await.unwrap();
        shop.list(10, vec![shop.level("A", 5, 10), shop.level("B", 5, 10), shop.level("C", 5, 10)]).await;
        shop.list(20, vec![shop.level("A", 6, 20), shop.level("B", 5, 20), shop.level("C", 5, 20)]).await;
        let run = shop.list(30, vec![shop.level("A", 7, 30), shop.level("B", 7, 30), shop.level("C", 5, 30)]).await;
        shop.finish(run, 30, Absent::Zero).await;
        let high: Vec<_> = shop.drift().await.iter().map(|run| run.high).collect();
        assert_eq!(high, [true, false]);
        let told = store::event::after(db, shop.account, EventId(0), 100).await.unwrap();
        let told: Vec<_> = told.into_iter().filter(|event| event.news.event_type() == EventType::DriftHigh).collect();
        let [event] = &told[..] else { panic!("one event") };
        let News::DriftHigh(drift) = &event.news else { panic!("of drift") };
        assert_eq!((drift.sync_id, drift.compared, drift.differing), (run, 3, 2));
    }

    async fn old_drift_is_forgotten(db) {
        let shop = Shop::open(db).await;
        shop.list(10, vec![shop.level("A", 1, 10)]).await;
        let earlier = shop.list(20, vec![shop.level("A", 2, 20)]).await;
        let later = shop.list(30, vec![shop.level("A", 3, 30)]).await;
        assert_eq!(store::drift::forget_beyond(db, 1).await.unwrap(), 1);
        assert_eq!((shop.differences(earlier).await.len(), shop.differences(later).await.len()), (0, 1));
        assert_eq!(shop.book.forget_drift(at(30)).await.unwrap(), 1);
        assert_eq!(shop.drift().await.len(), 1);
        assert_eq!(shop.book.forget_drift(at(31)).await.unwrap(), 1);
        assert!(shop.differences(later).await.is_empty());
    }
}
