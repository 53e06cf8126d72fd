//! API keys by page: made, shown once, kept, replaced with a warning, revoked.

use std::time::Duration;

use bestand::api_key::Role::{self, Admin};

use super::page::Page;
use super::person::Person;
use crate::support::Api;

/// Makes a key as an admin does, and answers the page that shows it.
async fn make(admin: &Person<'_>, name: &str) -> Page {
    let form = admin.opens("/api-keys").await.form("/api-keys/new");
    let issued = admin.submits(&form.with("name", name)).await;
    assert_eq!(issued.status, 200, "{}", issued.said());
    issued
}

/// The pair that a page shows, as `key:secret`.
fn pair(issued: &Page) -> String {
    format!(
        "{}:{}",
        issued.text("#issued-key"),
        issued.text("#issued-secret")
    )
}

/// The page of the key of this name.
async fn page_of(admin: &Person<'_>, name: &str) -> Page {
    let keys = admin
        .api
        .parts
        .keyring
        .list(admin.api.account)
        .await
        .unwrap();
    let key = keys.into_iter().find(|key| key.name == name).unwrap();
    admin.opens(&format!("/api-keys/{}", key.id)).await
}

/// Whether this pair opens anything.
async fn works(api: &Api, pair: &str) -> bool {
    api.call("GET /api/v1/orders")
        .with(pair)
        .send()
        .await
        .status
        == 200
}

#[tokio::test]
async fn a_secret_is_shown_on_the_answer_to_its_form_and_never_again() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await;
    let issued = make(&admin, "Packing station 2").await;
    assert_eq!(issued.headers["cache-control"], "no-store");
    assert!(works(&api, &pair(&issued)).await);
    assert!(
        issued
            .said()
            .contains("the secret is shown this once and cannot be shown again")
    );
    assert!(issued.said().contains("Keep the pair and use it again"));
    assert_eq!(
        issued.attributes("[data-copy]", "data-copy"),
        ["issued-key", "issued-secret"]
    );
    // Loading it again opens the list instead.
    assert_eq!(
        issued.attribute("[data-once]", "data-once").as_deref(),
        Some("/api-keys")
    );
    let secret = issued.text("#issued-secret");
    let (list, page) = (
        admin.opens("/api-keys").await,
        page_of(&admin, "Packing station 2").await,
    );
    for shown in [list, page] {
        assert!(shown.said().contains(&issued.text("#issued-key")));
        assert!(!shown.source.contains(&secret) && !shown.source.contains("bs_"));
    }
}

#[tokio::test]
async fn making_a_new_secret_says_what_stops_working_and_when() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await.reading_german();
    let first = make(&admin, "Acme").await;
    let page = page_of(&admin, "Acme").await;
    assert!(
        page.said().contains("Bewahren Sie das Paar auf"),
        "{}",
        page.said()
    );
    assert!(
        page.said()
            .contains("„Acme“ wurde am 14.11.2023, 22:13 angelegt und noch nie benutzt."),
        "{}",
        page.said()
    );
    assert!(works(&api, &pair(&first)).await);
    let page = page_of(&admin, "Acme").await;
    assert!(
        page.said().contains("wurde zuletzt gerade eben benutzt"),
        "{}",
        page.said()
    );
    let form = renewal(&page);
    assert_eq!(
        form.value("grace_secs"),
        Some("86400"),
        "a day when nobody chooses"
    );
    assert!(
        page.said().contains("Eine Stunde, bis 14.11.2023, 23:13"),
        "{}",
        page.said()
    );
    assert!(
        page.attribute("form[action$='/regenerate']", "data-ask")
            .unwrap()
            .contains("Acme")
    );

    let second = admin.submits(&form.with("grace_secs", "3600")).await;
    assert!(
        second
            .said()
            .contains("Das alte Geheimnis gilt bis 14.11.2023, 23:13."),
        "{}",
        second.said()
    );
    for issued in [&first, &second] {
        assert!(works(&api, &pair(issued)).await);
    }
    let page = page_of(&admin, "Acme").await;
    assert!(
        page.said()
            .contains("Ein früheres Geheimnis dieses Schlüssels gilt noch bis 14.11.2023, 23:13."),
        "{}",
        page.said()
    );
    api.parts.clock.advance(Duration::from_secs(3_601));
    assert!(!works(&api, &pair(&first)).await && works(&api, &pair(&second)).await);
    let page = page_of(&admin, "Acme").await;
    assert!(!page.said().contains("Ein früheres Geheimnis"));

    let third = admin.submits(&renewal(&page).with("grace_secs", "0")).await;
    assert!(
        third.said().contains("Das alte Geheimnis gilt nicht mehr."),
        "{}",
        third.said()
    );
    assert!(!works(&api, &pair(&second)).await && works(&api, &pair(&third)).await);
}

