//! What is wrong with a webhook, field by field.

use crate::http::console::text::Text;
use crate::webhook::{AddressFault, WebhookFault};

/// What is wrong with a field of a webhook.
pub(in crate::http::console) fn fault(fault: &WebhookFault, text: Text) -> String {
    let id = match fault {
        WebhookFault::Address(AddressFault::Malformed) => "webhook-url-malformed",
        WebhookFault::Address(AddressFault::TooLong) => "webhook-url-too-long",
        WebhookFault::Address(AddressFault::Credentials) => "webhook-url-credentials",
        WebhookFault::Address(AddressFault::Plain) => "webhook-url-plain",
        WebhookFault::Address(AddressFault::Private) => "webhook-url-private",
        WebhookFault::Name => "key-name-invalid",
        WebhookFault::NoSource(_) => "webhook-no-source",
        WebhookFault::TooManySources | WebhookFault::TooManySkus => "webhook-too-many-named",
    };
    text.say(id)
}
