//! The configuration: one struct, read once from flags and environment, checked before anything starts.

use crate::http::outward::Network;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;

/// Where the Debian package fonts-wqy-microhei puts its font.
pub const DEFAULT_FONT: &str = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc";

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

    /// Where the public reaches this house, `https://…` without a slash at the end: it is printed on packs.
    #[arg(long, env = "LIANNONG_PUBLIC_ADDRESS")]
    pub public_address: Option<String>,

    /// The master secret, 64 hexadecimal digits; personal data and tokens depend on it.
    #[arg(long, env = "LIANNONG_SECRET", hide_env_values = true)]
    pub secret: Option<String>,

    /// A file that holds the master secret, readable by its owner only.
    #[arg(long, env = "LIANNONG_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,

    /// Mail server, `smtps://name:password@host` or `smtp://…?tls=required`; by default mails are written as files in
    /// the data folder.
    #[arg(long, env = "LIANNONG_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// A file (PEM) with the certificate that vouches for the mail server's, where no public authority does.
    #[arg(long, env = "LIANNONG_SMTP_ROOT")]
    pub smtp_root: Option<PathBuf>,

    /// How many seconds a mail server may take for one mail; then it is tried again later.
    #[arg(long, env = "LIANNONG_SMTP_PATIENCE_SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub smtp_patience_seconds: u32,

    /// Sender of mails.
    #[arg(long, env = "LIANNONG_MAIL_FROM", default_value = "联农 <no-reply@liannong.example>")]
    pub mail_from: String,

    /// A second master secret, the one before the present one while it is changed: tokens it signed are accepted,
    /// personal data it sealed opens, and it vouches for the key of the seals.
    #[arg(long, env = "LIANNONG_PREVIOUS_SECRET", hide_env_values = true)]
    pub previous_secret: Option<String>,

    /// A file that holds the second master secret, readable by its owner only.
    #[arg(long, env = "LIANNONG_PREVIOUS_SECRET_FILE")]
    pub previous_secret_file: Option<PathBuf>,

    /// Household counts below this are not shown outside the county.
    #[arg(long, env = "LIANNONG_SMALLEST_GROUP", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub smallest_group: u32,

    /// How many requests one account may make in a minute, on each server.
    #[arg(long, env = "LIANNONG_REQUESTS_PER_MINUTE", default_value = "600")]
    pub requests_per_minute: NonZeroU32,

    /// How many requests without an account one address may make in a minute, on each server.
    #[arg(long, env = "LIANNONG_PUBLIC_REQUESTS_PER_MINUTE", default_value = "600")]
    pub public_requests_per_minute: NonZeroU32,

    /// Web pages that may call the interface from a browser, as origins (`https://…`), comma-separated; none by default.
    #[arg(long, env = "LIANNONG_ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub origins: Vec<String>,

    /// Private networks that addresses given by users may lead to, as `10.1.0.0/16`, comma-separated; none by default.
    #[arg(long, env = "LIANNONG_REACHABLE_NETWORKS", value_delimiter = ',')]
    pub reachable_networks: Vec<Network>,

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

    /// Where spans are told.
    #[command(flatten)]
    pub open_telemetry: OpenTelemetry,

    /// Within how many days after their acceptance goods can be given back.
    #[arg(long, env = "LIANNONG_RETURN_DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(0..=365))]
    pub return_days: u32,

    /// The font of papers, with Chinese type: by default that of the Debian package fonts-wqy-microhei.
    #[arg(long, env = "LIANNONG_FONT", default_value = DEFAULT_FONT)]
    pub font: PathBuf,

    /// The days of complaints.
    #[command(flatten)]
    pub complaint_days: ComplaintDays,

    /// Interest on what is paid late.
    #[command(flatten)]
    pub late_interest: LateInterest,

    /// The clocks of orders.
    #[command(flatten)]
    pub order_clocks: OrderClocks,

    /// Over which months a household's income is looked at.
    #[command(flatten)]
    pub income_windows: IncomeWindows,

    /// A Meilisearch server for the product search, `http://…` or `https://…`; by default an index in the data folder.
    #[arg(long, env = "LIANNONG_MEILISEARCH_URL")]
    pub meilisearch_url: Option<String>,

    /// The key for that server; it must allow searching, documents, settings, tasks and indexes.
    #[arg(long, env = "LIANNONG_MEILISEARCH_KEY", hide_env_values = true)]
    pub meilisearch_key: Option<String>,

    /// The name of the index on that server; a rebuild also uses this name with `_next`.
    #[arg(long, env = "LIANNONG_MEILISEARCH_INDEX", default_value = "liannong_products")]
    pub meilisearch_index: String,

    /// What identifiers of published procurements begin with. A publisher gets a prefix of its own from the Open Contracting
    /// Partnership: <https://standard.open-contracting.org/1.1/en/guidance/build/#register-an-ocid-prefix>.
    #[arg(long, env = "LIANNONG_OCID_PREFIX", default_value = "ocds-000000", value_parser = ocid_prefix)]
    pub ocid_prefix: String,

    /// Connections to PostgreSQL.
    #[arg(long, env = "LIANNONG_POOL", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub pool: u32,

    /// Changes of a product on the shelf that send it into review again, comma-separated; those that are not named
    /// keep it on the shelf.
    #[arg(
        long,
        env = "LIANNONG_REVIEW_CHANGES",
        value_delimiter = ',',
        default_value = "content,certificates,packing,rules,photos"
    )]
    pub review_changes: Vec<ReviewPart>,

    /// By how many per cent a product may cost more than the median of its like before it is flagged.
    #[arg(long, env = "LIANNONG_PRICE_ABOVE_PEERS_PERCENT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub price_above_peers_percent: u32,

    /// By how many per cent a product may cost more than the wholesale price before it is flagged.
    #[arg(long, env = "LIANNONG_PRICE_ABOVE_REFERENCE_PERCENT", default_value_t = 200, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub price_above_reference_percent: u32,

    /// A command that looks at each uploaded file before it is kept: it is given the file's path as its last argument
    /// and refuses by ending with 1. Any other failure refuses the upload for now.
    #[arg(long, env = "LIANNONG_SCAN_COMMAND")]
    pub scan_command: Option<String>,

    /// Where files are kept: `s3://bucket/prefix` with the usual `AWS_…` variables, in a program built with the feature
    /// `s3`; by default a folder in the data folder.
    #[arg(long, env = "LIANNONG_FILES")]
    pub files: Option<String>,
}

