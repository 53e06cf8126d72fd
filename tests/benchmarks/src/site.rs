//! A daemon's folder: its config, its plugins, its database.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::bench::Bench;

/// The plugins of an ordinary daemon, and the one that floods it.
const PLUGINS: [&str; 5] = ["flood", "warehouse", "push", "finale", "shopify"];

/// The adapter that goes wrong as its settings say.
pub(crate) const MISBEHAVING: &str = "misbehaving";

/// Where the plugins lie, as the config says it.
const PLUGINS_DIR: &str = "[plugins]\ndir = \"plugins\"\n";

/// The name of the connection that floods.
pub(crate) const CONNECTION: &str = "Flood";

/// A way to misbehave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trouble {
    /// What it does, in words.
    pub(crate) name: &'static str,
    /// What the misbehaving adapter calls it.
    pub(crate) fault: &'static str,
    /// In which call.
    pub(crate) at: &'static str,
}

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
        link_plugins(bench, &folder.join("plugins"), &PLUGINS)?;
        let site = Self {
            config: folder.join("bestand.toml"),
            database: folder.join("bestand.db"),
            address: free_address()?,
            program: bench.built("bestand")?,
        };
        fs::write(&site.config, site.config_text(levels))?;
        Ok(site)
    }

    /// The same site with one more adapter and a connection to it that misbehaves.
    pub(crate) fn with_trouble(&self, bench: &mut Bench, trouble: Trouble) -> anyhow::Result<Self> {
        let plugins = bench.folder("plugins")?.join("all");
        let all = PLUGINS.iter().chain([&MISBEHAVING]).copied();
        link_plugins(bench, &plugins, &all.collect::<Vec<_>>())?;
        let Trouble { fault, at, .. } = trouble;
        let text = fs::read_to_string(&self.config)?;
        let text = text.replace(PLUGINS_DIR, &format!("[plugins]\ndir = {plugins:?}\n"));
        let more = format!(
            "[[adapter]]\nid = {MISBEHAVING:?}\n[[connection]]\nname = \"Trouble\"\n\
             adapter = {MISBEHAVING:?}\nsettings = {{ fault = {fault:?}, at = {at:?} }}\n"
        );
        let config = self.config.with_file_name(format!("{fault}.toml"));
        fs::write(&config, text + &more)?;
        Ok(Self {
            config,
            ..self.clone()
        })
    }

    fn config_text(&self, levels: Option<u64>) -> String {
        let address = self.address;
        let mut text = format!(
            "[server]\nlisten = \"{address}\"\nrequests_per_minute = 0\n\
             [store]\nurl = \"sqlite:bestand.db\"\n\
             [sync]\ninterval_secs = 86400\nmax_age_secs = 604800\n\
             {PLUGINS_DIR}allow_unsigned = true\n[log]\nfilter = \"warn\"\n"
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

fn link_plugins(bench: &Bench, folder: &Path, plugins: &[&str]) -> anyhow::Result<()> {
    fs::create_dir(folder)?;
    for id in plugins {
        let name = match *id {
            "flood" | MISBEHAVING => format!("libbestand_{id}.so"),
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
