//! The older API's warehouses: ship-from locations, with the source each is linked to.

use bestand::api_key::Role::{Operator, Reader};
use serde_json::{Value, json};

use super::super::support::{Api, on_both_engines};

async fn ask(api: &Api, line: &str, body: Option<Value>, status: u16) -> Value {
    let call = api.call(line).by(Operator);
    let call = match body {
        Some(body) => call.json(&body),
        None => call,
    };
    call.expect(status).await.json()
}

on_both_engines! {
    async fn a_location_is_told_as_a_warehouse_with_its_link(api) {
        let shop = api.shop().await;
        let listed = ask(api, "GET /warehouses", None, 200).await;
        let warehouse = &listed[0];
        let id = warehouse["warehouseId"].as_i64().unwrap();
        assert_eq!((&warehouse["warehouseName"], &warehouse["isDefault"]), (&json!("Hamburg"), &json!(true)));
        assert!(warehouse["sellerIntegrationId"].is_i64(), "{warehouse:#}");
        assert_eq!(warehouse["extInventoryIdentity"], "main");
        assert_eq!(warehouse["createDate"], "2023-11-14T14:13:20.0000000");
        assert_eq!(&ask(api, &format!("GET /warehouses/{id}"), None, 200).await, warehouse);
        let own = api.api(Reader, &format!("GET /ship-from-locations/{}", shop.ship_from)).expect(200).await;
        assert_eq!(own.json()["source_id"], json!(shop.source));
    }

    async fn a_warehouse_is_made_linked_changed_and_deleted(api) {
        let shop = api.shop().await;
        let listed = ask(api, "GET /warehouses", None, 200).await;
        let connection = listed[0]["sellerIntegrationId"].clone();
        let new = json!({
            "warehouseName": "Quay",
            "originAddress": { "name": "Quay", "street1": "Quay 1", "city": "Hamburg", "postalCode": "20457", "country": "DE" },
            "sellerIntegrationId": connection,
        });
        let made = ask(api, "POST /Warehouses/CreateWarehouse", Some(new), 200).await;
        assert_eq!((&made["extInventoryIdentity"], &made["isDefault"]), (&json!("main"), &json!(false)));
        assert_eq!(made["returnAddress"], made["originAddress"]);
        assert_eq!(made["originAddress"]["addressVerified"], "Address not yet validated");
        let line = format!("/warehouses/{}", made["warehouseId"]);

        let mut change = made.clone();
        change["warehouseName"] = "Quay 2".into();
        change["sellerIntegrationId"] = Value::Null;
        change["returnAddress"]["street1"] = "Returns".into();
        let changed = ask(api, &format!("PUT {line}"), Some(change), 200).await;
        assert_eq!((&changed["warehouseName"], &changed["extInventoryIdentity"]), (&json!("Quay 2"), &Value::Null));
        assert_eq!(changed["returnAddress"]["street1"], "Returns");
        assert_eq!(changed["originAddress"], made["originAddress"]);
        let link = json!({ "sellerIntegrationId": connection.to_string(), "extInventoryIdentity": "main" });
        let linked = ask(api, &format!("PUT {line}"), Some(link), 200).await;
        assert_eq!((&linked["sellerIntegrationId"], &linked["warehouseName"]), (&connection, &json!("Quay 2")));
        let own = api.api(Reader, "GET /ship-from-locations").expect(200).await.json();
        let own = own["items"].as_array().unwrap().iter().find(|it| it["name"] == "Quay 2").unwrap().clone();
        assert_eq!((&own["source_id"], &own["address"]), (&json!(shop.source), &json!("Quay 1, 20457 Hamburg, DE")));

        let wrong = json!({ "sellerIntegrationId": connection, "extInventoryIdentity": "nowhere" });
        let refused = ask(api, &format!("PUT {line}"), Some(wrong), 400).await;
        assert!(refused["message"].as_str().unwrap().contains("`main` (Hamburg)"), "{refused}");
        ask(api, &format!("PUT {line}"), Some(json!({ "sellerIntegrationId": 999 })), 400).await;
        assert_eq!(ask(api, &format!("DELETE {line}"), None, 200).await["success"], true);
        ask(api, &format!("GET {line}"), None, 404).await;
        let default = format!("DELETE /warehouses/{}", listed[0]["warehouseId"]);
        ask(api, &default, None, 400).await;
        ask(api, "POST /warehouses/createwarehouse", Some(json!({ "warehouseName": "Bare" })), 400).await;
    }
}
