//! Cases of stored orders, on both engines.

use super::super::testing::{account, on_both_engines};
use super::*;
use crate::order::goods::NotGoods;
use crate::order::{LineKind, OrderDraft, OrderLine, ShipFrom};
use bestand_plugin_api::{Quantity, Sku};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

fn number(text: &str) -> OrderNumber {
    OrderNumber::new(text).unwrap()
}

fn line(line: u32, sku: &str) -> OrderLine {
    OrderLine {
        line,
        sku: Some(Sku::new(sku).unwrap()),
        name: None,
        quantity: "2.5".parse().unwrap(),
        kind: LineKind::Goods,
    }
}

fn draft(text: &str, skus: &[&str]) -> OrderDraft {
    let lines = (1..).zip(skus).map(|(at, sku)| line(at, sku)).collect();
    OrderDraft::new(number(text), lines)
}

fn skus(order: &Order) -> Vec<(u32, &str)> {
    let lines = order.lines.iter();
    lines
        .map(|line| (line.line, line.sku.as_ref().map_or("", Sku::as_str)))
        .collect()
}

async fn numbers(
    db: &Db,
    account: AccountId,
    filter: &Filter,
    after: Option<&Place>,
) -> (Vec<String>, Option<Place>) {
    let page = list(db, account, filter, after, 3).await.unwrap();
    (
        page.orders
            .iter()
            .map(|order| order.number.to_string())
            .collect(),
        page.next,
    )
}

