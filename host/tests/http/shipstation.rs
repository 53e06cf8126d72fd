//! ShipStation's APIs as tools speak them. What is written to stock is tried with the real program, end to end.

#[path = "shipstation/doors.rs"]
mod doors;
#[path = "shipstation/inventory.rs"]
mod inventory;
#[path = "shipstation/orders.rs"]
mod orders;
#[path = "shipstation/pace.rs"]
mod pace;
#[path = "shipstation/published.rs"]
mod published;
#[path = "shipstation/registration.rs"]
mod registration;
#[path = "shipstation/warehouses.rs"]
mod warehouses;
