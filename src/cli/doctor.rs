//! `liannong doctor`: looks at a configuration and says in plain words, in Chinese and English, what is wrong and what to
//! do about it. It changes nothing: no database is made, no secret, no folder.
//!
//! Each thing that is looked at gives one line; the command fails when one of them keeps the house from running.

mod data;
mod machine;

use crate::config::Config;
use std::fmt;
use std::process::ExitCode;

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Well,
    /// It runs, and somebody should look.
    Doubtful,
    /// It does not run, or must not.
    Ill,
}

/// What was found out about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The thing.
    pub about: &'static str,
    /// How it is.
    pub health: Health,
    /// What is so, and what to do, in Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Finding {
    fn new(about: &'static str, health: Health, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { about, health, zh: zh.into(), en: en.into() }
    }

    fn well(about: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(about, Health::Well, zh, en)
    }

    fn doubtful(about: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(about, Health::Doubtful, zh, en)
    }

    fn ill(about: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(about, Health::Ill, zh, en)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.health {
            Health::Well => "ok   正常",
            Health::Doubtful => "look 注意",
            Health::Ill => "ILL  故障",
        };
        write!(f, "{mark}  {}: {} | {}", self.about, self.zh, self.en)
    }
}

/// Everything that was found out, in the order in which one would look.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let (secrets, mut findings) = machine::secret(config);
    findings.extend(machine::folder(config));
    findings.push(machine::disk(config));
    findings.extend(data::database(config, secrets.as_ref()).await);
    findings.push(machine::mail(config).await);
    findings.push(machine::search(config).await);
    findings.push(machine::telemetry(config).await);
    findings.push(machine::address(config));
    findings
}

/// Tells what was found out, and fails when something is ill.
pub async fn doctor(config: Config) -> ExitCode {
    let findings = examine(&config).await;
    for finding in &findings {
        println!("{finding}");
    }
    let ill = findings.iter().filter(|finding| finding.health == Health::Ill).count();
    let doubtful = findings.iter().filter(|finding| finding.health == Health::Doubtful).count();
    println!("{ill} ill 故障, {doubtful} to look at 注意, {} well 正常", findings.len() - ill - doubtful);
    if ill == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
