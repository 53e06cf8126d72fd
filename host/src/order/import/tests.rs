//! Imports from bytes to orders and report, without a store.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::id::ShipFromId;
use crate::order::{LineKind, OrderLine, OrderStatus, ShipFrom};
use row::ShipFromNames;

/// What came of an import of some bytes.
#[derive(Debug, PartialEq)]
struct Outcome {
    orders: Vec<OrderDraft>,
    refusals: Vec<Refusal>,
    report: Report,
}

fn try_import(
    format: Format,
    map: &str,
    rules: Rules,
    pieces: &[&[u8]],
) -> Result<Outcome, ImportError> {
    let mut import = Import::new(format, map.parse().unwrap(), rules);
    let (mut orders, mut refusals) = (Vec::new(), Vec::new());
    for piece in pieces {
        import.push(piece)?;
        refusals.append(&mut import.take_refusals());
        while let Some(batch) = import.next_batch() {
            orders.extend(batch);
        }
    }
    import.finish()?;
    refusals.append(&mut import.take_refusals());
    while let Some(batch) = import.next_batch() {
        orders.extend(batch);
    }
    // Every run has its own import id; what matters is that it is one.
    let id = orders.iter().find_map(|order| order.import);
    assert!(
        orders
            .iter()
            .all(|order| order.import.is_none() || order.import == id)
    );
    orders.iter_mut().for_each(|order| order.import = None);
    let report = import.report().clone();
    assert_eq!(
        report.lines,
        report.taken + report.refused,
        "every line is taken or refused"
    );
    assert_eq!(
        report.refused,
        refusals.len() as u64,
        "every refusal is told"
    );
    Ok(Outcome {
        orders,
        refusals,
        report,
    })
}

fn import(format: Format, text: &str) -> Outcome {
    try_import(format, "", Rules::default(), &[text.as_bytes()]).unwrap()
}

/// An order in short: its lines as `sku×quantity`, with `-` before what is not goods and `!` before the unreadable.
fn short(order: &OrderDraft) -> String {
    let line = |line: &OrderLine| {
        let sku = line.sku.as_ref().map_or("", |sku| sku.as_str());
        match &line.kind {
            LineKind::Goods => format!("{sku}×{}", line.quantity),
            LineKind::NotGoods(_) => format!("-{sku}×{}", line.quantity),
            LineKind::Unreadable(_) => format!("!{sku}"),
        }
    };
    let lines: Vec<String> = order.lines.iter().map(line).collect();
    format!("{}: {}", order.number, lines.join(" "))
}

fn check(outcome: &Outcome, orders: &[&str], refusals: &[&str]) {
    let found: Vec<String> = outcome.orders.iter().map(short).collect();
    assert_eq!(found, orders);
    let found: Vec<String> = outcome.refusals.iter().map(ToString::to_string).collect();
    assert_eq!(found, refusals);
}

const CSV: &str = "order_number,sku,quantity,name\n\
    1001,A,2,\"Mug, \"\"large\"\"\"\n\
    1002,B,1.5,Rope\n\
    1001,C,1,Plate\n";

#[test]
fn the_three_formats_say_the_same() {
    let orders = ["1001: A×2 C×1", "1002: B×1.5"];
    let rows = [
        r#"{"order_number":1001,"sku":"A","quantity":2,"name":"Mug, \"large\""}"#,
        r#"{"order_number":"1002","sku":"B","quantity":"1.5","name":"Rope"}"#,
        r#"{"order_number":"1001","sku":"C","quantity":1.0,"name":"Plate"}"#,
    ];
    let csv = import(Format::Csv, CSV);
    check(&csv, &orders, &[]);
    assert_eq!(
        csv.orders[0].lines[0].name.as_deref(),
        Some("Mug, \"large\"")
    );
    assert_eq!(
        csv.orders[0]
            .lines
            .iter()
            .map(|line| line.line)
            .collect::<Vec<_>>(),
        [1, 2]
    );
    for (format, text) in [
        (Format::Csv, CSV.replace(',', ";").replace("Mug;", "Mug,")),
        (
            Format::Csv,
            CSV.replace('\n', "\r\n")
                .replacen("order", "\u{feff}order", 1),
        ),
        (Format::Ndjson, rows.join("\n")),
        (Format::Json, format!("[{}]", rows.join(",\n"))),
    ] {
        assert_eq!(import(format, &text).orders, csv.orders, "{format:?}");
    }
}

