//! Switchboard: every domain's routes and problem kinds, one line each. Everything is named here; nobody names this.

use crate::problem::{self, Kind};
use crate::{
    access, adjustment, approval, arrears, assistance, attribution, audit_trail, budget, bulk, catalogue, comparison,
    complaint, document, feed, harvest, household, identity, ledger, monitoring, notice, offplatform, opendata,
    organisation, pairing, paper, payment, payout, privacy, procurement, purchase, quota, receipt, rectification,
    referral, region, report, seal, search, settlement, succession, trace, upkeep, voice, webhook, welfare,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// Below this path stands the whole interface.
pub const BASE: &str = "/api/v1";

/// Registers every operation.
pub fn all(routes: &mut ServiceConfig) {
    routes.configure(region::routes);
    routes.configure(organisation::routes);
    routes.configure(identity::routes);
    routes.configure(document::routes);
    routes.configure(succession::routes);
    routes.configure(seal::routes);
    routes.configure(audit_trail::routes);
    routes.configure(household::routes);
    routes.configure(adjustment::routes);
    routes.configure(assistance::routes);
    routes.configure(comparison::routes);
    routes.configure(rectification::routes);
    routes.configure(privacy::routes);
    routes.configure(catalogue::routes);
    routes.configure(attribution::routes);
    routes.configure(harvest::routes);
    routes.configure(approval::routes);
    routes.configure(budget::routes);
    routes.configure(referral::routes);
    routes.configure(procurement::routes);
    routes.configure(purchase::routes);
    routes.configure(payment::routes);
    routes.configure(arrears::routes);
    routes.configure(complaint::routes);
    routes.configure(paper::routes);
    routes.configure(quota::routes);
    routes.configure(offplatform::routes);
    routes.configure(settlement::routes);
    routes.configure(payout::routes);
    routes.configure(welfare::routes);
    routes.configure(monitoring::routes);
    routes.configure(pairing::routes);
    routes.configure(opendata::routes);
    routes.configure(report::routes);
    routes.configure(trace::routes);
    routes.configure(bulk::routes);
    routes.configure(search::routes);
    routes.configure(receipt::routes);
    routes.configure(voice::routes);
    routes.configure(feed::routes);
    routes.configure(webhook::routes);
    routes.configure(notice::routes);
    routes.configure(upkeep::routes);
}

/// Every problem kind there is.
pub const KINDS: &[&[&Kind]] = &[
    problem::KINDS,
    access::four_eyes::KINDS,
    organisation::KINDS,
    identity::KINDS,
    document::KINDS,
    succession::KINDS,
    ledger::KINDS,
    quota::KINDS,
    catalogue::admission::KINDS,
    catalogue::product::KINDS,
    catalogue::mandate::KINDS,
    catalogue::freight::KINDS,
    catalogue::price::KINDS,
    household::KINDS,
    adjustment::KINDS,
    assistance::KINDS,
    comparison::KINDS,
    rectification::KINDS,
    privacy::KINDS,
    attribution::KINDS,
    attribution::period::KINDS,
    harvest::KINDS,
    approval::KINDS,
    budget::KINDS,
    referral::KINDS,
    procurement::KINDS,
    purchase::KINDS,
    payment::KINDS,
    offplatform::KINDS,
    complaint::KINDS,
    paper::KINDS,
    settlement::KINDS,
    payout::KINDS,
    welfare::KINDS,
    monitoring::KINDS,
    voice::KINDS,
    pairing::KINDS,
    report::KINDS,
    bulk::KINDS,
    webhook::KINDS,
    upkeep::KINDS,
];
