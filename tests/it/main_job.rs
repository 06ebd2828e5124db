//! The main job, from a harvest to the income statement of the household that grew it, through the interface alone.

use crate::harness::*;
use entity::value::role::Role;
use entity::value::state::OrganisationKind as Kind;
use entity::value::{Clock, business_date};
use liannong::verify;
use serde_json::{Value, json};

/// 雷山县, one of the 832.
const COUNTY: &str = "522634";
/// 石阡县, another.
const OTHER_COUNTY: &str = "520623";

/// A supplier with everything it needs to sell.
pub struct Supplier {
    clerk: Person,
    agriculture: Person,
    revitalisation: Person,
    village: entity::value::OrganisationId,
}

async fn upload(t: &TestApp, by: &Person, name: &str) -> Value {
    let pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".to_vec();
    t.post(&format!("/files?name={name}.pdf")).by(by).bytes("application/pdf", pdf).await.created()["id"].clone()
}

/// 1. A cooperative applies, the county recommends twice, the platform approves.
async fn admitted(t: &TestApp, operator: &Person, county: &str) -> Supplier {
    let agriculture = t.organisation(Kind::AgricultureOffice, county).await;
    let agriculture = t.member(Role::AgricultureOfficer, agriculture).await;
    let revitalisation = t.organisation(Kind::RevitalisationOffice, county).await;
    let revitalisation = t.member(Role::RevitalisationOfficer, revitalisation).await;
    let village = t.organisation(Kind::VillageCommittee, county).await;
    let cooperative = t.organisation(Kind::Cooperative, county).await;
    let clerk = t.member(Role::CooperativeClerk, cooperative).await;

    let licence = upload(t, &clerk, "licence").await;
    let case = json!({ "county_code": county, "mechanism": "保底收购，务工优先，按股分红。" });
    let case = t.post("/admissions").by(&clerk).json(case).await.created();
    let path = format!("/admissions/{}", case["id"].as_str().unwrap());
    let mut version = case["version"].clone();
    for kind in ["business_licence", "legal_representative", "benefit_mechanism"] {
        let document = json!({ "file_id": licence });
        let put = t.put(&format!("{path}/documents/{kind}")).by(&clerk).version(&version).json(document).await.ok();
        version = put["version"].clone();
    }
    version = t.post(&format!("{path}/submit")).by(&clerk).version(&version).await.ok()["version"].clone();
    for (by, office, decision) in [
        (&agriculture, "agriculture", "recommend"),
        (&revitalisation, "revitalisation", "recommend"),
        (operator, "platform", "approve"),
    ] {
        let decided = json!({ "decision": decision, "opinion": "属实，同意。" });
        let decided = t.post(&format!("{path}/{office}-decision")).by(by).version(&version).json(decided).await.ok();
        version = decided["version"].clone();
    }
    assert_eq!(t.get(&path).by(&clerk).await.ok()["state"], "active");
    Supplier { clerk, agriculture, revitalisation, village }
}

/// 2. It lists a product, and the platform puts it on the shelf.
async fn listed(t: &TestApp, supplier: &Supplier, operator: &Person, name: &str, county: &str, fen: i64) -> Value {
    let product = json!({
        "name": name, "category_code": "0101", "origin_county_code": county, "pack_grams": 5000,
        "unit_price_fen": fen, "min_packs": 1, "on_hand_packs": 100, "shelf_life_days": 365,
        "description": "当年新米。",
        "certificates": [{ "scheme": "green_food", "issuer": "中国绿色食品发展中心", "number": format!("LB-{name}"),
            "valid_from": "2025-01-01", "valid_to": "2027-12-31" }],
    });
    let product = t.post("/products").by(&supplier.clerk).key(&format!("product-{fen}")).json(product).await.created();
    let path = format!("/products/{}", product["id"].as_str().unwrap());
    let submitted = t.post(&format!("{path}/submit")).by(&supplier.clerk).version(&product["version"]).await.ok();
    let review = json!({ "decision": "approve", "opinion": "价格凭证齐全。" });
    let review = t.post(&format!("{path}/review")).by(operator).version(&submitted["version"]).json(review).await.ok();
    assert_eq!(review["state"], "on_shelf");
    review
}

