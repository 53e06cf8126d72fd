//! The versions of the contract that are compared: the workspace's own, and patched copies of it.

use std::path::Path;

/// The line of the workspace's own `Cargo.toml` that says its version.
const OWN_VERSION: &str = "version = \"1.0.0\"";

/// A version of `plugin-api`, made from the workspace's own sources.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contract {
    /// Its version, semver.
    pub(crate) version: &'static str,
    /// What it changes, in order. Each must still fit the sources, else the test says which does not.
    pub(crate) patches: &'static [Patch],
}

/// Replaces one piece of text of one file of `plugin-api`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patch {
    /// The file, below `plugin-api`.
    pub(crate) file: &'static str,
    /// What is there exactly once.
    pub(crate) old: &'static str,
    /// What comes in its stead.
    pub(crate) new: &'static str,
}

/// The workspace's own.
pub(crate) const V1_0: Contract = Contract {
    version: "1.0.0",
    patches: &[],
};

/// What a minor release may do: a field of the root behind its prefix, a message method, a field of a message.
pub(crate) const V1_1: Contract = Contract {
    version: "1.1.0",
    patches: &[
        Patch {
            file: "src/abi.rs",
            old: "    pub start: extern \"C\" fn(host: BoundaryObject) -> RResult<BoundaryObject, RString>,\n",
            new: "    pub start: extern \"C\" fn(host: BoundaryObject) -> RResult<BoundaryObject, RString>,\n    \
                  /// New in 1.1.\n    #[sabi(missing_field(option))]\n    pub revision: extern \"C\" fn() -> u64,\n",
        },
        Patch {
            file: "src/abi.rs",
            old: "$crate::abi::Root { start }",
            new: "extern \"C\" fn revision() -> u64 { 11 }\n                $crate::abi::Root { start, revision }",
        },
        Patch {
            file: "src/call/adapter.rs",
            old: "    Close = \"close\": () => ();\n",
            new: "    Close = \"close\": () => ();\n    /// New in 1.1.\n    Greet = \"greet\": () => String;\n",
        },
        Patch {
            file: "src/export.rs",
            old: "            Close::NAME => {\n",
            new: "            call::adapter::Greet::NAME => call::encode(\"hello from 1.1\"),\n            Close::NAME => {\n",
        },
        Patch {
            file: "src/manifest.rs",
            old: "    pub support: Support,\n}",
            new: "    pub support: Support,\n    /// New in 1.1.\n    #[serde(default = \"unsaid\")]\n    \
                  pub motto: String,\n}\n\nfn unsaid() -> String {\n    \"unsaid\".into()\n}",
        },
        Patch {
            file: "src/manifest.rs",
            old: "            support: Support::default(),\n",
            new: "            support: Support::default(),\n            motto: \"said by 1.1\".into(),\n",
        },
    ],
};

/// What no release may do within a major version: `start` takes something else.
pub(crate) const V1_2_CHANGED_TYPE: Contract = Contract {
    version: "1.2.0",
    patches: &[
        Patch {
            file: "src/abi.rs",
            old: "pub start: extern \"C\" fn(host: BoundaryObject)",
            new: "pub start: extern \"C\" fn(host: BoundaryObject, generation: u64)",
        },
        Patch {
            file: "src/abi.rs",
            old: "                host: $crate::abi::BoundaryObject,\n",
            new: "                host: $crate::abi::BoundaryObject,\n                _generation: u64,\n",
        },
    ],
};

/// The next major version, which need not differ in anything else to be refused.
pub(crate) const V2_0: Contract = Contract {
    version: "2.0.0",
    patches: &[],
};

// === impl Contract ===

impl Contract {
    /// The text of the file `name` as this version has it.
    pub(crate) fn patched(&self, name: &Path, text: String) -> String {
        let patches = self.patches.iter();
        let mut text = patches
            .filter(|patch| Path::new(patch.file) == name)
            .fold(text, |text, patch| patch.apply(&text));
        if name == Path::new("Cargo.toml") {
            text = text.replacen(OWN_VERSION, &format!("version = \"{}\"", self.version), 1);
        }
        text
    }
}

// === impl Patch ===

impl Patch {
    fn apply(&self, text: &str) -> String {
        let Self { file, old, new } = self;
        assert_eq!(
            text.matches(old).count(),
            1,
            "plugin-api/{file} lacks: {old}"
        );
        text.replace(old, new)
    }
}
