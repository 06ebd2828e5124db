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

async fn programme(t: &TestApp, operator: &Person, name: &str) -> Value {
    let wanted = json!({ "name": name, "starts_on": "2026-01-01", "ends_on": "2027-12-31" });
    t.post("/programmes").by(operator).json(wanted).await.created()
}

fn wanted(programme: &Value, enterprise: OrganisationId, village: OrganisationId) -> Value {
    json!({
        "programme_id": programme["id"], "enterprise_id": enterprise, "village_id": village,
        "starts_on": "2026-02-01", "ends_on": "2027-01-31",
    })
}

async fn contributions(t: &TestApp, by: &Person, pairing: &Value) -> Value {
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
