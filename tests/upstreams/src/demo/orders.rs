//! The demo's orders: mostly a few goods, now and then a return, a line without SKU, or postage only.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::Serialize;

use super::catalogue::{ARTICLES, article};

/// Enough for a page that scrolls, few enough to be made in a blink.
const ORDERS: usize = 400;
/// Two demos are alike.
const SEED: u64 = 2026;

/// An order, as the daemon's API takes it.
#[derive(Debug, Serialize)]
pub(super) struct Order {
    pub(super) order_number: String,
    pub(super) lines: Vec<Line>,
}

/// A line of it.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sku: Option<String>,
    pub(super) name: String,
    pub(super) quantity: i64,
}

pub(super) fn make() -> Vec<Order> {
    let mut dice = StdRng::seed_from_u64(SEED);
    (0..ORDERS).map(|number| order(number, &mut dice)).collect()
}

pub(super) fn ndjson(orders: &[Order]) -> String {
    let line =
        |order| serde_json::to_string(order).expect("an order made here can be encoded") + "\n";
    orders.iter().map(line).collect()
}

fn order(number: usize, dice: &mut StdRng) -> Order {
    let goods = if number % 40 == 39 {
        0
    } else {
        dice.random_range(1..=9)
    };
    let mut lines: Vec<Line> = (0..goods).map(|_| line(dice)).collect();
    if number.is_multiple_of(5) || goods == 0 {
        lines.push(Line {
            sku: None,
            name: "Postage".into(),
            quantity: 1,
        });
    }
    Order {
        order_number: format!("D-{:05}", 10_001 + number),
        lines,
    }
}

fn line(dice: &mut StdRng) -> Line {
    // Squared, so that some articles sell far better than others.
    let popular: f64 = dice.random::<f64>().powi(2);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "0..480"
    )]
    let number = (popular * ARTICLES as f64) as usize;
    let (sku, name) = article(number.min(ARTICLES - 1));
    let quantity = if dice.random_ratio(1, 60) {
        -1
    } else {
        dice.random_range(1..=12)
    };
    Line {
        sku: Some(sku),
        name,
        quantity,
    }
}
