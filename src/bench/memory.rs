//! How much memory this process takes, as Linux tells it; elsewhere nobody tells.

/// The most memory this process had since it began, or since that was last forgotten, in KiB (`VmHWM`).
#[must_use]
pub fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Begins anew to remember the most.
pub fn forget_peak() {
    // Where it cannot be forgotten, the figure is that of the whole run: too large, never too small.
    let _kept = std::fs::write("/proc/self/clear_refs", "5");
}
