//! The scalar fields of a product, those of the account's facilities among them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::book::{Book, Product, Totals};
use super::super::units::Units;
use super::super::variance::date;

/// What a field of a product shows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field {
    ProductId,
    ProductUrl,
    Description,
    Status,
    RecordLastUpdated,
    /// Everywhere, or at one facility.
    Stock {
        measure: Measure,
        facility: Option<u32>,
    },
}

/// Finale's own derived numbers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Measure {
    OnHand,
    Reserved,
    OnOrder,
    RemainingAfterReservations,
    AvailableToPromise,
}

/// Every field of a product by its name.
pub(super) fn fields(book: &Book) -> BTreeMap<String, Field> {
    let plain = [
        ("productId", Field::ProductId),
        ("productUrl", Field::ProductUrl),
        ("description", Field::Description),
        ("status", Field::Status),
        ("recordLastUpdated", Field::RecordLastUpdated),
    ];
    let mut fields: BTreeMap<String, Field> =
        plain.map(|(name, field)| (name.to_owned(), field)).into();
    for measure in Measure::ALL {
        fields.insert(
            measure.total_name().to_owned(),
            Field::Stock {
                measure,
                facility: None,
            },
        );
    }
    for (id, _) in book
        .facilities()
        .iter()
        .filter(|(_, facility)| facility.stock_columns)
    {
        for measure in Measure::COLUMNS {
            let name = format!(
                "{}{}",
                measure.column_prefix(),
                capitalised_suffix(book, *id)
            );
            fields.insert(
                name,
                Field::Stock {
                    measure,
                    facility: Some(*id),
                },
            );
        }
    }
    fields
}

/// The facility's URL without slashes, with its first letter upper-cased.
fn capitalised_suffix(book: &Book, facility: u32) -> String {
    let plain: String = book
        .url("facility", facility)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let (first, rest) = plain.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

impl Field {
    /// The value that `formatter: "none"` shows.
    pub(super) fn raw(self, book: &Book, product: &Product) -> Value {
        match self {
            Field::ProductId => json!(product.id),
            Field::ProductUrl => json!(book.url("product", &product.part)),
            Field::Description => json!((!product.title.is_empty()).then_some(&product.title)),
            Field::Status => json!(product.status_id()),
            Field::RecordLastUpdated => json!(date(product.last_updated)),
            Field::Stock { measure, facility } => measure.of(book.totals(product, facility)),
        }
    }
}

impl Measure {
    const ALL: [Measure; 5] = [
        Measure::OnHand,
        Measure::Reserved,
        Measure::OnOrder,
        Measure::RemainingAfterReservations,
        Measure::AvailableToPromise,
    ];
    /// Those that facilities have columns for.
    const COLUMNS: [Measure; 3] = [Measure::OnHand, Measure::Reserved, Measure::OnOrder];

    fn total_name(self) -> &'static str {
        match self {
            Measure::OnHand => "stockQuantityOnHandUnits",
            Measure::Reserved => "stockReservationsUnits",
            Measure::OnOrder => "stockOnOrderUnits",
            Measure::RemainingAfterReservations => "stockRemainingAfterReservationsUnits",
            Measure::AvailableToPromise => "stockAvailableToPromiseUnits",
        }
    }

    fn column_prefix(self) -> &'static str {
        match self {
            Measure::OnHand => "stockColumnQuantityOnHandUnits",
            Measure::Reserved => "stockColumnReservationsUnits",
            Measure::OnOrder => "stockColumnOnOrderUnits",
            Measure::RemainingAfterReservations => "stockColumnRemainingAfterReservationsUnits",
            Measure::AvailableToPromise => "stockColumnAvailableToPromiseUnits",
        }
    }

    /// Null where there is no row at all, as Finale leaves such a cell empty.
    fn of(self, totals: Totals) -> Value {
        let units: Units = match self {
            Measure::OnHand => totals.on_hand,
            Measure::Reserved => totals.reserved,
            Measure::OnOrder => totals.on_order,
            Measure::RemainingAfterReservations => totals.on_hand - totals.reserved,
            Measure::AvailableToPromise => totals.on_hand - totals.reserved + totals.on_order,
        };
        if totals.any {
            units.to_json()
        } else {
            Value::Null
        }
    }
}
