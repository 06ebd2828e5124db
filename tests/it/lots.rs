//! Lots that come from lots, their certificates and recalls; deliveries with receipts, corrections and ceilings.

use crate::agreement::{Supplier, signed, supplier, terms};
use crate::harness::*;
use crate::harvest::{brought, delivered, grams, packed, packing, product};
use crate::household::{County, county, household};
use entity::value::{AgreementId, HouseholdId, LotId, OrganisationKind, ProductId, Role};
use liannong::access::Actor;
use liannong::db::counting_statements;
use liannong::harvest::lot::trace_code;
use liannong::harvest::{self, ceiling};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};

struct Farm {
    county: County,
    supplier: Supplier,
    product: ProductId,
    household: HouseholdId,
    agreement: AgreementId,
}

async fn farm(t: &TestApp) -> Farm {
    let county = county(t, "522625").await;
    let supplier = supplier(t, "522625").await;
    let product = product(t, &supplier).await;
    let household = household(t, &county, 1).await;
    let agreement = signed(t, &supplier, terms(household, "produce_purchase")).await;
    Farm { county, supplier, product, household, agreement }
}

impl Farm {
    /// A lot of so many grams.
    async fn lot(&self, t: &TestApp, weight: i64) -> Value {
        let id = delivered(t, &self.supplier, brought(self.agreement, weight)).await;
        packed(t, &self.supplier, packing(self.product, &[(id, weight)])).await
    }

