//! The README's adapter and its test, as they stand there: they compile, pass, and are word for word these files.

#[expect(unreachable_pub, reason = "a crate of its own in the README")]
mod acme_shelf;

include!("shelf.rs");

#[test]
fn the_readme_shows_what_is_tested_here() {
    let readme = include_str!("../../README.md");
    for shown in [include_str!("acme_shelf.rs"), include_str!("shelf.rs")] {
        assert!(readme.contains(shown), "the README shows another:\n{shown}");
    }
}
