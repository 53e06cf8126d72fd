//! Cases of users, on both engines.

mod people;
mod set_up;
mod sign_in;
mod visiting;

use std::time::Duration;

use bestand_plugin_api::Timestamp;

use super::*;
use crate::api_key::Role;
use crate::id::{AccountId, UserId};
use crate::store::testing::{account, on_both_engines};
use crate::user::{IDLE_MAX, LIFE_MAX, SESSIONS_PER_USER_MAX, SET_UP_TOKEN_LIFE, WeakPassword};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const PASSWORD: &str = "ein rotes Boot";
const OTHER_PASSWORD: &str = "zwei blaue Boote";

/// Users over `db`, with a clock that stands still.
fn users(db: &Db) -> (Users, Clock) {
    let clock = Clock::set_at(NOW);
    (Users::new(db.clone(), clock.clone()), clock)
}

/// A name that is nobody else's: PostgreSQL's schemas are fresh, and so are the files of SQLite.
async fn anna(users: &Users, account: AccountId, role: Role) -> User {
    users
        .add(account, "Anna", role, &PASSWORD.into())
        .await
        .unwrap()
}

fn from(address: &str) -> From {
    From {
        address: address.parse().ok(),
        agent: "Firefox".into(),
    }
}

async fn sign_in(users: &Users, name: &str) -> SignedIn {
    users
        .sign_in(name, &PASSWORD.into(), &from("192.0.2.1"))
        .await
        .unwrap()
}

/// Why a sign-in with this password is refused, in words.
async fn refusal(users: &Users, name: &str, password: &str) -> String {
    let signed_in = users
        .sign_in(name, &password.into(), &from("192.0.2.1"))
        .await;
    signed_in.unwrap_err().to_string()
}

async fn is_there(users: &Users, signed_in: &SignedIn) -> bool {
    users
        .visitor(signed_in.token.reveal())
        .await
        .unwrap()
        .is_some()
}
