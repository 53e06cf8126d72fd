//! A page as a browser has it: its texts, its links, its forms.

use axum::body::Body;
use axum::http::{HeaderMap, Response, header};
use scraper::{ElementRef, Html, Node, Selector};

use super::form::Form;

/// A page, or a part of one.
pub(super) struct Page {
    pub(super) path: String,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) source: String,
    html: Html,
}

// === impl Page ===

impl Page {
    pub(super) async fn read(path: &str, response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let source = String::from_utf8(body.into()).unwrap();
        Self {
            path: path.to_owned(),
            status: head.status.as_u16(),
            headers: head.headers,
            html: Html::parse_document(&source),
            source,
        }
    }

    /// All that people read of it, in one line.
    pub(super) fn said(&self) -> String {
        self.text("body")
    }

    /// What stands in the first that is selected.
    pub(super) fn text(&self, css: &str) -> String {
        let first = self.texts(css).into_iter().next();
        first.unwrap_or_else(|| panic!("no `{css}` at {}: {}", self.path, self.source))
    }

    pub(super) fn texts(&self, css: &str) -> Vec<String> {
        self.find(css).into_iter().map(text).collect()
    }

    pub(super) fn has(&self, css: &str) -> bool {
        !self.find(css).is_empty()
    }

    /// An attribute of the first that is selected and has it.
    pub(super) fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let found = self.find(css).into_iter();
        let mut values = found.filter_map(|element| element.attr(name));
        values.next().map(str::to_owned)
    }

    pub(super) fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        let found = self.find(css).into_iter();
        let values = found.filter_map(|element| element.attr(name));
        values.map(str::to_owned).collect()
    }

    /// What the field of this name is described by, as a screen reader says it.
    pub(super) fn description_of(&self, field: &str) -> String {
        let described = self.attribute(&format!("[name='{field}']"), "aria-describedby");
        let ids = described.unwrap_or_default();
        let texts = ids
            .split_whitespace()
            .map(|id| self.text(&format!("[id='{id}']")));
        texts.collect::<Vec<_>>().join(" ")
    }

    /// All that it can send.
    pub(super) fn forms(&self) -> Vec<Form> {
        let forms = self.find("form").into_iter();
        forms.map(|form| Form::of(form, &self.path)).collect()
    }

    /// The form that is sent there; the first of several.
    pub(super) fn form(&self, action: &str) -> Form {
        let mut forms = self.forms().into_iter();
        let found = forms.find(|form| form.action == action);
        found.unwrap_or_else(|| panic!("no form to `{action}` at {}: {}", self.path, self.source))
    }

    /// Where it leads on, when it is no page itself.
    pub(super) fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{}: {}", self.path, self.source);
        self.headers[header::LOCATION].to_str().unwrap()
    }

    pub(super) fn find(&self, css: &str) -> Vec<ElementRef<'_>> {
        let selector = Selector::parse(css).unwrap();
        self.html.select(&selector).collect()
    }
}

/// Elements that stand in a line with what is around them.
const INLINE: [&str; 8] = ["a", "b", "code", "em", "option", "span", "strong", "time"];

/// The text in an element, its white space as it is seen.
fn text(element: ElementRef<'_>) -> String {
    let part = |node: &Node| match node {
        Node::Text(text) => text.to_string(),
        Node::Element(element) if !INLINE.contains(&element.name()) => " ".to_owned(),
        _ => String::new(),
    };
    let text: String = element
        .descendants()
        .map(|node| part(node.value()))
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
