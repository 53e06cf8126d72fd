//! The product's rules on verdicts, each as a table: what is asked and known on the left, the answer on the right.
//! (Which source is asked, and that a location has at most one, is proven with `availability`.)

use proptest::prelude::*;

use super::knowledge::Count;
use super::line::Cause;
use super::unanswered::Unanswered;
use super::*;
use crate::ship_from::Buffer;

const NOW: Timestamp = Timestamp::from_secs(1_000_000);
const MINUTE: Duration = Duration::from_secs(60);

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

fn item(sku: &str, units: &str) -> Item {
    Item {
        sku: Sku::new(sku).unwrap(),
        quantity: quantity(units),
    }
}

fn terms() -> Terms {
    Terms {
        buffer: Buffer::NONE,
        max_age: 15 * MINUTE,
        now: NOW,
        trouble: None,
    }
}

fn available(units: &str) -> Knowledge {
    Knowledge::Counted(count(Some(units), None, None))
}

fn count(available: Option<&str>, on_hand: Option<&str>, allocated: Option<&str>) -> Count {
    Count {
        available: available.map(quantity),
        on_hand: on_hand.map(quantity),
        allocated: allocated.map(quantity),
        incoming: None,
        as_of: NOW,
    }
}

fn not_answered(contact: Option<&str>) -> Trouble {
    Trouble::NotAnswered {
        why: Box::new(Unanswered::TooSlow { waited_ms: 2_000 }),
        contact: contact.map(str::to_owned),
    }
}

fn too_slow() -> Arc<Trouble> {
    Arc::new(not_answered(None))
}

/// One line, asked for five.
fn check(known: Knowledge, verdict: Verdict, status: LineStatus, shown: Option<&str>) {
    let decision = decide(vec![item("A", "5")], vec![known.clone()], &terms());
    let line = &decision.lines[0];
    let found = (decision.verdict, line.status, line.available);
    assert_eq!(found, (verdict, status, shown.map(quantity)), "{known:?}");
    assert_eq!(
        line.cause == Cause::Enough,
        line.reason().is_none(),
        "{known:?}"
    );
}

#[test]
fn rule_3_unknown_is_not_zero_and_each_answer_says_why() {
    use LineStatus::{InStock, NotTracked, OutOfStock, Short, Unavailable, UnknownSku};
    let as_of = NOW;
    check(available("5"), Verdict::CanShip, InStock, Some("5"));
    check(
        available("4.999999"),
        Verdict::Short,
        Short,
        Some("4.999999"),
    );
    check(available("0"), Verdict::Short, OutOfStock, Some("0"));
    check(available("-3"), Verdict::Short, OutOfStock, Some("-3"));
    check(
        Knowledge::NotStocked { as_of },
        Verdict::Short,
        OutOfStock,
        Some("0"),
    );
    check(
        Knowledge::UnknownSku { as_of },
        Verdict::Unknown,
        UnknownSku,
        None,
    );
    check(
        Knowledge::NotTracked { as_of },
        Verdict::Unknown,
        NotTracked,
        None,
    );
    check(
        Knowledge::Ambiguous { as_of },
        Verdict::Unknown,
        Unavailable,
        None,
    );
    check(
        Knowledge::Counted(count(None, None, None)),
        Verdict::Unknown,
        Unavailable,
        None,
    );
    check(
        Knowledge::NotRetrieved(too_slow()),
        Verdict::Unknown,
        Unavailable,
        None,
    );
}

#[test]
fn available_is_the_sources_own_number_or_what_is_on_hand_and_not_promised() {
    let check = |count: Count, shown: &str| {
        let decision = decide(
            vec![item("A", "1")],
            vec![Knowledge::Counted(count)],
            &terms(),
        );
        assert_eq!(
            decision.lines[0].available,
            Some(quantity(shown)),
            "{count:?}"
        );
    };
    check(count(Some("3"), Some("9"), Some("1")), "3");
    check(count(None, Some("9"), Some("4")), "5");
    check(count(None, Some("9"), None), "9");
}

