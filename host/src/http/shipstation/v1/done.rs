//! What the older API answers when there is nothing to show.

use serde::Serialize;

use crate::http::json::Json;

/// It is done.
#[derive(Debug, Serialize)]
pub(super) struct Done {
    success: bool,
    message: String,
}

/// It is done, and this is what.
pub(super) fn done(message: impl Into<String>) -> Json<Done> {
    Json(Done {
        success: true,
        message: message.into(),
    })
}
