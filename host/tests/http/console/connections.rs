//! Connections by page, as far as no adapter is needed: what is declared in the file, and what a removal loses.

use bestand::api_key::Role::{Operator, Reader};
use bestand::connection::{Connection, Origin};
use bestand::id::ConnectionId;
use bestand::store;
use serde_json::{Value, json};

use super::person::Person;
use crate::support::{Api, NOW};

/// A connection that stands in the config file.
async fn declare(api: &Api) -> ConnectionId {
    let connection = Connection {
        id: ConnectionId::new(),
        account_id: api.account,
        name: "Finale outlet".into(),
        adapter: "finale".into(),
        partner: None,
        settings: json!({ "account": "outlet" }),
        origin: Origin::Config,
        paused: false,
        allow_private_network: false,
        sync_interval_secs: None,
        reconcile_secs: None,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    };
    let inserted = store::connection::insert(&api.parts.db, &connection);
    inserted.await.unwrap();
    connection.id
}

#[tokio::test]
async fn a_connection_of_the_config_file_says_so_and_is_changed_there_only() {
    let api = Api::open().await;
    let id = declare(&api).await;
    let path = format!("/connections/{id}");
    let operator = Person::of(&api, Operator).await;
    let list = operator.opens("/connections").await;
    assert!(
        list.text("#cards li").contains("From the config file"),
        "{}",
        list.said()
    );
    let page = operator.opens(&path).await;
    assert!(
        page.said()
            .contains("Change it there and run “bestand reload”."),
        "{}",
        page.said()
    );
    let before = store::connection::find(&api.parts.db, api.account, id)
        .await
        .unwrap();
    for deed in ["change", "pause", "remove"] {
        let action = format!("{path}/{deed}");
        assert!(
            page.forms().iter().all(|form| form.action != action),
            "{deed} is offered"
        );
        let fields = [
            ("version", "1"),
            ("name", "Another"),
            ("setting.account", "other"),
        ];
        let refused = operator.sends(&action, &fields).await;
        assert!(
            (400..500).contains(&refused.status),
            "{deed}: {}",
            refused.status
        );
    }
    let after = store::connection::find(&api.parts.db, api.account, id)
        .await
        .unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_removal_names_what_is_lost_asks_and_goes_by_what_was_seen() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let path = format!("/connections/{}", shop.connection);
    let operator = Person::of(&api, Operator).await;
    let page = operator.opens(&path).await;
    let action = format!("{path}/remove");
    let facts = page.texts(&format!("form[action='{action}'] dd"));
    assert_eq!(facts, ["1", "3", "Hamburg"], "sources, levels, locations");
    let ask = page
        .attribute(&format!("form[action='{action}']"), "data-ask")
        .unwrap();
    assert!(ask.contains("finale main"), "{ask}");

    let form = page.form(&action);
    let of_another_state = operator.submits(&form.clone().with("version", "7")).await;
    assert_eq!(of_another_state.status, 409, "{}", of_another_state.said());
    operator.opens(&path).await;
    assert_eq!(operator.submits(&form).await.leads_to(), "/connections");
    assert_eq!(operator.gets(&path).await.status, 404);
    let location = api.api(
        Reader,
        &format!("GET /ship-from-locations/{}", shop.ship_from),
    );
    assert_eq!(location.expect(200).await.json()["source_id"], Value::Null);
}

#[tokio::test]
async fn a_connection_whose_adapter_is_gone_is_not_lost_and_says_why_nothing_can_be_done() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let path = format!("/connections/{}", shop.connection);
    let operator = Person::of(&api, Operator).await;
    let page = operator.opens(&path).await;
    assert!(
        page.forms()
            .iter()
            .all(|form| !form.action.ends_with("/change"))
    );
    for (deed, status) in [("change", 404), ("sync", 409)] {
        let refused = operator
            .sends(&format!("{path}/{deed}"), &[("version", "1")])
            .await;
        assert_eq!(refused.status, status, "{deed}: {}", refused.said());
        assert!(
            refused.has("h1") && refused.said().len() > 40,
            "{}",
            refused.said()
        );
    }
    let checked = operator.sends(&format!("{path}/check"), &[]).await;
    assert!(
        checked.text("#checked").starts_with("It does not work."),
        "{}",
        checked.said()
    );
}

#[tokio::test]
async fn a_part_that_cannot_be_read_again_is_told_why() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let operator = Person::of(&api, Operator).await;
    let page = format!("/connections/{}", shop.connection);
    let offered = operator.opens(&page).await;
    assert!(offered.said().contains("Hamburg"), "{}", offered.said());
    let sent = format!("{page}/reread");
    let read = async |skus: &str, source: &str, since: &str| {
        let fields = [
            ("skus", skus),
            ("source", source),
            ("changed_since", since),
            ("deed", "try"),
        ];
        operator.sends(&sent, &fields).await
    };
    let many = (0..501).map(|number| format!("A{number}\n"));
    for (skus, source, since) in [
        (many.collect::<String>().as_str(), "", ""),
        ("A\u{7}", "", ""),
        ("A", "", "2020-01-01T08:00"),
        ("", "", "tomorrow"),
        ("", "", "2100-01-01T08:00"),
        ("", "Mars", ""),
    ] {
        let refused = read(skus, source, since).await;
        assert_eq!(refused.status, 422, "{source} {since}");
    }
    // Its adapter does not run here.
    let closed = read("", "", "2020-01-01T08:00").await;
    assert_eq!(closed.status, 409);
    assert!(
        closed.said().contains("The state of the connection"),
        "{}",
        closed.said()
    );
}
