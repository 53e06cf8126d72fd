//! How often a connection is listed in full that otherwise asks for changes only: as its place in the config file says.

use std::time::Duration;

use bestand::config;
use bestand::store;
use bestand_upstreams::shopify::stock::NewItem;

use crate::support::{ShopifySystem, Site};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_listed_in_full_as_often_as_its_place_in_the_file_says() {
    let site = Site::with(&["shopify"]);
    let system = ShopifySystem::start(&site).await;
    let main = system.main;
    system.shop.add_items([NewItem::sku("A").at(main, 9)]);
    let new = system.connection();
    let secrets = new.secrets.into_iter();
    let declared = config::connection::Connection {
        name: new.name.clone(),
        adapter: new.adapter,
        settings: new.settings.as_object().unwrap().clone(),
        secrets: secrets.map(|(name, secret)| (name, Ok(secret))).collect(),
        paused: false,
        allow_private_network: true,
        sync_interval: None,
        reconcile: Some(Duration::from_secs(600)),
    };
    let life = site.start().await;
    let declared = [declared];
    let declare = life.connections.declare(life.account, &declared);
    declare.await.unwrap();
    let found = store::connection::find_by_name(&life.db, life.account, &new.name).await;
    let connection = found.unwrap().unwrap();
    life.connections.start(connection.clone());
    life.ready(connection.id).await;
    let listed = async |after_secs| {
        let then = life.clock.now().after(Duration::from_secs(after_secs));
        site.advance(Duration::from_secs(after_secs));
        let is_synced = |status: &bestand::connection::state::Status| {
            status.last_sync_at.is_some_and(|at| at.0 >= then)
        };
        life.until(connection.id, "synced", is_synced).await;
        system.listed_pages()
    };
    let first = system.listed_pages();
    assert_eq!(listed(300).await, first, "changes are enough");
    assert_eq!(listed(300).await, first + 1, "ten minutes are over");
    assert_eq!(listed(300).await, first + 1);
}
