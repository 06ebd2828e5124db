//! What quotas promise: the strictest policy holds, two reviews in their order, figures that follow the orders and
//! are taken back when they happen, and a bulletin with its arithmetic.

use crate::harness::*;
use crate::market::Market;
use crate::report::{ask, behind, number, read_back};
use chrono::Duration;
use entity::quota_policy;
use entity::value::role::Role;
use entity::value::{
    Fen, FilingKind, OrderState, OrganisationId, OrganisationKind, PersonId, QuotaFigure, QuotaPolicyId,
};
use liannong::quota::figures::{self, OrderTruth};
use liannong::quota::rule::{self, Filed, Representative, Rule, Surroundings};
use proptest::prelude::*;
use serde_json::{Value, json};

pub(crate) fn policy(year: i32, region: Option<&str>, canteen_bp: i64) -> Value {
    json!({
        "region_code": region, "year": year, "canteen_bp": canteen_bp, "union_bp": 0, "not_below_last_year": false,
        "counts": "completed", "counts_union": true, "counts_contractor": true, "counts_individual": false,
        "document": "财库〔2021〕19号",
    })
}

pub(crate) fn content(total: i64, reserved: i64) -> Value {
    json!({
        "kind": "has_canteen", "canteen_total_fen": total, "canteen_reserved_fen": reserved, "union_total_fen": 0,
        "union_reserved_fen": 0, "diners": 100,
    })
}

/// A filing that was begun.
pub(crate) async fn begun(t: &TestApp, officer: &Person) -> Value {
    let wanted = json!({ "year": 2026, "content": content(1_000_000, 100_000) });
    t.post("/quota-filings").by(officer).json(wanted).await.created()
}

/// A finance department, a supervising unit below it, a unit below that, and those who act for them.
pub(crate) struct Tree {
    pub operator: Person,
    pub finance: Person,
    pub superior: Person,
    pub officer: Person,
}

pub(crate) async fn tree(t: &TestApp) -> Tree {
    let platform = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
    let department = t.organisation(OrganisationKind::FinanceDepartment, "520100").await;
    let above = t.organisation_below(OrganisationKind::SupervisingUnit, "520100", Some(department)).await;
    let unit = t.organisation_below(OrganisationKind::BudgetUnit, "520103", Some(above)).await;
    Tree {
        operator: t.member(Role::PlatformOperator, platform).await,
        finance: t.member(Role::FinanceOfficer, department).await,
        superior: t.member(Role::FinanceOfficer, above).await,
        officer: t.member(Role::ProcurementOfficer, unit).await,
    }
}

pub(crate) async fn step(t: &TestApp, by: &Person, filing: &Value, step: &str, body: Option<Value>) -> Reply {
    let path = format!("/quota-filings/{}/{step}", filing["id"].as_str().unwrap());
    let call = t.post(&path).by(by).version(&filing["version"]);
    match body {
        Some(body) => call.json(body).await,
        None => call.await,
    }
}

