//! Inventory variances: the only way stock on hand is changed. **Invariant:** there is no idempotency; what is posted
//! twice is done twice.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::book::{Book, RowKey};
use super::units::Units;

pub(crate) const FIELDS: &[&str] = &[
    "physicalInventoryId",
    "physicalInventoryUrl",
    "physicalInventoryTypeId",
    "physicalInventoryDate",
    "statusId",
    "facilityUrl",
    "generalComments",
    "createdDate",
    "lastUpdatedDate",
    "inventoryItemVarianceList",
    "actionUrlCommit",
    "actionUrlCancel",
];

/// A stock change or a stock take at one sublocation.
#[derive(Debug)]
pub(crate) struct Variance {
    pub(crate) id: u32,
    kind: Kind,
    status: Status,
    facility: u32,
    date: Option<String>,
    comments: Option<String>,
    created: Timestamp,
    pub(crate) last_updated: Timestamp,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    /// A relative change of one product.
    Single,
    /// A relative change of a batch.
    Facility,
    /// An absolute count, which is a draft until it is committed.
    FacilityCount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Status {
    #[serde(rename = "PHSCL_INV_INPUT")]
    Input,
    #[serde(rename = "PHSCL_INV_COMMITTED")]
    Committed,
    #[serde(rename = "PHSCL_INV_CANCELLED")]
    Cancelled,
}

#[derive(Debug)]
struct Line {
    key: RowKey,
    reason: Option<String>,
    amount: Amount,
}

#[derive(Clone, Copy, Debug)]
enum Amount {
    By(Units),
    To(Units),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    status_id: Status,
    physical_inventory_type_id: Option<Kind>,
    physical_inventory_date: Option<String>,
    facility_url: String,
    general_comments: Option<String>,
    inventory_item_variance_list: Vec<BodyLine>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BodyLine {
    product_url: String,
    facility_url: String,
    lot_id: Option<String>,
    normalized_packing_string: Option<String>,
    variance_reason_id: Option<String>,
    quantity_on_hand_var: Option<Value>,
    quantity_on_hand_count: Option<Value>,
}

impl Variance {
    /// Reads a posted variance; the error is what Finale says with its 400.
    pub(crate) fn parse(body: &[u8], id: u32, book: &Book, now: Timestamp) -> Result<Self, String> {
        let body: Body = serde_json::from_slice(body)
            .map_err(|error| format!("cannot read the variance: {error}"))?;
        let kind = body
            .physical_inventory_type_id
            .ok_or("physicalInventoryTypeId is required")?;
        let (facility, found) = book
            .facility_of_url(&body.facility_url)
            .ok_or_else(|| format!("there is no facility {}", body.facility_url))?;
        if found.parent.is_none() {
            return Err(format!(
                "facility {} is not a sublocation",
                body.facility_url
            ));
        }
        if kind == Kind::FacilityCount && body.status_id != Status::Input {
            return Err("a stock take is created as PHSCL_INV_INPUT and then committed".to_owned());
        }
        if body.status_id == Status::Cancelled {
            return Err("a variance cannot be created as cancelled".to_owned());
        }
        let count = body.inventory_item_variance_list.len();
        if count == 0 || (kind == Kind::Single && count > 1) {
            return Err(format!("inventoryItemVarianceList has {count} items"));
        }
        let lines = body
            .inventory_item_variance_list
            .into_iter()
            .map(|line| Line::parse(line, kind, &body.facility_url, facility, book))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            id,
            kind,
            status: body.status_id,
            facility,
            date: body.physical_inventory_date,
            comments: body.general_comments,
            created: now,
            last_updated: now,
            lines,
        })
    }

    /// Does what the variance says, if it is committed.
    pub(crate) fn apply(&self, book: &mut Book) {
        if self.status != Status::Committed {
            return;
        }
        for line in &self.lines {
            let by = match line.amount {
                Amount::By(by) => by,
                Amount::To(count) => count - book.on_hand(&line.key),
            };
            book.change_on_hand(line.key.clone(), by);
        }
    }

    /// `commit` or `cancel` of a draft; the error is what Finale says with its 400.
    pub(crate) fn act(
        &mut self,
        action: &str,
        book: &mut Book,
        now: Timestamp,
    ) -> Result<(), String> {
        if self.status != Status::Input {
            return Err(format!("the variance is {} already", self.status.id()));
        }
        self.status = match action {
            "commit" => Status::Committed,
            "cancel" => Status::Cancelled,
            other => return Err(format!("there is no action `{other}`")),
        };
        self.last_updated = now;
        self.apply(book);
        Ok(())
    }

    /// The cells in the order of [`FIELDS`].
    pub(crate) fn cells(&self, book: &Book) -> Vec<Value> {
        let url = book.url("inventoryvariance", self.id);
        let action = |name| {
            if self.status == Status::Input {
                json!(format!("{url}/{name}"))
            } else {
                Value::Null
            }
        };
        vec![
            json!(self.id.to_string()),
            json!(url),
            json!(self.kind.id()),
            json!(self.date),
            json!(self.status.id()),
            json!(book.url("facility", self.facility)),
            json!(self.comments),
            json!(date(self.created)),
            json!(date(self.last_updated)),
            self.lines.iter().map(|line| line.to_json(book)).collect(),
            action("commit"),
            action("cancel"),
        ]
    }
}

impl Line {
    fn parse(
        line: BodyLine,
        kind: Kind,
        facility_url: &str,
        facility: u32,
        book: &Book,
    ) -> Result<Self, String> {
        if line.facility_url != facility_url {
            return Err(format!(
                "facilityUrl {} differs from the variance's",
                line.facility_url
            ));
        }
        let product = book
            .product_of_url(&line.product_url)
            .ok_or_else(|| format!("there is no product {}", line.product_url))?;
        let (name, value) = match kind {
            Kind::FacilityCount => ("quantityOnHandCount", line.quantity_on_hand_count),
            Kind::Single | Kind::Facility => ("quantityOnHandVar", line.quantity_on_hand_var),
        };
        let units = value
            .as_ref()
            .and_then(Units::from_json)
            .ok_or_else(|| format!("{name} is not a number"))?;
        Ok(Self {
            key: RowKey {
                product: product.part.clone(),
                facility,
                lot: line.lot_id.filter(|lot| !lot.is_empty()),
                packing: line
                    .normalized_packing_string
                    .filter(|packing| !packing.is_empty()),
                order: None,
            },
            reason: line.variance_reason_id,
            amount: if kind == Kind::FacilityCount {
                Amount::To(units)
            } else {
                Amount::By(units)
            },
        })
    }

    fn to_json(&self, book: &Book) -> Value {
        let (name, units) = match self.amount {
            Amount::By(units) => ("quantityOnHandVar", units),
            Amount::To(units) => ("quantityOnHandCount", units),
        };
        json!({
            "productUrl": book.url("product", &self.key.product),
            "facilityUrl": book.url("facility", self.key.facility),
            "lotId": self.key.lot,
            "normalizedPackingString": self.key.packing,
            "varianceReasonId": self.reason,
            (name): units,
        })
    }
}

impl Kind {
    fn id(self) -> &'static str {
        match self {
            Kind::Single => "SINGLE",
            Kind::Facility => "FACILITY",
            Kind::FacilityCount => "FACILITY_COUNT",
        }
    }
}

impl Status {
    fn id(self) -> &'static str {
        match self {
            Status::Input => "PHSCL_INV_INPUT",
            Status::Committed => "PHSCL_INV_COMMITTED",
            Status::Cancelled => "PHSCL_INV_CANCELLED",
        }
    }
}

/// A date as Finale writes it.
pub(crate) fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
