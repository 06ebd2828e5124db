//! What pairing promises: a purchase counts for the villages it reached, in parts that add up, once.

use crate::harness::*;
use crate::market::{Market, PACK_FEN};
use entity::contribution;
use entity::value::{OrganisationId, OrganisationKind, Role};
use liannong::access::Actor;
use liannong::pairing::{self, PairingError};
use liannong::settlement::IncomeBooked;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

pub(crate) async fn programme(t: &TestApp, operator: &Person, name: &str) -> Value {
    let wanted = json!({ "name": name, "starts_on": "2026-01-01", "ends_on": "2027-12-31" });
    t.post("/programmes").by(operator).json(wanted).await.created()
}

pub(crate) fn wanted(programme: &Value, enterprise: OrganisationId, village: OrganisationId) -> Value {
    json!({
        "programme_id": programme["id"], "enterprise_id": enterprise, "village_id": village,
        "starts_on": "2026-02-01", "ends_on": "2027-01-31",
    })
}

pub(crate) async fn contributions(t: &TestApp, by: &Person, pairing: &Value) -> Value {
    t.get(&format!("/pairings/{}/contributions", pairing["id"].as_str().unwrap())).by(by).await.ok()
}

both! {
    /// A programme is begun once; a county pairs its own villages within its term, once.
    async fn a_county_pairs_its_own_villages(t: TestApp) {
        let county = crate::household::county(t, "522625").await;
        let other = crate::household::county(t, "532324").await;
        let platform = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, platform).await;
        let enterprise = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let officer = t.member(Role::EnterpriseOfficer, enterprise).await;
        let programme = programme(t, &operator, "万企兴万村").await;
        let twice = json!({ "name": "万企兴万村", "starts_on": "2026-01-01", "ends_on": "2026-12-31" });
        t.post("/programmes").by(&operator).json(twice).await.refused(409, "programme_exists");
        let never = json!({ "name": " ", "starts_on": "2026-01-02", "ends_on": "2026-01-01" });
        let refused = t.post("/programmes").by(&operator).json(never).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"].as_array().unwrap().len(), 2);
        t.post("/programmes").by(&county.officer).json(json!({})).await.refused(403, "forbidden");

        let good = wanted(&programme, enterprise, county.village);
        let with = |field: &str, value: Value| {
            let mut changed = good.clone();
            changed[field] = value;
            changed
        };
        for (status, code, body) in [
            (422, "pairing_party_unfit", with("village_id", json!(other.village))),
            (422, "pairing_party_unfit", with("village_id", json!(enterprise))),
            (422, "pairing_party_unfit", with("enterprise_id", json!(county.village))),
            (422, "pairing_outside_programme", with("ends_on", json!("2028-01-01"))),
            (422, "pairing_outside_programme", with("starts_on", json!("2025-12-31"))),
            (400, "invalid_fields", with("ends_on", json!("2026-01-31"))),
            (400, "invalid_fields", with("programme_id", json!(enterprise))),
            (422, "file_unknown", with("evidence_file_id", json!(enterprise))),
        ] {
            t.post("/pairings").by(&county.officer).json(body).await.refused(status, code);
        }
        let made = t.post("/pairings").by(&county.officer).json(good.clone()).await.created();
        t.post("/pairings").by(&county.officer).json(good).await.refused(409, "already_paired");
        assert_eq!(made["enterprise"]["id"], json!(enterprise));
        for person in [&county.officer, &officer, &operator] {
            assert_eq!(t.get("/pairings").by(person).await.ok()["items"][0], made);
        }
        assert_eq!(t.get("/pairings").by(&other.officer).await.ok()["items"], json!([]));
        let path = format!("/pairings/{}/contributions", made["id"].as_str().unwrap());
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
        assert_eq!(t.get("/programmes").by(&officer).await.ok()["items"], json!([programme]));
    }

    /// A paired enterprise's purchase is divided over the villages it reached, and counted once for each.
    async fn a_purchase_counts_once_for_each_paired_village(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let enterprise = market.buyer.member.organisation;
        let first = programme(t, &market.operator, "一").await;
        let second = programme(t, &market.operator, "二").await;
        let pair = async |programme: &Value, village| {
            t.post("/pairings").by(&market.county.officer).json(wanted(programme, enterprise, village)).await.created()
        };
        let own = pair(&first, market.county.village).await;
        let beyond = pair(&first, market.neighbour).await;
        let again = pair(&second, market.county.village).await;
        let order = market.settled(t, 6, 6).await;
        let of_own = contributions(t, &market.county.officer, &own).await;
        let of_beyond = contributions(t, &market.buyer, &beyond).await;
        assert_eq!(of_own["items"][0]["supplier_order_id"], order["id"]);
        assert_eq!((&of_own["households"], &of_beyond["households"]), (&json!(2), &Value::Null), "a single household is not counted for the buyer");
        let amount = |shown: &Value| shown["totals"][0]["amount_fen"].as_i64().unwrap();
        assert_eq!(amount(&of_own) + amount(&of_beyond), 6 * PACK_FEN);
        assert_eq!(contributions(t, &market.county.officer, &again).await["totals"], json!([]));

        // Two households again: they are told apart, not added up.
        market.settled(t, 2, 2).await;
        let of_own = contributions(t, &market.county.officer, &own).await;
        assert_eq!(of_own["households"], 2);
        assert_eq!(of_own["totals"][0]["contributions"], 2);
        assert_eq!(of_own["items"].as_array().unwrap().len(), 2);
        let told = entity::outbox::Entity::find()
            .filter(entity::outbox::Column::Topic.eq("income.booked"))
            .all(t.direct())
            .await
            .unwrap();
        let income: IncomeBooked = serde_json::from_str(&told[0].payload).unwrap();
        t.app
            .transact(&Actor::System, async |tx| -> Result<(), PairingError> { pairing::contribute(tx, &income).await })
            .await
            .unwrap();
        assert_eq!(contribution::Entity::find().count(t.direct()).await.unwrap(), 4);
    }

    /// A public unit's purchase is nobody's contribution.
    async fn what_a_unit_buys_is_no_contribution(t: TestApp) {
        let market = Market::with_unit(t).await;
        market.settled(t, 2, 2).await;
        assert_eq!(contribution::Entity::find().count(t.direct()).await.unwrap(), 0);
    }
}