/// 3. The county registers a household, and the cooperative signs agreements with it.
async fn household(t: &TestApp, supplier: &Supplier, serial: u32, agreements: &[Value]) -> (String, Vec<Value>) {
    let household = json!({
        "number": format!("{COUNTY}{serial:09}"), "village_id": supplier.village, "registered_on": "2019-06-01",
        "status": { "status": "registered", "from_date": "2019-06-01", "source": "建档立卡" },
        "members": [
            { "name": "杨秀英", "relation": "head", "id_number": resident_id(serial * 2), "phone": "13812345678",
              "bank_account": "6222020100012345672" },
            { "name": "杨小明", "relation": "child", "id_number": resident_id(serial * 2 + 1) },
        ],
    });
    let household = t.post("/households").by(&supplier.revitalisation).json(household).await.created();
    let id = household["id"].as_str().unwrap().to_owned();
    let mut signed = Vec::new();
    for agreement in agreements {
        let mut body = json!({
            "household_id": id, "signed_on": "2026-01-05", "starts_on": "2026-01-05", "ends_on": "2028-12-31",
        });
        body.as_object_mut().unwrap().extend(agreement.as_object().unwrap().clone());
        signed.push(t.post("/agreements").by(&supplier.clerk).json(body).await.created());
    }
    (id, signed)
}

/// The county assigns a household to a helper cadre, who sees it and its income.
async fn helped(t: &TestApp, supplier: &Supplier, household: &str) {
    let unit = t.organisation(Kind::BudgetUnit, COUNTY).await;
    let cadre = t.member(Role::HelperCadre, unit).await;
    let assignment = json!({
        "household_id": household, "username": t.username(&cadre).await, "from_date": "2026-01-01",
        "position": "established_cadre",
    });
    t.post("/helper-assignments").by(&supplier.revitalisation).json(assignment).await.created();
    assert_eq!(t.get(&format!("/households/{household}")).by(&cadre).await.ok()["id"], household);
}

/// The cooperative has an administrator, who invites a colleague.
async fn administered(t: &TestApp, supplier: &Supplier) {
    let administrator = t.member(Role::Administrator, supplier.clerk.member.organisation).await;
    let wanted = json!({ "email": "long@hezuoshe.example", "display_name": "龙胜", "role": "cooperative_clerk" });
    let invited = t.post("/invitations").by(&administrator).json(wanted).await.created();
    assert_eq!(invited["state"], "open");
    let key = json!({ "name": "仓储系统", "scopes": ["order.view", "self.view"], "days": 90 });
    t.post("/api-keys").by(&administrator).json(key).await.created();
}

/// The plan by which a supplier's income is shared.
async fn planned(t: &TestApp, supplier: &Supplier) {
    let plan = json!({ "produce_bp": 6000, "wages_bp": 1500, "dividend_bp": 1000, "rent_bp": 500 });
    let plan = t.post("/plans").by(&supplier.clerk).json(plan).await.created();
    let path = format!("/plans/{}/approve", plan["id"].as_str().unwrap());
    t.post(&path).by(&supplier.revitalisation).version(&plan["version"]).await.ok();
}

