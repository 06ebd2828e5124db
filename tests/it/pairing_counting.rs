//! The rules by which contributions are counted: every fen and every household once, whatever overlaps, is refunded, is
//! claimed twice or is brought by a code; and every figure shown is the one that an independent count comes to.

use crate::harness::*;
use crate::market::{Market, PACK_FEN};
use crate::pairing::{claim, contributions, evidence, paired, programme, verified};
use entity::value::{Fen, HouseholdId, OrganisationId, OrganisationKind, PairingId, Role, SupplierOrderId};
use liannong::access::Actor;
use liannong::pairing::count::{Cover, Covered, Reached, apportion};
use liannong::pairing::timeline_key::Key;
use liannong::pairing::{self, PairingError};
use liannong::referral::code;
use liannong::settlement::{IncomeBooked, VillageIncome};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn fen(amount: i64) -> Fen {
    Fen::new(amount).unwrap()
}

/// Villages with what accrued to each of their households.
fn villages() -> impl Strategy<Value = Vec<Vec<i64>>> {
    proptest::collection::vec(proptest::collection::vec(1..100_000_i64, 1..5), 1..5)
}

/// What pairings cover: some villages, or some households, by their places.
fn coverage() -> impl Strategy<Value = Vec<(bool, BTreeSet<usize>)>> {
    proptest::collection::vec((any::<bool>(), proptest::collection::btree_set(0..20_usize, 0..8)), 0..6)
}

proptest! {
    /// Whatever overlaps: what is paid is divided whole, and each household counts for the oldest pairing that covers it.
    #[test]
    fn every_fen_and_every_household_counts_once(paid in 0..10_000_000_i64, sizes in villages(), covered in coverage()) {
        let places: Vec<(OrganisationId, Vec<(HouseholdId, i64)>)> = sizes
            .iter()
            .map(|of| (OrganisationId::generate(), of.iter().map(|fen| (HouseholdId::generate(), *fen)).collect()))
            .collect();
        let households: Vec<(HouseholdId, OrganisationId, i64)> =
            places.iter().flat_map(|(village, of)| of.iter().map(|(id, fen)| (*id, *village, *fen))).collect();
        let covers: Vec<Cover> = covered
            .iter()
            .map(|(by_village, at)| Cover {
                pairing: PairingId::generate(),
                covered: if *by_village {
                    Covered::Villages(at.iter().filter_map(|at| places.get(*at)).map(|(id, _)| *id).collect())
                } else {
                    Covered::Households(at.iter().filter_map(|at| households.get(*at)).map(|(id, ..)| *id).collect())
                },
            })
            .collect();
        let by_name = |id: &HouseholdId| covers.iter().any(|cover| matches!(&cover.covered, Covered::Households(of) if of.contains(id)));
        let reached: Vec<Reached> = places
            .iter()
            .map(|(village, of)| Reached {
                village: *village,
                accrued: fen(of.iter().map(|(_, fen)| fen).sum()),
                households: i32::try_from(of.len()).unwrap(),
                named: of.iter().filter(|(id, _)| by_name(id)).map(|(id, amount)| (*id, fen(*amount))).collect(),
            })
            .collect();
        let parts = apportion(fen(paid), SupplierOrderId::generate(), &reached, &covers).unwrap();
        prop_assert_eq!(parts.iter().map(|part| part.amount.get()).sum::<i64>(), paid, "to the fen");

        // Counted household by household.
        let mut expected: BTreeMap<Option<PairingId>, (i64, i32)> = BTreeMap::new();
        for (id, village, amount) in &households {
            let covers_it = |cover: &&Cover| match &cover.covered {
                Covered::Villages(of) => of.contains(village),
                Covered::Households(of) => of.contains(id),
            };
            let (sum, count) = expected.entry(covers.iter().find(covers_it).map(|cover| cover.pairing)).or_default();
            *sum += amount;
            *count += 1;
        }
        let counted: BTreeMap<_, _> = parts.iter().map(|part| (part.pairing, (part.reached.get(), part.households))).collect();
        prop_assert_eq!(counted, expected);
    }

    /// A place in a timeline is read as it was written, and only in its own timeline.
    #[test]
    fn a_place_is_read_as_it_was_written(micros in 0..4_000_000_000_000_000_i64, source in 0..9_u8, step in 0..99_i32) {
        let at = chrono::DateTime::from_timestamp_micros(micros).unwrap();
        let (id, of) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
        let key = Key { at, source, id, step };
        prop_assert_eq!(Key::read(&key.write(of), of), Some(key));
        prop_assert_eq!(Key::read(&key.write(of), id), None);
    }

    /// A code is read however it was typed.
    #[test]
    fn a_code_is_read_however_it_was_typed(low in any::<u128>()) {
        let made = code::of(uuid::Uuid::from_u128(low));
        prop_assert_eq!(made.len(), 8);
        prop_assert_eq!(code::parse(&format!(" {} ", code::grouped(&made).to_lowercase())), Some(made.clone()));
        prop_assert_eq!(code::parse(&made[1..]), None);
    }
}

