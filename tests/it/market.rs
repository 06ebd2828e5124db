//! A small market in which orders are sold, shipped and accepted over HTTP: what payment and settlement begin from.

use crate::agreement::{Supplier, signed, supplier, terms};
use crate::harness::*;
use crate::household::{County, county, household};
use entity::value::{
    AgreementId, CategoryCode, Fen, Grams, HouseholdId, OrganisationId, OrganisationKind, Packs, PriceId, ProductId,
    ProductState, Role,
};
use entity::{category, product, product_price};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

/// The price of one pack of 2.5 kilograms.
pub(crate) const PACK_FEN: i64 = 5_801;

/// A supplier with three households in two villages, a product on the shelf, and somebody who buys it.
pub(crate) struct Market {
    pub(crate) county: County,
    pub(crate) neighbour: OrganisationId,
    pub(crate) supplier: Supplier,
    pub(crate) households: [HouseholdId; 3],
    /// Produce of the first and the third household, wages of the second, dividend of the first.
    pub(crate) agreements: [AgreementId; 4],
    pub(crate) product: ProductId,
    pub(crate) lot: String,
    pub(crate) buyer: Person,
    pub(crate) budget: Option<String>,
    pub(crate) operator: Person,
    /// The code that orders are placed by.
    pub(crate) referral: Option<String>,
}

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A product on the shelf.
pub(crate) async fn product(t: &TestApp, supplier: &Supplier) -> ProductId {
    let code = CategoryCode::parse("98").unwrap();
    let fruit = category::Model {
        code: code.clone(),
        parent_code: None,
        name_zh: "水果".to_owned(),
        name_en: "Fruit".to_owned(),
        level: 1,
    };
    let once = OnConflict::column(category::Column::Code).do_nothing().to_owned();
    let insert = category::Entity::insert(fruit.into_active_model()).on_conflict(once);
    let _there = insert.exec_without_returning(t.direct()).await;
    let (id, price_id) = (ProductId::generate(), PriceId::generate());
    let unit_price_fen = Fen::new(PACK_FEN).unwrap();
    let row = product::Model {
        id,
        supplier_id: supplier.id,
        name: "修文猕猴桃".to_owned(),
        category_code: code,
        origin_county_code: supplier.clerk.member.division.clone(),
        pack_grams: Grams::new(2500).unwrap(),
        description: "红阳".to_owned(),
        min_packs: Packs::new(1).unwrap(),
        on_hand_packs: Packs::new(1000).unwrap(),
        reserved_packs: Packs::new(0).unwrap(),
        shelf_life_days: 30,
        unit_price_fen,
        price_id,
        state: ProductState::OnShelf,
        review_opinion: None,
        created_at: start_of_tests(),
        updated_at: start_of_tests(),
        version: 1,
    };
    product::Entity::insert(row.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
    let price = product_price::Model {
        id: price_id,
        product_id: id,
        number: 1,
        unit_price_fen,
        created_by: supplier.clerk.member.person,
        created_at: start_of_tests(),
    };
    product_price::Entity::insert(price.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
    id
}

impl Market {
    /// A market where an enterprise buys.
    pub(crate) async fn with_enterprise(t: &TestApp) -> Self {
        let enterprise = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let buyer = t.member(Role::EnterpriseOfficer, enterprise).await;
        Self::open(t, buyer, None).await
    }

    /// A market where a budget unit buys.
    pub(crate) async fn with_unit(t: &TestApp) -> Self {
        let department = t.organisation(OrganisationKind::FinanceDepartment, "520100").await;
        let unit = t.organisation_below(OrganisationKind::BudgetUnit, "520100", Some(department)).await;
        let finance = t.member(Role::FinanceOfficer, department).await;
        let wanted = json!({ "unit_id": unit, "year": 2026, "fund_source": "公用经费", "amount_fen": 10_000_000 });
        let budget = t.post("/budgets").by(&finance).key(&key()).json(wanted).await.created();
        let buyer = t.member(Role::ProcurementOfficer, unit).await;
        Self::open(t, buyer, budget["id"].as_str().map(str::to_owned)).await
    }

    async fn open(t: &TestApp, buyer: Person, budget: Option<String>) -> Self {
        let own = county(t, "522625").await;
        let neighbour = t.organisation(OrganisationKind::VillageCommittee, "522625").await;
        let supplier = supplier(t, "522625").await;
        let beyond = County { officer: own.officer.clone(), village: neighbour };
        let households = [household(t, &own, 1).await, household(t, &own, 2).await, household(t, &beyond, 3).await];
        let agreements = [
            signed(t, &supplier, terms(households[0], "produce_purchase")).await,
            signed(t, &supplier, terms(households[2], "produce_purchase")).await,
            signed(t, &supplier, terms(households[1], "wages")).await,
            signed(t, &supplier, terms(households[0], "dividend")).await,
        ];
        let plan = json!({ "produce_bp": 5000, "wages_bp": 1000, "dividend_bp": 333, "rent_bp": 500 });
        let plan = t.post("/plans").by(&supplier.clerk).json(plan).await.created();
        let approval = format!("/plans/{}/approve", plan["id"].as_str().unwrap());
        t.post(&approval).by(&own.officer).version(&plan["version"]).await.ok();
        let product = product(t, &supplier).await;
        let lot = lot(t, &supplier, product, [(agreements[0], 500_000, 520), (agreements[1], 300_000, 497)]).await;
        let platform = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, platform).await;
        Self {
            county: own,
            neighbour,
            supplier,
            households,
            agreements,
            product,
            lot,
            buyer,
            budget,
            operator,
            referral: None,
        }
    }

    /// An order as it was placed, with one supplier order in it.
    pub(crate) async fn placed(&self, t: &TestApp, packs: i64) -> Value {
        let mut wanted =
            json!({ "deliver_to": "贵阳市林城东路 1 号", "lines": [{ "product_id": self.product, "packs": packs }] });
        if let Some(budget) = &self.budget {
            wanted["budget_id"] = json!(budget);
        }
        if let Some(code) = &self.referral {
            wanted["referral_code"] = json!(code);
        }
        let order = t.post("/orders").by(&self.buyer).key(&key()).json(wanted).await.created();
        order["supplier_orders"][0].clone()
    }

    /// A supplier order of which `accepted` of `packs` packs were accepted.
    pub(crate) async fn accepted(&self, t: &TestApp, packs: i64, accepted: i64) -> Value {
        let order = self.placed(t, packs).await;
        let path = format!("/supplier-orders/{}", order["id"].as_str().unwrap());
        let clerk = &self.supplier.clerk;
        let order = t.post(&format!("{path}/confirm")).by(clerk).version(&order["version"]).await.ok();
        let line = &order["lines"][0]["id"];
        let shipment = json!({
            "carrier": "中国邮政", "tracking_number": "EA123456789CN",
            "lots": [{ "line_id": line, "lot_id": self.lot, "packs": packs }],
        });
        let order = t.post(&format!("{path}/ship")).by(clerk).key(&key()).version(&order["version"]).json(shipment);
        let order = order.await.ok();
        let mut acceptance = json!({ "lines": [{ "line_id": line, "accepted_packs": accepted }] });
        if accepted < packs {
            acceptance["lines"][0]["refusal_reason"] = json!("外箱破损");
        }
        let accept = t.post(&format!("{path}/accept")).by(&self.buyer).key(&key()).version(&order["version"]);
        accept.json(acceptance).await.ok()
    }

    /// The invoice that fits an accepted supplier order.
    pub(crate) async fn invoice_for(&self, t: &TestApp, order: &Value) -> Value {
        let found = entity::organisation::Entity::find_by_id(self.supplier.id).one(t.direct()).await.unwrap().unwrap();
        // Twenty digits that no other order has.
        let digits = order["id"].as_str().unwrap().bytes().rev().filter(u8::is_ascii_digit).map(char::from);
        let number: String = digits.chain("00000000000000000000".chars()).take(20).collect();
        json!({
            "number": number, "amount_fen": order["accepted_fen"], "issued_on": "2026-03-02",
            "seller_credit_code": found.credit_code,
        })
    }

    /// A supplier order that was accepted and invoiced.
    pub(crate) async fn invoiced(&self, t: &TestApp, packs: i64, accepted: i64) -> Value {
        let order = self.accepted(t, packs, accepted).await;
        let path = format!("/supplier-orders/{}/invoice", order["id"].as_str().unwrap());
        let invoice = self.invoice_for(t, &order).await;
        let reply = t.post(&path).by(&self.supplier.clerk).key(&key()).version(&order["version"]).json(invoice).await;
        assert_eq!(reply.created()["order_state"], "invoiced");
        order
    }

    /// Imports a statement that pays these supplier orders, and runs what follows.
    pub(crate) async fn pay(&self, t: &TestApp, orders: &[&Value]) -> Value {
        let rows: Vec<String> = orders.iter().map(|order| row(order, &key())).collect();
        let reply = self.import(t, &key(), "流水", &csv(&rows)).await;
        let statement = reply.created();
        assert_eq!(statement["rows_matched"], orders.len());
        t.drain().await;
        statement
    }

    /// Sends a statement.
    pub(crate) async fn import(&self, t: &TestApp, key: &str, name: &str, file: &str) -> Reply {
        let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let path = format!("/bank-statements?name={name}");
        t.post(&path).by(&self.operator).key(key).bytes("text/csv", file.as_bytes().to_vec()).await
    }

    /// A supplier order that was sold, paid and settled.
    pub(crate) async fn settled(&self, t: &TestApp, packs: i64, accepted: i64) -> Value {
        let order = self.invoiced(t, packs, accepted).await;
        self.pay(t, &[&order]).await;
        order
    }

    /// A file of the supplier's.
    pub(crate) async fn evidence(&self, t: &TestApp) -> String {
        let file = t.post("/files?name=list.pdf").by(&self.supplier.clerk);
        let made = file.bytes("application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec()).await.created();
        made["id"].as_str().unwrap().to_owned()
    }
}

/// A lot of a product, of two deliveries.
pub(crate) async fn lot(
    t: &TestApp,
    supplier: &Supplier,
    product: ProductId,
    parts: [(AgreementId, i64, i64); 2],
) -> String {
    let mut deliveries = Vec::new();
    for (agreement, grams, price) in parts {
        let wanted = json!({
            "agreement_id": agreement, "variety": "红阳", "grams": grams, "price_fen_per_kg": price,
            "delivered_on": "2026-02-27", "weigh_note": "BD-1",
        });
        let made = t.post("/deliveries").by(&supplier.clerk).key(&key()).json(wanted).await.created();
        deliveries.push(json!({ "delivery_id": made["id"], "grams": grams }));
    }
    let wanted = json!({ "product_id": product, "packed_on": "2026-02-28", "deliveries": deliveries });
    let made = t.post("/lots").by(&supplier.clerk).key(&key()).json(wanted).await.created();
    made["id"].as_str().unwrap().to_owned()
}

/// A statement with these rows.
pub(crate) fn csv(rows: &[String]) -> String {
    format!("booked_on,payer_name,payer_account,amount_yuan,memo,bank_reference\n{}\n", rows.join("\n"))
}

/// The row that pays a supplier order exactly.
pub(crate) fn row(order: &Value, reference: &str) -> String {
    let fen = order["accepted_fen"].as_i64().unwrap();
    let code = order["transfer_code"].as_str().unwrap();
    let payer = order["buyer_name"].as_str().unwrap();
    format!("2026-03-02,{payer},6222020100012345672,{}.{:02},货款{code}号,{reference}", fen / 100, fen % 100)
}
