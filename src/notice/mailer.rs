//! The mail transport: files by default, SMTP when it is configured.

use crate::config::Config;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::path::Path;

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
    /// It was not written.
    #[error("writing a mail")]
    Write(#[from] lettre::transport::file::Error),
    /// It was not sent.
    #[error("sending a mail")]
    Send(#[from] lettre::transport::smtp::Error),
}

enum Transport {
    File(AsyncFileTransport<Tokio1Executor>),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
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
                Ok(Self { from: mailbox(&config.mail_from)?, transport: Transport::Smtp(server.build()) })
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

    /// Sends a text. The same `id` marks it as the same mail.
    ///
    /// # Errors
    /// When the address is none, or the mail cannot be handed over.
    pub async fn send(&self, to: &str, id: &str, subject: &str, text: String) -> Result<(), MailError> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(mailbox(to)?)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text)?;
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