/// Says again what an order came to: its number is the computation's.
async fn computed(
    t: &TestApp,
    market: &Market,
    order: &Value,
    number: i32,
    paid: i64,
    villages: &[(OrganisationId, i64)],
) {
    let income = IncomeBooked {
        supplier_order: order["id"].as_str().unwrap().parse().unwrap(),
        supplier: market.supplier.id,
        buyer: market.buyer.member.organisation,
        number,
        paid_fen: fen(paid),
        retained_fen: Fen::ZERO,
        business_date: date("2026-03-02"),
        villages: villages
            .iter()
            .map(|(village, accrued)| VillageIncome { village: *village, accrued_fen: fen(*accrued), households: 1 })
            .collect(),
    };
    t.app
        .transact(&Actor::System, async |tx| -> Result<(), PairingError> { pairing::contribute(tx, &income).await })
        .await
        .unwrap();
}

async fn statement(t: &TestApp, by: &Person) -> BTreeMap<String, i64> {
    let wanted = json!({ "kind": "enterprise_statement", "from": "2026-01-01", "until": "2026-12-31" });
    let asked = t.post("/reports").by(by).json(wanted).await.created();
    t.drain().await;
    let done = t.get(&format!("/reports/{}", asked["id"].as_str().unwrap())).by(by).await.ok();
    let lines = done["snapshot"]["table"]["lines"].as_array().unwrap();
    let line = |line: &Value| Some((line["key"].as_str().unwrap().to_owned(), line["values"][1].as_i64()?));
    lines.iter().filter_map(line).collect()
}