/// 4. Households bring in their harvest, which is packed into a lot.
async fn packed(t: &TestApp, supplier: &Supplier, product: &Value, brought: &[(&Value, i64, i64)]) -> Value {
    let name = product["name"].as_str().unwrap();
    let deliveries: Vec<_> = brought
        .iter()
        .map(|(agreement, grams, price)| {
            json!({ "agreement_id": agreement["id"], "variety": name, "grams": grams,
                "price_fen_per_kg": price, "delivered_on": "2026-02-20", "weigh_note": "BD-1" })
        })
        .collect();
    let id = product["id"].as_str().unwrap();
    let key = format!("harvest-{id}");
    let body = json!({ "deliveries": deliveries });
    let deliveries = t.post("/deliveries").by(&supplier.clerk).key(&key).json(body).await.created();
    let parts: Vec<_> = deliveries["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|delivery| json!({ "delivery_id": delivery["id"], "grams": delivery["grams"] }))
        .collect();
    let lot = json!({ "product_id": product["id"], "packed_on": "2026-02-25", "deliveries": parts });
    t.post("/lots").by(&supplier.clerk).key(&format!("lot-{id}")).json(lot).await.created()
}

/// The supplier order of an order that this clerk serves.
async fn order_of(t: &TestApp, clerk: &Person) -> Value {
    let mine = t.get("/supplier-orders").by(clerk).await.ok();
    let id = mine["items"][0]["id"].as_str().unwrap().to_owned();
    t.get(&format!("/supplier-orders/{id}")).by(clerk).await.ok()
}

fn path_of(order: &Value) -> String {
    format!("/supplier-orders/{}", order["id"].as_str().unwrap())
}

/// 6a. The supplier confirms and ships, naming the lot; the unit accepts so many packs; the invoice is recorded.
async fn delivered(t: &TestApp, clerk: &Person, buyer: &Person, lot: &Value, accepted: i64) -> Value {
    let order = order_of(t, clerk).await;
    let path = path_of(&order);
    let confirmed = t.post(&format!("{path}/confirm")).by(clerk).version(&order["version"]).await.ok();
    let line = &confirmed["lines"][0];
    let ship = json!({
        "carrier": "顺丰", "tracking_number": "SF1",
        "lots": [{ "line_id": line["id"], "lot_id": lot["id"], "packs": line["packs"] }],
    });
    let shipped = t.post(&format!("{path}/ship")).by(clerk).key(&format!("ship{path}")).version(&confirmed["version"]);
    let shipped = shipped.json(ship).await.ok();
    t.clock.advance(chrono::Duration::days(4));
    let mut accept = json!({ "lines": [{ "line_id": line["id"], "accepted_packs": accepted }] });
    if line["packs"] != accepted {
        accept["lines"][0]["refusal_reason"] = "受潮".into();
    }
    let goods = t.post(&format!("{path}/accept")).by(buyer).key(&format!("accept{path}")).version(&shipped["version"]);
    let goods = goods.json(accept).await.ok();
    t.drain().await;
    let organisation = t.get(&format!("/organisations/{}", clerk.member.organisation)).by(clerk).await.ok();
    let invoice = json!({
        "number": format!("2652{:0>16}", order["transfer_code"].as_str().unwrap()), "amount_fen": goods["accepted_fen"],
        "issued_on": business_date(t.clock.now()), "seller_credit_code": organisation["credit_code"],
    });
    let recorded =
        t.post(&format!("{path}/invoice")).by(clerk).key(&format!("invoice{path}")).version(&goods["version"]);
    let recorded = recorded.json(invoice).await;
    assert!(recorded.status < 300, "{}", String::from_utf8_lossy(&recorded.body));
    t.get(&path).by(buyer).await.ok()
}

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no amount"))
}

/// The whole world of the scenario, with what it came to.
pub struct Story {
    rice: Supplier,
    grower: String,
    auditor: Person,
}

