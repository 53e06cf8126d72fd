//! `bestand adjust`: changes stock where it lies, through the adapter of its source.

use anyhow::bail;
use bestand_plugin_api::{LocationId, Quantity, Sku, StockChange, StockOperation, WriteOutcome};
use clap::Args;
use serde::Serialize;
use uuid::Uuid;

use super::context::{AccountArgument, Context};
use super::exit::{BadArguments, Exit};
use super::import::stock_writer::{StockWriter, note_daemon};
use super::output::OutputArguments;
use crate::operation::OperationState;

/// Who is said to have changed the stock.
const ACTOR: &str = "bestand adjust";

/// Change stock where it lies: in the built-in warehouse, or in a system whose source is written to
///
/// It is written down before it is sent. One whose answer is lost is unknown: look at `bestand operation list` before
/// it is tried again, or name `--operation-id` to try the same one again.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("change").required(true).args(["set", "by", "bring"]))]
pub struct Adjust {
    /// The source, by its id or name
    source: String,
    /// The article
    sku: Sku,
    /// The new number on hand
    #[arg(long, value_name = "QUANTITY")]
    set: Option<Quantity>,
    /// With `--set`: only if it is this number now
    #[arg(long, value_name = "QUANTITY", requires = "set")]
    expect: Option<Quantity>,
    /// How many more there are; negative for fewer
    #[arg(long, value_name = "QUANTITY", allow_hyphen_values = true)]
    by: Option<Quantity>,
    /// How many to bring to another source of the same connection
    #[arg(long = "move", value_name = "QUANTITY", requires = "to")]
    bring: Option<Quantity>,
    /// With `--move`: the source to bring them to, by its id or name
    #[arg(long, value_name = "SOURCE", requires = "bring")]
    to: Option<String>,
    /// Why, in a word
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Why, at length
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The same for every try of the same intent, so that it is done once; made up when it is left out
    #[arg(long, value_name = "ID")]
    operation_id: Option<String>,
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct Adjusted {
    operation_id: String,
    state: OperationState,
    reason: Option<String>,
}

// === impl Adjust ===

impl Adjust {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let config = context.config()?;
        let db = Context::open_store(&config).await?;
        let account = self.account.find(&db, &context.clock).await?;
        let writer = StockWriter::open(context, &config, db, account, ACTOR).await?;
        let source = writer.source(&self.source).map_err(BadArguments)?;
        let change = self.change(&writer)?;
        let id = self.operation_id.clone();
        let id = id.unwrap_or_else(|| Uuid::now_v7().to_string());
        let mut operation =
            StockOperation::new(id, self.sku.clone(), source.location_id.clone(), change);
        operation.reason.clone_from(&self.reason);
        operation.note.clone_from(&self.note);
        let adjusted = writer.write(source, vec![operation.clone()]).await;
        writer.close();
        let Some(outcome) = adjusted?.into_iter().next() else {
            bail!("the adapter did not answer");
        };
        let adjusted = Adjusted::of(operation.op_id, &outcome);
        self.output.one(&adjusted, Adjusted::text)?;
        note_daemon(&config)?;
        Ok(match outcome {
            WriteOutcome::Applied | WriteOutcome::Accepted => Exit::Done,
            _ => Exit::Failed,
        })
    }

    fn change(&self, writer: &StockWriter) -> anyhow::Result<StockChange> {
        Ok(match (self.set, self.by, self.bring, &self.to) {
            (Some(quantity), ..) => StockChange::Set {
                quantity,
                expected: self.expect,
            },
            (_, Some(delta), ..) => StockChange::Adjust { delta },
            (_, _, Some(quantity), Some(to)) => StockChange::Move {
                quantity,
                to: self.destination(writer, to)?,
            },
            _ => return Err(BadArguments("say `--set`, `--by` or `--move`".into()).into()),
        })
    }

    fn destination(&self, writer: &StockWriter, to: &str) -> anyhow::Result<LocationId> {
        let from = writer.source(&self.source).map_err(BadArguments)?;
        let to = writer.source(to).map_err(BadArguments)?;
        match to.connection_id == from.connection_id {
            true => Ok(to.location_id.clone()),
            false => Err(BadArguments(format!(
                "`{}` lies in another system; take it out here and put it in there",
                to.name
            ))
            .into()),
        }
    }
}

// === impl Adjusted ===

impl Adjusted {
    fn of(operation_id: String, outcome: &WriteOutcome) -> Self {
        let (state, reason) = OperationState::of(outcome);
        Self {
            operation_id,
            state,
            reason: reason.map(str::to_owned),
        }
    }

    fn text(&self) -> String {
        let reason = self.reason.as_ref().map(|reason| format!(": {reason}"));
        let (id, state) = (&self.operation_id, self.state);
        format!("{state} (operation {id}){}", reason.unwrap_or_default())
    }
}
