//! Any value of any message.

use std::time::Duration;

use bestand_plugin_api::http::{Auth, HttpRequest, SecretPlace};
use bestand_plugin_api::state::{Entry, EntryRange, Expected, Write};
use bestand_plugin_api::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

pub(crate) fn text() -> impl Strategy<Value = String> {
    "\\PC{0,12}"
}

pub(crate) fn sku() -> impl Strategy<Value = Sku> {
    "[!-~äß✓]{1,12}".prop_map(|text: String| Sku::new(&text).unwrap())
}

pub(crate) fn quantity() -> impl Strategy<Value = Quantity> {
    any::<i64>().prop_map(Quantity::from_millionths)
}

pub(crate) fn moment() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp::from_millis)
}

fn place() -> impl Strategy<Value = LocationId> {
    text().prop_map(LocationId)
}

fn tracking() -> impl Strategy<Value = Tracking> {
    use Tracking::{Ambiguous, Counted, NotStocked, NotTracked, Unknown};
    prop::sample::select(vec![Counted, NotTracked, NotStocked, Ambiguous, Unknown])
}

prop_compose! {
    fn quantities()(
        numbers in [option::of(quantity()), option::of(quantity()), option::of(quantity()), option::of(quantity())],
        other in prop::collection::btree_map(text(), quantity(), 0..3),
    ) -> Quantities {
        let mut quantities = Quantities::default();
        [quantities.available, quantities.on_hand, quantities.allocated, quantities.incoming] = numbers;
        quantities.other = other;
        quantities
    }
}

prop_compose! {
    fn lot()(id in text(), quantity in quantity(), expires_at in option::of(moment())) -> Lot {
        let mut lot = Lot::new(id, quantity);
        lot.expires_at = expires_at;
        lot
    }
}

prop_compose! {
    pub(crate) fn level()(
        item in option::of(text().prop_map(ItemRef)),
        (sku, location, tracking, unit_cost) in (sku(), place(), tracking(), option::of(quantity())),
        quantities in quantities(),
        lots in vec(lot(), 0..3),
        (source_updated_at, source_version, fetched_at) in (option::of(moment()), any::<Option<u64>>(), moment()),
    ) -> StockLevel {
        let mut level = StockLevel::counted(sku, location, quantities, fetched_at).with_lots(lots);
        (level.item, level.tracking, level.unit_cost) = (item, tracking, unit_cost);
        (level.source_updated_at, level.source_version) = (source_updated_at, source_version);
        level
    }
}

pub(crate) fn listing<T: std::fmt::Debug + Clone>(
    item: impl Strategy<Value = T>,
) -> impl Strategy<Value = Listing<T>> {
    (vec(item, 0..4), text(), 0..3, any::<u32>()).prop_map(|(items, cursor, step, millis)| {
        match step {
            0 => Listing::page(items, cursor),
            1 => Listing::done(items),
            _ => Listing::pending(Duration::from_millis(millis.into()), cursor),
        }
    })
}

pub(crate) fn changes() -> impl Strategy<Value = Changes<StockLevel>> {
    (vec(level(), 0..4), option::of(text()), text()).prop_map(
        |(items, next, checkpoint)| match next {
            Some(next) => Changes::page(items, next, checkpoint),
            None => Changes::last(items, checkpoint),
        },
    )
}

prop_compose! {
    pub(crate) fn location()(
        (id, name, parent, address) in (text(), text(), option::of(place()), option::of(text())),
        kind in prop::sample::select(vec![
            LocationKind::Site, LocationKind::Area, LocationKind::Bin, LocationKind::Transit, LocationKind::Virtual,
            LocationKind::Channel, LocationKind::Other,
        ]),
        (active, sellable) in any::<(bool, bool)>(),
    ) -> Location {
        let mut location = Location::new(id, name, kind);
        (location.parent, location.address) = (parent, address);
        (location.active, location.sellable) = (active, sellable);
        location
    }
}

pub(crate) fn query() -> impl Strategy<Value = SkuQuery> {
    (vec(sku(), 0..4), vec(place(), 0..4)).prop_map(|(skus, places)| SkuQuery::of(skus).at(places))
}

pub(crate) fn answers() -> impl Strategy<Value = SkuAnswers> {
    let error = (sku(), text(), any::<bool>()).prop_map(|(sku, message, failed)| match failed {
        true => SkuError::failed(sku, message),
        false => SkuError::not_found(sku, message),
    });
    (vec(level(), 0..4), vec(error, 0..4))
        .prop_map(|(levels, errors)| SkuAnswers::found(levels).with_errors(errors))
}