/// A village officer, what an enterprise entered, its certificate, what the village needs and a code: one of each kind of
/// thing that the main job does not need.
pub(crate) async fn in_the_world(t: &TestApp, people: &[Person]) {
    for enterprise in people.iter().filter(|person| person.member.role == Role::EnterpriseOfficer) {
        let pairings = t.get("/pairings").by(enterprise).await.ok();
        let Some(pairing) = pairings["items"].as_array().unwrap().first() else { continue };
        let village = pairing["village"]["id"].as_str().unwrap().parse().unwrap();
        let committee = t.member(Role::VillageOfficer, village).await;
        let proof = evidence(t, enterprise).await;
        t.post("/aid-claims").by(enterprise).json(claim(pairing, &proof, "donation_cash", 10_000)).await.created();
        let is_office = |person: &&Person| {
            person.member.role == Role::RevitalisationOfficer && person.member.division == committee.member.division
        };
        let office = people.iter().find(is_office).unwrap();
        verified(t, (enterprise, &committee, office), claim(pairing, &proof, "donation_cash", 20_000)).await;
        crate::pairing_certificates::issued(t, office, enterprise.member.organisation).await;
        crate::pairing_needs::published(t, &committee, "skills").await;
        t.post("/referral-codes").by(enterprise).json(json!({ "label": "员工福利商城" })).await.created();
        return;
    }
    panic!("no enterprise is paired");
}

pub(crate) async fn evidence(t: &TestApp, by: &Person) -> String {
    let pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".to_vec();
    let made = t.post("/files?name=receipt.pdf").by(by).bytes("application/pdf", pdf).await.created();
    made["id"].as_str().unwrap().to_owned()
}

pub(crate) fn claim(pairing: &Value, evidence: &str, kind: &str, fen: i64) -> Value {
    json!({
        "pairing_id": pairing["id"], "kind": kind, "amount_fen": fen, "people": 0, "occurred_on": pairing["starts_on"],
        "content": "向村里捐款", "evidence_file_id": evidence,
    })
}

/// What the enterprise entered, the village confirmed and the county verified.
pub(crate) async fn verified(t: &TestApp, (by, village, county): (&Person, &Person, &Person), body: Value) -> Value {
    let entered = t.post("/aid-claims").by(by).json(body).await.created();
    let path = format!("/aid-claims/{}", entered["id"].as_str().unwrap());
    let confirmed = t.post(&format!("{path}/confirm")).by(village).version(&entered["version"]).await.ok();
    t.post(&format!("{path}/verify")).by(county).version(&confirmed["version"]).await.ok()
}

