//! Warehouses and the locations in them.

use bestand_plugin_api::testing::FakeHost;
use bestand_plugin_api::{
    AdapterError, ErrorKind, LocationChange, LocationId, LocationKind, SkuQuery, Timestamp,
};
use serde_json::json;

use crate::support::{Shop, creation, main_site, operation, reserve, set, sku};

fn field(error: &AdapterError) -> &str {
    match &error.kind {
        ErrorKind::Config { field } => field,
        other => panic!("{other:?}: {error}"),
    }
}

fn rename(location: &LocationId, name: &str) -> LocationChange {
    LocationChange::rename(location.clone(), name)
}

fn remove(location: &LocationId, discard_stock: bool) -> LocationChange {
    match discard_stock {
        true => LocationChange::remove_with_stock(location.clone()),
        false => LocationChange::remove(location.clone()),
    }
}

async fn refused(shop: &Shop, name: &str, parent: Option<&str>) -> AdapterError {
    let change = creation(name, parent);
    shop.connection.change_location(&change).await.unwrap_err()
}

async fn names(shop: &Shop) -> Vec<String> {
    let places = shop.connection.locations().await.unwrap();
    places.into_iter().map(|place| place.name).collect()
}

#[tokio::test]
async fn a_main_warehouse_is_there_from_the_start() {
    let shop = Shop::open().await;
    let places = shop.connection.locations().await.unwrap();
    assert_eq!(places.len(), 1);
    let main = &places[0];
    assert_eq!(
        (main.id.0.as_str(), main.name.as_str()),
        ("main", "Main warehouse")
    );
    assert_eq!((main.kind, &main.parent), (LocationKind::Site, &None));
    assert_eq!(shop.connection.check().await.unwrap().warnings, [""; 0]);
}

#[tokio::test]
async fn the_operator_names_the_first_warehouse() {
    let host = FakeHost::at(Timestamp::from_secs(0));
    let called = |name: &str| json!({ "first_warehouse": name });
    let shop = Shop::connect(&host, called(" Hauptlager ")).await.unwrap();
    assert_eq!(shop.locations().await.unwrap()[0].name, "Hauptlager");
    let nameless = Shop::connect(&host, called(" ")).await;
    assert_eq!(field(&nameless.err().unwrap()), "first_warehouse");
}

#[tokio::test]
async fn the_main_warehouse_does_not_come_back_once_it_was_removed() {
    let shop = Shop::open().await;
    shop.connection
        .change_location(&remove(&main_site(), false))
        .await
        .unwrap();
    let shop = Shop::on(shop.host).await;
    assert_eq!(names(&shop).await, [""; 0]);
    assert_eq!(shop.connection.check().await.unwrap().warnings.len(), 1);
    let reason = shop
        .refused(operation("1", "A", &main_site(), set(1)))
        .await;
    assert_eq!(reason, "there is no location `main`");
}

#[tokio::test]
async fn a_location_lies_in_a_warehouse_and_is_named_area_unit_shelf_bin() {
    let shop = Shop::open().await;
    let bin = shop.create(" A-01-3-B ", Some("main")).await;
    assert_eq!(
        (bin.name.as_str(), bin.kind),
        ("A-01-3-B", LocationKind::Bin)
    );
    assert_eq!(bin.parent, Some(main_site()));

    assert_eq!(
        field(&refused(&shop, "left of the door", Some("main")).await),
        "name"
    );
    assert_eq!(
        field(&refused(&shop, "A-1-1-1", Some("nowhere")).await),
        "parent"
    );
    assert_eq!(
        field(&refused(&shop, "A-1-1-1", Some(&bin.id.0)).await),
        "parent"
    );
    assert_eq!(field(&refused(&shop, "  ", None).await), "name");
}

#[tokio::test]
async fn a_name_is_given_once_in_its_warehouse_whatever_its_case() {
    let shop = Shop::open().await;
    let second = shop.create("Second", None).await;
    let bin = shop.bin("main", "A-1-1-a").await;
    assert_eq!(field(&refused(&shop, "SECOND", None).await), "name");
    assert_eq!(
        field(&refused(&shop, "a-1-1-A", Some("main")).await),
        "name"
    );
    shop.bin(&second.id.0, "A-1-1-a").await;

    let taken = shop
        .connection
        .change_location(&rename(&second.id, "main warehouse"))
        .await;
    assert_eq!(field(&taken.unwrap_err()), "name");
    let renamed = shop
        .connection
        .change_location(&rename(&bin, "A-1-1-A"))
        .await
        .unwrap();
    assert_eq!(
        (renamed.id, renamed.name.as_str()),
        (bin.clone(), "A-1-1-A")
    );

    shop.connection
        .change_location(&rename(&bin, "B-1-1-1"))
        .await
        .unwrap();
    shop.bin("main", "A-1-1-a").await;
}

