//! A partner registers itself, and its system is asked from then on.

use bestand_upstreams::connect::{Module, ModuleOptions, Stock};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::install::enabling;
use crate::support::{Answer, Api, Daemon, Install, on_both_engines};

/// What the partner's system wants to be let in.
struct Credentials {
    key: String,
    token: String,
}

// === impl Credentials ===

impl Credentials {
    fn make(install: &Install) -> Self {
        Self {
            key: install.secrets.make(),
            token: install.secrets.make(),
        }
    }
}

/// The partner's system, with one article.
async fn module(wanted: &Credentials) -> Module {
    let credentials = [("username", &wanted.key), ("password", &wanted.token)];
    let options = ModuleOptions {
        credentials: credentials
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .into(),
        ..ModuleOptions::default()
    };
    let module = Module::start(options).await.expect("a module");
    module.stock([Stock::available("TEA-1", "berlin", 12).of(17)]);
    module
}

/// An installation where the partner may register.
fn configure(install: &Install, module: &Module, api_code: &str) {
    let section = format!(
        "[[registration]]\napi_code = \"Acme\"\nname = \"Acme WMS\"\nadapter = \"connect\"\nallow_private_network = true\n\
         settings = {{ base_url = {:?}, order_source_api_code = {api_code:?}, sign_in = \"basic\", \
         warehouse_names = {{ berlin = \"Berlin\" }} }}\n",
        module.url(),
    );
    install.configure(&(enabling(&["connect"]) + &section));
}

async fn register(partner: &Api, handed_over: &Credentials) -> Answer {
    let body =
        json!({ "apiCode": "acme", "authToken": handed_over.token, "authKey": handed_over.key });
    let request = partner.request_anywhere(Method::POST, "/Integratedapp/Register");
    let request = request
        .header("x-shipstation-partner", "acme-partner-key")
        .json(&body);
    partner.send(request).await
}

async fn connections(daemon: &Daemon) -> Vec<Value> {
    let all = daemon.api.get("/connections").await;
    all["items"].as_array().expect("a list").clone()
}

on_both_engines! {
    async fn a_partner_that_registers_is_asked_for_its_levels(database) {
        let install = Install::on(database, &["connect"]);
        let (right, wrong) = (Credentials::make(&install), Credentials::make(&install));
        let module = module(&right).await;
        configure(&install, &module, &ModuleOptions::default().api_code);
        let daemon = install.serve().await;
        let partner = install.partner(&daemon, "Acme WMS").await;

        let told = register(&partner, &wrong).await.expect(200);
        let number = told["sellerIntegrationId"].clone();
        assert!(number.is_i64(), "{told}");
        assert_eq!(told, json!({ "sellerIntegrationId": number }), "and nothing else");
        let connection = daemon.api.connection("Acme WMS").await;
        daemon.api.until(&connection, "needs_attention").await;

        // Its own key is told why its heading is missing, and nothing of others.
        let sources = partner.get("/inventory-sources").await;
        assert_eq!(sources["groups"], json!([]));
        let missing = sources["missing"].as_array().expect("a list");
        assert_eq!(missing.len(), 1, "{sources}");
        assert_eq!(missing[0]["heading"], "Acme WMS");

        // The same partner with other credentials has the same connection, which works with them.
        assert_eq!(register(&partner, &right).await.expect(200), told);
        let ready = daemon.api.until(&connection, "ready").await;
        daemon.api.ship_from("Hall", "Berlin").await;
        let line = daemon.api.stored("TEA-1").await;
        assert_eq!((&line["available"], &line["on_hand"]), (&json!(12), &json!(17)));

        let sources = partner.get("/inventory-sources").await;
        let group = &sources["groups"][0];
        assert_eq!((&group["heading"], &group["partner"]), (&json!("Acme WMS"), &json!("Acme WMS")));
        assert_eq!((&group["sources"][0]["name"], &sources["missing"]), (&json!("Berlin"), &json!([])));

        // The same again changes nothing.
        assert_eq!(register(&partner, &right).await.expect(200), told);
        let known = connections(&daemon).await;
        assert_eq!(known.len(), 1);
        assert_eq!(known[0]["version"], ready["version"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_that_registers_twice_at_once_has_one_connection() {
    let install = Install::with(&["connect"]);
    let right = Credentials::make(&install);
    let module = module(&right).await;
    configure(&install, &module, &ModuleOptions::default().api_code);
    let daemon = install.serve().await;
    let partner = install.partner(&daemon, "Acme WMS").await;
    let registrations = (0..8).map(|_| register(&partner, &right));
    let told = futures::future::join_all(registrations).await;
    let told: Vec<Value> = told.into_iter().map(|answer| answer.expect(200)).collect();
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    assert_eq!(connections(&daemon).await.len(), 1);
}
