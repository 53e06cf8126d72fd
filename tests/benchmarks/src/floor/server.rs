//! The floors of availability: bare axum endpoints, in a process of their own.

use std::collections::HashMap;
use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use bestand_flood::article;
use bytes::Bytes;
use clap::Args;
use tokio::net::TcpListener;

use super::answer::{Answer, Ask, Known, Sample};

/// Where the same bytes are returned, whatever is asked.
pub(crate) const SAME_BYTES: &str = "/same-bytes";
/// Where the body is read and answered out of a hash map.
pub(crate) const HASH_MAP: &str = "/hash-map";

/// Serves the floors until it is killed; says on stdout where.
#[derive(Debug, Args)]
pub(crate) struct Floor {
    /// How many levels the hash map holds
    #[arg(long)]
    levels: u64,
    /// The daemon's own answer, which is what the floors answer
    #[arg(long)]
    sample: PathBuf,
}

struct Floors {
    levels: HashMap<String, Known>,
    sample: Sample,
    bytes: Bytes,
}

// === impl Floor ===

impl Floor {
    pub(crate) fn serve(self) -> anyhow::Result<()> {
        let floors = Arc::new(self.floors()?);
        let router = Router::new()
            .route(SAME_BYTES, post(same_bytes))
            .route(HASH_MAP, post(from_hash_map))
            .with_state(floors);
        tokio::runtime::Runtime::new()?.block_on(async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            crate::report::say(&listener.local_addr()?.to_string())?;
            let listener = listener.tap_io(|stream| {
                // Without it the floor would only be slower.
                let _ = stream.set_nodelay(true);
            });
            Ok(axum::serve(listener, router).await?)
        })
    }

    fn floors(&self) -> anyhow::Result<Floors> {
        let bytes = fs::read(&self.sample)?;
        let level = |n| (article::sku(n).to_string(), Known::of(n));
        Ok(Floors {
            levels: (0..self.levels).map(level).collect(),
            sample: serde_json::from_slice(&bytes)?,
            bytes: bytes.into(),
        })
    }
}

async fn same_bytes(State(floors): State<Arc<Floors>>) -> impl IntoResponse {
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], floors.bytes.clone())
}

async fn from_hash_map(State(floors): State<Arc<Floors>>, Json(ask): Json<Ask>) -> Response {
    Json(Answer::of(&floors.sample, &ask, &floors.levels)).into_response()
}
