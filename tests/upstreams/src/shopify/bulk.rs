//! Bulk operations: accepted, running for a while of the shop's clock, then a file of JSON lines that expires.

mod export;
mod rules;

use std::collections::BTreeMap;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::validation::Valid;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::fault::{Fault, Stage};
use super::gid::{find_number, gid};
use super::schema::schema;
use super::shop::Shop;
use export::Export;

/// The most bulk queries that run at once for one app on one shop.
const RUNNING_MAX: usize = 5;

/// How long a result's address works.
const URL_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Every bulk operation of the shop.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    jobs: BTreeMap<u64, Job>,
}

/// One bulk operation.
#[derive(Debug)]
pub(crate) struct Job {
    id: u64,
    query: String,
    document: Valid<ExecutableDocument>,
    group_objects: bool,
    created_at: Timestamp,
    /// Never, for a job that is stuck.
    due_at: Option<Timestamp>,
    fault: Option<Fault>,
    end: Option<End>,
    base_url: String,
}

/// How a bulk operation ended.
#[derive(Debug)]
struct End {
    status: &'static str,
    at: Timestamp,
    export: Export,
}

impl Jobs {
    pub(crate) fn find(&self, id: u64) -> Option<&Job> {
        self.jobs.get(&id)
    }

    pub(crate) fn numbers(&self) -> Vec<u64> {
        self.jobs.keys().copied().collect()
    }

    fn running(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values().filter(|job| job.end.is_none())
    }
}

impl Job {
    /// The `BulkOperation` as the API shows it; counts are strings there.
    pub(crate) fn record(&self, now: Timestamp) -> Value {
        let export = self.end.as_ref().map(|end| &end.export);
        let claimed_extra =
            usize::from(self.fault == Some(Fault::WrongObjectCount) && self.end.is_some());
        let failed = self.end.as_ref().is_some_and(|end| end.status == "FAILED");
        let completed = self
            .end
            .as_ref()
            .is_some_and(|end| end.status == "COMPLETED");
        let url = export
            .filter(|export| export.objects > 0)
            .map(|_| self.url());
        let fresh = self
            .end
            .as_ref()
            .is_some_and(|end| now <= end.at + URL_LIFE);
        json!({
            "id": self.gid(),
            "status": self.status(now),
            "type": "QUERY",
            "query": self.query,
            "errorCode": failed.then_some("INTERNAL_SERVER_ERROR"),
            "createdAt": self.created_at.to_string(),
            "completedAt": self.end.as_ref().map(|end| end.at.to_string()),
            "objectCount": export.map_or(0, |export| export.objects + claimed_extra).to_string(),
            "rootObjectCount": export.map_or(0, |export| export.roots).to_string(),
            "fileSize": export.map(|export| export.jsonl.len().to_string()),
            "url": url.as_ref().filter(|_| completed && fresh),
            "partialDataUrl": url.as_ref().filter(|_| failed && fresh),
        })
    }

    /// The file, while its address works.
    pub(crate) fn find_file(&self, now: Timestamp) -> Option<&[u8]> {
        let end = self.end.as_ref()?;
        (now <= end.at + URL_LIFE).then_some(end.export.jsonl.as_slice())
    }

    fn gid(&self) -> String {
        gid("BulkOperation", self.id)
    }

    fn url(&self) -> String {
        let id = self.id;
        let signature = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!(
            "{}/_storage/bulk-{id}.jsonl?GoogleAccessId=simulated&Signature={signature:016x}",
            self.base_url
        )
    }

    fn status(&self, now: Timestamp) -> &'static str {
        match &self.end {
            Some(end) => end.status,
            None if now <= self.created_at => "CREATED",
            None => "RUNNING",
        }
    }
}

