//! Reference data: the real files load whole, loading twice changes nothing, a bad file loads nothing.

use crate::harness::postgres;
use entity::value::{AreaCode, SystemClock};
use liannong::access::{Actor, token::Tokens};
use liannong::app::App;
use liannong::config::Config;
use liannong::db::Database;
use liannong::problem::Failure;
use liannong::region::{self, CountyFilter, Loaded, ReliefCounty, RowError, dataset};
use liannong::secrecy::Secrets;
use liannong::{catalogue, listeners};
use sea_orm::{ConnectionTrait, Statement};
use std::sync::Arc;

/// A house with a schema and no data in it yet.
async fn empty_house(url: &str) -> App {
    let config = Config {
        data: std::env::temp_dir(),
        database_url: Some(url.to_owned()),
        listen: ([127, 0, 0, 1], 0).into(),
        production: false,
        public_address: None,
        secret: None,
        secret_file: None,
        smtp_url: None,
        smtp_root: None,
        smtp_patience_seconds: 20,
        meilisearch_url: None,
        meilisearch_key: None,
        meilisearch_index: "liannong_products".to_owned(),
        mail_from: "test@liannong.example".to_owned(),
        previous_secret: None,
        previous_secret_file: None,
        smallest_group: 5,
        requests_per_minute: 600.try_into().unwrap(),
        public_requests_per_minute: 600.try_into().unwrap(),
        origins: Vec::new(),
        reachable_networks: Vec::new(),
        token_minutes: 15,
        refresh_days: 14,
        sign_ins_per_minute: 30.try_into().unwrap(),
        return_days: 7,
        font: liannong::config::DEFAULT_FONT.into(),
        complaint_days: liannong::config::ComplaintDays::default(),
        late_interest: liannong::config::LateInterest::default(),
        order_clocks: liannong::config::OrderClocks::default(),
        income_windows: liannong::config::IncomeWindows::default(),
        ocid_prefix: "ocds-000000".to_owned(),
        trusted_proxies: Vec::new(),
        metrics_listen: None,
        open_telemetry: liannong::config::OpenTelemetry::default(),
        pool: 2,
        review_changes: Vec::new(),
        price_above_peers_percent: 50,
        price_above_reference_percent: 200,
        scan_command: None,
        files: None,
    };
    let secrets = Arc::new(Secrets::from_hex(&"5e".repeat(32)).expect("a secret"));
    let tokens = Tokens::new(&secrets, config.token_minutes).expect("keys");
    let db = Database::open(url, config.pool).await.expect("the database");
    App::new(db, Arc::new(SystemClock), secrets, tokens, config, listeners::JOBS)
}

/// Runs each scenario on a database of either kind, without the data that other tests start with.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($app:ident: &App) $body:block)+) => {$(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn scenario($app: &App) $body

            #[tokio::test]
            async fn sqlite() {
                let folder = tempfile::tempdir().unwrap();
                let url = format!("sqlite://{}?mode=rwc", folder.path().join("liannong.db").display());
                Database::migrate(&url).await.unwrap();
                scenario(&empty_house(&url).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                let key = format!("schema_{}", postgres::key_of_sources("migration"));
                let template = postgres::template(&key, Database::migrate).await;
                let database = postgres::clone_of(&template).await;
                scenario(&empty_house(&database.url).await).await;
            }
        }
    )+};
}

async fn load_all(app: &App) -> [Loaded; 4] {
    let loaded = app.transact(&Actor::System, async |tx| -> Result<_, Failure> {
        let [divisions, periods, counties] = region::load(tx).await?;
        Ok([divisions, periods, counties, catalogue::load(tx).await?])
    });
    loaded.await.expect("the data inside the binary is sound")
}

async fn count(app: &App, table: &str) -> i64 {
    let db = app.reader();
    let all = Statement::from_string(db.get_database_backend(), format!("select count(*) as many from {table}"));
    db.query_one_raw(all).await.expect("counting").expect("one row").try_get("", "many").expect("a number")
}

fn code(text: &str) -> AreaCode {
    AreaCode::parse(text).expect("a code")
}

async fn county(app: &App, text: &str) -> Option<ReliefCounty> {
    region::relief_county(app.reader(), &code(text)).await.expect("looking a county up")
}