async fn file(t: &TestApp, by: &Person, name: &str) -> Value {
    let made = t.post(&format!("/files?name={name}.pdf")).by(by);
    made.bytes("application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec()).await.created()["id"].clone()
}

both! {
    /// A filing's whole life: drafted, refused for its ratio, handed in, sent back, confirmed twice, opened again.
    async fn a_unit_files_and_two_reviews_confirm(t: TestApp) {
        t.tells_the_examples();
        let Tree { operator, finance, superior, officer, .. } = tree(t).await;
        let begun = json!({ "year": 2026, "content": content(1_000_000, 120_000) });
        t.post("/quota-filings").by(&officer).json(json!({ "year": 2026 })).await.refused(400, "invalid_fields");
        let draft = t.post("/quota-filings").by(&officer).json(begun.clone()).await.created();
        t.post("/quota-filings").by(&officer).json(begun).await.refused(409, "quota_filing_exists");
        step(t, &officer, &draft, "submit", None).await.refused(409, "quota_policy_missing");

        t.post("/quota-policies").by(&operator).json(policy(2026, Some("999999"), 1_000)).await
            .refused(400, "invalid_fields");
        t.post("/quota-policies").by(&operator).json(policy(2026, None, 1_000)).await.created();
        t.post("/quota-policies").by(&operator).json(policy(2026, Some("520000"), 1_500)).await.created();
        assert_eq!(t.get("/quota-policies?year=2026").by(&officer).await.ok()["items"].as_array().unwrap().len(), 2);
        let refused = step(t, &officer, &draft, "submit", None).await.refused(422, "quota_filing_faulty");
        assert_eq!(refused["errors"][0]["pointer"], "/canteen_reserved_fen");
        assert!(refused["errors"][0]["detail"].as_str().unwrap().contains("1500.00"), "{refused}");

        let path = format!("/quota-filings/{}", draft["id"].as_str().unwrap());
        let changed = t.put(&path).by(&officer).version(&draft["version"]).json(content(1_000_000, 150_000)).await.ok();
        t.put(&path).by(&officer).version(&draft["version"]).json(content(1, 1)).await.refused(412, "stale_version");
        let submitted = step(t, &officer, &changed, "submit", None).await.ok();
        assert_eq!((&submitted["state"], &submitted["rule"]["canteen_bp"]), (&json!("submitted"), &json!(1_500)));
        step(t, &finance, &submitted, "confirm", None).await.refused(409, "quota_step_refused");
        let reason = json!({ "reason": "就餐人数有误" });
        let returned = step(t, &superior, &submitted, "return", Some(reason)).await.ok();
        let again = step(t, &officer, &returned, "submit", None).await.ok();
        // Three people: whoever handed it in does not review it, and whoever reviewed it first does not do so again.
        let both = t.also(&officer, Role::FinanceOfficer, superior.member.organisation).await;
        step(t, &both, &again, "confirm", None).await.refused(403, "four_eyes");
        let half = step(t, &superior, &again, "confirm", None).await.ok();
        let both = t.also(&superior, Role::FinanceOfficer, finance.member.organisation).await;
        step(t, &both, &half, "confirm", None).await.refused(403, "four_eyes");
        let whole = step(t, &finance, &half, "confirm", None).await.ok();
        assert_eq!(whole["state"], "finance_confirmed");
        step(t, &officer, &whole, "submit", None).await.refused(409, "quota_step_refused");

        let document = file(t, &officer, "merger").await;
        let why = json!({ "reason": "机构合并", "document_id": document });
        let open = step(t, &officer, &whole, "amend", Some(why)).await.ok();
        assert_eq!((&open["state"], &open["amendments"]), (&json!("draft"), &json!(1)));
        let steps: Vec<_> = open["history"].as_array().unwrap().iter().map(|one| one["step"].as_str().unwrap()).collect();
        let whole = ["submit", "return", "submit", "confirm_as_superior", "confirm_as_finance", "amend"];
        assert_eq!(steps, whole);
        assert_eq!(t.get(&path).by(&finance).await.ok(), open);
        assert_eq!(t.get("/quota-filings?year=2026").by(&finance).await.ok()["items"].as_array().unwrap().len(), 1);

        // The next year begins from this one; a unit of another tree sees nothing.
        let next = t.post("/quota-filings").by(&officer).json(json!({ "year": 2027 })).await.created();
        assert_eq!(next["canteen_reserved_fen"], 150_000);
        let stranger = t.organisation(OrganisationKind::FinanceDepartment, "530100").await;
        let stranger = t.member(Role::FinanceOfficer, stranger).await;
        t.get(&path).by(&stranger).await.refused(404, "not_found");
        step(t, &stranger, &open, "confirm", None).await.refused(404, "not_found");
        assert_eq!(t.get("/quota-filings").by(&stranger).await.ok()["items"], json!([]));
    }

    /// The figures of an order follow its life, each on its own, and count when the policy says so.
    async fn the_figures_follow_the_orders(t: TestApp) {
        let market = Market::with_unit(t).await;
        t.post("/quota-policies").by(&market.operator).json(policy(2026, None, 1_000)).await.created();
        let officer = &market.buyer;
        let unit = officer.member.organisation;
        let draft = begun(t, officer).await;
        let submitted = step(t, officer, &draft, "submit", None).await.ok();
        let department = entity_parent(t, unit).await;
        let finance = t.member(Role::FinanceOfficer, department).await;
        // No supervising unit stands between: the finance department confirms at once.
        step(t, &finance, &submitted, "confirm", None).await.ok();

        let figures = async |of: &str| {
            let shown = t.get("/quota-progress").by(officer).await.ok();
            shown["units"][0][format!("{of}_fen")].as_i64().unwrap()
        };
        let order = market.placed(t, 4).await;
        t.drain().await;
        let four = 4 * crate::market::PACK_FEN;
        assert_eq!((figures("ordered").await, figures("accepted").await), (four, 0));
        let path = format!("/supplier-orders/{}", order["id"].as_str().unwrap());
        let cancelled = t.post(&format!("{path}/cancel")).by(officer).key("c").version(&order["version"]);
        cancelled.json(json!({ "reason": "重复下单" })).await.ok();
        t.drain().await;
        assert_eq!((figures("ordered").await, figures("released").await), (four, four));

        let settled = market.settled(t, 6, 5).await;
        let five = 5 * crate::market::PACK_FEN;
        assert_eq!((figures("accepted").await, figures("paid").await, figures("completed").await), (five, five, 0));
        assert_eq!(figures("counted").await, 0, "an order that is not rated does not count");
        assert_eq!(figures("released").await, four + crate::market::PACK_FEN);
        let path = format!("/supplier-orders/{}", settled["id"].as_str().unwrap());
        let paid = t.get(&path).by(officer).await.ok();
        let rate = t.post(&format!("{path}/rate")).by(officer).version(&paid["version"]);
        let rated = rate.json(json!({ "quality": 5, "delivery": 5, "service": 5 })).await;
        assert_eq!(rated.ok()["state"], "completed");
        t.drain().await;
        assert_eq!((figures("completed").await, figures("counted").await), (five, five));

        // Whatever is told again changes nothing.
        t.sql("update job set done_at = null, attempts = 0 where name = 'quota.follow'").await.unwrap();
        t.drain().await;
        assert_eq!((figures("ordered").await, figures("completed").await), (four + 6 * crate::market::PACK_FEN, five));

        let bulletin = t.get("/quota-bulletin?year=2026&month=3").by(&finance).await.ok();
        let row = &bulletin["units"][0];
        assert_eq!((&row["declared_fen"], &row["counted_fen"]), (&json!(100_000), &json!(five)));
        assert_eq!(row["done_bp"], five * 10_000 / 100_000);
        assert_eq!(row["standing"], if five * 10_000 / 100_000 >= row["time_bp"].as_i64().unwrap() { "on_time" } else { "behind" });
        t.get("/quota-bulletin?year=2026&month=4").by(&finance).await.refused(400, "invalid_fields");
        let page = t.get("/quota-bulletin.html?year=2026&month=3").by(&finance).await;
        let page = String::from_utf8(page.body.to_vec()).unwrap();
        assert!(page.contains(&format!("{} ÷ 1000.00", Fen::new(five).unwrap())), "{page}");
        let sheet = t.get("/quota-bulletin.xlsx?year=2026&month=3").by(&finance).await;
        let cells = cells_of(&sheet.body);
        assert_eq!(cells[2][1], calamine::Data::Float(1_000.0));
        let five_yuan = format!("{}", Fen::new(five).unwrap());
        assert_eq!(cells[2][8].to_string(), five_yuan.trim_end_matches('0'));
        assert_eq!(cells[1][0].to_string(), "单位");

        // The same as a report, frozen; for whoever sees quotas, and nobody else.
        let report = ask(t, &finance, "quota_bulletin", json!({ "until": "2026-03-02" })).await;
        let line = format!("unit.{unit}");
        for of in ["declared", "ordered", "accepted", "paid", "counted"] {
            assert_eq!(number(&report, &line, of), row[format!("{of}_fen")].as_i64(), "{of}");
            assert_eq!(number(&report, "0.total", of), row[format!("{of}_fen")].as_i64(), "{of} of all");
        }
        assert_eq!(number(&report, &line, "done"), row["done_bp"].as_i64());
        assert_eq!(number(&report, "0.total", "time"), row["time_bp"].as_i64());
        let standing = format!("standing.{}", row["standing"].as_str().unwrap());
        assert_eq!((number(&report, &standing, "units"), number(&report, "0.total", "units")), (Some(1), Some(1)));
        read_back(t, &finance, &report).await;
        for sum in ["0.total", &standing] {
            let units = behind(t, &finance, &report, sum).await;
            assert_eq!((units.len(), &units[0]["kind"], &units[0]["id"]), (1, &json!("organisation"), &json!(unit)));
        }
        let orders = behind(t, &finance, &report, &line).await;
        assert!(!orders.is_empty() && orders.iter().all(|one| one["kind"] == "supplier_order"), "{orders:?}");
        let own = ask(t, officer, "quota_bulletin", json!({})).await;
        assert_eq!(number(&own, &line, "counted"), Some(five));
        assert_eq!(number(&own, &line, "time"), row["time_bp"].as_i64(), "what is to come is not gone by");
        let elsewhere = json!({ "until": "2026-03-02", "region_code": "530000" });
        assert_eq!(number(&ask(t, &finance, "quota_bulletin", elsewhere).await, "0.total", "units"), Some(0));
        let wanted = json!({ "kind": "quota_bulletin", "from": "2026-01-01", "until": "2026-03-02" });
        for stranger in [&market.county.officer, &market.supplier.clerk] {
            t.post("/reports").by(stranger).json(wanted.clone()).await.refused(403, "forbidden");
        }
    }

    /// An order moves to another unit by choice before shipment, and by a document after it; nothing is overwritten.
    async fn an_order_changes_units_with_its_figures(t: TestApp) {
        let market = Market::with_unit(t).await;
        let unit = market.buyer.member.organisation;
        let department = entity_parent(t, unit).await;
        let sister = t.organisation_below(OrganisationKind::BudgetUnit, "520100", Some(department)).await;
        let finance = t.member(Role::FinanceOfficer, department).await;
        let order = market.placed(t, 2).await;
        t.drain().await;
        let path = format!("/supplier-orders/{}", order["id"].as_str().unwrap());
        let wanted = json!({ "unit_id": sister, "channel": "union" });
        let choose = |by: &Person, body: &Value, version: &Value| {
            t.post(&format!("{path}/quota-attachments")).by(by).version(version).json(body.clone())
        };
        let foreign = t.organisation(OrganisationKind::BudgetUnit, "530100").await;
        choose(&market.buyer, &json!({ "unit_id": foreign, "channel": "union" }), &order["version"]).await
            .refused(422, "quota_order_unfit");
        let chosen = choose(&market.buyer, &wanted, &order["version"]).await.created();
        assert_eq!(chosen["basis"], "buyer_choice");
        let ordered = async |of: OrganisationId| {
            let shown = t.get("/quota-progress").by(&finance).await.ok();
            let unit = shown["units"].as_array().unwrap().iter().find(|one| one["unit_id"] == json!(of)).unwrap().clone();
            unit["ordered_fen"].as_i64().unwrap()
        };
        let two = 2 * crate::market::PACK_FEN;
        assert_eq!((ordered(unit).await, ordered(sister).await), (0, two));

        let settled = market.settled(t, 3, 3).await;
        let path = format!("/supplier-orders/{}", settled["id"].as_str().unwrap());
        let now = t.get(&path).by(&market.buyer).await.ok();
        let late = t.post(&format!("{path}/quota-attachments")).by(&market.buyer).version(&now["version"]);
        late.json(wanted.clone()).await.refused(422, "quota_order_unfit");
        let correct = |body: Value| {
            t.post(&format!("{path}/quota-corrections")).by(&finance).version(&now["version"]).json(body)
        };
        correct(wanted.clone()).await.refused(422, "quota_order_unfit");
        let document = file(t, &market.operator, "none").await;
        let mut with = wanted;
        with["reason"] = json!("单位更名");
        with["document_id"] = document;
        correct(with.clone()).await.refused(422, "file_unknown");
        with["document_id"] = file(t, &finance, "reform").await;
        correct(with).await.created();
        let three = 3 * crate::market::PACK_FEN;
        assert_eq!((ordered(unit).await, ordered(sister).await), (0, two + three));
        let history = t.get(&format!("{path}/quota-attachments")).by(&market.buyer).await.ok();
        let bases: Vec<_> = history["items"].as_array().unwrap().iter().map(|one| one["basis"].clone()).collect();
        assert_eq!(bases, [json!("default"), json!("correction")]);
        assert!(t.sql("update quota_attachment set unit_id = unit_id").await.is_err(), "attachments are append-only");
        assert!(t.sql("delete from quota_entry").await.is_err(), "entries are append-only");

        // Progress of the whole tree takes the same statements for one unit as for many.
        t.clock.advance(Duration::days(40));
        let shown = t.get("/quota-progress?on=2026-03-31").by(&finance).await.ok();
        assert_eq!(shown["total"]["accepted_fen"], three);
        assert_eq!(t.get("/quota-progress?on=2026-01-31").by(&finance).await.ok()["total"]["ordered_fen"], 0);
        let auditor = t.organisation(OrganisationKind::AuditOffice, "110101").await;
        let auditor = t.member(Role::Auditor, auditor).await;
        t.get("/quota-progress").by(&auditor).await.refused(400, "invalid_fields");
        assert_eq!(t.get(&format!("/quota-progress?unit={unit}")).by(&auditor).await.ok()["units"][0]["ordered_fen"], 0);
        t.get(&format!("/quota-progress?unit={foreign}")).by(&finance).await.refused(404, "not_found");
    }
}

async fn entity_parent(t: &TestApp, unit: OrganisationId) -> OrganisationId {
    use sea_orm::EntityTrait;
    let found = entity::organisation::Entity::find_by_id(unit).one(t.direct()).await.unwrap().unwrap();
    found.parent_id.unwrap()
}

fn cells_of(bytes: &[u8]) -> Vec<Vec<calamine::Data>> {
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
    book.worksheet_range("通报").unwrap().rows().map(<[calamine::Data]>::to_vec).collect()
}

fn row(region: Option<&str>, canteen_bp: i64, counts: QuotaFigure, counts_union: bool) -> quota_policy::Model {
    quota_policy::Model {
        id: QuotaPolicyId::generate(),
        region_code: region.map(|code| code.parse().unwrap()),
        year: 2026,
        number: 1,
        canteen_bp,
        union_bp: 0,
        not_below_last_year: region.is_some(),
        counts,
        counts_union,
        counts_contractor: true,
        counts_individual: false,
        document: "文".to_owned(),
        created_by: PersonId::generate(),
        created_at: start_of_tests(),
    }
}

#[test]
fn the_strictest_policy_holds_in_each_of_its_parts() {
    assert_eq!(Rule::strictest(&[]), None);
    let nation = row(None, 1_000, QuotaFigure::Completed, true);
    let province = row(Some("520000"), 1_500, QuotaFigure::Paid, false);
    for policies in [[nation.clone(), province.clone()], [province, nation]] {
        let rule = Rule::strictest(&policies).unwrap();
        assert_eq!((rule.canteen_bp, rule.counts), (1_500, QuotaFigure::Completed));
        assert!(rule.not_below_last_year && !rule.counts_union && rule.counts_contractor);
    }
}

fn filed(kind: FilingKind) -> Filed {
    let fen = |fen| Fen::new(fen).unwrap();
    Filed {
        kind,
        canteen_total: fen(1_000_000),
        canteen_reserved: fen(200_000),
        union_total: Fen::ZERO,
        union_reserved: Fen::ZERO,
        diners: 100,
        names_executing_body: true,
    }
}

#[test]
fn each_fault_of_a_filing_is_found() {
    let fen = |fen| Fen::new(fen).unwrap();
    let rule = Rule::strictest(&[row(None, 1_000, QuotaFigure::Completed, true)]).unwrap();
    let strict = Rule::strictest(&[row(Some("520000"), 1_000, QuotaFigure::Completed, true)]).unwrap();
    let codes = |rule: &Rule, filed: Filed, around: Surroundings| -> Vec<&'static str> {
        rule::findings(rule, &filed, &around).unwrap().into_iter().map(|found| found.code).collect()
    };
    let none = Surroundings::default();
    let good = filed(FilingKind::HasCanteen);
    assert_eq!(codes(&rule, good, none), Vec::<&str>::new());
    assert_eq!(codes(&rule, Filed { canteen_reserved: fen(99_999), ..good }, none), ["canteen_reserve_too_low"]);
    let before = Surroundings { reserved_last_year: Some(fen(300_000)), ..none };
    assert_eq!(codes(&rule, good, before), ["far_below_last_year"]);
    assert_eq!(codes(&strict, good, before), ["below_last_year"]);
    let usual = Surroundings { usual_per_diner: Some(fen(3_000)), ..none };
    assert_eq!(codes(&rule, good, usual), ["per_diner_unusual"]);
    assert_eq!(codes(&rule, Filed { diners: 0, ..good }, none), ["diners_missing"]);
    let outsourced = Filed { names_executing_body: false, ..filed(FilingKind::Outsourced) };
    assert_eq!(codes(&rule, outsourced, none), ["executing_body_missing"]);
    let empty = Filed { canteen_total: Fen::ZERO, canteen_reserved: Fen::ZERO, ..good };
    assert_eq!(codes(&rule, empty, none), ["canteen_without_amount"]);
    let without = Filed { kind: FilingKind::NoCanteen, ..empty };
    assert_eq!(codes(&rule, without, none), Vec::<&str>::new());
    let bought = Surroundings { bought_by_canteen: fen(1), ..none };
    assert_eq!(codes(&rule, without, bought), ["no_canteen_but_bought"]);
    assert_eq!(codes(&rule, filed(FilingKind::NoCanteen), none), ["no_canteen_with_amount"]);
    let represented = Filed { kind: FilingKind::SharedRepresented, ..empty };
    for (known, code) in [
        (None, "representative_missing"),
        (Some(Representative::NotFiled), "representative_not_filed"),
        (Some(Representative::IsRepresented), "representative_is_represented"),
        (Some(Representative::FilesForItself), "representative_files_for_itself"),
    ] {
        assert_eq!(codes(&rule, represented, Surroundings { representative: known, ..none }), [code]);
    }
    let fine = Surroundings { representative: Some(Representative::Represents), ..none };
    assert_eq!(codes(&rule, represented, fine), Vec::<&str>::new());
}

