//! Puts the house together from a configuration, and refuses what must not run.

use crate::access::Actor;
use crate::access::token::Tokens;
use crate::app::App;
use crate::config::Config;
use crate::db::Database;
use crate::document::FileStore;
use crate::feed::Closing;
use crate::http::KeyRing;
use crate::jobs::Plan;
use crate::listeners;
use crate::meter::Meter;
use crate::notice::{MailError, Mailer};
use crate::paper::Typesetter;
use crate::privacy::Schedule;
use crate::privacy::rotation::Columns;
use crate::problem::Failure;
use crate::secrecy::{SecrecyError, Secrets};
use crate::telemetry::TelemetryError;
use crate::voice::{Sms, SmsError};
use crate::{adjustment, arrears, catalogue, household, identity, monitoring, payment, region, search};
use entity::value::{Clock, Timestamp};
use std::sync::Arc;

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder.
    #[error("the folder {0} cannot be made, read or written: {1}; check LIANNONG_DATA and its permissions")]
    Folder(String, #[source] std::io::Error),
    /// The master secret.
    #[error("the master secret: {0}")]
    Secret(#[from] SecrecyError),
    /// Production without a secret of its own.
    #[error("in production the master secret must be given: set LIANNONG_SECRET or LIANNONG_SECRET_FILE")]
    NoSecret,
    /// The secret is not the one this database was filled with.
    #[error("the master secret does not open this database; give the one it was filled with")]
    WrongSecret,
    /// Production with demonstration accounts.
    #[error("this database holds demonstration accounts; production needs a database of its own")]
    DemonstrationAccounts,
    /// The agreed rate of late interest is below what the law allows.
    #[error(
        "late interest of {0} millionths a day is below the one-year LPR of {1} ten-thousandths; raise \
         LIANNONG_LATE_INTEREST_PPM, or correct LIANNONG_LPR_BP"
    )]
    InterestTooLow(u32, u32),
    /// The demonstration world could not be built.
    #[error("the demonstration world: {0}")]
    Demonstration(String),
    /// The database.
    #[error("the database: {0}; check DATABASE_URL or, without it, the data folder and the space on its disk")]
    Database(#[from] sea_orm::DbErr),
    /// The mail transport.
    #[error("mail: {0}; check LIANNONG_SMTP_URL and LIANNONG_MAIL_FROM")]
    Mail(#[from] MailError),
    /// Short messages.
    #[error("short messages: {0}; check LIANNONG_DATA")]
    Sms(#[from] SmsError),
    /// The address.
    #[error("cannot listen on {0}: {1}; choose another with --listen")]
    Listen(String, #[source] std::io::Error),
    /// The search index.
    #[error("the search index: {0}")]
    Search(#[from] search::SearchError),
    /// What counts requests and jobs.
    #[error("the meter: {0}")]
    Meter(#[from] metrics_exporter_prometheus::BuildError),
    /// Where spans are told.
    #[error("OpenTelemetry: {0}; check the variables OTEL_EXPORTER_OTLP_…, or set OTEL_SDK_DISABLED=true")]
    Telemetry(#[from] TelemetryError),
    /// Anything else of the house.
    #[error("{0}")]
    House(Failure),
}

impl From<Failure> for StartError {
    fn from(failure: Failure) -> Self {
        Self::House(failure)
    }
}

impl From<crate::access::AccessError> for StartError {
    fn from(error: crate::access::AccessError) -> Self {
        Self::House(error.into())
    }
}

/// The secrets of this configuration. Outside production a missing one is made and kept in the data folder.
///
/// # Errors
/// When it is malformed, can be read by others, or is missing in production.
pub fn secrets(config: &Config) -> Result<Secrets, StartError> {
    if let Some(secret) = &config.secret {
        return Ok(Secrets::from_hex(secret)?);
    }
    match (&config.secret_file, config.production) {
        // A slip in the name must not become a new secret beside the data of the old one.
        (Some(file), true) => Ok(Secrets::from_file(file)?),
        (Some(file), false) => Ok(Secrets::from_file_or_new(file)?),
        (None, true) => Err(StartError::NoSecret),
        (None, false) => Ok(Secrets::from_file_or_new(&config.data.join("secret.key"))?),
    }
}

/// The secret that is accepted beside the present one, when there is one.
///
/// # Errors
/// When it is malformed, can be read by others, or its file is missing.
pub fn previous_secrets(config: &Config) -> Result<Option<Secrets>, StartError> {
    match (&config.previous_secret, &config.previous_secret_file) {
        (Some(secret), _) => Ok(Some(Secrets::from_hex(secret)?)),
        (None, Some(file)) => Ok(Some(Secrets::from_file(file)?)),
        (None, None) => Ok(None),
    }
}

/// Refuses a secret that is not the one this database was filled with: what one cannot read, one must not add to.
///
/// # Errors
/// [`StartError::WrongSecret`].
pub async fn refuse_wrong_secret(db: &Database, secrets: &Secrets) -> Result<(), StartError> {
    if household::opens_with(db.reader(), secrets).await? { Ok(()) } else { Err(StartError::WrongSecret) }
}

/// Refuses a database that holds demonstration accounts.
///
/// # Errors
/// [`StartError::DemonstrationAccounts`].
pub async fn refuse_demonstration(app: &App) -> Result<(), StartError> {
    if identity::has_demonstration_accounts(app.reader()).await? {
        return Err(StartError::DemonstrationAccounts);
    }
    Ok(())
}

/// Brings the schema up to date and loads this edition of the reference data: all of it or nothing.
///
/// # Errors
/// When a migration fails or the data cannot be loaded.
pub async fn prepare(url: &str, now: Timestamp) -> Result<(), StartError> {
    Database::migrate(url).await?;
    let db = Database::open(url, 2).await?;
    let tx = db.begin(Actor::System, now, "start").await?;
    let regions = region::load(&tx).await.map_err(Failure::from)?;
    let categories = catalogue::load(&tx).await.map_err(Failure::from)?;
    tx.commit().await?;
    for loaded in regions.iter().chain([&categories]) {
        tracing::debug!(?loaded, "reference data");
    }
    Ok(db.close().await?)
}

/// Opens everything: folder, secrets, schema, pools, reference data, index, files.
///
/// # Errors
/// [`StartError`], in words that say what to do.
pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<App, StartError> {
    let app = assemble(config, clock).await?;
    search::make_ready(&app).await;
    Ok(app)
}

/// The same, but the search index is left as it is.
///
/// # Errors
/// As [`open`].
pub async fn assemble(config: Config, clock: Arc<dyn Clock>) -> Result<App, StartError> {
    let rates = config.late_interest;
    if !arrears::rule::is_not_below(rates.late_interest_ppm, rates.lpr_bp) {
        return Err(StartError::InterestTooLow(rates.late_interest_ppm, rates.lpr_bp));
    }
    std::fs::create_dir_all(&config.data).map_err(|e| StartError::Folder(config.data.display().to_string(), e))?;
    let mut tokens = None;
    let mut secrets = secrets(&config)?;
    if let Some(previous) = previous_secrets(&config)? {
        tokens = Some(Tokens::new(&secrets, config.token_minutes)?.accepting(&previous)?);
        secrets = secrets.accepting(previous);
    }
    let secrets = Arc::new(secrets);
    let url = config.database();
    prepare(&url, clock.now()).await?;
    let db = Database::open(&url, config.pool).await?;
    refuse_wrong_secret(&db, &secrets).await?;
    let tokens = match tokens {
        Some(tokens) => tokens,
        None => Tokens::new(&secrets, config.token_minutes)?,
    };
    with_parts(App::new(db, clock, secrets, tokens, config, listeners::JOBS))
}

/// Adds the parts that every house has, kept in its data folder.
///
/// # Errors
/// When the folder cannot be used.
pub fn with_parts(app: App) -> Result<App, StartError> {
    let index = search::Engine::configured(&app.config)?;
    let files = app.config.data.join("files");
    let files = FileStore::open(&files, app.config.files.as_deref(), app.config.scan_command.clone())
        .map_err(|e| StartError::Folder(files.display().to_string(), e))?;
    let mailer = Mailer::open(&app.config)?;
    let sms = app.config.data.join("sms");
    let sms = Sms::into_folder(&sms)?;
    let (columns, schedule) = (Columns(listeners::SEALED), Schedule(listeners::RETENTION));
    let typesetter = Typesetter::new(app.config.font.clone());
    let keys =
        KeyRing { prefix: identity::key::PREFIX, actor_of: |app, key| Box::pin(identity::key::actor_of(app, key)) };
    let app = app.with(files).with(index).with(mailer).with(sms).with(keys);
    let app = app.with(payment::PaidThrough(Box::new(payment::BankTransfer))).with(typesetter);
    let conditions = monitoring::Conditions { windows: app.config.income_windows };
    let app = app.with(adjustment::Removal(Box::new(conditions)));
    let app = app.with(Plan(listeners::CLOCK)).with(Closing::default());
    Ok(app.with(columns).with(schedule).with(Meter::new()?))
}
