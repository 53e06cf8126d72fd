//! Partners that register themselves, so that they are asked for levels: the first registration makes the connection,
//! and each later one brings the credentials that it uses from then on.

use std::collections::BTreeMap;

use bestand_plugin_api::Manifest;
use serde_json::Value;

use super::Connections;
use super::edit::{EditError, NewConnection};
use super::record::Connection;
use crate::config::registration::Registration;
use crate::id::AccountId;
use crate::secret::SecretText;
use crate::store::Error;
use crate::store::connection::registered;

/// Longest token or key taken, in bytes: signed tokens have a few thousand, and they travel in every request.
const CREDENTIAL_BYTES_MAX: usize = 8 << 10;

/// What a partner hands over, so that its system lets this daemon in. One that is empty is none.
#[derive(Debug)]
pub struct Credentials {
    /// Its token.
    pub token: Option<SecretText>,
    /// Its key.
    pub key: Option<SecretText>,
}

/// What became of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// It made the connection.
    Made,
    /// It brought the connection other credentials.
    Changed,
    /// It said what was known.
    Same,
}

/// Why a registration was not taken.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The adapter does not say what becomes of the credentials.
    #[error(
        "adapter `{0}` takes no registrations; whoever runs the installation names another one in `[[registration]]`"
    )]
    NotTaken(String),
    /// There are no credentials that the adapter has a use for.
    #[error("a token or a key is needed by which the partner's system lets this daemon in")]
    NoCredentials,
    /// A credential is too long to be one.
    #[error("a token or key may have {CREDENTIAL_BYTES_MAX} bytes")]
    TooLong,
    /// The connection cannot be made or changed.
    #[error(transparent)]
    Edit(#[from] EditError),
}

// === impl Connections ===

impl Connections {
    /// Takes a registration of this partner. A connection that is there keeps its settings and stays paused if it is.
    ///
    /// # Errors
    /// See [`RegisterError`].
    pub async fn register(
        &self,
        account: AccountId,
        partner: &Registration,
        credentials: &Credentials,
    ) -> Result<(Connection, Registered), RegisterError> {
        if let Some(known) = self.registered(account, partner).await? {
            return self.take_over(known, partner, credentials).await;
        }
        let made = self.make_registered(account, partner, partner.name.clone(), credentials);
        let made = made.await;
        let Err(RegisterError::Edit(EditError::Store(Error::Conflict { .. }))) = made else {
            return Ok((made?, Registered::Made));
        };
        // Another registration was first, or a connection of an operator has the name.
        if let Some(known) = self.registered(account, partner).await? {
            return self.take_over(known, partner, credentials).await;
        }
        let name = format!("{} (registered)", partner.name);
        let made = self.make_registered(account, partner, name, credentials);
        Ok((made.await?, Registered::Made))
    }

    async fn registered(
        &self,
        account: AccountId,
        partner: &Registration,
    ) -> Result<Option<Connection>, EditError> {
        let db = &self.shared.surroundings.db;
        Ok(registered::find(db, account, &partner.api_code).await?)
    }

    async fn make_registered(
        &self,
        account: AccountId,
        partner: &Registration,
        name: String,
        credentials: &Credentials,
    ) -> Result<Connection, RegisterError> {
        let manifest = self.manifest(&partner.adapter)?;
        let new = NewConnection {
            name,
            adapter: partner.adapter.clone(),
            settings: Value::Object(partner.settings.clone()),
            secrets: secrets_of(&manifest, credentials)?,
            allow_private_network: partner.allow_private_network,
            paused: false,
            sync_interval_secs: None,
            reconcile_secs: None,
        };
        let (record, secrets) = self.draft(Some(&partner.name), account, new).await?;
        let db = &self.shared.surroundings.db;
        let stored = registered::insert(db, &record, &secrets, &partner.api_code).await;
        stored.map_err(EditError::from)?;
        self.start(record.clone());
        Ok(record)
    }

    /// Gives a connection these credentials and the partner's name, and starts it anew if it had others.
    async fn take_over(
        &self,
        known: Connection,
        partner: &Registration,
        credentials: &Credentials,
    ) -> Result<(Connection, Registered), RegisterError> {
        let manifest = self.manifest(&known.adapter)?;
        let mut secrets = secrets_of(&manifest, credentials)?;
        // What cannot be opened is not the same.
        let held = self.secrets(&known).await.unwrap_or_default();
        secrets.retain(|name, secret| held.get(name) != Some(&*secret));
        let named = known.partner.as_ref() == Some(&partner.name);
        if secrets.is_empty() && named {
            return Ok((known, Registered::Same));
        }
        let changed = Connection {
            partner: Some(partner.name.clone()),
            updated_at: self.shared.surroundings.clock.now(),
            ..known.clone()
        };
        let sealed = self.seal(&known, &secrets);
        let stored = self.store_change(&known, &changed, &sealed).await;
        let stored = stored.map_err(EditError::from)?;
        self.start(stored.clone());
        Ok((stored, Registered::Changed))
    }
}

/// The secrets that these credentials become, by the adapter's names.
fn secrets_of(
    manifest: &Manifest,
    credentials: &Credentials,
) -> Result<BTreeMap<String, SecretText>, RegisterError> {
    let Some(registration) = &manifest.registration else {
        return Err(RegisterError::NotTaken(manifest.id.clone()));
    };
    let mut secrets = BTreeMap::new();
    for (names, given) in [
        (&registration.token, &credentials.token),
        (&registration.key, &credentials.key),
    ] {
        let Some(given) = given.as_ref().filter(|given| !given.is_empty()) else {
            continue;
        };
        if given.reveal().len() > CREDENTIAL_BYTES_MAX {
            return Err(RegisterError::TooLong);
        }
        secrets.extend(names.iter().map(|name| (name.clone(), given.clone())));
    }
    match secrets.is_empty() {
        true => Err(RegisterError::NoCredentials),
        false => Ok(secrets),
    }
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::Registration as Filled;

    use super::*;

    fn manifest(registration: Option<Filled>) -> Manifest {
        let mut manifest = Manifest::new("shelf", "Shelf", "1.0.0");
        manifest.registration = registration;
        manifest
    }

    fn given(token: &str, key: &str) -> Credentials {
        Credentials {
            token: Some(token.into()),
            key: Some(key.into()),
        }
    }

    #[test]
    fn credentials_become_the_secrets_that_the_manifest_names() {
        let manifest = manifest(Some(Filled::new(
            ["password", "access_token"],
            ["username"],
        )));
        let secrets = secrets_of(&manifest, &given("t", "k")).unwrap();
        let secrets: Vec<(&str, &str)> = secrets
            .iter()
            .map(|(name, secret)| (name.as_str(), secret.reveal()))
            .collect();
        let expected = [("access_token", "t"), ("password", "t"), ("username", "k")];
        assert_eq!(secrets, expected);
        let only_key = secrets_of(&manifest, &given("", "k")).unwrap();
        assert_eq!(only_key.keys().collect::<Vec<_>>(), ["username"]);
    }

    #[test]
    fn credentials_that_become_nothing_are_refused() {
        let check = |registration, token: &str, key: &str, expected: &str| {
            let refused = secrets_of(&manifest(registration), &given(token, key));
            let refused = refused.unwrap_err().to_string();
            assert!(refused.contains(expected), "{refused}");
        };
        check(None, "t", "k", "takes no registrations");
        let by_key = || Some(Filled::new([], ["api_key"]));
        check(by_key(), "t", "", "a token or a key is needed");
        check(by_key(), "t", &"k".repeat(8193), "8192 bytes");
    }
}
