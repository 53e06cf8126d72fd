//! The console in a real browser, as those who ship orders and those who run the installation use it.

mod every_page;
mod first_visit;
mod keyboard;
mod live;
mod sign_in;
