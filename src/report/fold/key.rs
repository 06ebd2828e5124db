//! What the key of a line says: what makes a document stand in it.

use super::AidKind;
use entity::value::{
    AreaCode, BenefitMode, ClueKind, HouseholdStatusKind, OrganisationId, OrganisationKind, ReportKind,
};
use std::str::FromStr;

/// What makes a document stand in a line of a report, as the line's key says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineKey {
    /// Being in the report.
    Total,
    /// What its buyer is.
    Channel(OrganisationKind),
    /// Whether it is assisted.
    Assisted(bool),
    /// Whether all its products were certified.
    Certified(bool),
    /// Whether its buyer sits in the partner region.
    Partner(AreaCode, bool),
    /// Having been sold elsewhere.
    OffPlatform,
    /// Its supplier, and how households had a part in it.
    Supplier(OrganisationId, BenefitMode),
    /// The enterprise, and what kind of help it was.
    Help(OrganisationId, AidKind),
    /// The enterprise whose counted orders reached households.
    Reached(OrganisationId),
    /// Its buyer.
    Buyer(OrganisationId),
    /// The unit to whose quota it belongs.
    Unit(OrganisationId),
    /// Being a unit that stands so.
    Standing,
    /// Its county.
    County(AreaCode),
    /// What the household was.
    Status(HouseholdStatusKind),
    /// What the clue is about.
    Clue(ClueKind),
}

impl LineKey {
    /// What the key of a line says; nothing for one that is in no such report.
    #[must_use]
    pub fn read(kind: ReportKind, key: &str, partner: Option<&AreaCode>) -> Option<Self> {
        if key == "0.total" {
            // Kinds of help are not added up.
            return (kind != ReportKind::EnterpriseStatement).then_some(Self::Total);
        }
        let (division, what) = key.split_once('.')?;
        match (kind, division) {
            (ReportKind::CountyConsumption, "channel") => read(what).map(Self::Channel),
            (ReportKind::CountyConsumption, "help") if what == "assisted" => Some(Self::Assisted(true)),
            (ReportKind::CountyConsumption, "help") if what == "direct" => Some(Self::Assisted(false)),
            (ReportKind::CountyConsumption, "certified") => yes(what).map(Self::Certified),
            (ReportKind::CountyConsumption, "partner") => Some(Self::Partner(partner?.clone(), yes(what)?)),
            (ReportKind::CountyConsumption, "off_platform") => Some(Self::OffPlatform),
            (ReportKind::CooperativeBenefit, "supplier") => {
                let (supplier, mode) = what.split_once('.')?;
                Some(Self::Supplier(read(supplier)?, read(mode)?))
            }
            (ReportKind::EnterpriseStatement, "enterprise") => match what.split_once('.')? {
                (enterprise, "0.reached") => read(enterprise).map(Self::Reached),
                (enterprise, kind) => Some(Self::Help(read(enterprise)?, read(kind)?)),
            },
            (ReportKind::Arrears, "buyer") => read(what).map(Self::Buyer),
            (ReportKind::QuotaBulletin, "unit") => read(what).map(Self::Unit),
            (ReportKind::QuotaBulletin, "standing") => Some(Self::Standing),
            (ReportKind::MonitoringOverview, "county") => read(what).map(Self::County),
            (ReportKind::MonitoringOverview, "status") => read(what).map(Self::Status),
            (ReportKind::MonitoringOverview, "clue") => read(what).map(Self::Clue),
            _ => None,
        }
    }
}

fn read<T: FromStr>(what: &str) -> Option<T> {
    what.parse().ok()
}

fn yes(what: &str) -> Option<bool> {
    match what {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}
