//! A daemon's folder: its config, its plugins, its database.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::bench::Bench;

/// The plugins of an ordinary daemon, and the one that floods it.
const PLUGINS: [&str; 4] = ["flood", "warehouse", "finale", "shopify"];

/// The name of the connection that floods.
pub(crate) const CONNECTION: &str = "Flood";

/// A daemon's folder.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The config file.
    pub(crate) config: PathBuf,
    /// The database file.
    pub(crate) database: PathBuf,
    /// Where the daemon will listen.
    pub(crate) address: SocketAddr,
    /// The daemon's program.
    pub(crate) program: PathBuf,
}

// === impl Site ===

impl Site {
    /// A site whose connection lists `levels`, or that has no connection.
    pub(crate) fn make(bench: &mut Bench, levels: Option<u64>) -> anyhow::Result<Self> {
        let folder = bench.folder("site")?;
        link_plugins(bench, &folder.join("plugins"))?;
        let site = Self {
            config: folder.join("bestand.toml"),
            database: folder.join("bestand.db"),
            address: free_address()?,
            program: bench.built("bestand")?,
        };
        fs::write(&site.config, site.config_text(levels))?;
        Ok(site)
    }

    fn config_text(&self, levels: Option<u64>) -> String {
        let address = self.address;
        let mut text = format!(
            "[server]\nlisten = \"{address}\"\nrequests_per_minute = 0\n\
             [store]\nurl = \"sqlite:bestand.db\"\n\
             [sync]\ninterval_secs = 86400\nmax_age_secs = 604800\n\
             [plugins]\nallow_unsigned = true\n[log]\nfilter = \"warn\"\n"
        );
        for id in PLUGINS {
            text += &format!("[[adapter]]\nid = \"{id}\"\n");
        }
        if let Some(levels) = levels {
            text += &format!(
                "[[connection]]\nname = \"{CONNECTION}\"\nadapter = \"flood\"\nsettings = {{ levels = {levels} }}\n"
            );
        }
        text
    }
}

fn link_plugins(bench: &Bench, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir(folder)?;
    for id in PLUGINS {
        let name = match id {
            "flood" => "libbestand_flood.so".to_owned(),
            id => format!("libbestand_plugin_{id}.so"),
        };
        std::os::unix::fs::symlink(bench.built(&name)?, folder.join(name))?;
    }
    Ok(())
}

/// An address nobody listens on. Somebody else may take it before the daemon does, which then says so.
fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?)
}
