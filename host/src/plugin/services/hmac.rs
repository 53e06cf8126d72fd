//! Signatures are checked here, where the secrets are.

use bestand_plugin_api::call::host::HmacClaim;
use bestand_plugin_api::{AdapterError, Result};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Call;

/// Whether one of the named secrets made the signature; compared in constant time.
pub(super) fn verify(call: &Call, claim: &HmacClaim) -> Result<bool> {
    let session = call.session()?;
    let secrets: Vec<_> = claim
        .secrets
        .iter()
        .filter_map(|name| session.secrets.get(name))
        // Anybody can sign with an empty key.
        .filter(|secret| !secret.is_empty())
        .collect();
    if secrets.is_empty() {
        let named = claim.secrets.join("`, `");
        return Err(AdapterError::config(
            named.clone(),
            format!("the connection has no secret `{named}`"),
        ));
    }
    Ok(secrets.iter().any(|secret| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(&claim.data);
        mac.verify_slice(&claim.signature).is_ok()
    }))
}
