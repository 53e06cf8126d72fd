//! A user as pages show them.

use crate::api_key::Role;
use crate::http::console::moment::When;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::id::UserId;
use crate::user::User;

/// A user.
pub(super) struct ShownUser {
    pub(super) id: UserId,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) role_name: String,
    pub(super) made: When,
    pub(super) seen: Option<When>,
    pub(super) is_disabled: bool,
    pub(super) state: Tone,
    /// Whether it is the visitor: the own password has a page, and nobody shuts themselves out by a slip.
    pub(super) is_me: bool,
}

// === impl ShownUser ===

impl ShownUser {
    pub(super) fn of(user: &User, visitor: &Visitor) -> Self {
        let text = visitor.text();
        let (word, class, icon) = match user.disabled_at {
            Some(_) => ("user-disabled", "bad", "close"),
            None => ("user-active", "good", "good"),
        };
        Self {
            id: user.id,
            name: user.name.to_string(),
            role: user.role,
            role_name: text.say(&format!("role-{}", user.role.as_str())),
            made: visitor.when(user.created_at),
            seen: user.last_seen_at.map(|at| visitor.when(at)),
            is_disabled: user.disabled_at.is_some(),
            state: Tone::new(text.say(word), class, icon),
            is_me: user.id == visitor.user.id,
        }
    }
}
