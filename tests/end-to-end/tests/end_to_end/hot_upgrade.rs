//! An adapter is replaced under load: orders are answered all the while, and a sync that is under way comes to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use bestand_upstreams::shopify::fault::{Fault, FaultRule};
use bestand_upstreams::shopify::stock::NewItem;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::{JoinHandle, block_in_place};

use crate::support::plugin_dir::{library, written_over};
use crate::support::publisher::path;
use crate::support::{Api, Daemon, Install, Publisher, Ran, ShopifySystem, find};

const OLD: &str = "Stock of a Shopify shop";
const NEW: &str = "STOCK OF A SHOPIFY SHOP";
/// What it asks to prove that its credentials work, and what no shop answers.
const CHECK: &str = "query ShopProbe {\n  shop {";
const WRONG_CHECK: &str = "query ShopProbe {\n  shap {";
/// Three pages of a shop.
const ITEMS: i32 = 600;
/// How long each page takes: long enough for an upgrade to come in between.
const PAGE_MS: u64 = 3_000;
/// Two of the clients that ask without a pause.
const CLIENTS: usize = 2;

/// Clients that ask for stock without a pause until they are told to stop; every answer must be a count.
struct Load {
    stop: Arc<AtomicBool>,
    answers: Arc<AtomicU32>,
    clients: Vec<JoinHandle<()>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_adapter_is_upgraded_and_rolled_back_under_load_without_a_failed_request_or_a_lost_sync()
{
    let site = Upgraded::begin().await;
    let load = Load::begin(&site.daemon.api);
    assert_eq!(site.generation().await, (json!(1), true));

    // A listing that takes its time is under way while the adapter is replaced.
    site.list_slowly().await;
    let upgraded = site.run(&["plugin", "upgrade", path(&site.second)]);
    assert_eq!(upgraded.code, Some(0), "{upgraded:?}");
    assert_eq!(site.generation().await, (json!(2), false));
    site.listed_once().await;
    assert_eq!(
        site.workers_left().await,
        1,
        "the old generation ended with its last user"
    );

    // One that does not work is not taken, and is not installed any more.
    let refused = site.run(&["plugin", "upgrade", path(&site.broken)]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused
            .stderr
            .contains("does not work and is not put in place"),
        "{refused:?}"
    );
    assert_eq!(site.generation().await, (json!(2), false));
    assert_eq!(site.locked_generation(), json!(2));
    let reason = find("the news of it", async || site.not_replaced().await).await;
    assert!(reason.contains("is not put in place"), "{reason}");

    site.list_slowly().await;
    let back = site.run(&["plugin", "rollback", "shopify"]);
    assert_eq!(back.code, Some(0), "{back:?}");
    assert_eq!(site.generation().await, (json!(3), true));
    site.listed_once().await;

    let answers = load.end().await;
    println!("{answers} requests were answered meanwhile");
    assert!(answers > 100, "{answers}");
    assert!(site.daemon.end().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reload_that_changes_nothing_disturbs_nobody() {
    let site = Upgraded::begin().await;
    let worker = site.workers();
    site.list_slowly().await;
    site.run(&["reload"]).expect(0);
    assert_eq!(site.workers(), worker, "the very same process");
    site.listed_once().await;
    assert!(site.daemon.end().await.success());
}

/// A daemon with one connected shop, and three packages of its adapter, of which one is installed.
struct Upgraded {
    daemon: Daemon,
    connection: String,
    system: ShopifySystem,
    second: std::path::PathBuf,
    broken: std::path::PathBuf,
    install: Install,
}

impl Upgraded {
    /// Why a new generation was not put in place, as people read it.
    async fn not_replaced(&self) -> Option<String> {
        let kind = "/activity?subject=adapter:shopify&kind=adapter_not_replaced";
        let told = self.daemon.api.get(kind).await;
        Some(told["items"][0]["details"]["reason"].as_str()?.to_owned())
    }

    async fn begin() -> Self {
        let install = Install::with(&[]);
        let partner = block_in_place(|| Publisher::new(&install, "partner"));
        let key = partner.public_key.clone();
        install.configure(&format!(
            "[sync]\nmax_age_secs = 1\n[[adapter]]\nid = \"shopify\"\n\
             [[publisher]]\nname = \"Partner\"\nkeys = [{key:?}]\nallow = [\"shopify\"]\n"
        ));
        let built = std::fs::read(library("shopify")).unwrap();
        let (first, second, broken) = block_in_place(|| {
            let new = written_over(&built, OLD.as_bytes(), NEW.as_bytes());
            let broken = written_over(&built, CHECK.as_bytes(), WRONG_CHECK.as_bytes());
            (
                partner.package(&install, "one", &built),
                partner.package(&install, "two", &new),
                partner.package(&install, "three", &broken),
            )
        });
        block_in_place(|| install.run(&["plugin", "install", path(&first)])).expect(0);
        let system = ShopifySystem::in_real_time(&install.secrets).await;
        let main = system.main;
        system
            .shop
            .add_items((0..ITEMS).map(|number| NewItem::sku(code(number)).at(main, number + 1)));
        let daemon = install.serve_with(&system.connection()).await;
        daemon.api.ship_from("Portland", "Main").await;
        let connection = daemon.api.connection("Web shop").await;
        find("a first sync", async || {
            let shown = daemon.api.get(&format!("/connections/{connection}")).await;
            (!shown["status"]["last_sync_at"].is_null()).then_some(())
        })
        .await;
        Self {
            daemon,
            connection,
            system,
            second,
            broken,
            install,
        }
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        block_in_place(|| self.install.run(arguments))
    }

    /// Which generation runs, and whether it says what the first one said.
    async fn generation(&self) -> (Value, bool) {
        let adapter = self.daemon.api.get("/adapters").await["items"][0].clone();
        assert_eq!(adapter["state"], "ready", "{adapter:#}");
        assert_eq!(adapter["signature"], "trusted", "{adapter:#}");
        let description = adapter["description"].as_str().unwrap();
        (adapter["generation"].clone(), description.contains(OLD))
    }

    fn locked_generation(&self) -> Value {
        let list = self.run(&["plugin", "list", "--json"]).expect(0).json();
        list[0]["generation"].clone()
    }

    /// Begins a full listing each of whose pages takes its time.
    async fn list_slowly(&self) {
        self.system.shop.clear_faults();
        self.system.shop.forget_requests();
        let slow = FaultRule::always(Fault::Slow { millis: PAGE_MS });
        self.system.shop.fault(slow.on("InventoryItemsPage"));
        let sync = format!("/connections/{}/sync?full=true", self.connection);
        self.daemon
            .api
            .ask(Method::POST, &sync, None)
            .await
            .expect(202);
        find("a listing under way", async || {
            (self.system.listed_pages() > 0).then_some(())
        })
        .await;
    }

    /// Waits for its end, and proves that it was one listing and not two.
    async fn listed_once(&self) {
        self.daemon.api.until(&self.connection, "ready").await;
        assert_eq!(
            self.system.listed_pages(),
            3,
            "every page was asked for once"
        );
        self.system.shop.clear_faults();
    }

    /// How many workers there are when nothing ends any more.
    async fn workers_left(&self) -> usize {
        find("one worker", async || {
            (self.workers().len() == 1).then_some(())
        })
        .await;
        self.workers().len()
    }

    /// The processes of the daemon's adapters.
    fn workers(&self) -> Vec<String> {
        let daemon = std::fs::read_to_string(self.install.path("data/bestand.pid")).unwrap();
        let parent = |process: &std::path::Path| {
            let stat = std::fs::read_to_string(process.join("stat")).ok()?;
            let after_name = stat.rsplit_once(") ")?.1.to_owned();
            after_name.split(' ').nth(1).map(str::to_owned)
        };
        let processes = std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| Some(entry.ok()?.path()));
        let workers = processes.filter(|process| parent(process).as_deref() == Some(daemon.trim()));
        workers
            .map(|process| process.display().to_string())
            .collect()
    }
}

impl Load {
    fn begin(api: &Api) -> Self {
        let (stop, answers) = (Arc::<AtomicBool>::default(), Arc::<AtomicU32>::default());
        let client = |_| tokio::spawn(ask(api.alone(), Arc::clone(&stop), Arc::clone(&answers)));
        let clients = (0..CLIENTS).map(client).collect();
        Self {
            stop,
            answers,
            clients,
        }
    }

    /// Stops it; answers how many requests there were. A client that met a failure fails here.
    async fn end(self) -> u32 {
        self.stop.store(true, Ordering::Relaxed);
        for client in self.clients {
            client
                .await
                .expect("every request was answered with a count");
        }
        self.answers.load(Ordering::Relaxed)
    }
}

async fn ask(api: Api, stop: Arc<AtomicBool>, answers: Arc<AtomicU32>) {
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        number = (number + 7) % ITEMS;
        let body = json!({ "items": [{ "sku": code(number), "quantity": 1 }] });
        let line = api.post("/availability", body).await.expect(200)["lines"][0].clone();
        let expected = (&json!("in_stock"), &json!(number + 1));
        assert_eq!((&line["status"], &line["available"]), expected, "{line:#}");
        answers.fetch_add(1, Ordering::Relaxed);
    }
}

fn code(number: i32) -> String {
    format!("S-{number:05}")
}