#[test]
fn a_whole_order_is_taken_as_it_stands_and_the_last_of_a_number_counts() {
    let text = r#"[
        {"order_number": "1", "status": "on hold", "ordered_at": "2026-11-23T08:00:00+01:00",
         "lines": [{"sku": "A", "quantity": 2}, {"name": "gift wrap", "quantity": 1}]},
        {"order_number": "2", "items": []},
        {"order_number": "1", "lines": [{"sku": "A", "quantity": 3}, {"sku": "B", "quantity": "x"}]}
    ]"#;
    let outcome = import(Format::Json, text);
    check(
        &outcome,
        &["1: A×3 !B", "2: "],
        &["line 5: quantity: `x` is not a decimal number"],
    );
    assert_eq!(outcome.report.repeated, 1);
    let lone = import(
        Format::Json,
        r#"{"order_number":"7","status":"shipped","lines":[{"sku":"A","quantity":1}]}"#,
    );
    check(&lone, &["7: A×1"], &[]);
    assert_eq!(lone.orders[0].status, Some(OrderStatus::Shipped));
}

#[test]
fn a_bad_line_is_refused_with_its_field_and_the_order_is_not_called_complete() {
    let text = "order_number,sku,quantity\n\
        1,A,2\n1,B,\n1,C,abc\n1,D2,1000000000\n1,E,0.0000001\n1,F,-2\n1,,3\n1,G,1,extra\n,H,1\n2,I,many\n";
    check(
        &import(Format::Csv, text),
        &["1: A×2 !B !C !D2 !E -F×-2 -×3 !G", "2: !I"],
        &[
            "line 3: quantity: is missing",
            "line 4: quantity: `abc` is not a decimal number",
            "line 5: quantity: `1000000000` is beyond the 100000000 units a line may have",
            "line 6: quantity: `0.0000001` has more than six decimals",
            "line 9: has 4 fields where the header has 3",
            "line 10: order_number: an order number must not be empty",
            "line 11: quantity: `many` is not a decimal number",
        ],
    );
}

#[test]
fn bad_json_costs_its_own_line_only_as_long_as_the_brackets_can_be_followed() {
    let good = r#"{"order_number":"1","sku":"A","quantity":1}"#;
    let ndjson = format!("{good}\n{{\"order_number\":\n[1]\n\n{good}");
    let outcome = import(Format::Ndjson, &ndjson);
    check(
        &outcome,
        &["1: A×1 A×1"],
        &[
            "line 2: is no JSON object: EOF while parsing a value at line 1 column 16",
            "line 3: is no JSON object: invalid type: sequence, expected a map at line 1 column 0",
        ],
    );
    let array =
        format!("[{good},\n{{\"sku\": {{}}, \"order_number\": \"9\"}},\n{good}, 7, {good}]");
    check(
        &import(Format::Json, &array),
        &["1: A×1 A×1", "9: !"],
        &[
            "line 2: sku: is neither text nor number",
            "line 3: is no JSON array of objects from here on; nothing behind was read",
        ],
    );
    check(
        &import(Format::Json, &format!("[{good},\n{{\"order_number\"")),
        &["1: A×1"],
        &["line 2: the JSON array is cut off here"],
    );
}

#[test]
fn a_json_row_that_cannot_be_read_stays_on_its_order() {
    let rows = r#"{"order_number":"1","sku":"A","quantity":1}
{"order_number":"1","sku":["B"],"quantity":1}
{"order_number":"2","lines":[{"sku":{"no":1},"quantity":1}]}"#;
    check(
        &import(Format::Ndjson, rows),
        &["1: A×1 !", "2: !"],
        &[
            "line 2: sku: is neither text nor number",
            "line 3: sku: is neither text nor number",
        ],
    );
}

#[test]
fn a_quotation_mark_left_open_costs_its_own_line_only() {
    let rows: String = (0..5_000).map(|n| format!("{n},S{n},1,thing\n")).collect();
    let text = format!("order_number,sku,quantity,name\nX,A,1,\"open\n{rows}");
    let outcome = import(Format::Csv, &text);
    assert_eq!(outcome.orders.len(), 5_000);
    check(
        &Outcome {
            orders: Vec::new(),
            ..outcome
        },
        &[],
        &["line 2: is longer than 64 KiB, or a quotation mark on it is not closed"],
    );
    let at_the_end = import(
        Format::Csv,
        "order_number,sku,quantity,name\n1,A,1,\"open\n2,B,1,x\n",
    );
    check(
        &at_the_end,
        &["2: B×1"],
        &["line 2: is longer than 64 KiB, or a quotation mark on it is not closed"],
    );
    let quoted = import(
        Format::Csv,
        "order_number,sku,quantity,name\n\n1,A,1,\"two\nlines\"\n2,B,x,y\n",
    );
    check(
        &quoted,
        &["1: A×1", "2: !B"],
        &["line 5: quantity: `x` is not a decimal number"],
    );
}

