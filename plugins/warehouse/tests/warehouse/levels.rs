//! Listings and answers by SKU.

use bestand_plugin_api::{
    Listing, LocationId, Quantities, SkuErrorKind, SkuQuery, Timestamp, Tracking, WriteOutcome,
};

use crate::support::{Shop, main_site, numbers, operation, reserve, set, sku};

fn query(skus: &[&str], locations: &[LocationId]) -> SkuQuery {
    SkuQuery::of(skus.iter().map(|text| sku(text)).collect()).at(locations.to_vec())
}

async fn filled(articles: usize) -> Shop {
    let shop = Shop::open().await;
    let operations = (0..articles).map(|number| {
        let article = format!("SKU-{number:05}");
        operation(&article, &article, &main_site(), set(1))
    });
    let outcomes = shop.write(operations.collect()).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| *outcome == WriteOutcome::Applied)
    );
    shop
}

#[tokio::test]
async fn an_empty_warehouse_lists_nothing() {
    let shop = Shop::open().await;
    assert_eq!(shop.connection.list_stock(None).await.unwrap(), []);
}

#[tokio::test]
async fn levels_are_added_up_to_their_warehouse() {
    let shop = Shop::open().await;
    let bin = shop.bin("main", "A-1-1-1").await;
    let second = shop.create("Second", None).await.id;
    shop.apply(operation("1", "A", &main_site(), set(2))).await;
    shop.apply(operation("2", "A", &bin, set(3))).await;
    shop.apply(operation("3", "A", &second, set(10))).await;
    shop.apply(operation("4", "A", &second, reserve(4))).await;

    let listed = shop.connection.list_stock(None).await.unwrap();
    let seen: Vec<_> = listed
        .iter()
        .map(|level| (level.location.0.as_str(), numbers(level)))
        .collect();
    assert_eq!(seen, [("main", (5, 0, 5)), (second.0.as_str(), (10, 4, 6))]);
    let answered = shop
        .connection
        .stock_by_sku(&query(&["A"], &[]))
        .await
        .unwrap();
    assert_eq!(answered.levels, listed);
}

#[tokio::test]
async fn a_level_tells_when_it_was_true_and_a_change_makes_it_newer() {
    let shop = Shop::open().await;
    shop.apply(operation("1", "A", &main_site(), set(2))).await;
    let before = shop.level("A", &main_site()).await;
    shop.host.advance(std::time::Duration::from_secs(60));
    shop.apply(operation("2", "A", &main_site(), set(2))).await;
    let after = shop.level("A", &main_site()).await;

    assert_eq!(
        before.source_updated_at,
        Some(Timestamp::from_secs(1_700_000_000))
    );
    assert_eq!(
        after.source_updated_at,
        Some(Timestamp::from_secs(1_700_000_060))
    );
    assert_eq!(after.fetched_at, Timestamp::from_secs(1_700_000_060));
    assert!(after.source_version > before.source_version);
}

#[tokio::test]
async fn a_listing_goes_on_from_its_cursor_after_a_restart_and_names_every_article_once() {
    let shop = filled(2500).await;
    let Listing::Page { items, next, .. } = shop.connection.list_stock_step(None).await.unwrap()
    else {
        panic!("2500 articles are more than a page");
    };
    let shop = Shop::on(shop.host).await;
    let rest = shop.connection.list_stock(Some(next)).await.unwrap();
    let mut skus: Vec<_> = items
        .into_iter()
        .chain(rest)
        .map(|level| level.sku)
        .collect();
    assert_eq!(skus.len(), 2500);
    skus.dedup();
    assert_eq!(skus.len(), 2500);
}

#[tokio::test]
async fn a_listing_of_exactly_one_page_ends() {
    let shop = filled(1000).await;
    assert_eq!(shop.connection.list_stock(None).await.unwrap().len(), 1000);
}

#[tokio::test]
async fn zero_not_stocked_and_unknown_are_three_answers() {
    let shop = Shop::open().await;
    let second = shop.create("Second", None).await.id;
    shop.apply(operation("1", "ZERO", &main_site(), set(0)))
        .await;
    shop.apply(operation("2", "ELSEWHERE", &second, set(5)))
        .await;

    let query = query(&["UNKNOWN", "ZERO", "ELSEWHERE"], &[main_site()]);
    let answers = shop.connection.stock_by_sku(&query).await.unwrap();
    let [zero, elsewhere] = &answers.levels[..] else {
        panic!("{answers:?}")
    };
    assert_eq!(
        (zero.tracking, numbers(zero)),
        (Tracking::Counted, (0, 0, 0))
    );
    assert_eq!(elsewhere.tracking, Tracking::NotStocked);
    assert_eq!(elsewhere.quantities, Quantities::default());
    let [unknown] = &answers.errors[..] else {
        panic!("{answers:?}")
    };
    assert_eq!(
        (&unknown.sku, unknown.kind),
        (&sku("UNKNOWN"), SkuErrorKind::NotFound)
    );
}

#[tokio::test]
async fn a_sku_that_is_the_beginning_of_another_is_another_article() {
    let shop = Shop::open().await;
    for (id, article) in ["A", "A/1", "A 1", "Ä", "a"].iter().enumerate() {
        let quantity = i64::try_from(id).unwrap();
        shop.apply(operation(article, article, &main_site(), set(quantity)))
            .await;
    }
    for (id, article) in ["A", "A/1", "A 1", "Ä", "a"].iter().enumerate() {
        let quantity = i64::try_from(id).unwrap();
        assert_eq!(shop.numbers(article, &main_site()).await.0, quantity);
    }
    let too_long = query(&[&"x".repeat(1000)], &[]);
    assert_eq!(
        shop.connection
            .stock_by_sku(&too_long)
            .await
            .unwrap()
            .errors
            .len(),
        1
    );
}