#[tokio::test]
async fn what_is_not_there_can_be_neither_renamed_nor_removed() {
    let shop = Shop::open().await;
    for change in [
        rename(&"w9".into(), "x"),
        remove(&"main.9".into(), true),
        remove(&"x".repeat(5000).as_str().into(), true),
    ] {
        let error = shop.connection.change_location(&change).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn a_location_with_stock_is_not_removed_unless_the_stock_is_discarded() {
    let shop = Shop::open().await;
    let bin = shop.bin("main", "A-1-1-1").await;
    shop.write(vec![
        operation("1", "A", &bin, set(7)),
        operation("2", "B", &bin, set(2)),
        operation("3", "C", &bin, set(0)),
        operation("4", "A", &main_site(), set(10)),
        operation("5", "A", &bin, reserve(1)),
    ])
    .await;

    let error = shop
        .connection
        .change_location(&remove(&bin, false))
        .await
        .unwrap_err();
    assert_eq!(
        error.message,
        "there is stock of `A` and of one other article: move it, or discard it with the place"
    );
    assert_eq!(shop.numbers("A", &main_site()).await, (10, 1, 9));

    let removed = shop
        .connection
        .change_location(&remove(&bin, true))
        .await
        .unwrap();
    assert_eq!(removed.name, "A-1-1-1");
    assert_eq!(names(&shop).await, ["Main warehouse"]);
    assert_eq!(shop.numbers("A", &main_site()).await, (3, 0, 3));
    assert_eq!(shop.numbers("B", &main_site()).await, (0, 0, 0));
    assert_eq!(shop.numbers("C", &main_site()).await, (0, 0, 0));
    let reason = shop.refused(operation("6", "A", &bin, set(1))).await;
    assert_eq!(reason, format!("there is no location `{bin}`"));
}

#[tokio::test]
async fn an_empty_location_is_removed_and_its_articles_stay_known_as_zero() {
    let shop = Shop::open().await;
    let bin = shop.bin("main", "A-1-1-1").await;
    shop.apply(operation("1", "A", &bin, set(0))).await;
    shop.connection
        .change_location(&remove(&bin, false))
        .await
        .unwrap();
    assert_eq!(shop.numbers("A", &main_site()).await, (0, 0, 0));
}

#[tokio::test]
async fn a_warehouse_goes_with_all_its_locations_and_its_ids_are_never_given_again() {
    let shop = Shop::open().await;
    let second = shop.create("Second", None).await.id;
    let bin = shop.bin(&second.0, "A-1-1-1").await;
    shop.apply(operation("1", "A", &bin, set(5))).await;
    shop.apply(operation("2", "A", &main_site(), set(3))).await;
    assert!(
        shop.connection
            .change_location(&remove(&second, false))
            .await
            .is_err()
    );
    shop.connection
        .change_location(&remove(&second, true))
        .await
        .unwrap();

    assert_eq!(names(&shop).await, ["Main warehouse"]);
    let levels = shop.connection.list_stock(None).await.unwrap();
    assert_eq!(levels.len(), 1);
    assert_eq!(levels[0].location, main_site());
    let again = shop.create("Second", None).await.id;
    assert_ne!(again, second);
    assert_ne!(shop.bin(&again.0, "A-1-1-1").await, bin);
}

#[tokio::test]
async fn an_article_that_lost_its_only_warehouse_is_unknown_and_comes_back_with_a_higher_version() {
    let shop = Shop::open().await;
    let second = shop.create("Second", None).await.id;
    shop.apply(operation("1", "A", &second, set(5))).await;
    let before = shop.level("A", &second).await.source_version;
    shop.connection
        .change_location(&remove(&second, true))
        .await
        .unwrap();

    let query = SkuQuery::of(vec![sku("A")]);
    assert_eq!(
        shop.connection
            .stock_by_sku(&query)
            .await
            .unwrap()
            .errors
            .len(),
        1
    );
    assert_eq!(shop.connection.list_stock(None).await.unwrap(), []);
    shop.apply(operation("2", "A", &main_site(), set(1))).await;
    assert!(shop.level("A", &main_site()).await.source_version > before);
}

#[tokio::test]
async fn thousands_of_locations_are_listed_page_by_page_and_removed_together() {
    let shop = Shop::open().await;
    for number in 0..2100 {
        shop.bin("main", &format!("A-1-1-{number}")).await;
    }
    assert_eq!(shop.connection.locations().await.unwrap().len(), 2101);
    shop.connection
        .change_location(&remove(&main_site(), false))
        .await
        .unwrap();
    assert_eq!(shop.connection.locations().await.unwrap(), []);
}