/// Runs the main job from the first application to the payout.
pub async fn the_main_job(t: &TestApp) -> Story {
    let platform = t.organisation(Kind::PlatformOperator, "110105").await;
    let operator = t.member(Role::PlatformOperator, platform).await;
    let audit = t.organisation(Kind::AuditOffice, "110105").await;
    let auditor = t.member(Role::Auditor, audit).await;
    let rice = admitted(t, &operator, COUNTY).await;
    let tea = admitted(t, &operator, OTHER_COUNTY).await;
    assert_eq!(rice.agriculture.member.division.as_str(), COUNTY);
    let rice_product = listed(t, &rice, &operator, "雷山香米", COUNTY, 6_050).await;
    let tea_product = listed(t, &tea, &operator, "石阡苔茶米", OTHER_COUNTY, 12_000).await;
    crate::bulk::first_sheet(t, &rice.clerk).await;
    t.drain().await;
    let found = t.get("/products?q=香米&county=522634&category=01&price_to_fen=7000").await.ok();
    assert_eq!(found["items"][0]["id"], rice_product["id"]);
    assert_eq!(found["items"].as_array().unwrap().len(), 1);

    planned(t, &rice).await;
    planned(t, &tea).await;
    let produce = json!({ "mode": "produce_purchase", "price_fen_per_kg": 480 });
    let wages = json!({ "mode": "wages", "weight": 90 });
    let dividend = json!({ "mode": "dividend", "weight": 7 });
    let rent = json!({ "mode": "land_rent", "weight": 2000 });
    let (grower, of_grower) = household(t, &rice, 1, &[produce.clone(), wages.clone(), rent]).await;
    let (_, of_neighbour) = household(t, &rice, 2, &[produce.clone(), dividend]).await;
    let (_, of_tea) = household(t, &tea, 3, &[produce, wages]).await;
    // Beside the income: help that carries none, and the month in which work would be recorded.
    let help = json!({
        "household_number": format!("{COUNTY}{:09}", 1), "kind": "training", "given_on": "2026-02-10",
        "content": "香米种植技术培训半天", "people": 1,
    });
    t.post("/help-records").by(&rice.clerk).json(help).await.created();
    let march = json!({ "kind": "month", "starts_on": "2026-03-01" });
    t.post("/periods").by(&rice.clerk).json(march).await.created();
    helped(t, &rice, &grower).await;
    administered(t, &rice).await;
    let brought = [(&of_grower[0], 400_000, 500), (&of_neighbour[0], 200_000, 480)];
    let rice_lot = packed(t, &rice, &rice_product, &brought).await;
    let tea_lot = packed(t, &tea, &tea_product, &[(&of_tea[0], 300_000, 600)]).await;

    // The finance department gives the unit its budget.
    let treasury = t.organisation(Kind::FinanceDepartment, "110105").await;
    let finance = t.member(Role::FinanceOfficer, treasury).await;
    let school = t.organisation_below(Kind::BudgetUnit, "110105", Some(treasury)).await;
    let officer = t.member(Role::ProcurementOfficer, school).await;
    let budget = json!({ "unit_id": school, "year": 2026, "fund_source": "食堂采购", "amount_fen": 1_000_000 });
    let budget = t.post("/budgets").by(&finance).key("budget").json(budget).await.created();

    // 5. One order over products of two cooperatives, sent twice.
    let order = json!({
        "budget_id": budget["id"], "deliver_to": "北京市朝阳区学校路 1 号",
        "lines": [
            { "product_id": rice_product["id"], "packs": 20 },
            { "product_id": tea_product["id"], "packs": 10 },
        ],
    });
    let first = t.post("/orders").by(&officer).key("order-1").json(order.clone()).await;
    assert_eq!(first.header("idempotent-replayed"), None);
    let again = t.post("/orders").by(&officer).key("order-1").json(order.clone()).await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(first.body, again.body);
    let placed = first.created();
    assert_eq!(placed["supplier_orders"].as_array().unwrap().len(), 2);
    assert_eq!(placed["total_fen"], 20 * 6_050 + 10 * 12_000);
    assert_eq!(t.get("/orders").by(&officer).await.ok()["items"].as_array().unwrap().len(), 1);
    let mut other = order;
    other["lines"][0]["packs"] = 21.into();
    t.post("/orders").by(&officer).key("order-1").json(other).await.refused(422, "idempotency_key_reused");
    let held = t.get(&format!("/budgets/{}", budget["id"].as_str().unwrap())).by(&officer).await.ok();
    assert_eq!(held["encumbered_fen"], 241_000);
    assert_eq!(held["available_fen"], 1_000_000 - 241_000);

    // 6. Delivered, one pack of rice short; invoiced; paid by two bank transfers.
    let rice_order = delivered(t, &rice.clerk, &officer, &rice_lot, 19).await;
    let tea_order = delivered(t, &tea.clerk, &officer, &tea_lot, 10).await;
    let yuan = |order: &Value| entity::value::Fen::new(fen(&order["accepted_fen"])).unwrap();
    let payer = rice_order["buyer_name"].as_str().unwrap();
    let statement = format!(
        "交易日期,对方户名,对方账号,金额,附言,流水号\n\
         2026-03-10,{payer},,{},{} 货款,B1\n2026-03-10,{payer},,{},货款{},B2\n2026-03-10,无关单位,,5.00,捐赠,B3\n",
        yuan(&rice_order),
        rice_order["transfer_code"].as_str().unwrap(),
        yuan(&tea_order),
        tea_order["transfer_code"].as_str().unwrap(),
    );
    t.clock.advance(chrono::Duration::days(2));
    let import = t.post("/bank-statements?name=march.csv").by(&operator).key("march");
    let imported = import.bytes("text/csv", statement.into_bytes()).await.created();
    assert_eq!((&imported["rows_total"], &imported["rows_matched"]), (&json!(3), &json!(2)));
    t.drain().await;
    let paid = t.get(&path_of(&rice_order)).by(&officer).await.ok();
    assert_eq!(paid["state"], "paid");
    let stars = json!({ "quality": 5, "delivery": 4, "service": 5, "comment": "米很香" });
    let rated = t.post(&format!("{}/rate", path_of(&paid))).by(&officer).version(&paid["version"]).json(stars).await;
    assert_eq!(rated.ok()["state"], "completed");

    // The pack that was refused went back to the budget.
    let spent = t.get(&format!("/budgets/{}", budget["id"].as_str().unwrap())).by(&officer).await.ok();
    assert_eq!(spent["spent_fen"], 19 * 6_050 + 10 * 12_000);
    assert_eq!(spent["encumbered_fen"], 0);
    assert_eq!(spent["available_fen"], 1_000_000 - (19 * 6_050 + 10 * 12_000));

    shared_to_the_fen(t, &rice, &rice_order).await;
    paid_out(t, &rice, &grower).await;
    bought_by_a_paired_enterprise(t, &rice, &operator, &rice_product, &rice_lot).await;
    Story { rice, grower, auditor }
}

