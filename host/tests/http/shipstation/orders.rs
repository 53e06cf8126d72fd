//! The older API's orders: sent, sent again, listed, held, shipped; and answered with stock like every other order.

use std::time::Duration;

use bestand::api_key::Role::{Operator, Reader};
use serde_json::{Value, json};

use super::super::support::{Api, NOW, on_both_engines, other_account};

async fn ask(api: &Api, line: &str, body: Option<Value>, status: u16) -> Value {
    // The pace of tools is a test of its own.
    api.parts.clock.advance(Duration::from_secs(60));
    let call = api.call(line).by(Operator);
    let call = match body {
        Some(body) => call.json(&body),
        None => call,
    };
    call.expect(status).await.json()
}

async fn send(api: &Api, order: Value) -> Value {
    ask(api, "POST /Orders/CreateOrder", Some(order), 200).await
}

/// The numbers of the orders that a query finds.
async fn found(api: &Api, query: &str) -> Vec<String> {
    let listed = ask(api, &format!("GET /orders?{query}"), None, 200).await;
    let numbers = listed["orders"].as_array().unwrap().iter();
    numbers
        .map(|order| order["orderNumber"].as_str().unwrap().to_owned())
        .collect()
}

fn order(number: &str) -> Value {
    json!({
        "orderNumber": number, "orderKey": format!("key-{number}"), "orderStatus": "awaiting_shipment",
        "orderDate": "2023-11-14T12:00:00.0000000", "paymentDate": "2023-11-14T12:05:00.0000000",
        "customerUsername": "anna", "customerEmail": "anna@example.com",
        "billTo": { "name": "Anna Müller" }, "shipTo": { "name": "Anna Müller", "city": "Berlin", "country": "DE" },
        "items": [
            { "lineItemKey": "1", "sku": "MUG", "name": "A mug", "quantity": 4, "unitPrice": 2.5 },
            { "lineItemKey": "2", "sku": "MUG", "name": "A mug", "quantity": 3, "unitPrice": 2.5 },
            { "lineItemKey": "d", "sku": null, "name": "Discount", "quantity": 1, "unitPrice": -1.0, "adjustment": true },
        ],
        "taxAmount": 1.25, "shippingAmount": 4, "amountPaid": 21.75,
        "advancedOptions": { "storeId": 77, "customField1": "ours" },
        "tagIds": [5], "somethingNew": { "kept": true },
    })
}

