//! What the demonstration's cooperatives do: apply, list, make plans, record the harvest, pack lots.

use super::client::{Carrying, Client, DemoError, text};
use super::produce::Produce;
use super::world::{CountyWorld, version};
use crate::access::Member;
use crate::secrecy::sha256_hex;
use chrono::NaiveDate;
use entity::value::FileId;
use fastrand::Rng;
use serde_json::{Value, json};

/// A product on the shelf with the lot it is shipped from.
pub struct Listed {
    /// The product.
    pub product: String,
    /// Its lot.
    pub lot: String,
}

/// A one-page PDF that says what it stands for.
fn paper(what: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n% demonstration: {what}\n\
         trailer<</Root 1 0 R>>\n%%EOF\n"
    )
    .into_bytes()
}

async fn upload(client: &Client, by: &Member, what: &str) -> Result<FileId, DemoError> {
    let carrying = Carrying::bytes("application/pdf", paper(what));
    let kept = client.post(by, &format!("/files?name={what}.pdf"), carrying).await?;
    text(&kept, "id")?.parse().map_err(|e| DemoError::new("reading a file id", e))
}

/// Takes a cooperative through its admission, and its attribution plan through its approval.
pub async fn admit(client: &Client, county: &mut CountyWorld, operator: &Member) -> Result<(), DemoError> {
    let clerk = county.clerk.clone();
    let paper = upload(client, &clerk, "papers").await?;
    county.paper = Some(paper);
    let body = json!({
        "county_code": county.county.code,
        "mechanism": "按保底价收购农户产品，优先雇用本村劳力，年终按股分红，土地按年付租。",
    });
    let mut case = client.post(&clerk, "/admissions", Carrying::json(&body)).await?;
    let id = text(&case, "id")?;
    for kind in ["business_licence", "legal_representative", "benefit_mechanism"] {
        let carrying = Carrying::json(&json!({ "file_id": paper })).version(version(&case)?);
        case = client.put(&clerk, &format!("/admissions/{id}/documents/{kind}"), carrying).await?;
    }
    let submit = Carrying::default().version(version(&case)?);
    case = client.post(&clerk, &format!("/admissions/{id}/submit"), submit).await?;
    let steps = [
        (&county.agriculture, "agriculture", "recommend", "生产经营属实，质量管理到位，同意推荐。"),
        (&county.revitalisation, "revitalisation", "recommend", "联农带农机制清楚，同意推荐。"),
        (operator, "platform", "approve", "材料齐全，同意入驻。"),
    ];
    for (by, office, decision, opinion) in steps {
        let decided = json!({ "decision": decision, "opinion": opinion });
        let carrying = Carrying::json(&decided).version(version(&case)?);
        case = client.post(by, &format!("/admissions/{id}/{office}-decision"), carrying).await?;
    }
    let plan = json!({ "produce_bp": 5500, "wages_bp": 1200, "dividend_bp": 800, "rent_bp": 500 });
    let plan = client.post(&clerk, "/plans", Carrying::json(&plan)).await?;
    let approve = Carrying::default().version(version(&plan)?);
    client.post(&county.revitalisation, &format!("/plans/{}/approve", text(&plan, "id")?), approve).await.map(drop)
}

/// Lists a product and has it reviewed.
pub async fn list(
    client: &Client,
    county: &CountyWorld,
    operator: &Member,
    produce: &Produce,
    today: NaiveDate,
) -> Result<Value, DemoError> {
    let body = json!({
        "name": produce.name, "category_code": produce.category, "origin_county_code": county.county.code,
        "pack_grams": produce.pack, "unit_price_fen": produce.price, "min_packs": 1, "on_hand_packs": 2000,
        "shelf_life_days": 180,
        "description": format!("{}，产自{}，农产品地理标志登记产品（演示数据）。", produce.name, county.name),
        "certificates": [{
            "scheme": "geographical_indication", "issuer": "农业农村部",
            "number": format!("AGI-DEMO-{}", produce.name), "valid_from": today,
        }],
    });
    // A key is visible ASCII, a name is not.
    let key = format!("product-{}", sha256_hex(produce.name.as_bytes()));
    let product = client.post(&county.clerk, "/products", Carrying::json(&body).once(key)).await?;
    let id = text(&product, "id")?;
    let submit = Carrying::default().version(version(&product)?);
    let product = client.post(&county.clerk, &format!("/products/{id}/submit"), submit).await?;
    let review = Carrying::json(&json!({ "decision": "approve", "opinion": "价格凭证与产地证明齐全。" }));
    client.post(operator, &format!("/products/{id}/review"), review.version(version(&product)?)).await
}

/// Every household brings in some of a product, and the cooperative packs it into one lot.
pub async fn harvest(
    client: &Client,
    county: &CountyWorld,
    agreements: &[String],
    produce: &Produce,
    product: &Value,
    day: NaiveDate,
    random: &mut Rng,
) -> Result<Listed, DemoError> {
    let id = text(product, "id")?;
    // Together at least 600 packs.
    let share = produce.pack.get() * 600 / i64::try_from(agreements.len().max(1)).unwrap_or(1);
    let deliveries: Vec<_> = agreements
        .iter()
        .map(|agreement| {
            json!({
                "agreement_id": agreement, "variety": produce.name, "grams": share + random.i64(0..=share),
                "price_fen_per_kg": produce.household_price, "delivered_on": day,
            })
        })
        .collect();
    let body = json!({ "deliveries": deliveries });
    let brought =
        client.post(&county.clerk, "/deliveries", Carrying::json(&body).once(format!("harvest-{id}"))).await?;
    let parts: Vec<_> = brought["items"]
        .as_array()
        .ok_or_else(|| DemoError::new("reading deliveries", "no list"))?
        .iter()
        .map(|delivery| json!({ "delivery_id": delivery["id"], "grams": delivery["grams"] }))
        .collect();
    let body = json!({ "product_id": id, "packed_on": day, "deliveries": parts });
    let lot = client.post(&county.clerk, "/lots", Carrying::json(&body).once(format!("lot-{id}"))).await?;
    Ok(Listed { product: id, lot: text(&lot, "id")? })
}
