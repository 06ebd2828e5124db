//! One program with several commands.

use clap::{Parser, Subcommand};
use entity::value::AreaCode;
use liannong::catalogue::price::Market;
use liannong::cli;
use liannong::config::Config;
use liannong::verify;
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
    /// Look at the configuration and everything it names, and say what is wrong; changes nothing.
    Doctor,
    /// Copy the embedded database and the uploads into a new folder, while the house serves.
    Backup {
        /// The folder; new or empty.
        folder: std::path::PathBuf,
    },
    /// Put a backup into an empty data folder, and verify it.
    Restore {
        /// The folder of the backup.
        folder: std::path::PathBuf,
    },
    /// Recompute every balance, every share and every seal from the journal and its recorded inputs.
    Verify {
        /// A key that may have signed seals, in hexadecimal, as `GET /api/v1/seals` publishes it; may be repeated.
        #[arg(long = "key", value_parser = key)]
        keys: Vec<[u8; 32]>,
        /// A published seal that must still be there.
        #[arg(long, value_name = "NUMBER:HASH", value_parser = head)]
        head: Option<(i64, [u8; 32])>,
        /// Begin at this seal; what is under those before was verified earlier.
        #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(1..))]
        since: Option<i64>,
        /// An exported journal, instead of the database: its seals and everything under them.
        #[arg(long)]
        file: Option<std::path::PathBuf>,
    },
    /// The journal as a file.
    #[command(subcommand)]
    Journal(JournalCommand),
    /// The sums of accounts.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Check a receipt offline: its file, the text of its square code, or both, which then belong together.
    VerifyReceipt {
        /// The receipt.
        #[arg(required_unless_present = "code")]
        file: Option<std::path::PathBuf>,
        /// The text in the square code, as a telephone reads it.
        #[arg(long, value_name = "TEXT", requires = "keys")]
        code: Option<String>,
        /// A key that may have signed seals, in hexadecimal; may be repeated.
        #[arg(long = "key", value_parser = key)]
        keys: Vec<[u8; 32]>,
    },
    /// Seal whatever is not sealed yet of the journal and the audit, now; a running server does it every minute.
    Seal,
    /// The keys of personal data.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Print what the database account of a serving house must be granted on PostgreSQL; call it as the tables' owner.
    Grants {
        /// The account, which is there already.
        account: String,
        /// Grant it, too.
        #[arg(long)]
        apply: bool,
    },
    /// Measure this machine: fills the database it is given. `tests/bench/run` starts one and measures all.
    #[command(subcommand)]
    Bench(BenchCommand),
    /// The search index.
    #[command(subcommand)]
    Search(SearchCommand),
    /// Wholesale prices.
    #[command(subcommand)]
    Prices(PricesCommand),
    /// Write the API description and the problem pages into a folder.
    Openapi {
        /// The folder.
        #[arg(default_value = "openapi")]
        folder: std::path::PathBuf,
    },
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Seal with the present secret whatever the other one (LIANNONG_PREVIOUS_SECRET) sealed. Servers go on; stopping
    /// is harmless, the next run goes on with what is left.
    Rotate {
        /// Ciphertexts in one transaction.
        #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=2000))]
        batch: u32,
    },
}