/// A part of a product whose change may need a new review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum ReviewPart {
    /// Name, category, description.
    Content,
    /// Certificates.
    Certificates,
    /// Kind, unit, brand, taste, packing, pieces, storage, where it is processed.
    Packing,
    /// Smallest order, limit for a buyer, season, capacity, carriage, shelf life.
    Rules,
    /// Pictures.
    Photos,
    /// The price.
    Price,
}

/// Where spans of requests and jobs are told (链路追踪), by the standard variables of OpenTelemetry; nowhere by default.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct OpenTelemetry {
    /// A collector of OpenTelemetry that takes OTLP over HTTP, `http://127.0.0.1:4318`: spans go to `/v1/traces` below it.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", hide_env_values = true)]
    pub otlp_endpoint: Option<String>,

    /// The whole address that takes spans, where it is another.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", hide_env_values = true)]
    pub otlp_traces_endpoint: Option<String>,

    /// How it is spoken to: `http/protobuf`, and nothing else.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_PROTOCOL")]
    pub otlp_protocol: Option<String>,

    /// The same, for spans alone.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")]
    pub otlp_traces_protocol: Option<String>,

    /// How many milliseconds the collector may take for one batch; what is not taken by then is lost.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_TIMEOUT", default_value_t = 10_000)]
    pub otlp_timeout_ms: u64,

    /// The same, for spans alone.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")]
    pub otlp_traces_timeout_ms: Option<u64>,

    /// `none` tells no spans, whatever else is set.
    #[arg(long, env = "OTEL_TRACES_EXPORTER")]
    pub traces_exporter: Option<String>,

    /// `true` tells nothing, whatever else is set.
    #[arg(long, env = "OTEL_SDK_DISABLED")]
    pub sdk_disabled: Option<String>,
}

impl Default for OpenTelemetry {
    fn default() -> Self {
        Self {
            otlp_endpoint: None,
            otlp_traces_endpoint: None,
            otlp_protocol: None,
            otlp_traces_protocol: None,
            otlp_timeout_ms: 10_000,
            otlp_traces_timeout_ms: None,
            traces_exporter: None,
            sdk_disabled: None,
        }
    }
}

/// The days of complaints (投诉时限).
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub struct ComplaintDays {
    /// Within how many days a complaint is answered; then it goes to the platform.
    #[arg(id = "complaint_answer_days", long = "complaint-answer-days", env = "LIANNONG_COMPLAINT_ANSWER_DAYS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=90))]
    pub answer_days: u32,

    /// Within how many days the platform decides.
    #[arg(id = "complaint_decision_days", long = "complaint-decision-days", env = "LIANNONG_COMPLAINT_DECISION_DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=90))]
    pub decision_days: u32,
}

