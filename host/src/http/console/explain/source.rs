//! Why a source's counts cannot be relied on, and why a heading has no sources.

use super::connection;
use super::told::Told;
use crate::http::api::missing::WhyMissing;
use crate::http::console::text::Text;
use crate::http::console::visitor::Visitor;
use crate::source::trouble::Trouble;

/// Why a source's counts cannot be relied on.
pub(in crate::http::console) fn reason(trouble: &Trouble, text: Text) -> Told {
    match trouble {
        Trouble::Closed => Told::new(text.say("source-closed-why")),
        Trouble::NotRead => Told::new(text.say("source-not-read-why")),
        Trouble::Stopped => Told::new(text.say("source-stopped-why")),
        Trouble::Connection(trouble) => connection::reason(&trouble.reason, text),
    }
}

/// What to do about it.
pub(in crate::http::console) fn advice(trouble: &Trouble, visitor: &Visitor) -> String {
    match trouble {
        Trouble::Closed => visitor.text().say("source-closed-do"),
        Trouble::NotRead => visitor.text().say("source-not-read-do"),
        Trouble::Stopped => visitor.text().say("source-stopped-do"),
        Trouble::Connection(trouble) => connection::advice(&trouble.advice, visitor),
    }
}

/// Why there are no sources under the heading of `adapter`.
pub(in crate::http::console) fn why_missing(why: &WhyMissing, adapter: &str, text: Text) -> Told {
    match why {
        WhyMissing::NoAdapter(_) => Told::new(text.name("missing-no-adapter", adapter)),
        WhyMissing::NotConnected => Told::new(text.say("missing-not-connected")),
        WhyMissing::NothingPushed => Told::new(text.say("missing-nothing-pushed")),
        WhyMissing::Connection { name, trouble } => {
            let intro = text.name("missing-connection", name);
            connection::reason(&trouble.reason, text).after(&intro)
        }
        WhyMissing::NoPlaceNamed => Told::new(text.say("missing-no-place")),
    }
}

/// What to do about that.
pub(in crate::http::console) fn missing_advice(why: &WhyMissing, visitor: &Visitor) -> Told {
    let text = visitor.text();
    match why {
        WhyMissing::NoAdapter(why) => connection::no_adapter(why, text),
        WhyMissing::NotConnected => Told::new(text.say("missing-not-connected-do")),
        WhyMissing::NothingPushed => Told::new(text.say("missing-nothing-pushed-do")),
        WhyMissing::Connection { trouble, .. } => {
            Told::new(connection::advice(&trouble.advice, visitor))
        }
        WhyMissing::NoPlaceNamed => Told::new(text.say("missing-no-place-do")),
    }
}