/// 7. What was accepted and paid is shared to the fen; the shares and the retained part are the whole.
async fn shared_to_the_fen(t: &TestApp, rice: &Supplier, order: &Value) {
    let shares = t.get(&format!("{}/shares", path_of(order))).by(&rice.clerk).await.ok();
    assert_eq!(shares["runs"].as_array().unwrap().len(), 2);
    for (run, basis) in shares["runs"].as_array().unwrap().iter().zip(["promised", "accrued"]) {
        assert_eq!(run["basis"], basis);
        assert_eq!(run["attributable_fen"], 19 * 6_050);
        let sum: i64 = run["shares"].as_array().unwrap().iter().map(|share| fen(&share["amount_fen"])).sum();
        assert_eq!(sum + fen(&run["retained_fen"]), 19 * 6_050);
        // 60 % of 1,149.50 yuan for produce, split 400 kg × 5.00 against 200 kg × 4.80; 15 % wages, 10 %
        // dividend and 5 % rent to the only one who works, holds shares, leases land.
        let amounts: Vec<_> = run["shares"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| (s["mode"].as_str().unwrap(), fen(&s["amount_fen"])))
            .collect();
        let of = |mode: &str| {
            let mut all: Vec<_> = amounts.iter().filter(|(m, _)| *m == mode).map(|(_, fen)| *fen).collect();
            all.sort_unstable();
            all
        };
        assert_eq!(of("produce_purchase"), [22_369, 46_601]);
        assert_eq!(of("wages"), [17_243]);
        assert_eq!(of("dividend"), [11_495]);
        assert_eq!(of("land_rent"), [5_747]);
    }
}

/// 8. The cooperative pays out, with evidence and by two people; only what is paid is income.
async fn paid_out(t: &TestApp, rice: &Supplier, grower: &str) {
    let before = t.get(&format!("/households/{grower}/statement?year=2026")).by(&rice.revitalisation).await.ok();
    assert_eq!(before["totals"]["promised_fen"], 46_601 + 17_243 + 5_747);
    assert_eq!(before["totals"]["accrued_fen"], 46_601 + 17_243 + 5_747);
    assert_eq!(before["totals"]["paid_fen"], 0);
    let evidence = upload(t, &rice.clerk, "transfer").await;
    let produce = before["agreements"].as_array().unwrap().iter().find(|a| a["mode"] == "produce_purchase").unwrap();
    let payout = |amount: i64, reference: &str| {
        json!({
            "paid_on": "2026-03-12", "method": "bank_transfer", "evidence_file_id": evidence,
            "payouts": [{ "agreement_id": produce["agreement_id"], "amount_fen": amount, "reference": reference }],
        })
    };
    let too_much = t.post("/payouts").by(&rice.clerk).key("too-much").json(payout(46_602, "P0"));
    too_much.await.refused(422, "payout_exceeds_accrued");
    crate::payout::handed_out(t, &rice.clerk, payout(40_000, "P1")).await;
    crate::payout::handed_out(t, &rice.clerk, payout(6_601, "P2")).await;
}

