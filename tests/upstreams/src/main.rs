//! Runs the simulated systems on their own, for anyone who wants to play, and for the daemon's demo.

use std::io::Write;
use std::path::PathBuf;

use bestand_upstreams::connect::{Module, ModuleOptions};
use bestand_upstreams::demo::{Columns, World};
use bestand_upstreams::ecomdash::{Ecomdash, EcomdashOptions};
use bestand_upstreams::finale::{Finale, FinaleOptions};
use bestand_upstreams::shopify::{Shopify, ShopifyOptions};
use clap::{Parser, Subcommand};

/// Simulated inventory systems that refuse what the real ones would refuse.
#[derive(Parser)]
#[command(name = "bestand-upstreams", version)]
struct Arguments {
    #[command(subcommand)]
    system: System,
}

#[derive(Subcommand)]
enum System {
    /// A Finale Inventory account; steer it under /_control/.
    Finale {
        /// The port on 127.0.0.1; 0 takes a free one.
        #[arg(long, default_value_t = 8101)]
        port: u16,
    },
    /// A Shopify shop; steer it under /_control/.
    Shopify {
        /// The port on 127.0.0.1; 0 takes a free one.
        #[arg(long, default_value_t = 8102)]
        port: u16,
    },
    /// A module of ShipEngine Connect; steer it under /_control/.
    Connect {
        /// The port on 127.0.0.1; 0 takes a free one.
        #[arg(long, default_value_t = 8103)]
        port: u16,
    },
    /// An Ecomdash account; steer it under /_control/.
    Ecomdash {
        /// The port on 127.0.0.1; 0 takes a free one.
        #[arg(long, default_value_t = 8104)]
        port: u16,
    },
    /// Finale and Shopify, stocked for the demo; prints one line of JSON and serves until its input ends.
    Demo {
        /// Stock the SKUs of this CSV file instead of the demo's own.
        #[arg(long)]
        orders: Option<PathBuf>,
        /// Which column is which, such as `sku=StockCode,quantity=Quantity`.
        #[arg(long, default_value = "")]
        map: Columns,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().system {
        System::Finale { port } => {
            let options = FinaleOptions {
                port,
                ..FinaleOptions::default()
            };
            let login = format!(
                "account {}, key {}, secret {}",
                options.account, options.key, options.secret
            );
            let finale = Finale::start(options).await?;
            say(&format!(
                "Finale at {} ({login}); Ctrl-C stops it",
                finale.url()
            ))?;
            tokio::signal::ctrl_c().await?;
        }
        System::Shopify { port } => {
            let options = ShopifyOptions {
                port,
                ..ShopifyOptions::default()
            };
            let login = format!(
                "shop {}, token {:?}",
                options.shop,
                options.access_token.as_deref().unwrap_or("none")
            );
            let shopify = Shopify::start(options).await?;
            say(&format!(
                "Shopify at {} ({login}); Ctrl-C stops it",
                shopify.url()
            ))?;
            tokio::signal::ctrl_c().await?;
        }
        System::Connect { port } => {
            let options = ModuleOptions {
                port,
                ..ModuleOptions::default()
            };
            let login = format!("order source {}, API key connect-key", options.api_code);
            let module = Module::start(options).await?;
            say(&format!(
                "Connect module at {} ({login}); Ctrl-C stops it",
                module.url()
            ))?;
            tokio::signal::ctrl_c().await?;
        }
        System::Ecomdash { port } => {
            let options = EcomdashOptions {
                port,
                ..EcomdashOptions::default()
            };
            let login = format!("keys {} and {}", options.account_key, options.portal_key);
            let ecomdash = Ecomdash::start(options).await?;
            say(&format!(
                "Ecomdash at {} ({login}); Ctrl-C stops it",
                ecomdash.url()
            ))?;
            tokio::signal::ctrl_c().await?;
        }
        System::Demo { orders, map } => {
            let world = World::start(orders.as_deref().map(|path| (path, &map))).await?;
            say(&serde_json::to_string(&world.scenario)?)?;
            until_input_ends().await?;
        }
    }
    Ok(())
}

fn say(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// The daemon holds our input open for as long as it lives.
async fn until_input_ends() -> anyhow::Result<()> {
    let drained = tokio::task::spawn_blocking(|| {
        std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink())
    });
    drained.await??;
    Ok(())
}
