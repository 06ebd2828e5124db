//! What certificates promise: verified rows only, frozen, the same bytes each time, checked by anybody, revoked by somebody
//! else.

use crate::harness::*;
use crate::market::{Market, PACK_FEN};
use crate::pairing::{claim, contributions, evidence, paired, verified};
use crate::procurement::fresh_key;
use entity::value::{OrganisationId, OrganisationKind, Role};
use liannong::secrecy::sha256_hex;
use serde_json::{Value, json};

/// A certificate of everything until today.
pub(crate) async fn issued(t: &TestApp, office: &Person, enterprise: OrganisationId) -> Value {
    issue(t, office, enterprise, "2026-01-01").await.created()
}

async fn issue(t: &TestApp, office: &Person, enterprise: OrganisationId, from: &str) -> Reply {
    let until = entity::value::business_date(t.clock_now());
    let wanted = json!({ "enterprise_id": enterprise, "from": from, "until": until });
    t.post("/aid-certificates").by(office).key(&fresh_key()).json(wanted).await
}

async fn file(t: &TestApp, by: &Person, path: &str) -> Vec<u8> {
    let reply = t.get(&format!("{path}/file")).by(by).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/pdf")));
    reply.body
}

both! {
    /// A certificate counts what is verified, kind by kind, and stays what it was.
    async fn a_certificate_counts_verified_rows_only(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let (office, buyer) = (&market.county.officer, &market.buyer);
        let enterprise = buyer.member.organisation;
        let (_, pairing, village) = paired(t, &market, enterprise).await;
        issue(t, office, enterprise, "2026-01-01").await.refused(422, "nothing_verified");
        market.settled(t, 6, 6).await;
        let proof = evidence(t, buyer).await;
        let all = (buyer, &village, office);
        verified(t, all, claim(&pairing, &proof, "donation_cash", 10_000)).await;
        verified(t, all, claim(&pairing, &proof, "donation_cash", 2_550)).await;
        let mut trained = claim(&pairing, &proof, "training", 0);
        trained["people"] = json!(30);
        verified(t, all, trained).await;
        // Neither what waits nor what was rejected counts.
        t.post("/aid-claims").by(buyer).json(claim(&pairing, &proof, "wages", 77_000)).await.created();
        let rejected = t.post("/aid-claims").by(buyer).json(claim(&pairing, &proof, "wages", 88_000)).await.created();
        let reject = format!("/aid-claims/{}/reject", rejected["id"].as_str().unwrap());
        t.post(&reject).by(&village).if_match("\"1\"").json(json!({ "reason": "没有凭证。" })).await.ok();

        for (field, value) in [("until", "2026-12-31"), ("from", "2026-03-03")] {
            let mut bad = json!({ "enterprise_id": enterprise, "from": "2026-01-01", "until": "2026-03-02" });
            bad[field] = json!(value);
            t.post("/aid-certificates").by(office).key(&fresh_key()).json(bad).await.refused(400, "invalid_fields");
        }
        issue(t, office, market.county.village, "2026-01-01").await.refused(422, "pairing_party_unfit");
        let made = issued(t, office, enterprise).await;
        assert_eq!(made["number"], "BF-522625-2026-0001");
        let bought = contributions(t, office, &pairing).await["totals"][0]["amount_fen"].clone();
        let kinds = json!([
            { "kind": "purchase", "rows": 1, "amount_fen": bought, "people": 0 },
            { "kind": "donation_cash", "rows": 2, "amount_fen": 12_550, "people": 0 },
            { "kind": "training", "rows": 1, "amount_fen": 0, "people": 30 },
        ]);
        assert_eq!(made["figures"], json!({ "kinds": kinds, "villages": 1, "households": null }), "two households are few");
        issue(t, office, enterprise, "2026-01-01").await.refused(409, "aid_certificate_exists");

        let path = format!("/aid-certificates/{}", made["id"].as_str().unwrap());
        let pdf = file(t, office, &path).await;
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() < 200_000);
        assert_eq!(sha256_hex(&pdf), made["sha256"].as_str().unwrap());
        if let Some(folder) = std::env::var_os("LIANNONG_PAPERS") {
            std::fs::write(std::path::Path::new(&folder).join("certificate.pdf"), &pdf).unwrap();
        }
        // What comes later changes neither what it says nor its file.
        verified(t, all, claim(&pairing, &proof, "donation_cash", 99)).await;
        market.settled(t, 2, 2).await;
        assert_eq!(file(t, buyer, &path).await, pdf, "byte for byte");
        assert_eq!(t.get(&path).by(buyer).await.ok()["figures"], made["figures"]);
        assert_eq!(t.get("/aid-certificates").by(buyer).await.ok()["items"], json!([made]));
        let of = format!("/aid-certificates?enterprise_id={}", market.supplier.id);
        assert_eq!(t.get(&of).by(office).await.ok()["items"], json!([]));
        assert!(t.sql("update aid_certificate set figures = '{}'").await.is_err(), "what was issued is never changed");

        let code = made["code"].as_str().unwrap();
        let check = t.get(&format!("/aid-certificate-checks/{}", code.replace('-', "").to_lowercase())).await.ok();
        assert_eq!((&check["is_valid"], &check["is_genuine"], &check["revocation"]), (&json!(true), &json!(true), &Value::Null));
        assert_eq!((&check["figures"], &check["digest"]), (&made["figures"], &made["digest"]));
        t.get("/aid-certificate-checks/0000-0000-0000-0000").await.refused(404, "not_found");

        let other = crate::household::county(t, "532324").await;
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
        t.get(&format!("{path}/file")).by(&other.officer).await.refused(404, "not_found");
        issue(t, &other.officer, enterprise, "2026-01-01").await.refused(422, "nothing_verified");
        let stranger = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let stranger = t.member(Role::EnterpriseOfficer, stranger).await;
        t.get(&path).by(&stranger).await.refused(404, "not_found");
    }

    /// A certificate is revoked once, with a reason, by somebody else; its code says so, and another one may follow.
    async fn a_certificate_is_revoked_by_somebody_else(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let (office, buyer) = (&market.county.officer, &market.buyer);
        let enterprise = buyer.member.organisation;
        let (_, pairing, village) = paired(t, &market, enterprise).await;
        let proof = evidence(t, buyer).await;
        verified(t, (buyer, &village, office), claim(&pairing, &proof, "donation_cash", 10_000)).await;
        let made = issued(t, office, enterprise).await;
        let path = format!("/aid-certificates/{}", made["id"].as_str().unwrap());
        let revoke = format!("{path}/revoke");
        let because = json!({ "reason": "一笔捐款的票据经查为重复报送。" });
        t.post(&revoke).by(office).version(&made["version"]).json(because.clone()).await.refused(403, "four_eyes");
        let second = t.member(Role::RevitalisationOfficer, office.member.organisation).await;
        t.post(&revoke).by(&second).if_match("\"7\"").json(because.clone()).await.refused(412, "stale_version");
        t.post(&revoke).by(&second).version(&made["version"]).json(json!({ "reason": " " })).await.refused(400, "invalid_fields");
        let gone = t.post(&revoke).by(&second).version(&made["version"]).json(because.clone()).await.ok();
        assert_eq!((&gone["version"], &gone["revocation"]["reason"]), (&json!(2), &because["reason"]));
        t.post(&revoke).by(&second).version(&gone["version"]).json(because.clone()).await.refused(409, "aid_certificate_revoked");
        let check = t.get(&format!("/aid-certificate-checks/{}", made["code"].as_str().unwrap())).await.ok();
        assert_eq!((&check["is_valid"], &check["is_genuine"]), (&json!(false), &json!(true)));
        assert_eq!(check["revocation"]["reason"], because["reason"]);
        file(t, buyer, &path).await;
        let next = issued(t, office, enterprise).await;
        assert_eq!(next["number"], "BF-522625-2026-0002");
        assert_ne!(next["code"], made["code"]);
    }

    /// Households of several villages and orders count once, and an assisted sale no more than what stands of its order.
    async fn households_count_once_and_refunds_are_taken_back(t: TestApp) {
        let mut market = Market::with_enterprise(t).await;
        let office = &market.county.officer.clone();
        let helper = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let helper = t.member(Role::EnterpriseOfficer, helper).await;
        let (_, pairing, village) = paired(t, &market, helper.member.organisation).await;
        let order = market.settled(t, 6, 6).await;
        let proof = evidence(t, &helper).await;
        let mut sale = claim(&pairing, &proof, "assisted_sale", 6 * PACK_FEN);
        sale["supplier_order_id"] = order["id"].clone();
        verified(t, (&helper, &village, office), sale).await;
        let code = t.post("/referral-codes").by(&helper).json(json!({ "label": "团购" })).await.created();
        market.referral = code["code"].as_str().map(str::to_owned);
        market.settled(t, 2, 2).await;
        let brought = contributions(t, &helper, &pairing).await["totals"][0].clone();
        assert_eq!(brought["kind"], "assisted_sale");
        let brought = brought["amount_fen"].as_i64().unwrap();
        let amount = |made: &Value| made["figures"]["kinds"][0]["amount_fen"].as_i64().unwrap();
        let made = issued(t, office, helper.member.organisation).await;
        assert_eq!(amount(&made), 6 * PACK_FEN + brought, "by claim and by code, each once");
        assert_eq!(made["figures"]["kinds"][0]["rows"], 2);
        // One pack of the claimed order goes back.
        let credited = format!("update supplier_order set credited_fen = {PACK_FEN} where number = '{}'", order["number"].as_str().unwrap());
        t.sql(&credited).await.unwrap();
        t.clock.advance(chrono::Duration::days(1));
        let later = issued(t, office, helper.member.organisation).await;
        assert_eq!(amount(&later), 5 * PACK_FEN + brought);
    }
}
