//! Every page and form of the console, and the least role that may use it, written down a second time.

use std::collections::BTreeSet;

use bestand::api_key::Role::{self, Admin, Operator, Reader};

/// A page or a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) method: &'static str,
    /// As the console lists it: what is in braces stands for any.
    pub(super) pattern: &'static str,
    /// Nothing for what is open to all.
    pub(super) least: Option<Role>,
}

/// All of them; signing out comes last, for nothing comes after it.
pub(super) const LINES: [Line; 88] = [
    any("GET", "/"),
    any("GET", "/assets/{version}/{name}"),
    any("GET", "/sign-in"),
    any("POST", "/sign-in"),
    any("GET", "/set-up"),
    any("POST", "/set-up"),
    any("POST", "/language"),
    of(Reader, "GET", "/me"),
    of(Reader, "POST", "/me/password"),
    of(Reader, "POST", "/me/sessions/{id}/end"),
    of(Reader, "GET", "/live"),
    of(Reader, "GET", "/orders"),
    of(Operator, "POST", "/order-moves"),
    of(Reader, "GET", "/orders/{number}"),
    of(Reader, "GET", "/orders/{number}/panel"),
    of(Operator, "POST", "/orders/{number}/allocation"),
    of(Admin, "POST", "/orders/{number}/override"),
    of(Reader, "GET", "/products"),
    of(Reader, "GET", "/products/{sku}"),
    of(Reader, "GET", "/kits"),
    of(Operator, "POST", "/kits"),
    of(Operator, "POST", "/kits/remove"),
    of(Operator, "POST", "/kits/import"),
    of(Operator, "POST", "/inventory-sources/{id}/aliases/import"),
    of(Reader, "GET", "/inventory-sources/{id}/aliases"),
    of(Operator, "POST", "/inventory-sources/{id}/aliases"),
    of(Operator, "POST", "/inventory-sources/{id}/aliases/remove"),
    of(Reader, "GET", "/stock-takes"),
    of(Operator, "POST", "/stock-takes"),
    of(Reader, "GET", "/stock-takes/{id}"),
    of(Operator, "POST", "/stock-takes/{id}/count"),
    of(Operator, "POST", "/stock-takes/{id}/commit"),
    of(Operator, "POST", "/stock-takes/{id}/cancel"),
    of(Reader, "GET", "/low-stock"),
    of(Operator, "POST", "/low-stock/thresholds"),
    of(Operator, "POST", "/low-stock/thresholds/remove"),
    of(Reader, "GET", "/ship-from-locations"),
    of(Operator, "POST", "/ship-from-locations/new"),
    of(Reader, "GET", "/ship-from-locations/{id}"),
    of(Operator, "POST", "/ship-from-locations/{id}/change"),
    of(Operator, "POST", "/ship-from-locations/{id}/remove"),
    of(Reader, "GET", "/inventory-sources"),
    of(Reader, "GET", "/inventory-sources/{id}"),
    of(Reader, "GET", "/inventory-sources/{id}/history"),
    of(Reader, "GET", "/inventory-sources/{id}/ledger"),
    of(Reader, "GET", "/inventory-sources/{id}/drift"),
    of(Operator, "POST", "/inventory-sources/{id}/drift-threshold"),
    of(Operator, "POST", "/inventory-sources/{id}/change"),
    of(Reader, "GET", "/inventory-sources/{id}/operations"),
    of(Operator, "POST", "/inventory-sources/{id}/operations"),
    of(Operator, "POST", "/operations/{id}/settle"),
    of(Reader, "GET", "/connections"),
    of(Operator, "GET", "/connections/new/{adapter}"),
    of(Operator, "POST", "/connections/new/{adapter}"),
    of(Reader, "GET", "/connections/{id}"),
    of(Operator, "POST", "/connections/{id}/change"),
    of(Operator, "POST", "/connections/{id}/check"),
    of(Operator, "POST", "/connections/{id}/sync"),
    of(Operator, "POST", "/connections/{id}/reread"),
    of(Operator, "POST", "/connections/{id}/pause"),
    of(Operator, "POST", "/connections/{id}/remove"),
    of(Reader, "GET", "/status"),
    of(Reader, "GET", "/activity"),
    of(Reader, "GET", "/plugins"),
    of(Operator, "POST", "/plugins/{id}/release"),
    of(Operator, "GET", "/webhooks"),
    of(Operator, "POST", "/webhooks/new"),
    of(Operator, "GET", "/webhooks/{id}"),
    of(Operator, "POST", "/webhooks/{id}/change"),
    of(Operator, "POST", "/webhooks/{id}/ping"),
    of(Operator, "POST", "/webhooks/{id}/rotate"),
    of(Operator, "POST", "/webhooks/{id}/resend"),
    of(
        Operator,
        "POST",
        "/webhooks/{id}/deliveries/{event_id}/resend",
    ),
    of(Operator, "POST", "/webhooks/{id}/remove"),
    of(Admin, "GET", "/api-keys"),
    of(Admin, "POST", "/api-keys/new"),
    of(Admin, "GET", "/api-keys/{id}"),
    of(Admin, "POST", "/api-keys/{id}/regenerate"),
    of(Admin, "POST", "/api-keys/{id}/revoke"),
    of(Admin, "GET", "/users"),
    of(Admin, "POST", "/users/new"),
    of(Admin, "GET", "/users/{id}"),
    of(Admin, "POST", "/users/{id}/role"),
    of(Admin, "POST", "/users/{id}/password"),
    of(Admin, "POST", "/users/{id}/disable"),
    of(Admin, "POST", "/users/{id}/enable"),
    of(Admin, "POST", "/users/{id}/remove"),
    of(Reader, "POST", "/sign-out"),
];

