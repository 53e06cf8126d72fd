//! The program as a supervisor sees it: started, asked how it is, told to stop, and refused when it cannot run.

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::support::install::enabling;
use crate::support::{FinaleSystem, Install};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_says_that_it_is_well_and_stops_when_told_to() {
    let install = Install::with(&["warehouse", "finale", "shopify"]);
    let daemon = install.serve().await;
    let client = Client::new();
    let ask = async |path: &str| {
        let answer = client
            .get(format!("{}{path}", daemon.api.url()))
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(ask("/healthz").await.0, 200);
    assert_eq!(ask("/readyz").await.0, 200);
    let (status, metrics) = ask("/metrics").await;
    assert!(status == 200 && metrics.contains("bestand_"), "{metrics}");
    let (status, document) = ask("/openapi.json").await;
    assert!(
        status == 200 && document.contains("\"openapi\":\"3.1"),
        "{status}"
    );
    let adapters = daemon.api.get("/adapters").await;
    let states: Vec<_> = adapters
        .to_string()
        .match_indices("\"ready\"")
        .map(|(at, _)| at)
        .collect();
    assert_eq!(states.len(), 3, "{adapters:#}");
    assert!(daemon.end().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_daemon_in_the_same_place_is_refused() {
    let install = Install::with(&["warehouse"]);
    let daemon = install.serve().await;
    let second = install.run(&["serve"]).expect(1);
    assert!(
        second.stderr.contains("a daemon is running here already"),
        "{}",
        second.stderr
    );
    daemon.api.get("/orders").await;
}

#[test]
fn a_config_that_is_wrong_is_refused_whole_with_each_line_and_the_nearest_key() {
    let install = Install::with(&[]);
    install.configure(
        "[sync]\ninterval_seconds = 60\nmax_age_secs = \"soon\"\n[[adaptor]]\nid = \"finale\"\n",
    );
    for command in ["serve", "check-config", "plugin list"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        let said = install.run(&arguments).expect(64).stderr;
        for part in [
            "`interval_secs`",
            "`sync.max_age_secs`",
            "`adapter`",
            "bestand.toml:",
        ] {
            assert!(said.contains(part), "{command}: {part}: {said}");
        }
        assert_eq!(said.lines().count(), 3, "{command}: {said}");
    }
}

#[test]
fn plugins_are_listed_with_what_each_holds_and_whether_it_can_run() {
    let install = Install::with(&["warehouse", "finale", "shopify"]);
    install.plugins.put("broken.so", b"this is no library");
    install.configure(&enabling(&["warehouse", "finale"]));
    let listed = install.run(&["plugin", "list", "--json"]).expect(0).json();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let rows = listed.as_array().unwrap().iter();
    let rows: Vec<_> = rows
        .map(|row| (text(&row["id"]), text(&row["state"])))
        .collect();
    let expected = [
        ("-", "refused"),
        ("finale", "ready"),
        ("shopify", "disabled"),
        ("warehouse", "ready"),
    ];
    assert_eq!(
        rows,
        expected.map(|(id, state)| (id.to_owned(), state.to_owned()))
    );
    let finale = &listed[1];
    assert!(
        finale["version"].is_string() && finale["contract"].is_string(),
        "{finale:#}"
    );
    let capabilities = finale["capabilities"].to_string();
    for capability in ["stock_listing", "stock_by_sku", "stock_writes"] {
        assert!(capabilities.contains(capability), "{capabilities}");
    }
    let table = install.run(&["plugin", "list"]).expect(0).stdout;
    assert!(
        table.contains("broken.so") && table.contains("cannot open plugin"),
        "{table}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_of_the_config_take_their_secrets_from_outside_and_stay_theirs() {
    let install = Install::with(&["finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    let secrets = system.secrets();
    install.put("finale.key", secrets["api_key"].reveal());
    install.put("finale.secret", secrets["api_secret"].reveal());
    let url = system.finale.url();
    install.configure(&format!(
        "{}[[connection]]\nname = \"Finale main\"\nadapter = \"finale\"\nallow_private_network = true\n\
         settings = {{ account = \"demo\", base_url = {url:?} }}\n\
         secrets = {{ api_key = {{ file = \"finale.key\" }}, api_secret = {{ file = \"finale.secret\" }} }}\n",
        enabling(&["finale"])
    ));
    let daemon = install.serve().await;
    let id = daemon.api.connection("Finale main").await;
    let shown = daemon.api.until(&id, "ready").await;
    assert_eq!(shown["origin"], json!("config"));
    let etag = format!("\"{}\"", shown["version"]);
    let change = daemon
        .api
        .request(Method::PATCH, &format!("/connections/{id}"));
    let change = change
        .header("if-match", etag)
        .json(&json!({ "paused": true }));
    let refused = daemon.api.send(change).await;
    assert_eq!(refused.status, 409, "{:#}", refused.body);
    assert!(
        refused.body.to_string().contains("config file"),
        "{:#}",
        refused.body
    );

    std::fs::remove_file(install.path("finale.key")).unwrap();
    install.run(&["reload"]).expect(0);
    let shown = daemon.api.until(&id, "needs_attention").await;
    let reason = shown["status"]["reason"].as_str().unwrap();
    assert!(
        reason.contains("`finale.key`"),
        "what was stored of it is not used any more: {reason}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_cannot_be_read_is_a_state_of_its_connection_alone() {
    let install = Install::with(&["finale", "warehouse"]);
    install.configure(&format!(
        "{}[[connection]]\nname = \"Finale main\"\nadapter = \"finale\"\n\
         settings = {{ account = \"demo\" }}\n\
         secrets = {{ api_key = {{ env = \"NOT_SET\" }}, api_secret = {{ file = \"missing\" }} }}\n\
         [[connection]]\nname = \"Own warehouse\"\nadapter = \"warehouse\"\n",
        enabling(&["finale", "warehouse"])
    ));
    let daemon = install.serve().await;
    let own = daemon.api.connection("Own warehouse").await;
    daemon.api.until(&own, "ready").await;
    let finale = daemon.api.connection("Finale main").await;
    let shown = daemon.api.until(&finale, "needs_attention").await;
    let reason = shown["status"]["reason"].as_str().unwrap();
    assert!(reason.contains("`NOT_SET` is not set"), "{reason}");
    assert!(reason.contains("`missing`"), "{reason}");
}
