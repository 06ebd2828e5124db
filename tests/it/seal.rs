//! What seals promise: whatever was posted is sealed once, and what was sealed cannot be changed unnoticed.

use crate::harness::*;
use crate::verify::{report, unlock, world};
use entity::value::{BudgetId, Clock, Fen, PostingId, Side};
use entity::{entry, posting, seal as seals, seal_leaf};
use liannong::access::Actor;
use liannong::jobs::{self, Scheduled};
use liannong::ledger::merkle::{Hash, Tree, leaf};
use liannong::ledger::{self, Account, Line, Posting};
use liannong::listeners;
use liannong::problem::{Failure, Problem};
use liannong::seal::{self, Reach, SealKey, Unsigned};
use liannong::verify::{Report, Trust, digests, read_head, read_key, verify_with};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

pub(crate) async fn seal_all(t: &TestApp) -> Vec<seals::Model> {
    seal::seal_all(&t.app, Reach::Recent).await.unwrap()
}

pub(crate) fn key(t: &TestApp) -> [u8; 32] {
    SealKey::of(&t.app.secrets).unwrap().public()
}

pub(crate) async fn report_with(t: &TestApp, trust: Trust) -> Report {
    verify_with(t.app.reader(), &trust, |_| {}).await.unwrap()
}

pub(crate) async fn trusting_the_key(t: &TestApp) -> Report {
    report_with(t, Trust { keys: vec![key(t)], ..Trust::default() }).await
}

pub(crate) async fn faulty(t: &TestApp, trust: Trust, table: &str, words: &str) {
    let report = report_with(t, trust).await;
    let fault = report.fault.clone().unwrap_or_else(|| panic!("nothing was found: {report}"));
    assert_eq!(fault.table, table, "{report}");
    assert!(fault.en.contains(words), "{report}");
}

pub(crate) fn published(seal: &seals::Model) -> Option<(i64, Hash)> {
    read_head(&format!("{}:{}", seal.number, seal.hash))
}

/// Lets go of foreign keys as well, as somebody with the database's password can.
pub(crate) async fn unlock_all(t: &TestApp) {
    for table in ["entry", "posting", "seal", "seal_leaf", "audit_event", "audit_leaf"] {
        unlock(t, table).await;
        if t.is_postgres() {
            t.sql(&format!("alter table {table} disable trigger all")).await.unwrap();
        }
    }
    if !t.is_postgres() {
        t.sql("pragma foreign_keys = off").await.unwrap();
    }
}

fn grant(number: u32) -> Posting {
    let (budget, fen) = (BudgetId::generate(), Fen::new(100).unwrap());
    Posting::new(format!("test:{number}"), "test", date("2026-03-02"), Uuid::nil())
        .debit(Account::budget_available(budget), fen, None)
        .credit(Account::budget_granted(budget), fen, None)
}

pub(crate) async fn post(t: &TestApp, postings: std::ops::Range<u32>) -> Vec<PostingId> {
    let all: Vec<_> = postings.map(grant).collect();
    t.app.transact(&Actor::System, async |tx| ledger::post_all(tx, all.clone()).await).await.unwrap()
}

async fn lines_of(t: &TestApp, id: PostingId) -> Vec<entry::Model> {
    let lines = entry::Entity::find().filter(entry::Column::PostingId.eq(id));
    lines.order_by_asc(entry::Column::LineNo).all(t.direct()).await.unwrap()
}

fn said(lines: &[entry::Model]) -> Vec<Line> {
    let line = |row: &entry::Model| Line {
        account: row.account_id,
        side: row.side,
        amount: row.amount_fen,
        supplier_order: row.supplier_order_id,
    };
    lines.iter().map(line).collect()
}

pub(crate) async fn a_settled(t: &TestApp) -> posting::Model {
    let settled = posting::Entity::find().filter(posting::Column::Kind.eq("settled"));
    settled.order_by_asc(posting::Column::Id).one(t.direct()).await.unwrap().unwrap()
}

