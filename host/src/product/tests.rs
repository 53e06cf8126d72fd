//! Products over a real store and stock book, on both engines.

use bestand_plugin_api::{
    Absent, Location, LocationId, Quantities, StockLevel, Timestamp, Tracking,
};
use futures::future::BoxFuture;

use super::*;
use crate::availability::{AvailabilityOptions, Freshen};
use crate::event_log::EventLog;
use crate::id::{SourceId, SyncId};
use crate::live_query::Said;
use crate::stock::{BookOptions, Cause, Update};
use crate::store::testing::{connection, on_both_engines};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const MINUTE: Duration = Duration::from_secs(60);

/// No system is asked for a product.
struct Nobody;

impl Freshen for Nobody {
    fn freshen<'a>(
        &'a self,
        _: AccountId,
        _: SourceId,
        _: &'a [Sku],
        _: Duration,
    ) -> BoxFuture<'a, Said> {
        unreachable!("a product is answered with what is stored")
    }

    fn contact(&self, _: AccountId, _: SourceId) -> BoxFuture<'_, Option<String>> {
        Box::pin(async { None })
    }
}

/// An account with sources of these names, and its products.
struct Shop {
    account: AccountId,
    db: Db,
    clock: Clock,
    book: StockBook,
    products: Products,
    sources: Vec<InventorySource>,
}

fn level(sku: &str, units: i64) -> StockLevel {
    let quantities = Quantities::available(Quantity::units(units));
    StockLevel::counted(
        Sku::new(sku).unwrap(),
        LocationId("any".into()),
        quantities,
        NOW,
    )
}

fn untracked(sku: &str) -> StockLevel {
    let mut level = level(sku, 0);
    level.tracking = Tracking::NotTracked;
    level
}

// === impl Shop ===

impl Shop {
    async fn open(db: &Db, names: &[&str]) -> Self {
        let (account, connection) = connection(db).await;
        let clock = Clock::set_at(NOW);
        let places: Vec<Location> = names
            .iter()
            .map(|name| Location::site(*name, *name))
            .collect();
        let sources = store::source::follow_locations(db, account, connection, &places, NOW);
        let event_log = EventLog::open(db.clone(), clock.clone());
        let book = StockBook::open(db.clone(), clock.clone(), event_log, BookOptions::default());
        let options = AvailabilityOptions {
            max_age: 15 * MINUTE,
            live_query: 2 * MINUTE,
        };
        let (db, nobody) = (db.clone(), Arc::new(Nobody));
        let availability =
            Availability::new(db.clone(), book.clone(), clock.clone(), nobody, options);
        Self {
            account,
            sources: sources.await.unwrap(),
            products: Products::new(
                db.clone(),
                book.clone(),
                availability,
                clock.clone(),
                options.max_age,
            ),
            book,
            db,
            clock,
        }
    }

    /// Lists a source completely.
    async fn list(&self, source: usize, levels: &[StockLevel]) {
        let (run, id) = (SyncId::new(), self.sources[source].id);
        let update = |level: &StockLevel| Update {
            source_id: id,
            level: level.clone(),
        };
        let updates = levels.iter().map(update).collect();
        self.book
            .apply(self.account, Cause::listing(run), updates)
            .await
            .unwrap();
        let finished = self
            .book
            .finish_listing(self.account, id, run, NOW, Absent::Zero);
        finished.await.unwrap();
    }

    async fn decide(&self, source: usize, included: bool) {
        let known = store::source::find(&self.db, self.account, self.sources[source].id);
        let known = known.await.unwrap().unwrap();
        let decision = store::source::Decision {
            included,
            ..store::source::Decision::of(&known)
        };
        store::source::decide(&self.db, &known, decision)
            .await
            .unwrap();
    }

    async fn total(&self, sku: &str) -> (Option<i64>, usize, usize) {
        let product = self
            .products
            .find(self.account, &Sku::new(sku).unwrap())
            .await
            .unwrap();
        let units = |quantity: Quantity| quantity.millionths() / 1_000_000;
        let Total {
            available,
            counted,
            not_known,
            ..
        } = product.total;
        (available.map(units), counted, not_known)
    }

    async fn found(&self, text: &str, after: Option<&str>, limit: u32) -> (Vec<String>, bool) {
        let after = after.map(|sku| Sku::new(sku).unwrap());
        let text = SearchText::read(text).unwrap();
        let page = self
            .products
            .search(self.account, text.as_ref(), after.as_ref(), limit);
        let page = page.await.unwrap();
        let skus = page.products.iter().map(|product| product.sku.to_string());
        (skus.collect(), page.next.is_some())
    }
}

