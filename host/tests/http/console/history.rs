//! What changed at a whole source, on its page.

use bestand::api_key::Role::Reader;

use super::person::Person;
use crate::support::Api;

#[tokio::test]
async fn the_changes_of_all_articles_are_shown_newest_first_and_paged() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let reader = Person::of(&api, Reader).await;
    let source = format!("/inventory-sources/{}", shop.source);
    let page = format!("{source}/history");
    let links = reader.opens(&source).await.attributes("a[href]", "href");
    assert!(links.contains(&page), "the source leads there: {links:?}");
    let empty = reader.opens(&page).await;
    assert!(empty.said().contains("No such change"), "{}", empty.said());
    for count in 0..100 {
        shop.push(&[shop.level("MUG", 11 + count)]).await;
    }
    shop.push(&[shop.level("CUP", 8)]).await;
    let newest = reader.opens(&page).await;
    for shown in ["CUP", "1 → 8", "MUG", "109 → 110"] {
        assert!(newest.said().contains(shown), "{shown}: {}", newest.said());
    }
    assert!(!newest.said().contains("10 → 11"), "{}", newest.said());
    let links = newest.attributes("main a[href]", "href");
    let older = links.iter().find(|link| link.contains("before=")).unwrap();
    let older = reader.opens(older).await;
    assert!(older.said().contains("10 → 11"), "{}", older.said());
    let cups = reader.opens(&format!("{page}?sku=CUP")).await;
    assert!(!cups.said().contains("MUG"), "{}", cups.said());
    let written = reader.opens(&format!("{page}?cause=write")).await;
    assert!(
        written.said().contains("No such change"),
        "{}",
        written.said()
    );
    let german = reader.reading_german().opens(&page).await;
    assert!(
        german.said().contains("Was sich bei Hamburg geändert hat"),
        "{}",
        german.said()
    );
}