fn currency() -> impl Strategy<Value = Currency> {
    "[A-Z]{3}".prop_map(|code| code.parse().unwrap())
}

fn condition() -> impl Strategy<Value = Condition> {
    use Condition::{Damaged, Expired, QaHold, Sellable, Unknown};
    prop::sample::select(vec![Sellable, Damaged, Expired, QaHold, Unknown])
}

fn change() -> impl Strategy<Value = StockChange> {
    (
        0..9,
        quantity(),
        option::of(quantity()),
        place(),
        condition(),
    )
        .prop_map(|(change, quantity, expected, to, condition)| match change {
            0 => StockChange::Set { quantity, expected },
            1 => StockChange::Adjust { delta: quantity },
            2 => StockChange::Reserve { quantity },
            3 => StockChange::Release { quantity },
            4 => StockChange::Move { quantity, to },
            5 => StockChange::Ship { quantity },
            6 => StockChange::Regrade {
                quantity,
                to: condition,
            },
            7 => StockChange::Recost {
                quantity: expected,
                unit_cost: quantity,
            },
            _ => StockChange::Unknown,
        })
}

prop_compose! {
    pub(crate) fn operation()(
        (op_id, sku, location, change) in (text(), sku(), place(), change()),
        (reason, note, lot) in (option::of(text()), option::of(text()), option::of(text())),
        item in option::of(text().prop_map(ItemRef)),
        basis in prop::sample::select(vec![Basis::OnHand, Basis::Available, Basis::Unknown]),
        (condition, expires_at, unit_cost, author) in
            (option::of(condition()), option::of(moment()), option::of(quantity()), option::of(text())),
        currency in option::of(currency()),
    ) -> StockOperation {
        let mut operation = StockOperation::new(op_id, sku, location, change).with_basis(basis);
        (operation.reason, operation.note, operation.lot, operation.item) = (reason, note, lot, item);
        (operation.condition, operation.expires_at) = (condition, expires_at);
        (operation.unit_cost, operation.currency, operation.author) = (unit_cost, currency, author);
        operation
    }
}

fn ledger_kind() -> impl Strategy<Value = LedgerKind> {
    use LedgerKind::{
        Adjust, Decrement, Increment, Modify, Release, Removed, Reserve, Ship, Unknown,
    };
    prop::sample::select(vec![
        Increment, Decrement, Adjust, Modify, Reserve, Release, Ship, Removed, Unknown,
    ])
}

prop_compose! {
    fn ledger_line()(
        (place, on_hand, allocated) in (place(), quantity(), quantity()),
        (condition, lot) in (condition(), option::of(text())),
    ) -> LedgerLine {
        let mut line = LedgerLine::new(place, on_hand, allocated);
        (line.condition, line.lot) = (condition, lot);
        line
    }
}

prop_compose! {
    pub(crate) fn ledger_entry()(
        (sku, number, at, kind) in (sku(), any::<u64>(), moment(), ledger_kind()),
        (op_id, reason, note, author) in
            (option::of(text()), option::of(text()), option::of(text()), option::of(text())),
        (lines, unit_cost) in (vec(ledger_line(), 0..3), option::of(quantity())),
    ) -> LedgerEntry {
        let mut entry = LedgerEntry::new(sku, number, at, kind);
        (entry.op_id, entry.reason, entry.note, entry.author) = (op_id, reason, note, author);
        (entry.lines, entry.unit_cost) = (lines, unit_cost);
        entry
    }
}

prop_compose! {
    pub(crate) fn ledger_query()(
        sku in option::of(sku()), location in option::of(place()), cursor in option::of(text()),
    ) -> LedgerQuery {
        let mut query = LedgerQuery::default().after(cursor.map(Cursor));
        (query.sku, query.location) = (sku, location);
        query
    }
}

pub(crate) fn ledger_check() -> impl Strategy<Value = LedgerCheck> {
    let finding =
        (sku(), any::<u64>()).prop_map(|(sku, number)| LedgerFinding::missing(sku, number));
    (any::<u64>(), any::<u64>(), listing(finding))
        .prop_map(|(articles, entries, findings)| LedgerCheck::new(articles, entries, findings))
}

pub(crate) fn outcome() -> impl Strategy<Value = WriteOutcome> {
    (0..4, text()).prop_map(|(outcome, reason)| match outcome {
        0 => WriteOutcome::Applied,
        1 => WriteOutcome::Accepted,
        2 => WriteOutcome::rejected(reason),
        _ => WriteOutcome::unknown(reason),
    })
}

