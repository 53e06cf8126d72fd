//! The secrets of a test: each one of its own, so that wherever it shows up it can only have leaked.

use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// The secrets a site was given, and what it has shown to people.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    given: Mutex<Vec<String>>,
    shown: Mutex<String>,
}

// === impl Secrets ===

impl Secrets {
    /// A new secret that nobody may ever see again.
    pub(crate) fn make(&self) -> String {
        let secret = format!("hush-{}", Uuid::new_v4().simple());
        self.guard(&secret);
        secret
    }

    /// The same for a text made elsewhere.
    pub(crate) fn guard(&self, secret: &str) {
        lock(&self.given).push(secret.to_owned());
    }

    /// Guards a pair as it stands in an `Authorization: Basic` header, too.
    pub(crate) fn guard_pair(&self, user: &str, password: &str) {
        self.guard(&STANDARD.encode(format!("{user}:{password}")));
    }

    /// Notes something that people may see.
    pub(crate) fn show(&self, text: &str) {
        lock(&self.shown).push_str(text);
    }

    /// The first secret that stands in one of these texts, and in which.
    pub(crate) fn find_leak<'a>(&self, texts: &[(&'a str, Vec<u8>)]) -> Option<(String, &'a str)> {
        let shown = (
            "an answer or a state",
            lock(&self.shown).clone().into_bytes(),
        );
        let texts = texts.iter().chain(std::iter::once(&shown));
        let given = lock(&self.given);
        for (place, text) in texts {
            let text = String::from_utf8_lossy(text);
            let leaked = given.iter().find(|secret| text.contains(secret.as_str()));
            if let Some(secret) = leaked {
                return Some((secret.clone(), place));
            }
        }
        None
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
