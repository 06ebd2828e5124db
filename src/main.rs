//! One program with several commands.

use clap::{Parser, Subcommand};
use liannong::cli;
use liannong::config::Config;
use std::process::ExitCode;

/// 联农 Liannong: a consumption poverty-relief marketplace whose every fen can be followed to a household.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve, with a demonstration world that is made at the first start.
    Demo,
    /// Serve.
    Serve,
    /// Bring the schema up to date and load the reference data.
    Migrate,
    /// Recompute every balance and every share from the journal and its recorded inputs.
    Verify,
    /// The search index.
    #[command(subcommand)]
    Search(SearchCommand),
    /// Write the API description and the problem pages into a folder.
    Openapi {
        /// The folder.
        #[arg(default_value = "openapi")]
        folder: std::path::PathBuf,
    },
}

#[derive(Subcommand)]
enum SearchCommand {
    /// Build the index anew from the database.
    Rebuild,
}

#[actix_web::main]
async fn main() -> ExitCode {
    let Arguments { config, command } = Arguments::parse();
    cli::log::start(config.production, !matches!(command, Command::Serve));
    let done = match command {
        Command::Demo => cli::serve::demo(config).await,
        Command::Serve => cli::serve::serve(config).await,
        Command::Migrate => cli::migrate::migrate(config).await,
        Command::Verify => return cli::verify::verify(config).await,
        Command::Search(SearchCommand::Rebuild) => cli::search::rebuild(config).await,
        Command::Openapi { folder } => cli::openapi::write(&folder),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("liannong: {error}");
            ExitCode::FAILURE
        }
    }
}
