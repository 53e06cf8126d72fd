//! A signed delivery is a hint: the level is read again, and nothing in the body is believed.

use std::collections::BTreeMap;
use std::time::Duration;

use bestand::connection::{Connection, Received};
use bestand::secret::SecretText;
use bestand::source::InventorySource;
use bestand_plugin_api::{InboundRequest, Quantity};
use bestand_upstreams::shopify::fault::{Fault, FaultRule};
use bestand_upstreams::shopify::stock::NewItem;
use bestand_upstreams::shopify::webhook::Twist;

use crate::support::{Life, ShopifySystem, Site, find};

struct Shop {
    site: Site,
    system: ShopifySystem,
    /// Where the shop delivers to.
    url: String,
    item: u64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_makes_the_level_be_read_again() {
    let (shop, life, connection) = Shop::open().await;
    let main = life.source(connection.id, "Main").await;
    shop.system.shop.forget_requests();
    shop.changes_to(7).await;
    let deliveries = shop.system.shop.deliver_webhooks(Twist::None).await;
    assert!(!deliveries.is_empty());
    assert!(
        deliveries
            .iter()
            .all(|delivery| delivery.status == Some(200)),
        "{deliveries:?}"
    );
    reads(&life, &main, 7).await;
    let requests = shop.system.shop.requests().len();
    assert_eq!(
        (requests, shop.system.requests_of("InventoryItemsByIds")),
        (1, 1)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_nobody_of_ours_signed_is_refused_and_does_nothing() {
    let (shop, life, connection) = Shop::open().await;
    let main = life.source(connection.id, "Main").await;
    let before = life.level(&main, "A").await;
    shop.changes_to(7).await;
    shop.system.shop.forget_requests();
    let deliveries = shop.system.shop.deliver_webhooks(Twist::BadHmac).await;
    assert!(
        deliveries
            .iter()
            .all(|delivery| delivery.status == Some(401)),
        "{deliveries:?}"
    );
    assert!(shop.system.shop.requests().is_empty());
    assert_eq!(life.level(&main, "A").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_that_come_twice_or_in_the_wrong_order_end_at_the_last_number() {
    let (shop, life, connection) = Shop::open().await;
    let main = life.source(connection.id, "Main").await;
    for (count, twist) in [(7, Twist::Duplicate), (8, Twist::OutOfOrder)] {
        shop.changes_to(count - 1).await;
        shop.changes_to(count).await;
        let deliveries = shop.system.shop.deliver_webhooks(twist).await;
        assert!(
            deliveries
                .iter()
                .all(|delivery| delivery.status == Some(200)),
            "{deliveries:?}"
        );
        reads(&life, &main, count).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscriptions_that_the_system_dropped_are_made_again_within_the_hour() {
    let (shop, life, connection) = Shop::open().await;
    let all = shop.system.shop.subscriptions().len();
    assert!(all >= 10, "{all}");
    shop.system.shop.drop_subscriptions();
    shop.site.advance(Duration::from_secs(3_601));
    find("all subscriptions again", async || {
        (shop.system.shop.subscriptions().len() == all).then_some(())
    })
    .await;
    let hook = format!("{}/hooks/{}", shop.url, connection.id);
    let topics: BTreeMap<_, _> = shop.system.shop.subscriptions().into_iter().collect();
    assert!(topics.values().all(|uri| *uri == hook), "{topics:?}");
    life.connections
        .remove(life.account, connection.id, connection.version)
        .await
        .unwrap();
    assert!(
        shop.system.shop.subscriptions().is_empty(),
        "what was set up there is taken back"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_at_home_for_a_connection_that_does_not_exist() {
    let (shop, _life, connection) = Shop::open().await;
    let mut other = connection.clone();
    other.id = bestand::id::ConnectionId::new();
    let client = reqwest::Client::new();
    let answer = client
        .post(format!("{}/hooks/{}", shop.url, other.id))
        .body("{}");
    assert_eq!(answer.send().await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_before_the_connection_is_open_is_kept_and_a_challenge_is_not() {
    let site = Site::with(&["shopify"]);
    let system = ShopifySystem::start(&site).await;
    let life = site.start().await;
    let mut wrong = system.connection();
    for secret in wrong.secrets.values_mut() {
        *secret = SecretText::from(site.secrets.make().as_str());
    }
    let id = life.connect(wrong).await.id;
    life.needs_attention(id).await;
    let request = |method| InboundRequest::new(method, "/hooks", Vec::new(), life.clock.now());
    let receive = async |method| life.connections.receive(id, None, request(method)).await;
    assert_eq!(receive("POST").await, Some(Received::Kept));
    assert_eq!(receive("GET").await, Some(Received::Busy));
    let waiting = life.connections.status(id).expect("it runs").hooks_waiting;
    assert_eq!(waiting, 1);
    life.connections.stop(id);
    assert_eq!(receive("POST").await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hint_that_was_acknowledged_is_followed_by_the_next_life() {
    let (shop, life, connection) = Shop::open().await;
    let main = life.source(connection.id, "Main").await;
    let hangs = FaultRule::always(Fault::Slow { millis: 600_000 });
    shop.system.shop.fault(hangs.on("InventoryItemsByIds"));
    shop.changes_to(7).await;
    let deliveries = shop.system.shop.deliver_webhooks(Twist::None).await;
    assert!(
        deliveries
            .iter()
            .all(|delivery| delivery.status == Some(200)),
        "{deliveries:?}"
    );
    drop(life);
    shop.system.shop.clear_faults();

    // No time passes, so that no sync is due but for what is owed.
    let life = shop.site.start().await;
    reads(&life, &main, 7).await;
    drop(life);
    shop.system.shop.forget_requests();
    let life = shop.site.start().await;
    life.ready(connection.id).await;
    assert_eq!(shop.system.listed_pages(), 0, "it was paid once");
}

// === impl Shop ===

impl Shop {
    /// A shop that is connected and whose address for deliveries is known to it.
    async fn open() -> (Self, Life, Connection) {
        let mut site = Site::with(&["shopify"]);
        let url = site.open_door().await;
        let system = ShopifySystem::start(&site).await;
        let item = system
            .shop
            .add_items([NewItem::sku("A").at(system.main, 5)])[0];
        let life = site.start().await;
        let connection = life.connected(system.connection()).await;
        (
            Self {
                site,
                system,
                url,
                item,
            },
            life,
            connection,
        )
    }

    /// Somebody in the shop's admin changes the number, a second later.
    async fn changes_to(&self, count: i32) {
        self.site.advance(Duration::from_secs(1));
        self.system
            .shop
            .set_quantity(self.item, self.system.main, "available", count);
    }
}

async fn reads(life: &Life, place: &InventorySource, count: i32) {
    find("the new number", async || {
        let held = life.level(place, "A").await?;
        (held.available == Some(Quantity::units(i64::from(count)))).then_some(())
    })
    .await;
}
