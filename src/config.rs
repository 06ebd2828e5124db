//! The configuration: one struct, read once from flags and environment, checked before anything starts.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;

/// How the program is run. Flags win over the environment, the environment over the defaults.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    /// Folder for the embedded database, uploaded files, the search index and outgoing mail.
    #[arg(long, env = "LIANNONG_DATA", default_value = "data")]
    pub data: PathBuf,

    /// Database address, `sqlite://…` or `postgres://…`; by default a SQLite file in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Address to listen on.
    #[arg(long, env = "LIANNONG_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Refuse anything that must not face the public: demonstration accounts, a secret made on the spot.
    #[arg(long, env = "LIANNONG_PRODUCTION", default_value_t = false)]
    pub production: bool,

    /// The master secret, 64 hexadecimal digits; personal data and tokens depend on it.
    #[arg(long, env = "LIANNONG_SECRET", hide_env_values = true)]
    pub secret: Option<String>,

    /// A file that holds the master secret, readable by its owner only.
    #[arg(long, env = "LIANNONG_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,

    /// Mail server, `smtp://…` or `smtps://…`; by default mails are written as files in the data folder.
    #[arg(long, env = "LIANNONG_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// Sender of mails.
    #[arg(long, env = "LIANNONG_MAIL_FROM", default_value = "联农 <no-reply@liannong.example>")]
    pub mail_from: String,

    /// The master secret before the present one: tokens it signed are still accepted, and its public key is served.
    #[arg(long, env = "LIANNONG_PREVIOUS_SECRET", hide_env_values = true)]
    pub previous_secret: Option<String>,

    /// How long an access token is valid, in minutes.
    #[arg(long, env = "LIANNONG_TOKEN_MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub token_minutes: u32,

    /// After how many days without use a session ends.
    #[arg(long, env = "LIANNONG_REFRESH_DAYS", default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=90))]
    pub refresh_days: u32,

    /// How many sign-ins and registrations one address may try in a minute, on each server.
    #[arg(long, env = "LIANNONG_SIGN_INS_PER_MINUTE", default_value = "30")]
    pub sign_ins_per_minute: NonZeroU32,

    /// Addresses of our own proxies, comma-separated: they are believed when they say for whom they speak
    /// (X-Forwarded-For).
    #[arg(long, env = "LIANNONG_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,

    /// Address at which Prometheus reads `/metrics`; keep it from the public. Nowhere when not given.
    #[arg(long, env = "LIANNONG_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// Within how many days after their acceptance goods can be given back.
    #[arg(long, env = "LIANNONG_RETURN_DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(0..=365))]
    pub return_days: u32,

    /// Connections to PostgreSQL.
    #[arg(long, env = "LIANNONG_POOL", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub pool: u32,
}

impl Config {
    /// The database address, the embedded one when none is given.
    #[must_use]
    pub fn database(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", self.data.join("liannong.db").display()))
    }
}
