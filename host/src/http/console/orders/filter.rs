//! Which orders the grid shows; it lives in the address, so that it can be kept and shared.

use serde::Deserialize;

use crate::daemon::Parts;
use crate::http::api::orders::place::PlaceKey;
use crate::http::console::address;
use crate::http::paging::Cursor;
use crate::http::problem::Problem;
use crate::id::{AccountId, ShipFromId};
use crate::order::OrderStatus;
use crate::search::SearchText;
use crate::store;
use crate::store::order::{Filter, Sequence, ShipsFrom};
use crate::verdict::Verdict;

/// The filter as the address has it; a field that is left empty is open.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http::console) struct FilterQuery {
    pub(super) status: String,
    pub(super) verdict: String,
    pub(super) ship_from: String,
    pub(super) search: String,
    pub(super) sequence: String,
    pub(super) cursor: Option<Cursor<PlaceKey>>,
    /// `csv` for all of them as a file.
    pub(super) format: String,
}

/// The status of orders nobody has asked for another of: what is still to be shipped.
const STATUS_DEFAULT: &str = "awaiting_shipment";
/// Every status.
const ALL: &str = "all";

// === impl FilterQuery ===

impl FilterQuery {
    pub(super) fn status(&self) -> &str {
        match self.status.as_str() {
            "" => STATUS_DEFAULT,
            status => status,
        }
    }

    pub(super) fn verdict(&self) -> Option<Verdict> {
        Verdict::find(&self.verdict)
    }

    /// Whether it leaves out anything but what is no longer to be shipped.
    pub(super) fn is_open(&self) -> bool {
        [&self.verdict, &self.ship_from, &self.search]
            .iter()
            .all(|field| field.is_empty())
            && self.status() == STATUS_DEFAULT
    }

    pub(super) async fn to_filter(
        &self,
        parts: &Parts,
        account: AccountId,
    ) -> Result<Filter, Problem> {
        let status: Option<OrderStatus> = match self.status() {
            ALL => None,
            status => status.parse().ok(),
        };
        let id: Option<ShipFromId> = self.ship_from.parse().ok();
        let ship_from = match id {
            Some(id) => store::ship_from::find(&parts.db, account, id)
                .await?
                .map(|location| ShipsFrom {
                    id,
                    is_default: location.is_default,
                }),
            None => None,
        };
        let search = SearchText::read(&self.search);
        let search = search.map_err(|error| Problem::field("search", error.to_string()))?;
        let sequence = match self.sequence.as_str() {
            "newest" => Sequence::NewestFirst,
            _ => Sequence::OldestFirst,
        };
        Ok(Filter {
            status,
            ship_from,
            sequence,
            search,
        })
    }

    /// The same filter at another place of the list.
    pub(super) fn address(&self, cursor: Option<&str>) -> String {
        let fields = [
            ("status", self.status.as_str()),
            ("verdict", &self.verdict),
            ("ship_from", &self.ship_from),
            ("search", &self.search),
            ("sequence", &self.sequence),
            ("cursor", cursor.unwrap_or_default()),
        ];
        address::with_query("/orders", fields)
    }
}