async fn counties(app: &App, province: Option<&str>, name: Option<&str>) -> Vec<(String, String)> {
    let province = province.map(code);
    let filter = CountyFilter { province: province.as_ref(), name, after: None, limit: 1000 };
    let found = region::list_relief_counties(app.reader(), filter).await.expect("listing counties");
    found.into_iter().map(|county| (county.name, county.current_name)).collect()
}

on_both! {
    async fn the_real_files_load_once(app: &App) {
        assert_eq!(load_all(app).await, [Loaded::Rows(3351), Loaded::Rows(588), Loaded::Rows(832), Loaded::Rows(323)]);
        let editions = count(app, "dataset_version").await;
        assert_eq!(load_all(app).await, [Loaded::Unchanged; 4]);
        for (table, rows) in [("division", 3351), ("division_period", 588), ("relief_county", 832), ("category", 323)] {
            assert_eq!(count(app, table).await, rows, "{table}");
        }
        assert_eq!((editions, count(app, "dataset_version").await), (4, 4));
    }

    async fn a_new_edition_changes_rows_and_removes_none(app: &App) {
        load_all(app).await;
        let edition = "code,name,parent_code,level,scope\n110000,京,,1,gb2260\n";
        let load = app.transact(&Actor::System, async |tx| region::load_divisions(tx, edition.as_bytes()).await);
        assert_eq!(load.await.unwrap(), Loaded::Rows(1));
        assert_eq!(count(app, "division").await, 3351);
        assert_eq!(region::division(app.reader(), &code("110000")).await.unwrap().unwrap().name, "京");
    }

    async fn a_county_is_found_by_its_old_and_its_new_code(app: &App) {
        load_all(app).await;
        // Renamed in place: one code, two names.
        let xuanhua = county(app, "130705").await.unwrap();
        assert_eq!((xuanhua.name.as_str(), xuanhua.current_name.as_str()), ("宣化县", "宣化区"));
        // Merged into a city that is on the list under its own code.
        let lenghu = county(app, "632858").await.unwrap();
        assert_eq!((lenghu.name.as_str(), lenghu.current_code.as_str()), ("冷湖行委", "632803"));
        assert_eq!(county(app, "632803").await.unwrap().name, "茫崖行委");
        // A county that never was on the list, and a code that never was.
        assert_eq!(county(app, "110101").await, None);
        assert_eq!(county(app, "999999").await, None);
    }

    async fn counties_are_listed_by_province_and_by_either_name(app: &App) {
        load_all(app).await;
        assert_eq!(counties(app, Some("530000"), None).await.len(), 88);
        assert_eq!(counties(app, Some("110000"), None).await.len(), 0);
        let xuanhua = [("宣化县".to_owned(), "宣化区".to_owned())];
        assert_eq!(counties(app, None, Some("宣化县")).await, xuanhua);
        assert_eq!(counties(app, None, Some("宣化区")).await, xuanhua);
        assert_eq!(counties(app, Some("130000"), Some("宣化")).await, xuanhua);
        assert_eq!(counties(app, Some("530000"), Some("宣化")).await, []);
        assert_eq!(counties(app, None, Some("%")).await, []);
        assert_eq!(counties(app, None, Some("_")).await, []);
        let after = code("130125");
        let filter = CountyFilter { province: None, name: None, after: Some(&after), limit: 1 };
        let first = region::list_relief_counties(app.reader(), filter);
        assert_eq!(first.await.unwrap()[0].code.as_str(), "130126");
    }

    async fn divisions_and_categories_are_walked_downwards(app: &App) {
        load_all(app).await;
        let provinces = region::list_divisions(app.reader(), None).await.unwrap();
        assert_eq!(provinces.len(), 34);
        let below = region::list_divisions(app.reader(), Some(&code("520000"))).await.unwrap();
        assert!(below.iter().all(|division| region::province_of(&division.code) == code("520000")));
        assert_eq!(below.len(), 9);
        let top = catalogue::list_categories(app.reader(), None).await.unwrap();
        assert_eq!(top.len(), 11);
        let cereals = catalogue::list_categories(app.reader(), Some(&top[0].code)).await.unwrap();
        assert_eq!(cereals[0].name_en, "Cereals");
        assert_eq!(catalogue::find_category(app.reader(), &top[0].code).await.unwrap().as_ref(), Some(&top[0]));
    }

    async fn a_file_with_bad_rows_loads_nothing(app: &App) {
        let divisions = app.transact(&Actor::System, async |tx| {
            region::load_divisions(tx, BAD_DIVISIONS.as_bytes()).await
        });
        let failure = divisions.await.expect_err("it has bad rows");
        assert_eq!(failure.problem().errors.len(), 7, "{failure}");
        assert_eq!(failure.problem().errors[0].pointer, "/lines/3/code");
        load_all(app).await;
        let counties = app.transact(&Actor::System, async |tx| {
            region::load_counties(tx, BAD_COUNTIES.as_bytes()).await
        });
        assert!(counties.await.is_err());
        assert_eq!(count(app, "relief_county").await, 832);
        assert_eq!(load_all(app).await, [Loaded::Unchanged; 4], "the refused file is not the edition");
    }
}