    async fn post(&self, t: &TestApp, path: &str, body: Value) -> Reply {
        t.post(path).by(&self.supplier.clerk).key(&uuid::Uuid::now_v7().to_string()).json(body).await
    }
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

fn split(farm: &Farm, lot: &Value, parts: &[i64]) -> Value {
    let outputs: Vec<_> = parts.iter().map(|grams| json!({ "product_id": farm.product, "grams": grams })).collect();
    json!({ "lot_id": lot["id"], "outputs": outputs, "done_on": "2026-03-01" })
}

async fn operator(t: &TestApp) -> Person {
    let platform = t.organisation(OrganisationKind::PlatformOperator, "110105").await;
    t.member(Role::PlatformOperator, platform).await
}

both! {
    /// Splitting and merging keep the parentage, and every household in it.
    async fn lots_keep_their_parents(t: TestApp) {
        let farm = farm(t).await;
        let whole = farm.lot(t, 100_000).await;
        let step = farm.post(t, "/lots/split", split(&farm, &whole, &[30_000, 20_000])).await.created();
        assert_eq!((&step["kind"], &step["input_grams"], &step["loss_grams"]), (&json!("split"), &json!(50_000), &json!(0)));
        let other = farm.lot(t, 10_000).await;
        let inputs = json!([
            { "lot_id": step["outputs"][0]["id"], "grams": 30_000 }, { "lot_id": other["id"], "grams": 4_000 },
        ]);
        let merged = farm.post(t, "/lots/merge", json!({ "inputs": inputs, "done_on": "2026-03-02" })).await.created();
        let child = &merged["outputs"][0];
        assert_eq!(child["total_grams"], 34_000);
        let shown = t.get(&format!("/lots/{}", id(child))).by(&farm.county.officer).await.ok();
        let parts: Vec<_> = shown["deliveries"].as_array().unwrap().iter().map(|part| &part["grams"]).collect();
        assert_eq!(parts, [&json!(30_000), &json!(4_000)]);
        let left = t.get(&format!("/lots/{}", id(&whole))).by(&farm.supplier.clerk).await.ok();
        assert_eq!((&left["withdrawn_grams"], &left["left_grams"]), (&json!(50_000), &json!(50_000)));
        let family = t.get(&format!("/lots/{}/family", id(child))).by(&farm.supplier.clerk).await.ok();
        let ancestors: Vec<_> = family["ancestors"].as_array().unwrap().iter().map(id).collect();
        assert_eq!(ancestors.len(), 3);
        assert!(ancestors.contains(&id(&whole)) && ancestors.contains(&id(&other)));
        assert_eq!(family["steps"].as_array().unwrap().len(), 2);
        let family = t.get(&format!("/lots/{}/family", id(&whole))).by(&farm.supplier.clerk).await.ok();
        assert_eq!(family["descendants"].as_array().unwrap().len(), 3);
        let stranger = supplier(t, "522625").await;
        t.get(&format!("/lots/{}/family", id(child))).by(&stranger.clerk).await.refused(404, "not_found");
    }

    /// What is not there is not divided, and what is not alike not mixed.
    async fn what_is_not_there_is_not_divided(t: TestApp) {
        let farm = farm(t).await;
        let lot = farm.lot(t, 10_000).await;
        let other_product = product(t, &farm.supplier).await;
        let foreign = supplier(t, "522625").await;
        let foreign_product = product(t, &foreign).await;
        let wrong_product = json!({ "lot_id": lot["id"], "done_on": "2026-03-01",
            "outputs": [{ "product_id": foreign_product, "grams": 1 }] });
        let alone = json!({ "inputs": [{ "lot_id": lot["id"], "grams": 1 }], "done_on": "2026-03-01" });
        let unlike = delivered(t, &farm.supplier, brought(farm.agreement, 5000)).await;
        let unlike = packed(t, &farm.supplier, packing(other_product, &[(unlike, 5000)])).await;
        let mixed = json!({ "done_on": "2026-03-01",
            "inputs": [{ "lot_id": lot["id"], "grams": 1 }, { "lot_id": unlike["id"], "grams": 1 }] });
        let mut early = split(&farm, &lot, &[1]);
        early["done_on"] = json!("2026-02-27");
        let mut gone = split(&farm, &lot, &[1]);
        gone["lot_id"] = json!(LotId::generate());
        for (path, status, code, pointer, body) in [
            ("/lots/split", 409, "lot_exhausted", "/lot_id", split(&farm, &lot, &[6000, 4001])),
            ("/lots/split", 400, "invalid_fields", "/outputs/0/grams", split(&farm, &lot, &[0, 1])),
            ("/lots/split", 400, "invalid_fields", "/done_on", early),
            ("/lots/split", 422, "lot_unknown", "/lot_id", gone),
            ("/lots/split", 422, "lot_product_unknown", "/outputs/0/product_id", wrong_product),
            ("/lots/merge", 400, "invalid_fields", "/inputs", alone),
            ("/lots/merge", 422, "lots_not_alike", "/inputs/1/lot_id", mixed),
        ] {
            let refused = farm.post(t, path, body).await.refused(status, code);
            assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
        }
        let stolen = t.post("/lots/split").by(&foreign.clerk).key("s").json(split(&farm, &lot, &[1])).await;
        stolen.refused(422, "lot_unknown");
    }

    /// Processing yields no more than was declared, and says what became of the rest.
    async fn processing_stays_within_its_declared_yield(t: TestApp) {
        let farm = farm(t).await;
        let declared = json!({ "process": "鲜叶制绿茶", "yield_bp": 2400, "basis": "十批实测" });
        let declared = t.post("/declared-yields").by(&farm.supplier.clerk).json(declared).await.created();
        let fresh = delivered(t, &farm.supplier, brought(farm.agreement, 10_000)).await;
        let made = |output: i64, byproduct: i64, loss: i64| {
            json!({
                "yield_id": declared["id"], "deliveries": [{ "delivery_id": fresh, "grams": 10_000 }],
                "outputs": [{ "product_id": farm.product, "grams": output }], "byproduct": "茶末",
                "byproduct_grams": byproduct, "loss_grams": loss, "done_on": "2026-03-01",
            })
        };
        farm.post(t, "/lots/process", made(2300, 100, 7500)).await.refused(422, "mass_not_conserved");
        farm.post(t, "/lots/process", made(2401, 100, 7499)).await.refused(422, "yield_exceeded");
        let mut unknown = made(2400, 100, 7500);
        unknown["yield_id"] = json!(uuid::Uuid::now_v7());
        farm.post(t, "/lots/process", unknown).await.refused(422, "yield_unknown");
        let step = farm.post(t, "/lots/process", made(2400, 100, 7500)).await.created();
        assert_eq!((&step["byproduct"], &step["output_grams"]), (&json!("茶末"), &json!(2400)));
        farm.post(t, "/lots/process", made(2400, 100, 7500)).await.refused(409, "delivery_overpacked");
        let lot: LotId = id(&step["outputs"][0]).parse().unwrap();
        let parts = harvest::composition(t.app.reader(), &[lot]).await.unwrap();
        assert_eq!((parts.len(), parts[0].grams.get(), parts[0].lot_total_grams.get()), (1, 2400, 2400));
        let listed = t.get("/declared-yields").by(&farm.county.officer).await.ok();
        assert_eq!(listed["items"][0]["yield_bp"], 2400);
    }

    /// Where a category needs a certificate, a lot without one stays; after a split both sides need a new one.
    async fn a_lot_is_shipped_with_a_certificate_that_covers_it(t: TestApp) {
        let farm = farm(t).await;
        let operator = operator(t).await;
        let lot = farm.lot(t, 10_000).await;
        let lot_id: LotId = id(&lot).parse().unwrap();
        let ship = async |lot: LotId| {
            t.app.transact(&Actor::System, async |tx| harvest::hold_lots(tx, &[(lot, grams(100))]).await).await
        };
        ship(lot_id).await.unwrap();
        let rule = json!({ "category_code": "98", "from_date": "2026-02-01", "is_required": true });
        t.post("/certificate-rules").by(&operator).json(rule).await.created();
        assert_eq!(ship(lot_id).await.unwrap_err().problem().kind.code, "lot_not_certified");
        let path = format!("/lots/{lot_id}");
        let shown = t.get(&path).by(&farm.supplier.clerk).await.ok();
        assert_eq!((&shown["certificate"], &shown["certificate_required"]), (&json!("missing"), &json!(true)));
        let issue = |number: &str, basis: &str| json!({ "number": number, "issued_on": "2026-03-01", "basis": basis });
        let certificates = format!("{path}/certificates");
        let refused = t.post(&certificates).by(&farm.supplier.clerk).json(issue("H1", "own_test")).await;
        assert_eq!(refused.refused(400, "invalid_fields")["errors"][0]["pointer"], "/report_file_id");
        let issued = t.post(&certificates).by(&farm.supplier.clerk).json(issue("H1", "own_promise")).await.created();
        assert_eq!((&issued["certificate"], &issued["certificates"][0]["covers_grams"]), (&json!("valid"), &json!(10_000)));
        t.post(&certificates).by(&farm.supplier.clerk).json(issue("H1", "own_promise")).await
            .refused(409, "certificate_exists");
        ship(lot_id).await.unwrap();
        let step = farm.post(t, "/lots/split", split(&farm, &lot, &[3000])).await.created();
        assert_eq!(t.get(&path).by(&farm.supplier.clerk).await.ok()["certificate"], "reissue_needed");
        let child: LotId = id(&step["outputs"][0]).parse().unwrap();
        for lot in [lot_id, child] {
            assert_eq!(ship(lot).await.unwrap_err().problem().kind.code, "lot_not_certified");
            let path = format!("/lots/{lot}/certificates");
            t.post(&path).by(&farm.supplier.clerk).json(issue("H2", "internal_control")).await.created();
            ship(lot).await.unwrap();
        }
        let shown = t.get(&path).by(&farm.supplier.clerk).await.ok();
        let second = id(&shown["certificates"][1]);
        let revoke = json!({ "reason": "抽检不合格" });
        let revoked = t.post(&format!("{certificates}/{second}/revoke")).by(&farm.supplier.clerk).json(revoke).await.ok();
        assert_eq!(revoked["certificate"], "reissue_needed");
        ship(lot_id).await.unwrap_err();
        let ended = json!({ "category_code": "98", "from_date": "2026-02-20", "is_required": false });
        t.post("/certificate-rules").by(&operator).json(ended).await.created();
        ship(lot_id).await.unwrap();
        assert_eq!(t.get("/certificate-rules").await.ok()["items"].as_array().unwrap().len(), 2);
    }

    /// A recall reaches everything that was made of the lot, and nothing of it leaves any more.
    async fn a_recall_reaches_what_was_made_of_it(t: TestApp) {
        let farm = farm(t).await;
        let lot = farm.lot(t, 10_000).await;
        let bystander = farm.lot(t, 1000).await;
        let step = farm.post(t, "/lots/split", split(&farm, &lot, &[4000])).await.created();
        let child = &step["outputs"][0];
        let grandchild = farm.post(t, "/lots/split", split(&farm, child, &[1000])).await.created()["outputs"][0].clone();
        let path = format!("/lots/{}/recall", id(&lot));
        let why = json!({ "reason": "抽检农药残留超标" });
        let stranger = supplier(t, "522625").await;
        t.post(&path).by(&stranger.clerk).json(why.clone()).await.refused(404, "not_found");
        let recall = t.post(&path).by(&farm.supplier.clerk).json(why).await.created();
        let reached: Vec<_> = recall["lots"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        assert_eq!(reached, [id(&lot), id(child), id(&grandchild)]);
        for lot in [&lot, child, &grandchild] {
            let shown = t.get(&format!("/lots/{}", id(lot))).by(&farm.county.officer).await.ok();
            assert!(shown["recalled_at"].is_string());
            farm.post(t, "/lots/split", split(&farm, lot, &[1])).await.refused(409, "lot_recalled");
            let held = [(id(lot).parse::<LotId>().unwrap(), grams(1))];
            let shipped = t.app.transact(&Actor::System, async |tx| harvest::hold_lots(tx, &held).await).await;
            assert_eq!(shipped.unwrap_err().problem().kind.code, "lot_recalled");
        }
        assert!(t.get(&format!("/lots/{}", id(&bystander))).by(&farm.supplier.clerk).await.ok()["recalled_at"].is_null());
        let available = t.get("/lots?available=true").by(&farm.supplier.clerk).await.ok();
        assert_eq!(available["items"].as_array().unwrap().len(), 1);
    }

    /// A wrong delivery is taken back by a document of its own and another stands in its place.
    async fn a_delivery_is_corrected_never_edited(t: TestApp) {
        let farm = farm(t).await;
        let mut new = brought(farm.agreement, 12_000);
        new["grade"] = json!("一级");
        let first = farm.post(t, "/deliveries", new.clone()).await.created();
        assert!(first["receipt_number"].as_str().unwrap().starts_with("S20260227-"));
        let path = format!("/deliveries/{}", id(&first));
        let page = t.get(&format!("{path}/receipt")).by(&farm.supplier.clerk).await;
        let text = String::from_utf8(page.body.clone()).unwrap();
        assert_eq!(page.status, 200);
        for said in ["12 公斤", "5.20", "62.40 元", "杨**", "一级", first["receipt_number"].as_str().unwrap()] {
            assert!(text.contains(said), "{said} is missing: {text}");
        }
        let mut right = new.clone();
        right["grams"] = json!(10_200);
        let correction = json!({ "reason": "过磅单抄录错误", "replacement": right });
        let send = |key: &str, version: &Value| {
            t.post(&format!("{path}/corrections")).by(&farm.supplier.clerk).key(key).version(version).json(correction.clone())
        };
        send("c0", &json!(9)).await.refused(412, "stale_version");
        let done = send("c1", &first["version"]).await.created();
        assert!(done["reversed"]["reversed_at"].is_string());
        assert_eq!((&done["reversed"]["grams"], &done["replacement"]["grams"]), (&json!(12_000), &json!(10_200)));
        send("c2", &done["reversed"]["version"]).await.refused(409, "delivery_reversed");
        let reversed = id(&first).parse().unwrap();
        farm.post(t, "/lots", packing(farm.product, &[(reversed, 1)])).await.refused(409, "delivery_reversed");
        let standing = id(&done["replacement"]).parse().unwrap();
        packed(t, &farm.supplier, packing(farm.product, &[(standing, 10_200)])).await;
        let path = format!("/deliveries/{standing}");
        let now = t.get(&path).by(&farm.county.officer).await.ok();
        let late = t.post(&format!("{path}/corrections")).by(&farm.supplier.clerk).key("late").version(&now["version"]);
        late.json(json!({ "reason": "x" })).await.refused(409, "delivery_packed");
        let page = t.get(&format!("/deliveries/{reversed}/receipt")).by(&farm.supplier.clerk).await;
        assert!(String::from_utf8(page.body).unwrap().contains("更正作废"));
    }

    /// More than the registered land can yield is flagged, stays out of lots, and is decided by the county.
    async fn more_than_the_land_can_yield_is_flagged(t: TestApp) {
        let farm = farm(t).await;
        let operator = operator(t).await;
        let office = t.organisation(OrganisationKind::AgricultureOffice, "522625").await;
        let agriculture = t.member(Role::AgricultureOfficer, office).await;
        let ceiling = |division: Value, grams: i64| {
            json!({ "category_code": "98", "division_code": division, "land_kind": "orchard",
                "grams_per_square_metre": grams, "from_date": "2026-01-01", "source": "县统计年鉴" })
        };
        t.post("/yield-ceilings").by(&operator).json(ceiling(Value::Null, 5000)).await.created();
        let foreign = t.post("/yield-ceilings").by(&agriculture).json(ceiling(json!("532324"), 1)).await;
        assert_eq!(foreign.refused(400, "invalid_fields")["errors"][0]["pointer"], "/division_code");
        t.post("/yield-ceilings").by(&agriculture).json(ceiling(json!("522625"), 3000)).await.created();
        assert_eq!(t.get("/yield-ceilings").await.ok()["items"].as_array().unwrap().len(), 2);
        let land = json!({ "kind": "orchard", "square_metres": 10, "from_date": "2020-01-01", "source": "确权登记" });
        t.post(&format!("/households/{}/land", farm.household)).by(&farm.county.officer).json(land).await.created();
        let record = t.get(&format!("/households/{}/land", farm.household)).by(&farm.county.officer).await.ok();
        assert_eq!(record["items"][0]["square_metres"], 10);

        let refused = farm.post(t, "/deliveries", brought(farm.agreement, 1000)).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/category_code");
        let of = |weight: i64| {
            let mut new = brought(farm.agreement, weight);
            new["category_code"] = json!("98");
            new
        };
        // Ten square metres bear thirty kilograms a year.
        let within = farm.post(t, "/deliveries", of(20_000)).await.created();
        assert!(within["flag"].is_null());
        let exact = farm.post(t, "/deliveries", of(10_000)).await.created();
        assert!(exact["flag"].is_null());
        let over = farm.post(t, "/deliveries", of(1)).await.created();
        let flag = json!({ "state": "open", "ceiling_id": over["flag"]["ceiling_id"], "square_metres": 10,
            "ceiling_grams": 30_000, "delivered_grams": 30_001, "opinion": null, "decided_at": null });
        assert_eq!(over["flag"], flag);
        let delivery = id(&over).parse().unwrap();
        farm.post(t, "/lots", packing(farm.product, &[(delivery, 1)])).await.refused(409, "delivery_flagged");
        let waiting = t.get("/deliveries?flag=open").by(&farm.county.officer).await.ok();
        assert_eq!(waiting["items"].as_array().unwrap().len(), 1);
        let elsewhere = county(t, "532324").await;
        let path = format!("/deliveries/{delivery}/flag-decision");
        let accept = json!({ "decision": "accept", "opinion": "入户核实：代种亲属果园。" });
        t.post(&path).by(&elsewhere.officer).version(&over["version"]).json(accept.clone()).await.refused(404, "not_found");
        let office = farm.county.officer.member.organisation;
        let both = t.also(&farm.supplier.clerk, Role::RevitalisationOfficer, office).await;
        t.post(&path).by(&both).version(&over["version"]).json(accept.clone()).await.refused(403, "four_eyes");
        let decided = t.post(&path).by(&farm.county.officer).version(&over["version"]).json(accept.clone()).await.ok();
        assert_eq!(decided["flag"]["state"], "accepted");
        t.post(&path).by(&farm.county.officer).version(&decided["version"]).json(accept).await.refused(409, "flag_not_open");
        packed(t, &farm.supplier, packing(farm.product, &[(delivery, 1)])).await;

        // What another cooperative takes of the same household counts too; what is refused no longer does.
        let rival = supplier(t, "522625").await;
        let agreement = signed(t, &rival, terms(farm.household, "produce_purchase")).await;
        let mut elsewhere = of(5000);
        elsewhere["agreement_id"] = json!(agreement);
        let more = t.post("/deliveries").by(&rival.clerk).key("r").json(elsewhere).await.created();
        assert_eq!(more["flag"]["delivered_grams"], 35_001);
        let reject = json!({ "decision": "reject", "opinion": "外购充数。" });
        let path = format!("/deliveries/{}/flag-decision", id(&more));
        t.post(&path).by(&farm.county.officer).version(&more["version"]).json(reject).await.ok();
        let after = farm.post(t, "/deliveries", of(1)).await.created();
        assert_eq!(after["flag"]["delivered_grams"], 30_002);
    }

    /// With ceilings, too, many deliveries cost as many statements as two.
    async fn judging_by_ceilings_costs_no_more_for_more(t: TestApp) {
        let farm = farm(t).await;
        let operator = operator(t).await;
        let ceiling = json!({ "category_code": "98", "land_kind": "orchard", "grams_per_square_metre": 1,
            "from_date": "2026-01-01", "source": "县统计年鉴" });
        t.post("/yield-ceilings").by(&operator).json(ceiling).await.created();
        let send = async |many: usize| {
            let mut one = brought(farm.agreement, 1);
            one["category_code"] = json!("98");
            let body = json!({ "deliveries": vec![one; many] });
            let key = uuid::Uuid::now_v7().to_string();
            let call = t.post("/deliveries").by(&farm.supplier.clerk).key(&key).json(body).into_future();
            let (reply, statements) = counting_statements(call).await;
            assert!(reply.created()["items"].as_array().unwrap().iter().all(|item| item["flag"]["state"] == "open"));
            statements
        };
        let few = send(2).await;
        assert_eq!(send(300).await, few);
    }
}

fn row(category: &str, division: Option<&str>, grams: i64, from: &str) -> entity::yield_ceiling::Model {
    entity::yield_ceiling::Model {
        id: entity::value::YieldCeilingId::generate(),
        category_code: category.parse().unwrap(),
        division_code: division.map(|code| code.parse().unwrap()),
        land_kind: entity::value::LandKind::Cropland,
        grams_per_square_metre: grams,
        from_date: date(from),
        source: "年鉴".to_owned(),
        entered_by: entity::value::PersonId::generate(),
        created_at: start_of_tests(),
    }
}

/// The nearest category wins, then the nearest region, then the newest; what begins later does not hold yet.
#[test]
fn the_nearest_ceiling_applies() {
    let all = [
        row("01", None, 1, "2020-01-01"),
        row("0101", None, 2, "2020-01-01"),
        row("0101", Some("520000"), 3, "2020-01-01"),
        row("0101", Some("522600"), 4, "2020-01-01"),
        row("0101", Some("522625"), 5, "2020-01-01"),
        row("0101", Some("522625"), 6, "2024-01-01"),
        row("0101", Some("522625"), 7, "2027-01-01"),
    ];
    let at = |category: &str, county: &str, on: &str| {
        let (category, county) = (category.parse().unwrap(), county.parse().unwrap());
        ceiling::applying(&all, &category, &county, date(on)).map(|row| row.grams_per_square_metre)
    };
    assert_eq!(at("010101", "522625", "2026-03-02"), Some(6));
    assert_eq!(at("010101", "522625", "2023-03-02"), Some(5));
    assert_eq!(at("0101", "522634", "2026-03-02"), Some(4));
    assert_eq!(at("0101", "520623", "2026-03-02"), Some(3));
    assert_eq!(at("0101", "110105", "2026-03-02"), Some(2));
    assert_eq!(at("0102", "522625", "2026-03-02"), Some(1));
    assert_eq!(at("02", "522625", "2026-03-02"), None);
    assert_eq!(ceiling::judge(10, 3000, 30_000), None);
    assert_eq!(ceiling::judge(10, 3000, 30_001), Some(30_000));
}

proptest! {
    /// A slip in one letter is never another lot's code; the code is read however it is written.
    #[test]
    fn a_slip_in_a_trace_code_is_found(place in 0_usize..17, other in any::<u8>()) {
        let code = trace_code::generate().unwrap();
        prop_assert_eq!(trace_code::parse(&code), Some(code.clone()));
        prop_assert_eq!(trace_code::parse(&trace_code::grouped(&code).to_lowercase()), Some(code.clone()));
        let letter = char::from(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[usize::from(other & 31)]);
        let mut slip: Vec<char> = code.chars().collect();
        if slip[place] != letter {
            slip[place] = letter;
            prop_assert!(trace_code::parse(&slip.into_iter().collect::<String>()).is_none());
        }
    }
}
