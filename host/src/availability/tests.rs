//! Cases of availability over a real store and stock book, with a source's system that answers as it is told.

use std::collections::BTreeMap;
use std::sync::Mutex;

use bestand_plugin_api::{
    Absent, AdapterError, Location, LocationId, Quantities, StockLevel, Tracking,
};
use futures::future::BoxFuture;

use super::*;
use crate::connection::advice::Advice;
use crate::connection::reason::Reason;
use crate::connection::trouble::Trouble;
use crate::event_log::EventLog;
use crate::id::{SourceId, SyncId};
use crate::live_query::Said;
use crate::order::book::OrderBook;
use crate::order::goods::{Adjustment, NotGoodsCodes};
use crate::order::{LineKind, OrderDraft, OrderLine, OrderNumber, ShipFrom};
use crate::ship_from::{Buffer, Policy, ShipFromLocation};
use crate::source::InventorySource;
use crate::stock::{BookOptions, Cause, CauseKind, Update};
use crate::store::order::Filter;
use crate::store::testing::{connection, on_both_engines};
use crate::store::{self};
use crate::verdict::Verdict;
use crate::verdict::consequence::Consequence;
use crate::verdict::unanswered::Unanswered;

mod verdict_news;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const MINUTE: Duration = Duration::from_secs(60);

/// A source's system: what it would say of each SKU, or why it says nothing.
#[derive(Default)]
struct System {
    /// Needed to store what it says.
    book: Mutex<Option<StockBook>>,
    clock: Clock,
    levels: Mutex<BTreeMap<String, i64>>,
    down: Mutex<bool>,
    asked: Mutex<Vec<String>>,
}

/// A shop with two sources, and a ship-from location for each.
struct Shop {
    account: AccountId,
    clock: Clock,
    db: Db,
    book: StockBook,
    orders: OrderBook,
    system: Arc<System>,
    availability: Availability,
    event_log: EventLog,
    sources: Vec<InventorySource>,
    /// Berlin ships from the first source and is the default, Hamburg from the second.
    berlin: ShipFromId,
    hamburg: ShipFromId,
}

impl Freshen for System {
    fn freshen<'a>(
        &'a self,
        account: AccountId,
        source: SourceId,
        skus: &'a [Sku],
        deadline: Duration,
    ) -> BoxFuture<'a, Said> {
        assert_eq!(deadline, Duration::from_secs(2));
        Box::pin(async move {
            self.asked
                .lock()
                .unwrap()
                .extend(skus.iter().map(ToString::to_string));
            if *self.down.lock().unwrap() {
                return refused().into();
            }
            let known = self.levels.lock().unwrap().clone();
            let sick = |sku: &Sku| sku.starts_with("SICK");
            let why = || Unanswered::Article {
                system: "Acme".into(),
                said: "the article's record is broken".into(),
            };
            let (failed, well): (Vec<Sku>, Vec<Sku>) = skus.iter().cloned().partition(sick);
            let failed = failed.into_iter().map(|sku| (sku, why())).collect();
            let (there, unknown): (Vec<Sku>, Vec<Sku>) = well
                .into_iter()
                .partition(|sku| known.contains_key(sku.as_str()));
            let updates = there
                .iter()
                .map(|sku| update(source, sku, known[sku.as_str()], self.clock.now()));
            let book = self.book.lock().unwrap().clone().unwrap();
            book.apply(account, Cause::of(CauseKind::Live), updates.collect())
                .await
                .unwrap();
            Said {
                unknown,
                failed,
                trouble: None,
            }
        })
    }

    fn contact(&self, _: AccountId, _: SourceId) -> BoxFuture<'_, Option<String>> {
        Box::pin(async { Some("Acme support (help@acme.example)".into()) })
    }
}

fn update(source_id: SourceId, sku: &str, units: i64, fetched_at: Timestamp) -> Update {
    let quantities = Quantities::available(Quantity::units(units));
    let sku = Sku::new(sku).unwrap();
    let level = StockLevel::counted(sku, LocationId("any".into()), quantities, fetched_at);
    Update { source_id, level }
}

