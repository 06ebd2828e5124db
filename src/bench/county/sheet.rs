//! The register of a county as a sheet: households of three and four people, who cannot exist.

use chrono::{Days, NaiveDate};
use entity::value::{BankAccount, ResidentId};
use fastrand::Rng;
use std::fmt::Write;

/// The columns that are filled, by their stable names.
const COLUMNS: &str = "household_number,village,registered_on,household_type,monitored,name,relation,id_number,phone,\
                       bank_account,education,health,skill,work_place,work_months,cropland,forest";
const FAMILY: [char; 12] = ['杨', '龙', '吴', '石', '潘', '王', '李', '张', '陆', '欧', '韦', '姜'];
const GIVEN: [char; 16] =
    ['秀', '英', '明', '华', '兰', '国', '珍', '芳', '强', '燕', '军', '梅', '文', '玉', '安', '成'];
/// Days from the first to the last birth.
const BIRTHDAYS: u32 = 27_000;

/// How many people a household has: three and a half on the average.
pub(super) const fn people_of(household: u32) -> u32 {
    3 + household % 2
}

/// The `number`th identity number: of an area that no division has, so that it belongs to nobody.
fn resident_id(number: u32) -> Option<String> {
    let first = NaiveDate::from_ymd_opt(1940, 1, 1)?;
    let born = first.checked_add_days(Days::new(u64::from(number % BIRTHDAYS)))?;
    let body = format!("999999{}{:03}", born.format("%Y%m%d"), number / BIRTHDAYS % 1000);
    let check = ResidentId::check_character(&body)?;
    Some(format!("{body}{check}"))
}

/// A card of an issuer that does not exist.
fn card(number: u32) -> Option<String> {
    let card = |check: u32| format!("999999{number:010}{check}");
    (0..10).map(card).find(|card| BankAccount::parse(card).is_ok())
}

fn name(random: &mut Rng) -> String {
    let mut one = |of: &[char]| random.choice(of).copied().unwrap_or('杨');
    [one(&FAMILY), one(&GIVEN), one(&GIVEN)].iter().collect()
}

/// What is said of a household on the row of its head.
fn of_household(number: u32, random: &mut Rng) -> (String, &'static str) {
    let year = 2014 + number % 8;
    let day = format!("{year}-{:02}-{:02}", number % 12 + 1, number % 28 + 1);
    // Two of a hundred are monitored.
    let kinds = match number % 100 {
        0 => "脱贫户,脱贫不稳定户",
        1 => "一般农户,边缘易致贫户",
        2..=70 => "脱贫户,否",
        _ => "一般农户,否",
    };
    (format!("{day},{kinds}"), random.choice(["3.50,12.00", "1.20,", "6.00,20.50"]).unwrap_or("1.20,"))
}

/// A sheet of so many households in these villages, as CSV.
pub(super) fn sheet(households: u32, villages: &[String]) -> Vec<u8> {
    let mut random = Rng::with_seed(7);
    let mut text = String::with_capacity(usize::try_from(households).unwrap_or(0) * 600);
    text.push_str(COLUMNS);
    text.push('\n');
    let mut person = 0;
    for household in 0..households {
        let village = villages.get(household as usize % villages.len().max(1)).map_or("", String::as_str);
        let (said, land) = of_household(household, &mut random);
        for place in 0..people_of(household) {
            let number = format!("{}{:012}", super::COUNTY, household + 1);
            let (relation, said, land) = match place {
                0 => ("户主", said.as_str(), land),
                1 => ("配偶", ",,", ","),
                _ => ("子女", ",,", ","),
            };
            let (phone, card) = match place {
                0 => (format!("138{household:08}"), card(household).unwrap_or_default()),
                _ => Default::default(),
            };
            let away = if random.u8(..4) == 0 { "广东省东莞市,8" } else { "," };
            let health = random.choice(["健康", "健康", "健康", "长期慢性病", "患有大病"]).unwrap_or("健康");
            let education = random.choice(["小学", "初中", "高中或中专"]).unwrap_or("小学");
            let (id, name) = (resident_id(person).unwrap_or_default(), name(&mut random));
            // Writing into memory does not fail.
            let _written = writeln!(
                text,
                "{number},{village},{said},{name},{relation},{id},{phone},{card},{education},{health},普通劳动力,{away},{land}"
            );
            person += 1;
        }
    }
    text.into_bytes()
}
