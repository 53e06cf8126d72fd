//! An installation at work, with something of everything that the console shows, and the people who look at it.

use bestand::connection::NewConnection;
use serde_json::{Value, json};

use bestand_upstreams::finale::Stock;
use bestand_upstreams::shopify::stock::NewItem;

use super::browser::{Browser, Language, Page, Width};
use super::finale::pair;
use super::install::enabling;
use super::{Daemon, FinaleSystem, Install, ShopifySystem};

/// What everybody's password is.
pub(crate) const PASSWORD: &str = "a long walk by the harbour";
/// More than one page of a list shows.
const ORDERS_OF_EVERY_DAY: u32 = 120;

/// What connections can be made through.
const ADAPTERS: [&str; 3] = ["finale", "shopify", "warehouse"];

/// The installation, its daemon, and the systems that it is connected to.
pub(crate) struct Stand {
    pub(crate) daemon: Daemon,
    /// Where stock is counted: Berlin and Porto.
    pub(crate) finale: FinaleSystem,
    /// Where it is sold: Main.
    pub(crate) shop: ShopifySystem,
    /// Last: it looks whether anything of the others is left.
    pub(crate) install: Install,
}

// === impl Stand ===

impl Stand {
    /// With connections, places, orders and keys, and one person of each role, called as their role.
    pub(crate) async fn at_work() -> Self {
        let stand = Self::empty().await;
        stand.connect_all().await;
        stand.take_orders().await;
        stand.install.key("partner");
        stand.end_some();
        stand.watch_stock().await;
        stand
    }

    /// From when on stock is low: some is, by either threshold.
    async fn watch_stock(&self) {
        let api = &self.daemon.api;
        for threshold in [
            json!({ "threshold": 2 }),
            json!({ "sku": "MUG-BLUE", "threshold": 20 }),
        ] {
            let set = api.put("/low-stock-thresholds", threshold).await;
            set.expect(200);
        }
    }

    /// Somebody who may not sign in any more, and a key that opens nothing any more.
    fn end_some(&self) {
        self.install.add_user("night shift", "reader");
        let disable = ["user", "disable", "night shift"];
        self.install.run(&disable).expect(0);
        let key = self.install.key("reader").key;
        self.install.run(&["key", "revoke", &key]).expect(0);
    }

    /// With people, but nothing connected.
    pub(crate) async fn empty() -> Self {
        let install = Install::with(&ADAPTERS);
        install.plugins.put("acme-broken.so", b"no library");
        Self::with_people(install).await
    }

    /// The same with more in the config file.
    pub(crate) async fn configured(more: &str) -> Self {
        let install = Install::with(&ADAPTERS);
        install.configure(&(enabling(&ADAPTERS) + more));
        Self::with_people(install).await
    }

    /// With people, and an adapter that does what it must not.
    pub(crate) async fn beside_misbehaving() -> Self {
        Self::with_people(Install::with(&["misbehaving"])).await
    }

    async fn with_people(install: Install) -> Self {
        for role in ["reader", "operator", "admin"] {
            install.add_user(role, role);
        }
        Self::on(install).await
    }

    /// As it is when it is started for the first time.
    pub(crate) async fn new() -> Self {
        Self::on(Install::with(&ADAPTERS)).await
    }

    async fn on(install: Install) -> Self {
        let finale = FinaleSystem::in_real_time(&install.secrets).await;
        let shop = ShopifySystem::in_real_time(&install.secrets).await;
        let daemon = install.serve().await;
        Self {
            daemon,
            finale,
            shop,
            install,
        }
    }

    async fn connect_all(&self) {
        self.finale.finale.stock([
            Stock::on_hand("MUG-BLUE", "Berlin", 40).reserved(4),
            Stock::on_hand("LAMP", "Berlin", 2).on_order(24),
            Stock::on_hand("CHAIR", "Berlin", 0),
            Stock::on_hand("MUG-BLUE", "Porto", 7),
            Stock::on_hand("LAMP", "Porto", 30),
        ]);
        self.shop.shop.add_items([
            NewItem::sku("MUG-BLUE").at(self.shop.main, 12),
            NewItem::sku("POSTER-A-VERY-LONG-NAME-THAT-NOBODY-SHORTENED-2026")
                .at(self.shop.main, 3),
        ]);
        let refused = NewConnection {
            name: "Finale outlet".into(),
            secrets: pair("wrong-key", "wrong-secret"),
            ..self.finale.connection()
        };
        let own = NewConnection {
            name: "Own warehouse".into(),
            adapter: "warehouse".into(),
            settings: json!({}),
            secrets: Default::default(),
            ..self.finale.connection()
        };
        for (new, state) in [
            (self.finale.connection(), "ready"),
            (self.shop.connection(), "ready"),
            (own, "ready"),
            (refused, "needs_attention"),
        ] {
            let made = self.daemon.api.connect(&new).await;
            self.daemon.api.until(&made, state).await;
        }
    }

    async fn take_orders(&self) {
        let api = &self.daemon.api;
        let berlin = api.ship_from("Berlin", "Berlin").await;
        let portland = api.ship_from("Portland", "Main").await;
        let hall = json!({ "name": "Hall without a source" });
        let hall = api.post("/ship-from-locations", hall).await.expect(201)["id"].clone();
        let hall = hall.as_str().expect("an id");
        api.order("1001", &berlin, json!([line("MUG-BLUE", 2)]))
            .await;
        api.order("1002", &berlin, json!([line("LAMP", 3), line("CHAIR", 1)]))
            .await;
        api.order(
            "1003",
            &berlin,
            json!([line("MUG-BLUE", 1), line("NOBODY-KNOWS", 1)]),
        )
        .await;
        api.order("1004", hall, json!([line("MUG-BLUE", 1)])).await;
        let poster = line("POSTER-A-VERY-LONG-NAME-THAT-NOBODY-SHORTENED-2026", 9);
        api.order("1005", &portland, json!([poster, line("MUG-BLUE", 5)]))
            .await;
        let csv = (0..ORDERS_OF_EVERY_DAY)
            .map(|number| format!("{},MUG-BLUE,{}\n", 2_000 + number, number % 50 + 1));
        let csv = format!("order_number,sku,quantity\n{}", csv.collect::<String>());
        // They name no place, so they ship from the first one.
        api.send(api.import("text/csv", "", csv)).await.expect(200);
        let told = json!({ "url": "https://receiver.invalid/hooks" });
        api.post("/webhooks", told).await.expect(201);
    }

    /// A browser in which this person is signed in.
    pub(crate) async fn signed_in(&self, name: &str, width: Width, language: Language) -> Browser {
        let browser = Browser::start(width, language).await;
        let page = browser.open(&self.daemon, "/sign-in").await;
        self.sign_in(&page, name).await;
        browser
    }

    /// Fills in the form that a page shows.
    pub(crate) async fn sign_in(&self, page: &Page, name: &str) {
        page.fill("main [autocomplete=username]", name).await;
        page.fill("main [autocomplete=current-password]", PASSWORD)
            .await;
        page.press("Enter").await;
        page.arrives("/orders").await;
    }
}

impl Install {
    /// A user of this name and role, with the password that all have.
    pub(crate) fn add_user(&self, name: &str, role: &str) {
        self.put("password", PASSWORD);
        let add = ["user", "add", name, "--role", role];
        let add = [&add[..], &["--password-file", "password"]].concat();
        self.run(&add).expect(0);
    }
}

fn line(sku: &str, quantity: i64) -> Value {
    json!({ "sku": sku, "quantity": quantity })
}