on_both_engines! {
    async fn an_order_is_given_back_as_it_was_sent_and_answered_with_stock(api) {
        api.shop().await;
        let made = send(api, order("A1")).await;
        let id = made["orderId"].as_i64().unwrap();
        let told = ask(api, &format!("GET /orders/{id}"), None, 200).await;
        assert_eq!(told, made);
        for field in ["orderNumber", "orderKey", "orderStatus", "orderDate", "paymentDate", "tagIds", "somethingNew"] {
            assert_eq!(told[field], order("A1")[field], "{field}");
        }
        assert_eq!((&told["orderTotal"], &told["shipTo"]["city"]), (&json!(21.75), &json!("Berlin")));
        assert_eq!(told["shipTo"]["street2"], Value::Null);
        assert_eq!((&told["items"][0]["lineItemKey"], &told["items"][2]["adjustment"]), (&json!("1"), &json!(true)));
        assert_eq!(told["advancedOptions"]["customField1"], "ours");
        let own = api.api(Reader, "GET /orders/A1").expect(200).await.json();
        assert_eq!(own["verdict"], "can_ship", "{own:#}");
        assert_eq!(own["ordered_at"], "2023-11-14T20:00:00Z");
        assert_eq!(own["lines"][2]["not_goods"], "adjustment", "{own:#}");
    }

    async fn another_accounts_ids_are_nobodys(api) {
        api.shop().await;
        let id = send(api, order("A1")).await["orderId"].as_i64().unwrap();
        let warehouse = ask(api, "GET /warehouses", None, 200).await[0]["warehouseId"].as_i64().unwrap();
        let theirs = other_account(api).await;
        for path in [format!("/orders/{id}"), format!("/warehouses/{warehouse}")] {
            ask(api, &format!("GET {path}"), None, 200).await;
            api.call(&format!("GET {path}")).with(&theirs).expect(404).await;
        }
        let listed = api.call("GET /orders").with(&theirs).expect(200).await;
        assert_eq!(listed.json()["total"], 0);
    }

    async fn the_same_key_is_the_same_order_and_another_key_is_refused(api) {
        let first = send(api, order("A1")).await;
        let mut again = order("A1");
        again["items"] = json!([{ "sku": "CUP", "quantity": "2" }]);
        let second = send(api, again).await;
        assert_eq!(second["orderId"], first["orderId"]);
        assert_eq!((&second["items"][0]["sku"], &second["items"][0]["quantity"]), (&json!("CUP"), &json!(2)));
        assert_eq!(second["createDate"], first["createDate"]);
        assert_ne!(second["modifyDate"], first["modifyDate"]);
        let mut other = order("A1");
        other["orderKey"] = "another".into();
        let refused = ask(api, "POST /orders/createorder", Some(other), 400).await;
        assert!(refused["message"].as_str().unwrap().contains("key-A1"), "{refused}");
        let mut renamed = order("A1");
        renamed["orderNumber"] = "A2".into();
        ask(api, "POST /orders/createorder", Some(renamed), 400).await;
        let no_key = json!({ "orderNumber": "A1", "items": [] });
        assert_eq!(send(api, no_key).await["orderKey"], "key-A1");
    }

    async fn several_are_taken_at_once_and_one_that_is_wrong_leaves_the_others_alone(api) {
        let orders = json!([order("A1"), { "orderNumber": "A2", "orderDate": "soon" }, order("A3"), {}]);
        let told = ask(api, "POST /orders/createorders", Some(orders), 200).await;
        assert_eq!(told["hasErrors"], true);
        let success: Vec<bool> = told["results"].as_array().unwrap().iter().map(|it| it["success"] == true).collect();
        assert_eq!(success, [true, false, true, false]);
        assert_eq!(told["results"][1]["errorMessage"], "`orderDate`: \"soon\" is no date");
        assert_eq!((&told["results"][0]["orderKey"], &told["results"][1]["orderId"]), (&json!("key-A1"), &Value::Null));
        assert_eq!(found(api, "").await, ["A1", "A3"]);
    }

    async fn an_order_that_came_in_another_way_is_listed_and_can_be_moved_on(api) {
        let shop = api.shop().await;
        let lines = json!({ "lines": [{ "sku": "MUG", "name": "A mug", "quantity": 2.5 }] });
        api.api(Operator, "PUT /orders/B1").json(&lines).expect(201).await;
        let listed = ask(api, "GET /orders/list", None, 200).await;
        let told = &listed["orders"][0];
        assert_eq!((&told["orderNumber"], &told["orderKey"]), (&json!("B1"), &json!("B1")));
        assert_eq!((&told["items"][0]["sku"], &told["items"][0]["quantity"]), (&json!("MUG"), &json!(2.5)));
        let warehouses = ask(api, "GET /warehouses", None, 200).await;
        assert_eq!(told["advancedOptions"]["warehouseId"], warehouses[0]["warehouseId"]);
        let shipped = json!({ "orderId": told["orderId"], "carrierCode": "ups", "shipDate": "2023-11-15" });
        let answer = ask(api, "POST /orders/markasshipped", Some(shipped), 200).await;
        assert_eq!(answer, json!({ "orderId": told["orderId"], "orderNumber": "B1" }));
        let told = ask(api, &format!("GET /orders/{}", told["orderId"]), None, 200).await;
        assert_eq!((&told["orderStatus"], &told["carrierCode"]), (&json!("shipped"), &json!("ups")));
        assert_eq!(told["items"][0]["sku"], "MUG");
        let own = api.api(Reader, "GET /orders/B1").expect(200).await.json();
        assert_eq!(own["status"], "shipped");
        assert_eq!(own["ship_from_location_id"], Value::Null, "{} stays the default", shop.ship_from);
        let gone = ask(api, "POST /orders/createorder", Some(json!({ "orderNumber": "B1" })), 400).await;
        assert!(gone["message"].as_str().unwrap().contains("shipped"), "{gone}");
    }

    async fn what_is_changed_elsewhere_is_told_as_it_is_now(api) {
        let made = send(api, order("A1")).await;
        let change = json!({ "status": "on_hold", "lines": [{ "sku": "CUP", "quantity": 1 }] });
        api.api(Operator, "PUT /orders/A1").json(&change).expect(200).await;
        let told = ask(api, &format!("GET /orders/{}", made["orderId"]), None, 200).await;
        assert_eq!((&told["orderStatus"], &told["items"][0]["sku"]), (&json!("on_hold"), &json!("CUP")));
        assert_eq!(told["items"].as_array().unwrap().len(), 1);
        assert_eq!(told["somethingNew"], json!({ "kept": true }));
    }

    async fn an_order_waits_until_its_day_and_goes_on_by_itself(api) {
        let made = send(api, order("A1")).await;
        let id = &made["orderId"];
        let hold = json!({ "orderId": id, "holdUntilDate": "2023-11-20" });
        ask(api, "POST /orders/holduntil", Some(hold), 200).await;
        let told = ask(api, &format!("GET /orders/{id}"), None, 200).await;
        assert_eq!((&told["orderStatus"], &told["holdUntilDate"]), (&json!("on_hold"), &json!("2023-11-20T00:00:00.0000000")));
        let end = bestand::store::shipstation::order::end_holds;
        assert_eq!(end(&api.parts.db, api.parts.clock.now()).await.unwrap(), []);
        let later = NOW.after(Duration::from_secs(7 * 86_400));
        let ended = end(&api.parts.db, later).await.unwrap();
        assert_eq!(ended.iter().map(|(_, number)| number.as_str()).collect::<Vec<_>>(), ["A1"]);
        assert_eq!(end(&api.parts.db, later).await.unwrap(), []);
        assert_eq!(found(api, "orderStatus=awaiting_shipment").await, ["A1"]);
        let hold = json!({ "orderId": id, "holdUntilDate": "2030-01-01" });
        ask(api, "POST /orders/holduntil", Some(hold), 200).await;
        ask(api, "POST /Orders/RestoreFromHold", Some(json!({ "orderId": id })), 200).await;
        assert_eq!(found(api, "orderStatus=on_hold").await, Vec::<String>::new());
        ask(api, "POST /orders/holduntil", Some(json!({ "orderId": id })), 400).await;
        ask(api, &format!("DELETE /orders/{id}"), None, 200).await;
        assert_eq!(found(api, "orderStatus=cancelled").await, ["A1"]);
    }

    async fn words_that_we_do_not_have_are_given_back_until_the_order_moves_on(api) {
        let mut unpaid = order("A1");
        unpaid["orderStatus"] = "awaiting_payment".into();
        let made = send(api, unpaid).await;
        assert_eq!(made["orderStatus"], "awaiting_payment");
        assert_eq!(api.api(Reader, "GET /orders/A1").expect(200).await.json()["status"], "on_hold");
        assert_eq!(found(api, "orderStatus=awaiting_payment").await, ["A1"]);
        assert_eq!(found(api, "orderStatus=on_hold").await, Vec::<String>::new());
    }

    async fn lists_are_filtered_sorted_and_paged(api) {
        for (number, day, city) in [("A1", "13", "Berlin"), ("A2", "11", "50%_Off"), ("B1", "12", "Porto")] {
            let mut order = order(number);
            order["orderDate"] = format!("2023-11-{day}T12:00:00").into();
            order["shipTo"]["city"] = city.into();
            order["advancedOptions"]["storeId"] = day.parse::<i64>().unwrap().into();
            order["items"][0]["name"] = format!("Thing of {city}").into();
            send(api, order).await;
        }
        assert_eq!(found(api, "").await, ["A1", "A2", "B1"]);
        assert_eq!(found(api, "sortBy=OrderDate&sortDir=desc").await, ["A1", "B1", "A2"]);
        assert_eq!(found(api, "SortBy=ModifyDate&SORTDIR=DESC&pageSize=2").await, ["B1", "A2"]);
        assert_eq!(found(api, "pageSize=2&page=2").await, ["B1"]);
        assert_eq!(found(api, "orderNumber=a").await, ["A1", "A2"]);
        assert_eq!(found(api, "storeId=12").await, ["B1"]);
        assert_eq!(found(api, "customerName=PORTO").await, ["B1"]);
        assert_eq!(found(api, "customerName=50%25_").await, ["A2"]);
        assert_eq!(found(api, "customerName=0%25f").await, Vec::<String>::new());
        assert_eq!(found(api, "itemKeyword=thing%20of%20b").await, ["A1"]);
        assert_eq!(found(api, "orderDateStart=2023-11-12&orderDateEnd=11/13/2023").await, ["B1"]);
        assert_eq!(found(api, "paymentDateStart=2023-11-15").await, Vec::<String>::new());
        assert_eq!(found(api, "modifyDateStart=2023-11-14T00:00:00&createDateEnd=2030-01-01").await.len(), 3);
        let page = ask(api, "GET /orders?pageSize=2", None, 200).await;
        assert_eq!((&page["total"], &page["page"], &page["pages"]), (&json!(3), &json!(1), &json!(2)));
        let stores = ask(api, "GET /stores?showInactive=false", None, 200).await;
        let ids: Vec<i64> = stores.as_array().unwrap().iter().map(|it| it["storeId"].as_i64().unwrap()).collect();
        assert_eq!(ids, [1, 11, 12, 13]);
    }

    async fn an_order_ships_from_the_warehouse_it_names(api) {
        let shop = api.shop().await;
        let address = json!({ "originAddress": { "name": "Quay", "street1": "Quay 1" } });
        let quay = ask(api, "POST /warehouses/createwarehouse", Some(address), 200).await;
        let mut order = order("A1");
        order["advancedOptions"]["warehouseId"] = quay["warehouseId"].clone();
        let made = send(api, order.clone()).await;
        assert_eq!(made["advancedOptions"]["warehouseId"], quay["warehouseId"]);
        let own = api.api(Reader, "GET /orders/A1").expect(200).await.json();
        assert_ne!(own["ship_from_location_id"], json!(shop.ship_from));
        assert_eq!(own["verdict"], "unknown", "the quay is linked to nothing");
        order["advancedOptions"]["warehouseId"] = 999.into();
        ask(api, "POST /orders/createorder", Some(order), 400).await;
    }

    async fn where_items_lie_is_written_on_them(api) {
        let made = send(api, order("A1")).await;
        let ids = [made["items"][0]["orderItemId"].clone(), made["items"][1]["orderItemId"].clone()];
        let text = json!({ "warehouseLocation": "AA68(20)", "orderItemIds": ids });
        ask(api, "POST /Orders/UpdateWarehouseLocation", Some(text), 200).await;
        let told = ask(api, &format!("GET /orders/{}", made["orderId"]), None, 200).await;
        let lie = |index: usize| told["items"][index]["warehouseLocation"].clone();
        assert_eq!((lie(0), lie(1), lie(2)), (json!("AA68(20)"), json!("AA68(20)"), Value::Null));
        let nobody = json!({ "warehouseLocation": "A", "orderItemIds": [made["orderId"].as_i64().unwrap() * 10_000 + 7] });
        ask(api, "POST /orders/updatewarehouselocation", Some(nobody), 404).await;
    }

    async fn products_are_what_sources_have_by_the_names_that_orders_give_them(api) {
        api.shop().await;
        send(api, order("A1")).await;
        let listed = ask(api, "GET /products", None, 200).await;
        let skus: Vec<&str> = listed["products"].as_array().unwrap().iter().map(|it| it["sku"].as_str().unwrap()).collect();
        assert_eq!(skus, ["CUP", "GIFT", "MUG"]);
        let mug = ask(api, "GET /products?sku=MUG", None, 200).await["products"][0].clone();
        assert_eq!(mug["name"], "A mug");
        assert_eq!(ask(api, "GET /products?name=a%20MUG", None, 200).await["total"], 1);
        assert_eq!(ask(api, &format!("GET /products/{}", mug["productId"]), None, 200).await, mug);
        ask(api, "GET /products/999", None, 404).await;
    }
}

#[tokio::test]
async fn an_order_that_is_too_large_to_be_kept_is_refused() {
    let api = Api::open().await;
    let mut large = order("A1");
    large["internalNotes"] = "x".repeat(600_000).into();
    let refused = ask(&api, "POST /orders/createorder", Some(large), 413).await;
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("bytes of JSON"),
        "{refused}"
    );
    assert_eq!(found(&api, "").await, Vec::<String>::new());
}