#[derive(Subcommand)]
enum BenchCommand {
    /// The engine of shares, posting beside its ceiling, and verification.
    Ledger {
        /// How many entries to verify.
        #[arg(long, default_value_t = 10_000_000)]
        entries: u64,
        /// How long each measurement of posting lasts.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// The embedded search engine over generated products with real names.
    Search(cli::bench::search::SearchBench),
    /// Placing orders over HTTP, beside the same rows by `pgbench`, in a PostgreSQL of its own (DATABASE_URL).
    Orders(cli::bench::orders::OrdersBench),
    /// A county's register by the sheet, its night, and the pages people look at, in a database of its own.
    County(cli::bench::county::CountyBench),
    /// Every report over a year of trade, in a database of its own.
    Report(cli::bench::report::ReportBench),
}

#[derive(Subcommand)]
enum JournalCommand {
    /// Write the sealed journal into a file, which `verify --file` checks with nothing but the public key.
    Export {
        /// The file.
        file: std::path::PathBuf,
        /// The first seal to write.
        #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..))]
        since: i64,
    },
}

#[derive(Subcommand)]
enum LedgerCommand {
    /// Make the sums of every account anew from its entries.
    Rebuild,
}

#[derive(Subcommand)]
enum SearchCommand {
    /// Build the index anew from the database.
    Rebuild,
}

#[derive(Subcommand)]
enum PricesCommand {
    /// Bring in a wholesale market's file of prices; rows at fault are left out and told.
    Import {
        /// The file: CSV with the columns date, name, spec, low_yuan_per_jin, avg_yuan_per_jin, high_yuan_per_jin.
        file: std::path::PathBuf,
        /// The market's name.
        #[arg(long, default_value = "北京新发地")]
        market: String,
        /// The code of the province, city or county it stands in.
        #[arg(long, default_value = "110000", value_parser = region)]
        region: AreaCode,
    },
}

fn region(text: &str) -> Result<AreaCode, &'static str> {
    AreaCode::parse(text).map_err(|_| "a code has six digits, for example 110000")
}

fn key(text: &str) -> Result<[u8; 32], &'static str> {
    verify::read_key(text).ok_or("a key is 64 hexadecimal digits")
}

fn head(text: &str) -> Result<(i64, [u8; 32]), &'static str> {
    verify::read_head(text).ok_or("a seal is written as its number, a colon, and its hash of 64 hexadecimal digits")
}

#[actix_web::main]
async fn main() -> ExitCode {
    let Arguments { config, command } = Arguments::parse();
    cli::log::start(config.production, !matches!(command, Command::Serve));
    let done = match command {
        Command::Demo => Box::pin(cli::serve::demo(config)).await,
        Command::Serve => cli::serve::serve(config).await,
        Command::Migrate => cli::migrate::migrate(config).await,
        Command::Doctor => return cli::doctor::doctor(config).await,
        Command::Backup { folder } => return cli::backup::backup(config, &folder).await,
        Command::Restore { folder } => return cli::backup::restore(config, &folder).await,
        Command::Verify { keys, head, since, file } => {
            let trust = verify::Trust { keys, head, since };
            return match file {
                Some(file) => cli::verify::verify_file(&file, &trust),
                None => cli::verify::verify(config, &trust).await,
            };
        }
        Command::Journal(JournalCommand::Export { file, since }) => {
            return cli::journal::export(config, &file, since).await;
        }
        Command::Bench(BenchCommand::Ledger { entries, seconds }) => {
            return ended(Box::pin(cli::bench::ledger(config, entries, seconds)).await);
        }
        Command::Ledger(LedgerCommand::Rebuild) => cli::ledger::rebuild(config).await,
        Command::VerifyReceipt { file, code, keys } => {
            return cli::verify_receipt::verify_receipt(file.as_deref(), code.as_deref(), &keys);
        }
        Command::Grants { account, apply } => return cli::grants::grants(config, &account, apply).await,
        Command::Seal => cli::seal::seal(config).await,
        Command::Keys(KeysCommand::Rotate { batch }) => cli::keys::rotate(config, batch).await,
        Command::Search(SearchCommand::Rebuild) => cli::search::rebuild(config).await,
        Command::Bench(BenchCommand::Search(bench)) => cli::search::bench(&config, bench).map_err(Into::into),
        Command::Bench(BenchCommand::Orders(wanted)) => {
            return ended(Box::pin(cli::bench::orders::orders(config, wanted)).await);
        }
        Command::Bench(BenchCommand::Report(wanted)) => {
            return ended(Box::pin(cli::bench::report::report(config, wanted)).await);
        }
        Command::Bench(BenchCommand::County(wanted)) => {
            return ended(Box::pin(cli::bench::county::county(config, wanted)).await);
        }
        Command::Prices(PricesCommand::Import { file, market, region }) => {
            cli::prices::import(config, &file, Market { name: market, region }).await
        }
        Command::Openapi { folder } => cli::openapi::write(&folder),
    };
    ended(done)
}

/// Success, or a failure that says why.
fn ended(done: Result<(), impl std::fmt::Display>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("liannong: {error}");
            ExitCode::FAILURE
        }
    }
}
