//! Cases of the keyring, on both engines.

use super::*;
use crate::store::testing::{account, on_both_engines};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const HOUR: Duration = Duration::from_secs(3600);

fn reader() -> NewApiKey {
    NewApiKey {
        name: "dashboard".into(),
        role: Role::Reader,
        partner: Some("finale".into()),
        expires_at: Some(NOW.after(24 * HOUR)),
    }
}

async fn refusal(keyring: &Keyring, key: &str, secret: &str, now: Timestamp) -> String {
    keyring
        .authenticate(key, secret, now)
        .await
        .unwrap_err()
        .to_string()
}

on_both_engines! {
    async fn the_bearer_of_a_pair_is_known_and_nobody_else(db) {
        let (keyring, account) = (Keyring::new(db.clone()), account(db).await);
        let Issued { api_key, secret } = keyring.create(account, reader(), NOW).await.unwrap();
        let caller = keyring.authenticate(&api_key.key, secret.reveal(), NOW).await.unwrap();
        assert_eq!((caller.account_id, caller.role), (account, Role::Reader));
        assert_eq!(caller.partner.as_deref(), Some("finale"));
        for (key, secret) in [(&*api_key.key, "bs_guess"), ("bk_guess", secret.reveal()), ("", "")] {
            assert_eq!(refusal(&keyring, key, secret, NOW).await, "the API key or its secret is wrong");
        }
    }

    async fn a_secret_does_not_show_in_debug_output(db) {
        let issued = Keyring::new(db.clone()).create(account(db).await, reader(), NOW).await.unwrap();
        assert!(issued.secret.reveal().starts_with("bs_") && issued.secret.reveal().len() > 40);
        assert!(!format!("{issued:?}").contains(issued.secret.reveal()));
    }

    async fn a_second_look_needs_no_query(db) {
        let (keyring, account) = (Keyring::new(db.clone()), account(db).await);
        let Issued { api_key, secret } = keyring.create(account, reader(), NOW).await.unwrap();
        assert!(keyring.authenticate_held(&api_key.key, secret.reveal(), NOW).is_none());
        keyring.authenticate(&api_key.key, secret.reveal(), NOW).await.unwrap();
        assert!(keyring.authenticate_held(&api_key.key, secret.reveal(), NOW).unwrap().is_ok());
        assert!(keyring.authenticate_held(&api_key.key, "bs_guess", NOW).unwrap().is_err());
    }

    async fn a_regenerated_secret_works_at_once_and_the_old_one_until_its_grace_ends(db) {
        let (keyring, account) = (Keyring::new(db.clone()), account(db).await);
        let old = keyring.create(account, reader(), NOW).await.unwrap();
        let key = &old.api_key.key;
        keyring.authenticate(key, old.secret.reveal(), NOW).await.unwrap();
        let new = keyring.regenerate(account, old.api_key.id, HOUR, NOW).await.unwrap();
        assert_eq!(&new.api_key.key, key);
        keyring.authenticate(key, new.secret.reveal(), NOW).await.unwrap();
        keyring.authenticate(key, old.secret.reveal(), NOW).await.unwrap();
        let later = NOW.after(HOUR);
        keyring.authenticate(key, new.secret.reveal(), later).await.unwrap();
        assert_eq!(refusal(&keyring, key, old.secret.reveal(), later).await, "the API key or its secret is wrong");
    }

    async fn a_revoked_or_expired_key_is_refused_at_once_with_the_reason(db) {
        let (keyring, account) = (Keyring::new(db.clone()), account(db).await);
        let Issued { api_key, secret } = keyring.create(account, reader(), NOW).await.unwrap();
        keyring.authenticate(&api_key.key, secret.reveal(), NOW).await.unwrap();
        let late = NOW.after(24 * HOUR);
        assert!(refusal(&keyring, &api_key.key, secret.reveal(), late).await.contains("has expired"));
        keyring.revoke(account, api_key.id, NOW).await.unwrap();
        assert!(refusal(&keyring, &api_key.key, secret.reveal(), NOW).await.contains("was revoked"));
        assert!(keyring.regenerate(account, api_key.id, HOUR, NOW).await.is_err());
    }

    async fn what_another_process_revokes_is_seen_within_seconds(db) {
        let (keyring, account) = (Keyring::new(db.clone()), account(db).await);
        let Issued { api_key, secret } = keyring.create(account, reader(), NOW).await.unwrap();
        keyring.authenticate(&api_key.key, secret.reveal(), NOW).await.unwrap();
        Keyring::new(db.clone()).revoke(account, api_key.id, NOW).await.unwrap();
        let soon = NOW.after(TRUSTED_FOR);
        assert!(refusal(&keyring, &api_key.key, secret.reveal(), soon).await.contains("was revoked"));
    }

    async fn the_last_use_is_kept_to_the_minute(db) {
        let (keyring, account) = (Keyring::new(db.clone()), account(db).await);
        let Issued { api_key, secret } = keyring.create(account, reader(), NOW).await.unwrap();
        for (after_secs, kept_secs) in [(0, 0), (30, 0), (90, 90)] {
            let now = NOW.after(Duration::from_secs(after_secs));
            keyring.authenticate(&api_key.key, secret.reveal(), now).await.unwrap();
            let kept = keyring.find(account, api_key.id).await.unwrap().last_used_at;
            assert_eq!(kept, Some(NOW.after(Duration::from_secs(kept_secs))));
        }
    }

    async fn keys_of_another_account_are_out_of_reach(db) {
        let (keyring, mine, other) = (Keyring::new(db.clone()), account(db).await, account(db).await);
        let Issued { api_key, .. } = keyring.create(mine, reader(), NOW).await.unwrap();
        assert!(keyring.revoke(other, api_key.id, NOW).await.is_err());
        assert!(keyring.list(other).await.unwrap().is_empty());
        assert_eq!(keyring.list(mine).await.unwrap(), [api_key]);
    }

    async fn a_key_can_be_checked_from_any_task(db) {
        let keyring = Keyring::new(db.clone());
        let task = tokio::spawn(async move { keyring.authenticate("bk_", "bs_", NOW).await });
        assert!(matches!(task.await.unwrap(), Err(Refused::Wrong)));
    }
}
