//! Credentials and settings that cannot be right: said at once where that is possible, and else shown as a state that
//! says what to do.

use std::collections::BTreeMap;
use std::time::Duration;

use bestand::connection::{ConnectionPatch, EditError, NewConnection};
use bestand::secret::SecretText;
use bestand_plugin_api::Quantity;
use bestand_upstreams::finale::Fault;
use bestand_upstreams::shopify::stock::NewItem;
use serde_json::json;

use crate::support::finale::pair;
use crate::support::{FinaleSystem, ShopifySystem, Site, sku};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_key_needs_attention_and_the_right_one_mends_it() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let life = site.start().await;
    let wrong = NewConnection {
        secrets: pair(&site.secrets.make(), &site.secrets.make()),
        ..system.connection()
    };
    let connection = life.connect(wrong).await;
    let (reason, advice) = life.needs_attention(connection.id).await;
    assert_eq!(
        reason,
        "Finale refuses the API key (status 401): check key and secret under Application settings › Users › API keys"
    );
    assert_eq!(
        advice,
        "check the credentials in the other system, then enter them anew in this connection"
    );
    assert!(life.stock(connection.id).await.is_empty());

    let right = ConnectionPatch {
        secrets: system
            .secrets()
            .into_iter()
            .map(|(name, secret)| (name, Some(secret)))
            .collect(),
        ..ConnectionPatch::default()
    };
    life.change(&connection, right).await;
    life.ready(connection.id).await;
    let berlin = life.source(connection.id, "Berlin").await;
    let held = life.level(&berlin, "A").await.unwrap();
    assert_eq!(held.on_hand, Some(Quantity::units(5)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_token_leaves_the_old_counts_with_their_age() {
    let site = Site::with(&["shopify"]);
    let system = ShopifySystem::start(&site).await;
    system
        .shop
        .add_items([NewItem::sku("A").at(system.main, 5)]);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let main = life.source(connection.id, "Main").await;
    let before = life.level(&main, "A").await.unwrap();

    system.shop.revoke_tokens();
    site.advance(Duration::from_secs(600));
    let (reason, advice) = life.needs_attention(connection.id).await;
    assert!(reason.contains("the token was revoked"), "{reason}");
    assert!(advice.contains("enter them anew"), "{advice}");
    assert_eq!(life.level(&main, "A").await, Some(before));
    let said = life.ask(&main, &[sku("A")]).await;
    assert_eq!(said.trouble.map(|trouble| trouble.advice()), Some(advice));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credentials_that_are_mended_on_the_other_side_are_noticed() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.fault(Fault::Unauthorized);
    let life = site.start().await;
    let connection = life.connect(system.connection()).await;
    life.needs_attention(connection.id).await;
    system.finale.clear_faults();
    site.advance(Duration::from_secs(901));
    life.ready(connection.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_does_not_exist_names_the_setting() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    let life = site.start().await;
    let other = NewConnection {
        settings: json!({ "account": "nobody", "base_url": system.finale.url() }),
        ..system.connection()
    };
    let connection = life.connect(other).await;
    let (reason, advice) = life.needs_attention(connection.id).await;
    assert_eq!(
        reason,
        "Finale knows no such account: check the account's path"
    );
    assert_eq!(advice, "correct `account` in this connection's settings");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_is_wrong_with_a_new_connection_is_said_at_once() {
    let site = Site::with(&["finale"]);
    let life = site.start().await;
    let new = NewConnection {
        name: " ".into(),
        adapter: "finale".into(),
        settings: json!({ "acount": "acme" }),
        secrets: BTreeMap::from([("api_kee".to_owned(), SecretText::from("x"))]),
        allow_private_network: false,
        paused: false,
        sync_interval_secs: None,
        reconcile_secs: None,
    };
    let Err(EditError::Invalid(problems)) = life.try_connect(new).await else {
        panic!("it is refused")
    };
    let mut fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    fields.sort_unstable();
    let expected = [
        "name",
        "secrets.api_kee",
        "secrets.api_key",
        "secrets.api_secret",
        "settings",
        "settings",
    ];
    assert_eq!(fields, expected, "{problems:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_of_the_own_network_needs_the_operators_leave() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    let life = site.start().await;
    let new = NewConnection {
        allow_private_network: false,
        ..system.connection()
    };
    let connection = life.connect(new).await;
    let (reason, _) = life.needs_attention(connection.id).await;
    assert!(reason.contains("allow_private_network"), "{reason}");
    assert!(system.finale.requests().is_empty());
}
