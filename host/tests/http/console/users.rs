//! The people who sign in, looked after by page.

use bestand::api_key::Role::{self, Admin, Operator, Reader};
use bestand::user::User;

use super::person::{PASSWORD, Person, add};
use crate::support::Api;

const ANOTHER: &str = "another long walk home";

/// The user of this name, if there is one.
async fn find(api: &Api, name: &str) -> Option<User> {
    let all = api.parts.users.list(api.account).await.unwrap();
    all.into_iter().find(|user| user.name.as_str() == name)
}

/// Fills in the form of a user's page that does this, and sends it.
async fn deed(admin: &Person<'_>, user: &User, deed: &str, fields: &[(&str, &str)]) {
    let page = admin.opens(&format!("/users/{}", user.id)).await;
    let form = page.form(&format!("/users/{}/{deed}", user.id));
    let form = fields
        .iter()
        .fold(form, |form, (name, value)| match form.value(name) {
            Some(_) => form.with(name, value),
            None => form.ticked(name, value),
        });
    assert_eq!(admin.submits(&form).await.leads_to(), "/users", "{deed}");
}

#[tokio::test]
async fn a_user_is_added_with_a_name_a_role_and_a_password_and_can_sign_in() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await;
    let form = admin.opens("/users").await.form("/users/new");
    assert_eq!(
        form.value("role"),
        Some("reader"),
        "who is not asked for more reads"
    );
    let form = form
        .with("name", "Berta")
        .with("role", "operator")
        .with("password", PASSWORD);
    assert_eq!(admin.submits(&form).await.leads_to(), "/users");
    assert_eq!(find(&api, "Berta").await.unwrap().role, Operator);
    let list = admin.opens("/users").await;
    assert!(
        list.said().contains("Berta Operator May sign in Never"),
        "{}",
        list.said()
    );
    assert!(!list.source.contains(PASSWORD));
    Person::stranger(&api)
        .signed_in("berta")
        .await
        .opens("/orders")
        .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_new_user_stands_beside_its_field_with_what_was_typed_but_the_password()
 {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await.reading_german();
    add(&api, "Berta", Reader).await;
    let form = admin
        .opens("/users")
        .await
        .form("/users/new")
        .with("role", "operator");
    for (name, password, field, said) in [
        (
            "BERTA",
            PASSWORD,
            "name",
            "Es gibt schon einen Benutzer dieses Namens",
        ),
        (" ", PASSWORD, "name", "1 bis 100 Zeichen"),
        (
            "Ca\u{200b}rla",
            PASSWORD,
            "name",
            "keine unsichtbaren Zeichen",
        ),
        (
            "Carla",
            "kurz",
            "password",
            "Mindestens 12 Zeichen; gut sind",
        ),
        (
            "a long name by the harbour",
            "a long name by the harbour",
            "password",
            "darf nicht der",
        ),
        ("Carla", "passwort1234", "password", "zuerst"),
    ] {
        let refused = admin
            .submits(&form.clone().with("name", name).with("password", password))
            .await;
        assert_eq!(refused.status, 422, "{name}");
        assert_eq!(
            refused
                .attribute(&format!("[name={field}]"), "aria-invalid")
                .as_deref(),
            Some("true")
        );
        let described = refused.description_of(field);
        assert!(described.contains(said), "{field}: {described}");
        let kept = refused.form("/users/new");
        assert_eq!(
            (kept.value("name"), kept.value("role")),
            (Some(name), Some("operator"))
        );
        assert_eq!(kept.value("password"), Some(""));
        assert!(
            refused.has("details[open] form[action='/users/new']"),
            "it is seen at once"
        );
    }
    assert_eq!(api.parts.users.list(api.account).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_role_changes_what_is_allowed_in_a_session_under_way() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await;
    let berta = add(&api, "Berta", Reader).await;
    let at_work = Person::stranger(&api).signed_in("Berta").await;
    assert_eq!(at_work.gets("/api-keys").await.status, 403);
    deed(&admin, &berta, "role", &[("role", "admin")]).await;
    at_work.opens("/api-keys").await;
    deed(&admin, &berta, "role", &[("role", "operator")]).await;
    assert_eq!(at_work.gets("/api-keys").await.status, 403);
}

#[tokio::test]
async fn a_password_that_an_admin_sets_ends_the_sessions_and_is_the_only_one_then() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await;
    let berta = add(&api, "Berta", Reader).await;
    let at_work = Person::stranger(&api).signed_in("Berta").await;
    deed(&admin, &berta, "password", &[("password", ANOTHER)]).await;
    assert!(
        at_work
            .gets("/orders")
            .await
            .leads_to()
            .starts_with("/sign-in")
    );
    let stranger = Person::stranger(&api);
    let form = stranger
        .opens("/sign-in")
        .await
        .form("/sign-in")
        .with("name", "Berta");
    assert_eq!(
        stranger
            .submits(&form.clone().with("password", PASSWORD))
            .await
            .status,
        401
    );
    assert_eq!(
        stranger
            .submits(&form.with("password", ANOTHER))
            .await
            .leads_to(),
        "/orders"
    );

    let page = admin.opens(&format!("/users/{}", berta.id)).await;
    let weak = page
        .form(&format!("/users/{}/password", berta.id))
        .with("password", "short");
    let refused = admin.submits(&weak).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.has("details[open] [name=password][aria-invalid=true]"),
        "{}",
        refused.source
    );
    assert!(
        refused
            .description_of("password")
            .contains("At least 12 characters")
    );
}

