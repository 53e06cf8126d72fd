//! What is wrong with a user's name, password or role, in the visitor's language, beside the field that it belongs to.

use super::form::Faults;
use super::text::Text;
use crate::http::problem::Problem;
use crate::user::{InvalidUserName, USERS_PER_ACCOUNT_MAX, UserError, WeakPassword};

/// Why a text is no name.
pub(super) fn name(error: InvalidUserName, text: Text) -> String {
    text.say(match error {
        InvalidUserName::Empty | InvalidUserName::TooLong => "user-name-invalid",
        InvalidUserName::Unseen => "user-name-unseen",
    })
}

/// Why a password is not taken.
pub(super) fn password(error: WeakPassword, text: Text) -> String {
    text.say(match error {
        WeakPassword::TooShort => "password-too-short",
        WeakPassword::TooLong => "password-too-long",
        WeakPassword::IsName => "password-is-name",
        WeakPassword::Common => "password-common",
    })
}

/// Why something was not done, for a form whose field of a new password is `password_field`. What no form can help is
/// the error.
pub(super) fn faults(
    error: UserError,
    password_field: &str,
    text: Text,
) -> Result<Faults, Problem> {
    Ok(match error {
        UserError::Name(error) => Faults::one("name", name(error, text)),
        UserError::NameTaken => Faults::one("name", text.say("user-name-taken")),
        UserError::Password(error) => Faults::one(password_field, password(error, text)),
        UserError::WrongPassword => Faults::one("old", text.say("password-wrong")),
        UserError::PartnerRole => Faults::one("role", text.say("user-role-partner")),
        UserError::LastAdmin => Faults::one("", text.say("user-last-admin")),
        UserError::TooMany => Faults::one("", text.count("user-too-many", USERS_PER_ACCOUNT_MAX)),
        UserError::Throttled { retry_after } => {
            let secs = retry_after.as_secs().max(1);
            Faults::one("", text.count("sign-in-throttled", secs))
        }
        UserError::Store(error) => return Err(error.into()),
    })
}
