//! What the forms about users hold.

use serde::Deserialize;

use crate::api_key::Role;
use crate::secret::SecretText;

/// Somebody who shall be able to sign in.
#[derive(Debug, Deserialize)]
pub(in crate::http::console) struct NewUser {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) password: SecretText,
}

/// What somebody may do from now on.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(in crate::http::console) struct NewRole {
    pub(super) role: Role,
}

/// What somebody signs in with from now on.
#[derive(Debug, Deserialize)]
pub(in crate::http::console) struct NewPassword {
    pub(super) password: SecretText,
}