on_both_engines! {
    async fn a_total_says_of_how_many_sources_it_is_made_and_how_many_do_not_know(db) {
        let shop = Shop::open(db, &["East", "North", "South", "West"]).await;
        shop.list(0, &[level("MUG", 10), level("CUP", 1), level("JAR", -2)]).await;
        shop.list(1, &[level("MUG", 5), untracked("CUP"), level("JAR", 5)]).await;
        shop.list(2, &[level("PAN", 0), untracked("POT")]).await;
        // West is not listed yet: of nothing does it know how many it has.
        assert_eq!(shop.total("MUG").await, (Some(15), 2, 1));
        assert_eq!(shop.total("CUP").await, (Some(1), 1, 2));
        assert_eq!(shop.total("JAR").await, (Some(3), 2, 1));
        assert_eq!(shop.total("PAN").await, (Some(0), 1, 1), "a count of zero is one");
        assert_eq!(shop.total("POT").await, (None, 0, 2), "unknown is not zero");
        assert_eq!(shop.total("NO SUCH").await, (None, 0, 1));
    }

    async fn what_is_not_included_or_closed_is_shown_and_left_out(db) {
        let shop = Shop::open(db, &["East", "West"]).await;
        shop.list(0, &[level("MUG", 10)]).await;
        shop.list(1, &[level("MUG", 5)]).await;
        shop.decide(1, false).await;
        assert_eq!(shop.total("MUG").await, (Some(10), 1, 0));
        let mug = shop.products.find(shop.account, &Sku::new("MUG").unwrap()).await.unwrap();
        let shown: Vec<_> = mug.places.iter().map(|place| (place.source.name.as_str(), place.share)).collect();
        assert_eq!(shown, [("East", Share::Counted), ("West", Share::LeftOut)]);
        shop.decide(1, true).await;
        let connection = shop.sources[0].connection_id;
        let open = [Location::site("West", "West")];
        store::source::follow_locations(db, shop.account, connection, &open, NOW).await.unwrap();
        assert_eq!(shop.total("MUG").await, (Some(5), 1, 0));
    }

    async fn a_total_is_as_old_as_its_oldest_number(db) {
        let shop = Shop::open(db, &["East", "West"]).await;
        shop.list(0, &[level("MUG", 10)]).await;
        shop.clock.advance(10 * MINUTE);
        let mut later = level("MUG", 5);
        later.fetched_at = NOW.after(10 * MINUTE);
        shop.list(1, &[later]).await;
        let total = async || shop.products.find(shop.account, &Sku::new("MUG").unwrap()).await.unwrap().total;
        assert_eq!((total().await.as_of, total().await.stale), (Some(NOW), false));
        shop.clock.advance(6 * MINUTE);
        assert_eq!((total().await.as_of, total().await.stale), (Some(NOW), true));
    }

    async fn products_are_found_by_how_their_sku_begins_over_all_sources(db) {
        let shop = Shop::open(db, &["East", "West"]).await;
        shop.list(0, &["a-1", "A-2", "B-1", "Größe/42"].map(|sku| level(sku, 1))).await;
        shop.list(1, &["A-2", "A-3", "A_1", "C"].map(|sku| level(sku, 1))).await;
        let check = async |text: &str, expected: &[&str]| {
            let (skus, more) = shop.found(text, None, 10).await;
            assert_eq!((skus.as_slice(), more), (expected.iter().map(|&sku| sku.to_owned()).collect::<Vec<_>>().as_slice(), false), "{text}");
        };
        check("", &["A-2", "A-3", "A_1", "B-1", "C", "Größe/42", "a-1"]).await;
        check("a-", &["A-2", "A-3", "a-1"]).await;
        check("A_", &["A_1"]).await;
        check("Größe", &["Größe/42"]).await;
        check("%", &[]).await;
    }

    async fn pages_of_products_follow_each_other(db) {
        let shop = Shop::open(db, &["East", "West"]).await;
        shop.list(0, &["A", "C", "E"].map(|sku| level(sku, 1))).await;
        shop.list(1, &["B", "C", "D"].map(|sku| level(sku, 1))).await;
        assert_eq!(shop.found("", None, 2).await, (vec!["A".into(), "B".into()], true));
        assert_eq!(shop.found("", Some("B"), 2).await, (vec!["C".into(), "D".into()], true));
        assert_eq!(shop.found("", Some("D"), 2).await, (vec!["E".into()], false));
    }

    async fn an_account_without_sources_has_no_products(db) {
        let shop = Shop::open(db, &[]).await;
        assert_eq!(shop.found("A", None, 5).await, (vec![], false));
        assert_eq!(shop.total("A").await, (None, 0, 0));
    }
}
