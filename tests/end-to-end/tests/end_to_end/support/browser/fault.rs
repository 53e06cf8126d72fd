//! What can be wrong with any page, whatever it is for.

use std::fmt;

use serde_json::{Value, json};

use super::{Page, axe};

/// How wide the page is, and what sticks out of it.
const LAYOUT: &str = include_str!("fault/layout.js");

/// Something that no page may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A script failed, the browser refused something, or the page complained.
    Error(String),
    /// Another host was asked.
    Foreign(String),
    /// Something was asked for that did not come.
    Failed(String),
    /// Some people cannot use it.
    Inaccessible {
        rule: String,
        help: String,
        places: Vec<String>,
    },
    /// It must be scrolled sideways because of these.
    TooWide(Vec<String>),
    /// It has no title.
    Untitled,
    /// It says that it is in another language than was asked for.
    Language(String),
}

// === impl Page ===

impl Page {
    /// Everything that is wrong with the page as it is, and with what it has done so far.
    pub(crate) async fn faults(&self) -> Vec<Fault> {
        self.settle().await;
        let mut faults: Vec<Fault> = self.errors().into_iter().map(Fault::Error).collect();
        faults.extend(self.foreign_requests());
        faults.extend(self.failed_requests());
        faults.extend(self.layout_faults().await);
        faults.extend(axe::faults(self).await);
        faults
    }

    /// Fails with all that is wrong with the page.
    pub(crate) async fn assert_sound(&self) {
        let faults = self.faults().await;
        let told: Vec<String> = faults.iter().map(Fault::to_string).collect();
        let path = self.path().await;
        assert!(
            told.is_empty(),
            "{path} {}:\n{}",
            self.look,
            told.join("\n")
        );
    }

    fn foreign_requests(&self) -> Vec<Fault> {
        let own = format!("{}/", self.site().trim_end_matches('/'));
        let from_network = |url: &str| !url.starts_with("data:") && !url.starts_with("blob:");
        let is_foreign = |url: &String| from_network(url) && !format!("{url}/").starts_with(&own);
        let urls = self.requests().into_iter().map(|request| request.url);
        urls.filter(is_foreign).map(Fault::Foreign).collect()
    }

    fn failed_requests(&self) -> Vec<Fault> {
        let requests = self.requests().into_iter();
        let failed = requests.filter_map(|request| {
            let failed = request.status.filter(|status| *status >= 500);
            let failed = failed
                .map(|status| status.to_string())
                .or(request.failure)?;
            Some(Fault::Failed(format!("{}: {failed}", request.url)))
        });
        failed.collect()
    }

    async fn layout_faults(&self) -> Vec<Fault> {
        let layout = self
            .script(LAYOUT, &[json!(self.look.width.pixels())])
            .await;
        let wanted = self.look.language.tag();
        let language = layout["language"].as_str().unwrap_or_default();
        let mut faults = Vec::new();
        if layout["title"]
            .as_str()
            .unwrap_or_default()
            .trim()
            .is_empty()
        {
            faults.push(Fault::Untitled);
        }
        if language.split('-').next() != Some(wanted) {
            faults.push(Fault::Language(language.to_owned()));
        }
        if let Some(sticking_out) = layout["sticking_out"].as_array() {
            let text = |one: &Value| one.as_str().unwrap_or_default().to_owned();
            faults.push(Fault::TooWide(sticking_out.iter().map(text).collect()));
        }
        faults
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(said) => write!(formatter, "an error: {said}"),
            Self::Foreign(url) => write!(formatter, "another host is asked: {url}"),
            Self::Failed(what) => write!(formatter, "did not come: {what}"),
            Self::Inaccessible { rule, help, places } => {
                write!(formatter, "{rule}: {help}\n    {}", places.join("\n    "))
            }
            Self::TooWide(sticking_out) => {
                write!(
                    formatter,
                    "wider than the window: {}",
                    sticking_out.join(", ")
                )
            }
            Self::Untitled => write!(formatter, "it has no title"),
            Self::Language(said) => write!(formatter, "the language it says is `{said}`"),
        }
    }
}