#[tokio::test]
async fn who_is_disabled_is_out_until_enabled_and_who_is_removed_is_out_for_good() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await;
    let berta = add(&api, "Berta", Reader).await;
    let at_work = Person::stranger(&api).signed_in("Berta").await;
    let page = admin.opens(&format!("/users/{}", berta.id)).await;
    let ask = page.attribute("form[action$='/disable']", "data-ask");
    assert_eq!(
        ask.as_deref(),
        Some("Disable Berta? All their sessions end at once.")
    );

    deed(&admin, &berta, "disable", &[]).await;
    assert!(
        at_work
            .gets("/orders")
            .await
            .leads_to()
            .starts_with("/sign-in")
    );
    assert!(
        admin
            .opens("/users")
            .await
            .said()
            .contains("Berta Reader Disabled")
    );
    deed(&admin, &berta, "enable", &[]).await;
    let back = Person::stranger(&api).signed_in("Berta").await;
    back.opens("/orders").await;

    deed(&admin, &berta, "remove", &[]).await;
    assert!(
        back.gets("/orders")
            .await
            .leads_to()
            .starts_with("/sign-in")
    );
    assert!(find(&api, "Berta").await.is_none());
    let gone = admin.gets(&format!("/users/{}", berta.id)).await;
    assert_eq!(gone.status, 404);
    assert!(
        gone.said().contains("There is no such user."),
        "{}",
        gone.said()
    );
}

#[tokio::test]
async fn the_last_admin_stays_one_and_reads_why() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await.reading_german();
    let own = find(&api, "admin").await.unwrap();
    for (deed, fields) in [
        ("role", &[("role", "reader")][..]),
        ("disable", &[]),
        ("remove", &[]),
    ] {
        let refused = admin
            .sends(&format!("/users/{}/{deed}", own.id), fields)
            .await;
        assert_eq!(refused.status, 422, "{deed}");
        let said = refused.text("[role=alert]");
        assert!(
            said.starts_with("Das ist der letzte Administrator"),
            "{said}"
        );
    }
    let still = find(&api, "admin").await.unwrap();
    assert!(still.is_active_admin());
}

#[tokio::test]
async fn nobody_is_offered_to_shut_themselves_out() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await;
    add(&api, "another admin", Role::Admin).await;
    let own = find(&api, "admin").await.unwrap();
    let list = admin.opens("/users").await;
    assert!(
        list.texts("main tr")
            .iter()
            .any(|row| row.starts_with("admin You Admin")),
        "{}",
        list.said()
    );
    let page = admin.opens(&format!("/users/{}", own.id)).await;
    assert!(!page.has("main form"), "{}", page.source);
    assert!(page.has("main a[href='/me']"));
}
