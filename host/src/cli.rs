//! The command line: what operators and scripts type.
//!
//! One file per command, which turns its arguments into one call and prints what came of it; printing is left to
//! [`output`]. `key`, `account`, `user`, `import`, `export`, `adjust`, `operation`, `order`, `sync`, `history`, `drift`, `low-stock`, `alias`, `kit`, `warehouse`, `stock-take` and `explain` work on the store itself, with or without a daemon beside them;
//! `reload` speaks to the running daemon.

pub mod account;
pub mod adjust;
pub mod alias;
mod article_file;
pub mod check_config;
pub mod context;
pub mod demo;
pub mod doctor;
pub mod drift;
pub mod exit;
pub mod explain;
pub mod export;
pub mod history;
pub mod import;
pub mod key;
pub mod kit;
pub mod low_stock;
pub mod operation;
pub mod order;
pub mod output;
pub mod plugin;
pub mod reload;
pub mod serve;
pub mod stock_take;
pub mod sync;
pub mod user;

mod shutdown;

mod name;
mod progress;
mod refusals;
mod source_arguments;
pub mod warehouse;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use self::context::Context;
use self::exit::Exit;

/// Shows on every order whether the stock to ship it is there.
#[derive(Debug, Parser)]
#[command(name = "bestand", version, arg_required_else_help = true, after_help = exit::HELP)]
pub struct Cli {
    /// The config file; without it `bestand.toml` in the working directory, if there is one
    #[arg(
        long,
        short,
        global = true,
        value_name = "FILE",
        env = "BESTAND_CONFIG",
        help_heading = "Global options"
    )]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Demo(demo::Demo),
    CheckConfig(check_config::CheckConfig),
    Doctor(doctor::Doctor),
    Reload(reload::Reload),
    #[command(subcommand)]
    Plugin(plugin::Plugin),
    #[command(subcommand)]
    Account(account::Account),
    #[command(subcommand)]
    Key(key::Key),
    #[command(subcommand)]
    User(user::User),
    #[command(subcommand)]
    Import(import::Import),
    #[command(subcommand)]
    Export(export::Export),
    Sync(sync::Sync),
    Adjust(adjust::Adjust),
    #[command(subcommand)]
    Operation(operation::Operation),
    #[command(subcommand)]
    Order(order::Order),
    History(history::History),
    Drift(drift::Drift),
    LowStock(low_stock::LowStock),
    #[command(subcommand)]
    Alias(alias::Alias),
    #[command(subcommand)]
    Kit(kit::Kit),
    #[command(subcommand)]
    StockTake(stock_take::StockTake),
    #[command(subcommand)]
    Warehouse(warehouse::Warehouse),
    Explain(explain::Explain),
}

// === impl Cli ===

impl Cli {
    /// The arguments of this process; help, or what is wrong with them, ends it.
    #[must_use]
    pub fn of_process() -> Self {
        Self::try_parse().unwrap_or_else(|error| exit::at_arguments(&error))
    }

    /// Does what was asked, and says what went wrong.
    #[must_use]
    pub fn run(self) -> Exit {
        let runtime = tokio::runtime::Runtime::new().map_err(anyhow::Error::from);
        exit::of(runtime.and_then(|runtime| runtime.block_on(self.ask())))
    }

    async fn ask(self) -> anyhow::Result<Exit> {
        let context = Context::new(self.config);
        match self.command {
            Command::Serve(command) => command.run(&context).await,
            Command::Demo(command) => command.run().await,
            Command::CheckConfig(command) => command.run(&context),
            Command::Doctor(command) => command.run(&context),
            Command::Reload(command) => command.run(&context).await,
            Command::Plugin(command) => command.run(&context).await,
            Command::Account(command) => command.run(&context).await,
            Command::Key(command) => command.run(&context).await,
            Command::User(command) => command.run(&context).await,
            Command::Import(command) => command.run(&context).await,
            Command::Export(command) => command.run(&context).await,
            Command::Sync(command) => command.run(&context).await,
            Command::Adjust(command) => command.run(&context).await,
            Command::Operation(command) => command.run(&context).await,
            Command::Order(command) => command.run(&context).await,
            Command::History(command) => command.run(&context).await,
            Command::Drift(command) => command.run(&context).await,
            Command::LowStock(command) => command.run(&context).await,
            Command::Alias(command) => command.run(&context).await,
            Command::Kit(command) => command.run(&context).await,
            Command::Warehouse(command) => command.run(&context).await,
            Command::StockTake(command) => command.run(&context).await,
            Command::Explain(command) => command.run(&context).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_commands_are_well_formed_and_each_is_explained() {
        fn check(command: &clap::Command) {
            assert!(
                command.get_about().is_some(),
                "`{}` is not explained",
                command.get_name()
            );
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "`{}` of `{}` is not explained",
                    argument.get_id(),
                    command.get_name()
                );
            }
            command.get_subcommands().for_each(check);
        }
        let mut command = Cli::command();
        command.build();
        command.clone().debug_assert();
        command
            .get_subcommands()
            .filter(|command| command.get_name() != "help")
            .for_each(check);
    }

    #[test]
    fn the_config_file_can_be_named_before_and_after_the_command() {
        for arguments in [
            ["bestand", "--config", "a.toml", "check-config"],
            ["bestand", "check-config", "-c", "a.toml"],
        ] {
            assert_eq!(
                Cli::try_parse_from(arguments).unwrap().config,
                Some("a.toml".into())
            );
        }
    }
}
