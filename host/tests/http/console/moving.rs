//! Many orders that shall ship from another location, sent as the plain form of the list sends them.

use bestand::api_key::Role::Operator;
use serde_json::{Value, json};

use super::form::Form;
use super::person::Person;
use crate::support::Api;

/// Most orders that are moved at once.
const MOST: usize = 1_000;

/// A shop with another location beside its first one, and these many orders; answers the other location's id.
async fn furnish(api: &Api, orders: usize) -> String {
    api.shop().await;
    let lines = (1..=orders).map(|number| format!("{number},MUG,1\n"));
    let csv = format!("order_number,sku,quantity\n{}", lines.collect::<String>());
    let sent = api.api(Operator, "POST /orders").body("text/csv", csv);
    sent.expect(200).await;
    let other = json!({ "name": "Berlin" });
    let made = api.api(Operator, "POST /ship-from-locations").json(&other);
    text(&made.expect(201).await.json()["id"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The form under the list, with the location chosen and nothing selected.
async fn form(operator: &Person<'_>, list: &str, ship_from: &str) -> Form {
    let page = operator.opens(list).await;
    let boxes = page.attributes("[name=order]", "value");
    assert!(!boxes.is_empty(), "{}", page.source);
    let mut forms = page.forms().into_iter();
    let form = forms.find(|form| form.is_post && form.value("ship_from").is_some());
    form.unwrap().with("ship_from", ship_from)
}

/// Where an order ships from.
async fn ship_from(api: &Api, number: &str) -> Value {
    let order = api.api(Operator, &format!("GET /orders/{number}"));
    order.expect(200).await.json()["ship_from_location_id"].clone()
}

/// What was noted of it last: how many were moved.
async fn noted(api: &Api) -> Vec<Value> {
    api.parts.activity.settle().await;
    let page = api
        .api(Operator, "GET /activity?kind=orders_moved")
        .expect(200)
        .await;
    let events = page.json()["items"].as_array().unwrap().clone();
    events
        .iter()
        .map(|event| event["details"]["moved"].clone())
        .collect()
}

#[tokio::test]
async fn what_is_selected_ships_from_the_other_location_and_the_list_is_where_it_was() {
    let api = Api::open().await;
    let berlin = furnish(&api, 3).await;
    let operator = Person::of(&api, Operator).await;
    let form = form(&operator, "/orders?sequence=newest", &berlin).await;
    let selected = form.ticked("order", "1").ticked("order", "3");
    let moved = operator.submits(&selected).await;
    assert_eq!(moved.leads_to(), "/orders?sequence=newest");
    assert_eq!(ship_from(&api, "1").await, berlin);
    assert_eq!(ship_from(&api, "2").await, Value::Null);
    assert_eq!(ship_from(&api, "3").await, berlin);
    assert_eq!(noted(&api).await, [2]);
}

#[tokio::test]
async fn orders_that_changed_meanwhile_are_moved_as_they_are_now_and_counted_once() {
    let api = Api::open().await;
    let berlin = furnish(&api, 3).await;
    let operator = Person::of(&api, Operator).await;
    let form = form(&operator, "/orders", &berlin).await;
    // Meanwhile somebody moves one there, and a shop sends the other anew.
    let there = json!({ "lines": [], "ship_from_location_id": berlin });
    api.api(Operator, "PUT /orders/1").json(&there).send().await;
    let anew = json!({ "lines": [{ "sku": "CUP", "quantity": 7 }] });
    api.api(Operator, "PUT /orders/2").json(&anew).send().await;
    let selected = form
        .ticked("order", "1")
        .ticked("order", "2")
        .ticked("order", "2");
    operator.submits(&selected).await.leads_to();
    let order = api.api(Operator, "GET /orders/2").expect(200).await.json();
    assert_eq!(
        (&order["ship_from_location_id"], &order["lines"][0]["sku"]),
        (&json!(berlin), &json!("CUP"))
    );
    assert_eq!(noted(&api).await, [1]);
}

#[tokio::test]
async fn one_order_that_is_not_there_is_named_and_none_is_moved() {
    let api = Api::open().await;
    let berlin = furnish(&api, 2).await;
    let operator = Person::of(&api, Operator).await;
    let form = form(&operator, "/orders", &berlin).await;
    let refused = operator
        .submits(&form.ticked("order", "1").ticked("order", "NO-SUCH"))
        .await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.said().contains("No longer there: NO-SUCH."),
        "{}",
        refused.said()
    );
    assert_eq!(
        (ship_from(&api, "1").await, noted(&api).await),
        (Value::Null, vec![])
    );
}

#[tokio::test]
async fn a_location_that_is_gone_takes_no_orders() {
    let api = Api::open().await;
    let berlin = furnish(&api, 1).await;
    let operator = Person::of(&api, Operator).await;
    let form = form(&operator, "/orders", &berlin).await;
    let page = operator
        .opens(&format!("/ship-from-locations/{berlin}"))
        .await;
    let remove = page.form(&format!("/ship-from-locations/{berlin}/remove"));
    operator.submits(&remove).await.leads_to();
    let refused = operator.submits(&form.ticked("order", "1")).await;
    assert_eq!(
        (refused.status, ship_from(&api, "1").await),
        (422, Value::Null)
    );
}

#[tokio::test]
async fn a_thousand_orders_are_moved_at_once_and_one_more_is_refused() {
    let api = Api::open().await;
    let berlin = furnish(&api, MOST + 1).await;
    let operator = Person::of(&api, Operator).await;
    let form = form(&operator, "/orders", &berlin).await;
    let select = |count: usize| {
        let numbers = (1..=count).map(|number| number.to_string());
        numbers.fold(form.clone(), |form, number| form.ticked("order", &number))
    };
    let refused = operator.submits(&select(MOST + 1)).await;
    assert_eq!(refused.status, 422);
    assert!(refused.said().contains("1,000"), "{}", refused.said());
    assert_eq!(
        (ship_from(&api, "1").await, noted(&api).await),
        (Value::Null, vec![])
    );
    operator.submits(&select(MOST)).await.leads_to();
    assert_eq!(ship_from(&api, "1000").await, berlin);
    assert_eq!(
        (ship_from(&api, "1001").await, noted(&api).await),
        (Value::Null, vec![json!(MOST)])
    );
}

#[tokio::test]
async fn the_way_back_never_leads_to_another_host() {
    let api = Api::open().await;
    let berlin = furnish(&api, 1).await;
    let operator = Person::of(&api, Operator).await;
    let form = form(&operator, "/orders", &berlin)
        .await
        .ticked("order", "1");
    let moved = operator.submits(&form.with("next", "//evil.example")).await;
    assert_eq!(moved.leads_to(), "/orders");
}
