//! Bringing the tables up to date: numbered files, one set for both engines, each run once.
//!
//! The files differ between engines only in a few words, written `{uuid}`, `{bytes}`, `{sku}` and `{by_key}`.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{Db, Engine, Error, Tx, sql};

/// A change of the tables.
struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
}

macro_rules! migrations {
    ($($number:literal $name:literal)+) => {
        &[$(Migration {
            number: $number,
            name: $name,
            sql: include_str!(concat!("migrations/", $name, ".sql")),
        }),+]
    };
}

/// All of them, by number; a number is never used twice and a released file never edited. What is missing in a database
/// is made up for, also where a later number came before.
const MIGRATIONS: &[Migration] = migrations![
    1 "001_accounts"
    2 "002_connections"
    3 "003_stock"
    4 "004_plugin_state"
    5 "005_orders"
    6 "006_idempotency"
    7 "007_users"
    8 "008_search"
    9 "009_activity"
    10 "010_shipstation"
    11 "011_level_counts"
    12 "012_partners"
    13 "013_events"
    14 "014_webhooks"
    15 "015_inbound"
    16 "016_stock_operations"
    17 "017_directions"
    18 "018_told_verdicts"
    19 "019_low_stock"
    20 "020_registrations"
    23 "023_history_by_source"
    24 "024_drift"
    25 "025_buffer_share"
    26 "026_sku_aliases"
    27 "027_kits"
    28 "028_allocations"
    29 "029_stock_takes"
    30 "030_reconcile"
];

/// Names this lock among PostgreSQL's advisory locks, so that two daemons do not migrate at once.
const POSTGRES_LOCK: i64 = 0x6265_7374_616e_6400;

#[derive(FromQueryResult)]
struct Done {
    number: i64,
}

/// Brings the tables of `db` up to date, all in one transaction.
pub(super) async fn run(db: &Db) -> Result<(), Error> {
    let engine = db.engine();
    db.write(async |tx| {
        let done = done_so_far(tx, engine).await?;
        // Both are in the order of their numbers.
        let found = done.last().copied().unwrap_or(0);
        let known = MIGRATIONS.last().map_or(0, |migration| migration.number);
        if found > known {
            return Err(Error::Newer { found, known });
        }
        let is_missing = |migration: &&Migration| !done.contains(&migration.number);
        for migration in MIGRATIONS.iter().filter(is_missing) {
            apply(tx, engine, migration).await?;
        }
        Ok(())
    })
    .await
}

/// The numbers of those that this database has.
async fn done_so_far(tx: &Tx, engine: Engine) -> Result<BTreeSet<i64>, Error> {
    if engine == Engine::Postgres {
        let lock = "select pg_advisory_xact_lock($1)";
        sql::execute(tx, lock, [POSTGRES_LOCK.into()]).await?;
    }
    let table =
        "create table if not exists migrations (number bigint primary key, name text not null)";
    tx.execute_unprepared(table).await?;
    let done: Vec<Done> = sql::list(tx, "select number from migrations", []).await?;
    Ok(done.into_iter().map(|done| done.number).collect())
}

async fn apply(tx: &Tx, engine: Engine, migration: &Migration) -> Result<(), Error> {
    tx.execute_unprepared(&spelled_for(engine, migration.sql))
        .await?;
    let record = "insert into migrations (number, name) values ($1, $2)";
    let values = [migration.number.into(), migration.name.into()];
    sql::execute(tx, record, values).await?;
    Ok(())
}

/// The file in the words of `engine`.
fn spelled_for(engine: Engine, sql: &str) -> String {
    let [uuid, bytes, sku, by_key] = match engine {
        // Rows lie in the tree of their key, instead of in one tree with a second for the key.
        Engine::Sqlite => ["blob", "blob", "text", " without rowid"],
        // In the order of their bytes, as SQLite does and as Rust compares.
        Engine::Postgres => ["uuid", "bytea", "text collate \"C\"", ""],
    };
    sql.replace("{uuid}", uuid)
        .replace("{bytes}", bytes)
        .replace("{sku}", sku)
        .replace("{by_key}", by_key)
}

#[cfg(test)]
mod tests {
    use super::super::testing::on_both_engines;
    use super::*;

    on_both_engines! {
        async fn opening_again_changes_nothing(db) {
            run(db).await.unwrap();
            let done = db.write(async |tx| done_so_far(tx, db.engine()).await).await;
            assert!(done.unwrap().into_iter().eq(MIGRATIONS.iter().map(|known| known.number)));
        }

        async fn what_was_left_out_is_made_up_for(db) {
            for undo in [
                "drop index stock_history_by_source",
                "delete from migrations where number = 23",
            ] {
                sql::execute(db.writer(), undo, []).await.unwrap();
            }
            run(db).await.unwrap();
            sql::execute(db.writer(), "drop index stock_history_by_source", []).await.expect("it is there");
        }

        async fn a_database_of_a_newer_release_is_refused(db) {
            let sql = "insert into migrations (number, name) values (9999, 'later')";
            sql::execute(db.writer(), sql, []).await.unwrap();
            let refused = run(db).await.unwrap_err().to_string();
            assert!(refused.contains("is at version 9999"), "{refused}");
        }
    }

    #[test]
    fn every_file_has_its_number_in_order_and_opens_with_why() {
        for (index, migration) in MIGRATIONS.iter().enumerate() {
            assert!(
                migration
                    .name
                    .starts_with(&format!("{:03}_", migration.number))
            );
            assert!(index == 0 || MIGRATIONS[index - 1].number < migration.number);
            assert!(migration.sql.starts_with("-- "), "{}", migration.name);
        }
    }
}
