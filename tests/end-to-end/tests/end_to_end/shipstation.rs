//! ShipStation's APIs at the real program: stock that is written through them, and clients that know nothing of us.

mod clients;
mod inventory;
mod registration;
mod tool;
mod visits;
