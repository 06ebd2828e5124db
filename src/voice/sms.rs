//! Short messages (短信): an interface for a gateway, and by default files in the data folder, as mails are.

use std::path::{Path, PathBuf};
use std::pin::Pin;

/// What can go wrong with a short message.
#[derive(Debug, thiserror::Error)]
pub enum SmsError {
    /// The folder for messages.
    #[error("the folder {0} cannot be made")]
    Folder(String, #[source] std::io::Error),
    /// It was not written.
    #[error("a message was not written")]
    Write(#[from] std::io::Error),
    /// The gateway refused it.
    #[error("the gateway refused a message: {0}")]
    Gateway(String),
}

/// A message on its way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), SmsError>> + 'a>>;

/// Whoever carries short messages.
pub trait SmsGateway: Send + Sync {
    /// Sends a text to a phone.
    fn send<'a>(&'a self, phone: &'a str, text: &'a str) -> Sending<'a>;
}

/// Sends short messages by the gateway of the house.
pub struct Sms(Box<dyn SmsGateway>);

impl Sms {
    /// By a gateway.
    #[must_use]
    pub fn by(gateway: Box<dyn SmsGateway>) -> Self {
        Self(gateway)
    }

    /// Into a folder: nothing leaves the machine until a gateway is put in.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn into_folder(folder: &Path) -> Result<Self, SmsError> {
        std::fs::create_dir_all(folder).map_err(|error| SmsError::Folder(folder.display().to_string(), error))?;
        Ok(Self(Box::new(Outbox(folder.to_owned()))))
    }

    /// Sends a text to a phone.
    ///
    /// # Errors
    /// What the gateway says.
    pub async fn send(&self, phone: &str, text: &str) -> Result<(), SmsError> {
        self.0.send(phone, text).await
    }
}

/// A folder with one file a message, named by when it was written.
struct Outbox(PathBuf);

impl SmsGateway for Outbox {
    fn send<'a>(&'a self, phone: &'a str, text: &'a str) -> Sending<'a> {
        Box::pin(async move {
            let name = format!("{}.txt", uuid::Uuid::now_v7());
            tokio::fs::write(self.0.join(name), format!("{phone}\n{text}\n")).await?;
            Ok(())
        })
    }
}