const fn any(method: &'static str, pattern: &'static str) -> Line {
    Line {
        method,
        pattern,
        least: None,
    }
}

const fn of(least: Role, method: &'static str, pattern: &'static str) -> Line {
    Line {
        least: Some(least),
        ..any(method, pattern)
    }
}

/// The line for what a browser asks, if there is any; what is written out goes before what is in braces.
pub(super) fn find(method: &str, address: &str) -> Option<Line> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let fits = |pattern: &str| {
        let (pattern, path) = (pattern.split('/'), path.split('/'));
        pattern.clone().count() == path.clone().count()
            && pattern
                .zip(path)
                .all(|(part, found)| part.starts_with('{') || part == found)
    };
    let lines = LINES.into_iter().filter(|line| line.method == method);
    let fitting = lines.filter(|line| fits(line.pattern));
    fitting.min_by_key(|line| line.pattern.matches('{').count())
}

// === impl Line ===

impl Line {
    /// An address of it, at which there is nothing.
    pub(super) fn address(&self) -> String {
        let part = |part: &str| match part {
            "{id}" => "00000000-0000-7000-8000-000000000000".to_owned(),
            "{event_id}" => "1".to_owned(),
            "{adapter}" => "finale".to_owned(),
            part => part.replace(['{', '}'], ""),
        };
        self.pattern
            .split('/')
            .map(part)
            .collect::<Vec<_>>()
            .join("/")
    }
}

#[test]
fn every_page_and_form_of_the_console_is_known_here() {
    let known: BTreeSet<String> = LINES
        .iter()
        .map(|line| format!("{} {}", line.method, line.pattern))
        .collect();
    assert_eq!(known.len(), LINES.len(), "none is written down twice");
    assert_eq!(known, listed());
}

/// The same as the console itself has it.
fn listed() -> BTreeSet<String> {
    let source = include_str!("../../../src/http/console.rs");
    let (_, list) = source.split_once("Pages::new(parts)").unwrap();
    let lines = list.split(".read(").flat_map(|part| part.split(".write("));
    let line = |line: &str| {
        let mut quoted = line.split('"');
        let path = quoted.nth(1)?.to_owned();
        let handlers: String = quoted.collect();
        let methods = ["GET", "POST"].into_iter();
        let methods =
            methods.filter(|method| handlers.contains(&format!("{}(", method.to_lowercase())));
        Some(
            methods
                .map(|method| format!("{method} {path}"))
                .collect::<Vec<_>>(),
        )
    };
    lines.filter_map(line).flatten().collect()
}
