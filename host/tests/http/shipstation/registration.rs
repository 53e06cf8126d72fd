//! Who may register a partner, and what is told to whoever may not. That a partner is asked then is tried end to end.

use bestand::api_key::NewApiKey;
use bestand::api_key::Role::{Admin, Operator, Partner, Reader};
use serde_json::{Value, json};

use super::super::support::{Api, NOW};

const LINE: &str = "POST /Integratedapp/Register";

/// An API where one partner may register, by an adapter that is enabled and not there.
async fn open() -> Api {
    let section =
        "[[registration]]\napi_code = \"Acme-WMS\"\nname = \"Acme WMS\"\nadapter = \"finale\"";
    Api::configured(section).await
}

async fn key_for(api: &Api, partner: &str) -> String {
    let new = NewApiKey {
        name: format!("{partner}'s key"),
        role: Partner,
        partner: Some(partner.into()),
        expires_at: None,
    };
    let issued = api.parts.keyring.create(api.account, new, NOW).await;
    let issued = issued.unwrap();
    format!("{}:{}", issued.api_key.key, issued.secret.reveal())
}

fn registration(api_code: &str) -> Value {
    json!({ "apiCode": api_code, "authToken": "token", "authKey": "key" })
}

#[tokio::test]
async fn only_the_partner_itself_and_operators_register_it() {
    let api = open().await;
    let body = registration("acme-wms");
    let stranger = api.call(LINE).json(&body).expect(401).await;
    assert!(stranger.json()["message"].is_string());
    api.call(LINE).by(Reader).json(&body).expect(403).await;
    let other = key_for(&api, "Other Inc.").await;
    let of_another = api.call(LINE).with(&other).json(&body).expect(403).await;
    let unknown = registration("nobody");
    let of_nobody = api.call(LINE).with(&other).json(&unknown).expect(403).await;
    assert_eq!(
        of_another.json(),
        of_nobody.json(),
        "it is not told who can register"
    );
    let own = key_for(&api, "Acme WMS").await;
    for line in [
        LINE,
        "POST /INTEGRATEDAPP/REGISTER",
        "POST /ssapi/integratedapp/register",
    ] {
        // It got past the door: what is missing is the adapter.
        for call in [
            api.call(line).with(&own),
            api.call(line).by(Operator),
            api.call(line).by(Admin),
        ] {
            let call = call.header("x-shipstation-partner", "any");
            let refused = call.json(&body).expect(400).await.json();
            let message = refused["message"].as_str().unwrap();
            assert!(message.contains("adapter"), "{message}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_registered_is_a_message_that_names_it() {
    let api = open().await;
    let check = async |body: Value, expected: &str| {
        let refused = api.call(LINE).by(Operator).json(&body).expect(400).await;
        let refused = refused.json();
        let message = refused["message"].as_str().unwrap();
        assert!(message.contains(expected), "{message}");
        assert_eq!(refused["ExceptionMessage"], refused["message"]);
    };
    check(registration("nobody"), "no partner `nobody`").await;
    check(json!({ "authToken": "token" }), "apiCode").await;
    check(json!({ "apiCode": 5 }), "apiCode").await;
    let get = api.call("GET /integratedapp/register").by(Operator);
    assert!(get.expect(405).await.json()["message"].is_string());
    let db = &api.parts.db;
    let connections = bestand::store::connection::list(db, api.account).await;
    assert!(connections.unwrap().is_empty());
}