#[test]
fn incoming_stock_is_shown_and_never_counted_on() {
    let coming = Count {
        incoming: Some(quantity("100")),
        ..count(Some("1"), None, None)
    };
    let decision = decide(
        vec![item("A", "5")],
        vec![Knowledge::Counted(coming)],
        &terms(),
    );
    assert_eq!(decision.verdict, Verdict::Short);
    assert_eq!(decision.lines[0].incoming, Some(quantity("100")));
}

#[test]
fn rule_4_every_number_has_its_time_and_an_old_one_is_called_stale() {
    let check = |age: Duration, stale: bool, reason: Option<&str>| {
        let aged = Count {
            as_of: NOW.before(age),
            ..count(Some("5"), None, None)
        };
        let decision = decide(
            vec![item("A", "5")],
            vec![Knowledge::Counted(aged)],
            &terms(),
        );
        let line = &decision.lines[0];
        assert_eq!((line.as_of, line.stale), (Some(aged.as_of), stale));
        assert_eq!(line.reason().as_deref(), reason);
        assert_eq!(
            decision.verdict,
            Verdict::CanShip,
            "an old count is still a count"
        );
        assert_eq!(decision.reason().is_some(), stale, "the order says so too");
    };
    check(Duration::ZERO, false, None);
    check(15 * MINUTE, false, None);
    check(16 * MINUTE, true, Some("stale: as of 1970-01-12T13:30:40Z"));
}

#[test]
fn a_stale_count_says_why_there_is_no_fresher_one() {
    let terms = Terms {
        trouble: Some(too_slow()),
        ..terms()
    };
    let at = |as_of| {
        Knowledge::Counted(Count {
            as_of,
            ..count(Some("2"), None, None)
        })
    };
    let known = vec![at(NOW.before(20 * MINUTE)), at(NOW)];
    let decision = decide(vec![item("old", "5"), item("new", "5")], known, &terms);
    let reasons: Vec<_> = decision
        .lines
        .iter()
        .map(|line| line.reason().unwrap())
        .collect();
    assert_eq!(
        reasons,
        [
            "5 needed, 2 available; stale: as of 1970-01-12T13:26:40Z, and the other system did not answer within 2000 ms",
            "5 needed, 2 available",
        ]
    );
}

#[test]
fn rule_8_required_is_summed_per_sku() {
    let check = |asked: &[(&str, &str)], there: &str, verdict: Verdict, required: &[&str]| {
        let items: Vec<Item> = asked.iter().map(|(sku, units)| item(sku, units)).collect();
        let known = items.iter().map(|_| available(there)).collect();
        let decision = decide(items, known, &terms());
        let sums: Vec<_> = decision
            .lines
            .iter()
            .map(|line| line.required.to_string())
            .collect();
        assert_eq!(
            (decision.verdict, sums),
            (verdict, required.iter().map(ToString::to_string).collect())
        );
    };
    check(
        &[("A", "3"), ("A", "3")],
        "6",
        Verdict::CanShip,
        &["6", "6"],
    );
    check(
        &[("A", "3"), ("B", "3"), ("A", "3")],
        "5",
        Verdict::Short,
        &["6", "3", "6"],
    );
    check(
        &[("A", "3"), ("a", "3")],
        "3",
        Verdict::CanShip,
        &["3", "3"],
    );
    check(
        &[("A", "0.5"), ("A", "0.5")],
        "0.999999",
        Verdict::Short,
        &["1", "1"],
    );
}

#[test]
fn rule_8_an_order_with_no_goods_has_nothing_that_keeps_it_from_shipping_and_says_so() {
    let decision = decide(Vec::new(), Vec::new(), &terms());
    assert_eq!(decision.verdict, Verdict::CanShip);
    assert_eq!(
        decision.reason().as_deref(),
        Some("nothing on it has to be in stock")
    );
}

