//! What is low is found by the thresholds, with the age that it really has.

use super::*;
use crate::stock::Threshold;
use crate::store::testing::on_both_engines;

impl Shop {
    async fn watch(&self, name: Option<&str>, threshold: i64) {
        let threshold = Threshold {
            source_id: None,
            sku: name.map(sku),
            threshold: Quantity::units(threshold),
        };
        let put = store::low_stock::put(&self.db, self.account, &threshold, START);
        put.await.unwrap();
        self.book.forget_thresholds(self.account);
    }

    /// What is low: the SKU, and since and as of how many seconds after the start.
    async fn low(&self) -> Vec<(String, Option<u64>, u64)> {
        let low = self.book.low_stock(self.account, &[], None, 100);
        let secs = |at: Timestamp| at.since(START).as_secs();
        let shown = |level: LowStock| {
            let since = level.since.map(secs);
            (level.sku.to_string(), since, secs(level.as_of))
        };
        low.await.unwrap().into_iter().map(shown).collect()
    }
}

on_both_engines! {
    async fn what_is_low_says_since_when_by_the_threshold_that_is_set_now(db) {
        let shop = Shop::open(db).await;
        shop.push(vec![shop.level("A", 9, 1), shop.level("B", 2, 1)]).await;
        for (secs, count) in [(10, 6), (20, 8), (30, 5), (40, 3)] {
            shop.push(vec![shop.level("A", count, secs)]).await;
        }
        assert_eq!(shop.low().await, []);
        shop.watch(None, 6).await;
        // All of this was stored in the hour after it was true.
        let low = [("A".to_owned(), Some(3_600), 40), ("B".to_owned(), None, 1)];
        assert_eq!(shop.low().await, low);
        shop.watch(Some("A"), 2).await;
        assert_eq!(shop.low().await, [("B".to_owned(), None, 1)]);
    }

    async fn what_is_absent_is_as_old_as_the_listing_that_did_not_name_it(db) {
        let shop = Shop::open(db).await;
        shop.watch(None, 0).await;
        let (first, second, third) = (SyncId::new(), SyncId::new(), SyncId::new());
        shop.apply(Cause::listing(first), vec![shop.level("A", 1, 10)]).await;
        shop.finish(first, 10, Absent::Zero).await;
        shop.finish(second, 20, Absent::Zero).await;
        shop.finish(third, 30, Absent::Zero).await;
        assert_eq!(shop.low().await, [("A".to_owned(), Some(3_600), 30)]);
    }

    async fn neither_what_is_unknown_nor_numbers_beyond_all_measure_break_the_list(db) {
        let shop = Shop::open(db).await;
        shop.watch(None, 5).await;
        let mut beyond = shop.level("BEYOND", 0, 1);
        beyond.level.quantities = Quantities::on_hand(Quantity::from_millionths(i64::MIN));
        beyond.level.quantities.allocated = Some(Quantity::from_millionths(i64::MAX));
        shop.push(vec![beyond, shop.level("KNOWN", 9, 1)]).await;
        assert_eq!(shop.low().await, [("BEYOND".to_owned(), None, 1)]);
        let run = SyncId::new();
        shop.finish(run, 20, Absent::Unknown).await;
        assert_eq!(shop.low().await, []);
    }

    async fn what_lies_at_a_closed_place_is_not_low(db) {
        let shop = Shop::open(db).await;
        shop.watch(None, 5).await;
        shop.push(vec![shop.level("A", 1, 1)]).await;
        assert_eq!(shop.low().await.len(), 1);
        let source = store::source::find(db, shop.account, shop.source).await.unwrap().unwrap();
        let elsewhere = [Location::site("other", "Other")];
        let followed = store::source::follow_locations(db, shop.account, source.connection_id, &elsewhere, START);
        followed.await.unwrap();
        assert_eq!(shop.low().await, []);
    }

    async fn a_list_goes_on_where_its_page_ended_and_is_limited_to_sources(db) {
        let shop = Shop::open(db).await;
        let (_, neighbour) = shop.neighbour().await;
        shop.watch(None, 5).await;
        shop.push(["A", "B", "C"].map(|name| shop.level(name, 1, 1)).into()).await;
        let page = async |after: Option<&LowPlace>, sources: &[SourceId]| {
            let low = shop.book.low_stock(shop.account, sources, after, 2);
            low.await.unwrap()
        };
        let first = page(None, &[]).await;
        let second = page(Some(&LowPlace::of(&first[1])), &[shop.source]).await;
        let names: Vec<_> = first.iter().chain(&second).map(|level| level.sku.to_string()).collect();
        assert_eq!(names, ["A", "B", "C"]);
        assert_eq!(page(None, &[neighbour]).await, []);
    }
}
