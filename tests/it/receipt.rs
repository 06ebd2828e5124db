//! What receipts promise: a true one holds anywhere, a changed one nowhere, and none shows another household.

use crate::harness::*;
use crate::market::Market;
use crate::seal::{key, seal_all};
use crate::verify::world;
use entity::value::state::OrganisationKind;
use entity::value::{HouseholdId, Role};
use liannong::verify::receipt::{Proven, Unproven, check};
use serde_json::{Value, json};

async fn receipt_of(t: &TestApp, market: &Market, household: HouseholdId) -> Value {
    let path = format!("/households/{household}/receipt?year=2026");
    t.get(&path).by(&market.county.officer).await.ok()
}

fn holds(t: &TestApp, receipt: &Value) -> Result<Proven, Unproven> {
    check(&receipt.to_string(), &[key(t)])
}

/// Every single value in it, changed a little, one at a time; with the place of each.
fn changed_one_by_one(receipt: &Value) -> Vec<(String, Value)> {
    fn places(value: &Value, at: String, found: &mut Vec<String>) {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(n, item)| places(item, format!("{at}/{n}"), found))
            }
            Value::Object(fields) => {
                fields.iter().for_each(|(name, field)| places(field, format!("{at}/{name}"), found))
            }
            _ => found.push(at),
        }
    }
    let mut all = Vec::new();
    places(receipt, String::new(), &mut all);
    let change = |place: &str| {
        let mut changed = receipt.clone();
        let value = changed.pointer_mut(place).unwrap();
        *value = match &*value {
            Value::Number(number) => json!(number.as_i64().unwrap() + 1),
            Value::String(text) => {
                let last = text.chars().last().unwrap();
                let other = if last == '1' { '2' } else { '1' };
                // An instant ends in its zone, which is not what is to be changed.
                let text = text.strip_suffix('Z').map_or_else(
                    || format!("{}{other}", &text[..text.len() - last.len_utf8()]),
                    |instant| format!("{}9Z", &instant[..instant.len() - 1]),
                );
                json!(text)
            }
            Value::Null => json!("019372a0-6c00-7000-8000-000000000001"),
            other => panic!("{place} is {other}"),
        };
        changed
    };
    all.iter().map(|place| (place.clone(), change(place))).collect()
}

