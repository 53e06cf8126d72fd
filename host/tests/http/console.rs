//! The console's pages and forms, asked as a browser without script asks them.

#[path = "console/activity.rs"]
mod activity;
#[path = "console/api_keys.rs"]
mod api_keys;
#[path = "console/articles.rs"]
mod articles;
#[path = "console/buffer.rs"]
mod buffer;
#[path = "console/connections.rs"]
mod connections;
#[path = "console/drift.rs"]
mod drift;
#[path = "console/form.rs"]
mod form;
#[path = "console/history.rs"]
mod history;
#[path = "console/low_stock.rs"]
mod low_stock;
#[path = "console/me.rs"]
mod me;
#[path = "console/moving.rs"]
mod moving;
#[path = "console/page.rs"]
mod page;
#[path = "console/person.rs"]
mod person;
#[path = "console/plugins.rs"]
mod plugins;
#[path = "console/products.rs"]
mod products;
#[path = "console/roles.rs"]
mod roles;
#[path = "console/routes.rs"]
mod routes;
#[path = "console/same_site.rs"]
mod same_site;
#[path = "console/set_up.rs"]
mod set_up;
#[path = "console/sign_in.rs"]
mod sign_in;
#[path = "console/users.rs"]
mod users;
#[path = "console/webhooks.rs"]
mod webhooks;
