//! What the demonstration's units reserve: the national policy, and a confirmed filing of each unit for each year.

use super::client::{Carrying, Client, DemoError, number, text};
use super::world::World;
use crate::organisation;
use entity::value::state::OrganisationKind as Kind;
use serde_json::json;
use std::ops::RangeInclusive;

/// What an invented unit's canteen buys in a year, and what it reserves of that.
const CANTEEN: [(i64, i64, u32); 2] = [(180_000_000, 27_000_000, 420), (96_000_000, 9_600_000, 230)];

/// Enters the policy of each year, has each unit file, and those above it confirm.
pub async fn file(client: &Client, world: &World, years: RangeInclusive<i32>) -> Result<(), DemoError> {
    for year in years.clone() {
        let policy = json!({
            "region_code": null, "year": year, "canteen_bp": 1000, "union_bp": 0, "not_below_last_year": false,
            "counts": "completed", "counts_union": true, "counts_contractor": true, "counts_individual": true,
            "document": "财库〔2021〕19号 关于运用政府采购政策支持乡村产业振兴的通知",
        });
        client.post(&world.operator, "/quota-policies", Carrying::json(&policy)).await?;
    }
    let mut canteens = CANTEEN.iter().cycle();
    for officer in &world.officers {
        let unit = organisation::find(client.app.reader(), officer.organisation).await;
        let unit = unit.map_err(|error| DemoError::new("looking for a unit", error))?;
        let Some(unit) = unit.filter(|unit| unit.kind == Kind::BudgetUnit) else { continue };
        let mut steps = vec![(officer, "submit"), (&world.finance, "confirm")];
        if unit.parent_id == Some(world.superior.organisation) {
            steps.insert(1, (&world.superior, "confirm"));
        }
        let Some((total, reserved, diners)) = canteens.next() else { break };
        for year in years.clone() {
            let filing = json!({ "year": year, "content": {
                "kind": "has_canteen", "canteen_total_fen": total, "canteen_reserved_fen": reserved,
                "union_total_fen": 0, "union_reserved_fen": 0, "diners": diners,
            } });
            let mut filing = client.post(officer, "/quota-filings", Carrying::json(&filing)).await?;
            for (by, step) in steps.iter().copied() {
                let path = format!("/quota-filings/{}/{step}", text(&filing, "id")?);
                let carrying = Carrying::default().version(number(&filing, "version")?);
                filing = client.post(by, &path, carrying).await?;
            }
        }
    }
    Ok(())
}