/// An enterprise paired with the market's village, with a rule for its programme, and the village's officer.
pub(crate) async fn paired(t: &TestApp, market: &Market, enterprise: OrganisationId) -> (Value, Value, Person) {
    let programme = programme(t, &market.operator, &format!("行动 {enterprise}")).await;
    let wanted = wanted(&programme, enterprise, market.county.village);
    let pairing = t.post("/pairings").by(&market.county.officer).json(wanted).await.created();
    let rule = json!({
        "programme_id": programme["id"], "kind": "enterprises_and_villages", "counted": ["donation_cash", "purchase", "assisted_sale"],
        "rule": "只计县级核实的记录；各类分别排名，互不相加。", "document": "全联发〔2021〕5号",
    });
    let made = t.post("/programme-rules").by(&market.operator).json(rule).await.created();
    assert_eq!(made["number"], 1);
    (programme, pairing, t.member(Role::VillageOfficer, market.county.village).await)
}

both! {
    /// What an enterprise gave counts when the village confirmed and the county verified it, and what was rejected stays.
    async fn a_gift_counts_after_two_reviews(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let enterprise = market.buyer.member.organisation;
        let (programme, pairing, village) = paired(t, &market, enterprise).await;
        let (officer, buyer) = (&market.county.officer, &market.buyer);
        let id = pairing["id"].as_str().unwrap();
        let pledge = json!({ "kind": "donation_cash", "amount_fen": 40_000, "due_on": "2026-12-31" });
        t.post(&format!("/pairings/{id}/pledges")).by(officer).json(pledge).await.created();
        let none = json!({ "kind": "training", "due_on": "2026-12-31" });
        t.post(&format!("/pairings/{id}/pledges")).by(officer).json(none).await.refused(400, "invalid_fields");

        let evidence = evidence(t, buyer).await;
        let entered = t.post("/aid-claims").by(buyer).json(claim(&pairing, &evidence, "donation_cash", 10_000)).await.created();
        let path = format!("/aid-claims/{}", entered["id"].as_str().unwrap());
        for (bad, field) in [
            (claim(&pairing, &evidence, "purchase", 1), "/kind"),
            (claim(&pairing, &evidence, "donation_kind", 1), "/basis"),
            (claim(&pairing, &evidence, "donation_cash", 0), "/amount_fen"),
        ] {
            let refused = t.post("/aid-claims").by(buyer).json(bad).await.refused(400, "invalid_fields");
            assert_eq!(refused["errors"][0]["pointer"], field);
        }
        t.post(&format!("{path}/verify")).by(officer).version(&entered["version"]).await.refused(409, "aid_step_impossible");
        // Whoever entered it does not confirm it for the village, whoever confirmed it does not verify it for the county.
        let both = t.also(buyer, Role::VillageOfficer, village.member.organisation).await;
        t.post(&format!("{path}/confirm")).by(&both).version(&entered["version"]).await.refused(403, "four_eyes");
        let confirmed = t.post(&format!("{path}/confirm")).by(&village).version(&entered["version"]).await.ok();
        assert_eq!(confirmed["state"], "village_confirmed");
        let both = t.also(&village, Role::RevitalisationOfficer, officer.member.organisation).await;
        t.post(&format!("{path}/verify")).by(&both).version(&confirmed["version"]).await.refused(403, "four_eyes");
        t.post(&format!("{path}/confirm")).by(&village).version(&entered["version"]).await.refused(412, "stale_version");
        let progress = t.get(&format!("/pairings/{id}/pledges")).by(buyer).await.ok();
        assert_eq!(progress["kinds"][0]["under_review"]["amount_fen"], 10_000);
        assert_eq!(progress["kinds"][0]["kept_bp"], 0);
        let verified = t.post(&format!("{path}/verify")).by(officer).version(&confirmed["version"]).await.ok();
        assert_eq!(verified["steps"].as_array().unwrap().len(), 2);
        let progress = t.get(&format!("/pairings/{id}/pledges")).by(buyer).await.ok();
        assert_eq!((&progress["kinds"][0]["verified"]["amount_fen"], &progress["kinds"][0]["kept_bp"]), (&json!(10_000), &json!(2_500)));

        // A rejected one stays visible to its author, with the reason, and counts nowhere.
        let second = t.post("/aid-claims").by(buyer).json(claim(&pairing, &evidence, "donation_cash", 99_000)).await.created();
        let second = format!("/aid-claims/{}", second["id"].as_str().unwrap());
        let reason = json!({ "reason": "票据与申报金额不符。" });
        t.post(&format!("{second}/reject")).by(&village).if_match("\"1\"").json(reason).await.ok();
        let seen = t.get(&second).by(buyer).await.ok();
        assert_eq!((&seen["state"], &seen["steps"][0]["reason"]), (&json!("rejected"), &json!("票据与申报金额不符。")));
        assert_eq!(t.get("/aid-claims?state=rejected").by(buyer).await.ok()["items"].as_array().unwrap().len(), 1);
        let ranking = format!("/pairing-ranking?programme_id={}&kind=", programme["id"].as_str().unwrap());
        let ranked = t.get(&format!("{ranking}donation_cash")).by(buyer).await.ok();
        assert_eq!(ranked["items"][0]["verified"]["amount_fen"], 10_000);
        assert_eq!(ranked["rule"]["number"], 1);
        t.get(&format!("{ranking}wages")).by(buyer).await.refused(422, "aid_not_counted");
        let rules = format!("/programme-rules?programme_id={}", programme["id"].as_str().unwrap());
        assert_eq!(t.get(&rules).by(officer).await.ok()["items"].as_array().unwrap().len(), 1);
        // Strangers do not learn that it exists.
        let other = crate::household::county(t, "532324").await;
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
    }

    /// A sale that another enterprise brought about is claimed once, is then assisted and no longer direct in the report,
    /// and a purchase by the enterprise itself flows into its statement, refunds taken back.
    async fn an_assisted_sale_is_claimed_once(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let helper = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let helper = t.member(Role::EnterpriseOfficer, helper).await;
        let (_, pairing, village) = paired(t, &market, helper.member.organisation).await;
        let (_, own, _) = paired(t, &market, market.buyer.member.organisation).await;
        let order = market.settled(t, 6, 6).await;
        let (proof, buyers) = (evidence(t, &helper).await, evidence(t, &market.buyer).await);
        let sale = |pairing: &Value, evidence: &str, fen: i64| {
            let mut body = claim(pairing, evidence, "assisted_sale", fen);
            body["supplier_order_id"] = order["id"].clone();
            body
        };
        t.post("/aid-claims").by(&market.buyer).json(sale(&own, &buyers, 6 * PACK_FEN)).await.refused(422, "aid_order_unfit");
        t.post("/aid-claims").by(&helper).json(sale(&pairing, &proof, 5)).await.refused(422, "aid_order_unfit");
        let entered = t.post("/aid-claims").by(&helper).json(sale(&pairing, &proof, 6 * PACK_FEN)).await.created();
        t.post("/aid-claims").by(&helper).json(sale(&pairing, &proof, 6 * PACK_FEN)).await.refused(409, "aid_order_claimed");
        let path = format!("/aid-claims/{}", entered["id"].as_str().unwrap());
        let confirmed = t.post(&format!("{path}/confirm")).by(&village).version(&entered["version"]).await.ok();
        t.post(&format!("{path}/verify")).by(&market.county.officer).version(&confirmed["version"]).await.ok();

        let asked = async |kind: &str| {
            let wanted = json!({ "kind": kind, "from": "2026-01-01", "until": "2026-12-31" });
            let asked = t.post("/reports").by(&market.county.officer).json(wanted).await.created();
            t.drain().await;
            let path = format!("/reports/{}", asked["id"].as_str().unwrap());
            t.get(&path).by(&market.county.officer).await.ok()["snapshot"]["table"]["lines"].clone()
        };
        let county = asked("county_consumption").await;
        let keys: Vec<&str> = county.as_array().unwrap().iter().map(|line| line["key"].as_str().unwrap()).collect();
        assert!(keys.contains(&"help.assisted") && !keys.contains(&"help.direct"), "{keys:?}");
        let statement = asked("enterprise_statement").await;
        let of = |kind: &str| {
            let line = statement.as_array().unwrap().iter().find(|line| line["key"].as_str().unwrap().ends_with(kind));
            line.map(|line| line["values"][1].as_i64().unwrap())
        };
        assert_eq!(of(".assisted_sale"), Some(6 * PACK_FEN));
        let bought = contributions(t, &market.buyer, &own).await;
        assert_eq!(of(".purchase"), bought["totals"][0]["amount_fen"].as_i64());
    }
}