fn items(asked: &[(&str, i64)]) -> Vec<Item> {
    let item = |(sku, units): &(&str, i64)| Item {
        sku: Sku::new(sku).unwrap(),
        quantity: Quantity::units(*units),
    };
    asked.iter().map(item).collect()
}

impl Shop {
    async fn open(db: &Db) -> Self {
        let clock = Clock::set_at(NOW);
        let (account, connection) = connection(db).await;
        let places = ["East", "West"].map(|name| Location::site(name, name));
        let sources = store::source::follow_locations(db, account, connection, &places, NOW)
            .await
            .unwrap();
        let event_log = EventLog::open(db.clone(), clock.clone());
        let options = BookOptions::default();
        let book = StockBook::open(db.clone(), clock.clone(), event_log.clone(), options);
        let system = Arc::new(System {
            book: Mutex::new(Some(book.clone())),
            clock: clock.clone(),
            ..System::default()
        });
        let options = AvailabilityOptions {
            max_age: 15 * MINUTE,
            live_query: Duration::from_secs(2),
        };
        let availability = Availability::new(
            db.clone(),
            book.clone(),
            clock.clone(),
            system.clone(),
            options,
        );
        let mut shop = Self {
            account,
            db: db.clone(),
            orders: OrderBook::open(db.clone(), clock.clone()),
            clock,
            book,
            system,
            availability,
            event_log,
            berlin: ShipFromId::new(),
            hamburg: ShipFromId::new(),
            sources,
        };
        shop.berlin = shop.locate("Berlin", true, Some(shop.sources[0].id)).await;
        shop.hamburg = shop
            .locate("Hamburg", false, Some(shop.sources[1].id))
            .await;
        shop
    }

    async fn locate(
        &self,
        name: &str,
        is_default: bool,
        source_id: Option<SourceId>,
    ) -> ShipFromId {
        let location = ShipFromLocation {
            allocation: crate::allocation::AllocationMode::default(),
            id: ShipFromId::new(),
            account_id: self.account,
            name: name.into(),
            address: None,
            is_default,
            policy: Policy::Block,
            buffer: Buffer::NONE,
            source_id,
            version: 1,
            created_at: NOW,
        };
        store::ship_from::insert(&self.db, &location).await.unwrap();
        location.id
    }

    /// A complete listing of a source that names these levels.
    async fn list(&self, source: usize, levels: &[(&str, i64)]) {
        let (run, now, source) = (SyncId::new(), self.clock.now(), self.sources[source].id);
        let updates = levels
            .iter()
            .map(|(sku, units)| update(source, sku, *units, now));
        let cause = Cause::listing(run);
        self.book
            .apply(self.account, cause, updates.collect())
            .await
            .unwrap();
        self.book
            .finish_listing(self.account, source, run, now, Absent::Unknown)
            .await
            .unwrap();
    }

    async fn ask(&self, from: Option<ShipFromId>, asked: &[(&str, i64)], look: Look) -> Answer {
        self.availability
            .of_items(self.account, from, items(asked), look)
            .await
            .unwrap()
    }

