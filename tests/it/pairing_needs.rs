//! What needs promise: read by everybody, taken on once, delivered with evidence, confirmed by the village, counted without
//! being typed twice.

use crate::harness::*;
use crate::market::{Market, PACK_FEN};
use crate::pairing::{claim, evidence, paired};
use entity::value::{AidKind, NeedKind, NeedState, OrganisationKind, Role};
use liannong::pairing::need_state::{Step, counts_as, next};
use liannong::pairing::suggest::{Facts, Reason, ranked, reasons};
use proptest::prelude::*;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

fn wanted(kind: &str) -> Value {
    json!({
        "kind": kind, "title": "果树管护培训", "content": "希望有技术员到村讲三天课。", "amount_fen": 0, "people": 30,
        "wanted_until": "2026-10-31",
    })
}

/// A need of this village.
pub(crate) async fn published(t: &TestApp, village: &Person, kind: &str) -> Value {
    t.post("/village-needs").by(village).json(wanted(kind)).await.created()
}

async fn act(t: &TestApp, by: &Person, need: &Value, step: &str, body: Value) -> Reply {
    let id = need["id"].as_str().unwrap();
    let now = t.get(&format!("/village-needs/{id}")).await.ok();
    t.post(&format!("/village-needs/{id}/{step}")).by(by).version(&now["version"]).json(body).await
}

fn delivery(evidence: &str) -> Value {
    json!({ "delivered_on": "2026-03-02", "people": 28, "outcome": "培训三天，二十八人结业。", "evidence_file_id": evidence })
}

fn because() -> Value {
    json!({ "reason": "签到表缺一天。" })
}

