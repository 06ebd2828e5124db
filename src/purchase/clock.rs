//! What the clock does for purchases. Each deadline acts once, however many servers there are: whoever holds the row
//! looks again whether it is still due.

use super::request;
use crate::jobs::Scheduled;

/// Reminds, and ends what nobody decided.
pub const EVERY_MINUTE: Scheduled = Scheduled {
    name: "purchase.minute",
    every_seconds: 60,
    run: |app| {
        Box::pin(async move {
            request::clock::run(app).await?;
            Ok(())
        })
    },
};
