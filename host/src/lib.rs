//! Bestand answers, for every order about to ship, whether the stock is there.
//!
//! `config → plugin → adapter → connection → inventory sources → stock levels → ship-from location → verdict on an
//! order → JSON, page, event`: each step is one type, made in one file and used by the next. In reading order:

pub mod config;

pub mod clip;
pub mod clock;
pub mod heading;
pub mod id;
pub mod json_stream;
pub mod public_internet;
pub mod search;
pub mod secret;
pub mod telemetry;

pub mod store;

pub mod account;
pub mod activity;
pub mod api_key;
pub mod article;
pub mod user;

pub mod plugin;

pub mod connection;
pub mod operation;
pub mod source;
pub mod stock;
pub mod sync;

pub mod event_log;

pub mod order;
pub mod partner;
pub mod ship_from;

pub mod allocation;
pub mod availability;
pub mod explanation;
pub mod live_query;
pub mod product;
pub mod report;
pub mod stock_take;
pub mod verdict;

pub mod webhook;

pub mod daemon;
pub mod demo;
pub mod http;
pub mod running;

pub mod cli;
