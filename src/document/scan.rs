//! The look at a file before it is kept (病毒扫描): a command of the operator's choice.
//!
//! The command is split at blanks, is given the path of the received file as its last argument, and answers by how it
//! ends: 0 keeps the file, 1 refuses it, anything else (also a minute without an answer) refuses it for now. That is how
//! `clamdscan --no-summary` and `clamscan` answer. Its output goes to the log of the machine.

use super::error::DocumentError;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a scan may take.
const LONGEST: Duration = Duration::from_secs(60);
/// How often it is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(20);

/// Asks the command about a file.
///
/// # Errors
/// [`DocumentError::Infected`] when it refuses, [`DocumentError::ScanFailed`] when it cannot be asked.
pub(super) async fn scan(command: &str, file: &Path) -> Result<(), DocumentError> {
    let (command, file) = (command.to_owned(), file.to_owned());
    let ended = tokio::task::spawn_blocking(move || run(&command, file)).await;
    match ended.map_err(std::io::Error::other).and_then(|ran| ran) {
        Ok(Some(0)) => Ok(()),
        Ok(Some(1)) => Err(DocumentError::Infected),
        Ok(code) => {
            tracing::error!(?code, "the scan command did not answer");
            Err(DocumentError::ScanFailed)
        }
        Err(error) => {
            tracing::error!(%error, "the scan command cannot be run");
            Err(DocumentError::ScanFailed)
        }
    }
}

/// How the command ended; nothing when it was stopped.
fn run(command: &str, file: PathBuf) -> std::io::Result<Option<i32>> {
    let mut words = command.split_whitespace();
    let program = words.next().ok_or_else(|| std::io::Error::other("the scan command is empty"))?;
    let mut child = Command::new(program).args(words).arg(file).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if begun.elapsed() > LONGEST {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(PAUSE);
    }
}
