//! What the clock does for purchases. Each deadline acts once, however many servers there are: whoever holds the row
//! looks again whether it is still due.

use super::{group, request, standing};
use crate::jobs::Scheduled;

/// Reminds, ends what nobody decided, makes call-offs, closes group purchases.
pub const EVERY_MINUTE: Scheduled = Scheduled {
    name: "purchase.minute",
    every_seconds: 60,
    run: |app| {
        Box::pin(async move {
            request::clock::run(app).await?;
            standing::clock::run(app).await?;
            group::clock::run(app).await?;
            Ok(())
        })
    },
};
