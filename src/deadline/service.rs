//! One turn: what ran out is found, and acted on one by one.

use crate::access::policy::RunClocks;
use crate::access::{Actor, Grant};
use crate::app::App;
use crate::jobs::Scheduled;
use crate::problem::Failure;
use crate::{procurement, quota};

/// Acts on clocks that ran out.
pub const EVERY_MINUTE: Scheduled = Scheduled {
    name: "deadline.orders",
    every_seconds: 60,
    run: |app| Box::pin(async move { run(app).await.map(drop).map_err(Into::into) }),
};

/// Acts on every clock that ran out by now; says how many acted. One that fails is told in the log, and the others go
/// on: it has its next turn.
///
/// # Errors
/// When the database cannot be asked.
pub async fn run(app: &App) -> Result<usize, Failure> {
    let grant = Grant::<RunClocks>::claim(&Actor::System)?;
    let clocks = app.config.order_clocks;
    let mut acted = 0;
    for ticket in procurement::due_clocks(app.reader(), &grant, app.clock.now(), &clocks).await? {
        let outcome = app
            .transact(&Actor::System, async |tx| -> Result<bool, Failure> {
                let acted = procurement::act_on_clock(tx, &grant, ticket, &clocks).await?;
                if acted {
                    quota::follow(tx, &[ticket.order]).await?;
                }
                Ok(acted)
            })
            .await;
        match outcome {
            Ok(done) => acted += usize::from(done),
            Err(error) => tracing::warn!(order = %ticket.order, clock = %ticket.kind, %error, "a clock did not act"),
        }
    }
    Ok(acted)
}
