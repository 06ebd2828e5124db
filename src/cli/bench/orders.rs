//! `liannong bench orders`: placing orders, beside the same rows by hand.

use super::machine;
use crate::bench::orders::{MOST_CLIENTS, Market};
use crate::config::Config;
use crate::start;
use entity::value::SystemClock;
use std::error::Error;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// How orders are measured.
#[derive(Debug, Clone, clap::Args)]
pub struct OrdersBench {
    /// How many clients at a time, one measurement each.
    #[arg(long, value_delimiter = ',', default_value = "8,32", value_parser = clap::value_parser!(u64).range(1..=MOST_CLIENTS))]
    pub clients: Vec<u64>,

    /// How long each measurement lasts.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub seconds: u64,

    /// The program that places the same rows by hand; it comes with PostgreSQL.
    #[arg(long, default_value = "pgbench")]
    pub pgbench: String,
}

/// Measures orders in the PostgreSQL that `DATABASE_URL` names, which is filled with a world for it.
///
/// # Errors
/// When there is no such database, it has a world already, or `pgbench` cannot be run.
pub async fn orders(config: Config, wanted: OrdersBench) -> Result<(), Box<dyn Error>> {
    let url = config.database_url.clone().filter(|url| url.starts_with("postgres"));
    let url = url.ok_or("orders are measured on PostgreSQL: set DATABASE_URL to an empty database of its own")?;
    let most = NonZeroU32::MAX;
    let config = Config { requests_per_minute: most, pool: config.pool.max(40), ..config };
    let app = start::open(config, Arc::new(SystemClock)).await?;
    let market = Market::open(app, &url).await?;
    println!("machine: load {}, {} % of two cores are ours", machine::load(), machine::share(2));
    println!(
        "an order of 3 lines from 2 suppliers: {} SQL statements between begin and commit",
        market.statements().await?
    );
    for clients in wanted.clients {
        let clients = usize::try_from(clients)?;
        let placed = market.order_for(clients, Duration::from_secs(wanted.seconds)).await?;
        let (by_hand, wal) = market.by_hand(&wanted.pgbench, clients, wanted.seconds).await?;
        let hundredths = placed.per_second * 100 / by_hand.max(1);
        println!(
            "orders, {clients:>2} clients: {:>6} orders/s, p50 {} ms, p99 {} ms, {} bytes of WAL an order ({} orders); \
             by pgbench {by_hand:>6}/s with {wal} bytes; ratio {}.{:02}",
            placed.per_second,
            placed.p50.as_millis(),
            placed.p99.as_millis(),
            placed.wal_bytes,
            placed.orders,
            hundredths / 100,
            hundredths % 100
        );
    }
    Ok(())
}
