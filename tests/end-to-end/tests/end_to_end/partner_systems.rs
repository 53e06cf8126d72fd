//! Systems of partners whose keys travel in bodies and in several headers: the daemon puts them there, and shows them
//! nowhere. Every site looks for what leaked when it ends.

use std::collections::BTreeMap;

use bestand::connection::NewConnection;
use bestand::secret::SecretText;
use bestand_plugin_api::Quantity;
use bestand_upstreams::connect::{Module, ModuleOptions, Stock};
use bestand_upstreams::ecomdash::{self, Ecomdash, EcomdashOptions};
use bestand_upstreams::json_api::Fault;
use serde_json::{Value, json};

use crate::support::{Site, sku};

/// A module with one article in two warehouses, which wants this key.
pub(crate) async fn module(site: &Site, key: &str) -> Module {
    let options = ModuleOptions {
        credentials: BTreeMap::from([("api_key".to_owned(), key.to_owned())]),
        page_items: 1,
        clock: site.upstream_clock.clone(),
        ..ModuleOptions::default()
    };
    let module = Module::start(options).await.unwrap();
    module.stock([
        Stock::available("TEA-1", "berlin", 12).of(17),
        Stock::available("TEA-1", "hamburg", 7).of(7),
    ]);
    module
}

fn connection(adapter: &str, settings: Value, secrets: &[(&str, &str)]) -> NewConnection {
    let secrets = secrets.iter();
    NewConnection {
        name: "Partner".into(),
        adapter: adapter.into(),
        settings,
        secrets: secrets
            .map(|(name, value)| ((*name).to_owned(), SecretText::from(*value)))
            .collect(),
        allow_private_network: true,
        paused: false,
        sync_interval_secs: None,
        reconcile_secs: None,
    }
}

pub(crate) fn to_module(module: &Module, key: &str) -> NewConnection {
    let settings = json!({
        "base_url": module.url(), "order_source_api_code": "acme_wms", "warehouse_names": { "berlin": "Berlin" },
    });
    connection("connect", settings, &[("api_key", key)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_warehouses_of_a_module_become_sources_and_follow_its_changes() {
    let site = Site::with(&["connect"]);
    let key = site.secrets.make();
    let module = module(&site, &key).await;
    let life = site.start().await;
    let connection = life.connected(to_module(&module, &key)).await;
    let requests = module.requests();
    assert!(requests.iter().all(|request| request.body.contains(&key)));

    let berlin = life.source(connection.id, "Berlin").await;
    let held = life.level(&berlin, "TEA-1").await.unwrap();
    let counts = (held.available, held.on_hand);
    assert_eq!(
        counts,
        (Some(Quantity::units(12)), Some(Quantity::units(17)))
    );

    module.stock([Stock::available("TEA-1", "hamburg", 2).of(2)]);
    life.sync(&site, connection.id, false).await;
    let hamburg = life.source(connection.id, "hamburg").await;
    let held = life.level(&hamburg, "TEA-1").await.unwrap();
    assert_eq!(held.available, Some(Quantity::units(2)));
    let last = module.requests().pop().unwrap();
    assert!(
        last.body.contains("from_date_time"),
        "only what changed was asked for"
    );

    module.stock([Stock::available("TEA-1", "berlin", 1).of(6)]);
    let said = life.ask(&berlin, &[sku("TEA-1")]).await;
    assert!(said.trouble.is_none());
    let held = life.level(&berlin, "TEA-1").await.unwrap();
    assert_eq!(
        held.available,
        Some(Quantity::units(1)),
        "an order sees it at once"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_module_that_fails_is_told_from_the_system_behind_it() {
    let site = Site::with(&["connect"]);
    let key = site.secrets.make();
    let module = module(&site, &key).await;
    let life = site.start().await;
    let wrong = life.connect(to_module(&module, &site.secrets.make())).await;
    let (reason, advice) = life.needs_attention(wrong.id).await;
    assert!(
        reason.contains("refuses the credentials (status 401)"),
        "{reason}"
    );
    assert!(advice.contains("enter them anew"), "{advice}");

    for (code, whose) in [(500, "for its maker to mend"), (520, "not the module")] {
        module.fault(Fault::Status { code });
        let failing = life.connect(NewConnection {
            name: format!("Failing with {code}"),
            ..to_module(&module, &key)
        });
        let reason = life.degraded(failing.await.id).await;
        assert!(reason.contains(whose), "{reason}");
        module.clear_faults();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ecomdash_is_counted_with_its_kits() {
    let site = Site::with(&["ecomdash"]);
    let (account_key, portal_key) = (site.secrets.make(), site.secrets.make());
    let options = EcomdashOptions {
        account_key: account_key.clone(),
        portal_key: portal_key.clone(),
        clock: site.upstream_clock.clone(),
        ..EcomdashOptions::default()
    };
    let account = Ecomdash::start(options).await.unwrap();
    account.stock([
        ecomdash::Stock::on_hand("TEA-1", "Berlin", 12),
        ecomdash::Stock::on_hand("CUP-2", "Berlin", "9.5".parse::<ecomdash::Units>().unwrap()),
    ]);
    account
        .kit("SET", &[("TEA-1", 2.into()), ("CUP-2", 1.into())])
        .unwrap();
    let life = site.start().await;
    let settings = json!({ "base_url": account.url() });
    let keys = [
        ("account_key", account_key.as_str()),
        ("portal_key", portal_key.as_str()),
    ];
    let connection = life
        .connected(connection("ecomdash", settings, &keys))
        .await;
    let berlin = life.source(connection.id, "Berlin").await;
    for (code, on_hand) in [("TEA-1", "12"), ("CUP-2", "9.5"), ("SET", "6")] {
        let held = life.level(&berlin, code).await.unwrap();
        assert_eq!(held.on_hand, Some(on_hand.parse().unwrap()), "{code}");
    }
}
