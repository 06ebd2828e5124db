//! `liannong bench search`: the embedded engine over generated products.
//!
//! The clients ask as fast as they are answered, each in a thread of its own, so with eight of them on two cores
//! three of four wait: the worst the engine can meet. Beside each figure stands the processor time a question cost,
//! which another load on the machine hardly changes, and at the end how much of the cores was ours.

use super::machine;
use super::products::Stock;
use crate::search::{Embedded, Fixed, Query, SearchEngine, SearchError, words};
use fastrand::Rng;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What to measure.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct SearchBench {
    /// How many products.
    #[arg(long, default_value_t = 300_000)]
    pub products: u64,
    /// For how many seconds each kind of question is asked.
    #[arg(long, default_value_t = 5)]
    pub seconds: u64,
    /// The seed everything is drawn from.
    #[arg(long, default_value_t = 832)]
    pub seed: u64,
}

/// How many questions of each kind are drawn; they are asked over and over.
const QUESTIONS: usize = 2_000;

/// A kind of question.
type Ask = fn(&dyn SearchEngine, &str) -> Result<(), SearchError>;

fn term(engine: &dyn SearchEngine, text: &str) -> Result<(), SearchError> {
    engine.search(&asking(text)).map(drop)
}

fn faceted(engine: &dyn SearchEngine, text: &str) -> Result<(), SearchError> {
    // A province, so that the counts of all others are asked for too.
    let province = entity::value::AreaCode::parse("520000").ok();
    engine.search(&Query { facets: true, in_stock: true, province, ..asking(text) }).map(drop)
}

fn suggestion(engine: &dyn SearchEngine, text: &str) -> Result<(), SearchError> {
    engine.suggest(text, 10).map(drop)
}

fn asking(text: &str) -> Query {
    Query { text: Some(text.to_owned()), this_month: Some(5), limit: 20, ..Query::default() }
}

/// What people look for: produce by its last two characters, whole names, pinyin, a county and its produce.
fn texts(stock: &Stock, random: &mut Rng) -> Vec<String> {
    let mut texts = Vec::with_capacity(QUESTIONS);
    while texts.len() < QUESTIONS {
        let name = &stock.named[random.usize(..stock.named.len())].name;
        let chars: Vec<char> = name.chars().collect();
        let produce: String = chars[chars.len().saturating_sub(2)..].iter().collect();
        let place: String = chars[..chars.len().min(2)].iter().collect();
        texts.push(match random.u8(..20) {
            0..8 => produce,
            8..14 => name.clone(),
            14..17 => words::syllables(&produce).concat(),
            _ => format!("{place} {produce}"),
        });
    }
    texts
}

/// What people have typed so far: the first characters of a name, or the first letters of its pinyin.
fn beginnings(stock: &Stock, random: &mut Rng) -> Vec<String> {
    let begun = |_| {
        let name = &stock.named[random.usize(..stock.named.len())].name;
        let (whole, most) = if random.bool() { (name.clone(), 4) } else { (words::syllables(name).concat(), 8) };
        whole.chars().take(random.usize(1..most)).collect()
    };
    (0..QUESTIONS).map(begun).collect()
}

/// Builds an index in a temporary folder and prints the figures.
///
/// # Errors
/// When the index cannot be built or asked.
pub fn run(bench: SearchBench, mut stock: Stock, folder: &std::path::Path) -> Result<(), SearchError> {
    let SearchBench { products, seconds, seed } = bench;
    words::warm_up();
    let mut random = Rng::with_seed(seed);
    println!("load before: {}; cores ours when we want two: {} %", machine::load(), machine::share(2));
    let engine = Embedded::open(folder)?;
    let before = machine::resident_mebibytes();
    let (began, processor) = (Instant::now(), machine::processor_millis());
    let mut source = Fixed((0..products).map(|_| Ok(stock.product(&mut random))));
    let count = engine.rebuild(&mut source)?;
    println!(
        "build: {count} products in {} s, {} s of processor time; index {} MiB; memory {before} -> {} MiB",
        began.elapsed().as_secs(),
        (machine::processor_millis() - processor) / 1000,
        machine::folder_mebibytes(folder),
        machine::resident_mebibytes(),
    );
    let (texts, begun) = (texts(&stock, &mut random), beginnings(&stock, &mut random));
    println!("question                        clients  per second     p50 ms     p99 ms  processor ms each");
    for clients in [1, 8] {
        let time = Duration::from_secs(seconds);
        measure("term", clients, time, &engine, &texts, term)?;
        measure("term, facets, filters", clients, time, &engine, &texts, faceted)?;
        measure("suggestion by prefix", clients, time, &engine, &begun, suggestion)?;
    }
    println!("memory after: {} MiB", machine::resident_mebibytes());
    println!("load after: {}; cores ours when we want two: {} %", machine::load(), machine::share(2));
    Ok(())
}

fn measure(
    what: &str,
    clients: usize,
    time: Duration,
    engine: &dyn SearchEngine,
    texts: &[String],
    ask: Ask,
) -> Result<(), SearchError> {
    for text in texts.iter().take(200) {
        ask(engine, text)?;
    }
    let turn = AtomicU64::new(0);
    let (began, processor) = (Instant::now(), machine::processor_millis());
    let until = began + time;
    let client = || -> Result<Vec<u128>, SearchError> {
        let mut taken = Vec::new();
        while Instant::now() < until {
            let turn = usize::try_from(turn.fetch_add(1, Ordering::Relaxed)).unwrap_or_default();
            let asked = Instant::now();
            ask(engine, &texts[turn % texts.len()])?;
            taken.push(asked.elapsed().as_micros());
        }
        Ok(taken)
    };
    let mut taken = Vec::new();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..clients).map(|_| scope.spawn(client)).collect();
        for client in clients {
            if let Ok(times) = client.join() {
                taken.extend(times?);
            }
        }
        Ok::<(), SearchError>(())
    })?;
    let wall = began.elapsed().as_millis().max(1);
    let processor = u128::from(machine::processor_millis() - processor);
    taken.sort_unstable();
    let asked = u128::try_from(taken.len()).unwrap_or_default().max(1);
    let at = |part: usize| taken.get(taken.len() * part / 100).copied().unwrap_or_default();
    println!(
        "{what:<30} {clients:>8} {:>11} {:>10} {:>10} {:>18}",
        asked * 1000 / wall,
        millis(at(50)),
        millis(at(99)),
        millis(processor * 1000 / asked),
    );
    Ok(())
}

/// Microseconds as milliseconds with two decimals.
fn millis(micros: u128) -> String {
    format!("{}.{:02}", micros / 1000, micros % 1000 / 10)
}