impl Default for ComplaintDays {
    fn default() -> Self {
        Self { answer_days: 3, decision_days: 7 }
    }
}

/// Interest on what is paid late (逾期利息).
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub struct LateInterest {
    /// The daily rate of late interest in millionths: 500 is 0.05 %, which the law sets where nothing else is agreed.
    #[arg(long, env = "LIANNONG_LATE_INTEREST_PPM", default_value_t = 500, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub late_interest_ppm: u32,

    /// The one-year loan prime rate (LPR) in ten-thousandths a year; an agreed rate is not below it.
    #[arg(long, env = "LIANNONG_LPR_BP", default_value_t = 300, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub lpr_bp: u32,
}

impl Default for LateInterest {
    fn default() -> Self {
        Self { late_interest_ppm: 500, lpr_bp: 300 }
    }
}

/// Over which months a household's income is looked at (收入核算期间).
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub struct IncomeWindows {
    /// The month with which the year of income begins: 10 is from October to September, as it is collected.
    #[arg(long, env = "LIANNONG_INCOME_YEAR_STARTS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=12))]
    pub income_year_starts: u32,

    /// How many months up to a day count for monitoring.
    #[arg(long, env = "LIANNONG_INCOME_WINDOW_MONTHS", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=36))]
    pub income_window_months: u32,
}

impl Default for IncomeWindows {
    fn default() -> Self {
        Self { income_year_starts: 10, income_window_months: 12 }
    }
}

/// The clocks of orders (订单时限), in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub struct OrderClocks {
    /// Within how many days a supplier answers an order; then it is called off.
    #[arg(long, env = "LIANNONG_ANSWER_DAYS", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=90))]
    pub answer_days: u32,

    /// Within how many days after its confirmation an order that is paid first is paid; then it is called off.
    #[arg(long, env = "LIANNONG_PAYMENT_DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=90))]
    pub payment_days: u32,

    /// By how many days that can be put off, once.
    #[arg(long, env = "LIANNONG_PAYMENT_EXTENSION_DAYS", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=90))]
    pub payment_extension_days: u32,

    /// After how many days on their way a buyer is reminded to accept goods.
    #[arg(long, env = "LIANNONG_ACCEPTANCE_REMINDER_DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=90))]
    pub acceptance_reminder_days: u32,

    /// After how many days on their way goods that were paid first count as accepted; 0 is never. Goods that are paid
    /// later never do.
    #[arg(long, env = "LIANNONG_SILENT_ACCEPTANCE_DAYS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=365))]
    pub silent_acceptance_days: u32,
}

impl Default for OrderClocks {
    fn default() -> Self {
        Self {
            answer_days: 15,
            payment_days: 30,
            payment_extension_days: 15,
            acceptance_reminder_days: 7,
            silent_acceptance_days: 0,
        }
    }
}

/// A prefix as the registry gives it: `ocds-` and six letters or digits.
fn ocid_prefix(text: &str) -> Result<String, String> {
    let is_own = |c: u8| c.is_ascii_digit() || c.is_ascii_lowercase();
    match text.strip_prefix("ocds-") {
        Some(own) if own.len() == 6 && own.bytes().all(is_own) => Ok(text.to_owned()),
        _ => Err(format!("{text} is no prefix of open contracting identifiers; one is written as ocds-000000")),
    }
}

/// An origin is a scheme, a host and perhaps a port; everybody's (`*`) is none.
fn origin(text: &str) -> Result<String, String> {
    let origin: actix_web::http::Uri = text.trim().parse().map_err(|_| format!("{text} is not an origin"))?;
    let is_web = matches!(origin.scheme_str(), Some("https" | "http"));
    let is_bare = origin.path_and_query().is_none_or(|path| path.as_str() == "/") && !text.trim().ends_with('/');
    match origin.authority() {
        Some(authority) if is_web && is_bare && !authority.as_str().contains(['@', '*']) => Ok(text.trim().to_owned()),
        _ => Err(format!("{text} is not an origin; one is written as https://example.com, without a path")),
    }
}

impl Config {
    /// Where the public reaches this house; where it listens when nothing else is said.
    #[must_use]
    pub fn public_address(&self) -> String {
        let given = self.public_address.as_deref().map(|address| address.trim_end_matches('/').to_owned());
        given.unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// The database address, the embedded one when none is given.
    #[must_use]
    pub fn database(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", self.data.join("liannong.db").display()))
    }
}
