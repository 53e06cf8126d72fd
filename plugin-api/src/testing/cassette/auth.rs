//! Credentials as text: `basic(secret(api_key), secret(api_secret))`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::http::{Auth, SecretPlace};

/// What stands between the places of several secrets.
const PLUS: &str = " + ";

/// How a request signs in, by the names of the secrets.
///
/// Written as `none`, `basic(secret(user), secret(password))`,
/// `bearer(secret(token))`, `header(x-api-key, secret(api_key))`, or
/// `client_credentials(https://login.example/token, secret(client_id), secret(client_secret))`, which may end in
/// `, header(x-token)`. Several secrets, or those in a JSON body, are joined by `+`:
/// `header(x-account, secret(account)) + json(auth.key, secret(key))`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NamedAuth(pub Auth);

impl fmt::Display for NamedAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Auth::None => f.write_str("none"),
            Auth::Basic { user, password } => {
                write!(f, "basic(secret({user}), secret({password}))")
            }
            Auth::Bearer { token } => write!(f, "bearer(secret({token}))"),
            Auth::Header { name, secret } => write!(f, "header({name}, secret({secret}))"),
            Auth::ClientCredentials {
                token_url,
                client_id,
                client_secret,
                header,
            } => {
                write!(
                    f,
                    "client_credentials({token_url}, secret({client_id}), secret({client_secret})"
                )?;
                match header.as_str() {
                    "authorization" => f.write_str(")"),
                    header => write!(f, ", header({header}))"),
                }
            }
            Auth::Places { places } => {
                let places = places.iter().map(place_text);
                f.write_str(&places.collect::<Vec<_>>().join(PLUS))
            }
            Auth::Unknown => f.write_str("unknown"),
        }
    }
}

fn place_text(place: &SecretPlace) -> String {
    match place {
        SecretPlace::Header { name, secret } => format!("header({name}, secret({secret}))"),
        SecretPlace::Json { path, secret } => format!("json({path}, secret({secret}))"),
        SecretPlace::Unknown => "unknown".into(),
    }
}

impl FromStr for NamedAuth {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unreadable = || {
            format!(
                "`{text}` is no way to sign in; write `none`, `bearer(secret(name))`, \
                 `basic(secret(name), secret(name))`, `header(x-name, secret(name))` or `json(path, secret(name))`"
            )
        };
        let text = text.trim();
        if text == "none" {
            return Ok(Self(Auth::None));
        }
        if text.contains(PLUS) || text.starts_with("json(") {
            let places: Option<Vec<_>> = text.split(PLUS).map(place).collect();
            return places
                .map(|places| Self(Auth::places(places)))
                .ok_or_else(unreadable);
        }
        let (scheme, rest) = text.split_once('(').ok_or_else(unreadable)?;
        let inside = rest.strip_suffix(')').ok_or_else(unreadable)?;
        let parts: Vec<&str> = inside.split(',').map(str::trim).collect();
        let auth = match (scheme.trim(), parts.as_slice()) {
            ("basic", [user, password]) => secret(user)
                .zip(secret(password))
                .map(|(user, password)| Auth::basic(user, password)),
            ("bearer", [token]) => secret(token).map(Auth::bearer),
            ("header", [name, value]) => secret(value).map(|secret| Auth::header(*name, secret)),
            ("client_credentials", [url, id, value, header @ ..]) => {
                client_credentials(url, id, value, header)
            }
            _ => None,
        };
        auth.map(Self).ok_or_else(unreadable)
    }
}

/// The place in `header(name, secret(name))` or `json(path, secret(name))`.
fn place(text: &str) -> Option<SecretPlace> {
    let (kind, rest) = text.trim().split_once('(')?;
    let (at, value) = rest.strip_suffix(')')?.split_once(',')?;
    let (at, secret) = (at.trim(), secret(value.trim())?);
    match kind {
        "header" => Some(SecretPlace::header(at, secret)),
        "json" => Some(SecretPlace::json(at, secret)),
        _ => None,
    }
}

fn client_credentials(url: &str, id: &str, value: &str, header: &[&str]) -> Option<Auth> {
    let auth = Auth::client_credentials(url, secret(id)?, secret(value)?);
    match header {
        [] => Some(auth),
        [header] => Some(auth.in_header(inside(header, "header")?)),
        _ => None,
    }
}

/// The name in `secret(name)`.
fn secret(text: &str) -> Option<&str> {
    inside(text, "secret")
}

fn inside<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let inside = text
        .strip_prefix(word)?
        .trim_start()
        .strip_prefix('(')?
        .strip_suffix(')')?
        .trim();
    (!inside.is_empty()).then_some(inside)
}

impl TryFrom<String> for NamedAuth {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<NamedAuth> for String {
    fn from(auth: NamedAuth) -> Self {
        auth.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_sign_in_is_written_as_it_is_read() {
        let token_url = "https://login.example/token";
        for auth in [
            Auth::None,
            Auth::basic("api_key", "api_secret"),
            Auth::bearer("token"),
            Auth::header("x-api-key", "api_key"),
            Auth::client_credentials(token_url, "id", "secret"),
            Auth::client_credentials(token_url, "id", "secret").in_header("x-token"),
            Auth::places([SecretPlace::json("auth.key", "key")]),
            Auth::places([
                SecretPlace::header("x-account", "account"),
                SecretPlace::json("key", "key"),
            ]),
        ] {
            let text = NamedAuth(auth.clone()).to_string();
            assert_eq!(text.parse(), Ok(NamedAuth(auth)), "{text}");
        }
    }

    #[test]
    fn a_value_in_the_place_of_a_name_is_refused() {
        for text in [
            "",
            "basic(a, b)",
            "bearer(abc)",
            "header(x, y)",
            "digest(secret(a))",
            "basic(secret(a))",
            "json(path)",
            "json(path, value)",
            "header(x-a, secret(a)) + bearer(secret(b))",
        ] {
            let refused = text.parse::<NamedAuth>().unwrap_err();
            assert!(refused.contains("is no way to sign in"), "{refused}");
        }
    }
}