on_both_engines! {
    async fn an_order_is_read_back_as_it_was_put_and_what_is_left_open_stays(db) {
        let account = account(db).await;
        let lines = vec![
            line(1, "Größe/42"),
            OrderLine { line: 2, sku: None, name: Some("wrap".into()), quantity: Quantity::ZERO, kind: LineKind::NotGoods(NotGoods::NoSku) },
            OrderLine { line: 3, sku: None, name: None, quantity: Quantity::ZERO, kind: LineKind::Unreadable("line 9: why".into()) },
        ];
        let location = ShipFromId::new();
        let first = OrderDraft {
            status: Some(OrderStatus::OnHold),
            ship_from: ShipFrom::At(location),
            ordered_at: Some(Timestamp::from_secs(5)),
            ..OrderDraft::new(number("1001"), lines.clone())
        };
        let (order, stored) = put(db, account, first, None, NOW).await.unwrap();
        assert_eq!((order.lines.clone(), order.status, order.version), (lines, OrderStatus::OnHold, 1));
        assert_eq!(stored, Stored { created: 1, ..Stored::default() });
        assert_eq!(find(db, account, &order.number).await.unwrap().as_ref(), Some(&order));

        let (again, stored) = put(db, account, draft("1001", &["B"]), None, NOW).await.unwrap();
        assert_eq!((skus(&again), stored.replaced, again.version), (vec![(1, "B")], 1, 2));
        let kept = (again.status, again.ship_from_id, again.ordered_at);
        assert_eq!(kept, (OrderStatus::OnHold, Some(location), Some(Timestamp::from_secs(5))));
        let default = OrderDraft { ship_from: ShipFrom::Default, ..draft("1001", &["B"]) };
        assert_eq!(put(db, account, default, None, NOW).await.unwrap().0.ship_from_id, None);
    }

    async fn a_version_that_has_moved_on_is_a_conflict(db) {
        let account = account(db).await;
        put(db, account, draft("1", &["A"]), None, NOW).await.unwrap();
        put(db, account, draft("1", &["B"]), Some(1), NOW).await.unwrap();
        let refused = put(db, account, draft("1", &["C"]), Some(1), NOW).await.unwrap_err();
        assert_eq!(refused.to_string(), "order `1` was changed meanwhile; read it again");
        let refused = put(db, account, draft("2", &["C"]), Some(1), NOW).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict { .. }));
        assert_eq!(skus(&find(db, account, &number("1")).await.unwrap().unwrap()), [(1, "B")]);
    }

    async fn no_account_sees_the_orders_of_another(db) {
        let (ours, theirs) = (account(db).await, account(db).await);
        put(db, ours, draft("1", &["A"]), None, NOW).await.unwrap();
        put(db, theirs, draft("1", &["B"]), None, NOW).await.unwrap();
        assert_eq!(skus(&find(db, ours, &number("1")).await.unwrap().unwrap()), [(1, "A")]);
        assert_eq!(count(db, theirs).await.unwrap(), 1);
        assert_eq!(numbers(db, theirs, &Filter::default(), None).await.0, ["1"]);
    }

    async fn rows_of_one_import_continue_an_order_and_any_other_replaces_it(db) {
        let account = account(db).await;
        let part = |import, text: &str, skus: &[&str]| OrderDraft { import: Some(import), ..draft(text, skus) };
        let unreadable = |import, text: &str| {
            let line = OrderLine { kind: LineKind::Unreadable("no".into()), ..line(1, "X") };
            OrderDraft { import: Some(import), ..OrderDraft::new(number(text), vec![line]) }
        };
        let (run, rerun) = (Uuid::now_v7(), Uuid::now_v7());
        let store = async |drafts: Vec<OrderDraft>| put_many(db, account, drafts, NOW).await.unwrap();
        let first = store(vec![part(run, "1", &["A", "B"]), part(run, "2", &["C"]), unreadable(run, "3")]).await;
        assert_eq!(first, Stored { created: 2, ..Stored::default() });
        let second = store(vec![part(run, "1", &["D"]), unreadable(run, "2")]).await;
        assert_eq!(second, Stored { continued: 2, ..Stored::default() });
        let order = async |text: &str| find(db, account, &number(text)).await.unwrap();
        assert_eq!(skus(&order("1").await.unwrap()), [(1, "A"), (2, "B"), (3, "D")]);
        assert!(matches!(order("2").await.unwrap().lines[1].kind, LineKind::Unreadable(_)));
        assert_eq!(order("3").await, None, "nothing of it could be read");
        store(vec![part(rerun, "1", &["A", "B"])]).await;
        assert_eq!(skus(&order("1").await.unwrap()), [(1, "A"), (2, "B")]);
    }

    async fn many_may_put_the_same_new_orders_at_once(db) {
        let account = account(db).await;
        let put = |last: &'static str| async move {
            let drafts = [("2", ["A", last]), ("1", ["B", last])];
            let drafts = drafts.map(|(number, skus)| draft(number, &skus));
            put_many(db, account, drafts.into(), NOW).await.unwrap()
        };
        tokio::join!(put("W"), put("X"), put("Y"), put("Z"));
        for text in ["1", "2"] {
            let order = find(db, account, &number(text)).await.unwrap().unwrap();
            assert_eq!((order.lines.len(), order.version), (2, 4));
        }
    }

    async fn a_character_that_no_database_takes_is_replaced(db) {
        let account = account(db).await;
        let named = OrderLine { name: Some("a\0b".into()), ..line(1, "A") };
        put(db, account, OrderDraft::new(number("1"), vec![named]), None, NOW).await.unwrap();
        let order = find(db, account, &number("1")).await.unwrap().unwrap();
        assert_eq!(order.lines[0].name.as_deref(), Some("a\u{fffd}b"));
    }

    async fn lists_go_on_where_they_ended_in_either_direction(db) {
        let account = account(db).await;
        let placed = |text: &str, secs| OrderDraft { ordered_at: Some(Timestamp::from_secs(secs)), ..draft(text, &["A"]) };
        let drafts = vec![placed("a", 3), placed("b", 1), placed("c", 2), placed("d", 2), placed("B", 2), draft("x", &[])];
        put_many(db, account, drafts, NOW).await.unwrap();
        let oldest = Filter::default();
        let (page, next) = numbers(db, account, &oldest, None).await;
        assert_eq!(page, ["b", "B", "c"]);
        let (page, next) = numbers(db, account, &oldest, next.as_ref()).await;
        assert_eq!((page.as_slice(), next), (["d", "a", "x"].map(String::from).as_slice(), None));
        let newest = Filter { sequence: Sequence::NewestFirst, ..Filter::default() };
        let (page, next) = numbers(db, account, &newest, None).await;
        assert_eq!(page, ["x", "a", "d"]);
        assert_eq!(numbers(db, account, &newest, next.as_ref()).await.0, ["c", "B", "b"]);
    }

    async fn lists_are_filtered_by_status_and_by_where_orders_ship_from(db) {
        let account = account(db).await;
        let (berlin, hamburg) = (ShipFromId::new(), ShipFromId::new());
        let with = |text: &str, status, ship_from| OrderDraft { status: Some(status), ship_from, ..draft(text, &["A"]) };
        let drafts = vec![
            with("1", OrderStatus::AwaitingShipment, ShipFrom::At(berlin)),
            with("2", OrderStatus::Shipped, ShipFrom::At(berlin)),
            with("3", OrderStatus::AwaitingShipment, ShipFrom::Default),
            with("4", OrderStatus::AwaitingShipment, ShipFrom::At(hamburg)),
        ];
        put_many(db, account, drafts, NOW).await.unwrap();
        let check = async |status, ship_from: Option<(ShipFromId, bool)>, expected: &[&str]| {
            let ship_from = ship_from.map(|(id, is_default)| ShipsFrom { id, is_default });
            let filter = Filter { status, ship_from, ..Filter::default() };
            assert_eq!(numbers(db, account, &filter, None).await.0, expected);
        };
        check(Some(OrderStatus::Shipped), None, &["2"]).await;
        check(None, Some((berlin, false)), &["1", "2"]).await;
        check(None, Some((hamburg, true)), &["3", "4"]).await;
        check(Some(OrderStatus::AwaitingShipment), Some((berlin, true)), &["1", "3"]).await;
        check(Some(OrderStatus::Cancelled), None, &[]).await;
    }

    async fn more_orders_than_fit_one_statement_are_put_in_one_transaction(db) {
        let account = account(db).await;
        let drafts: Vec<OrderDraft> = (0..1_203).map(|n| draft(&format!("{n:05}"), &["A", "B"])).collect();
        let stored = put_many(db, account, drafts.clone(), NOW).await.unwrap();
        assert_eq!((stored.created, count(db, account).await.unwrap()), (1_203, 1_203));
        let again = put_many(db, account, drafts, NOW).await.unwrap();
        assert_eq!((again.replaced, count(db, account).await.unwrap()), (1_203, 1_203));
        let page = list(db, account, &Filter::default(), None, 2_000).await.unwrap();
        assert!(page.orders.iter().all(|order| order.lines.len() == 2 && order.version == 2));
    }

    async fn orders_are_found_by_the_beginning_of_a_number_or_by_a_sku(db) {
        let (ours, theirs) = (account(db).await, account(db).await);
        let drafts = vec![
            draft("AB-1", &["MUG"]), draft("ab-2", &["CUP", "MUG"]), draft("x-ab", &["ab-1"]), draft("a%", &["Größe"]),
        ];
        put_many(db, ours, drafts, NOW).await.unwrap();
        put(db, theirs, draft("AB-9", &["MUG"]), None, NOW).await.unwrap();
        let check = async |text: &str, expected: &[&str]| {
            let search = SearchText::read(text).unwrap();
            assert!(search.is_some());
            let filter = Filter { search: search.clone(), ..Filter::default() };
            assert_eq!(numbers(db, ours, &filter, None).await.0, expected, "{text}");
            // The same by walking the list, as when many match.
            let (select, values) = select_page(ours, &filter, Matches::Many, None, 10);
            let rows: Vec<Row> = sql::list(db.read(), &select, values).await.unwrap();
            let walked: Vec<String> = rows.into_iter().map(|row| row.number).collect();
            assert_eq!(walked, expected, "{text}, walking");
        };
        check("ab-", &["AB-1", "ab-2"]).await;
        check("AB-1", &["AB-1"]).await;
        check("ab-1", &["AB-1", "x-ab"]).await;
        check("MUG", &["AB-1", "ab-2"]).await;
        check("mug", &[]).await;
        check("a%", &["a%"]).await;
        check("Größe", &["a%"]).await;
        check("zz", &[]).await;
    }

    async fn of_many_matches_a_page_comes_without_finding_them_all(db) {
        let account = account(db).await;
        let drafts = (0..10_200).map(|n| draft(&format!("A{n:05}"), &["MUG"])).collect();
        put_many(db, account, drafts, NOW).await.unwrap();
        for text in ["a", "MUG"] {
            let search = SearchText::read(text).unwrap();
            let matches = search::matches(db, account, search.as_ref().unwrap()).await.unwrap();
            assert_eq!(matches, Matches::Many, "{text}");
            let filter = Filter { search, sequence: Sequence::NewestFirst, ..Filter::default() };
            let (page, next) = numbers(db, account, &filter, None).await;
            assert_eq!(page, ["A10199", "A10198", "A10197"]);
            assert_eq!(numbers(db, account, &filter, next.as_ref()).await.0, ["A10196", "A10195", "A10194"]);
        }
    }

    async fn orders_are_moved_all_or_none(db) {
        let account = account(db).await;
        let (berlin, hamburg) = (ShipFromId::new(), ShipFromId::new());
        let drafts: Vec<OrderDraft> = (0..700).map(|n| draft(&format!("{n:03}"), &["A"])).collect();
        let all: Vec<OrderNumber> = drafts.iter().map(|draft| draft.number.clone()).collect();
        put_many(db, account, drafts, NOW).await.unwrap();
        let to = async |numbers: &[OrderNumber], id| move_to(db, account, numbers, id, NOW).await.unwrap();
        assert_eq!(to(&all[..1], Some(hamburg)).await, Ok(Moved { moved: 1, unchanged: 0 }));
        assert_eq!(to(&all, Some(hamburg)).await, Ok(Moved { moved: 699, unchanged: 1 }));
        let with_one_missing = [all[1].clone(), number("no such"), all[2].clone()];
        assert_eq!(to(&with_one_missing, Some(berlin)).await, Err(vec![number("no such")]));
        let order = find(db, account, &all[1]).await.unwrap().unwrap();
        assert_eq!((order.ship_from_id, order.version), (Some(hamburg), 2));
        assert_eq!(to(&[all[0].clone(), all[0].clone()], None).await, Ok(Moved { moved: 1, unchanged: 0 }));
        let order = find(db, account, &all[0]).await.unwrap().unwrap();
        assert_eq!((order.ship_from_id, order.version, skus(&order)), (None, 3, vec![(1, "A")]));
    }
}
