//! Invented people: names drawn from common characters, identity numbers that are valid in form and impossible in fact.

use entity::value::ResidentId;
use fastrand::Rng;

const FAMILY: &[char] = &[
    '王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '徐', '孙', '马', '朱', '胡', '郭', '何', '林', '罗',
    '高', '郑', '梁', '谢', '宋', '唐', '许', '韩', '冯', '邓', '曹', '彭', '曾', '肖', '田', '董', '潘', '袁', '蔡',
    '蒋', '余',
];
const GIVEN: &[char] = &[
    '伟', '芳', '娜', '敏', '静', '丽', '强', '磊', '军', '洋', '勇', '艳', '杰', '娟', '涛', '明', '超', '秀', '霞',
    '平', '刚', '桂', '英', '华', '玉', '兰', '梅', '春', '秋', '文', '斌', '辉', '鹏', '燕', '红', '建', '国', '荣',
    '福', '贵',
];
const VILLAGE: &[&str] = &[
    "上河", "下坝", "大坪", "小寨", "石桥", "柳树", "红岩", "白水", "青山", "龙潭", "双河", "三合", "新民", "和平",
    "团结", "东风", "向阳", "高峰", "清泉", "金竹", "银杏", "桃园", "枫林", "云岭",
];

fn one<'a, T>(random: &mut Rng, all: &'a [T]) -> &'a T {
    &all[random.usize(..all.len())]
}

/// A person's name.
pub fn name(random: &mut Rng) -> String {
    let mut name = String::from(*one(random, FAMILY));
    name.push(*one(random, GIVEN));
    if random.u8(..10) < 7 {
        name.push(*one(random, GIVEN));
    }
    name
}

/// A village's name.
pub fn village(random: &mut Rng) -> String {
    format!("{}村", one(random, VILLAGE))
}

/// The `number`th identity number of the demonstration: area 999999, which no division has, and a birth date in
/// 1900, so that it can belong to nobody; the check digit is valid.
pub fn resident_id(number: u32) -> Option<ResidentId> {
    let (month, day, serial) = (number / 28_000 % 12 + 1, number / 1000 % 28 + 1, number % 1000);
    let body = format!("9999991900{month:02}{day:02}{serial:03}");
    let check = ResidentId::check_character(&body)?;
    ResidentId::parse(&format!("{body}{check}")).ok()
}

/// A bank card number with a valid check digit and an issuer that does not exist (999999).
pub fn bank_account(number: u32) -> Option<entity::value::BankAccount> {
    (0..10).find_map(|check| entity::value::BankAccount::parse(&format!("999999{number:010}{check}")).ok())
}
