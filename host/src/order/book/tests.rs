//! Imports into a store, on both engines.

use bestand_plugin_api::Timestamp;

use super::*;
use crate::id::ShipFromId;
use crate::order::LineKind;
use crate::order::import::tests::real_orders;
use crate::ship_from::{Buffer, Policy, ShipFromLocation};
use crate::store::testing::{account, on_both_engines};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const REAL: &str = "order_number=InvoiceNo,sku=StockCode,quantity=Quantity";

fn book(db: &Db) -> OrderBook {
    OrderBook::open(db.clone(), Clock::set_at(NOW))
}

async fn import(
    book: &OrderBook,
    account: AccountId,
    map: &str,
    mut bytes: &[u8],
) -> (Report, Vec<String>) {
    let mut refused = Vec::new();
    let mut on_event = |event: Event<'_>| {
        if let Event::Refused(refusal) = event {
            refused.push(refusal.to_string());
        }
    };
    let mapping = map.parse().unwrap();
    let report = book
        .import(account, Format::Csv, mapping, &mut bytes, &mut on_event)
        .await
        .unwrap();
    (report, refused)
}

async fn all(book: &OrderBook, account: AccountId) -> Vec<Order> {
    let page = book
        .list(account, &Filter::default(), None, 100_000)
        .await
        .unwrap();
    let nothing_but_content = |order: Order| Order {
        updated_at: NOW,
        version: 0,
        ..order
    };
    page.orders.into_iter().map(nothing_but_content).collect()
}

/// Many orders whose rows lie far apart, so that each is stored in several parts.
fn scattered() -> String {
    let rows = (0..9).flat_map(|part| (0..1_000).map(move |order| format!("{order},S{part},1\n")));
    format!("order_number,sku,quantity\n{}", rows.collect::<String>())
}

on_both_engines! {
    async fn all_real_orders_are_stored_and_a_second_run_changes_nothing(db) {
        let Some(bytes) = real_orders() else { return };
        let (book, account) = (book(db), account(db).await);
        let (report, refused) = import(&book, account, REAL, &bytes).await;
        assert_eq!((report.lines, report.taken, report.orders()), (10_000, 10_000, 512));
        assert_eq!((report.created, refused.len()), (512, 0));
        let first = all(&book, account).await;
        assert_eq!(first.iter().map(|order| order.lines.len()).sum::<usize>(), 10_000);
        let (again, _) = import(&book, account, REAL, &bytes).await;
        assert_eq!((again.created, again.replaced), (0, 512));
        assert_eq!(all(&book, account).await, first);
    }

    async fn an_import_cut_off_anywhere_keeps_what_it_reported_and_is_made_whole_by_running_it_again(db) {
        let (book, account) = (book(db), account(db).await);
        let text = scattered();
        for pieces in [3, 7, 12] {
            let mapping = Mapping::default();
            let mut cut_off = book.begin_import(account, Format::Csv, mapping).await.unwrap();
            for piece in text.as_bytes().chunks(8_000).take(pieces) {
                cut_off.push(piece).await.unwrap();
            }
            let (reported, stored) = (cut_off.report().created + cut_off.report().replaced, all(&book, account).await);
            drop(cut_off);
            assert!(stored.len() as u64 >= reported.min(1_000), "{} of {reported}", stored.len());
        }
        let (report, _) = import(&book, account, "", text.as_bytes()).await;
        assert_eq!((report.taken, report.refused), (9_000, 0));
        let orders = all(&book, account).await;
        assert_eq!(orders.len(), 1_000);
        for order in orders {
            let places: Vec<u32> = order.lines.iter().map(|line| line.line).collect();
            assert_eq!(places, (1..=9).collect::<Vec<_>>(), "{}", order.number);
        }
    }

    async fn a_refused_line_is_told_and_stays_on_its_order_as_unreadable(db) {
        let (book, account) = (book(db), account(db).await);
        let text = "order_number,sku,quantity\n1,A,2\n1,B,huge\n2,C,x\n";
        let (report, refused) = import(&book, account, "", text.as_bytes()).await;
        assert_eq!(refused, [
            "line 3: quantity: `huge` is not a decimal number",
            "line 4: quantity: `x` is not a decimal number",
        ]);
        assert_eq!((report.taken, report.refused, report.created), (1, 2, 1));
        let orders = all(&book, account).await;
        assert_eq!(orders.len(), 1, "nothing of order 2 could be read");
        assert_eq!(orders[0].lines[1].kind, LineKind::Unreadable(refused[0].clone()));
    }

    async fn an_order_names_its_ship_from_location_by_name_and_only_one_of_the_account(db) {
        let (book, account) = (book(db), account(db).await);
        let berlin = ShipFromLocation {
 allocation: crate::allocation::AllocationMode::default(),
            id: ShipFromId::new(),
            account_id: account,
            name: "Berlin".into(),
            address: None,
            is_default: false,
            policy: Policy::Warn,
            buffer: Buffer::NONE,
            source_id: None,
            version: 1,
            created_at: NOW,
        };
        store::ship_from::insert(db, &berlin).await.unwrap();
        let text = "order_number,sku,quantity,ship_from\n1,A,2,berlin\n2,A,2,Paris\n";
        let (_, refused) = import(&book, account, "", text.as_bytes()).await;
        assert_eq!(refused.len(), 1);
        let orders = all(&book, account).await;
        assert_eq!((orders.len(), orders[0].ship_from_id), (1, Some(berlin.id)));
        let elsewhere = OrderDraft {
            ship_from: ShipFrom::At(ShipFromId::new()),
            ..OrderDraft::new(OrderNumber::new("3").unwrap(), Vec::new())
        };
        let refused = book.put(account, elsewhere, None).await.unwrap_err();
        assert!(matches!(refused, Error::NotFound { .. }), "{refused}");
    }
}
