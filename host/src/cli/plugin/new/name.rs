//! The name of a new adapter, in the forms that its crate needs: `acme-stock`, `acme_stock`, `AcmeStock`, `Acme Stock`.

/// Longest id of an adapter, as the contract has it.
const ID_BYTES_MAX: usize = 64;
/// What no crate can be called, with `-` for `_`: words of Rust's own, and crates that the adapter depends on or that
/// every crate sees.
const TAKEN: &str = "
    abstract alloc as async await become bestand-plugin-api box break const continue core crate do dyn else enum extern
    false final fn for gen if impl in let loop macro match mod move mut override priv proc-macro pub ref return schemars
    self serde serde-json static std struct super test tokio tracing trait true try type typeof unsafe unsized use
    virtual where while yield";

/// A name that is both an adapter's id and a crate's name.
#[derive(Debug)]
pub(super) struct Name(String);

// === impl Name ===

impl Name {
    /// Takes an id, or says what is wrong with it and what would be right.
    pub(super) fn parse(id: &str) -> Result<Self, String> {
        if is_taken(id) {
            return Err(format!(
                "no crate can be called `{id}`, a word of Rust's own or a crate that every adapter uses; try `{id}-stock`"
            ));
        }
        if !is_id(id) {
            let example = example(id);
            return Err(format!(
                "an adapter's id is 1 to {ID_BYTES_MAX} lower case letters, digits and single `-`, and begins with a \
                 letter, which `{}` does not; try `{example}`",
                id.escape_debug()
            ));
        }
        Ok(Self(id.into()))
    }

    /// `acme-stock`, the id and the package.
    pub(super) fn id(&self) -> &str {
        &self.0
    }

    /// `acme_stock`, the crate in code.
    pub(super) fn krate(&self) -> String {
        self.0.replace('-', "_")
    }

    /// `AcmeStock`, the type.
    pub(super) fn type_name(&self) -> String {
        self.words().concat()
    }

    /// `Acme Stock`, for people.
    pub(super) fn title(&self) -> String {
        self.words().join(" ")
    }

    /// `Acme`, who ships it, as far as can be guessed.
    pub(super) fn publisher(&self) -> String {
        self.words().swap_remove(0)
    }

    fn words(&self) -> Vec<String> {
        let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
        self.0.split('-').map(capital).collect()
    }
}

fn is_id(id: &str) -> bool {
    let is_word = |word: &str| {
        let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !word.is_empty() && word.bytes().all(legal)
    };
    let begins = id.starts_with(|first: char| first.is_ascii_lowercase());
    begins && id.len() <= ID_BYTES_MAX && id.split('-').all(is_word)
}

fn is_taken(id: &str) -> bool {
    TAKEN.split_whitespace().any(|taken| taken == id)
}

/// What somebody may have meant.
fn example(id: &str) -> String {
    let lower = id.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let meant = words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    match id.is_ascii() && is_id(&meant) && !is_taken(&meant) {
        true => meant,
        false => "acme-stock".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_forms_that_code_and_people_need() {
        let name = Name::parse("acme-stock-2").unwrap();
        assert_eq!(name.krate(), "acme_stock_2");
        assert_eq!(name.type_name(), "AcmeStock2");
        assert_eq!(name.title(), "Acme Stock 2");
        assert_eq!(name.publisher(), "Acme");
    }

    #[test]
    fn what_no_id_can_be_is_refused_with_one_that_can() {
        let check = |id: &str, way_out: &str| {
            let refused = Name::parse(id).unwrap_err();
            assert!(refused.ends_with(way_out), "{id}: {refused}");
        };
        check("Acme Stock", "try `acme-stock`");
        check("acme_stock", "try `acme-stock`");
        check("--acme--", "try `acme`");
        check("../../etc", "try `etc`");
        check("3pl", "try `acme-stock`");
        check("", "try `acme-stock`");
        check("größe", "try `acme-stock`");
        check(&"x".repeat(65), "try `acme-stock`");
        check("type", "try `type-stock`");
        check("serde-json", "try `serde-json-stock`");
    }
}
