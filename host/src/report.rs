//! What is known as flat rows, for spreadsheets and scripts: the same from a command and from the API.

pub mod csv;
pub mod drift;
pub mod history;
pub mod ledger;
pub mod level;
pub mod low_stock;
pub mod order;
pub mod stock_take;
