//! An order's question to `POST /availability`, and whether the answer is right.

use anyhow::{Context, ensure};
use bestand_flood::article;
use serde_json::{Value, json};

use crate::load::post;

/// Where availability is asked for.
pub(crate) const PATH: &str = "/api/v1/availability";

/// Some articles, one of each.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    articles: Vec<u64>,
}

/// Who asks, and for which ship-from location.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    pub(crate) key: String,
    pub(crate) secret: String,
    pub(crate) ship_from: String,
}

// === impl Question ===

impl Question {
    pub(crate) fn of_articles(articles: Vec<u64>) -> Self {
        Self { articles }
    }

    /// Refuses an answer that is not the right one.
    pub(crate) fn check(&self, answer: &[u8]) -> anyhow::Result<()> {
        let answer: Value = serde_json::from_slice(answer).context("the answer is no JSON")?;
        ensure!(
            answer["verdict"] == "can_ship",
            "the verdict is wrong: {answer}"
        );
        let lines = answer["lines"]
            .as_array()
            .context("the answer has no lines")?;
        ensure!(
            lines.len() == self.articles.len(),
            "lines are missing: {answer}"
        );
        for (line, n) in lines.iter().zip(&self.articles) {
            let right = line["sku"] == article::sku(*n).as_str()
                && line["available"] == article::available(*n)
                && line["on_hand"] == article::on_hand(*n)
                && line["stale"] == false;
            ensure!(right, "this line is wrong: {line}");
        }
        Ok(())
    }
}

// === impl Asker ===

impl Asker {
    /// The whole request to the daemon.
    pub(crate) fn request(&self, question: &Question) -> Vec<u8> {
        self.request_to(PATH, question)
    }

    /// The same to another path.
    pub(crate) fn request_to(&self, path: &str, question: &Question) -> Vec<u8> {
        let item = |n: &u64| json!({ "sku": article::sku(*n), "quantity": 1 });
        let items: Vec<Value> = question.articles.iter().map(item).collect();
        let body = json!({ "ship_from_location_id": self.ship_from, "items": items });
        post(path, Some((&self.key, &self.secret)), &body.to_string())
    }
}
