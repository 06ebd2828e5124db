//! Whether a household's risk is gone (风险消除条件): its rolling reference income is above the threshold of the year, no clue
//! about it waits, and its measures are over. Each condition that is not met is said with its numbers.

use super::{MonitoringError, store};
use crate::adjustment::{AdjustmentError, RemovalConditions, Unmet};
use crate::config::IncomeWindows;
use crate::db::Tx;
use crate::http::text::{Digits, yuan};
use crate::problem::Text;
use crate::welfare::{self, Verdict, WelfareError};
use chrono::Datelike;
use entity::value::{AreaCode, HouseholdId, MeasureState, business_date};
use sea_orm::DbErr;

/// Asks the figures, the clues and the measures.
#[derive(Debug, Clone, Copy)]
pub struct Conditions {
    /// How long the windows of income are.
    pub windows: IncomeWindows,
}

impl RemovalConditions for Conditions {
    fn unmet<'a>(&'a self, tx: &'a Tx, household: HouseholdId, county: &'a AreaCode) -> Unmet<'a> {
        Box::pin(async move { unmet(tx, (household, county), self.windows).await.map_err(as_a_case_says) })
    }
}

/// The same fault in the words of cases.
fn as_a_case_says(error: MonitoringError) -> AdjustmentError {
    match error {
        MonitoringError::Adjustment(error) => error,
        MonitoringError::Overflow(error) | MonitoringError::Welfare(WelfareError::Overflow(error)) => error.into(),
        MonitoringError::Database(error) | MonitoringError::Welfare(WelfareError::Database(error)) => error.into(),
        other => DbErr::Custom(other.to_string()).into(),
    }
}

async fn unmet(
    tx: &Tx,
    (household, county): (HouseholdId, &AreaCode),
    windows: IncomeWindows,
) -> Result<Vec<Text>, MonitoringError> {
    let today = business_date(tx.now());
    let standing = welfare::standing(tx, (household, county), today, windows).await?;
    let mut unmet = Vec::new();
    let income = yuan(standing.reference_per_head.unwrap_or(0), Digits::Plain);
    match (standing.verdict, &standing.threshold) {
        (Verdict::AboveRange, _) => {}
        (_, Some(threshold)) => {
            let line = threshold.per_head_fen;
            unmet.push(Text::new(
                format!("近 {} 个月人均参考收入 {income} 元，未高于标准 {line} 元。", windows.income_window_months),
                format!("The reference income per head is {income} yuan, not above the threshold of {line} yuan."),
            ));
        }
        (_, None) => {
            let year = today.year();
            unmet.push(Text::new(
                format!("{year} 年没有监测收入标准，无法判定（人均参考收入 {income} 元）。"),
                format!("There is no threshold for {year}, so nothing can be said of {income} yuan per head."),
            ));
        }
    }
    let clues = store::count_waiting(tx, household).await?;
    if clues > 0 {
        unmet.push(Text::new(format!("尚有 {clues} 条预警线索未处置。"), format!("{clues} clues wait for somebody.")));
    }
    let measures = store::measures_of(tx, &[household]).await?;
    let running = measures.iter().filter(|row| row.state == MeasureState::Running).count();
    if running > 0 {
        let (zh, en) = (format!("尚有 {running} 项帮扶措施未结束。"), format!("{running} measures are under way."));
        unmet.push(Text::new(zh, en));
    }
    Ok(unmet)
}
