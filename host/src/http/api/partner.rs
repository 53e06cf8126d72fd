//! What a partner pushes, with a key that was made for it: levels, and the places where they lie.

pub mod levels;
pub mod locations;

mod level;
mod report;

use crate::activity::{EventKind, Subject};
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::problem::{Kind, Problem};
use crate::partner::Push;

/// Begins a push of the partner whom the caller's key was made for.
async fn begin(parts: &Parts, caller: &Caller) -> Result<Push, Problem> {
    let Some(partner) = &caller.0.partner else {
        let detail = "only a key that was made for a partner pushes that partner's levels; make one with the role \
            `partner` and the partner's name";
        return Err(Problem::new(Kind::Forbidden, detail));
    };
    let partners = &parts.partners;
    let mut push = partners
        .begin(caller.0.account_id, partner, &caller.0.name)
        .await?;
    if let Some(made) = push.take_made() {
        let made = caller.did(EventKind::ConnectionMade, Subject::connection(&made));
        parts.activity.note(made);
    }
    Ok(push)
}