    /// The verdict from a location, its source's name, and per line the status and count.
    async fn check(
        &self,
        from: ShipFromId,
        asked: &[(&str, i64)],
        look: Look,
        expected: (&str, &str, &[&str]),
    ) {
        let answer = self.ask(Some(from), asked, look).await;
        let shown = |line: &crate::verdict::line::LineAnswer| {
            let count = line.available.map_or("-".into(), |count| count.to_string());
            let stale = if line.stale { " stale" } else { "" };
            format!("{} {count}{stale}", line.status)
        };
        let lines: Vec<String> = answer.decision.lines.iter().map(shown).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let source = answer.source().map_or("", |source| &source.name);
        assert_eq!(
            (answer.decision.verdict.as_str(), source, lines.as_slice()),
            expected
        );
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.system.asked.lock().unwrap())
    }

    async fn put(&self, number: &str, ship_from: ShipFrom, lines: &[(Option<&str>, i64)]) -> Order {
        let line = |(line, (sku, units)): (u32, &(Option<&str>, i64))| {
            let (sku, quantity) = (
                sku.map(|sku| Sku::new(sku).unwrap()),
                Quantity::units(*units),
            );
            let kind = NotGoodsCodes::default().kind(sku.as_ref(), quantity, Adjustment::None);
            OrderLine {
                line,
                sku,
                name: None,
                quantity,
                kind,
            }
        };
        let lines = (1..).zip(lines).map(line).collect();
        let draft = OrderDraft {
            ship_from,
            ..OrderDraft::new(OrderNumber::new(number).unwrap(), lines)
        };
        self.orders.put(self.account, draft, None).await.unwrap().0
    }
}