/// Writes a posting's digest anew, as its lines are now.
pub(crate) async fn digest_anew(t: &TestApp, row: posting::Model) -> String {
    let salt = ledger::read_salt(row.salt.as_deref().unwrap()).unwrap();
    let lines = said(&lines_of(t, row.id).await);
    let digest = ledger::digest_v3(&salt, &crate::ledger::head(&row), &lines);
    let mut row = row.into_active_model();
    row.digest = Set(digest.clone());
    posting::Entity::update(row).exec(t.direct()).await.unwrap();
    digest
}

/// The chain anew, from the leaves as they are now, with any key.
pub(crate) async fn sign_anew(t: &TestApp, key: &SealKey) {
    let mut previous = [0; 32];
    for row in seals::Entity::find().order_by_asc(seals::Column::Number).all(t.direct()).await.unwrap() {
        let leaves = seal_leaf::Entity::find().filter(seal_leaf::Column::SealNumber.eq(row.number));
        let leaves = leaves.order_by_asc(seal_leaf::Column::LeafIndex).all(t.direct()).await.unwrap();
        let leaves: Vec<Hash> = leaves.iter().map(|row| leaf(&hex::decode(&row.digest).unwrap())).collect();
        let unsigned = Unsigned {
            number: row.number,
            previous,
            root: Tree::new(leaves).root(),
            posting_count: row.posting_count,
            audit: row
                .audit_root
                .zip(row.audit_count)
                .map(|(root, count)| (hex::decode(root).unwrap().try_into().unwrap(), count)),
            sealed_at: row.sealed_at,
        };
        let forged = unsigned.sign(key);
        previous = hex::decode(&forged.hash).unwrap().try_into().unwrap();
        seals::Entity::update(forged.into_active_model().reset_all()).exec(t.direct()).await.unwrap();
    }
}

