//! One tab: gone to, read, clicked, typed into.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::chromium::Chromium;
use super::keys;
use super::seen::{Request, Seen};
use super::{Look, Profile, text};

/// Longest wait for what a page is to show; what takes this long never comes.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pause between two looks at the page.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Until nothing of htmx is under way and what it left is painted.
const SETTLED: &str = include_str!("page/settled.js");
/// Where to click for a selector, once it can be clicked.
const PLACE: &str = include_str!("page/place.js");
/// The same where no script runs, which could tell when it is painted.
const WHOLE: &str = "() => document.readyState === 'complete'";
/// What has the focus.
const FOCUS: &str = include_str!("page/focus.js");

/// A tab; closed when dropped.
pub(crate) struct Page {
    profile: Arc<Profile>,
    target: String,
    session: String,
    seen: watch::Receiver<Seen>,
    site: String,
    pub(super) look: Look,
    runs_scripts: bool,
}

/// What has the focus, as a screen reader says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Focus {
    pub(crate) role: String,
    pub(crate) name: String,
    /// Whether it can be seen to have the focus.
    pub(crate) is_marked: bool,
}

// === impl Page ===

impl Page {
    /// An empty tab that looks like this.
    pub(super) async fn new(profile: Arc<Profile>, look: Look, site: &str) -> Self {
        let blank = json!({ "url": "about:blank", "browserContextId": profile.id });
        let made = profile.chromium.ask("Target.createTarget", blank).await;
        let target = text(&made, "targetId");
        let attach = json!({ "targetId": target, "flatten": true });
        let attached = profile.chromium.ask("Target.attachToTarget", attach).await;
        let session = text(&attached, "sessionId");
        let page = Self {
            seen: profile.chromium.wire().watch(&session),
            profile,
            target,
            session,
            site: site.to_owned(),
            look,
            runs_scripts: true,
        };
        page.set_up().await;
        page
    }