on_both_engines! {
    async fn rules_1_and_2_the_ship_from_location_alone_decides_which_one_source_answers(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 9)]).await;
        shop.list(1, &[("A", 1)]).await;
        shop.check(shop.berlin, &[("A", 5)], Look::Stored, ("can_ship", "East", &["in_stock 9"])).await;
        shop.check(shop.hamburg, &[("A", 5)], Look::Stored, ("short", "West", &["short 1"])).await;
        let by_default = shop.ask(None, &[("A", 5)], Look::Stored).await;
        assert_eq!(by_default.ship_from().unwrap().name, "Berlin");
        // Linked anew, it is answered by the other source at once.
        store::ship_from::link(db, shop.account, shop.hamburg, Some(shop.sources[0].id), None).await.unwrap();
        shop.check(shop.hamburg, &[("A", 5)], Look::Stored, ("can_ship", "East", &["in_stock 9"])).await;
        store::ship_from::link(db, shop.account, shop.hamburg, None, None).await.unwrap();
        shop.check(shop.hamburg, &[("A", 5)], Look::Live, ("unknown", "", &["unavailable -"])).await;
        assert!(shop.asked().is_empty(), "there is nobody to ask");
        let answer = shop.ask(Some(shop.hamburg), &[("A", 5)], Look::Stored).await;
        assert_eq!(
            answer.decision.reason().unwrap(),
            "stock could not be retrieved: no inventory source is linked to ship-from location `Hamburg`"
        );
        assert_eq!(answer.consequence, Consequence::Block);
    }

    async fn rule_5_what_one_source_holds_touches_no_other(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 9)]).await;
        shop.list(1, &[("B", 1)]).await;
        shop.check(shop.hamburg, &[("A", 1)], Look::Stored, ("unknown", "West", &["unknown_sku -"])).await;
    }

    async fn what_is_fresh_is_answered_without_asking_and_what_is_not_is_asked_for(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 9), ("B", 9)]).await;
        shop.system.levels.lock().unwrap().insert("A".into(), 2);
        shop.clock.advance(10 * MINUTE);
        let fresh = ("can_ship", "East", ["in_stock 9"].as_slice());
        shop.check(shop.berlin, &[("A", 5)], Look::Live, fresh).await;
        assert!(shop.asked().is_empty());
        shop.book.apply(shop.account, Cause::of(CauseKind::Push), vec![update(shop.sources[0].id, "B", 8, shop.clock.now())]).await.unwrap();
        shop.clock.advance(10 * MINUTE);
        let stale = ("can_ship", "East", ["in_stock 9 stale"].as_slice());
        shop.check(shop.berlin, &[("A", 5)], Look::Stored, stale).await;
        assert!(shop.asked().is_empty(), "a list does not wait for anybody");
        let asked = ("short", "East", ["short 2", "in_stock 8"].as_slice());
        shop.check(shop.berlin, &[("A", 5), ("B", 1)], Look::Live, asked).await;
        assert_eq!(shop.asked(), ["A"]);
        shop.check(shop.berlin, &[("A", 5), ("B", 1)], Look::Live, asked).await;
        assert!(shop.asked().is_empty(), "it is fresh now");
    }

    async fn a_source_that_does_not_answer_leaves_the_stored_count_its_age_and_whom_to_ask(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 9)]).await;
        shop.clock.advance(20 * MINUTE);
        *shop.system.down.lock().unwrap() = true;
        let answer = shop.ask(Some(shop.berlin), &[("A", 5)], Look::Live).await;
        let line = &answer.decision.lines[0];
        assert_eq!((answer.decision.verdict, line.as_of), (Verdict::CanShip, Some(NOW)));
        assert_eq!(line.reason().unwrap(), "stale: as of 2023-11-14T22:13:20Z, and the key is refused");
        assert_eq!(line.advice().unwrap(), format!("{}; Acme support (help@acme.example) can help", Advice::EnterCredentials));
    }

    async fn an_article_that_could_not_be_read_is_neither_unknown_nor_fresh_and_says_why(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("SICK-OLD", 9)]).await;
        shop.clock.advance(20 * MINUTE);
        let items = [("SICK-OLD", 5), ("SICK-NEW", 1), ("X", 1)];
        let answer = shop.ask(Some(shop.berlin), &items, Look::Live).await;
        let lines = answer.decision.lines.iter();
        let reasons: Vec<String> = lines.map(|line| line.reason().unwrap()).collect();
        assert!(reasons[0].starts_with("stale:"), "{reasons:?}");
        assert!(reasons[0].ends_with("and the article's record is broken"), "{reasons:?}");
        assert_eq!(reasons[1], "the count could not be retrieved: the article's record is broken");
        assert!(!reasons[2].contains("broken"), "{reasons:?}");
    }

    async fn before_the_first_complete_listing_nothing_is_called_unknown_to_the_source(db) {
        let shop = Shop::open(db).await;
        let unavailable = ("unknown", "East", ["unavailable -"].as_slice());
        shop.check(shop.berlin, &[("A", 1)], Look::Stored, unavailable).await;
        let answer = shop.ask(Some(shop.berlin), &[("A", 1)], Look::Stored).await;
        assert_eq!(
            answer.decision.reason().unwrap(),
            "stock could not be retrieved: inventory source `East` has not been listed completely yet"
        );
        *shop.system.down.lock().unwrap() = true;
        let answer = shop.ask(Some(shop.berlin), &[("A", 1)], Look::Live).await;
        assert_eq!(answer.decision.reason().unwrap(), "stock could not be retrieved: the key is refused");
        *shop.system.down.lock().unwrap() = false;
        shop.system.levels.lock().unwrap().insert("A".into(), 4);
        shop.check(shop.berlin, &[("A", 1)], Look::Live, ("can_ship", "East", &["in_stock 4"])).await;
        shop.list(0, &[("B", 1)]).await;
        shop.clock.advance(MINUTE);
        shop.check(shop.berlin, &[("C", 1)], Look::Live, ("unknown", "East", &["unknown_sku -"])).await;
    }

    async fn an_article_the_system_does_not_have_is_asked_for_once_and_not_with_every_look(db) {
        let shop = Shop::open(db).await;
        let unknown = ("unknown", "East", ["unknown_sku -"].as_slice());
        shop.check(shop.berlin, &[("X", 1)], Look::Live, unknown).await;
        shop.check(shop.berlin, &[("X", 1)], Look::Live, unknown).await;
        assert_eq!(shop.asked(), ["X"]);
        shop.clock.advance(20 * MINUTE);
        shop.system.levels.lock().unwrap().insert("X".into(), 3);
        shop.check(shop.berlin, &[("X", 1)], Look::Live, ("can_ship", "East", &["in_stock 3"])).await;
        // What the system said last counts: it has been deleted there since.
        shop.system.levels.lock().unwrap().clear();
        shop.clock.advance(20 * MINUTE);
        shop.check(shop.berlin, &[("X", 1)], Look::Live, unknown).await;
        shop.check(shop.berlin, &[("X", 1)], Look::Stored, unknown).await;
    }

    async fn every_kind_of_level_becomes_its_own_answer(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("gone", 5)]).await;
        shop.clock.advance(MINUTE);
        let of = |sku: &str, tracking| {
            let mut update = update(shop.sources[0].id, sku, 7, shop.clock.now());
            update.level.tracking = tracking;
            update
        };
        let updates = vec![of("free", Tracking::NotTracked), of("elsewhere", Tracking::NotStocked), of("twice", Tracking::Ambiguous)];
        shop.book.apply(shop.account, Cause::of(CauseKind::Push), updates).await.unwrap();
        shop.list(0, &[("zero", 0)]).await;
        shop.clock.advance(MINUTE);
        let check = async |sku: &str, verdict: &str, line: &str| {
            shop.check(shop.berlin, &[(sku, 1)], Look::Stored, (verdict, "East", &[line])).await;
        };
        check("zero", "short", "out_of_stock 0").await;
        check("gone", "unknown", "unknown_sku -").await;
        check("never", "unknown", "unknown_sku -").await;
        check("free", "unknown", "not_tracked -").await;
        check("elsewhere", "short", "out_of_stock 0").await;
        check("twice", "unknown", "unavailable -").await;
    }

    async fn a_source_keeps_its_own_max_age_and_a_location_its_buffer(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 9)]).await;
        shop.clock.advance(10 * MINUTE);
        let decision = store::source::Decision {
            max_age_secs: Some(60),
            ..store::source::Decision::of(&shop.sources[0])
        };
        store::source::decide(db, &shop.sources[0], decision).await.unwrap();
        shop.check(shop.berlin, &[("A", 5)], Look::Stored, ("can_ship", "East", &["in_stock 9 stale"])).await;
        let location = store::ship_from::find(db, shop.account, shop.berlin).await.unwrap().unwrap();
        let careful = ShipFromLocation { buffer: Buffer::Units(Quantity::units(6)), ..location };
        store::ship_from::update(db, &careful).await.unwrap();
        shop.check(shop.berlin, &[("A", 5)], Look::Stored, ("short", "East", &["short 3 stale"])).await;
    }

    async fn a_source_that_its_system_closed_says_so_instead_of_its_last_count(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 9)]).await;
        let connection = shop.sources[0].connection_id;
        let left = [Location::site("West", "West")];
        store::source::follow_locations(db, shop.account, connection, &left, NOW).await.unwrap();
        let answer = shop.ask(Some(shop.berlin), &[("A", 5)], Look::Live).await;
        assert_eq!(
            answer.decision.reason().unwrap(),
            "stock could not be retrieved: inventory source `East` is no longer there in its own system"
        );
    }

    async fn an_order_is_answered_for_its_goods_from_where_it_ships(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 5)]).await;
        shop.list(1, &[("A", 50)]).await;
        let lines = [(Some("A"), 3), (Some("POST"), 1), (None, 2), (Some("A"), 3), (Some("A"), -9)];
        let order = shop.put("1", ShipFrom::Default, &lines).await;
        let answer = shop.availability.of_order(&order, Look::Stored).await.unwrap();
        assert_eq!(answer.decision.verdict, Verdict::Short);
        let shown: Vec<_> = answer
            .lines_of(&order)
            .map(|(line, stock)| (line.line, stock.map(|stock| stock.required.to_string())))
            .collect();
        let six = Some("6".to_owned());
        assert_eq!(shown, [(1, six.clone()), (2, None), (3, None), (4, six), (5, None)]);
        let elsewhere = shop.put("1", ShipFrom::At(shop.hamburg), &lines).await;
        let answer = shop.availability.of_order(&elsewhere, Look::Stored).await.unwrap();
        assert_eq!(answer.decision.verdict, Verdict::CanShip);

        let charges = shop.put("2", ShipFrom::Default, &[(Some("POST"), 1), (Some("A"), -1)]).await;
        let answer = shop.availability.of_order(&charges, Look::Live).await.unwrap();
        assert_eq!(answer.decision.reason().as_deref(), Some("nothing on it has to be in stock"));
        assert_eq!((answer.decision.verdict, answer.consequence), (Verdict::CanShip, Consequence::None));

        store::ship_from::delete(db, shop.account, shop.hamburg, 1).await.unwrap();
        let answer = shop.availability.of_order(&elsewhere, Look::Live).await.unwrap();
        assert_eq!(
            answer.decision.reason().unwrap(),
            "stock could not be retrieved: the ship-from location that the order names is no longer there"
        );
        let refused = shop.availability.of_items(shop.account, Some(shop.hamburg), items(&[("A", 1)]), Look::Stored);
        assert!(matches!(refused.await.unwrap_err(), Error::NotFound { .. }));
    }

    async fn an_order_with_an_unreadable_line_is_not_called_complete(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 5)]).await;
        let mut order = shop.put("1", ShipFrom::Default, &[(Some("A"), 1), (Some("A"), 1)]).await;
        order.lines[1].kind = LineKind::Unreadable("line 3: quantity: is missing".into());
        let answer = shop.availability.of_order(&order, Look::Stored).await.unwrap();
        assert_eq!((answer.decision.verdict, answer.consequence), (Verdict::Unknown, Consequence::Block));
        assert_eq!(answer.lines_of(&order).filter(|(_, stock)| stock.is_some()).count(), 1);
    }

    async fn how_orders_stand_is_answered_at_once_and_found_anew_behind_the_answer(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 5)]).await;
        shop.put("1", ShipFrom::Default, &[(Some("A"), 1)]).await;
        let standing = || async { shop.availability.standing(shop.account).await.unwrap() };
        let one = Tally { can_ship: 1, ..Tally::default() };
        assert_eq!(standing().await, Standing { tally: one, as_of: NOW });

        shop.put("2", ShipFrom::Default, &[(Some("A"), 9)]).await;
        assert_eq!(standing().await.tally, one, "it is fresh enough");
        shop.clock.advance(MINUTE);
        assert_eq!(standing().await, Standing { tally: one, as_of: NOW }, "nobody waits");
        let found = async {
            while standing().await.as_of == NOW {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(MINUTE, found).await.unwrap();
        assert_eq!(standing().await.tally, Tally { short: 1, ..one });
    }

    async fn orders_are_listed_and_counted_by_verdict(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 5)]).await;
        for number in 0..450 {
            let sku = ["A", "A", "X"][number % 3];
            let units = [1, 9, 1][number % 3];
            shop.put(&format!("{number:03}"), ShipFrom::Default, &[(Some(sku), units)]).await;
        }
        let tally = shop.availability.tally(shop.account, &Filter::default()).await.unwrap();
        assert_eq!(tally, Tally { can_ship: 150, short: 150, unknown: 150 });
        for (verdict, expected) in [(Some(Verdict::Short), 150), (None, 450)] {
            let (mut next, mut found) = (None, Vec::new());
            loop {
                let (filter, all) = (Filter::default(), &shop.availability);
                let page = all.list(shop.account, &filter, verdict, next.as_ref(), 70).await.unwrap();
                assert!(page.orders.len() <= 70);
                found.extend(page.orders.into_iter().map(|judged| judged.order.number));
                next = page.next;
                if next.is_none() {
                    break;
                }
            }
            assert!(found.is_sorted() && found.len() == expected, "{}", found.len());
        }
    }
}

/// What is said of a system that does not take its key any more.
fn refused() -> Unanswered {
    let system = "Acme".into();
    let error = AdapterError::auth("the key is refused");
    Unanswered::Connection(Trouble {
        reason: Reason::Failed { system, error },
        advice: Advice::EnterCredentials,
    })
}