/// 9. A paired enterprise's purchase appears among its contributions to the village it is paired with, once.
async fn bought_by_a_paired_enterprise(t: &TestApp, rice: &Supplier, operator: &Person, product: &Value, lot: &Value) {
    let enterprise = t.organisation(Kind::Enterprise, "330106").await;
    let officer = t.member(Role::EnterpriseOfficer, enterprise).await;
    let term = |mut body: Value| {
        body["starts_on"] = "2026-01-01".into();
        body["ends_on"] = "2028-12-31".into();
        body
    };
    let programme = term(json!({ "name": "万企兴万村" }));
    let programme = t.post("/programmes").by(operator).json(programme).await.created();
    let pairing = term(json!({
        "programme_id": programme["id"], "enterprise_id": enterprise, "village_id": rice.village,
    }));
    let pairing = t.post("/pairings").by(&rice.revitalisation).json(pairing).await.created();
    let order = json!({
        "deliver_to": "杭州市西湖区演示路 2 号", "lines": [{ "product_id": product["id"], "packs": 2 }],
    });
    t.post("/orders").by(&officer).key("enterprise-order").json(order).await.created();
    let order = delivered(t, &rice.clerk, &officer, lot, 2).await;
    let statement = format!(
        "booked_on,payer_name,payer_account,amount_yuan,memo,bank_reference\n2026-03-16,{},,121.00,{},B9\n",
        order["buyer_name"].as_str().unwrap(),
        order["transfer_code"].as_str().unwrap(),
    );
    let import = t.post("/bank-statements?name=later.csv").by(operator).key("later");
    let imported = import.bytes("text/csv", statement.into_bytes()).await.created();
    assert_eq!(imported["rows_matched"], 1);
    t.drain().await;
    t.drain().await;
    let path = format!("/pairings/{}/contributions", pairing["id"].as_str().unwrap());
    let contributions = t.get(&path).by(&officer).await.ok();
    let items = contributions["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{contributions}");
    assert_eq!((&items[0]["kind"], &items[0]["amount_fen"]), (&json!("purchase"), &json!(12_100)));
    assert_eq!(items[0]["supplier_order_id"], order["id"]);
}

both! {
    async fn from_a_harvest_to_the_income_of_the_household_that_grew_it(t: TestApp) {
        t.tells_the_examples();
        let story = the_main_job(t).await;

        let statement = t.get(&format!("/households/{}/statement?year=2026", story.grower));
        let statement = statement.by(&story.rice.revitalisation).await.ok();
        assert_eq!(statement["totals"]["paid_fen"], 46_601);

        // What the household was paid, and nothing else, moves its rolling income, by the class of the agreement's mode.
        let income = t.get(&format!("/households/{}/income", story.grower)).by(&story.rice.revitalisation).await.ok();
        let operating = &income["rolling"]["figures"]["operating"];
        assert_eq!((&operating["fen"], &operating["platform_fen"]), (&json!(46_601), &json!(46_601)));
        assert_eq!((&operating["payments"], &income["rolling"]["reference_fen"]), (&json!(2), &json!(46_601)));
        assert_eq!((&income["rolling"]["net_per_head_fen"], &income["verdict"]), (&json!(23_300), &json!("no_threshold")));
        let before = t.get(&format!("/households/{}/income?as_of=2026-03-11", story.grower));
        let before = before.by(&story.rice.revitalisation).await.ok();
        assert_eq!((&before["rolling"]["gross_fen"], &before["people"]), (&json!(0), &json!(2)));
        let agreements = statement["agreements"].as_array().unwrap();
        for column in ["promised_fen", "accrued_fen", "paid_fen"] {
            let sum: i64 = agreements.iter().map(|agreement| fen(&agreement[column])).sum();
            assert_eq!(sum, fen(&statement["totals"][column]));
            for agreement in agreements {
                let orders: i64 = agreement["orders"].as_array().unwrap().iter().map(|order| fen(&order[column])).sum();
                assert_eq!(orders, fen(&agreement[column]));
            }
        }
        t.get(&format!("/households/{}/statement?year=2026", story.grower)).by(&story.auditor).await.ok();

        let report = verify::verify(t.app.reader(), |_| {}).await.unwrap();
        assert!(report.fault.is_none(), "{report}");
    }

    async fn a_posting_changed_behind_the_houses_back_is_named(t: TestApp) {
        let _story = the_main_job(t).await;
        use sea_orm::{EntityTrait, QueryOrder};
        let first = entity::entry::Entity::find().order_by_asc(entity::entry::Column::PostingId).one(t.direct()).await;
        let posting = first.unwrap().unwrap().posting_id;
        // Somebody with the owner's rights takes the guard away and moves one fen.
        let unguard = if t.is_postgres() { "alter table entry disable trigger all" } else { "drop trigger entry_append_only_update" };
        t.sql(unguard).await.unwrap();
        let hex = posting.uuid().simple().to_string();
        let id = if t.is_postgres() { format!("'{posting}'") } else { format!("x'{hex}'") };
        let tampered = format!("update entry set amount_fen = amount_fen + 1 where posting_id = {id} and line_no = 1");
        assert_eq!(t.sql(&tampered).await.unwrap(), 1);
        let report = verify::verify(t.app.reader(), |_| {}).await.unwrap();
        let fault = report.fault.as_ref().expect("the fault is found");
        assert!(report.to_string().contains(&posting.to_string()), "{fault:?} should name {posting}");
    }
}
