//! A real browser under test: Chromium, driven over the DevTools protocol.
//!
//! Every [`Browser`] is a profile of its own in one Chromium, which ends with the last of them. A [`Page`] is a tab
//! that is looked at and used as a person would, by eye, mouse and keyboard, and that says what is wrong with it.

use std::sync::Arc;

use serde_json::{Value, json};

mod axe;
mod chromium;
mod fault;
mod keys;
mod page;
mod screenshot;
mod seen;
mod wire;

pub(crate) use fault::Fault;
pub(crate) use page::Page;

use super::Daemon;
use chromium::Chromium;

/// How wide the window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// 390 pixels, touched with a thumb.
    Phone,
    /// 1,280 pixels, with a mouse.
    Desk,
}

/// Which language the person has told the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    En,
    De,
}

/// Which colours the person prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

/// Who looks, and with what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) width: Width,
    pub(crate) language: Language,
    pub(crate) scheme: Scheme,
}

/// A browser that has never been anywhere: no cookies, nothing cached.
pub(crate) struct Browser {
    profile: Arc<Profile>,
    look: Look,
}

/// What a browser keeps between pages; forgotten when the last page of it is closed.
struct Profile {
    chromium: Arc<Chromium>,
    id: String,
}

// === impl Browser ===

impl Browser {
    /// Whether tests must do without, which is then said in one line.
    pub(crate) fn is_missing() -> bool {
        let missing = chromium::find().is_none();
        if missing {
            eprintln!("skipped: Chromium is not there; on Debian: apt-get install chromium");
        }
        missing
    }

    /// A new browser, light.
    pub(crate) async fn start(width: Width, language: Language) -> Self {
        let scheme = Scheme::Light;
        Self::with(Look {
            width,
            language,
            scheme,
        })
        .await
    }

    /// A new browser.
    pub(crate) async fn with(look: Look) -> Self {
        let chromium = Chromium::shared();
        let made = chromium.ask("Target.createBrowserContext", json!({})).await;
        let id = text(&made, "browserContextId");
        let profile = Arc::new(Profile { chromium, id });
        Self { profile, look }
    }

    /// Opens a page of the daemon in a new tab, and waits until nothing moves.
    pub(crate) async fn open(&self, daemon: &Daemon, path: &str) -> Page {
        self.open_at(daemon.api.url(), path).await
    }

    /// The same of any server.
    pub(crate) async fn open_at(&self, site: &str, path: &str) -> Page {
        let page = Page::new(Arc::clone(&self.profile), self.look, site).await;
        page.go(path).await;
        page
    }

    /// Its cookies, which let another browser go on in its place.
    pub(crate) async fn cookies(&self) -> Value {
        let context = json!({ "browserContextId": self.profile.id });
        let kept = self.profile.chromium.ask("Storage.getCookies", context);
        kept.await["cookies"].clone()
    }

    /// Puts another browser's cookies in.
    pub(crate) async fn put_cookies(&self, cookies: &Value) {
        let kept = json!({ "cookies": cookies, "browserContextId": self.profile.id });
        self.profile.chromium.ask("Storage.setCookies", kept).await;
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        let context = json!({ "browserContextId": self.id });
        self.chromium.tell("Target.disposeBrowserContext", context);
    }
}

// === impl Look ===

impl Look {
    /// Every width and language, light.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let looks = [Width::Desk, Width::Phone].into_iter();
        let scheme = Scheme::Light;
        looks.flat_map(move |width| {
            let languages = [Language::En, Language::De].into_iter();
            languages.map(move |language| Self {
                width,
                language,
                scheme,
            })
        })
    }

    pub(crate) fn dark(self) -> Self {
        let scheme = Scheme::Dark;
        Self { scheme, ..self }
    }
}

impl std::fmt::Display for Look {
    /// Such as `en-phone` or `de-desk-dark`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let width = match self.width {
            Width::Phone => "phone",
            Width::Desk => "desk",
        };
        let scheme = match self.scheme {
            Scheme::Light => "",
            Scheme::Dark => "-dark",
        };
        write!(formatter, "{}-{width}{scheme}", self.language.tag())
    }
}

// === impl Width ===

impl Width {
    fn pixels(self) -> u32 {
        match self {
            Self::Phone => 390,
            Self::Desk => 1_280,
        }
    }

    /// What the window is, in the protocol's words.
    fn metrics(self) -> Value {
        let (height, scale, mobile) = match self {
            Self::Phone => (844, 2, true),
            Self::Desk => (800, 1, false),
        };
        json!({ "width": self.pixels(), "height": height, "deviceScaleFactor": scale, "mobile": mobile })
    }
}

// === impl Language ===

impl Language {
    /// As pages say it.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// In the order of preference; the browser puts the weights.
    fn accepted(self) -> &'static str {
        match self {
            Self::En => "en-GB,en",
            Self::De => "de-DE,de,en",
        }
    }

    fn locale(self) -> &'static str {
        match self {
            Self::En => "en-GB",
            Self::De => "de-DE",
        }
    }
}

// === impl Scheme ===

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

fn text(answer: &Value, field: &str) -> String {
    let text = answer[field].as_str();
    text.unwrap_or_else(|| panic!("`{field}` in {answer}"))
        .to_owned()
}
