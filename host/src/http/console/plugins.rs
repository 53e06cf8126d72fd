//! Plugins: what runs, how it is, what it may do; what does not run, why, and the way out.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::page::{Page, Place, show};
use super::visitor::Visitor;
use crate::activity::EventKind;
use crate::daemon::Parts;
use crate::http::api::adapters::let_go;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::plugin::PluginState;

mod chart;
mod log;
mod process;
mod shown;
mod signature;

use shown::Shown;

#[derive(Template)]
#[template(path = "plugins/list.html")]
struct ListPage {
    page: Page,
    running: Vec<Shown>,
    others: Vec<Shown>,
}

/// All of them: what runs first.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let directory = parts.connections.directory();
    let plugins = directory.plugins().iter();
    let (running, others): (Vec<_>, Vec<_>) =
        plugins.partition(|plugin| plugin.state == PluginState::Ready);
    let shown = |plugins: Vec<_>| {
        let plugins = plugins.into_iter();
        plugins
            .map(|plugin| Shown::of(plugin, &directory, &visitor))
            .collect()
    };
    let title = visitor.text().say("plugins-title");
    show(&ListPage {
        page: Page::new(&parts, &visitor, Place::Plugins, title),
        running: shown(running),
        others: shown(others),
    })
}

/// Lets one that is quarantined start again.
pub(super) async fn release(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<String>,
) -> Result<Response, Problem> {
    if let Some(subject) = let_go(&parts, &id)? {
        let event = visitor.did(EventKind::AdapterReleased, subject);
        parts.activity.note(event);
    }
    Ok(Redirect::to(&format!("/plugins#adapter-{id}")).into_response())
}