const BAD_DIVISIONS: &str = "\u{feff}code,name,parent_code,level,scope
110000,北京市,,1,gb2260
1101,市辖区,110000,2,gb2260_group
110000,北京市,,1,gb2260
110100,,110000,2,gb2260_group
120000,天津市,,4,gb2260
130000,河北省,,1,invented
140000,山西省,,1
150000,内蒙古自治区,,x,gb2260
";

const BAD_COUNTIES: &str = "code,province,prefecture,name,current_code,current_name,exit_year,supervised_2020,\
key_county_2021,region,note
130125,河北省,石家庄市,行唐县,130125,行唐县,2018,no,no,东部,
130126,河北省,石家庄市,灵寿县,130199,灵寿县,2018,no,no,东部,
130127,河北省,石家庄市,某某县,130100,石家庄市,2018,no,no,东部,
130705,河北省,张家口市,宣化县,130705,宣化县,2018,no,no,东部,
130708,山西省,张家口市,万全县,130708,万全区,2018,no,no,东部,
130709,河北省,张家口市,崇礼县,130709,崇礼区,2021,no,no,东部,
130722,河北省,张家口市,张北县,130722,张北县,2019,,no,东部,
130723,河北省,张家口市,康保县,130723,康保县,2019,no,maybe,东部,
";

