//! What a product's fields must hold, before the database is asked. Pure.

use super::details::{self, Details};
use super::{price, view};
use crate::catalogue::check::{BadFields, Check};
use crate::config::ReviewPart;
use entity::product;
use entity::value::{Fen, Grams, Packs};

const LONGEST_NAME: usize = 100;
const LONGEST_DESCRIPTION: usize = 4000;
const LONGEST_OPINION: usize = 2000;
const LONGEST_REASON: usize = 500;
const LONGEST_ISSUER: usize = 200;
const LONGEST_NUMBER: usize = 100;
const MOST_CERTIFICATES: usize = 20;

pub(super) fn check_new(wanted: &view::AddProduct) -> Result<(), BadFields> {
    let check = Check::new()
        .text("/name", &wanted.name, LONGEST_NAME)
        .text("/description", &wanted.description, LONGEST_DESCRIPTION)
        .that(!wanted.pack_grams.is_zero(), "/pack_grams", "净含量应大于零。", "A pack weighs something.");
    let check = check_price(check, wanted.unit_price_fen, wanted.pack_grams);
    let check = check_terms(check, Some(wanted.min_packs), Some(wanted.shelf_life_days));
    check_certificates(check, &wanted.certificates).done()
}

pub(super) fn check_change(wanted: &view::ChangeProduct) -> Result<(), BadFields> {
    let check = Check::new().text_if_any("/name", wanted.name.as_deref(), LONGEST_NAME).text_if_any(
        "/description",
        wanted.description.as_deref(),
        LONGEST_DESCRIPTION,
    );
    let check = check_terms(check, wanted.min_packs, wanted.shelf_life_days);
    check_certificates(check, wanted.certificates.as_deref().unwrap_or_default()).done()
}

/// Which parts of a product a change touches.
pub(super) fn changed_parts(held: &product::Model, details: &Details, wanted: &view::ChangeProduct) -> Vec<ReviewPart> {
    let differs = |new: Option<&str>, old: &str| new.is_some_and(|new| new.trim() != old);
    let is_content = differs(wanted.name.as_deref(), &held.name)
        || wanted.description.as_ref().is_some_and(|new| *new != held.description)
        || wanted.category_code.as_ref().is_some_and(|new| *new != held.category_code);
    let is_rule = wanted.min_packs.is_some_and(|new| new != held.min_packs)
        || wanted.shelf_life_days.is_some_and(|new| new != held.shelf_life_days);
    let mut parts = wanted.details.as_ref().map(|new| details::changed_parts(details, new)).unwrap_or_default();
    parts.extend(is_content.then_some(ReviewPart::Content));
    parts.extend(is_rule.then_some(ReviewPart::Rules));
    parts.extend(wanted.certificates.is_some().then_some(ReviewPart::Certificates));
    parts
}

fn check_price(check: Check, unit_price: Fen, pack: Grams) -> Check {
    check
        .that(!unit_price.is_zero(), "/unit_price_fen", "单价应大于零。", "A price is more than nothing.")
        // A pack without weight is refused by itself.
        .that(
            pack.is_zero() || price::per_kilogram(unit_price, pack).is_ok(),
            "/unit_price_fen",
            "折合每千克不得超过 10 万元。",
            "A kilogram cannot cost more than 100,000 yuan.",
        )
}

fn check_terms(check: Check, min_packs: Option<Packs>, shelf_life_days: Option<i32>) -> Check {
    check
        .that(
            min_packs.is_none_or(|packs| !packs.is_zero()),
            "/min_packs",
            "起订量至少为 1 件。",
            "The smallest order is at least 1 pack.",
        )
        .that(
            shelf_life_days.is_none_or(|days| (1..=3650).contains(&days)),
            "/shelf_life_days",
            "保质期应在 1 至 3650 天之间。",
            "A shelf life is between 1 and 3650 days.",
        )
}

fn check_certificates(check: Check, certificates: &[view::NewCertificate]) -> Check {
    let check = check.that(
        certificates.len() <= MOST_CERTIFICATES,
        "/certificates",
        "最多 20 份证书。",
        "There can be 20 certificates at most.",
    );
    certificates.iter().enumerate().fold(check, |check, (at, certificate)| {
        check
            .text(format!("/certificates/{at}/issuer"), &certificate.issuer, LONGEST_ISSUER)
            .text(format!("/certificates/{at}/number"), &certificate.number, LONGEST_NUMBER)
            .that(
                certificate.valid_to.is_none_or(|last| certificate.valid_from <= last),
                format!("/certificates/{at}/valid_to"),
                "应不早于 valid_from。",
                "It cannot be before valid_from.",
            )
    })
}

pub(super) fn check_new_price(wanted: Fen, now: Fen, pack: Grams) -> Result<(), BadFields> {
    check_price(Check::new(), wanted, pack)
        .that(wanted != now, "/unit_price_fen", "与现价相同。", "This is the price it has.")
        .done()
}

pub(super) fn check_stock(wanted: &view::ChangeStock) -> Result<(), BadFields> {
    let most = Packs::MAX.get();
    Check::new()
        .text("/reason", &wanted.reason, LONGEST_REASON)
        .that(
            wanted.change_packs != 0 && (-most..=most).contains(&wanted.change_packs),
            "/change_packs",
            "应为 -1000000000 至 1000000000 之间的非零整数。",
            "A whole number between -1000000000 and 1000000000, not zero, is expected.",
        )
        .done()
}

pub(super) fn check_opinion(pointer: &str, opinion: &str) -> Result<(), BadFields> {
    Check::new().text(pointer, opinion, LONGEST_OPINION).done()
}