both! {
    async fn a_true_receipt_holds_and_adds_up_to_the_statement(t: TestApp) {
        let market = world(t).await;
        let unsealed = receipt_of(t, &market, market.households[0]).await;
        assert_eq!((&unsealed["postings"], &unsealed["omitted_postings"]), (&json!([]), &json!(6)));
        seal_all(t).await;
        for household in market.households {
            let receipt = receipt_of(t, &market, household).await;
            assert_eq!(receipt["omitted_postings"], 0);
            let proven = holds(t, &receipt).unwrap();
            let path = format!("/households/{household}/statement?year=2026");
            let statement = t.get(&path).by(&market.county.officer).await.ok();
            let totals = [proven.promised_fen, proven.accrued_fen, proven.paid_fen];
            let shown = ["promised_fen", "accrued_fen", "paid_fen"].map(|name| statement["totals"][name].as_i64().unwrap());
            assert_eq!(totals, shown);
            assert!(proven.promised_fen > 0 && proven.accrued_fen > 0);
            let answer = t.post("/receipts/verify").json(receipt).await.ok();
            assert_eq!((&answer["is_valid"], &answer["fault"]), (&json!(true), &Value::Null));
            assert_eq!(answer["proves"]["accrued_fen"], proven.accrued_fen);
        }
    }

    /// Not a single value of it can be another: amounts, days, orders, households, salts, paths, seals.
    async fn a_receipt_of_which_anything_is_changed_does_not_hold(t: TestApp) {
        let market = world(t).await;
        seal_all(t).await;
        let receipt = receipt_of(t, &market, market.households[0]).await;
        holds(t, &receipt).unwrap();
        let mut tried = 0;
        for (place, changed) in changed_one_by_one(&receipt) {
            let still = holds(t, &changed);
            // The one number that says what is not in it; nothing can prove that.
            assert_eq!(still.is_ok(), place == "/omitted_postings", "{place}: {still:?}");
            tried += 1;
        }
        assert!(tried > 150, "only {tried} values");
        let answer = t.post("/receipts/verify").json(changed_one_by_one(&receipt)[3].1.clone()).await.ok();
        assert_eq!((&answer["is_valid"], &answer["proves"]), (&json!(false), &Value::Null));
        assert!(!answer["fault"]["zh"].as_str().unwrap().is_empty());
    }

    async fn a_receipt_holds_nothing_twice_and_nothing_unknown(t: TestApp) {
        let market = world(t).await;
        seal_all(t).await;
        let receipt = receipt_of(t, &market, market.households[0]).await;
        for list in ["/postings", "/postings/0/lines", "/seals"] {
            let mut doubled = receipt.clone();
            let items = doubled.pointer_mut(list).unwrap().as_array_mut().unwrap();
            items.push(items[0].clone());
            assert!(holds(t, &doubled).is_err(), "{list}");
        }
        let mut more = receipt.clone();
        more["name"] = json!("张三");
        assert!(holds(t, &more).is_err());
        let mut without = receipt.clone();
        without["seals"] = json!([]);
        assert!(holds(t, &without).is_err());
        assert!(check("not json", &[]).is_err());
        t.post("/receipts/verify").json(json!({})).await.ok();
    }

    /// The key decides: a chain of somebody else's, however true in itself, is not this house's.
    async fn a_receipt_under_another_key_does_not_hold(t: TestApp) {
        let market = world(t).await;
        seal_all(t).await;
        let receipt = receipt_of(t, &market, market.households[0]).await.to_string();
        assert!(check(&receipt, &[[3; 32]]).is_err());
        assert!(check(&receipt, &[[3; 32], key(t)]).is_ok());
        let unaware = check(&receipt, &[]).unwrap();
        assert_eq!(unaware.keys.into_iter().collect::<Vec<_>>(), [hex::encode(key(t))]);
    }

    /// A receipt whose seal is no longer in the chain holds by itself, but not online.
    async fn a_seal_that_is_not_in_the_chain_is_told(t: TestApp) {
        let market = world(t).await;
        seal_all(t).await;
        let receipt = receipt_of(t, &market, market.households[0]).await;
        crate::verify::unlock(t, "seal").await;
        t.sql("update seal set hash = previous_hash").await.unwrap();
        assert!(holds(t, &receipt).is_ok());
        let answer = t.post("/receipts/verify").json(receipt).await.ok();
        assert_eq!(answer["is_valid"], false);
    }

    async fn a_receipt_shows_nothing_of_another_household(t: TestApp) {
        let market = world(t).await;
        seal_all(t).await;
        let own = market.households[0];
        let receipt = receipt_of(t, &market, own).await;
        let text = receipt.to_string();
        assert!(text.contains(&own.to_string()));
        for other in &market.households[1..] {
            assert!(!text.contains(&other.to_string()));
        }
        for agreement in &market.agreements[1..3] {
            assert!(!text.contains(&agreement.to_string()));
        }
        // Of a posting's lines it opens its own and no other: the salts of the rest are not in it, nor is their root salt.
        use sea_orm::EntityTrait;
        for row in entity::posting::Entity::find().all(t.direct()).await.unwrap() {
            assert!(!text.contains(row.salt.as_deref().unwrap()));
        }
        for posting in receipt["postings"].as_array().unwrap() {
            let shown = posting["lines"].as_array().unwrap();
            assert!(shown.len() < usize::try_from(posting["line_count"].as_u64().unwrap()).unwrap());
            for line in shown {
                let agreement = line["agreement_id"].as_str().unwrap();
                assert!([market.agreements[0], market.agreements[3]].iter().any(|own| own.to_string() == agreement));
            }
        }
    }

    async fn a_receipt_reaches_as_far_as_the_statement(t: TestApp) {
        let market = world(t).await;
        seal_all(t).await;
        let path = format!("/households/{}/receipt?year=2026", market.households[0]);
        let clerk = t.get(&path).by(&market.supplier.clerk).await.ok();
        assert_eq!(clerk, receipt_of(t, &market, market.households[0]).await);
        let other = t.organisation(OrganisationKind::Cooperative, "522625").await;
        let other = t.member(Role::CooperativeClerk, other).await;
        t.get(&path).by(&other).await.refused(404, "not_found");
        let office = t.organisation(OrganisationKind::RevitalisationOffice, "522628").await;
        let elsewhere = t.member(Role::RevitalisationOfficer, office).await;
        t.get(&path).by(&elsewhere).await.refused(404, "not_found");
        t.get(&path).by(&market.buyer).await.refused(403, "forbidden");
        let absent = format!("/households/{}/receipt", HouseholdId::generate());
        t.get(&absent).by(&market.county.officer).await.refused(404, "not_found");
        t.get(&format!("{path}0")).by(&market.county.officer).await.refused(400, "invalid_fields");
        let before = t.get(&path.replace("2026", "2025")).by(&market.county.officer).await.ok();
        assert_eq!((&before["postings"], &before["omitted_postings"]), (&json!([]), &json!(0)));
    }
}