#[test]
fn what_is_no_table_of_orders_is_refused_as_a_whole_with_the_way_out() {
    let check = |map: &str, text: &str, message: &str| {
        let error = try_import(Format::Csv, map, Rules::default(), &[text.as_bytes()]).unwrap_err();
        assert_eq!(error.to_string(), message);
    };
    check(
        "",
        "Belegkreis,StockCode,Quantity\n",
        "no column `order_number` for order_number; say which one it is with order_number=…; the file has: \
         Belegkreis, StockCode, Quantity",
    );
    check(
        "order_number=InvoiceNr",
        "InvoiceNo,StockCode,Quantity\n",
        "no column `InvoiceNr` for order_number; is it `InvoiceNo`? say order_number=InvoiceNo; the file has: \
         InvoiceNo, StockCode, Quantity",
    );
    check(
        "",
        "sku,order_number,quantity,sku\n",
        "column `sku` stands in the header more than once, so it cannot be told which is meant",
    );
    check(
        "",
        " \n\n",
        "the file has no header line that names its columns",
    );
}

#[test]
fn what_rows_say_of_their_order_must_agree() {
    let berlin = ShipFromId::new();
    let ship_from = ShipFromNames::new([
        (berlin, "Berlin".into()),
        (ShipFromId::new(), "Hamburg".into()),
    ]);
    let rules = Rules {
        ship_from,
        ..Rules::default()
    };
    let text = "order_number,sku,quantity,ship_from,status,ordered_at\n\
        1,A,1,,,2010-12-01 08:26:00\n1,B,1, berlin ,Awaiting-Shipment,2010-12-01 08:27:00\n1,C,1,Hamburg,,\n\
        1,D,1,,shipped,\n1,E,1,Paris,,\n1,F,1,,lost,\n1,G,1,,,1/12/2010\n";
    let outcome = try_import(Format::Csv, "", rules, &[text.as_bytes()]).unwrap();
    check(
        &outcome,
        &["1: A×1 B×1 !C -D× !E !F !G".replace("-D×", "!D").as_str()],
        &[
            "line 4: ship_from: contradicts line 2 of the same order",
            "line 5: status: contradicts line 2 of the same order",
            "line 6: ship_from: there is no ship-from location `Paris`; make it first, or leave the field out",
            "line 7: status: `lost` is no order status; they are awaiting_shipment, on_hold, shipped and cancelled",
            "line 8: ordered_at: `1/12/2010` is no time; write 2026-11-23, 2026-11-23 08:30 or 2026-11-23T08:30:00+01:00",
        ],
    );
    let order = &outcome.orders[0];
    assert_eq!(order.ship_from, ShipFrom::At(berlin));
    assert_eq!(order.status, Some(OrderStatus::AwaitingShipment));
    assert_eq!(
        order.ordered_at.unwrap().to_string(),
        "2010-12-01T08:26:00Z"
    );
}

#[test]
fn rows_far_apart_come_as_two_parts_of_one_import_and_no_order_is_too_long() {
    let rows: String = (0..9_000).map(|n| format!("{n},S,1\n")).collect();
    let text = format!("order_number,sku,quantity\nX,A,1\n{rows}X,B,1\n");
    let pieces: Vec<&[u8]> = text.as_bytes().chunks(1_000).collect();
    let outcome = try_import(Format::Csv, "", Rules::default(), &pieces).unwrap();
    let parts = outcome
        .orders
        .iter()
        .filter(|order| order.number.as_str() == "X");
    assert_eq!(parts.map(short).collect::<Vec<_>>(), ["X: A×1", "X: B×1"]);
    assert_eq!(outcome.orders.len(), 9_002);

    let long: String = (0..10_003).map(|n| format!("Y,S{n},1\n")).collect();
    let outcome = import(Format::Csv, &format!("order_number,sku,quantity\n{long}"));
    assert_eq!((outcome.report.taken, outcome.report.refused), (10_000, 3));
    assert_eq!(
        outcome.orders[0].lines.len(),
        10_001,
        "one line says that some are missing"
    );
    assert_eq!(
        outcome.refusals[0].reason,
        "the order has more than 10000 lines"
    );
}