both! {
    /// An enterprise is paired with a group of villages, a county, or some households; older pairings come first, and what
    /// they have is taken from the younger ones, to the fen.
    async fn groups_counties_and_households_are_paired_with(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let (officer, enterprise) = (&market.county.officer, market.buyer.member.organisation);
        let village = market.county.village;
        let mut pairings = Vec::new();
        let good = |programme: &Value, target: &str| json!({
            "programme_id": programme["id"], "enterprise_id": enterprise, "target": target,
            "starts_on": "2026-02-01", "ends_on": "2027-01-31",
        });
        let first = programme(t, &market.operator, "一").await;
        for (field, value) in [
            ("village_ids", json!([village, village])),
            ("village_ids", json!([village])),
            ("village_id", json!(village)),
            ("household_ids", json!([market.households[0]])),
        ] {
            let mut bad = good(&first, "village_group");
            bad[field] = value;
            t.post("/pairings").by(officer).json(bad).await.refused(400, "invalid_fields");
        }
        let mut stranger = good(&first, "household_group");
        stranger["village_id"] = json!(village);
        stranger["household_ids"] = json!([market.households[2]]);
        t.post("/pairings").by(officer).json(stranger.clone()).await.refused(422, "pairing_party_unfit");
        // The oldest: one household of the village by name.
        stranger["household_ids"] = json!([market.households[0]]);
        pairings.push(t.post("/pairings").by(officer).json(stranger).await.created());
        assert_eq!(pairings[0]["households"], 1, "the county sees small groups");
        assert_eq!(t.get("/pairings").by(&market.buyer).await.ok()["items"][0]["households"], Value::Null);
        // Then the village with its neighbour.
        let second = programme(t, &market.operator, "二").await;
        let mut group = good(&second, "village_group");
        group["village_ids"] = json!([village, market.neighbour]);
        pairings.push(t.post("/pairings").by(officer).json(group).await.created());
        assert_eq!(pairings[1]["villages"].as_array().unwrap().len(), 2);
        // Then the county, for which nothing is left.
        let third = programme(t, &market.operator, "三").await;
        pairings.push(t.post("/pairings").by(officer).json(good(&third, "county")).await.created());
        assert_eq!(pairings[2]["village"]["id"], json!(officer.member.organisation));

        let order = market.settled(t, 6, 6).await;
        let mut shown = Vec::new();
        for pairing in &pairings {
            shown.push(contributions(t, officer, pairing).await);
        }
        let amount = |shown: &Value| shown["totals"][0]["amount_fen"].as_i64().unwrap_or(0);
        assert!(amount(&shown[0]) > 0 && amount(&shown[1]) > 0);
        assert_eq!(amount(&shown[0]) + amount(&shown[1]), 6 * PACK_FEN, "to the fen");
        assert_eq!(shown[2]["totals"], json!([]));
        assert_eq!((&shown[0]["households"], &shown[1]["households"]), (&json!(1), &json!(2)), "each household once");
        let shares = entity::share::Entity::find().all(t.direct()).await.unwrap();
        let runs = entity::share_run::Entity::find().all(t.direct()).await.unwrap();
        let accrued: i64 = shares
            .iter()
            .filter(|share| share.household_id == market.households[0])
            .filter(|share| runs.iter().any(|run| run.id == share.run_id && run.basis == entity::value::ShareBasis::Accrued))
            .map(|share| share.amount_fen.get())
            .sum();
        assert_eq!(shown[0]["totals"][0]["reached_fen"], accrued);
        assert_eq!(shown[0]["items"][0]["supplier_order_id"], order["id"]);

        // What is given within the county names its village, and one that is there.
        let proof = evidence(t, &market.buyer).await;
        let mut gift = claim(&pairings[2], &proof, "training", 0);
        gift["people"] = json!(30);
        t.post("/aid-claims").by(&market.buyer).json(gift.clone()).await.refused(400, "invalid_fields");
        let elsewhere = crate::household::county(t, "532324").await.village;
        for (village, is_there) in [(elsewhere, false), (market.neighbour, true)] {
            gift["village_id"] = json!(village);
            let reply = t.post("/aid-claims").by(&market.buyer).json(gift.clone()).await;
            assert_eq!(reply.status == 201, is_there, "{}", reply.status);
        }
        let pledge = json!({ "kind": "purchase", "amount_fen": 12 * PACK_FEN, "due_on": "2026-12-31" });
        for pairing in &pairings[..2] {
            let path = format!("/pairings/{}/pledges", pairing["id"].as_str().unwrap());
            t.post(&path).by(officer).json(pledge.clone()).await.created();
        }
        let overview = t.get("/pledge-overview").by(&market.buyer).await.ok();
        assert_eq!(overview["pairings"], 3);
        let purchase = overview["kinds"].as_array().unwrap().iter().find(|one| one["kind"] == "purchase").unwrap();
        assert_eq!(purchase["pledged"]["amount_fen"], 24 * PACK_FEN);
        assert_eq!(purchase["verified"]["amount_fen"], 6 * PACK_FEN);
        assert_eq!(purchase["kept_bp"], 2_500);
        let one = format!("/pledge-overview?programme_id={}", second["id"].as_str().unwrap());
        assert_eq!(t.get(&one).by(&market.buyer).await.ok()["pairings"], 1);
    }

    /// A pairing's timeline has everything once, in order, whatever the size of its pages.
    async fn the_timeline_tells_everything_in_order(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let (officer, buyer) = (&market.county.officer, &market.buyer);
        let (_, pairing, village) = paired(t, &market, buyer.member.organisation).await;
        let id = pairing["id"].as_str().unwrap();
        let minute = chrono::Duration::minutes(1);
        t.clock.advance(minute);
        let pledge = json!({ "kind": "donation_cash", "amount_fen": 40_000, "due_on": "2026-12-31" });
        t.post(&format!("/pairings/{id}/pledges")).by(officer).json(pledge).await.created();
        t.clock.advance(minute);
        let order = market.settled(t, 6, 6).await;
        t.clock.advance(minute);
        let proof = evidence(t, buyer).await;
        verified(t, (buyer, &village, officer), claim(&pairing, &proof, "donation_cash", 10_000)).await;
        t.clock.advance(minute);
        let certificate = crate::pairing_certificates::issued(t, officer, buyer.member.organisation).await;
        t.clock.advance(minute);
        // A refund of everything.
        let number = entity::share_run::Entity::find().all(t.direct()).await.unwrap().iter().map(|run| run.number).max().unwrap();
        let back = IncomeBooked {
            supplier_order: order["id"].as_str().unwrap().parse().unwrap(),
            supplier: market.supplier.id,
            buyer: buyer.member.organisation,
            number: number + 1,
            paid_fen: entity::value::Fen::ZERO,
            retained_fen: entity::value::Fen::ZERO,
            business_date: date("2026-03-02"),
            villages: Vec::new(),
        };
        t.app
            .transact(&Actor::System, async |tx| -> Result<(), PairingError> { pairing::contribute(tx, &back).await })
            .await
            .unwrap();

        let path = format!("/pairings/{id}/timeline");
        let whole = t.get(&path).by(buyer).await.ok();
        let items = whole["items"].as_array().unwrap();
        let kinds: Vec<&str> = items.iter().map(|one| one["kind"].as_str().unwrap()).collect();
        let expected = [
            "agreement", "pledge", "order", "aid", "aid_reviewed", "aid_reviewed", "certificate", "order_recounted",
        ];
        assert_eq!(kinds, expected);
        assert_eq!(items[2]["object_id"], order["id"]);
        assert_eq!(items[7]["change_fen"].as_i64(), items[2]["amount_fen"].as_i64().map(|fen| -fen), "taken back");
        assert_eq!(items[6]["words"], certificate["number"]);
        assert_eq!((&items[4]["aid_state"], &items[5]["aid_state"]), (&json!("village_confirmed"), &json!("county_verified")));
        for limit in [1, 3] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = t.get(&format!("{path}?limit={limit}{cursor}")).by(officer).await.ok();
                seen.extend(page["items"].as_array().unwrap().clone());
                let Some(next) = page["next"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(&seen, items, "pages of {limit}");
        }
        t.get(&format!("{path}?cursor=nonsense")).by(buyer).await.refused(400, "invalid_fields");
        let other = crate::household::county(t, "532324").await;
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
    }
}
