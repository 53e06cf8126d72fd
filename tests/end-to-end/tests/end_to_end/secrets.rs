//! Secrets are never shown: every site checks its log, states, answers and database for them when it ends. Here it is
//! proven that the check finds what leaks, and that secrets survive a restart without being readable.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bestand::secret::key::Key;
use bestand::secret::vault::Vault;

use crate::support::{FinaleSystem, Site};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_in_the_log_or_the_database_does_not_go_unnoticed() {
    let logged = Site::with(&[]);
    tracing::debug!("the key is {}", logged.secrets.make());
    assert!(catch_unwind(AssertUnwindSafe(|| drop(logged))).is_err());

    let stored = Site::with(&[]);
    let life = stored.start().await;
    drop(life);
    let file = &stored.database.files()[0];
    std::fs::write(file.with_extension("note"), stored.secrets.make()).unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(stored))).is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stored_secrets_open_with_the_same_key_and_with_no_other() {
    let mut site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    let connection = {
        let life = site.start().await;
        life.connect(system.connection()).await
    };
    let right = site.vault.clone();
    site.vault = Vault::new(&Key::generate());
    {
        let life = site.start().await;
        let (reason, advice) = life.needs_attention(connection.id).await;
        assert!(
            reason.contains("set `store.key` to the key it was sealed with"),
            "{reason}"
        );
        assert!(advice.contains("correct `secrets.api_"), "{advice}");
    }
    site.vault = right;
    let life = site.start().await;
    life.ready(connection.id).await;
}
