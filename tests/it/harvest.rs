//! Harvest: a gram is delivered under an agreement, packed once and shipped once.

use crate::agreement::{Supplier, signed, supplier, terms};
use crate::harness::*;
use crate::household::{county, household};
use entity::value::{
    AgreementId, CategoryCode, DeliveryId, Fen, Grams, LotId, OrganisationKind, Packs, PriceId, ProductId,
    ProductState, Role,
};
use entity::{category, delivery, lot, product};
use liannong::access::Actor;
use liannong::db::counting_statements;
use liannong::harvest::{self, HarvestError};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel, PaginatorTrait};
use serde_json::{Value, json};

pub(crate) fn grams(grams: i64) -> Grams {
    Grams::new(grams).unwrap()
}

/// A product of a supplier; what is on the shelf is not what these tests are about.
pub(crate) async fn product(t: &TestApp, supplier: &Supplier) -> ProductId {
    let code = CategoryCode::parse("98").unwrap();
    let category = category::Model {
        code: code.clone(),
        parent_code: None,
        name_zh: "水果".to_owned(),
        name_en: "Fruit".to_owned(),
        level: 1,
    };
    let once = OnConflict::column(category::Column::Code).do_nothing().to_owned();
    let insert = category::Entity::insert(category.into_active_model()).on_conflict(once);
    // It may be there already.
    let _there = insert.exec_without_returning(t.direct()).await;
    let id = ProductId::generate();
    let row = product::Model {
        id,
        supplier_id: supplier.id,
        name: "修文猕猴桃".to_owned(),
        category_code: code,
        origin_county_code: supplier.clerk.member.division.clone(),
        pack_grams: grams(2500),
        description: "红阳".to_owned(),
        min_packs: Packs::new(1).unwrap(),
        on_hand_packs: Packs::new(100).unwrap(),
        reserved_packs: Packs::new(0).unwrap(),
        shelf_life_days: 30,
        unit_price_fen: Fen::new(5800).unwrap(),
        price_id: PriceId::generate(),
        state: ProductState::OnShelf,
        review_opinion: None,
        created_at: start_of_tests(),
        updated_at: start_of_tests(),
        version: 1,
    };
    product::Entity::insert(row.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
    id
}

pub(crate) fn brought(agreement: AgreementId, grams: i64) -> Value {
    json!({
        "agreement_id": agreement, "variety": "红阳猕猴桃", "grams": grams, "price_fen_per_kg": 520,
        "delivered_on": "2026-02-27", "weigh_note": "BD-0227-01",
    })
}

pub(crate) async fn delivered(t: &TestApp, supplier: &Supplier, wanted: Value) -> DeliveryId {
    let key = uuid::Uuid::now_v7().to_string();
    let made = t.post("/deliveries").by(&supplier.clerk).key(&key).json(wanted).await.created();
    made["id"].as_str().unwrap().parse().unwrap()
}

pub(crate) fn packing(product: ProductId, parts: &[(DeliveryId, i64)]) -> Value {
    let parts: Vec<_> = parts.iter().map(|(id, grams)| json!({ "delivery_id": id, "grams": grams })).collect();
    json!({ "product_id": product, "packed_on": "2026-02-28", "deliveries": parts })
}

pub(crate) async fn packed(t: &TestApp, supplier: &Supplier, wanted: Value) -> Value {
    let key = uuid::Uuid::now_v7().to_string();
    t.post("/lots").by(&supplier.clerk).key(&key).json(wanted).await.created()
}

async fn rows(t: &TestApp) -> (u64, u64) {
    let deliveries = delivery::Entity::find().count(t.direct()).await.unwrap();
    (deliveries, lot::Entity::find().count(t.direct()).await.unwrap())
}

both! {
    /// A delivery is recorded once however often it is sent, and worth its weight times its price.
    async fn a_delivery_is_recorded_once(t: TestApp) {
        let own = county(t, "522625").await;
        let other = county(t, "532324").await;
        let supplier = supplier(t, "522625").await;
        let household = household(t, &own, 1).await;
        let agreement = signed(t, &supplier, terms(household, "produce_purchase")).await;
        let wanted = brought(agreement, 123_456);
        t.post("/deliveries").by(&supplier.clerk).json(wanted.clone()).await.refused(400, "idempotency_key_missing");
        let made = t.post("/deliveries").by(&supplier.clerk).key("d1").json(wanted.clone()).await.created();
        // 123.456 kg at 5.20 yuan are 641.9712 yuan.
        assert_eq!((&made["value_fen"], &made["packed_grams"]), (&json!(64_197), &json!(0)));
        assert_eq!(made["household"]["head_name"], "杨**");
        let again = t.post("/deliveries").by(&supplier.clerk).key("d1").json(wanted).await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.created(), made);
        t.post("/deliveries").by(&supplier.clerk).key("d1").json(brought(agreement, 1)).await
            .refused(422, "idempotency_key_reused");
        assert_eq!(rows(t).await.0, 1);
        let items = async |person: &Person, query: &str| {
            t.get(&format!("/deliveries?{query}")).by(person).await.ok()["items"].as_array().unwrap().len()
        };
        assert_eq!(items(&supplier.clerk, &format!("agreement_id={agreement}&unpacked=true")).await, 1);
        assert_eq!(items(&own.officer, &format!("household_id={household}")).await, 1);
        assert_eq!(items(&other.officer, "").await, 0);
    }

    /// What does not fit the agreement is refused, each row at its place, and none of the batch is recorded.
    async fn what_does_not_fit_the_agreement_is_refused(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let household = household(t, &own, 1).await;
        let agreement = signed(t, &supplier, terms(household, "produce_purchase")).await;
        let wages = signed(t, &supplier, terms(household, "wages")).await;
        let rival = self::supplier(t, "522625").await;
        let foreign = signed(t, &rival, terms(household, "produce_purchase")).await;
        let with = |change: &dyn Fn(&mut Value)| {
            let mut wanted = brought(agreement, 1000);
            change(&mut wanted);
            wanted
        };
        let cases = [
            (422, "agreement_unknown", "/agreement_id", with(&|w| w["agreement_id"] = json!(wages))),
            (422, "agreement_unknown", "/agreement_id", with(&|w| w["agreement_id"] = json!(foreign))),
            (422, "agreement_unknown", "/agreement_id", with(&|w| w["agreement_id"] = json!(AgreementId::generate()))),
            (422, "agreement_not_in_force", "/delivered_on", with(&|w| w["delivered_on"] = json!("2025-12-31"))),
            (422, "price_below_agreement", "/price_fen_per_kg", with(&|w| w["price_fen_per_kg"] = json!(479))),
            (400, "invalid_fields", "/delivered_on", with(&|w| w["delivered_on"] = json!("2026-03-03"))),
            (400, "invalid_fields", "/grams", with(&|w| w["grams"] = json!(0))),
            (400, "invalid_fields", "/grams", with(&|w| w["grams"] = json!(-5))),
            (400, "invalid_fields", "/grams", with(&|w| w["grams"] = json!(1.5))),
            (400, "invalid_fields", "/grams", with(&|w| w["grams"] = Value::Null)),
            (400, "invalid_fields", "/variety", with(&|w| w["variety"] = json!(" "))),
            (422, "amount_out_of_range", "/grams", with(&|w| {
                w["grams"] = json!(1_000_000_000_000_i64);
                w["price_fen_per_kg"] = json!(10_000_000);
            })),
        ];
        for (index, (status, code, pointer, wanted)) in cases.into_iter().enumerate() {
            let key = format!("bad-{index}");
            let alone = t.post("/deliveries").by(&supplier.clerk).key(&key).json(wanted.clone()).await;
            assert_eq!(alone.refused(status, code)["errors"][0]["pointer"], pointer);
            let batch = json!({ "deliveries": [brought(agreement, 1000), wanted] });
            let problem = t.post("/deliveries").by(&supplier.clerk).key(&key).json(batch).await.refused(status, code);
            assert_eq!(problem["errors"][0]["pointer"], format!("/deliveries/1{pointer}"), "{problem}");
        }
        let both_forms = with(&|w| w["deliveries"] = json!([]));
        t.post("/deliveries").by(&supplier.clerk).key("x").json(both_forms).await.refused(400, "invalid_fields");
        let none = json!({ "deliveries": [] });
        t.post("/deliveries").by(&supplier.clerk).key("x").json(none).await.refused(400, "invalid_fields");
        assert_eq!(rows(t).await.0, 0);
    }

    /// Five hundred deliveries cost as many statements as two.
    async fn a_batch_costs_no_more_statements(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let mut agreements = Vec::new();
        for number in 1..4 {
            let household = household(t, &own, number).await;
            agreements.push(signed(t, &supplier, terms(household, "produce_purchase")).await);
        }
        let batch = |many: usize| -> Value {
            let deliveries: Vec<_> =
                (1..=many).zip(agreements.iter().cycle()).map(|(n, id)| brought(*id, i64::try_from(n).unwrap())).collect();
            json!({ "deliveries": deliveries })
        };
        let send = async |key: &str, many: usize| {
            let call = t.post("/deliveries").by(&supplier.clerk).key(key).json(batch(many)).into_future();
            let (reply, statements) = counting_statements(call).await;
            (reply.created()["items"].as_array().unwrap().len(), statements)
        };
        let (_, few) = send("two", 2).await;
        assert!(few > 3, "nothing was counted");
        assert_eq!(send("many", 500).await, (500, few));
        t.post("/deliveries").by(&supplier.clerk).key("over").json(batch(501)).await.refused(400, "invalid_fields");
    }

    /// A lot weighs what was put into it, and its origin is seen by those who may.
    async fn a_lot_is_packed_and_traced(t: TestApp) {
        let own = county(t, "522625").await;
        let other = county(t, "532324").await;
        let supplier = supplier(t, "522625").await;
        let product = product(t, &supplier).await;
        let (one, two) = (household(t, &own, 1).await, household(t, &own, 2).await);
        let first = signed(t, &supplier, terms(one, "produce_purchase")).await;
        let second = signed(t, &supplier, terms(two, "produce_purchase")).await;
        let first = delivered(t, &supplier, brought(first, 100_000)).await;
        let second = delivered(t, &supplier, brought(second, 50_000)).await;
        let lot = packed(t, &supplier, packing(product, &[(first, 60_000), (second, 50_000)])).await;
        assert_eq!(lot["total_grams"], 110_000);
        assert!(lot["code"].as_str().unwrap().starts_with("L20260228-"));
        assert_eq!(lot["code"].as_str().unwrap().len(), 16);
        assert_eq!(lot["deliveries"].as_array().unwrap().len(), 2);
        let path = format!("/lots/{}", lot["id"].as_str().unwrap());
        assert_eq!(t.get(&path).by(&own.officer).await.ok(), lot);
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
        let stranger = self::supplier(t, "522625").await;
        t.get(&path).by(&stranger.clerk).await.refused(404, "not_found");
        let buyer = t.organisation(OrganisationKind::Enterprise, "440106").await;
        let buyer = t.member(Role::EnterpriseOfficer, buyer).await;
        t.get(&path).by(&buyer).await.refused(403, "forbidden");
        let listed = t.get(&format!("/lots?product_id={product}&available=true")).by(&supplier.clerk).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);

        let lot: LotId = lot["id"].as_str().unwrap().parse().unwrap();
        let parts = harvest::composition(t.app.reader(), &[lot]).await.unwrap();
        assert_eq!(parts.iter().map(|part| part.grams.get()).sum::<i64>(), 110_000);
        assert!(parts.iter().all(|part| part.lot_total_grams.get() == 110_000 && part.product == product));
        assert_eq!(parts.iter().map(|part| part.household).collect::<Vec<_>>(), [one, two]);
    }

    /// No gram is packed that is not there, is another's, or was packed before.
    async fn no_gram_is_packed_twice(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let rival = self::supplier(t, "522625").await;
        let (mine, theirs) = (product(t, &supplier).await, product(t, &rival).await);
        let household = household(t, &own, 1).await;
        let agreement = signed(t, &supplier, terms(household, "produce_purchase")).await;
        let id = delivered(t, &supplier, brought(agreement, 10_000)).await;
        packed(t, &supplier, packing(mine, &[(id, 6000)])).await;
        let before = rows(t).await;
        let mut early = packing(mine, &[(id, 1)]);
        early["packed_on"] = json!("2026-02-26");
        let mut late = packing(mine, &[(id, 1)]);
        late["packed_on"] = json!("2026-03-03");
        let cases = [
            (409, "delivery_overpacked", "/deliveries/0/grams", packing(mine, &[(id, 4001)])),
            (400, "invalid_fields", "/deliveries/0/grams", packing(mine, &[(id, 0)])),
            (400, "invalid_fields", "/deliveries/1/delivery_id", packing(mine, &[(id, 1), (id, 1)])),
            (400, "invalid_fields", "/deliveries", packing(mine, &[])),
            (422, "delivery_unknown", "/deliveries/1/delivery_id", packing(mine, &[(id, 1), (DeliveryId::generate(), 1)])),
            (422, "lot_product_unknown", "/product_id", packing(theirs, &[(id, 1)])),
            (422, "lot_product_unknown", "/product_id", packing(ProductId::generate(), &[(id, 1)])),
            (400, "invalid_fields", "/packed_on", early),
            (400, "invalid_fields", "/packed_on", late),
        ];
        for (index, (status, code, pointer, wanted)) in cases.into_iter().enumerate() {
            let problem = t.post("/lots").by(&supplier.clerk).key(&format!("k{index}")).json(wanted).await;
            assert_eq!(problem.refused(status, code)["errors"][0]["pointer"], pointer);
        }
        let foreign = t.post("/lots").by(&rival.clerk).key("f").json(packing(theirs, &[(id, 1)])).await;
        foreign.refused(422, "delivery_unknown");
        assert_eq!(rows(t).await, before);
        packed(t, &supplier, packing(mine, &[(id, 4000)])).await;
        let kept = delivery::Entity::find_by_id(id).one(t.direct()).await.unwrap().unwrap();
        assert_eq!(kept.packed_grams, kept.grams);
    }

    /// Several who pack the same delivery at the same moment share it; together they never have more than there is.
    async fn packings_at_once_share_what_there_is(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let product = product(t, &supplier).await;
        let household = household(t, &own, 1).await;
        let agreement = signed(t, &supplier, terms(household, "produce_purchase")).await;
        let (a, b) =
            (delivered(t, &supplier, brought(agreement, 10_000)).await, delivered(t, &supplier, brought(agreement, 10_000)).await);
        let pack = |n: usize| {
            // Named in either order, they are locked in one.
            let parts = if n.is_multiple_of(2) { [(a, 4000), (b, 4000)] } else { [(b, 4000), (a, 4000)] };
            t.post("/lots").by(&supplier.clerk).key(&format!("p{n}")).json(packing(product, &parts)).into_future()
        };
        let replies = futures_util::future::join_all((0..5).map(pack)).await;
        let statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 2, "{statuses:?}");
        assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
        let kept = delivery::Entity::find_by_id(a).one(t.direct()).await.unwrap().unwrap();
        assert_eq!(kept.packed_grams.get(), 8000);
    }

    /// What leaves a lot is counted in one go, and never more than it holds.
    async fn no_gram_leaves_a_lot_twice(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let product = product(t, &supplier).await;
        let household = household(t, &own, 1).await;
        let agreement = signed(t, &supplier, terms(household, "produce_purchase")).await;
        let mut lots = Vec::new();
        for _ in 0..3 {
            let id = delivered(t, &supplier, brought(agreement, 10_000)).await;
            let lot = packed(t, &supplier, packing(product, &[(id, 10_000)])).await;
            lots.push(lot["id"].as_str().unwrap().parse::<LotId>().unwrap());
        }
        let take = async |wanted: Vec<(LotId, Grams)>| {
            counting_statements(t.app.transact(&Actor::System, async |tx| harvest::hold_lots(tx, &wanted).await)).await
        };
        let (one, few) = take(vec![(lots[0], grams(4000))]).await;
        assert_eq!(one.unwrap()[0].shipped_grams.get(), 0);
        let both_lines = vec![(lots[2], grams(1)), (lots[0], grams(3000)), (lots[1], grams(10_000)), (lots[0], grams(3000))];
        let (all, statements) = take(both_lines).await;
        assert_eq!((all.unwrap().len(), statements), (3, few));
        let (over, _) = take(vec![(lots[2], grams(9999)), (lots[0], grams(1))]).await;
        assert_eq!(over.unwrap_err().problem().kind.code, "lot_exhausted");
        let (unknown, _) = take(vec![(lots[2], grams(1)), (LotId::generate(), grams(1))]).await;
        assert_eq!(unknown.unwrap_err().problem().kind.code, "lot_unknown");
        let found = harvest::find_lots(t.app.reader(), &lots).await.unwrap();
        let shipped: Vec<_> = lots.iter().map(|id| found[id].shipped_grams.get()).collect();
        assert_eq!(shipped, [10_000, 10_000, 1]);
        let race = futures_util::future::join_all((0..3).map(|_| take(vec![(lots[2], grams(5000))]))).await;
        assert_eq!(race.iter().filter(|(taken, _)| taken.is_ok()).count(), 1);
        assert!(t.sql("update lot set shipped_grams = total_grams + 1").await.is_err(), "a lot was overdrawn");
    }
}

/// Two lots of a day have codes that are read out without mistakes.
#[test]
fn a_lot_code_is_its_day_and_six_letters() {
    let id = LotId::from_uuid(uuid::Uuid::from_u128(0x1f));
    assert_eq!(harvest::lot::code::of(id, date("2026-03-02")), "L20260302-00000Z");
    let error = HarvestError::CodeTaken;
    assert_eq!(liannong::problem::Describe::problem(&error).kind.status, 503);
}
