//! Where the config comes from: the file, with the environment laid over it, and who wrote which key.

use std::path::{Path, PathBuf};

use config::{ConfigError, FileFormat};
use serde::Deserialize;
use serde_json::Value;

use super::document::Document;
use super::environment::{Environment, Override};
use super::key_path::KeyPath;
use super::problem::{Place, Problem};
use super::schema;

/// The longest config file taken, in bytes: thousands of connections, and no log file given by mistake.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// The file and the variables, merged, and where each key was written.
pub(super) struct Origin {
    file: Option<PathBuf>,
    document: Option<Document>,
    overrides: Vec<Override>,
    merged: Value,
}

// === impl Origin ===

impl Origin {
    /// Reads the file, if any.
    ///
    /// # Errors
    /// When it cannot be read or is no TOML, or a variable names no key.
    pub(super) fn read(
        path: Option<&Path>,
        environment: &Environment,
    ) -> Result<Self, Vec<Problem>> {
        let Some(path) = path else {
            return Self::merge(None, None, environment);
        };
        let text = read_file(path).map_err(|message| {
            let place = Place::File {
                file: path.into(),
                line: None,
            };
            vec![Problem {
                place,
                key: KeyPath::default(),
                message,
            }]
        })?;
        Self::from_text(path, text, environment)
    }

    /// Takes `text` for the file's content.
    ///
    /// # Errors
    /// When it is no TOML, or a variable names no key.
    pub(super) fn from_text(
        path: &Path,
        text: String,
        environment: &Environment,
    ) -> Result<Self, Vec<Problem>> {
        let document = Document::parse(path, text).map_err(|problem| vec![problem])?;
        Self::merge(Some(path), Some(document), environment)
    }

    fn merge(
        file: Option<&Path>,
        document: Option<Document>,
        environment: &Environment,
    ) -> Result<Self, Vec<Problem>> {
        let overrides: Vec<_> = environment.overrides().collect();
        let problems: Vec<_> = overrides.iter().filter_map(unusable).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let text = document.as_ref().map_or("", Document::text);
        let merged = merge(text, &overrides).map_err(|error| {
            let place = file.map_or(Place::Nowhere {}, |file| Place::File {
                file: file.into(),
                line: None,
            });
            vec![Problem {
                place,
                key: KeyPath::default(),
                message: error.to_string(),
            }]
        })?;
        Ok(Self {
            file: file.map(Path::to_owned),
            document,
            overrides,
            merged,
        })
    }

    /// The file.
    pub(super) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The folder at which relative paths start.
    pub(super) fn folder(&self) -> &Path {
        self.file().and_then(Path::parent).unwrap_or(Path::new(""))
    }

    /// All that was written, not yet checked.
    pub(super) fn merged(&self) -> &Value {
        &self.merged
    }

    /// Where the key was written, or would have been: the variable that sets it, else its line, else the nearest line.
    pub(super) fn place(&self, key: &KeyPath) -> Place {
        let nearest = self
            .overrides
            .iter()
            .max_by_key(|set| (set.key.shared_with(key), set.key.holds(key)));
        let variable = nearest.map(|set| {
            (
                Place::Variable {
                    variable: set.variable.clone(),
                },
                &set.key,
            )
        });
        let line = self.document.as_ref().map(|document| document.find(key));
        match (variable, line) {
            (Some((variable, set)), _) if set.holds(key) => variable,
            (Some((variable, set)), Some((_, depth))) if set.shared_with(key) > depth => variable,
            (_, Some((line, _))) => line,
            (Some((variable, set)), None) if set.shared_with(key) > 0 => variable,
            _ => Place::Nowhere {},
        }
    }
}

fn read_file(path: &Path) -> Result<String, String> {
    let cannot = |error: std::io::Error| format!("cannot read the config file: {error}");
    let size = std::fs::metadata(path).map_err(cannot)?.len();
    if size > FILE_BYTES_MAX {
        return Err(format!(
            "is {size} bytes long; a config file has at most {FILE_BYTES_MAX}"
        ));
    }
    std::fs::read_to_string(path).map_err(cannot)
}

fn unusable(set: &Override) -> Option<Problem> {
    let message = match (set.expression(), &set.text) {
        (None, _) => {
            "names no config key; write BESTAND__SECTION__KEY, with numbers from 0 for places in a list"
        }
        (_, None) => "is not Unicode",
        _ => return None,
    };
    let place = Place::Variable {
        variable: set.variable.clone(),
    };
    Some(Problem {
        place,
        key: KeyPath::default(),
        message: message.into(),
    })
}

fn merge(text: &str, overrides: &[Override]) -> Result<Value, ConfigError> {
    let mut builder =
        config::Config::builder().add_source(config::File::from_str(text, FileFormat::Toml));
    for set in overrides {
        let (Some(expression), Some(text)) = (set.expression(), &set.text) else {
            continue;
        };
        builder = builder.set_override(expression, typed(&set.key, text))?;
    }
    builder.build()?.try_deserialize()
}

/// A variable's text as the type its key wants; where the schema leaves that open, as TOML if it is TOML, else as text.
fn typed(key: &KeyPath, text: &str) -> config::Value {
    let as_text = || config::Value::from(text);
    if schema::wants_text(key) {
        return as_text();
    }
    let value = text.parse::<toml_edit::de::ValueDeserializer>().ok();
    value
        .and_then(|value| config::Value::deserialize(value).ok())
        .unwrap_or_else(as_text)
}