/// `bulkOperationRunQuery`.
pub(crate) fn run(shop: &mut Shop, arguments: &Value, now: Timestamp) -> Value {
    let query = arguments["query"].as_str().unwrap_or_default();
    let refuse = |code: &str, field: Value, message: &str| json!({ "bulkOperation": null, "userErrors": [{ "code": code, "field": field, "message": message }] });
    let running: Vec<_> = shop.jobs.running().map(Job::gid).collect();
    if running.len() >= RUNNING_MAX {
        let running = running.join(", ");
        let message = format!(
            "A bulk query operation for this app and shop is already in progress: {running}."
        );
        return refuse("OPERATION_IN_PROGRESS", Value::Null, &message);
    }
    let parsed = ExecutableDocument::parse_and_validate(schema(), query, "bulk.graphql");
    let document = match parsed {
        Ok(document) => document,
        Err(errors) => {
            return refuse(
                "INVALID",
                json!(["query"]),
                &format!("Invalid bulk query: {}", errors.errors),
            );
        }
    };
    if let Err(message) = rules::check(&document) {
        return refuse("INVALID", json!(["query"]), &message);
    }
    let id = shop.next_number();
    let fault = shop.faults.take(Stage::Bulk, None).pop();
    let due_at = (fault != Some(Fault::BulkStuck)).then(|| now + shop.options.bulk_duration);
    let group_objects = arguments["groupObjects"].as_bool().unwrap_or(false);
    let base_url = shop.base_url.clone();
    let query = query.to_owned();
    let job = Job {
        id,
        query,
        document,
        group_objects,
        created_at: now,
        due_at,
        fault,
        end: None,
        base_url,
    };
    let record = job.record(now);
    shop.jobs.jobs.insert(id, job);
    json!({ "bulkOperation": record, "userErrors": [] })
}

/// `bulkOperationCancel`.
pub(crate) fn cancel(shop: &mut Shop, arguments: &Value, now: Timestamp) -> Value {
    let id = arguments["id"]
        .as_str()
        .and_then(|id| find_number(id, "BulkOperation"));
    let Some(job) = id.and_then(|id| shop.jobs.jobs.get_mut(&id)) else {
        return json!({
            "bulkOperation": null,
            "userErrors": [{ "field": ["id"], "message": "Bulk operation does not exist" }],
        });
    };
    if job.end.is_some() {
        let message = "A bulk operation cannot be canceled when it is completed";
        return json!({ "bulkOperation": job.record(now), "userErrors": [{ "field": null, "message": message }] });
    }
    job.end = Some(End {
        status: "CANCELED",
        at: now,
        export: Export::default(),
    });
    let mut record = job.record(now);
    record["status"] = "CANCELING".into();
    json!({ "bulkOperation": record, "userErrors": [] })
}

/// Ends what is due; the snapshot is taken then, not when the job was accepted.
pub(crate) fn advance(shop: &mut Shop, now: Timestamp) {
    let due: Vec<u64> = shop
        .jobs
        .running()
        .filter(|job| job.due_at.is_some_and(|due| due <= now))
        .map(|job| job.id)
        .collect();
    for id in due {
        let Some(mut job) = shop.jobs.jobs.remove(&id) else {
            continue;
        };
        let status = match job.fault {
            Some(Fault::BulkFailed) => "FAILED",
            Some(Fault::BulkCanceled) => "CANCELED",
            _ => "COMPLETED",
        };
        let mut export = match status {
            "CANCELED" => Export::default(),
            _ => export::run(shop, &job.document, job.group_objects, now),
        };
        if status == "FAILED" {
            export.keep_half();
        }
        job.end = Some(End {
            status,
            at: now,
            export,
        });
        let finished = json!({
            "admin_graphql_api_id": job.gid(),
            "completed_at": now.to_string(),
            "created_at": job.created_at.to_string(),
            "error_code": (status == "FAILED").then_some("internal_server_error"),
            "status": status.to_lowercase(),
            "type": "query",
        });
        shop.jobs.jobs.insert(id, job);
        shop.note_body("bulk_operations/finish", finished);
    }
}
