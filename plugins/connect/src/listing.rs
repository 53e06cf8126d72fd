//! The full listing: `/inventory_fetch` without criteria, page by page, by the module's own cursor.

use bestand_plugin_api::{
    AdapterError, CURSOR_BYTES_MAX, Ctx, Cursor, Listing, Result, StockLevel, StockListing,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Connect;
use crate::answer::Next;
use crate::client::Answered;
use crate::contract::{Criteria, Fetch};
use crate::level::levels;

/// Where a listing goes on.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Position {
    /// The module's cursor; none while it prepares the first page.
    after: Option<String>,
}

impl StockListing for Connect {
    async fn list_stock(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        let position: Option<Position> = cursor.as_ref().map(read).transpose()?;
        let after = position.and_then(|position| position.after);
        let Answered { sent_at, answer } = self
            .page(ctx, Criteria::default(), after.as_deref())
            .await?;
        let items = levels(&answer.items, sent_at);
        Ok(match answer.next {
            Next::Done => Listing::done(items),
            Next::Page(next) => {
                let position = Position { after: Some(next) };
                Listing::page(items, written(&position)?)
            }
            Next::Later(wait, next) => {
                let after = next.or(after);
                Listing::pending(wait, written(&Position { after })?)
            }
        })
    }
}

impl Connect {
    /// One page of what the criteria name.
    ///
    /// # Errors
    /// `NotFound` when the module refuses the cursor: whatever was listed starts over.
    pub(crate) async fn page(
        &self,
        ctx: &Ctx,
        criteria: Criteria<'_>,
        after: Option<&str>,
    ) -> Result<Answered> {
        let fetch = Fetch {
            cursor: after,
            criteria,
        };
        let answered = match self.client.fetch(ctx, fetch).await {
            Err(failure) if failure.is_bad_request() && after.is_some() => {
                let refusal = AdapterError::from(failure).message;
                let message = format!("the module does not go on from its cursor: {refusal}");
                return Err(AdapterError::not_found(message));
            }
            answered => answered?,
        };
        match &answered.answer.next {
            Next::Page(next) if Some(next.as_str()) == after => Err(AdapterError::protocol(
                "the module does not move on: it gave the same cursor twice",
            )),
            _ => Ok(answered),
        }
    }
}

/// What a cursor of ours holds.
///
/// # Errors
/// `NotFound` for one that is none.
pub(crate) fn read<T: DeserializeOwned>(cursor: &Cursor) -> Result<T> {
    serde_json::from_str(&cursor.0).map_err(|error| {
        AdapterError::not_found(format!("the cursor is of another release: {error}"))
    })
}

/// A cursor that holds this, with the module's own inside.
///
/// # Errors
/// `Protocol` when that is too large to be kept.
pub(crate) fn written(position: &impl Serialize) -> Result<Cursor> {
    let text = serde_json::to_string(position)
        .map_err(|error| AdapterError::bug(format!("cannot encode a cursor: {error}")))?;
    match text.len() > CURSOR_BYTES_MAX {
        true => Err(AdapterError::protocol(format!(
            "what must be kept between two pages of the module is larger than {CURSOR_BYTES_MAX} bytes"
        ))),
        false => Ok(Cursor(text)),
    }
}
