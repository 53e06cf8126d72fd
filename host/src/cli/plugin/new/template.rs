//! The crate that a new adapter starts from. It is written as the adapter `acme-stock`, and read as such; the names
//! are replaced when it is written out.

use super::name::Name;

/// A file of the crate: where it goes, and what stands in it.
macro_rules! file {
    ($path:literal) => {
        file!($path, $path)
    };
    ($path:literal, $here:literal) => {
        ($path, include_str!(concat!("template/", $here)))
    };
}

/// The crate. Files whose own name means something to cargo, rustup or git have another here.
const FILES: &[(&str, &str)] = &[
    file!("Cargo.toml", "cargo.toml"),
    file!("README.md", "readme.md"),
    file!(".gitignore", "gitignore"),
    file!(".github/workflows/ci.yml", "ci.yml"),
    file!("rust-toolchain.toml", "toolchain.toml"),
    file!("src/adapter.rs"),
    file!("src/api.rs"),
    file!("src/by_sku.rs"),
    file!("src/client.rs"),
    file!("src/lib.rs"),
    file!("src/listing.rs"),
    file!("src/settings.rs"),
    file!("tests/adapter.rs"),
    file!("tests/conformance.rs"),
    file!("tests/conformance.toml"),
    file!("tests/upstream.toml"),
];

/// The files of the crate: path and text.
pub(super) fn files(name: &Name) -> Vec<(String, String)> {
    let write = |(path, text): &(&str, &str)| ((*path).to_owned(), named(text, name));
    FILES.iter().map(write).collect()
}

/// The text in one pass, so that a name that holds one of ours is not replaced in turn.
fn named(text: &str, name: &Name) -> String {
    // The longest first: the last is a part of two others.
    let forms = [
        ("Acme Stock", name.title()),
        ("AcmeStock", name.type_name()),
        ("acme-stock", name.id().into()),
        ("acme_stock", name.krate()),
        ("Acme", name.publisher()),
    ];
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let found = forms
            .iter()
            .filter_map(|form| Some((rest.find(form.0)?, form)));
        let Some((place, (ours, theirs))) = found.min_by_key(|(place, _)| *place) else {
            return written + rest;
        };
        written += &rest[..place];
        written += theirs;
        rest = &rest[place + ours.len()..];
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    /// rustfmt's complaints about a file; its place in the line is how long a name may be.
    fn complaints(text: &str) -> std::io::Result<String> {
        let mut rustfmt = Command::new("rustfmt");
        rustfmt.args(["--check", "--edition", "2024"]);
        let mut running = rustfmt
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        running.stdin.take().unwrap().write_all(text.as_bytes())?;
        let ended = running.wait_with_output()?;
        Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
    }

    #[test]
    fn every_name_is_replaced() {
        let name = Name::parse("north-wind").unwrap();
        for (path, text) in files(&name) {
            let left: Vec<_> = text.lines().filter(|line| line.contains("Acme")).collect();
            assert_eq!(left, Vec::<&str>::new(), "{path}");
            assert!(
                !text.contains("acme-stock") && !text.contains("acme_stock"),
                "{path}"
            );
        }
    }

    #[test]
    fn a_name_that_holds_ours_is_written_as_it_is() {
        let name = Name::parse("big-acme-stock").unwrap();
        let text = named("Acme Stock, AcmeStock, acme-stock, acme_stock, Acme", &name);
        let expected = "Big Acme Stock, BigAcmeStock, big-acme-stock, big_acme_stock, Big";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_code_is_formatted_whatever_the_name() {
        for id in ["a", "acme-stock", &"z".repeat(64)] {
            let name = Name::parse(id).unwrap();
            for (path, text) in files(&name)
                .iter()
                .filter(|(path, _)| path.ends_with(".rs"))
            {
                match complaints(text) {
                    Ok(complaints) => assert_eq!(complaints, "", "{path} of `{id}`"),
                    Err(error) => return eprintln!("skipped, there is no rustfmt: {error}"),
                }
            }
        }
    }
}
