//! The console in a real browser, as those who ship orders and those who run the installation use it.

mod api_keys;
mod connections;
mod every_page;
mod first_visit;
mod german;
mod keyboard;
mod live;
mod plugins;
mod products;
mod sign_in;
mod stock;
mod without_script;
