//! The database: SQLite by default, PostgreSQL by URL, one set of queries for both.
