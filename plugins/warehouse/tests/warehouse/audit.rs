//! The ledger is told, and a shelf that says anything else is found.

use bestand_plugin_api::state::{Expected, Write};
use bestand_plugin_api::{
    Condition, LedgerKind, LedgerQuery, Listing, LocationChange, Quantity, call,
};
use serde_json::{Value, json};

use crate::support::{Shop, adjust, main_site, operation, regrade, reserve, set, ship, sku};

#[tokio::test]
async fn the_ledger_tells_who_changed_what_newest_first() {
    let shop = Shop::open().await;
    let bin = shop.bin("main", "A-1-1-1").await;
    let counted = operation("1", "A", &main_site(), set(5))
        .with_author("Ann")
        .with_reason("count");
    shop.apply(counted).await;
    shop.apply(operation("2", "A", &bin, adjust(3)).with_lot("L"))
        .await;
    shop.apply(operation("3", "A", &main_site(), reserve(2)))
        .await;
    shop.apply(operation("4", "A", &main_site(), ship(1))).await;
    shop.apply(operation("5", "B", &main_site(), adjust(1)))
        .await;

    let query = LedgerQuery::of(sku("A"));
    let Listing::Done { items, .. } = shop.connection.list_ledger(&query).await.unwrap() else {
        panic!("four entries are one page");
    };
    let kinds: Vec<_> = items
        .iter()
        .map(|entry| (entry.number, entry.kind))
        .collect();
    use LedgerKind::{Adjust, Increment, Reserve, Ship};
    assert_eq!(
        kinds,
        [(4, Ship), (3, Reserve), (2, Increment), (1, Adjust)]
    );
    assert_eq!(items[3].author.as_deref(), Some("Ann"));
    assert_eq!(items[3].reason.as_deref(), Some("count"));

    let Listing::Done { items, .. } = shop.connection.list_ledger(&query.at(bin)).await.unwrap()
    else {
        panic!("they are one page");
    };
    let lots: Vec<_> = items
        .iter()
        .map(|entry| entry.lines[0].on_hand.floor())
        .collect();
    assert_eq!(lots.last(), Some(&3));
    let all = shop
        .connection
        .list_ledger(&LedgerQuery::default())
        .await
        .unwrap();
    assert!(matches!(all, Listing::Done { items, .. } if items.len() == 5));
}

#[tokio::test]
async fn a_long_ledger_of_an_article_is_told_page_by_page() {
    let shop = Shop::open().await;
    let many = (0..1200).map(|number| operation(&number.to_string(), "A", &main_site(), adjust(1)));
    shop.write(many.collect()).await;
    let (mut numbers, mut cursor) = (Vec::new(), None);
    loop {
        let query = LedgerQuery::of(sku("A")).after(cursor);
        let (items, next) = match shop.connection.list_ledger(&query).await.unwrap() {
            Listing::Page { items, next, .. } => (items, Some(next)),
            Listing::Done { items, .. } => (items, None),
            other => panic!("{other:?}"),
        };
        numbers.extend(items.into_iter().map(|entry| entry.number));
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(numbers, (1..=1200).rev().collect::<Vec<u64>>());
}

async fn busy_shop() -> Shop {
    let shop = Shop::open().await;
    let bin = shop.bin("main", "A-1-1-1").await;
    shop.apply(operation("1", "A", &main_site(), set(9))).await;
    shop.apply(operation(
        "2",
        "A",
        &main_site(),
        regrade(2, Condition::Damaged),
    ))
    .await;
    shop.apply(operation("3", "A", &bin, adjust(4)).with_lot("L"))
        .await;
    shop.apply(operation("4", "A", &main_site(), reserve(3)))
        .await;
    shop.apply(operation("5", "B", &bin, adjust(4))).await;
    shop.connection
        .change_location(&LocationChange::remove_with_stock(bin))
        .await
        .unwrap();
    shop
}

#[tokio::test]
async fn a_sound_warehouse_adds_up() {
    let shop = busy_shop().await;
    let check = shop.connection.verify_ledger(None).await.unwrap();
    assert_eq!((check.articles, check.entries), (2, 7));
    assert_eq!(check.findings, Listing::done(vec![]));
}

#[tokio::test]
async fn a_shelf_that_was_damaged_and_an_entry_that_is_gone_are_found() {
    let shop = busy_shop().await;
    let stored = shop
        .host
        .state()
        .into_iter()
        .find(|entry| entry.key == "stock/A")
        .unwrap();
    let mut shelf: Value = call::decode(&stored.value).unwrap();
    shelf["slots"]["main"]["on_hand"] = json!(8_000_000);
    let shelf = call::encode(&shelf).unwrap();
    shop.host.write_state(vec![
        Write::put("stock/A", shelf, Expected::Any),
        Write::delete(format!("ledger/B\t{:020}", 2), Expected::Any),
    ]);
    let check = shop.connection.verify_ledger(None).await.unwrap();
    let Listing::Done { items, .. } = check.findings else {
        panic!("two articles are one step");
    };
    let (of_a, of_b): (Vec<_>, Vec<_>) = items.iter().partition(|finding| finding.sku == sku("A"));
    let [wrong] = of_a[..] else {
        panic!("{items:?}")
    };
    let (ledger, held) = (wrong.ledger.as_ref().unwrap(), wrong.held.as_ref().unwrap());
    assert_eq!(
        (ledger.on_hand, held.on_hand),
        (Quantity::units(7), Quantity::units(6))
    );
    assert_eq!(of_b[0].missing, Some(2));
    let gone = of_b[1].ledger.as_ref().unwrap();
    assert_eq!(
        gone.on_hand,
        Quantity::units(4),
        "it was written off by the entry that is gone"
    );
}