#[test]
fn latin_1_is_read_in_names_and_refused_where_it_would_change_an_article() {
    let text = b"order_number,sku,quantity,name\n1,A,1,Gr\xfc\xdfe \xa3\n1,B\xfc,1,x\n";
    let outcome = try_import(Format::Csv, "", Rules::default(), &[text]).unwrap();
    assert_eq!(outcome.orders[0].lines[0].name.as_deref(), Some("Grüße £"));
    check(&outcome, &["1: A×1 !"], &["line 3: sku: is not UTF-8 text"]);
}

/// The folder of real input beside the project, or a line that says what was skipped.
pub(in crate::order) fn real_orders() -> Option<Vec<u8>> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let folder = std::env::var("BESTAND_DATA").unwrap_or_else(|_| beside.into());
    let path = std::path::Path::new(&folder).join("online-retail-orders.csv");
    let bytes = std::fs::read(&path);
    if bytes.is_err() {
        println!("skipped the real orders: {} is not there", path.display());
    }
    bytes.ok()
}

#[test]
fn all_ten_thousand_real_lines_are_taken() {
    let Some(bytes) = real_orders() else { return };
    let map = "order_number=InvoiceNo,sku=StockCode,quantity=Quantity,name=Description,ordered_at=InvoiceDate";
    let pieces: Vec<&[u8]> = bytes.chunks(8_191).collect();
    let outcome = try_import(Format::Csv, map, Rules::default(), &pieces).unwrap();
    assert!(outcome.refusals.is_empty(), "{:?}", outcome.refusals);
    assert_eq!(
        (outcome.report.lines, outcome.report.taken),
        (10_000, 10_000)
    );
    assert_eq!(outcome.orders.len(), 512);
    let mut not_goods = BTreeMap::new();
    for line in outcome.orders.iter().flat_map(|order| &order.lines) {
        if let LineKind::NotGoods(reason) = &line.kind {
            *not_goods.entry(reason.as_str()).or_insert(0) += 1;
        }
    }
    assert_eq!(
        not_goods,
        BTreeMap::from([("charge", 38), ("returned", 128)])
    );
    let cancelled = outcome
        .orders
        .iter()
        .filter(|order| order.number.as_str().starts_with('C'));
    assert!(
        cancelled.clone().count() == 43
            && cancelled
                .flat_map(|order| &order.lines)
                .all(|line| !line.is_goods())
    );
}

fn any_text(format: Format) -> impl Strategy<Value = String> {
    let part = match format {
        Format::Csv => prop::sample::select(vec![
            "1", "A", ",", "\"", "\n", "\r\n", " ", "\"\"", "ü", "-2.5", ";",
        ]),
        _ => prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            "\n",
            "\"",
            "\\",
            "\"order_number\":\"1\"",
            "\"sku\":\"A\"",
            "\"quantity\":2",
            "\"lines\":[",
            "null",
            " ",
            "ü",
        ]),
    };
    prop::collection::vec(part, 0..60).prop_map(move |parts| {
        let head = if format == Format::Csv {
            "order_number,sku,quantity\n"
        } else {
            ""
        };
        format!("{head}{}", parts.concat())
    })
}

fn any_input() -> impl Strategy<Value = (Format, String)> {
    prop_oneof![
        any_text(Format::Csv).prop_map(|text| (Format::Csv, text)),
        any_text(Format::Ndjson).prop_map(|text| (Format::Ndjson, text)),
        any_text(Format::Json).prop_map(|text| (Format::Json, text)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn it_makes_no_difference_where_the_bytes_are_cut((format, text) in any_input(), piece in 1..9usize) {
        let whole = try_import(format, "", Rules::default(), &[text.as_bytes()]);
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(piece).collect();
        let in_pieces = try_import(format, "", Rules::default(), &pieces);
        prop_assert_eq!(whole, in_pieces);
    }

    #[test]
    fn no_bytes_whatever_make_an_import_panic(format in 0..3usize, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let format = [Format::Csv, Format::Ndjson, Format::Json][format];
        let _ = try_import(format, "", Rules::default(), &[b"order_number,sku,quantity\n", &bytes]);
    }
}