pub(crate) fn location_change() -> impl Strategy<Value = LocationChange> {
    (0..6, text(), text()).prop_map(|(change, place, name)| match change {
        0 => LocationChange::create(name),
        1 => LocationChange::create_in(place, name),
        2 => LocationChange::rename(place, name),
        3 => LocationChange::remove(place),
        4 => LocationChange::remove_with_stock(place),
        _ => LocationChange::Unknown,
    })
}

pub(crate) fn inbound() -> impl Strategy<Value = InboundRequest> {
    let headers = vec((text(), text()), 0..4);
    (text(), text(), headers, any::<Vec<u8>>(), moment()).prop_map(
        |(method, url, headers, body, at)| {
            InboundRequest::new(method, url, body, at).with_headers(headers)
        },
    )
}

pub(crate) fn inbound_outcome() -> impl Strategy<Value = InboundOutcome> {
    let event = (
        0..4,
        vec(level(), 0..3),
        vec(sku(), 0..3),
        vec(place(), 0..3),
    )
        .prop_map(|(event, levels, skus, locations)| match event {
            0 => InboundEvent::Levels(levels),
            1 => InboundEvent::Hint { skus, locations },
            2 => InboundEvent::ResyncNeeded,
            _ => InboundEvent::Ignored,
        });
    (
        event,
        option::of(text()),
        any::<u16>(),
        text(),
        any::<Vec<u8>>(),
        option::of((moment(), option::of(any::<u64>()))),
    )
        .prop_map(|(event, id, status, kind, body, sent)| {
            let reply = InboundReply::status(status).with_body(kind, body);
            let mut outcome = InboundOutcome::ok(event, id).with_reply(reply);
            outcome.sent_at = sent.map(|(at, _)| at);
            outcome.age_max_ms = sent.and_then(|(_, age_max_ms)| age_max_ms);
            outcome
        })
}

pub(crate) fn error() -> impl Strategy<Value = AdapterError> {
    (0..9, text(), option::of(moment()), any::<u16>()).prop_map(|(kind, text, at, status)| {
        match kind {
            0 => AdapterError::auth(text),
            1 => AdapterError::config(text.clone(), text),
            2 => AdapterError::rate_limited(at, text),
            3 => AdapterError::transient(text),
            4 => AdapterError::upstream(status, text),
            5 => AdapterError::not_found(text),
            6 => AdapterError::unsupported(text),
            7 => AdapterError::protocol(text),
            _ => AdapterError::bug(text),
        }
    })
}

pub(crate) fn http_request() -> impl Strategy<Value = HttpRequest> {
    let auth = (0..6, text(), text(), text()).prop_map(|(auth, one, two, three)| match auth {
        0 => Auth::None,
        1 => Auth::basic(one, two),
        2 => Auth::bearer(one),
        3 => Auth::header(one, two),
        4 => Auth::places([SecretPlace::header(one, two), SecretPlace::json(three, "x")]),
        _ => Auth::client_credentials(one, two, three).in_header("x"),
    });
    let headers = vec((text(), text()), 0..4);
    (
        text(),
        text(),
        headers,
        auth,
        option::of(any::<Vec<u8>>()),
        any::<Option<u64>>(),
    )
        .prop_map(|(method, url, headers, auth, body, timeout_ms)| {
            let mut request = HttpRequest::new(method, url);
            (request.headers, request.auth, request.timeout_ms) = (headers, auth, timeout_ms);
            request.body = body.map_or(http::HttpBody::Empty, http::HttpBody::Bytes);
            request.buckets = vec!["reads".into()];
            request
        })
}

pub(crate) fn entry() -> impl Strategy<Value = Entry> {
    (text(), any::<Vec<u8>>(), any::<u64>())
        .prop_map(|(key, value, version)| Entry::new(key, value, version))
}

pub(crate) fn range() -> impl Strategy<Value = EntryRange> {
    (text(), option::of(text()), any::<usize>()).prop_map(|(prefix, after, limit)| {
        let mut range = EntryRange::prefix(prefix).limit(limit);
        range.after = after;
        range
    })
}

pub(crate) fn write() -> impl Strategy<Value = Write> {
    let expected = (0..3, any::<u64>()).prop_map(|(expected, version)| match expected {
        0 => Expected::Any,
        1 => Expected::Absent,
        _ => Expected::Version(version),
    });
    (text(), option::of(any::<Vec<u8>>()), expected).prop_map(
        |(key, value, expected)| match value {
            Some(value) => Write::put(key, value, expected),
            None => Write::delete(key, expected),
        },
    )
}
