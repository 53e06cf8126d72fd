//! Activity: what happened, newest first, each event as a sentence.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::page::{Page, Place, show};
use super::visitor::Visitor;
use crate::activity::SubjectKind;
use crate::daemon::Parts;
use crate::http::paging::Cursor;
use crate::http::problem::Problem;
use crate::http::query::Query;

mod filter;
mod known;
mod sentence;
mod shown;
mod words;

use filter::{FilterQuery, SPANS};
use known::Known;
use shown::Shown;

/// Events of one page: a busy day of a small company.
const EVENTS: u32 = 50;

#[derive(Template)]
#[template(path = "activity/list.html")]
struct ListPage {
    page: Page,
    filter: FilterQuery,
    subjects: Vec<Choice>,
    spans: Vec<Choice>,
    events: Vec<Shown>,
    /// The address of older events, if there are any.
    next: Option<String>,
}

/// Something that the filter can be set to.
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

/// What happened.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Query(filter): Query<FilterQuery>,
) -> Result<Response, Problem> {
    let account = visitor.account();
    let after = filter.cursor.as_ref().map(|cursor| cursor.0);
    let wanted = filter.to_filter(visitor.now)?;
    let found = parts.activity.list(account, &wanted, after, EVENTS).await?;
    let title = visitor.text().say("activity-title");
    let page = Page::new(&parts, &visitor, Place::Activity, title);
    let known = Known::of(&parts, account, &page).await?;
    let events = found.events.iter();
    show(&ListPage {
        page,
        subjects: subjects(&filter, &known, &visitor),
        spans: spans(&filter, &visitor),
        events: events
            .map(|noted| Shown::of(noted, &known, &visitor))
            .collect(),
        next: found
            .next
            .map(|id| filter.address(Some(&Cursor(id).to_string()))),
        filter,
    })
}

/// Every sort of thing, and the one thing that is looked at, if it is one.
fn subjects(filter: &FilterQuery, known: &Known, visitor: &Visitor) -> Vec<Choice> {
    let kind = |kind: &SubjectKind| Choice {
        value: kind.as_str().to_owned(),
        label: visitor.text().say(&format!("subject-{}", kind.as_str())),
        is_chosen: filter.subject == kind.as_str(),
    };
    let one = filter.subject.split_once(':').map(|(_, id)| Choice {
        value: filter.subject.clone(),
        label: known.name(id).unwrap_or(id).to_owned(),
        is_chosen: true,
    });
    SubjectKind::ALL.iter().map(kind).chain(one).collect()
}

fn spans(filter: &FilterQuery, visitor: &Visitor) -> Vec<Choice> {
    let span = |(word, _): &(&str, _)| Choice {
        value: (*word).to_owned(),
        label: visitor.text().say(&format!("since-{word}")),
        is_chosen: filter.since == *word,
    };
    SPANS.iter().map(span).collect()
}
