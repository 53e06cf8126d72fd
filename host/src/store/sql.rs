//! Sending a statement and reading its rows, the same way on both engines.

mod anonymous;

use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use super::{Engine, Error};

/// Runs `sql` and answers how many rows it touched.
pub(crate) async fn execute(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, Error> {
    let statement = statement(connection, sql, values);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}

/// Runs `sql`, which touches so many rows at once, until it touches none, and answers how many those were: each time is
/// a transaction of its own, so that others get their turn in between.
pub(crate) async fn execute_until_none(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value> + Clone,
) -> Result<u64, Error> {
    let mut touched = 0;
    loop {
        match execute(connection, sql, values.clone()).await? {
            0 => return Ok(touched),
            some => touched += some,
        }
    }
}

/// The first row, when there is one.
pub(crate) async fn find<Row: FromQueryResult>(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<Row>, Error> {
    let statement = statement(connection, sql, values);
    match connection.query_one_raw(statement).await? {
        Some(row) => Ok(Some(Row::from_query_result(&row, "")?)),
        None => Ok(None),
    }
}

/// All rows.
pub(crate) async fn list<Row: FromQueryResult>(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Row>, Error> {
    let statement = statement(connection, sql, values);
    let rows = connection.query_all_raw(statement).await?;
    let read = rows.iter().map(|row| Row::from_query_result(row, ""));
    Ok(read.collect::<Result<_, _>>()?)
}

fn statement(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    let backend = connection.get_database_backend();
    let values = values.into_iter().map(storable);
    match Engine::of(connection) {
        Engine::Postgres => Statement::from_sql_and_values(backend, sql, values),
        Engine::Sqlite => {
            let (sql, values) = anonymous::placeholders(sql, values);
            Statement::from_sql_and_values(backend, sql, values)
        }
    }
}

/// PostgreSQL takes no U+0000 in a text, so neither engine is given one: what others sent is stored all the same.
fn storable(value: Value) -> Value {
    match value {
        Value::String(Some(text)) if text.contains('\0') => {
            Value::from(text.replace('\0', "\u{fffd}"))
        }
        other => other,
    }
}

/// `$3, $4` for two values from `$3` on.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    let each = (first..first + count).map(|number| format!("${number}"));
    each.collect::<Vec<_>>().join(", ")
}
