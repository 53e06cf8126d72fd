//! What tools that speak ShipStation's APIs need beside ours: [`number`]s as ids, [`order`]s as they were sent, and pages of [`product`]s.

pub mod number;
pub mod order;
pub mod product;

/// A pattern in which nothing of the text is a wildcard.
fn pattern(before: &str, text: &str) -> String {
    let lower = text.to_lowercase();
    let plain = lower
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("{before}{plain}%")
}
