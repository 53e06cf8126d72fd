//! Why the store did not do what was asked; the kind decides what the caller does.

use sea_orm::{DbErr, SqlErr};

use super::Clash;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing in this account.
    #[error("there is no {what} in this account")]
    NotFound {
        /// What was looked for: `connection 019a…`.
        what: String,
    },
    /// It clashes with what is there: a name that is taken, or a version that has moved on.
    #[error("{0}")]
    Conflict(Clash),
    /// The database cannot be reached or does not answer; trying again may help.
    #[error("the database does not answer: {0}")]
    Unavailable(#[source] DbErr),
    /// What is stored cannot be read back.
    #[error("the database holds a {what} that cannot be read: {why}")]
    Corrupt {
        /// What sort of thing.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A newer release has changed the tables.
    #[error(
        "the database is at version {found} and this release knows {known}; run the release that wrote it, or newer"
    )]
    Newer {
        /// The database's version.
        found: i64,
        /// The newest this release knows.
        known: i64,
    },
    /// The URL names no database.
    #[error(
        "cannot use `{url}` as a store: {why}; write `sqlite:path/to/file.db` or `postgres://user@host/name`"
    )]
    Url {
        /// The URL, without a password.
        url: String,
        /// What is wrong with it.
        why: String,
    },
}

// === impl Error ===

impl Error {
    /// There is no such thing.
    pub(crate) fn not_found(kind: &str, id: impl std::fmt::Display) -> Self {
        let what = format!("{kind} `{id}`");
        Self::NotFound { what }
    }

    /// It was changed by somebody else in between.
    pub(crate) fn changed_meanwhile(kind: &str, id: impl std::fmt::Display) -> Self {
        let what = format!("{kind} `{id}`");
        Self::Conflict(Clash::Changed { what })
    }

    /// What is stored cannot be read back.
    pub(crate) fn corrupt(what: &'static str, why: impl std::fmt::Display) -> Self {
        let why = why.to_string();
        Self::Corrupt { what, why }
    }

    /// Reads back a word that was stored by its text.
    pub(crate) fn read<Word>(what: &'static str, text: &str) -> Result<Word, Self>
    where
        Word: std::str::FromStr<Err: std::fmt::Display>,
    {
        text.parse().map_err(|error| Self::corrupt(what, error))
    }

    /// Names what is taken, where the engine only says that a unique key is violated.
    pub(crate) fn when_taken(self, what: &'static str, name: &str) -> Self {
        match self {
            Self::Conflict(_) => {
                let name = name.to_owned();
                Self::Conflict(Clash::Taken { what, name })
            }
            other => other,
        }
    }

    /// Names what is missing, where the engine only says that a reference leads nowhere.
    pub(crate) fn when_dangling(self, kind: &str, id: impl std::fmt::Display) -> Self {
        match self {
            Self::NotFound { .. } => Self::not_found(kind, id),
            other => other,
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(said)) => Self::Conflict(Clash::Rule(said)),
            Some(SqlErr::ForeignKeyConstraintViolation(what)) => Self::NotFound { what },
            _ => Self::Unavailable(error),
        }
    }
}

impl From<sea_orm::sqlx::Error> for Error {
    fn from(error: sea_orm::sqlx::Error) -> Self {
        let runtime = sea_orm::RuntimeErr::SqlxError(error.into());
        Self::from(DbErr::Query(runtime))
    }
}
