//! Connections made and synced, stock written, ship-from locations linked, and a key to look at it all.

use std::time::Duration;

use anyhow::{Context, bail};
use bestand_plugin_api::{Quantity, Sku, StockChange, StockOperation, WriteOutcome};
use uuid::Uuid;

use super::scenario::{Connection as Wanted, Scenario, ShipFrom, WrittenStock};
use crate::allocation::AllocationMode;
use crate::api_key::{NewApiKey, Role};
use crate::connection::state::ConnectionState;
use crate::connection::{Connection, NewConnection};
use crate::daemon::Parts;
use crate::id::ShipFromId;
use crate::ship_from::{Buffer, Policy, ShipFromLocation};
use crate::source::InventorySource;
use crate::store;

/// How long a first sync may take.
const SYNC_DEADLINE: Duration = Duration::from_secs(120);
/// Operations handed over at once.
const OPERATIONS_AT_ONCE: usize = 5_000;

/// Sets the stage; answers `key:secret` of an administrator.
pub(super) async fn set(
    parts: &Parts,
    scenario: &Scenario,
    say: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<String> {
    let mut connections = Vec::new();
    for wanted in &scenario.connections {
        say(&format!("connecting {}", wanted.name));
        connections.push(connect(parts, wanted).await?);
    }
    for connection in &connections {
        synced(parts, connection).await?;
    }
    for stock in &scenario.stock {
        say(&format!("stocking {}", stock.connection));
        write(parts, &connections, stock).await?;
    }
    for (place, ship_from) in scenario.ship_from_locations.iter().enumerate() {
        link(parts, &connections, ship_from, place == 0).await?;
    }
    let new = NewApiKey {
        name: "demo".into(),
        role: Role::Admin,
        partner: None,
        expires_at: None,
    };
    let made = parts
        .keyring
        .create(parts.account.id, new, parts.clock.now())
        .await?;
    Ok(format!("{}:{}", made.api_key.key, made.secret.reveal()))
}

async fn connect(parts: &Parts, wanted: &Wanted) -> anyhow::Result<Connection> {
    let new = NewConnection {
        name: wanted.name.clone(),
        adapter: wanted.adapter.clone(),
        settings: wanted.settings.clone(),
        secrets: wanted.secrets.clone(),
        allow_private_network: true,
        paused: false,
        sync_interval_secs: None,
        reconcile_secs: None,
    };
    let made = parts.connections.add(parts.account.id, new).await;
    made.with_context(|| format!("connection `{}` cannot be made", wanted.name))
}

/// Waits until a first sync is done.
async fn synced(parts: &Parts, connection: &Connection) -> anyhow::Result<()> {
    let name = &connection.name;
    let mut status = parts
        .connections
        .watch(connection.id)
        .with_context(|| format!("`{name}` does not run"))?;
    let settled = status.wait_for(|status| match &status.state {
        ConnectionState::Ready => status.last_sync_at.is_some(),
        ConnectionState::NeedsAttention { .. } => true,
        _ => false,
    });
    let settled = tokio::time::timeout(SYNC_DEADLINE, settled).await;
    let settled = settled.with_context(|| format!("`{name}` was not synced in time"))??;
    if let ConnectionState::NeedsAttention { reason, advice, .. } = &settled.state {
        bail!("`{name}` needs attention: {reason}; {advice}");
    }
    Ok(())
}

async fn write(
    parts: &Parts,
    connections: &[Connection],
    stock: &WrittenStock,
) -> anyhow::Result<()> {
    let source = source(parts, connections, &stock.connection, "").await?;
    let operation = |(sku, quantity): &(String, i64)| {
        let change = StockChange::Set {
            quantity: Quantity::units(*quantity),
            expected: None,
        };
        let op_id = Uuid::now_v7().to_string();
        let location = source.location_id.clone();
        let operation = StockOperation::new(op_id, Sku::new(sku)?, location, change);
        anyhow::Ok(operation.with_reason("demo"))
    };
    let operations = stock
        .levels
        .iter()
        .map(operation)
        .collect::<Result<Vec<_>, _>>()?;
    for operations in operations.chunks(OPERATIONS_AT_ONCE) {
        let outcomes = parts
            .connections
            .write_stock(parts.account.id, "demo", &source, operations.to_vec())
            .await?;
        let not_done = |outcome: &&WriteOutcome| {
            !matches!(outcome, WriteOutcome::Applied | WriteOutcome::Accepted)
        };
        if let Some(WriteOutcome::Rejected { reason } | WriteOutcome::Unknown { reason }) =
            outcomes.iter().find(not_done)
        {
            bail!("`{}` refuses the demo's stock: {reason}", stock.connection);
        }
    }
    Ok(())
}

async fn link(
    parts: &Parts,
    connections: &[Connection],
    wanted: &ShipFrom,
    is_default: bool,
) -> anyhow::Result<()> {
    let source = source(parts, connections, &wanted.connection, &wanted.source).await?;
    let location = ShipFromLocation {
        allocation: AllocationMode::default(),
        id: ShipFromId::new(),
        account_id: parts.account.id,
        name: wanted.name.clone(),
        address: Some(wanted.address.clone()),
        is_default,
        policy: Policy::Warn,
        buffer: Buffer::NONE,
        source_id: Some(source.id),
        version: 1,
        created_at: parts.clock.now(),
    };
    Ok(store::ship_from::insert(&parts.db, &location).await?)
}

async fn source(
    parts: &Parts,
    connections: &[Connection],
    connection: &str,
    name: &str,
) -> anyhow::Result<InventorySource> {
    let known = connections.iter().find(|known| known.name == connection);
    let known = known.with_context(|| format!("the demo has no connection `{connection}`"))?;
    let sources = store::source::list_of_connection(&parts.db, parts.account.id, known.id).await?;
    let found = sources
        .into_iter()
        .find(|source| name.is_empty() || source.name == name);
    found.with_context(|| format!("`{connection}` offers no source `{name}`"))
}
