//! Background work: a report that was asked for is done.

use super::service;
use crate::jobs::{JobKind, read_payload};

/// Does a report.
pub const RUN: JobKind = JobKind {
    name: "report.run",
    outward: false,
    hears: &[],
    run: |app, payload| Box::pin(async move { service::run(app, read_payload(payload)?).await }),
    together: None,
};
