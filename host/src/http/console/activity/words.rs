//! Why something happened, and what to do about it, as it was noted with the event.

use serde::de::DeserializeOwned;

use crate::activity::{Event, EventKind};
use crate::connection::advice::Advice;
use crate::connection::reason::Reason;
use crate::http::console::explain;
use crate::http::console::explain::told::Told;
use crate::http::console::text::Text;
use crate::http::console::visitor::Visitor;

/// What was said about an event; what was noted as text alone is quoted.
pub(super) fn of(event: &Event, visitor: &Visitor) -> Vec<Told> {
    let text = visitor.text();
    let why = kept::<Reason>(event, "why").map(|why| explain::connection::reason(&why, text));
    let how = kept::<Advice>(event, "how");
    let how = how.map(|how| Told::new(explain::connection::advice(&how, visitor)));
    let said = |name: &str| Some(said(event.kind, event.details.get(name)?.as_str()?, text));
    let words = [
        why.or_else(|| said("reason")),
        how.or_else(|| said("advice")),
    ];
    words.into_iter().flatten().collect()
}

/// What was noted by its kind, in words that this release knows.
fn kept<T: DeserializeOwned>(event: &Event, name: &str) -> Option<T> {
    serde_json::from_value(event.details.get(name)?.clone()).ok()
}

fn said(kind: EventKind, words: &str, text: Text) -> Told {
    match (kind, words) {
        (EventKind::UserRefused, "wrong") => Told::new(text.say("sign-in-wrong")),
        (EventKind::UserRefused, "disabled") => Told::new(text.say("refused-disabled")),
        (_, words) => Told::quoting("", words),
    }
}