fn renewal(page: &Page) -> super::form::Form {
    let forms = page.forms().into_iter();
    let mut renewals = forms.filter(|form| form.action.ends_with("/regenerate"));
    renewals.next().unwrap()
}

#[tokio::test]
async fn a_revoked_key_is_refused_at_once_stays_listed_and_offers_nothing() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await;
    let issued = make(&admin, "Acme").await;
    let page = page_of(&admin, "Acme").await;
    let revoke = page
        .forms()
        .into_iter()
        .find(|form| form.action.ends_with("/revoke"))
        .unwrap();
    assert!(
        page.attribute("form[action$='/revoke']", "data-ask")
            .unwrap()
            .contains("cannot be undone")
    );
    assert_eq!(admin.submits(&revoke).await.leads_to(), "/api-keys");
    assert!(!works(&api, &pair(&issued)).await);
    let list = admin.opens("/api-keys").await;
    let rows = list.texts("main tbody tr");
    let row = rows.iter().find(|row| row.starts_with("Acme")).unwrap();
    assert!(row.ends_with("Revoked just now"), "{row}");
    let page = page_of(&admin, "Acme").await;
    assert!(!page.has("main form"), "{}", page.source);
    assert!(page.said().contains("This key is refused for good."));
}

#[tokio::test]
async fn a_partners_key_names_its_partner_and_no_other_key_does() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await;
    let page = admin.opens("/api-keys").await;
    assert!(
        page.description_of("partner")
            .contains("whose system sends levels with the key")
    );
    let form = page.form("/api-keys/new").with("name", "Acme");
    for (role, partner) in [("partner", ""), ("reader", "finale")] {
        let refused = admin
            .submits(&form.clone().with("role", role).with("partner", partner))
            .await;
        assert_eq!(refused.status, 422, "{role}");
        assert_eq!(
            refused
                .attribute("[name=partner]", "aria-invalid")
                .as_deref(),
            Some("true")
        );
        let described = refused.description_of("partner");
        assert!(
            described.contains("The role Partner needs a partner of at most 100 characters"),
            "{described}"
        );
        let kept = refused.form("/api-keys/new");
        assert_eq!(
            (kept.value("name"), kept.value("role")),
            (Some("Acme"), Some(role))
        );
    }
    let issued = admin
        .submits(&form.with("role", "partner").with("partner", "finale"))
        .await;
    assert_eq!(issued.status, 200, "{}", issued.said());
    let keys = api.parts.keyring.list(api.account).await.unwrap();
    let acme = keys.iter().find(|key| key.name == "Acme").unwrap();
    assert_eq!(
        (acme.role, acme.partner.as_deref()),
        (Role::Partner, Some("finale"))
    );
}

#[tokio::test]
async fn a_key_ends_with_the_day_that_was_chosen() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await;
    let form = admin
        .opens("/api-keys")
        .await
        .form("/api-keys/new")
        .with("name", "Fair");
    for wrong in ["2023-11-13", "soon"] {
        let refused = admin.submits(&form.clone().with("expires_on", wrong)).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused
                .description_of("expires_on")
                .contains("This is a day from today on."),
            "{}",
            refused.source
        );
        assert_eq!(
            refused.form("/api-keys/new").value("expires_on"),
            Some(wrong)
        );
    }
    let issued = admin.submits(&form.with("expires_on", "2023-11-14")).await;
    assert!(works(&api, &pair(&issued)).await);
    // It is 22:13:20.
    api.parts.clock.advance(Duration::from_secs(106 * 60 + 40));
    assert!(!works(&api, &pair(&issued)).await);
    assert!(admin.opens("/api-keys").await.said().contains("Expired"));
}
