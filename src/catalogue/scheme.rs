//! Certification schemes (认证体系): what each is called, when it ran, and what a certificate of it is good for.
//!
//! Promises: pure. Whether a certificate counts is asked for a day (an order's, or today) and answered from the
//! certificate and this table alone, so the answer for a past day never changes because a scheme ended later.
//! Knows no product and no order.

use chrono::NaiveDate;
use entity::product_certificate;
use entity::value::CertificateScheme;

/// What holds for all certificates of a scheme.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Which scheme.
    pub scheme: CertificateScheme,
    /// What people call it, Chinese first.
    pub names: &'static [&'static str],
    /// The last day on which anything was certified by it: year, month, day.
    pub ended: Option<(i32, u32, u32)>,
    /// Whether it certifies the product, and is not only a paper about it.
    pub certifies: bool,
    /// Whether a product that is sold with it leaves the shelf on the day it no longer holds.
    pub holds_shelf: bool,
}

/// Every scheme.
///
/// Relief products (扶贫产品) were certified until the letter 国乡振司函〔2021〕87号 of November 2021. Reports of a
/// laboratory and the marks of green and organic food are on the pack itself, so the pack may not be sold without them;
/// an origin name or a voluntary mark only ceases to be shown.
pub const SCHEMES: &[Terms] = &[
    terms(CertificateScheme::GreenFood, &["绿色食品", "green food"], None, true, true),
    terms(CertificateScheme::Organic, &["有机", "有机产品", "organic"], None, true, true),
    terms(CertificateScheme::GeographicalIndication, &["地理标志", "geographical indication"], None, true, false),
    terms(CertificateScheme::Conformity, &["承诺达标合格证", "conformity certificate"], None, true, true),
    terms(
        CertificateScheme::ReliefProduct,
        &["扶贫产品认定", "扶贫产品", "relief product"],
        Some((2021, 11, 30)),
        true,
        false,
    ),
    terms(CertificateScheme::Voluntary, &["帮扶产品认定", "voluntary help scheme"], None, true, false),
    terms(CertificateScheme::TestReport, &["检验报告", "test report"], None, false, true),
    terms(CertificateScheme::Other, &[], None, false, false),
];

const fn terms(
    scheme: CertificateScheme,
    names: &'static [&'static str],
    ended: Option<(i32, u32, u32)>,
    certifies: bool,
    holds_shelf: bool,
) -> Terms {
    Terms { scheme, names, ended, certifies, holds_shelf }
}

/// What holds for a scheme.
#[must_use]
pub fn terms_of(scheme: CertificateScheme) -> &'static Terms {
    const NONE: Terms = terms(CertificateScheme::Other, &[], None, false, false);
    SCHEMES.iter().find(|terms| terms.scheme == scheme).unwrap_or(&NONE)
}

/// Whether the paper itself holds on a day: begun, not ended, not revoked, still shown.
#[must_use]
pub fn is_valid_on(certificate: &product_certificate::Model, day: NaiveDate) -> bool {
    certificate.valid_from <= day
        && certificate.valid_to.is_none_or(|last| day <= last)
        && certificate.revoked_on.is_none_or(|revoked| day < revoked)
        && certificate.withdrawn_on.is_none_or(|withdrawn| day < withdrawn)
}

/// Whether it counts as a certification of the product on a day: the paper holds and its scheme was still running.
#[must_use]
pub fn counts_on(certificate: &product_certificate::Model, day: NaiveDate) -> bool {
    let terms = terms_of(certificate.scheme);
    let is_running = terms
        .ended
        .is_none_or(|(year, month, last)| NaiveDate::from_ymd_opt(year, month, last).is_none_or(|last| day <= last));
    terms.certifies && is_running && is_valid_on(certificate, day)
}

/// Whether a product that is sold with it must be off the shelf on a day.
#[must_use]
pub fn keeps_off_shelf(certificate: &product_certificate::Model, day: NaiveDate) -> bool {
    let is_shown = certificate.withdrawn_on.is_none_or(|withdrawn| day < withdrawn);
    let is_over = certificate.valid_to.is_some_and(|last| last < day)
        || certificate.revoked_on.is_some_and(|revoked| revoked <= day);
    terms_of(certificate.scheme).holds_shelf && is_shown && is_over
}

/// From when a certificate holds whose term goes on from `from`: its own beginning, so that the days before still count;
/// nothing where there would be a gap, for then it is another term.
#[must_use]
pub fn goes_on(before: &product_certificate::Model, from: NaiveDate) -> Option<NaiveDate> {
    let is_whole = before.valid_to.is_none_or(|last| from <= last.succ_opt().unwrap_or(last));
    is_whole.then(|| before.valid_from.min(from))
}

/// At how many days before the end a supplier is warned, most first.
pub const WARNINGS: [i64; 3] = [90, 30, 7];

/// Which warning is due: the nearest of [`WARNINGS`] that was reached and not yet given.
#[must_use]
pub fn warning_due(today: NaiveDate, last: NaiveDate, warned: Option<i32>) -> Option<i32> {
    let left = last.signed_duration_since(today).num_days();
    if left < 0 {
        return None;
    }
    let reached = WARNINGS.iter().rev().copied().find(|days| left <= *days)?;
    let reached = i32::try_from(reached).ok()?;
    warned.is_none_or(|warned| reached < warned).then_some(reached)
}
