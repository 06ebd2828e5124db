//! The mail transport: files by default, SMTP when it is configured.

use super::letter;
use crate::config::Config;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::response::Code;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::timeout;

/// What can go wrong with mail.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// An address that is none.
    #[error("{0} is not a mail address")]
    Address(String, #[source] lettre::address::AddressError),
    /// The folder for mails.
    #[error("the folder {0} cannot be made")]
    Folder(String, #[source] std::io::Error),
    /// The configured mail server.
    #[error("the mail server of LIANNONG_SMTP_URL: {0}")]
    Server(#[source] lettre::transport::smtp::Error),
    /// The certificate that vouches for it.
    #[error("the file {0} of LIANNONG_SMTP_ROOT cannot be read")]
    Root(String, #[source] std::io::Error),
    /// It did not take a mail in time.
    #[error("the mail server does not answer")]
    Late,
    /// The message cannot be put together.
    #[error("putting a mail together")]
    Message(#[from] lettre::error::Error),
    /// Its page cannot be written.
    #[error("writing a mail's page")]
    Page(#[from] minijinja::Error),
    /// It was not written.
    #[error("writing a mail")]
    Write(#[from] lettre::transport::file::Error),
    /// It was not sent.
    #[error("sending a mail")]
    Send(#[from] lettre::transport::smtp::Error),
}

impl MailError {
    /// Why the recipient's server will never take it, in its three digits; none when it may take it later, or when it
    /// is our own server that refuses us.
    #[must_use]
    pub fn bounce(&self) -> Option<String> {
        match self {
            Self::Address(..) => Some("not a mail address".to_owned()),
            Self::Send(error) => error.status().filter(is_about_the_recipient).map(|code| code.to_string()),
            _ => None,
        }
    }
}

/// 550 to 554 and 556 are about a mailbox; 5xx before that are about who we are and how we speak.
fn is_about_the_recipient(code: &Code) -> bool {
    matches!(code.to_string().as_str(), "550" | "551" | "552" | "553" | "554" | "556")
}

enum Transport {
    File(AsyncFileTransport<Tokio1Executor>),
    Smtp(Box<Server>),
}

/// A mail server, and the connections to it that are open.
struct Server {
    how: AsyncSmtpTransportBuilder,
    open: Mutex<AsyncSmtpTransport<Tokio1Executor>>,
    patience: Duration,
}

impl Server {
    fn new(how: AsyncSmtpTransportBuilder, patience: Duration) -> Self {
        let how = how.timeout(Some(patience));
        Self { open: Mutex::new(how.clone().build()), how, patience }
    }

    fn open(&self) -> MutexGuard<'_, AsyncSmtpTransport<Tokio1Executor>> {
        // What is in it is whole at any time.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a mail to be taken. The transport itself waits only for its connection.
    async fn send(&self, message: Message) -> Result<(), MailError> {
        let open = self.open().clone();
        match timeout(self.patience, open.send(message)).await {
            Ok(taken) => Ok(taken.map(drop)?),
            Err(_) => {
                // An answer that comes late would be read as that to the next mail: those connections are not used again.
                *self.open() = self.how.clone().build();
                Err(MailError::Late)
            }
        }
    }
}

/// A mail on its way out.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// Where to.
    pub to: &'a str,
    /// The same `id` marks it as the same mail.
    pub id: &'a str,
    /// Its subject.
    pub subject: &'a str,
    /// Its text; the page is made of it.
    pub text: &'a str,
    /// The address that takes its kind back off, with one request.
    pub unsubscribe: Option<&'a str>,
}

/// Sends mail from the configured address.
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
}

impl Mailer {
    /// The mailer that a configuration asks for.
    ///
    /// # Errors
    /// When the sender's address, the server's address or the folder is not usable.
    pub fn open(config: &Config) -> Result<Self, MailError> {
        match &config.smtp_url {
            None => Self::into_files(&config.mail_from, &config.data.join("mail")),
            Some(url) => {
                let patience = Duration::from_secs(config.smtp_patience_seconds.into());
                let mut server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(MailError::Server)?;
                if let Some(tls) = config.smtp_root.as_deref().map(|root| vouched_by(root, url)).transpose()?.flatten()
                {
                    server = server.tls(tls);
                }
                let transport = Transport::Smtp(Box::new(Server::new(server, patience)));
                Ok(Self { from: mailbox(&config.mail_from)?, transport })
            }
        }
    }

    /// A mailer that writes each mail as a file into a folder.
    ///
    /// # Errors
    /// When the sender's address is none, or the folder cannot be made.
    pub fn into_files(from: &str, folder: &Path) -> Result<Self, MailError> {
        let from = mailbox(from)?;
        std::fs::create_dir_all(folder).map_err(|error| MailError::Folder(folder.display().to_string(), error))?;
        Ok(Self { from, transport: Transport::File(AsyncFileTransport::new(folder)) })
    }

    /// Whether the mail server answers and takes us; a folder always does.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn reaches(&self) -> Result<bool, MailError> {
        match &self.transport {
            Transport::File(_) => Ok(true),
            Transport::Smtp(server) => {
                let open = server.open().clone();
                Ok(open.test_connection().await?)
            }
        }
    }

    /// Hands a mail over, as text and as a page.
    ///
    /// # Errors
    /// When the address is none, or the mail cannot be handed over.
    pub async fn hand_over(&self, mail: Outgoing<'_>) -> Result<(), MailError> {
        let Outgoing { to, id, subject, text, unsubscribe } = mail;
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(mailbox(to)?)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .subject(subject);
        if let Some(address) = unsubscribe {
            message = message
                .raw_header(HeaderValue::new(
                    HeaderName::new_from_ascii_str("List-Unsubscribe"),
                    format!("<{address}>"),
                ))
                .raw_header(HeaderValue::new(
                    HeaderName::new_from_ascii_str("List-Unsubscribe-Post"),
                    "List-Unsubscribe=One-Click".to_owned(),
                ));
        }
        let page = letter::page(subject, text)?;
        let message = message.multipart(MultiPart::alternative_plain_html(text.to_owned(), page))?;
        match &self.transport {
            Transport::File(files) => {
                files.send(message).await?;
            }
            Transport::Smtp(server) => {
                server.send(message).await?;
            }
        }
        Ok(())
    }
}

/// How to encrypt to a server whose certificate this one vouches for, as its address says; not at all when it says so.
fn vouched_by(root: &Path, address: &str) -> Result<Option<Tls>, MailError> {
    let pem = std::fs::read(root).map_err(|error| MailError::Root(root.display().to_string(), error))?;
    let root = Certificate::from_pem(&pem).map_err(MailError::Server)?;
    // Whoever calls has read this address before.
    let Ok(url) = reqwest::Url::parse(address) else { return Ok(None) };
    let host = url.host_str().unwrap_or_default().to_owned();
    let known = TlsParameters::builder(host).add_root_certificate(root).build().map_err(MailError::Server)?;
    let asked = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, how)| how.into_owned());
    Ok(match (url.scheme(), asked.as_deref()) {
        ("smtps", _) => Some(Tls::Wrapper(known)),
        (_, Some("required")) => Some(Tls::Required(known)),
        (_, Some("opportunistic")) => Some(Tls::Opportunistic(known)),
        _ => None,
    })
}

fn mailbox(address: &str) -> Result<Mailbox, MailError> {
    address.parse().map_err(|error| MailError::Address(address.to_owned(), error))
}
