//! Divisions and counties as they go out.

use super::{Division as DivisionRow, ReliefCounty as ReliefCountyRow};
use chrono::NaiveDate;
use entity::value::AreaCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which divisions are wanted.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DivisionFilter {
    /// Those directly in this one; the provinces when not given.
    pub parent: Option<AreaCode>,
    /// As they were on this day; today when not given.
    #[param(example = "2015-06-30")]
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub on: Option<NaiveDate>,
}

/// As of when a division is wanted.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DivisionDay {
    /// As it was on this day. When not given: as it is, or for a code that ended as it was last.
    #[param(example = "2015-06-30")]
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub on: Option<NaiveDate>,
}

/// A division in a few words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DivisionBrief {
    /// Its code today.
    pub code: AreaCode,
    /// Its name today.
    #[schema(example = "宣化区")]
    pub name: String,
}

/// Which of the 832 counties are wanted.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReliefCountyFilter {
    /// In the province of this code.
    pub province: Option<AreaCode>,
    /// With this in the name, on the list of 2014 or of today.
    #[param(max_length = 40, example = "雷山")]
    pub name: Option<String>,
}

/// An administrative division (行政区划).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Division {
    /// Its code in GB/T 2260.
    pub code: AreaCode,
    /// Its name.
    #[schema(example = "雷山县")]
    pub name: String,
    /// The division it lies in; null for a province.
    pub parent_code: Option<AreaCode>,
    /// 1 province, 2 prefecture, 3 county.
    #[schema(minimum = 1, maximum = 3, example = 3)]
    pub level: i16,
    /// `gb2260`, `gb2260_group` (a heading without a government of its own) or `stat_only` (used in statistics only).
    #[schema(example = "gb2260")]
    pub scope: String,
    /// The first day of this code with this name, by yearly tables; null when it was so before 2014.
    pub valid_from: Option<NaiveDate>,
    /// Its last day, by yearly tables; null while it lasts.
    pub valid_until: Option<NaiveDate>,
    /// The divisions of today that came of it, the main one first; itself, when only its name changed.
    pub successors: Vec<DivisionBrief>,
    /// The number of the document that made it or ended it (文号), where it is known.
    #[schema(example = "国函〔2016〕5号")]
    pub basis: Option<String>,
}

impl From<DivisionRow> for Division {
    fn from(row: DivisionRow) -> Self {
        Self {
            code: row.code,
            name: row.name,
            parent_code: row.parent_code,
            level: row.level,
            scope: row.scope,
            valid_from: None,
            valid_until: None,
            successors: Vec::new(),
            basis: None,
        }
    }
}

/// One of the 832 counties lifted out of poverty (脱贫县), as it was listed and as it is today.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReliefCounty {
    /// Its code on the list of 2014.
    pub code: AreaCode,
    /// Its name on the list.
    #[schema(example = "雷山县")]
    pub name: String,
    /// Its province then.
    #[schema(example = "贵州省")]
    pub province: String,
    /// Its prefecture then.
    #[schema(example = "黔东南苗族侗族自治州")]
    pub prefecture: String,
    /// The code of the county it is, or lies in, today; everything else in the interface uses this one.
    pub current_code: AreaCode,
    /// The name of that county.
    #[schema(example = "雷山县")]
    pub current_name: String,
    /// The year it left poverty (摘帽年份).
    #[schema(example = 2019)]
    pub exit_year: i16,
    /// Whether it was under listed supervision in 2020 (挂牌督战).
    pub supervised_2020: bool,
    /// Whether it is a key county of 2021 (国家乡村振兴重点帮扶县); null where the list is not public.
    pub key_county_2021: Option<bool>,
    /// East, centre, west or north-east.
    #[schema(example = "西部")]
    pub region: String,
    /// What happened to its name or borders.
    pub note: String,
}

impl From<ReliefCountyRow> for ReliefCounty {
    fn from(row: ReliefCountyRow) -> Self {
        Self {
            code: row.code,
            name: row.name,
            province: row.province,
            prefecture: row.prefecture,
            current_code: row.current_code,
            current_name: row.current_name,
            exit_year: row.exit_year,
            supervised_2020: row.supervised_2020,
            key_county_2021: row.key_county_2021,
            region: row.region,
            note: row.note,
        }
    }
}