#[test]
fn an_order_with_a_line_nobody_could_read_is_never_called_complete() {
    let check = |there: &str, unreadable: usize, verdict: Verdict, reason: Option<&str>| {
        let decision = decide(vec![item("A", "5")], vec![available(there)], &terms());
        let decision = decision.with_unreadable(unreadable);
        assert_eq!(
            (decision.verdict, decision.reason().as_deref()),
            (verdict, reason)
        );
    };
    let told = Some("the order is not complete: lines refused on import: 2");
    check("9", 0, Verdict::CanShip, None);
    check("9", 2, Verdict::Unknown, told);
    check("1", 2, Verdict::Short, Some("short of `A`"));
    let nothing_else = decide(Vec::new(), Vec::new(), &terms()).with_unreadable(2);
    assert_eq!(
        (nothing_else.verdict, nothing_else.reason().as_deref()),
        (Verdict::Unknown, told)
    );
}

#[test]
fn short_beats_unknown_and_unknown_beats_enough() {
    let check = |known: &[Knowledge], verdict: Verdict, reason: Option<&str>| {
        let items = (0..known.len())
            .map(|n| item(&format!("S{n}"), "5"))
            .collect();
        let decision = decide(items, known.to_vec(), &terms());
        assert_eq!(
            (decision.verdict, decision.reason().as_deref()),
            (verdict, reason)
        );
    };
    let enough = available("9");
    let few = available("1");
    let unlisted = Knowledge::UnknownSku { as_of: NOW };
    let silent = Knowledge::NotRetrieved(too_slow());
    check(&[enough.clone(), enough.clone()], Verdict::CanShip, None);
    check(
        &[enough.clone(), unlisted.clone()],
        Verdict::Unknown,
        Some("no count for `S1`"),
    );
    check(
        &[unlisted, few.clone()],
        Verdict::Short,
        Some("short of `S1`"),
    );
    check(
        &[few.clone(), few.clone(), few.clone(), few],
        Verdict::Short,
        Some("short of `S0`, `S1`, `S2` and 1 more"),
    );
    check(
        &[silent.clone(), silent.clone()],
        Verdict::Unknown,
        Some("stock could not be retrieved: the other system did not answer within 2000 ms"),
    );
    check(
        &[enough, silent],
        Verdict::Unknown,
        Some("no count for `S1`"),
    );
}

#[test]
fn a_buffer_is_kept_back_and_never_makes_a_count_look_oversold() {
    let check = |there: &str, buffer: &str, shown: &str, verdict: Verdict, reason: Option<&str>| {
        let terms = Terms {
            buffer: buffer.parse().unwrap(),
            ..terms()
        };
        let decision = decide(vec![item("A", "5")], vec![available(there)], &terms);
        let line = &decision.lines[0];
        assert_eq!(
            (line.available, decision.verdict),
            (Some(quantity(shown)), verdict)
        );
        assert_eq!(line.reason().as_deref(), reason);
    };
    check("7", "2", "5", Verdict::CanShip, None);
    check("6", "10%", "5", Verdict::CanShip, None);
    check(
        "6",
        "2",
        "4",
        Verdict::Short,
        Some("5 needed, 4 available, 2 kept back as buffer"),
    );
    check(
        "3",
        "4",
        "0",
        Verdict::Short,
        Some("5 needed, none available, 3 kept back as buffer"),
    );
    check(
        "0",
        "4",
        "0",
        Verdict::Short,
        Some("5 needed, none available"),
    );
    check(
        "-1",
        "4",
        "-1",
        Verdict::Short,
        Some("5 needed, none available: the source has promised 1 more than it has"),
    );
}

