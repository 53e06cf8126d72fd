//! What is wrong with a field, by its kind: the API tells it in English, a form in its visitor's language.

use std::fmt;

use crate::connection;
use crate::webhook::WebhookFault;

/// What is wrong with a field, as far as a form knows more of it than that it cannot be right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Only the reason says it, in English.
    #[default]
    Other,
    /// The reason is in the language of a form's visitor.
    ForVisitor,
    /// It is a field of a connection.
    Connection(connection::Fault),
    /// It is a field of a webhook.
    Webhook(WebhookFault),
    /// It is too short or too long.
    Length {
        /// Fewest characters.
        least: usize,
        /// Most characters.
        most: usize,
    },
    /// It is below zero.
    Negative,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other | Self::ForVisitor => f.write_str("it cannot be right"),
            Self::Connection(fault) => fault.fmt(f),
            Self::Webhook(fault) => fault.fmt(f),
            Self::Length { least: 0, most } => write!(f, "it must have at most {most} characters"),
            Self::Length { least, most } => write!(f, "it must have {least} to {most} characters"),
            Self::Negative => f.write_str("it must not be negative"),
        }
    }
}