both! {
    /// A village's need is taken on by a paired enterprise, delivered, sent back, delivered again and confirmed; the claim
    /// of aid goes along with it.
    async fn a_delivered_need_is_aid_without_being_typed_twice(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let (office, buyer) = (&market.county.officer, &market.buyer);
        let (_, pairing, village) = paired(t, &market, buyer.member.organisation).await;
        for (field, value) in [("people", json!(0)), ("wanted_until", json!("2026-03-01")), ("category_code", json!("98"))] {
            let mut bad = wanted("skills");
            bad[field] = value;
            t.post("/village-needs").by(&village).json(bad).await.refused(400, "invalid_fields");
        }
        let need = published(t, &village, "skills").await;
        let listed = t.get("/village-needs?county_code=522625&kind=skills&state=published").await.ok();
        assert_eq!(listed["items"][0]["id"], need["id"], "everybody reads it");
        assert_eq!(t.get("/village-needs?kind=posts").await.ok()["items"], json!([]));

        // Nobody delivers what they did not take on; what is taken on is not taken on again.
        let proof = evidence(t, buyer).await;
        act(t, buyer, &need, "deliver", delivery(&proof)).await.refused(404, "not_found");
        let taken = act(t, buyer, &need, "claim", json!({})).await.ok();
        assert_eq!((&taken["state"], &taken["claimant"]["id"]), (&json!("claimed"), &json!(buyer.member.organisation)));
        act(t, &market.supplier.clerk, &need, "claim", json!({})).await.refused(409, "need_step_impossible");
        act(t, &village, &need, "withdraw", because()).await.refused(409, "need_step_impossible");

        let mut body = delivery(&proof);
        body["pairing_id"] = pairing["id"].clone();
        body["counts_as"] = json!("wages");
        act(t, buyer, &need, "deliver", body.clone()).await.refused(422, "need_outcome_unfit");
        body["counts_as"] = Value::Null;
        let mut later = body.clone();
        later["delivered_on"] = json!("2026-03-03");
        act(t, buyer, &need, "deliver", later).await.refused(400, "invalid_fields");
        let delivered = act(t, buyer, &need, "deliver", body.clone()).await.ok();
        let first = format!("/aid-claims/{}", delivered["aid_claim_id"].as_str().unwrap());
        let entered = t.get(&first).by(buyer).await.ok();
        assert_eq!((&entered["kind"], &entered["people"], &entered["state"]), (&json!("training"), &json!(28), &json!("entered")));
        assert_eq!((&entered["evidence_file_id"], &entered["content"]), (&json!(proof), &json!("果树管护培训：培训三天，二十八人结业。")));

        let both = t.also(buyer, Role::VillageOfficer, village.member.organisation).await;
        act(t, &both, &need, "confirm", Value::Null).await.refused(403, "four_eyes");
        let back = act(t, &village, &need, "send-back", because()).await.ok();
        assert_eq!((&back["state"], &back["aid_claim_id"]), (&json!("claimed"), &Value::Null));
        assert_eq!(t.get(&first).by(buyer).await.ok()["state"], "rejected");
        let again = act(t, buyer, &need, "deliver", body).await.ok();
        let confirmed = act(t, &village, &need, "confirm", Value::Null).await.ok();
        assert_eq!(confirmed["state"], "fulfilled");
        assert_eq!(confirmed["steps"].as_array().unwrap().len(), 5);
        let second = format!("/aid-claims/{}", again["aid_claim_id"].as_str().unwrap());
        let aid = t.get(&second).by(office).await.ok();
        assert_eq!(aid["state"], "village_confirmed", "the village said it once");
        t.post(&format!("{second}/verify")).by(office).version(&aid["version"]).await.ok();
        let progress = t.get(&format!("/pairings/{}/pledges", pairing["id"].as_str().unwrap())).by(buyer).await.ok();
        let training = progress["kinds"].as_array().unwrap().iter().find(|one| one["kind"] == "training").unwrap();
        assert_eq!((&training["verified"]["people"], &training["rejected"]["people"]), (&json!(28), &json!(28)));
        let timeline = t.get(&format!("/pairings/{}/timeline", pairing["id"].as_str().unwrap())).by(buyer).await.ok();
        let of_need = timeline["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "need").count();
        assert_eq!(of_need, 5);
        let told = entity::outbox::Entity::find().all(t.direct()).await.unwrap();
        for topic in ["need.published", "need.claimed", "need.delivered", "need.fulfilled"] {
            assert!(told.iter().any(|event| event.topic == topic), "{topic}");
        }
        t.drain().await;
    }

    /// A citizen takes a need on in person and is not named; who gives up sets it free, and so does the village.
    async fn a_citizen_takes_on_a_need_in_person(t: TestApp) {
        let market = Market::with_unit(t).await;
        let village = t.member(Role::VillageOfficer, market.county.village).await;
        let need = published(t, &village, "project").await;
        let citizen = &market.buyer;
        let taken = act(t, citizen, &need, "claim", json!({ "is_in_person": true })).await.ok();
        assert_eq!((&taken["claimant"], &taken["is_in_person"]), (&Value::Null, &json!(true)));
        let colleague = t.member(Role::ProcurementOfficer, citizen.member.organisation).await;
        act(t, &colleague, &need, "release", because()).await.refused(404, "not_found");
        let free = act(t, citizen, &need, "release", because()).await.ok();
        assert_eq!((&free["state"], &free["steps"][1]["reason"]), (&json!("published"), &because()["reason"]));
        act(t, citizen, &need, "claim", json!({ "is_in_person": true })).await.ok();
        act(t, &village, &need, "reopen", because()).await.ok();
        act(t, citizen, &need, "claim", json!({ "is_in_person": true })).await.ok();
        let file = evidence(t, citizen).await;
        let mut body = delivery(&file);
        body["pairing_id"] = need["id"].clone();
        act(t, citizen, &need, "deliver", body).await.refused(400, "invalid_fields");
        act(t, citizen, &need, "deliver", delivery(&file)).await.ok();
        let done = act(t, &village, &need, "confirm", Value::Null).await.ok();
        assert_eq!((&done["state"], &done["aid_claim_id"]), (&json!("fulfilled"), &Value::Null));

        let other = published(t, &village, "posts").await;
        let stranger = crate::household::county(t, "532324").await;
        let theirs = t.member(Role::VillageOfficer, stranger.village).await;
        act(t, &theirs, &other, "withdraw", because()).await.refused(404, "not_found");
        let gone = act(t, &village, &other, "withdraw", because()).await.ok();
        assert_eq!(gone["state"], "withdrawn");
        act(t, citizen, &other, "claim", json!({})).await.refused(409, "need_step_impossible");
        // What is no longer wanted is not taken on.
        let late = published(t, &village, "posts").await;
        t.clock.set("2026-11-02T02:00:00Z".parse().unwrap());
        act(t, citizen, &late, "claim", json!({})).await.refused(409, "need_step_impossible");
    }

    /// Goods count by the order that somebody else placed, and are suggested to whom they suit, with the reasons.
    async fn goods_are_suggested_with_reasons_and_count_by_their_order(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let helper = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let helper = t.member(Role::EnterpriseOfficer, helper).await;
        let (_, pairing, village) = paired(t, &market, helper.member.organisation).await;
        let order = market.settled(t, 6, 6).await;
        let goods = json!({
            "kind": "goods_to_sell", "title": "猕猴桃待售", "content": "红阳猕猴桃两万斤。", "category_code": "98",
            "amount_fen": 10_000_000, "wanted_until": "2026-10-31",
        });
        let need = t.post("/village-needs").by(&village).json(goods).await.created();
        let matches = t.get(&format!("/village-needs/{}/matches", need["id"].as_str().unwrap())).by(&village).await.ok();
        let of = |id: &entity::value::OrganisationId| {
            let items = matches["items"].as_array().unwrap();
            items.iter().find(|one| one["enterprise"]["id"] == json!(id)).map(|one| one["reasons"].clone())
        };
        assert_eq!(of(&helper.member.organisation), Some(json!(["paired_with_village"])));
        assert_eq!(of(&market.buyer.member.organisation), Some(json!(["bought_category", "bought_in_county"])));
        assert_eq!(matches["items"][0]["enterprise"]["id"], json!(helper.member.organisation), "the weightiest first");
        let other = crate::household::county(t, "532324").await;
        let path = format!("/village-needs/{}/matches", need["id"].as_str().unwrap());
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
        let suits = t.get("/need-suggestions").by(&market.buyer).await.ok();
        assert_eq!(suits["items"][0]["need"]["id"], need["id"]);
        assert_eq!((&suits["items"][0]["reasons"], &suits["items"][0]["weight"]), (&json!(["bought_category", "bought_in_county"]), &json!(9)));
        let nobody = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let nobody = t.member(Role::EnterpriseOfficer, nobody).await;
        assert_eq!(t.get("/need-suggestions").by(&nobody).await.ok()["items"], json!([]), "without a reason nothing is suggested");

        act(t, &helper, &need, "claim", json!({})).await.ok();
        let proof = evidence(t, &helper).await;
        let mut body = delivery(&proof);
        body["pairing_id"] = pairing["id"].clone();
        body["amount_fen"] = json!(6 * PACK_FEN);
        act(t, &helper, &need, "deliver", body.clone()).await.refused(422, "need_outcome_unfit");
        body["supplier_order_id"] = order["id"].clone();
        act(t, &helper, &need, "deliver", body).await.ok();
        // The same order is not claimed by hand as well.
        let mut twice = claim(&pairing, &proof, "assisted_sale", 6 * PACK_FEN);
        twice["supplier_order_id"] = order["id"].clone();
        t.post("/aid-claims").by(&helper).json(twice).await.refused(409, "aid_order_claimed");
    }
}

#[test]
fn a_need_lives_as_it_is_written() {
    let mut steps = Vec::new();
    for from in NeedState::ALL {
        for step in Step::ALL {
            if let Some(to) = next(*from, *step) {
                steps.push(format!("{from} {} {to}", step.as_str()));
            }
        }
    }
    assert_eq!(
        steps,
        [
            "published need.claim claimed",
            "published need.withdraw withdrawn",
            "claimed need.release published",
            "claimed need.reopen published",
            "claimed need.deliver delivered",
            "delivered need.send_back claimed",
            "delivered need.confirm fulfilled",
        ]
    );
    for kind in NeedKind::ALL {
        assert!(!counts_as(*kind).is_empty() && !counts_as(*kind).contains(&AidKind::Purchase), "{kind}");
    }
}

proptest! {
    /// Every suggestion has a reason, a weightier one stands before a lighter one, and nobody with a reason is left out.
    #[test]
    fn suggestions_follow_their_reasons(all in proptest::collection::vec(proptest::collection::vec(any::<bool>(), 5), 0..20)) {
        let known: Vec<(usize, Vec<Reason>)> = all.iter().enumerate().map(|(at, of)| {
            let facts = Facts {
                is_paired_with_village: of[0],
                is_paired_in_county: of[1],
                shares_programme: of[2],
                bought_category: of[3],
                bought_in_county: of[4],
            };
            (at, reasons(NeedKind::GoodsToSell, facts))
        }).collect();
        let with_reason = known.iter().filter(|(_, reasons)| !reasons.is_empty()).count();
        prop_assert_eq!(with_reason, all.iter().filter(|of| of.iter().any(|holds| *holds)).count());
        let shown = ranked(known, |at| *at);
        prop_assert_eq!(shown.len(), with_reason);
        let weights: Vec<i32> = shown.iter().map(|(_, of)| of.iter().map(|reason| reason.weight()).sum()).collect();
        prop_assert!(weights.windows(2).all(|pair| pair[0] >= pair[1]));
    }
}