both! {
    /// Over a random history of overlapping programmes, instalments, refunds, claims and reviews every figure shown is what
    /// a count of the history itself comes to.
    async fn a_random_history_is_counted_as_it_was_written(t: TestApp) {
        let mut random = fastrand::Rng::with_seed(20_260_302);
        let market = Market::with_enterprise(t).await;
        let (office, buyer) = (&market.county.officer, &market.buyer);
        let enterprise = buyer.member.organisation;
        let villages = [market.county.village, market.neighbour];
        let committee = t.member(Role::VillageOfficer, villages[0]).await;
        // One village by the first programme; both by the second, a younger one; the county by the third.
        let mut pairings = Vec::new();
        for (name, target) in [("一", "village"), ("二", "village_group"), ("三", "county")] {
            let begun = programme(t, &market.operator, name).await;
            let mut wanted = json!({
                "programme_id": begun["id"], "enterprise_id": enterprise, "target": target,
                "starts_on": "2026-02-01", "ends_on": "2027-01-31",
            });
            match target {
                "village" => wanted["village_id"] = json!(villages[0]),
                "village_group" => wanted["village_ids"] = json!(villages),
                _ => {}
            }
            pairings.push(t.post("/pairings").by(office).json(wanted).await.created());
            let rule = json!({
                "programme_id": begun["id"], "kind": "local", "counted": ["purchase", "donation_cash"],
                "rule": "各类分别排名。", "document": "试〔2026〕1号",
            });
            t.post("/programme-rules").by(&market.operator).json(rule).await.created();
        }
        let orders = [market.settled(t, 1, 1).await, market.settled(t, 2, 2).await, market.settled(t, 3, 3).await];
        let first = 1 + entity_runs(t).await;
        // The history: the last computation of each order holds.
        let mut last: BTreeMap<usize, (i64, [i64; 2])> = BTreeMap::new();
        for number in 0..12 {
            let which = random.usize(0..orders.len());
            let accrued = if random.u8(0..4) == 0 { [0, 0] } else { [random.i64(0..5_000), random.i64(1..5_000)] };
            let paid = if accrued == [0, 0] { 0 } else { random.i64(1..50_000) };
            let reached = [(villages[0], accrued[0]), (villages[1], accrued[1])];
            computed(t, &market, &orders[which], first + number, paid, &reached).await;
            if random.bool() {
                computed(t, &market, &orders[which], first + number, paid, &reached).await;
            }
            last.insert(which, (paid, accrued));
        }
        for (which, order) in orders.iter().enumerate().filter(|(which, _)| !last.contains_key(which)).collect::<Vec<_>>() {
            computed(t, &market, order, first + 20, 100, &[(villages[1], 7)]).await;
            last.insert(which, (100, [0, 7]));
        }
        let mut donated = [0_i64; 3];
        let proof = evidence(t, buyer).await;
        for _ in 0..8 {
            let (at, amount, ending) = (random.usize(0..3), random.i64(1..9_000), random.u8(0..4));
            let mut body = claim(&pairings[at], &proof, "donation_cash", amount);
            body["village_id"] = json!(villages[0]);
            if ending == 3 {
                verified(t, (buyer, &committee, office), body).await;
                donated[at] += amount;
                continue;
            }
            let entered = t.post("/aid-claims").by(buyer).json(body).await.created();
            let path = format!("/aid-claims/{}", entered["id"].as_str().unwrap());
            if ending == 1 {
                t.post(&format!("{path}/confirm")).by(&committee).if_match("\"1\"").await.ok();
            } else if ending == 2 {
                t.post(&format!("{path}/reject")).by(office).if_match("\"1\"").json(json!({ "reason": "重复" })).await.ok();
            }
        }

        // Counted from the history alone.
        let paid: i64 = last.values().map(|(paid, _)| paid).sum();
        let accrued = |village: usize| last.values().map(|(_, accrued)| accrued[village]).sum::<i64>();
        let mut amounts = Vec::new();
        for (pairing, reached) in pairings.iter().zip([accrued(0), accrued(1), 0]) {
            let total = contributions(t, office, pairing).await["totals"][0].clone();
            assert_eq!(total["reached_fen"].as_i64().unwrap_or(0), reached, "what accrued in a village counts for its oldest pairing");
            amounts.push(total["amount_fen"].as_i64().unwrap_or(0));
        }
        assert_eq!(amounts.iter().sum::<i64>(), paid, "overlapping programmes count no purchase twice");
        for (pairing, (bought, given)) in pairings.iter().zip(amounts.iter().zip(donated)) {
            for (kind, expected) in [("purchase", *bought), ("donation_cash", given)] {
                let ranking = format!("/pairing-ranking?programme_id={}&kind={kind}", pairing["programme_id"].as_str().unwrap());
                let ranked = t.get(&ranking).by(buyer).await.ok();
                assert_eq!(ranked["items"][0]["verified"]["amount_fen"].as_i64().unwrap_or(0), expected, "{kind}");
                assert_eq!(ranked["rule"]["rule"], "各类分别排名。", "the rule is shown");
            }
        }
        let given: i64 = donated.iter().sum();
        let lines = statement(t, office).await;
        let line = |kind: &str| lines.get(&format!("enterprise.{enterprise}.{kind}")).copied().unwrap_or(0);
        assert_eq!((line("purchase"), line("donation_cash")), (paid, given));
        let made = crate::pairing_certificates::issued(t, office, enterprise).await;
        let of = |kind: &str| {
            let kinds = made["figures"]["kinds"].as_array().unwrap();
            kinds.iter().find(|one| one["kind"] == kind).map_or(0, |one| one["amount_fen"].as_i64().unwrap())
        };
        assert_eq!((of("purchase"), of("donation_cash")), (paid, given));
        let overview = t.get("/pledge-overview").by(buyer).await.ok();
        let kinds = overview["kinds"].as_array().unwrap();
        let kind = |kind: &str| kinds.iter().find(|one| one["kind"] == kind).map_or(0, |one| one["verified"]["amount_fen"].as_i64().unwrap());
        assert_eq!((kind("purchase"), kind("donation_cash")), (paid, given));
    }

    /// What an enterprise brought by its code is its assisted sale and nobody's purchase, once, and is taken back with a
    /// refund.
    async fn what_a_code_brought_is_assisted_and_not_direct(t: TestApp) {
        let mut market = Market::with_enterprise(t).await;
        let office = market.county.officer.clone();
        let helper = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let helper = t.member(Role::EnterpriseOfficer, helper).await;
        let (_, pairing, _) = paired(t, &market, helper.member.organisation).await;
        let (_, own, _) = paired(t, &market, market.buyer.member.organisation).await;
        let made = t.post("/referral-codes").by(&helper).json(json!({ "label": "员工福利商城" })).await.created();
        let public = t.get(&format!("/referrals/{}", made["code"].as_str().unwrap())).await.ok();
        assert_eq!((&public["is_active"], &public["code"]), (&json!(true), &made["code"]));
        t.get("/referrals/0000-0000").await.refused(404, "not_found");
        assert!(made["link"].as_str().unwrap().ends_with(&made["code"].as_str().unwrap().replace('-', "")));

        let mine = t.post("/referral-codes").by(&market.buyer).json(json!({ "label": "自用" })).await.created();
        let order = |code: &Value| json!({
            "deliver_to": "杭州市", "referral_code": code, "lines": [{ "product_id": market.product, "packs": 1 }],
        });
        for code in [&mine["code"], &json!("ZZZZ-ZZZZ"), &json!("不是推荐码")] {
            let body = order(code);
            t.post("/orders").by(&market.buyer).key(&crate::procurement::fresh_key()).json(body).await.refused(422, "referral_unfit");
        }
        market.referral = made["code"].as_str().map(|code| code.replace('-', "").to_lowercase());
        let order = market.settled(t, 6, 6).await;
        let brought = contributions(t, &office, &pairing).await;
        assert_eq!(brought["totals"][0]["kind"], "assisted_sale");
        let amount = brought["totals"][0]["amount_fen"].as_i64().unwrap();
        assert!(amount > 0 && amount < 6 * PACK_FEN, "the part of the village it is paired with");
        assert_eq!(contributions(t, &office, &own).await["totals"], json!([]), "never also a purchase");
        // Nor may anybody claim it by hand.
        let proof = evidence(t, &helper).await;
        let mut sale = claim(&pairing, &proof, "assisted_sale", 6 * PACK_FEN);
        sale["supplier_order_id"] = order["id"].clone();
        t.post("/aid-claims").by(&helper).json(sale).await.refused(409, "aid_order_claimed");

        let lines = statement(t, &office).await;
        assert_eq!(lines, BTreeMap::from([(format!("enterprise.{}.assisted_sale", helper.member.organisation), amount)]));
        let wanted = json!({ "kind": "county_consumption", "from": "2026-01-01", "until": "2026-12-31" });
        let asked = t.post("/reports").by(&office).json(wanted).await.created();
        t.drain().await;
        let report = t.get(&format!("/reports/{}", asked["id"].as_str().unwrap())).by(&office).await.ok();
        let lines = report["snapshot"]["table"]["lines"].as_array().unwrap();
        let line = |key: &str| lines.iter().find(|line| line["key"] == key).map(|line| line["values"][1].clone());
        assert_eq!((line("help.assisted"), line("help.direct")), (Some(json!(6 * PACK_FEN)), None));

        // A refund takes it back, and the purchase does not come instead.
        computed(t, &market, &order, 1 + entity_runs(t).await, 0, &[]).await;
        let after = contributions(t, &office, &pairing).await;
        assert_eq!(after["totals"][0]["amount_fen"], 0);
        assert_eq!(contributions(t, &office, &own).await["totals"], json!([]));

        let end = format!("/referral-codes/{}/end", made["id"].as_str().unwrap());
        t.post(&end).by(&market.buyer).version(&made["version"]).await.refused(404, "not_found");
        let ended = t.post(&end).by(&helper).version(&made["version"]).await.ok();
        t.post(&end).by(&helper).version(&ended["version"]).await.refused(409, "referral_ended");
        let body = json!({
            "deliver_to": "杭州市", "referral_code": made["code"], "lines": [{ "product_id": market.product, "packs": 1 }],
        });
        t.post("/orders").by(&market.buyer).key(&crate::procurement::fresh_key()).json(body).await.refused(422, "referral_unfit");
        assert_eq!(t.get("/referral-codes").by(&helper).await.ok()["items"], json!([ended]));
        // Without a code it is a purchase again.
        market.referral = None;
        market.settled(t, 1, 1).await;
        assert_eq!(contributions(t, &office, &own).await["totals"][0]["kind"], "purchase");
    }

    /// An order that somebody brought who is not paired with whom it reached is its buyer's purchase.
    async fn a_code_of_somebody_who_is_not_paired_changes_nothing(t: TestApp) {
        let mut market = Market::with_enterprise(t).await;
        let (_, own, _) = paired(t, &market, market.buyer.member.organisation).await;
        let stranger = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let stranger = t.member(Role::EnterpriseOfficer, stranger).await;
        let made = t.post("/referral-codes").by(&stranger).json(json!({ "label": "团购" })).await.created();
        market.referral = made["code"].as_str().map(str::to_owned);
        market.settled(t, 2, 2).await;
        assert_eq!(contributions(t, &market.county.officer, &own).await["totals"][0]["kind"], "purchase");
    }
}

/// The highest number of any computation so far.
async fn entity_runs(t: &TestApp) -> i32 {
    use sea_orm::EntityTrait;
    let runs = entity::share_run::Entity::find().all(t.direct()).await.unwrap();
    runs.iter().map(|run| run.number).max().unwrap_or(0)
}
