//! An API key as pages show it: never with its secret.

use super::partner::Partner;
use crate::api_key::ApiKey;
use crate::http::console::moment::When;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::id::ApiKeyId;

/// An API key.
pub(super) struct ShownKey {
    pub(super) id: ApiKeyId,
    pub(super) name: String,
    /// The public half.
    pub(super) key: String,
    pub(super) role: String,
    /// What people call the partner; empty for none.
    pub(super) partner: String,
    pub(super) made: When,
    pub(super) used: Option<When>,
    pub(super) expires: Option<When>,
    pub(super) revoked: Option<When>,
    pub(super) state: Tone,
}

// === impl ShownKey ===

impl ShownKey {
    pub(super) fn of(key: &ApiKey, partners: &[Partner], visitor: &Visitor) -> Self {
        let role = format!("role-{}", key.role.as_str());
        let partner = key.partner.as_deref();
        let when = |at| visitor.when(at);
        Self {
            id: key.id,
            name: key.name.clone(),
            key: key.key.clone(),
            role: visitor.text().say(&role),
            partner: partner
                .map(|id| Partner::name_of(partners, id))
                .unwrap_or_default(),
            made: visitor.when(key.created_at),
            used: key.last_used_at.map(when),
            expires: key.expires_at.map(when),
            revoked: key.revoked_at.map(when),
            state: state(key, visitor),
        }
    }
}

fn state(key: &ApiKey, visitor: &Visitor) -> Tone {
    let has_expired = key.expires_at.is_some_and(|end| end <= visitor.now);
    let (word, class, icon) = match key.revoked_at {
        Some(_) => ("key-revoked", "bad", "close"),
        None if has_expired => ("key-expired", "doubt", "clock"),
        None => ("key-usable", "good", "good"),
    };
    Tone::new(visitor.text().say(word), class, icon)
}