fn truths() -> impl Strategy<Value = Vec<OrderTruth>> {
    let states = proptest::sample::select(OrderState::ALL.to_vec());
    let one = (states, 0..1_000_i64, 0..1_000_i64);
    (1_000..2_000_i64, proptest::collection::vec(one, 1..8)).prop_map(|(ordered, steps)| {
        let fen = |fen| Fen::new(fen).unwrap();
        let of = |(state, accepted, paid)| OrderTruth {
            state,
            ordered: fen(ordered),
            accepted: fen(accepted),
            paid: fen(paid),
        };
        steps.into_iter().map(of).collect()
    })
}

proptest! {
    /// Whatever an order goes through, what is entered adds up to what it is now, and entering twice enters nothing.
    #[test]
    fn entries_add_up_to_the_truth(truths in truths()) {
        let mut stands: Vec<(QuotaFigure, i64)> = QuotaFigure::ALL.iter().map(|figure| (*figure, 0)).collect();
        for truth in truths {
            let at = |list: &[(QuotaFigure, i64)], wanted| list.iter().find(|(one, _)| *one == wanted).unwrap().1;
            let before = (at(&stands, QuotaFigure::Accepted), at(&stands, QuotaFigure::Refunded));
            let should = figures::of(&truth, before.0, before.1).unwrap();
            for (figure, amount) in figures::moves(&should, &stands) {
                stands.iter_mut().find(|(one, _)| *one == figure).unwrap().1 += amount;
            }
            prop_assert_eq!(at(&stands, QuotaFigure::Accepted), truth.accepted.get());
            prop_assert!(at(&stands, QuotaFigure::Paid) <= at(&stands, QuotaFigure::Accepted));
            prop_assert!(at(&stands, QuotaFigure::Completed) <= at(&stands, QuotaFigure::Paid));
            let again = figures::of(&truth, at(&stands, QuotaFigure::Accepted), at(&stands, QuotaFigure::Refunded));
            prop_assert_eq!(figures::moves(&again.unwrap(), &stands), vec![]);
        }
    }

    /// A part of a total is within half a fen of the exact one, and a whole is a whole.
    #[test]
    fn parts_are_rounded_to_the_nearest_fen(total in 0..=9_007_199_254_740_991_i64, bp in 0..=10_000_i64) {
        let part = rule::part(Fen::new(total).unwrap(), bp).unwrap();
        let exact_twice = 2 * i128::from(total) * i128::from(bp);
        let off = exact_twice - 2 * i128::from(part.get()) * 10_000;
        prop_assert!((-10_000..10_000).contains(&off), "{off}");
        prop_assert_eq!(rule::part(Fen::new(total).unwrap(), 10_000).unwrap().get(), total);
    }
}
