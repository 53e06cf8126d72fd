//! What is known is answered, and what is not is never answered as zero.

use super::*;
use crate::store::testing::on_both_engines;

on_both_engines! {
    async fn what_was_never_seen_is_unknown_and_never_zero(db) {
        let mut shop = Shop::open(db).await;
        let mut unknown = shop.level("A", 0, 10);
        unknown.level.quantities = Quantities::on_hand(Quantity::ZERO);
        shop.push(vec![unknown]).await;
        for _ in 0..2 {
            let held = shop.held("A").await.unwrap();
            assert_eq!((held.available, held.on_hand), (None, Some(Quantity::ZERO)));
            assert_eq!(shop.held("B").await, None);
            assert_eq!(shop.held("a").await, None, "SKUs are compared by exact bytes");
            shop.restart();
        }
    }

    async fn answers_come_in_the_order_asked_for(db) {
        let mut shop = Shop::open(db).await;
        shop.push((0..700).map(|n| shop.level(&n.to_string(), n, 10)).collect()).await;
        shop.restart();
        let names: Vec<Sku> = (0..800).rev().map(|n| sku(&n.to_string())).collect();
        for _ in 0..2 {
            let levels = shop.book.levels(shop.account, shop.source, &names).await.unwrap();
            for (name, held) in names.iter().zip(levels) {
                let number: i64 = name.parse().unwrap();
                let expected = (number < 700).then(|| Some(Quantity::units(number)));
                assert_eq!(held.map(|held| held.available), expected, "{name}");
            }
        }
    }

    async fn memory_answers_what_was_asked_before_and_nothing_else(db) {
        let mut shop = Shop::open(db).await;
        shop.push(vec![shop.level("A", 5, 10), shop.level("B", 6, 10)]).await;
        shop.restart();
        let both = [sku("A"), sku("nothing")];
        let cached = |shop: &Shop| shop.book.levels_cached(shop.account, shop.source, &both);
        assert_eq!(cached(&shop), None);
        let levels = shop.book.levels(shop.account, shop.source, &both).await.unwrap();
        assert_eq!(cached(&shop), Some(levels));
        assert_eq!(shop.book.levels_cached(shop.account, shop.source, &[sku("B")]), None);
        shop.push(vec![shop.level("nothing", 1, 11)]).await;
        assert_eq!(cached(&shop).unwrap()[1].unwrap().available, Some(Quantity::units(1)));
    }

    async fn pages_go_through_all_levels_in_order(db) {
        let shop = Shop::open(db).await;
        let names = ["10", "9", "Z", "a", "ä", "日本"];
        shop.push(names.iter().rev().map(|name| shop.level(name, 1, 10)).collect()).await;
        let mut seen: Vec<Sku> = Vec::new();
        loop {
            let page = shop.book.page(shop.account, shop.source, seen.last(), 4).await.unwrap();
            if page.is_empty() {
                break;
            }
            seen.extend(page.into_iter().map(|(sku, _)| sku));
        }
        assert_eq!(seen.iter().map(Sku::as_str).collect::<Vec<_>>(), names);
    }

    async fn levels_go_with_their_connection(db) {
        let shop = Shop::open(db).await;
        shop.push(vec![shop.level("A", 5, 10), shop.level("A", 6, 11)]).await;
        let source = store::source::find(db, shop.account, shop.source).await.unwrap().unwrap();
        store::connection::delete(db, shop.account, source.connection_id, 1).await.unwrap();
        let late = Update { source_id: shop.source, ..shop.level("A", 7, 12) };
        let late = shop.book.apply(shop.account, Cause::of(CauseKind::Live), vec![late]).await;
        assert!(matches!(late, Err(Error::NotFound { .. })), "an answer that was under way: {late:?}");
        shop.book.forget_source(shop.account, shop.source);
        assert!(shop.book.levels(shop.account, shop.source, &[sku("A")]).await.is_err());
    }
}
