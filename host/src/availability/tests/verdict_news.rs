//! What programs are told of answers on orders.

use super::*;
use crate::event_log::news::OrderVerdictChanged;
use crate::event_log::{EventId, News};
use crate::order::OrderStatus;

impl Shop {
    fn verdict_news(&self) -> VerdictNews {
        let (db, availability) = (self.db.clone(), self.availability.clone());
        VerdictNews::new(db, availability, self.event_log.clone())
    }

    /// Looks, and answers what was told by that: each order with its answer before and now.
    async fn told(&self) -> Vec<OrderVerdictChanged> {
        let before = self.event_log.head(self.account).await.unwrap();
        self.verdict_news().tell(self.account).await.unwrap();
        let page = self
            .event_log
            .after(self.account, before, 1_000)
            .await
            .unwrap();
        let told = page.events.into_iter().map(|event| match event.news {
            News::OrderVerdictChanged(told) => told,
            other => panic!("{other:?}"),
        });
        told.collect()
    }
}

fn verdicts(told: &[OrderVerdictChanged]) -> Vec<(&str, Option<Verdict>, Verdict)> {
    let verdict = |told: &'_ OrderVerdictChanged| (told.before, told.verdict);
    let told = told
        .iter()
        .map(|told| (told.order_number.as_str(), verdict(told)));
    told.map(|(number, (before, now))| (number, before, now))
        .collect()
}

on_both_engines! {
    async fn a_new_answer_is_told_once_with_the_lines_that_are_not_there(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 5), ("B", 1)]).await;
        shop.put("1", ShipFrom::Default, &[(Some("A"), 2)]).await;
        shop.put("2", ShipFrom::Default, &[(Some("A"), 2), (Some("B"), 3)]).await;
        let told = shop.told().await;
        let expected = [("1", None, Verdict::CanShip), ("2", None, Verdict::Short)];
        assert_eq!(verdicts(&told), expected);
        assert_eq!(told[1].source_id, Some(shop.sources[0].id));
        assert_eq!(told[1].ship_from_location_id, Some(shop.berlin));
        let lines: Vec<_> = told[1].lines.iter().map(|line| (&*line.sku, line.available)).collect();
        assert_eq!(lines, [("B", Some(Quantity::units(1)))]);
        assert_eq!(shop.told().await, []);
    }

    async fn stock_that_comes_and_goes_is_told_for_the_orders_it_decides(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 5), ("B", 9)]).await;
        shop.put("1", ShipFrom::Default, &[(Some("A"), 2)]).await;
        shop.put("2", ShipFrom::Default, &[(Some("B"), 2)]).await;
        shop.told().await;
        shop.list(0, &[("A", 1), ("B", 8)]).await;
        assert!(shop.event_log.after(shop.account, EventId(0), 100).await.unwrap().events.len() > 2);
        assert_eq!(verdicts(&shop.told().await), [("1", Some(Verdict::CanShip), Verdict::Short)]);
        shop.list(0, &[("A", 2), ("B", 8)]).await;
        assert_eq!(verdicts(&shop.told().await), [("1", Some(Verdict::Short), Verdict::CanShip)]);
    }

    async fn an_order_that_ships_from_elsewhere_or_is_gone_is_followed(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 5)]).await;
        shop.list(1, &[("A", 1)]).await;
        shop.put("1", ShipFrom::Default, &[(Some("A"), 2)]).await;
        shop.told().await;
        shop.put("1", ShipFrom::At(shop.hamburg), &[(Some("A"), 2)]).await;
        assert_eq!(verdicts(&shop.told().await), [("1", Some(Verdict::CanShip), Verdict::Short)]);
        let mut shipped = OrderDraft::new(OrderNumber::new("1").unwrap(), Vec::new());
        shipped.status = Some(OrderStatus::Shipped);
        shop.orders.put(shop.account, shipped, None).await.unwrap();
        assert_eq!(shop.told().await, []);
    }

    async fn two_that_look_at_once_tell_it_once(db) {
        let shop = Shop::open(db).await;
        shop.list(0, &[("A", 5)]).await;
        for number in 0..250 {
            shop.put(&number.to_string(), ShipFrom::Default, &[(Some("A"), 2)]).await;
        }
        let (one, other) = (shop.verdict_news(), shop.verdict_news());
        let (one, other) = tokio::join!(one.tell(shop.account), other.tell(shop.account));
        assert_eq!(one.unwrap() + other.unwrap(), 250);
    }
}
