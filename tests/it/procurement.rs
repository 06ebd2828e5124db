//! Orders: all of one or none of it, split by supplier, through every state, seen by both sides and nobody else.

use crate::harness::*;
use entity::value::{
    AreaCode, BasisPoints, BudgetId, CategoryCode, Fen, Grams, LotId, OrderState, OrganisationId, OrganisationKind,
    Packs, PlanEligibility, PlanId, PlanState, PoolSettlement, PriceId, ProductId, ProductState, Role, business_date,
};
use entity::{audit_event, entry, lot, order_group, order_line, outbox, plan, posting, product, product_price};
use entity::{organisation, shipment, supplier_order};
use liannong::db::counting_statements;
use liannong::ledger::{self, Account};
use liannong::procurement::{self, Step, allow, is_transfer_code};
use liannong::verify::verify;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

const LEISHAN: &str = "522634";

pub fn fen(amount: i64) -> Fen {
    Fen::new(amount).unwrap()
}

pub fn packs(number: i64) -> Packs {
    Packs::new(number).unwrap()
}

pub fn fresh_key() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A supplier with a plan in force; how it came to sell is not what these tests are about.
pub struct Seller {
    pub id: OrganisationId,
    pub clerk: Person,
}

impl Seller {
    pub async fn open(t: &TestApp) -> Self {
        let seller = Self::without_plan(t).await;
        let points = |points| BasisPoints::new(points).unwrap();
        let row = plan::Model {
            id: PlanId::generate(),
            supplier_id: seller.id,
            number: 1,
            produce_bp: points(6000),
            wages_bp: points(0),
            dividend_bp: points(0),
            rent_bp: points(0),
            custody_bp: points(0),
            floor_bp: points(0),
            cap_bp: points(10_000),
            wages_settle: PoolSettlement::PerOrder,
            dividend_settle: PoolSettlement::PerOrder,
            rent_settle: PoolSettlement::PerOrder,
            custody_settle: PoolSettlement::PerOrder,
            pool_order: String::new(),
            eligible: PlanEligibility::All,
            confirmed_only: false,
            for_products: false,
            state: PlanState::Approved,
            proposed_by: seller.clerk.member.person,
            approved_by: Some(seller.clerk.member.person),
            approved_at: Some(start_of_tests()),
            created_at: start_of_tests(),
            version: 1,
        };
        plan::Entity::insert(row.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
        seller
    }

    pub async fn without_plan(t: &TestApp) -> Self {
        let id = t.organisation(OrganisationKind::Cooperative, LEISHAN).await;
        Self { id, clerk: t.member(Role::CooperativeClerk, id).await }
    }

    /// A product on the shelf, in packs of a kilogram.
    pub async fn product(&self, t: &TestApp, price: i64, stock: i64) -> ProductId {
        let (id, price_id) = (ProductId::generate(), PriceId::generate());
        let row = product::Model {
            id,
            supplier_id: self.id,
            name: "雷山银球茶".to_owned(),
            category_code: CategoryCode::parse("0803").unwrap(),
            origin_county_code: AreaCode::parse(LEISHAN).unwrap(),
            pack_grams: Grams::new(1000).unwrap(),
            description: "手工揉制".to_owned(),
            min_packs: packs(1),
            on_hand_packs: packs(stock),
            reserved_packs: packs(0),
            shelf_life_days: 540,
            unit_price_fen: fen(price),
            price_id,
            state: ProductState::OnShelf,
            review_opinion: None,
            created_at: start_of_tests(),
            updated_at: start_of_tests(),
            version: 1,
        };
        product::Entity::insert(row.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
        let row = product_price::Model {
            id: price_id,
            product_id: id,
            number: 1,
            unit_price_fen: fen(price),
            created_by: self.clerk.member.person,
            created_at: start_of_tests(),
        };
        product_price::Entity::insert(row.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
        id
    }

    pub async fn lot(&self, t: &TestApp, product: ProductId, grams: i64) -> LotId {
        let id = LotId::generate();
        let row = lot::Model {
            id,
            supplier_id: self.id,
            product_id: product,
            code: format!("LOT-{id}"),
            packed_on: business_date(start_of_tests()),
            total_grams: Grams::new(grams).unwrap(),
            withdrawn_grams: Grams::new(0).unwrap(),
            step_id: None,
            trace_code: None,
            recalled_at: None,
            shipped_grams: Grams::new(0).unwrap(),
            created_at: start_of_tests(),
            version: 1,
        };
        lot::Entity::insert(row.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
        id
    }
}

/// A budget unit that buys, with its budget and who granted it.
pub struct Buyer {
    pub officer: Person,
    pub finance: Person,
    pub budget: BudgetId,
}

impl Buyer {
    pub async fn with_budget(t: &TestApp, amount: i64) -> Self {
        let department = t.organisation(OrganisationKind::FinanceDepartment, "520100").await;
        let unit = t.organisation_below(OrganisationKind::BudgetUnit, "520100", Some(department)).await;
        let finance = t.member(Role::FinanceOfficer, department).await;
        let body = json!({ "unit_id": unit, "year": 2026, "fund_source": "公用经费", "amount_fen": amount });
        let made = t.post("/budgets").by(&finance).key(&fresh_key()).json(body).await.created();
        let budget = made["id"].as_str().unwrap().parse().unwrap();
        Self { officer: t.member(Role::ProcurementOfficer, unit).await, finance, budget }
    }

    pub fn wanted(&self, lines: &[(ProductId, i64)]) -> Value {
        let lines: Vec<_> = lines.iter().map(|(id, packs)| json!({ "product_id": id, "packs": packs })).collect();
        json!({ "budget_id": self.budget, "deliver_to": "贵阳市林城东路 1 号食堂", "lines": lines })
    }

    pub async fn order(&self, t: &TestApp, lines: &[(ProductId, i64)]) -> Value {
        t.post("/orders").by(&self.officer).key(&fresh_key()).json(self.wanted(lines)).await.created()
    }

    /// Available, bound and spent, in fen.
    pub async fn budget(&self, t: &TestApp) -> (i64, i64, i64) {
        let shown = t.get(&format!("/budgets/{}", self.budget)).by(&self.officer).await.ok();
        let figure = |name: &str| shown[name].as_i64().unwrap();
        (figure("available_fen"), figure("encumbered_fen"), figure("spent_fen"))
    }
}

/// On hand and reserved packs of a product.
pub async fn stock(t: &TestApp, id: ProductId) -> (i64, i64) {
    let row = product::Entity::find_by_id(id).one(t.direct()).await.unwrap().unwrap();
    (row.on_hand_packs.get(), row.reserved_packs.get())
}

/// How many rows an order leaves, table by table.
pub async fn traces(t: &TestApp) -> [u64; 7] {
    let db = t.direct();
    [
        order_group::Entity::find().count(db).await.unwrap(),
        supplier_order::Entity::find().count(db).await.unwrap(),
        order_line::Entity::find().count(db).await.unwrap(),
        posting::Entity::find().count(db).await.unwrap(),
        entry::Entity::find().count(db).await.unwrap(),
        outbox::Entity::find().count(db).await.unwrap(),
        audit_event::Entity::find().count(db).await.unwrap(),
    ]
}

/// Recomputed by `verify`, which calls nothing of the code that writes.
pub async fn assert_sound(t: &TestApp) {
    let report = verify(t.direct(), |_| {}).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
}

pub fn part(order: &Value, index: usize) -> &Value {
    &order["supplier_orders"][index]
}

pub fn path_of(part: &Value, act: &str) -> String {
    format!("/supplier-orders/{}{act}", part["id"].as_str().unwrap())
}

async fn read(t: &TestApp, person: &Person, part: &Value) -> Value {
    t.get(&path_of(part, "")).by(person).await.ok()
}

/// All lines of a supplier order, each out of one lot.
pub fn shipping(shown: &Value, lots: &[LotId]) -> Value {
    let lines = shown["lines"].as_array().unwrap().iter();
    let lots: Vec<_> = lines
        .zip(lots)
        .map(|(line, lot)| json!({ "line_id": line["id"], "lot_id": lot, "packs": line["packs"] }))
        .collect();
    json!({ "carrier": "中国邮政", "tracking_number": "EA123456789CN", "lots": lots })
}

pub async fn act(t: &TestApp, person: &Person, shown: &Value, act: &str, body: Value) -> Reply {
    let call = t.post(&path_of(shown, act)).by(person).key(&fresh_key());
    call.version(&shown["version"]).json(body).await
}

pub async fn confirm(t: &TestApp, seller: &Seller, shown: &Value) -> Value {
    t.post(&path_of(shown, "/confirm")).by(&seller.clerk).version(&shown["version"]).await.ok()
}

/// Confirms and ships a supplier order out of fresh lots.
pub async fn send(t: &TestApp, seller: &Seller, part: &Value) -> Value {
    let confirmed = confirm(t, seller, part).await;
    let mut lots = Vec::new();
    for line in confirmed["lines"].as_array().unwrap() {
        let product = line["product_id"].as_str().unwrap().parse().unwrap();
        lots.push(seller.lot(t, product, line["packs"].as_i64().unwrap() * 1000).await);
    }
    act(t, &seller.clerk, &confirmed, "/ship", shipping(&confirmed, &lots)).await.ok()
}

/// An acceptance of so many packs of each line.
pub fn accepting(shown: &Value, accepted: &[i64]) -> Value {
    let lines = shown["lines"].as_array().unwrap().iter().zip(accepted);
    let lines: Vec<_> = lines
        .map(|(line, accepted)| {
            let mut said = json!({ "line_id": line["id"], "accepted_packs": accepted });
            if *accepted < line["shipped_packs"].as_i64().unwrap() {
                said["refusal_reason"] = json!("外箱破损");
            }
            said
        })
        .collect();
    json!({ "lines": lines })
}

/// Twenty digits that no other invoice has.
pub fn invoice_number() -> String {
    let digits = uuid::Uuid::now_v7().as_u128().to_string();
    digits.chars().rev().take(20).collect()
}

/// Invoices all that can be.
pub async fn invoice(t: &TestApp, seller: &Seller, shown: &Value) {
    let found = organisation::Entity::find_by_id(seller.id).one(t.direct()).await.unwrap().unwrap();
    let body = json!({
        "number": invoice_number(), "amount_fen": shown["open_fen"], "issued_on": "2026-03-02",
        "seller_credit_code": found.credit_code,
    });
    let made = act(t, &seller.clerk, shown, "/invoice", body).await.created();
    assert_eq!(made["order_state"], "invoiced");
}

/// In whose name money with such a memo comes: of the buyer of the first order whose code it carries, or of anybody.
pub async fn payer_of(t: &TestApp, memo: &str) -> String {
    let codes = memo.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 10);
    let Some(code) = codes.map(str::to_owned).next() else { return "某县国库".to_owned() };
    let order = supplier_order::Entity::find().filter(supplier_order::Column::TransferCode.eq(code));
    let Some(order) = order.one(t.direct()).await.unwrap() else { return "某县国库".to_owned() };
    organisation::Entity::find_by_id(order.buyer_id).one(t.direct()).await.unwrap().unwrap().name
}

/// What the bank reports: so much with such a memo, each row with a reference of its own.
pub async fn bank_csv(t: &TestApp, rows: &[(String, i64)]) -> String {
    let mut text = "booked_on,payer_name,payer_account,amount_yuan,memo,bank_reference\n".to_owned();
    for (memo, fen) in rows {
        let payer = payer_of(t, memo).await;
        text.push_str(&format!("2026-03-02,{payer},,{}.{:02},{memo},{}\n", fen / 100, fen % 100, fresh_key()));
    }
    text
}

/// Imports a bank statement with these rows; says how many matched.
pub async fn pay(t: &TestApp, rows: &[(String, i64)]) -> i64 {
    let platform = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
    let operator = t.member(Role::PlatformOperator, platform).await;
    let call = t.post("/bank-statements?name=x").by(&operator).key(&fresh_key());
    let made = call.bytes("text/csv", bank_csv(t, rows).await.into_bytes()).await.created();
    made["rows_matched"].as_i64().unwrap()
}

/// The memo and the amount that pay all that is open of an order.
pub fn transfer(shown: &Value) -> (String, i64) {
    (shown["transfer_code"].as_str().unwrap().to_owned(), shown["open_fen"].as_i64().unwrap())
}

both! {
    async fn an_order_is_split_by_supplier_at_the_prices_of_now(t: TestApp) {
        let buyer = Buyer::with_budget(t, 1_000_000).await;
        let (one, two) = (Seller::open(t).await, Seller::open(t).await);
        let (tea, rice) = (one.product(t, 12_800, 50).await, two.product(t, 3_000, 80).await);
        let honey = one.product(t, 9_900, 10).await;
        let order = buyer.order(t, &[(tea, 10), (rice, 20), (honey, 3)]).await;
        assert_eq!(order["total_fen"], 10 * 12_800 + 20 * 3_000 + 3 * 9_900);
        assert!(order["number"].as_str().unwrap().starts_with("D20260302-"), "{order}");
        assert_eq!(order["supplier_orders"].as_array().unwrap().len(), 2);
        let (first, second) = (part(&order, 0), part(&order, 1));
        assert_eq!((&first["supplier_id"], &second["supplier_id"]), (&json!(one.id), &json!(two.id)));
        assert_eq!((&first["total_fen"], &second["total_fen"]), (&json!(157_700), &json!(60_000)));
        assert_eq!(first["lines"][1]["line_no"], 2);
        for part in [first, second] {
            assert!(is_transfer_code(part["transfer_code"].as_str().unwrap()), "{part}");
            assert!(part["number"].as_str().unwrap().starts_with("S20260302-"), "{part}");
            assert_eq!((&part["state"], &part["version"]), (&json!("placed"), &json!(1)));
        }
        assert_eq!((stock(t, tea).await, stock(t, rice).await, stock(t, honey).await), ((50, 10), (80, 20), (10, 3)));
        assert_eq!(buyer.budget(t).await, (782_300, 217_700, 0));
        // A price of tomorrow does not change an order of today.
        t.sql("update product set unit_price_fen = 99999").await.unwrap();
        let path = format!("/orders/{}", order["id"].as_str().unwrap());
        assert_eq!(t.get(&path).by(&buyer.officer).await.ok(), order);
    }

    async fn the_same_order_sent_again_is_no_second_order(t: TestApp) {
        let buyer = Buyer::with_budget(t, 1_000_000).await;
        let seller = Seller::open(t).await;
        let tea = seller.product(t, 12_800, 50).await;
        let send = || t.post("/orders").by(&buyer.officer).key("order-1").json(buyer.wanted(&[(tea, 10)]));
        let first = send().await.created();
        let again = send().await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.created(), first);
        assert_eq!((stock(t, tea).await, buyer.budget(t).await), ((50, 10), (872_000, 128_000, 0)));
        let other = t.post("/orders").by(&buyer.officer).key("order-1").json(buyer.wanted(&[(tea, 11)])).await;
        other.refused(422, "idempotency_key_reused");
        let none = t.post("/orders").by(&buyer.officer).json(buyer.wanted(&[(tea, 1)])).await;
        none.refused(400, "idempotency_key_missing");
    }

    async fn what_cannot_be_ordered_leaves_no_trace(t: TestApp) {
        let buyer = Buyer::with_budget(t, 100_000).await;
        let stranger = Buyer::with_budget(t, 100_000).await;
        let (seller, planless) = (Seller::open(t).await, Seller::without_plan(t).await);
        let tea = seller.product(t, 1_000, 50).await;
        let wild = planless.product(t, 1_000, 50).await;
        let gone = ProductId::generate();
        let with = |change: Value| {
            let mut body = buyer.wanted(&[(tea, 1)]);
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            body
        };
        let many = vec![json!({ "product_id": tea, "packs": 1 }); 201];
        let cases = [
            (400, "invalid_fields", "/lines", buyer.wanted(&[])),
            (400, "invalid_fields", "/lines", with(json!({ "lines": many }))),
            (400, "invalid_fields", "/lines/1/packs", buyer.wanted(&[(wild, 1), (tea, 0)])),
            (400, "invalid_fields", "/lines/0/packs", buyer.wanted(&[(tea, -1)])),
            (400, "invalid_fields", "/lines/0/packs", buyer.wanted(&[(tea, 1_000_000_001)])),
            (400, "invalid_fields", "/deliver_to", with(json!({ "deliver_to": " " }))),
            (400, "invalid_fields", "/deliver_to", with(json!({ "deliver_to": "路".repeat(501) }))),
            (400, "invalid_fields", "/price_fen", with(json!({ "price_fen": 1 }))),
            (422, "duplicate_product", "/lines/1/product_id", buyer.wanted(&[(tea, 1), (tea, 2)])),
            (422, "budget_required", "/budget_id", with(json!({ "budget_id": null }))),
            (422, "budget_unknown", "/budget_id", with(json!({ "budget_id": stranger.budget }))),
            (422, "budget_unknown", "/budget_id", with(json!({ "budget_id": BudgetId::generate() }))),
            (422, "supplier_without_plan", "/lines/1/product_id", buyer.wanted(&[(tea, 1), (wild, 1)])),
            (422, "insufficient_stock", "/lines/0/packs", buyer.wanted(&[(tea, 51)])),
            (422, "product_not_on_shelf", "/lines/1/product_id", buyer.wanted(&[(tea, 1), (gone, 1)])),
        ];
        let before = traces(t).await;
        for (status, code, pointer, body) in cases {
            let problem = t.post("/orders").by(&buyer.officer).key(&fresh_key()).json(body).await.refused(status, code);
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        t.sql("update product set unit_price_fen = 2001").await.unwrap();
        let short = t.post("/orders").by(&buyer.officer).key(&fresh_key()).json(buyer.wanted(&[(tea, 50)])).await;
        let short = short.refused(409, "budget_insufficient");
        assert_eq!(short["detail"], "可用预算 1000.00 元，本次需要 1000.50 元。");
        assert_eq!(traces(t).await, before);
        assert_eq!((stock(t, tea).await, stock(t, wild).await), ((50, 0), (50, 0)));
        assert_eq!(buyer.budget(t).await, (100_000, 0, 0));
    }

    async fn an_enterprise_orders_out_of_its_own_pocket(t: TestApp) {
        let enterprise = t.organisation(OrganisationKind::Enterprise, "520100").await;
        let officer = t.member(Role::EnterpriseOfficer, enterprise).await;
        let seller = Seller::open(t).await;
        let tea = seller.product(t, 1_000, 50).await;
        let body = json!({ "deliver_to": "厂区一号门", "lines": [{ "product_id": tea, "packs": 5 }] });
        let order = t.post("/orders").by(&officer).key("e").json(body.clone()).await.created();
        assert_eq!(order["budget_id"], Value::Null);
        let shipped = send(t, &seller, part(&order, 0)).await;
        let accepted = act(t, &officer, &shipped, "/accept", accepting(&shipped, &[3])).await.ok();
        assert_eq!((&accepted["state"], &accepted["accepted_fen"]), (&json!("accepted"), &json!(3_000)));
        let mut with_budget = body;
        with_budget["budget_id"] = json!(BudgetId::generate());
        t.post("/orders").by(&officer).key("f").json(with_budget).await.refused(422, "budget_unknown");
    }

    /// Ten for the order, and two for the key of the request, whether it has one line or forty of forty suppliers.
    async fn an_order_takes_the_same_number_of_statements_however_long_it_is(t: TestApp) {
        let buyer = Buyer::with_budget(t, 100_000_000).await;
        let seller = Seller::open(t).await;
        let mut lines = Vec::new();
        for number in 0..40 {
            let seller = if number % 4 == 0 { &Seller::open(t).await } else { &seller };
            lines.push((seller.product(t, 1_000, 1_000).await, 2));
        }
        for some in [&lines[..1], &lines[..]] {
            let call = t.post("/orders").by(&buyer.officer).key(&fresh_key()).json(buyer.wanted(some));
            let (reply, statements) = counting_statements(async { call.await }).await;
            let order = reply.created();
            assert_eq!(statements, 12, "{} lines, {} suppliers", some.len(), order["supplier_orders"].as_array().unwrap().len());
        }
    }

    async fn an_order_goes_from_placed_to_completed(t: TestApp) {
        let buyer = Buyer::with_budget(t, 1_000_000).await;
        let seller = Seller::open(t).await;
        let (tea, honey) = (seller.product(t, 10_000, 50).await, seller.product(t, 5_000, 20).await);
        let order = buyer.order(t, &[(tea, 10), (honey, 4)]).await;
        let placed = read(t, &seller.clerk, part(&order, 0)).await;
        assert_eq!(placed["deliver_to"], "贵阳市林城东路 1 号食堂");
        let confirmed = confirm(t, &seller, &placed).await;
        assert_eq!((&confirmed["state"], &confirmed["version"]), (&json!("confirmed"), &json!(2)));
        let (first, rest, jars) =
            (seller.lot(t, tea, 6_000).await, seller.lot(t, tea, 9_000).await, seller.lot(t, honey, 4_000).await);
        let (line, other) = (&confirmed["lines"][0]["id"], &confirmed["lines"][1]["id"]);
        let body = json!({ "carrier": "中国邮政", "tracking_number": "EA1", "lots": [
            { "line_id": line, "lot_id": first, "packs": 6 }, { "line_id": line, "lot_id": rest, "packs": 4 },
            { "line_id": other, "lot_id": jars, "packs": 4 },
        ] });
        let shipped = act(t, &seller.clerk, &confirmed, "/ship", body).await.ok();
        assert_eq!((&shipped["state"], shipped["shipment"]["lots"].as_array().unwrap().len()), (&json!("shipped"), 3));
        assert_eq!((stock(t, tea).await, stock(t, honey).await), ((40, 0), (16, 0)));
        let taken = lot::Entity::find_by_id(rest).one(t.direct()).await.unwrap().unwrap();
        assert_eq!(taken.shipped_grams.get(), 4_000);
        assert_eq!(buyer.budget(t).await, (880_000, 120_000, 0));

        let accepted = act(t, &buyer.officer, &shipped, "/accept", accepting(&shipped, &[8, 4])).await.ok();
        assert_eq!((&accepted["state"], &accepted["accepted_fen"]), (&json!("accepted"), &json!(100_000)));
        assert_eq!(accepted["lines"][0]["refusal_reason"], "外箱破损");
        assert_eq!(buyer.budget(t).await, (900_000, 100_000, 0));
        let receivable = Account::buyer_receivable(seller.id, buyer.officer.member.organisation);
        assert_eq!(ledger::balance(t.direct(), &receivable).await.unwrap().debit, fen(100_000));

        invoice(t, &seller, &accepted).await;
        assert_eq!(pay(t, &[transfer(&accepted)]).await, 1);
        let paid = read(t, &buyer.officer, part(&order, 0)).await;
        assert_eq!((&paid["state"], &paid["paid_fen"]), (&json!("paid"), &json!(100_000)));
        assert_eq!(buyer.budget(t).await, (900_000, 0, 100_000));
        assert_eq!(pay(t, &[transfer(&accepted)]).await, 0, "what is paid is not paid again unasked");

        let rate = |body: Value| {
            t.post(&path_of(&paid, "/rate")).by(&buyer.officer).version(&paid["version"]).json(body)
        };
        let bad = rate(json!({ "quality": 6, "delivery": 4, "service": 5 })).await.refused(400, "invalid_fields");
        assert_eq!(bad["errors"][0]["pointer"], "/quality");
        let rated = rate(json!({ "quality": 5, "delivery": 4, "service": 5, "comment": "茶很好" })).await;
        assert_eq!(rated.etag(), format!("\"{}\"", rated.json()["version"]));
        let rated = rated.ok();
        assert_eq!((&rated["state"], &rated["rating"]["quality"]), (&json!("completed"), &json!(5)));
        let found = t.app.reader();
        let settling = procurement::find_for_settling(found, rated["id"].as_str().unwrap().parse().unwrap()).await;
        let settling = settling.unwrap().unwrap();
        assert_eq!((settling.lines.len(), settling.lots.len()), (2, 3));
        let topics: Vec<_> = outbox::Entity::find().all(t.direct()).await.unwrap().into_iter().map(|e| e.topic).collect();
        for topic in ["order.placed", "order.shipped", "order.accepted", "order.paid", "order.completed"] {
            assert_eq!(topics.iter().filter(|t| *t == topic).count(), 1, "{topic}");
        }
        assert_sound(t).await;
    }

    async fn accepting_nothing_is_a_refusal(t: TestApp) {
        let buyer = Buyer::with_budget(t, 100_000).await;
        let seller = Seller::open(t).await;
        let tea = seller.product(t, 1_000, 50).await;
        let order = buyer.order(t, &[(tea, 10)]).await;
        let shipped = send(t, &seller, part(&order, 0)).await;
        let refused = act(t, &buyer.officer, &shipped, "/accept", accepting(&shipped, &[0])).await.ok();
        assert_eq!((&refused["state"], &refused["closed_reason"]), (&json!("refused"), &json!("外箱破损")));
        assert_eq!((buyer.budget(t).await, stock(t, tea).await), ((100_000, 0, 0), (40, 0)));
        let receivable = Account::buyer_receivable(seller.id, buyer.officer.member.organisation);
        assert_eq!(ledger::balance(t.direct(), &receivable).await.unwrap().debit, Fen::ZERO);
        assert_sound(t).await;
    }

    async fn an_order_can_be_cancelled_by_either_side_until_its_goods_leave(t: TestApp) {
        let buyer = Buyer::with_budget(t, 100_000).await;
        let seller = Seller::open(t).await;
        let tea = seller.product(t, 1_000, 50).await;
        let reason = json!({ "reason": "采购计划调整" });
        let first = buyer.order(t, &[(tea, 10)]).await;
        let cancelled = act(t, &buyer.officer, part(&first, 0), "/cancel", reason.clone()).await.ok();
        assert_eq!((&cancelled["state"], &cancelled["closed_reason"]), (&json!("cancelled"), &json!("采购计划调整")));
        assert_eq!((stock(t, tea).await, buyer.budget(t).await), ((50, 0), (100_000, 0, 0)));
        let again = act(t, &buyer.officer, &cancelled, "/cancel", reason.clone()).await.refused(409, "wrong_state");
        assert_eq!(again["detail"], "订单处于“cancelled”，不能取消。");
        let second = buyer.order(t, &[(tea, 20)]).await;
        let confirmed = confirm(t, &seller, part(&second, 0)).await;
        act(t, &seller.clerk, &confirmed, "/cancel", reason.clone()).await.ok();
        assert_eq!((stock(t, tea).await, buyer.budget(t).await), ((50, 0), (100_000, 0, 0)));
        let third = buyer.order(t, &[(tea, 5)]).await;
        let shipped = send(t, &seller, part(&third, 0)).await;
        act(t, &buyer.officer, &shipped, "/cancel", reason.clone()).await.refused(409, "wrong_state");
        act(t, &buyer.officer, &shipped, "/cancel", json!({ "reason": "" })).await.refused(400, "invalid_fields");
        assert_eq!(buyer.budget(t).await, (95_000, 5_000, 0));
        assert_sound(t).await;
    }

    async fn a_shipment_names_lots_that_make_up_the_order(t: TestApp) {
        let buyer = Buyer::with_budget(t, 1_000_000).await;
        let (seller, rival) = (Seller::open(t).await, Seller::open(t).await);
        let (tea, honey) = (seller.product(t, 1_000, 50).await, seller.product(t, 1_000, 50).await);
        let order = buyer.order(t, &[(tea, 10), (honey, 5)]).await;
        let confirmed = confirm(t, &seller, part(&order, 0)).await;
        let leaves = seller.lot(t, tea, 10_000).await;
        let jars = seller.lot(t, honey, 4_999).await;
        let plenty = seller.lot(t, honey, 50_000).await;
        let theirs = rival.product(t, 1_000, 1).await;
        let foreign = rival.lot(t, theirs, 50_000).await;
        let (line, other) = (&confirmed["lines"][0]["id"], &confirmed["lines"][1]["id"]);
        let lots = |lots: &[(&Value, LotId, i64)]| {
            let lots: Vec<_> = lots
                .iter()
                .map(|(line, lot, packs)| json!({ "line_id": line, "lot_id": lot, "packs": packs }))
                .collect();
            json!({ "carrier": "中国邮政", "tracking_number": "EA1", "lots": lots })
        };
        let nowhere = json!(uuid::Uuid::now_v7());
        let cases = [
            (400, "invalid_fields", lots(&[])),
            (400, "invalid_fields", lots(&[(&nowhere, leaves, 10)])),
            (400, "invalid_fields", lots(&[(line, leaves, 0)])),
            (400, "invalid_fields", lots(&[(line, leaves, 5), (line, leaves, 5)])),
            (422, "shipment_incomplete", lots(&[(line, leaves, 10)])),
            (422, "shipment_incomplete", lots(&[(line, leaves, 9), (other, plenty, 5)])),
            (422, "shipment_incomplete", lots(&[(line, leaves, 11), (other, plenty, 5)])),
            (422, "lot_wrong_product", lots(&[(line, plenty, 10), (other, plenty, 5)])),
            (409, "lot_exhausted", lots(&[(line, leaves, 10), (other, jars, 5)])),
            (422, "lot_unknown", lots(&[(line, leaves, 10), (other, foreign, 5)])),
            (422, "lot_unknown", lots(&[(line, leaves, 10), (other, LotId::generate(), 5)])),
        ];
        let before = traces(t).await;
        for (status, code, body) in cases {
            act(t, &seller.clerk, &confirmed, "/ship", body).await.refused(status, code);
        }
        assert_eq!(traces(t).await, before);
        assert_eq!(shipment::Entity::find().count(t.direct()).await.unwrap(), 0);
        assert_eq!((stock(t, tea).await, stock(t, honey).await), ((50, 10), (50, 5)));
        let good = lots(&[(line, leaves, 10), (other, plenty, 5)]);
        act(t, &seller.clerk, part(&order, 0), "/ship", good.clone()).await.refused(412, "stale_version");
        act(t, &seller.clerk, &confirmed, "/ship", good).await.ok();
    }

    async fn an_acceptance_names_every_line_and_gives_its_reasons(t: TestApp) {
        let buyer = Buyer::with_budget(t, 1_000_000).await;
        let seller = Seller::open(t).await;
        let (tea, honey) = (seller.product(t, 1_000, 50).await, seller.product(t, 1_000, 50).await);
        let order = buyer.order(t, &[(tea, 10), (honey, 5)]).await;
        let placed = part(&order, 0);
        let (line, other) = (&placed["lines"][0]["id"], &placed["lines"][1]["id"]);
        let said = |line: &Value, packs: i64| json!({ "line_id": line, "accepted_packs": packs });
        let early = json!({ "lines": [said(line, 10), said(other, 5)] });
        act(t, &buyer.officer, placed, "/accept", early.clone()).await.refused(409, "wrong_state");
        let shipped = send(t, &seller, placed).await;
        let cases = [
            ("acceptance_incomplete", "/lines", json!({ "lines": [said(line, 10)] })),
            ("acceptance_incomplete", "/lines", json!({ "lines": [] })),
            ("acceptance_incomplete", "/lines/1/line_id", json!({ "lines": [said(line, 10), said(line, 10)] })),
            ("acceptance_incomplete", "/lines/0/accepted_packs", json!({ "lines": [said(line, 11), said(other, 5)] })),
            ("refusal_reason_required", "/lines/1/refusal_reason", json!({ "lines": [said(line, 10), said(other, 4)] })),
        ];
        let before = traces(t).await;
        for (code, pointer, body) in cases {
            let problem = act(t, &buyer.officer, &shipped, "/accept", body).await.refused(422, code);
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        assert_eq!(traces(t).await, before);
        let call = || {
            t.post(&path_of(&shipped, "/accept")).by(&buyer.officer).key("accept-1").version(&shipped["version"])
        };
        let first = call().json(early.clone()).await.ok();
        let again = call().json(early).await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.ok(), first);
    }

    async fn each_side_does_its_own_part_and_strangers_see_nothing(t: TestApp) {
        let (buyer, stranger) = (Buyer::with_budget(t, 100_000).await, Buyer::with_budget(t, 100_000).await);
        let (seller, rival) = (Seller::open(t).await, Seller::open(t).await);
        let tea = seller.product(t, 1_000, 50).await;
        let order = buyer.order(t, &[(tea, 10)]).await;
        let placed = part(&order, 0);
        let path = format!("/orders/{}", order["id"].as_str().unwrap());
        let confirm = |person: &Person| t.post(&path_of(placed, "/confirm")).by(person).version(&placed["version"]);
        for outsider in [&stranger.officer, &rival.clerk, &stranger.finance] {
            t.get(&path_of(placed, "")).by(outsider).await.refused(404, "not_found");
            t.get(&path).by(outsider).await.refused(404, "not_found");
            assert_eq!(t.get("/supplier-orders").by(outsider).await.ok()["items"], json!([]));
        }
        confirm(&rival.clerk).await.refused(404, "not_found");
        confirm(&buyer.officer).await.refused(403, "forbidden");
        t.post(&path_of(placed, "/confirm")).by(&seller.clerk).await.refused(428, "precondition_required");
        act(t, &stranger.officer, placed, "/cancel", json!({ "reason": "x" })).await.refused(404, "not_found");
        let order_of_a_clerk = t.post("/orders").by(&seller.clerk).key("c").json(buyer.wanted(&[(tea, 1)])).await;
        order_of_a_clerk.refused(403, "forbidden");
        // The supplier sees its part, not the whole order of the buyer.
        t.get(&path).by(&seller.clerk).await.refused(404, "not_found");
        let audit_office = t.organisation(OrganisationKind::AuditOffice, "520100").await;
        let auditor = t.member(Role::Auditor, audit_office).await;
        for insider in [&buyer.officer, &seller.clerk, &buyer.finance, &auditor] {
            assert_eq!(read(t, insider, placed).await["number"], placed["number"]);
            let listed = t.get("/supplier-orders?state=placed").by(insider).await.ok();
            assert_eq!(listed["items"][0]["id"], placed["id"]);
            let listed = t.get("/supplier-orders?state=paid").by(insider).await.ok();
            assert_eq!(listed["items"], json!([]));
        }
        for insider in [&buyer.officer, &buyer.finance, &auditor] {
            let listed = t.get("/orders").by(insider).await.ok();
            assert_eq!(listed["items"][0]["supplier_orders"][0]["id"], placed["id"]);
        }
    }

    async fn orders_are_listed_newest_first_page_by_page(t: TestApp) {
        let buyer = Buyer::with_budget(t, 100_000).await;
        let seller = Seller::open(t).await;
        let tea = seller.product(t, 1_000, 50).await;
        let mut placed = Vec::new();
        for _ in 0..5 {
            placed.push(buyer.order(t, &[(tea, 1)]).await["id"].clone());
        }
        placed.reverse();
        let mut seen = Vec::new();
        let mut path = "/orders?limit=2".to_owned();
        loop {
            let page = t.get(&path).by(&buyer.officer).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/orders?limit=2&cursor={next}");
        }
        assert_eq!(seen, placed);
    }

    /// With so few numbers left that orders meet, those that meet draw again, and nothing else notices.
    async fn a_number_that_is_taken_is_drawn_again(t: TestApp) {
        t.sql("create unique index few_numbers on supplier_order (substr(number, 11, 1), substr(transfer_code, 10, 1))")
            .await
            .unwrap();
        let buyer = Buyer::with_budget(t, 1_000_000).await;
        let mut lines = Vec::new();
        for _ in 0..5 {
            lines.push((Seller::open(t).await.product(t, 1_000, 500).await, 1));
        }
        for _ in 0..5 {
            let order = buyer.order(t, &lines).await;
            let path = format!("/orders/{}", order["id"].as_str().unwrap());
            assert_eq!(t.get(&path).by(&buyer.officer).await.ok(), order);
        }
        assert_eq!(supplier_order::Entity::find().count(t.direct()).await.unwrap(), 25);
    }
}

/// The whole life of a supplier order, as a table: which steps exist in which state.
#[test]
fn the_life_of_an_order() {
    let mut table = String::new();
    for from in OrderState::ALL {
        let steps: Vec<_> =
            Step::ALL.iter().filter(|step| allow(*from, **step).is_ok()).map(|s| format!("{s:?}")).collect();
        table.push_str(&format!("{from}: {}\n", if steps.is_empty() { "–".to_owned() } else { steps.join(", ") }));
    }
    let expected = "\
placed: Confirm, Amend, Cancel
confirmed: Ship, Amend, Cancel
shipped: Accept, Return, Credit, Invoice, Pay
accepted: Return, Credit, Invoice, Pay
invoiced: Return, Credit, Invoice, Pay
paid: Return, Credit, Invoice, Rate
completed: Return, Credit, Invoice
cancelled: –
refused: –
partly_shipped: Ship, Accept, Amend, Return, Credit, Invoice, Pay
returned: Invoice
awaiting_payment: Amend, Pay, Extend, Cancel
";
    assert_eq!(table, expected);
}

/// A wrong digit, or two neighbours exchanged, is no other order's code.
#[test]
fn a_typing_error_in_a_transfer_code_is_noticed() {
    let code = "4839201751";
    let right: Vec<_> =
        (0..10).map(|check| format!("{}{check}", &code[..9])).filter(|code| is_transfer_code(code)).collect();
    assert_eq!(right.len(), 1, "one check digit fits");
    let code = right[0].clone();
    for place in 0..10 {
        for digit in '0'..='9' {
            let mut typed: Vec<char> = code.chars().collect();
            typed[place] = digit;
            let typed: String = typed.into_iter().collect();
            assert_eq!(is_transfer_code(&typed), typed == code, "{typed}");
        }
    }
    for text in ["", "483920175", "48392017511", "483920175x", "４８３９２０１７５１"] {
        assert!(!is_transfer_code(text), "{text}");
    }
    // 9 + 8 + 5 + 6 + 1 + 4 + 6 + 2 + 2 = 43, so the check digit is 7.
    assert!(is_transfer_code("1234567897"));
}