#[test]
fn rule_10_trouble_of_every_kind_is_told_with_what_to_do() {
    let text = |text: &str| text.to_owned();
    let check = |trouble: Trouble, reason: &str, advice: &str| {
        let known = Knowledge::NotRetrieved(Arc::new(trouble));
        let decision = decide(vec![item("A", "1")], vec![known], &terms());
        assert_eq!(decision.verdict, Verdict::Unknown);
        assert_eq!(
            decision.reason().unwrap(),
            format!("stock could not be retrieved: {reason}")
        );
        let told = decision.advice().unwrap();
        assert!(told.starts_with(advice), "{told}");
    };
    check(
        Trouble::NoSource {
            ship_from: text("Berlin"),
        },
        "no inventory source is linked to ship-from location `Berlin`",
        "check that an inventory source is linked to ship-from location `Berlin`",
    );
    check(
        Trouble::SourceClosed {
            source: text("West"),
        },
        "inventory source `West` is no longer there in its own system",
        "open `West` again in its own system",
    );
    check(
        Trouble::NotListedYet {
            source: text("West"),
        },
        "inventory source `West` has not been listed completely yet",
        "wait for the first sync",
    );
    check(
        Trouble::NoShipFrom,
        "no ship-from location is named and there is no default one",
        "choose a ship-from location on the order",
    );
    check(
        Trouble::ShipFromGone,
        "the ship-from location that the order names is no longer there",
        "choose another ship-from location",
    );
    check(
        Trouble::StoreUnavailable,
        "the daemon's database does not answer",
        "look at the daemon's log",
    );
    check(
        not_answered(Some("Acme support (https://acme.example/help)")),
        "the other system did not answer within 2000 ms",
        "look again in a moment; Acme support (https://acme.example/help) can help",
    );
}

#[test]
fn whom_to_ask_is_told_as_far_as_it_is_known() {
    let check = |name: &str, url: &str, email: &str, expected: Option<&str>| {
        let mut support = bestand_plugin_api::Support::named(name).with_url(url);
        support.email = email.into();
        assert_eq!(explain::contact(&support).as_deref(), expected);
    };
    check(
        "Acme",
        "https://acme.example",
        "help@acme.example",
        Some("Acme (https://acme.example, help@acme.example)"),
    );
    check("Acme", "", "", Some("Acme"));
    check("", "", "help@acme.example", Some("help@acme.example"));
    check("", "", "", None);
}

fn any_knowledge() -> impl Strategy<Value = Knowledge> {
    prop_oneof![
        4 => (-20i64..60).prop_map(|units| available(&units.to_string())),
        1 => Just(Knowledge::NotTracked { as_of: NOW }),
        1 => Just(Knowledge::NotStocked { as_of: NOW }),
        1 => Just(Knowledge::UnknownSku { as_of: NOW }),
        1 => Just(Knowledge::NotRetrieved(too_slow())),
    ]
}

/// Up to twelve lines over four articles, with the same knowledge wherever the same article is asked.
fn any_order() -> impl Strategy<Value = (Vec<Item>, Vec<Knowledge>)> {
    let lines = prop::collection::vec((0..4usize, 1i64..20), 0..12);
    (lines, prop::collection::vec(any_knowledge(), 4)).prop_map(|(lines, known)| {
        lines
            .into_iter()
            .map(|(at, units)| {
                (
                    item(&format!("S{at}"), &units.to_string()),
                    known[at].clone(),
                )
            })
            .unzip()
    })
}

proptest! {
    #[test]
    fn an_order_can_ship_only_when_every_article_has_a_count_that_covers_its_sum((items, known) in any_order()) {
        let covered = items.iter().zip(&known).all(|(asked, known)| {
            let sum: Quantity = items.iter().filter(|other| other.sku == asked.sku).map(|other| other.quantity).sum();
            matches!(known, Knowledge::Counted(count) if count.available.unwrap() >= sum)
        });
        let decision = decide(items, known, &terms());
        prop_assert_eq!(decision.verdict == Verdict::CanShip, covered);
    }

    #[test]
    fn the_order_of_the_lines_changes_nothing((items, known) in any_order()) {
        let reversed = decide(items.iter().rev().cloned().collect(), known.iter().rev().cloned().collect(), &terms());
        let mut decision = decide(items, known, &terms());
        decision.lines.reverse();
        prop_assert_eq!(decision, reversed);
    }

    #[test]
    fn more_stock_never_makes_an_answer_worse(there in -20i64..60, more in 0i64..40, buffer in 0i64..10) {
        let terms = Terms { buffer: Buffer::Units(Quantity::units(buffer)), ..terms() };
        let verdict = |units: i64| {
            decide(vec![item("A", "5")], vec![available(&units.to_string())], &terms).verdict == Verdict::CanShip
        };
        prop_assert!(!verdict(there) || verdict(there + more));
    }
}