both! {
    async fn everything_is_sealed_once(t: TestApp) {
        assert!(seal_all(t).await.is_empty());
        world(t).await;
        let first = seal_all(t).await;
        assert_eq!((first.len(), first[0].number, first[0].posting_count), (1, 1, 11));
        assert_eq!(first[0].previous_hash, "00".repeat(32));
        assert!(seal_all(t).await.is_empty(), "there was nothing left");
        t.clock.advance(chrono::Duration::minutes(1));
        post(t, 0..3).await;
        let second = seal_all(t).await;
        assert_eq!((second[0].number, second[0].posting_count), (2, 3));
        assert_eq!(second[0].previous_hash, first[0].hash);
        let report = trusting_the_key(t).await;
        let line = report.to_string();
        assert!(line.starts_with("sound 一致: 14 postings, 47 entries,") && line.contains(" 14 sealed in 2 seals, 0 unsealed; audit: "), "{line}");
        assert_eq!(report.head, Some(format!("2:{}", second[0].hash)));
        assert_eq!(report.unconfirmed_key, None);
        let head = Trust { head: published(&first[0]), ..Trust::default() };
        let report = report_with(t, head).await;
        assert!(report.is_sound(), "{report}");
        assert_eq!(report.unconfirmed_key, Some(hex::encode(key(t))));

        let page = t.get("/seals?limit=1").await.ok();
        assert_eq!(page["items"][0]["hash"], second[0].hash);
        let page = t.get(&format!("/seals?limit=1&cursor={}", page["next"].as_str().unwrap())).await.ok();
        assert_eq!((&page["items"][0]["hash"], &page["next"]), (&first[0].hash.clone().into(), &serde_json::Value::Null));
        let shown = t.get("/seals/2").await.ok();
        assert_eq!(shown["signature"], second[0].signature);
        assert_eq!(read_key(shown["public_key"].as_str().unwrap()), Some(key(t)));
        t.get("/seals/3").await.refused(404, "not_found");
    }

    /// What is found is what has no leaf: a posting that commits late, with an older identifier, is not passed over.
    /// It is of the first format, which stays verifiable.
    async fn a_posting_that_commits_late_is_sealed_too(t: TestApp) {
        post(t, 0..5).await;
        seal_all(t).await;
        let millis = Uuid::now_v7().as_u128() >> 80;
        let long_ago = |minutes: u128| PostingId::from_uuid(Uuid::from_u128((millis - minutes * 60_000) << 80 | 7));
        let lines = said(&lines_of(t, post(t, 5..6).await[0]).await);
        for (minutes, reach, found) in [(30, Reach::Recent, 2), (240, Reach::Recent, 0), (240, Reach::Whole, 1)] {
            let id = long_ago(minutes);
            if posting::Entity::find_by_id(id).count(t.direct()).await.unwrap() == 0 {
                let rows = (1..).zip(&lines).map(|(line_no, line)| entry::Model {
                    posting_id: id,
                    line_no,
                    account_id: line.account,
                    side: line.side,
                    amount_fen: line.amount,
                    supplier_order_id: None,
                });
                let cause = format!("late:{minutes}");
                let row = posting::Model {
                    id,
                    digest: ledger::digest(&cause, "test", date("2026-03-02"), Uuid::nil(), &lines),
                    cause,
                    kind: "test".to_owned(),
                    business_date: date("2026-03-02"),
                    posted_at: t.clock.now(),
                    object_id: Uuid::nil(),
                    salt: None,
                    rule_version: None,
                    inputs_hash: None,
                };
                use sea_orm::TransactionTrait;
                let tx = t.direct().begin().await.unwrap();
                entry::Entity::insert_many(rows.map(IntoActiveModel::into_active_model)).exec_without_returning(&tx).await.unwrap();
                posting::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await.unwrap();
                tx.commit().await.unwrap();
                add_sums(t, &lines).await;
            }
            let made = seal::seal_all(&t.app, reach).await.unwrap();
            assert_eq!(made.iter().map(|seal| seal.posting_count).sum::<i64>(), found, "{minutes} minutes, {reach:?}");
        }
        let report = trusting_the_key(t).await;
        assert!(report.is_sound(), "{report}");
        assert_eq!((report.sealed, report.unsealed), (8, 0));
    }

    /// Several servers at once: the chain has no gap and no posting is in it twice.
    async fn two_that_seal_at_once_make_one_chain(t: TestApp) {
        post(t, 0..50).await;
        let attempts = (0..4).map(|_| seal::seal_all(&t.app, Reach::Recent));
        for refusal in futures_util::future::join_all(attempts).await.into_iter().filter_map(Result::err) {
            assert_eq!(refusal.problem().kind.code, "busy", "{refusal}");
        }
        let report = trusting_the_key(t).await;
        assert!(report.is_sound(), "{report}");
        assert_eq!((report.sealed, report.unsealed), (50, 0));
    }

    /// Trees of every size up to a few pages, one posting after the other under seals of their own.
    async fn chains_of_many_sizes_are_sound(t: TestApp) {
        let mut posted = 0;
        for size in [1, 2, 3, 4, 5, 7, 8, 9, 31, 450] {
            post(t, posted..posted + size).await;
            posted += size;
            assert_eq!(seal_all(t).await.len(), 1);
        }
        let report = trusting_the_key(t).await;
        assert!(report.is_sound(), "{report}");
        assert_eq!((report.seals, report.sealed), (10, u64::from(posted)));
        let since = report_with(t, Trust { since: Some(10), ..Trust::default() }).await;
        assert!(since.is_sound(), "{since}");
        assert_eq!((since.seals, since.sealed), (1, 450));
    }

    /// What the minutes do: each turn is taken once, whoever else is there.
    async fn each_turn_of_the_clock_is_taken_once(t: TestApp) {
        post(t, 0..2).await;
        let turn = async || {
            let both = futures_util::future::join_all((0..3).map(|_| jobs::tick(&t.app, listeners::CLOCK))).await;
            let mut taken: Vec<_> = both.into_iter().flat_map(|ticked| ticked.unwrap().0).collect();
            taken.retain(|name| name.starts_with("seal."));
            taken.sort_unstable();
            taken
        };
        assert_eq!(turn().await, ["seal.recent", "seal.whole"]);
        assert_eq!(seals::Entity::find().count(t.direct()).await.unwrap(), 1);
        assert!(turn().await.is_empty());
        post(t, 2..3).await;
        t.clock.advance(chrono::Duration::seconds(60));
        assert_eq!(turn().await, ["seal.recent"]);
        assert_eq!(seals::Entity::find().count(t.direct()).await.unwrap(), 2);
        t.clock.advance(chrono::Duration::days(1));
        assert_eq!(turn().await, ["seal.recent", "seal.whole"]);
    }

    /// Work that fails is told and has its next turn; the rest of the plan is not held up.
    async fn a_turn_that_fails_holds_nothing_up(t: TestApp) {
        static PLAN: &[Scheduled] = &[
            Scheduled { name: "fails", every_seconds: 60, run: |_| Box::pin(async { Err(Failure::from(Problem::internal()).into()) }) },
            seal::EVERY_MINUTE,
        ];
        post(t, 0..1).await;
        let (taken, next) = jobs::tick(&t.app, PLAN).await.unwrap();
        assert_eq!(taken, ["fails", "seal.recent"]);
        assert_eq!(next, t.clock.now() + chrono::Duration::seconds(60));
        assert_eq!(seals::Entity::find().count(t.direct()).await.unwrap(), 1);
    }

    /// A posting put in behind the house's back is not under a seal, and is counted as such.
    async fn an_inserted_posting_is_not_under_a_seal(t: TestApp) {
        world(t).await;
        seal_all(t).await;
        post(t, 0..1).await;
        let report = trusting_the_key(t).await;
        assert!(report.is_sound(), "{report}");
        assert_eq!((report.sealed, report.unsealed), (11, 1));
        assert!(report.to_string().contains(" 11 sealed in 1 seals, 1 unsealed; audit: "), "{report}");
    }

    async fn an_entry_put_into_a_sealed_posting_is_found(t: TestApp) {
        world(t).await;
        seal_all(t).await;
        unlock_all(t).await;
        let row = a_settled(t).await;
        let lines = lines_of(t, row.id).await;
        for (number, side) in [(100, Side::Debit), (101, Side::Credit)] {
            let forged = entry::Model { line_no: number, side, ..lines[0].clone() };
            entry::Entity::insert(forged.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
        }
        faulty(t, Trust::default(), "posting", "the fingerprint differs").await;
        digest_anew(t, row).await;
        faulty(t, Trust::default(), "posting", "rewritten after seal 1").await;
    }

    /// A change that is digested anew is found; with its leaf changed too, the root; with the root, the hash.
    async fn a_change_is_found_however_far_it_is_covered_up(t: TestApp) {
        world(t).await;
        let sealed = seal_all(t).await;
        unlock_all(t).await;
        let row = a_settled(t).await;
        let mut lines = lines_of(t, row.id).await.into_iter().filter(|line| line.side == Side::Credit);
        for by in [1, -1] {
            let line = lines.next().unwrap();
            let amount_fen = Fen::new(line.amount_fen.get() + by).unwrap();
            let changed = entry::Model { amount_fen, ..line };
            entry::Entity::update(changed.into_active_model().reset_all()).exec(t.direct()).await.unwrap();
        }
        faulty(t, Trust::default(), "posting", "the fingerprint differs").await;
        let digest = digest_anew(t, row.clone()).await;
        faulty(t, Trust::default(), "posting", "rewritten after seal 1").await;
        seal_leaf::Entity::update_many()
            .col_expr(seal_leaf::Column::Digest, sea_orm::sea_query::Expr::value(digest))
            .filter(seal_leaf::Column::PostingId.eq(row.id))
            .exec(t.direct())
            .await
            .unwrap();
        faulty(t, Trust::default(), "seal", "the root of seal 1").await;
        // Even who has the house's own key cannot make the published seal fit.
        sign_anew(t, &SealKey::of(&t.app.secrets).unwrap()).await;
        faulty(t, Trust { head: published(&sealed[0]), ..Trust::default() }, "seal", "not the one that was published").await;
    }

    async fn a_deleted_posting_is_found(t: TestApp) {
        world(t).await;
        seal_all(t).await;
        unlock_all(t).await;
        let row = a_settled(t).await;
        entry::Entity::delete_many().filter(entry::Column::PostingId.eq(row.id)).exec(t.direct()).await.unwrap();
        posting::Entity::delete_by_id(row.id).exec(t.direct()).await.unwrap();
        faulty(t, Trust::default(), "posting", "is not there").await;
        seal_leaf::Entity::delete_many().filter(seal_leaf::Column::PostingId.eq(row.id)).exec(t.direct()).await.unwrap();
        faulty(t, Trust::default(), "seal", "of seal 1 is not there").await;
    }

    /// The last leaf has no one after it that would be out of place.
    async fn a_deleted_last_posting_is_found(t: TestApp) {
        let ids = post(t, 0..4).await;
        seal_all(t).await;
        unlock_all(t).await;
        let last = *ids.iter().max().unwrap();
        seal_leaf::Entity::delete_many().filter(seal_leaf::Column::PostingId.eq(last)).exec(t.direct()).await.unwrap();
        faulty(t, Trust::default(), "seal", "leaf 3 of seal 1 is not there").await;
    }

    async fn a_changed_seal_is_found(t: TestApp) {
        post(t, 0..4).await;
        seal_all(t).await;
        unlock_all(t).await;
        for (change, back, words) in [
            ("posting_count = 5", "posting_count = 4", "its hash differs"),
            ("sealed_at = '2026-03-01 02:00:00+00:00'", "sealed_at = '2026-03-02 02:00:00+00:00'", "its hash differs"),
            ("merkle_root = hash", "merkle_root = merkle_root", "its hash differs"),
        ] {
            t.sql(&format!("update seal set {change}")).await.unwrap();
            faulty(t, Trust::default(), "seal", words).await;
            t.sql(&format!("update seal set {back}")).await.unwrap();
        }
    }

    async fn a_signature_of_something_else_is_found(t: TestApp) {
        for number in 0..2 {
            post(t, number..number + 1).await;
            seal_all(t).await;
        }
        unlock_all(t).await;
        t.sql("update seal set signature = (select s.signature from seal s where s.number = 1) where number = 2").await.unwrap();
        faulty(t, Trust::default(), "seal", "is not signed by its key").await;
    }

    /// All links made anew by somebody who has another key: only the published key tells.
    async fn a_chain_signed_with_another_key_is_found(t: TestApp) {
        for number in 0..2 {
            post(t, number..number + 1).await;
            seal_all(t).await;
        }
        unlock_all(t).await;
        let forger = SealKey::from_seed(&[9; 32]).unwrap();
        sign_anew(t, &forger).await;
        faulty(t, Trust { keys: vec![key(t)], ..Trust::default() }, "seal", "signed with another key").await;
        let unaware = report(t).await;
        assert!(unaware.is_sound(), "{unaware}");
        assert_eq!(unaware.unconfirmed_key, Some(hex::encode(forger.public())), "whoever reads it can compare");
        // A house that goes on sealing after that mixes keys.
        post(t, 2..3).await;
        seal_all(t).await;
        faulty(t, Trust::default(), "seal", "seal 3 is signed with another key").await;
    }

    async fn a_cut_off_end_is_found_by_who_knows_a_published_seal(t: TestApp) {
        let mut made = Vec::new();
        for number in 0..3 {
            post(t, number..number + 1).await;
            made.extend(seal_all(t).await);
            t.clock.advance(chrono::Duration::minutes(1));
        }
        unlock_all(t).await;
        t.sql("delete from seal where number = 3").await.unwrap();
        faulty(t, Trust::default(), "seal_leaf", "under a seal that is not there").await;
        t.sql("delete from seal_leaf where seal_number = 3").await.unwrap();
        let unaware = report(t).await;
        assert_eq!((unaware.is_sound(), unaware.unsealed), (true, 1), "{unaware}");
        let head = || Trust { head: published(&made[2]), ..Trust::default() };
        faulty(t, head(), "seal", "seal 3 was published and is not there").await;
        // Sealing again does not bring it back.
        seal_all(t).await;
        faulty(t, head(), "seal", "seal 3 is not the one that was published").await;
        t.sql("delete from seal where number = 2").await.unwrap();
        faulty(t, Trust::default(), "seal", "seal 2 is not there").await;
    }

    async fn a_posting_under_two_seals_is_found(t: TestApp) {
        let ids = post(t, 0..2).await;
        seal_all(t).await;
        unlock_all(t).await;
        t.sql("drop index ux_seal_leaf_posting_id").await.unwrap();
        let mut twice = seal_leaf::Entity::find().filter(seal_leaf::Column::PostingId.eq(ids[0])).one(t.direct()).await.unwrap().unwrap();
        twice.leaf_index = 2;
        seal_leaf::Entity::insert(twice.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
        faulty(t, Trust::default(), "seal_leaf", "sealed twice").await;
    }

    async fn seals_are_neither_changed_nor_deleted(t: TestApp) {
        post(t, 0..1).await;
        seal_all(t).await;
        for change in ["update seal set posting_count = 2", "delete from seal", "delete from seal_leaf", "update seal_leaf set digest = ''"] {
            let refusal = t.sql(change).await.unwrap_err().to_string();
            assert!(refusal.contains("append_only"), "{change}: {refusal}");
        }
    }
}

/// Keeps the sums of accounts right for lines that were put in by hand.
async fn add_sums(t: &TestApp, lines: &[Line]) {
    for line in lines {
        let side = line.side.as_str();
        let id = line.account.uuid().simple().to_string();
        let id = if t.is_postgres() { format!("'{}'", line.account) } else { format!("x'{id}'") };
        let sum = format!("update account set {side}_fen = {side}_fen + {} where id = {id}", line.amount.get());
        assert_eq!(t.sql(&sum).await.unwrap(), 1);
    }
}

/// The leaves and roots of the reference implementation of RFC 6962.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn trees_have_the_roots_of_the_standard() {
    let content: Vec<Vec<u8>> = LEAVES.iter().map(|leaf| hex::decode(leaf).unwrap()).collect();
    for size in 1..=8 {
        let written = Tree::new(content[..size].iter().map(|content| leaf(content)).collect());
        assert_eq!(hex::encode(written.root()), ROOTS[size - 1], "{size} leaves, as the house builds them");
        let mut read = digests::Growing::default();
        content[..size].iter().for_each(|content| read.push(digests::leaf(content)));
        assert_eq!(hex::encode(read.root()), ROOTS[size - 1], "{size} leaves, as verification builds them");
    }
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(hex::encode(Tree::new(Vec::new()).root()), nothing);
    assert_eq!(hex::encode(digests::Growing::default().root()), nothing);
}

/// Every path of every size leads to the root, and no other place, size or path does.
#[test]
fn paths_lead_to_the_root_from_their_own_place_only() {
    for size in 1..70_u64 {
        let leaves: Vec<Hash> = (0..size).map(|number| leaf(&number.to_be_bytes())).collect();
        let tree = Tree::new(leaves.clone());
        let mut growing = digests::Growing::default();
        leaves.iter().for_each(|leaf| growing.push(*leaf));
        assert_eq!(growing.root(), tree.root(), "{size} leaves");
        for (index, leaf) in (0..).zip(&leaves) {
            let path = tree.path(usize::try_from(index).unwrap()).unwrap();
            let reached =
                |index, size, path: &[Hash]| digests::root_by_path(*leaf, index, size, path) == Some(tree.root());
            assert!(reached(index, size, &path), "{index} of {size}");
            assert!((0..size + 2).filter(|other| *other != index).all(|other| !reached(other, size, &path)));
            let longer = [path.as_slice(), &[[0; 32]]].concat();
            assert!(!reached(index, size, &longer) && (path.is_empty() || !reached(index, size, &path[1..])));
            for place in 0..path.len() {
                let mut changed = path.clone();
                changed[place][31] ^= 1;
                assert!(!reached(index, size, &changed));
            }
        }
        assert!(tree.path(usize::try_from(size).unwrap()).is_none());
    }
}
