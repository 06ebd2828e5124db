//! Which unified social credit code an organisation of a kind can have.

use crate::harness::*;
use entity::value::{CreditCode, OrganisationId, OrganisationKind as Kind, Role};
use liannong::organisation::credit::{self, Misfit};
use proptest::prelude::*;
use serde_json::json;

/// A code with this body and its check character.
fn code(body: &str) -> CreditCode {
    format!("{body}{}", CreditCode::check_character(body).unwrap()).parse().unwrap()
}

/// Codes as they are given out, with who can have them.
#[test]
fn real_shapes_fit_the_kinds_that_have_them() {
    let fits = |body: &str| -> Vec<Kind> {
        Kind::ALL.iter().copied().filter(|kind| credit::fits(*kind, &code(body)).is_ok()).collect()
    };
    // The example of the standard: a company of Fuzhou. Letters stand in the subject part since 2015.
    assert_eq!(code("91350100M000100Y4").as_str(), "91350100M000100Y43");
    let company = [
        Kind::PlatformOperator,
        Kind::Company,
        Kind::FamilyFarm,
        Kind::AgentTrader,
        Kind::Enterprise,
        Kind::CanteenContractor,
    ];
    let sorted = |kinds: &[Kind]| {
        let mut names: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(sorted(&fits("91350100M000100Y4")), sorted(&company));
    // A cooperative, and one whose village owns it together.
    assert_eq!(code("93520000MA6H00026").as_str(), "93520000MA6H000260");
    assert_eq!(fits("93520000MA6H00026"), [Kind::Cooperative, Kind::AgentTrader]);
    assert_eq!(fits("N2522634MF123456X"), [Kind::Cooperative]);
    // A sole trader may be a farm, a trader, a kitchen.
    assert_eq!(
        sorted(&fits("92522634MA6HA1B2C")),
        sorted(&[Kind::FamilyFarm, Kind::AgentTrader, Kind::CanteenContractor])
    );
    // An institution of Shenzhen, with the check character it has.
    assert_eq!(code("12440300MB2C92173").as_str(), "12440300MB2C92173E");
    let institution = [
        Kind::PlatformOperator,
        Kind::SupervisingUnit,
        Kind::BudgetUnit,
        Kind::AgricultureOffice,
        Kind::RevitalisationOffice,
    ];
    assert_eq!(sorted(&fits("12440300MB2C92173")), sorted(&institution));
    assert_eq!(fits("81110105MC1234567"), [Kind::TradeUnion]);
    assert_eq!(fits("54522634ME1234567"), [Kind::VillageCommittee]);
    // What the nation registers; an office of a development zone that GB/T 2260 does not know; one that ended.
    for body in ["13100000000018305", "11500905MB1234567", "11130721MB1234567"] {
        assert!(!fits(body).is_empty(), "{body}");
    }
}

/// What no office gives out.
#[test]
fn what_could_not_be_real_is_told_why() {
    let misfit = |body: &str| credit::fits(Kind::Cooperative, &code(body)).unwrap_err();
    for (body, why) in [
        ("95522634MA6H00026", Misfit::NoSuchClass),
        ("00522634MA6H00026", Misfit::NoSuchClass),
        ("N4522634MA6H00026", Misfit::NoSuchClass),
        ("93999999MA6H00026", Misfit::NoSuchProvince),
        ("93160000MA6H00026", Misfit::NoSuchProvince),
        ("9352263AMA6H00026", Misfit::NoSuchProvince),
        ("93000000MA6H00026", Misfit::NoSuchProvince),
        ("93522634000000000", Misfit::Placeholder),
        ("93522634AAAAAAAAA", Misfit::Placeholder),
        ("93522634123456789", Misfit::Placeholder),
        ("91522634MA6H00026", Misfit::OtherKind),
        ("54522634ME1234567", Misfit::OtherKind),
    ] {
        assert_eq!(misfit(body), why, "{body}");
    }
}

proptest! {
    /// A kind has the classes that the table gives it, each of them known, and nothing else.
    #[test]
    fn a_kind_has_its_classes(kind in 0..Kind::ALL.len(), class in 0..credit::CLASSES.len(), subject in "[0-9A-HJ-NPQRTUWXY]{7}[A-H][0-9]") {
        let (kind, (class, _)) = (Kind::ALL[kind], credit::CLASSES[class]);
        prop_assume!(!subject.bytes().all(|byte| byte == subject.as_bytes()[0]));
        let fits = credit::fits(kind, &code(&format!("{class}522634{subject}"))).is_ok();
        prop_assert_eq!(fits, credit::classes_of(kind).contains(&class));
        prop_assert_eq!(fits, credit::kinds_of(class).contains(&kind));
        prop_assert!(!credit::classes_of(kind).is_empty());
        prop_assert!(credit::classes_of(kind).iter().all(|class| credit::name_of(class).is_some()));
    }
}

both! {
    /// A code of another kind is refused, with the kinds that have such codes and the codes that this kind has.
    async fn a_code_of_another_kind_is_refused(t: TestApp) {
        let wanted = |kind: &str, code: &CreditCode| json!({
            "kind": kind, "name": "西江茶叶", "credit_code": code, "division_code": "522634",
            "contact": { "name": "杨阿依", "phone": "13800005678", "email": "yang@hezuoshe.example" },
            "clerk": { "username": format!("clerk-{}", code.as_str().to_lowercase()), "display_name": "杨阿依", "password": "correct horse battery" },
        });
        let company = credit_code_of(Kind::Company, OrganisationId::generate());
        let refused = t.post("/registrations").json(wanted("cooperative", &company)).await.refused(422, "credit_code_unfit");
        assert_eq!(refused["errors"][0]["pointer"], "/credit_code");
        let told = refused["errors"][0]["detail"].as_str().unwrap();
        assert!(told.contains("family_farm") && told.contains("93, N1"), "{told}");
        let filler = code("93522634000000000");
        t.post("/registrations").json(wanted("cooperative", &filler)).await.refused(422, "credit_code_unfit");
        t.post("/registrations").json(wanted("company", &company)).await.created();
        let village = code("N2522634MF123456X");
        t.post("/registrations").json(wanted("cooperative", &village)).await.created();

        let platform = t.organisation(Kind::PlatformOperator, "110000").await;
        let operator = t.member(Role::PlatformOperator, platform).await;
        let enter = |code: CreditCode| {
            let wanted = json!({ "kind": "village_committee", "name": "平正村村民委员会", "credit_code": code, "division_code": "522634" });
            t.post("/organisations").by(&operator).json(wanted)
        };
        enter(credit_code(OrganisationId::generate())).await.refused(422, "credit_code_unfit");
        enter(credit_code_of(Kind::VillageCommittee, OrganisationId::generate())).await.created();
    }
}
