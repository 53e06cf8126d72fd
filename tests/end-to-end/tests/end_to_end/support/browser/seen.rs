//! What happened in a page, as Chromium tells it: messages, requests, and whether something is still under way.

use std::collections::BTreeMap;

use serde_json::Value;

/// Everything since the tab was opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    complaints: Vec<Complaint>,
    pub(super) requests: BTreeMap<String, Request>,
    /// Whether a document is on its way.
    pub(super) is_loading: bool,
}

/// An error of a script, of the browser itself, or by `console.error`.
#[derive(Clone, Debug)]
struct Complaint {
    said: String,
    /// The request it is about.
    request: Option<String>,
}

/// One request of the page.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) url: String,
    /// `Document`, `Stylesheet`, `Script`, `XHR`, `EventSource`, …
    pub(crate) kind: String,
    pub(crate) status: Option<u64>,
    /// What came over the wire, compressed and with headers.
    pub(crate) bytes: u64,
    pub(super) is_under_way: bool,
    /// What the network said when it failed.
    pub(super) failure: Option<String>,
}

// === impl Seen ===

impl Seen {
    /// Whether nothing is on its way but what nobody waits for.
    pub(super) fn is_quiet(&self) -> bool {
        let mut requests = self.requests.values();
        !self.is_loading && !requests.any(|request| request.is_under_way && request.is_waited_for())
    }

    /// Every error, without pages that refuse or are not there, which the browser reports as if they were errors.
    pub(super) fn errors(&self) -> impl Iterator<Item = &str> {
        let errors = self.complaints.iter();
        let errors = errors.filter(|complaint| !self.is_a_refusal(complaint));
        errors.map(|complaint| complaint.said.as_str())
    }

    /// Takes one event in.
    pub(super) fn note(&mut self, event: &str, told: &Value) {
        match event {
            "Page.frameRequestedNavigation" if told["disposition"] != "currentTab" => {}
            "Page.frameRequestedNavigation" | "Page.frameStartedLoading" => self.is_loading = true,
            "Page.frameStoppedLoading" | "Page.navigatedWithinDocument" => self.is_loading = false,
            "Runtime.consoleAPICalled" => self.note_console(told),
            "Runtime.exceptionThrown" => self.note_exception(&told["exceptionDetails"]),
            "Log.entryAdded" => self.note_log(&told["entry"]),
            "Network.requestWillBeSent" => self.note_request(told),
            "Network.responseReceived" => {
                let status = told["response"]["status"].as_u64();
                self.with_request(told, |request| request.status = status);
            }
            "Network.loadingFinished" => {
                // A whole number that the protocol calls a fraction.
                let bytes = told["encodedDataLength"].as_f64().unwrap_or(0.0) as u64;
                self.with_request(told, |request| {
                    request.is_under_way = false;
                    request.bytes += bytes;
                });
            }
            "Network.loadingFailed" => self.note_failure(told),
            _ => {}
        }
    }

    fn note_console(&mut self, told: &Value) {
        if matches!(told["type"].as_str(), Some("error" | "assert")) {
            let words = told["args"].as_array().into_iter().flatten();
            let words: Vec<String> = words.map(spoken).collect();
            self.complain(words.join(" "), None);
        }
    }

    fn note_exception(&mut self, details: &Value) {
        let said = details["exception"]["description"].as_str();
        let said = said.or(details["text"].as_str()).unwrap_or("an exception");
        let at = format!("{}:{}", plain(&details["url"]), details["lineNumber"]);
        self.complain(format!("{said} at {at}"), None);
    }

    /// The browser's own words: refused by the content security policy, not found, not to be decoded.
    fn note_log(&mut self, entry: &Value) {
        if entry["level"] == "error" {
            let (said, at) = (plain(&entry["text"]), plain(&entry["url"]));
            let request = entry["networkRequestId"].as_str().map(str::to_owned);
            self.complain(format!("{said} {at}"), request);
        }
    }

    fn complain(&mut self, said: String, request: Option<String>) {
        self.complaints.push(Complaint { said, request });
    }

    fn is_a_refusal(&self, complaint: &Complaint) -> bool {
        let id = complaint.request.as_deref().unwrap_or_default();
        let request = self.requests.get(id);
        request.is_some_and(|request| match (request.kind.as_str(), request.status) {
            ("Document", Some(400..=499)) => true,
            ("XHR" | "Fetch", Some(status)) => matches!(status, 401 | 403 | 409 | 422 | 429),
            _ => false,
        })
    }

    fn note_request(&mut self, told: &Value) {
        let id = plain(&told["requestId"]).to_owned();
        // A redirection goes on under the same number; where it came from counts too.
        let from = told["redirectResponse"]["encodedDataLength"].as_f64();
        let request = Request {
            url: plain(&told["request"]["url"]).to_owned(),
            kind: plain(&told["type"]).to_owned(),
            status: None,
            bytes: from.unwrap_or(0.0) as u64,
            is_under_way: true,
            failure: None,
        };
        if let Some(earlier) = self.requests.insert(id.clone(), request) {
            let number = self.requests.len();
            self.requests
                .insert(format!("{id} before {number}"), ended(earlier));
        }
    }

    fn note_failure(&mut self, told: &Value) {
        let why = plain(&told["errorText"]).to_owned();
        let given_up = told["canceled"] == true || why == "net::ERR_ABORTED";
        self.with_request(told, |request| {
            request.is_under_way = false;
            request.failure = (!given_up).then_some(why);
        });
    }

    fn with_request(&mut self, told: &Value, change: impl FnOnce(&mut Request)) {
        let id = told["requestId"].as_str().unwrap_or_default();
        if let Some(request) = self.requests.get_mut(id) {
            change(request);
        }
    }
}

// === impl Request ===

impl Request {
    /// Streams never end. `Other` is the browser's own, as the icon of its tab, and of one that it gives up because the
    /// page is left it tells no end.
    fn is_waited_for(&self) -> bool {
        !matches!(self.kind.as_str(), "EventSource" | "WebSocket" | "Other")
    }
}

fn ended(request: Request) -> Request {
    Request {
        is_under_way: false,
        bytes: 0,
        ..request
    }
}

/// One argument of `console.error`.
fn spoken(argument: &Value) -> String {
    match &argument["value"] {
        Value::Null => plain(&argument["description"]).to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn plain(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
