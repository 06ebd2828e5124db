//! What the machine says of itself, as Linux tells it; elsewhere it says nothing.

use std::time::{Duration, Instant};

/// Clock ticks of `/proc/self/stat` in a second, the same on every Linux that is met.
const TICKS: u64 = 100;

/// How much processor time this process has used, in milliseconds.
#[must_use]
pub fn processor_millis() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets may hold blanks; after it stand the state and then numbers.
    let numbers = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<&str> = numbers.split_whitespace().collect();
    let ticks = [11, 12].into_iter().filter_map(|at| fields.get(at)?.parse::<u64>().ok()).sum::<u64>();
    ticks * 1000 / TICKS
}

/// How much memory this process holds now, in MiB.
#[must_use]
pub fn resident_mebibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// The load of the machine: over one, five and fifteen minutes.
#[must_use]
pub fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// How much of `threads` cores is ours when we want all of it, in percent: what the figures beside it can be at most.
#[must_use]
pub fn share(threads: u64) -> u64 {
    let (began, before) = (Instant::now(), processor_millis());
    let until = began + Duration::from_millis(500);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut number = 1_u64;
                while Instant::now() < until {
                    for _ in 0..1000 {
                        number = std::hint::black_box(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
                    }
                }
            });
        }
    });
    let wall = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
    (processor_millis() - before) * 100 / (wall * threads.max(1))
}

/// How much a folder holds, in MiB.
#[must_use]
pub fn folder_mebibytes(folder: &std::path::Path) -> u64 {
    fn bytes(folder: &std::path::Path) -> u64 {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(
                |entry| {
                    if entry.path().is_dir() { bytes(&entry.path()) } else { entry.metadata().map_or(0, |m| m.len()) }
                },
            )
            .sum()
    }
    bytes(folder) / 1024 / 1024
}