/// The refused rows as a reader sees them.
fn told(errors: &[RowError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn every_bad_division_is_named() {
    assert_eq!(
        told(&dataset::parse_divisions(BAD_DIVISIONS.as_bytes()).unwrap_err()),
        [
            "line 3, column code: an area code has six digits, for example 522625",
            "line 4, column code: 110000 is there twice",
            "line 5, column name: must not be empty",
            "line 6, column level: must be a whole number between 1 and 3",
            "line 7, column scope: must be one of gb2260, gb2260_group, stat_only",
            "line 8: has 4 columns where the header has 5",
            "line 9, column level: must be a whole number between 1 and 3",
        ]
    );
    let misplaced = "code,name,parent_code,level,scope\n\
        110101,东城区,110100,3,gb2260\n\
        120000,天津市,,1,gb2260\n\
        120101,和平区,120000,3,gb2260\n\
        130100,石家庄市,,2,gb2260\n";
    let errors = dataset::parse_divisions(misplaced.as_bytes()).unwrap_err();
    assert_eq!(
        told(&errors),
        [
            "line 2, column parent_code: there is no division 110100",
            "line 4, column parent_code: 120000 is not one level above",
            "line 5, column parent_code: only a province has no parent",
        ]
    );
    assert_eq!(errors[0].reason.zh, "上级 110100 不存在");
    assert_eq!(
        told(&dataset::parse_divisions("code,name\n".as_bytes()).unwrap_err()),
        [
            "line 1, column parent_code: the file has no such column",
            "line 1, column level: the file has no such column",
            "line 1, column scope: the file has no such column",
        ]
    );
    let latin1 = [b"code,name,parent_code,level,scope\n110000,".as_slice(), &[0xb1, 0xb1], b",,1,gb2260\n"].concat();
    assert_eq!(told(&dataset::parse_divisions(latin1.as_slice()).unwrap_err()), ["line 2: is not UTF-8"]);
}

#[test]
fn every_bad_period_is_named() {
    let divisions = dataset::unpack(dataset::DIVISIONS).unwrap();
    let divisions = dataset::parse_divisions(divisions.as_slice()).unwrap();
    let file = "code,name,valid_from,valid_until,successors,basis\n\
        130721,宣化县,,2016-12-31,130705,\n\
        130721,宣化县,,2016-12-31,130705,\n\
        130722,某县,,2016,130705,\n\
        130723,某县,2017-01-01,2016-12-31,130705,\n\
        130729,万全县,,2016-12-31,,\n\
        130708,崇礼区,2016-01-01,,,\n\
        130799,某区,2016-01-01,,,\n";
    assert_eq!(
        told(&dataset::parse_periods(file.as_bytes(), &divisions).unwrap_err()),
        [
            "line 3, column code: 130721 宣化县 is there twice",
            "line 4, column valid_until: must be a day such as 2015-12-31",
            "line 5, column valid_until: lies before the first day",
            "line 6, column successors: a code that ended has successors",
            "line 7, column valid_until: this is no division of this name today",
            "line 8, column valid_until: this is no division of this name today",
        ]
    );
    let astray = "code,name,valid_from,valid_until,successors,basis\n\
        130721,宣化县,,2016-12-31,130705 139999,\n130729,万全县,,2016-12-31,130708 x,\n";
    assert_eq!(
        told(&dataset::parse_periods(astray.as_bytes(), &divisions).unwrap_err()),
        [
            "line 2, column successors: there is no division 139999",
            "line 3, column successors: successors are codes of six digits",
        ]
    );
}

/// Every code of the list of 2014 that counties had before they changed leads to the county that the list names today.
#[test]
fn periods_and_the_list_of_2014_agree() {
    use std::collections::HashMap;
    let divisions = dataset::unpack(dataset::DIVISIONS).unwrap();
    let divisions = dataset::parse_divisions(divisions.as_slice()).unwrap();
    let periods = dataset::unpack(dataset::PERIODS).unwrap();
    let periods = dataset::parse_periods(periods.as_slice(), &divisions).unwrap();
    let counties = dataset::unpack(dataset::COUNTIES).unwrap();
    let counties = dataset::parse_counties(counties.as_slice(), &divisions).unwrap();
    let ended: HashMap<_, _> = periods.iter().filter(|p| p.valid_until.is_some()).map(|p| (&p.code, p)).collect();
    let mut compared = 0;
    for county in counties.iter().filter(|county| county.name != county.current_name) {
        // The period of the old name, wherever its code was, and what it came to.
        let Some(mut period) = periods.iter().find(|p| {
            p.name == county.name
                && p.valid_until.is_some()
                && region::province_of(&p.code) == region::province_of(&county.code)
        }) else {
            continue;
        };
        let came = loop {
            let next = region::period::successors(period)[0].clone();
            match ended.get(&next).filter(|further| further.code != period.code) {
                Some(further) => period = further,
                None => break next,
            }
        };
        assert_eq!(came, county.current_code, "{}", county.name);
        compared += 1;
    }
    assert!(compared > 30, "only {compared} counties were compared");
}

#[test]
fn every_bad_county_is_named() {
    let divisions = dataset::unpack(dataset::DIVISIONS).unwrap();
    let divisions = dataset::parse_divisions(divisions.as_slice()).unwrap();
    assert_eq!(
        told(&dataset::parse_counties(BAD_COUNTIES.as_bytes(), &divisions).unwrap_err()),
        [
            "line 3, column current_code: 130199 is no county today",
            "line 4, column current_code: 130100 is no county today",
            "line 5, column current_name: 130705 is called 宣化区 today",
            "line 6, column province: 130708 is not in 山西省",
            "line 7, column exit_year: must be a whole number between 2016 and 2020",
            "line 8, column supervised_2020: must not be empty",
            "line 9, column key_county_2021: must be yes or no",
        ]
    );
}

#[test]
fn every_bad_category_is_named() {
    let file = "code,parent_code,name_zh,name_en,level\n\
        01,,粮油米面,Grains,1\n\
        01,,粮油米面,Grains,1\n\
        0101,01,谷类作物,,2\n\
        0102,01,薯类,Tubers,3\n\
        012,01,豆类,Pulses,2\n";
    assert_eq!(
        told(&catalogue::dataset::parse_categories(file.as_bytes()).unwrap_err()),
        [
            "line 3, column code: 01 is there twice",
            "line 4, column name_en: must not be empty",
            "line 5, column level: must be half the number of digits of the code",
            "line 6, column code: a category code has two, four or six digits, for example 0101",
        ]
    );
    let misplaced = "code,parent_code,name_zh,name_en,level\n0101,02,谷类作物,Cereals,2\n0201,02,蔬菜,Greens,2\n";
    assert_eq!(
        told(&catalogue::dataset::parse_categories(misplaced.as_bytes()).unwrap_err()),
        [
            "line 2, column parent_code: must be the code without its last two digits, \"01\"",
            "line 3, column parent_code: there is no category 02",
        ]
    );
}
