//! The mail transport: files by default, SMTP when it is configured.

use super::letter;
use crate::config::Config;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::response::Code;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::path::Path;
use std::time::Duration;

/// How long a mail server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(20);

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
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
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
                let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(MailError::Server)?;
                let server = server.timeout(Some(PATIENCE)).build();
                Ok(Self { from: mailbox(&config.mail_from)?, transport: Transport::Smtp(server) })
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
            Transport::Smtp(server) => Ok(server.test_connection().await?),
        }
    }

    /// Sends a text, with a page made of it. The same `id` marks it as the same mail.
    ///
    /// # Errors
    /// When the address is none, or the mail cannot be handed over.
    pub async fn send(&self, to: &str, id: &str, subject: &str, text: String) -> Result<(), MailError> {
        self.hand_over(Outgoing { to, id, subject, text: &text, unsubscribe: None }).await
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

fn mailbox(address: &str) -> Result<Mailbox, MailError> {
    address.parse().map_err(|error| MailError::Address(address.to_owned(), error))
}
