//! The page that a telephone opens from the code on a pack, in Chinese or English.

use super::view::Trace;
use crate::http::Template;
use base64::{Engine, engine::general_purpose::STANDARD};
use entity::value::{CertificateBasis, CertificateScheme, LotStepKind};
use minijinja::context;
use ring::digest;

/// The page.
static PAGE: Template = Template::new("trace.html", include_str!("page.html"));
/// Its one style.
const STYLE: &str = include_str!("page.css");

/// What the browser may do with the page: apply this very style, and nothing else.
#[must_use]
pub(super) fn policy() -> String {
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The page of a pack.
///
/// # Errors
/// When it cannot be written, which is ours.
pub(super) fn render(trace: &Trace, in_chinese: bool) -> Result<String, minijinja::Error> {
    let word = |(zh, en): (&'static str, &'static str)| if in_chinese { zh } else { en };
    let conformity: Vec<_> = trace
        .conformity
        .iter()
        .map(|held| context! { number => &held.number, on => held.issued_on.to_string(), basis => word(basis(held.basis)) })
        .collect();
    let certificates: Vec<_> = trace
        .certificates
        .iter()
        .map(|held| {
            let until = held.valid_to.map(|day| day.to_string());
            context! { scheme => word(scheme(held.scheme)), number => &held.number, issuer => &held.issuer, until }
        })
        .collect();
    let steps: Vec<_> = trace
        .steps
        .iter()
        .map(|step| context! { kind => word(kind(step.kind)), on => step.done_on.to_string() })
        .collect();
    let category = if in_chinese { &trace.category.name_zh } else { &trace.category.name_en };
    PAGE.render(context! {
        style => minijinja::Value::from_safe_string(STYLE.to_owned()),
        zh => in_chinese,
        code => &trace.code,
        lot_code => &trace.lot_code,
        product => &trace.product,
        category,
        county => &trace.origin.county,
        prefecture => &trace.origin.prefecture,
        province => &trace.origin.province,
        supplier => &trace.supplier,
        packed_on => trace.packed_on.to_string(),
        first => trace.harvest.as_ref().map(|dates| dates.first.to_string()),
        last => trace.harvest.as_ref().map(|dates| dates.last.to_string()),
        households => trace.households,
        conformity,
        certificates,
        steps,
        is_recalled => trace.recall.is_some(),
        recalled_at => trace.recall.as_ref().map(|recall| recall.at.format("%Y-%m-%d").to_string()),
        recall_reason => trace.recall.as_ref().and_then(|recall| recall.reason.clone()),
    })
}

const fn basis(basis: CertificateBasis) -> (&'static str, &'static str) {
    match basis {
        CertificateBasis::OwnTest => ("自我检测", "own test"),
        CertificateBasis::CommissionedTest => ("委托检测", "commissioned test"),
        CertificateBasis::InternalControl => ("内部质量控制", "internal control"),
        CertificateBasis::OwnPromise => ("自我承诺", "own promise"),
    }
}

const fn scheme(scheme: CertificateScheme) -> (&'static str, &'static str) {
    match scheme {
        CertificateScheme::GreenFood => ("绿色食品", "Green food"),
        CertificateScheme::Organic => ("有机产品", "Organic"),
        CertificateScheme::GeographicalIndication => ("地理标志", "Geographical indication"),
        CertificateScheme::Conformity => ("承诺达标合格证", "Conformity certificate"),
        CertificateScheme::ReliefProduct => ("扶贫产品认定", "Recognised relief product"),
        CertificateScheme::Voluntary => ("帮扶产品认定", "Voluntary help scheme"),
        CertificateScheme::TestReport => ("检验报告", "Test report"),
        CertificateScheme::Other => ("其他证书", "Other certificate"),
    }
}

const fn kind(kind: LotStepKind) -> (&'static str, &'static str) {
    match kind {
        LotStepKind::Split => ("分装", "Divided"),
        LotStepKind::Merge => ("合批", "Merged"),
        LotStepKind::Processing => ("加工", "Processed"),
    }
}