    async fn set_up(&self) {
        for domain in ["Page", "Runtime", "Log", "Network", "Accessibility", "DOM"] {
            self.ask(&format!("{domain}.enable"), json!({})).await;
        }
        let Look {
            width,
            language,
            scheme,
        } = self.look;
        let version = self.chromium().ask("Browser.getVersion", json!({})).await;
        let agent =
            json!({ "userAgent": version["userAgent"], "acceptLanguage": language.accepted() });
        let seeing = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme.name() },
            // A picture of something in motion shows nothing twice.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]});
        self.ask("Emulation.setDeviceMetricsOverride", width.metrics())
            .await;
        self.ask("Emulation.setUserAgentOverride", agent).await;
        self.ask(
            "Emulation.setLocaleOverride",
            json!({ "locale": language.locale() }),
        )
        .await;
        self.ask("Emulation.setEmulatedMedia", seeing).await;
        self.ask(
            "Emulation.setFocusEmulationEnabled",
            json!({ "enabled": true }),
        )
        .await;
    }

    pub(super) fn chromium(&self) -> &Chromium {
        &self.profile.chromium
    }

    /// Asks Chromium about this tab.
    pub(super) async fn ask(&self, method: &str, parameters: Value) -> Value {
        let answer = self.try_ask(method, parameters).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    async fn try_ask(&self, method: &str, parameters: Value) -> Result<Value, String> {
        let wire = self.chromium().wire();
        wire.ask(Some(&self.session), method, parameters).await
    }

    // === going ===

    /// Goes to a path of the site, and waits until nothing moves.
    pub(crate) async fn go(&self, path: &str) {
        let url = format!("{}{path}", self.site);
        self.ask("Page.navigate", json!({ "url": url })).await;
        self.settle().await;
    }

    /// Runs no script of the pages that it goes to from now on, as for people who allow none.
    pub(crate) async fn without_script(mut self) -> Self {
        let off = json!({ "value": true });
        self.ask("Emulation.setScriptExecutionDisabled", off).await;
        self.runs_scripts = false;
        self
    }

    async fn whole(&self) -> Option<Value> {
        Some(self.script(WHOLE, &[]).await).filter(|whole| *whole == true)
    }

    /// Waits until nothing is on its way, and what came is painted.
    pub(crate) async fn settle(&self) {
        loop {
            let mut seen = self.seen.clone();
            let quiet = tokio::time::timeout(PATIENCE, seen.wait_for(Seen::is_quiet)).await;
            let Ok(quiet) = quiet else {
                panic!("still on its way: {:?}", self.requests());
            };
            drop(quiet.expect("Chromium runs"));
            match self.runs_scripts {
                true => self.script(SETTLED, &[]).await,
                false => {
                    self.until("a whole page", async || self.whole().await)
                        .await
                }
            };
            if self.seen.borrow().is_quiet() {
                return;
            }
        }
    }

    /// The path and query it is at.
    pub(crate) async fn path(&self) -> String {
        let path = self
            .script("() => location.pathname + location.search", &[])
            .await;
        path.as_str().expect("a path").to_owned()
    }

    /// Waits until it is at this path, whatever the query.
    pub(crate) async fn arrives(&self, path: &str) {
        let arrived = async || {
            let at = self.path().await;
            let at = at.split('?').next().unwrap_or_default();
            (at == path).then_some(())
        };
        self.until(&format!("at `{path}`"), arrived).await;
        self.settle().await;
    }

    // === reading ===

    /// What a function of JavaScript makes of these arguments, in the page.
    pub(crate) async fn script(&self, function: &str, arguments: &[Value]) -> Value {
        let arguments: Vec<String> = arguments.iter().map(Value::to_string).collect();
        let expression = format!("({})({})", function.trim(), arguments.join(","));
        let order =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let until = Instant::now() + PATIENCE;
        let answer = loop {
            match self.try_ask("Runtime.evaluate", order.clone()).await {
                Ok(answer) => break answer,
                // It went on to another document meanwhile.
                Err(_) if Instant::now() < until => tokio::time::sleep(LOOK_EVERY).await,
                Err(error) => panic!("{error}: {function}"),
            }
        };
        let exception = &answer["exceptionDetails"];
        assert_eq!(*exception, Value::Null, "{function}");
        answer["result"]["value"].clone()
    }

    /// The text of the first that is selected, as it is seen; waits for one to be there.
    pub(crate) async fn text(&self, css: &str) -> String {
        let texts = async || self.texts(css).await.into_iter().next();
        self.until(&format!("`{css}`"), texts).await
    }

    /// The texts of all that are selected now, as they are seen.
    pub(crate) async fn texts(&self, css: &str) -> Vec<String> {
        const TEXTS: &str =
            "css => [...document.querySelectorAll(css)].map(one => one.innerText.trim())";
        let texts = self.script(TEXTS, &[css.into()]).await;
        let texts = texts.as_array().expect("a list").iter();
        texts
            .map(|text| text.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// An attribute of the first that is selected.
    pub(crate) async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        const ATTRIBUTE: &str = "(css, name) => document.querySelector(css)?.getAttribute(name)";
        let value = self.script(ATTRIBUTE, &[css.into(), name.into()]).await;
        value.as_str().map(str::to_owned)
    }

    /// How many are selected now.
    pub(crate) async fn count(&self, css: &str) -> usize {
        self.texts(css).await.len()
    }

    /// Waits until the page shows this text.
    pub(crate) async fn shows(&self, wanted: &str) {
        let shown = async || {
            let all = self.texts("body").await.concat();
            all.contains(wanted).then_some(())
        };
        self.until(&format!("`{wanted}`"), shown).await;
    }

    /// Everything that was asked for since the tab was opened.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.borrow().requests.values().cloned().collect()
    }

    /// Every error since the tab was opened.
    pub(super) fn errors(&self) -> Vec<String> {
        self.seen.borrow().errors().map(str::to_owned).collect()
    }

    /// Bytes that came over the wire since the tab was opened.
    pub(crate) fn transferred_bytes(&self) -> u64 {
        self.requests().iter().map(|request| request.bytes).sum()
    }

    pub(super) fn site(&self) -> &str {
        &self.site
    }

    // === using ===

    /// Clicks the first that is selected, once it is there and nothing covers it.
    pub(crate) async fn click(&self, css: &str) {
        let place = async || {
            let place = self.script(PLACE, &[css.into()]).await;
            place.is_array().then_some(place)
        };
        let place = self.until(&format!("`{css}` to click"), place).await;
        for (step, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
            let button = if step == "mouseMoved" { "none" } else { "left" };
            self.ask(
                "Input.dispatchMouseEvent",
                json!({
                    "type": step, "x": place[0], "y": place[1],
                    "button": button, "buttons": buttons, "clickCount": 1,
                }),
            )
            .await;
        }
        self.settle().await;
    }

    /// Clicks what asks before it does anything, and answers it.
    pub(crate) async fn click_and_answer(&self, css: &str, yes: bool) {
        let answered = async || {
            let answer = json!({ "accept": yes });
            let given = self.try_ask("Page.handleJavaScriptDialog", answer).await;
            given.ok()
        };
        tokio::join!(self.click(css), self.until("a question", answered));
        self.settle().await;
    }

    /// Presses a key, such as `Tab`, `Shift+Tab` or `Enter`, and waits for what comes of it.
    pub(crate) async fn press(&self, key: &str) {
        self.strike(key).await;
        self.settle().await;
    }

    /// Types into what has the focus, key by key.
    pub(crate) async fn type_text(&self, text: &str) {
        for character in text.chars() {
            self.strike(&character.to_string()).await;
        }
        self.settle().await;
    }

    async fn strike(&self, key: &str) {
        for event in keys::pressed(key) {
            self.ask("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Clicks a field and types into it, over what stood there.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        self.click(css).await;
        self.press("Control+a").await;
        self.type_text(text).await;
    }

    /// What has the focus.
    pub(crate) async fn focused(&self) -> Focus {
        let is_marked = self.script(FOCUS, &[]).await == true;
        let element = json!({ "expression": "document.activeElement" });
        let element = self.ask("Runtime.evaluate", element).await;
        let node = json!({ "objectId": element["result"]["objectId"], "fetchRelatives": false });
        let tree = self.ask("Accessibility.getPartialAXTree", node).await;
        let said = |what: &str| {
            let value = tree["nodes"][0][what]["value"].as_str();
            value.unwrap_or_default().to_owned()
        };
        let (role, name) = (said("role"), said("name"));
        Focus {
            role,
            name,
            is_marked,
        }
    }

    /// Presses Tab until something that is selected has the focus; it must be seen to have it, and have a name.
    pub(crate) async fn tab_to(&self, css: &str) -> Focus {
        /// More stops than any page has that people can use.
        const STOPS_MAX: usize = 200;
        const IS_THERE: &str = "css => document.activeElement.matches(css)";
        for _ in 0..STOPS_MAX {
            self.press("Tab").await;
            if self.script(IS_THERE, &[css.into()]).await == true {
                let focus = self.focused().await;
                assert!(
                    focus.is_marked,
                    "{css}: {focus:?} is not seen to have the focus"
                );
                assert_ne!(focus.name, "", "{css}: {focus:?}");
                return focus;
            }
        }
        panic!("the Tab key never comes to `{css}`");
    }

    /// Looks until there is something.
    pub(crate) async fn until<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let shown = self.texts("body").await.concat();
        let asked: Vec<_> = self
            .requests()
            .into_iter()
            .map(|request| request.url)
            .collect();
        let errors = self.errors();
        panic!(
            "never {what}, but {} {errors:?}, after {asked:#?}:\n{shown}",
            self.path().await
        );
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.chromium().wire().forget(&self.session);
        let target = json!({ "targetId": self.target });
        self.chromium().tell("Target.closeTarget", target);
    }
}
