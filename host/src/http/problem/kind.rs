//! The sorts of problem there are: a closed set that clients program against.

use axum::http::StatusCode;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $status:ident, $slug:literal, $title:literal;)+) => {
        /// A sort of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $name,)+
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self {
                    $(Self::$name => StatusCode::$status,)+
                }
            }

            /// The last part of its URI.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self {
                    $(Self::$name => $slug,)+
                }
            }

            /// What people call it.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)+
                }
            }
        }
    };
}

kinds! {
    /// The request cannot be read at all.
    Malformed = BAD_REQUEST, "malformed", "The request cannot be read";
    /// No credentials, or none that open anything.
    Unauthenticated = UNAUTHORIZED, "unauthenticated", "The request carries no valid credentials";
    /// The credentials do not open this.
    Forbidden = FORBIDDEN, "forbidden", "The credentials do not allow this";
    /// There is no such thing.
    NotFound = NOT_FOUND, "not-found", "There is no such thing";
    /// The path is right, the method is not.
    MethodNotAllowed = METHOD_NOT_ALLOWED, "method-not-allowed", "The method does not exist here";
    /// The body did not arrive in time.
    BodyTooSlow = REQUEST_TIMEOUT, "body-too-slow", "The request body arrived too slowly";
    /// It clashes with what is there.
    Conflict = CONFLICT, "conflict", "The request clashes with what is there";
    /// Somebody else changed it in between.
    Changed = PRECONDITION_FAILED, "changed", "The thing was changed meanwhile";
    /// The body is larger than what is taken.
    TooLarge = PAYLOAD_TOO_LARGE, "too-large", "The request body is too large";
    /// The body is of a type that is not taken here.
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The media type is not taken here";
    /// Fields that can be read and cannot be right.
    InvalidField = UNPROCESSABLE_ENTITY, "invalid-field", "Fields of the request are not valid";
    /// The idempotency key was used for another request.
    KeyReused = UNPROCESSABLE_ENTITY, "idempotency-key-reused", "The idempotency key belongs to another request";
    /// A change must say what it is based on.
    UnconditionalChange = PRECONDITION_REQUIRED, "if-match-required", "The change must say what it is based on";
    /// More requests than the key may make.
    TooManyRequests = TOO_MANY_REQUESTS, "too-many-requests", "The key makes too many requests";
    /// A fault of ours.
    Internal = INTERNAL_SERVER_ERROR, "internal", "The daemon failed";
    /// Something the daemon needs does not answer now, or the request took too long.
    Unavailable = SERVICE_UNAVAILABLE, "unavailable", "The daemon cannot answer now";
}

// === impl Kind ===

impl Kind {
    /// What stands in `type`.
    #[must_use]
    pub fn uri(self) -> String {
        format!("urn:bestand:problem:{}", self.slug())
    }

    /// Everything that `status` can stand for, for the API's description.
    pub(in crate::http) fn titles_of(status: StatusCode) -> String {
        let same = Self::ALL.iter().filter(|kind| kind.status() == status);
        let titles: Vec<&str> = same.map(|kind| kind.title()).collect();
        titles.join("; or: ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let mut slugs: Vec<&str> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Kind::ALL.len());
    }
}
