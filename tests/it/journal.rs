//! What is done to the journal behind the house's back is found: in the database, and in an exported file by whoever
//! has nothing but the public key and a published seal. And what is derived from it can be made again.

use crate::harness::*;
use crate::seal::{a_settled, digest_anew, key, post, published, seal_all, sign_anew, unlock_all};
use crate::verify::{report, text, unlock, world};
use entity::value::{Clock, Side};
use entity::{account, entry};
use liannong::access::Actor;
use liannong::ledger;
use liannong::seal::SealKey;
use liannong::verify::export::{Exported, export};
use liannong::verify::file::verify_file;
use liannong::verify::{Report, Trust, verify_with};
use sea_orm::{EntityTrait, IntoActiveModel};

/// What somebody outside knows: the key, and a seal that was published.
async fn trust(t: &TestApp) -> Trust {
    let sealed = seal_all(t).await;
    Trust { keys: vec![key(t)], head: published(sealed.last().expect("a seal")), since: None }
}

async fn exported(t: &TestApp, since: i64) -> (Vec<u8>, Exported) {
    let mut file = Vec::new();
    let done = export(t.app.reader(), since, &mut file, |_| {}).await.unwrap();
    (file, done)
}

fn read(file: &[u8], trust: &Trust) -> Report {
    verify_file(file, trust, |_| {}).unwrap()
}

/// Both find it, and say which table it is in.
async fn found_by_both(t: &TestApp, trust: &Trust, in_database: &str, in_file: &str) {
    let in_house = verify_with(t.app.reader(), trust, |_| {}).await.unwrap();
    assert_eq!(in_house.fault.as_ref().map(|fault| fault.table), Some(in_database), "{in_house}");
    let (file, _) = exported(t, 1).await;
    let outside = read(&file, trust);
    assert_eq!(outside.fault.as_ref().map(|fault| fault.table), Some(in_file), "{outside}");
}

const A_SETTLED: &str = "(select id from posting where kind = 'settled' order by id limit 1)";

both! {
    /// The file says what the database says, and needs nothing but the key.
    async fn an_exported_journal_is_sound(t: TestApp) {
        world(t).await;
        let trust = trust(t).await;
        let (file, done) = exported(t, 1).await;
        assert_eq!((done.seals, done.postings, done.entries), (1, 11, 41));
        let outside = read(&file, &trust);
        assert!(outside.is_sound(), "{outside}");
        assert_eq!((outside.seals, outside.sealed, outside.entries), (1, 11, 41));
        assert_eq!(outside.unconfirmed_key, None);
        assert_eq!(read(&file, &Trust::default()).unconfirmed_key, Some(hex::encode(key(t))));
        let text = String::from_utf8(file).unwrap();
        assert!(!text.contains("杨"), "no name leaves the house");
    }

    /// From a seal on: what was verified before is passed over, or not even written.
    async fn a_journal_is_verified_since_a_seal(t: TestApp) {
        post(t, 0..3).await;
        seal_all(t).await;
        post(t, 3..7).await;
        let mut trust = trust(t).await;
        trust.since = Some(2);
        let (whole, _) = exported(t, 1).await;
        let (rest, done) = exported(t, 2).await;
        assert_eq!((done.seals, done.postings), (1, 4));
        for file in [&whole, &rest] {
            let report = read(file, &trust);
            assert!(report.is_sound(), "{report}");
            assert_eq!((report.seals, report.sealed), (1, 4));
        }
        assert!(!read(&rest, &Trust { since: None, ..trust }).is_sound(), "the first seal is not in it");
    }

    async fn a_changed_amount_is_found_by_both(t: TestApp) {
        world(t).await;
        let trust = trust(t).await;
        unlock_all(t).await;
        let change = "case line_no when 2 then 1 else -1 end";
        t.sql(&format!("update entry set amount_fen = amount_fen + {change} where line_no in (2, 3) and posting_id = {A_SETTLED}")).await.unwrap();
        found_by_both(t, &trust, "posting", "posting").await;
        digest_anew(t, a_settled(t).await).await;
        found_by_both(t, &trust, "posting", "posting").await;
    }

    async fn a_deleted_entry_is_found_by_both(t: TestApp) {
        world(t).await;
        let trust = trust(t).await;
        unlock(t, "entry").await;
        t.sql(&format!("delete from entry where line_no = 2 and posting_id = {A_SETTLED}")).await.unwrap();
        found_by_both(t, &trust, "posting", "posting").await;
    }

    async fn a_swapped_household_is_found_by_both(t: TestApp) {
        world(t).await;
        let trust = trust(t).await;
        unlock(t, "entry").await;
        let other = |line: i32| format!("(select account_id from entry where line_no = {line} and posting_id = {A_SETTLED})");
        t.sql(&format!(
            "update entry set account_id = case line_no when 2 then {} else {} end where line_no in (2, 3) and posting_id = {A_SETTLED}",
            other(3), other(2)
        )).await.unwrap();
        found_by_both(t, &trust, "posting", "posting").await;
    }

    async fn an_inserted_entry_is_found_by_both(t: TestApp) {
        world(t).await;
        let trust = trust(t).await;
        unlock_all(t).await;
        let row = a_settled(t).await;
        let lines = entry::Entity::find_by_id((row.id, 1)).one(t.direct()).await.unwrap().unwrap();
        for (line_no, side) in [(100, Side::Debit), (101, Side::Credit)] {
            let forged = entry::Model { line_no, side, ..lines.clone() };
            entry::Entity::insert(forged.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
        }
        found_by_both(t, &trust, "posting", "posting").await;
    }

    /// The inputs of a computation, with their hash beside them: the posting still names the true ones.
    async fn a_changed_input_is_found_by_both(t: TestApp) {
        world(t).await;
        let trust = trust(t).await;
        unlock(t, "share_run").await;
        let run = "(select id from share_run where basis = 'accrued' order by id limit 1)";
        let inputs = text(t, &format!("select inputs from share_run where id = {run}")).await;
        // A weight in a pool of one changes no share: only the inputs tell.
        let changed = inputs.replacen("\"weight\":120", "\"weight\":121", 1);
        assert_ne!(changed, inputs);
        let hash = liannong::attribution::inputs::hash(&changed);
        t.sql(&format!("update share_run set inputs = '{changed}', inputs_hash = '{hash}' where id = {run}")).await.unwrap();
        let in_house = report(t).await;
        assert!(!in_house.is_sound(), "{in_house}");
        // In the file the posting itself says from what it was computed, and when.
        unlock(t, "posting").await;
        t.sql(&format!("update posting set inputs_hash = '{hash}' where id = {A_SETTLED}")).await.unwrap();
        found_by_both(t, &trust, "posting", "posting").await;
    }

    async fn a_changed_posting_time_is_found_by_both(t: TestApp) {
        world(t).await;
        let trust = trust(t).await;
        unlock(t, "posting").await;
        let later =
            if t.is_postgres() { "'2026-03-01T02:00:00.000000Z'" } else { "'2026-03-01 02:00:00.000000+00:00'" };
        t.sql(&format!("update posting set posted_at = {later} where kind = 'payout'")).await.unwrap();
        found_by_both(t, &trust, "posting", "posting").await;
    }

    async fn a_chain_signed_with_another_key_is_found_by_both(t: TestApp) {
        world(t).await;
        let trust = trust(t).await;
        unlock_all(t).await;
        sign_anew(t, &SealKey::from_seed(&[9; 32]).unwrap()).await;
        found_by_both(t, &trust, "seal", "seal").await;
    }

    async fn a_truncated_tail_is_found_by_both(t: TestApp) {
        world(t).await;
        seal_all(t).await;
        let before = report(t).await;
        post(t, 0..3).await;
        let trust = trust(t).await;
        unlock_all(t).await;
        for sql in [
            "delete from audit_leaf where seal_number = 2",
            "delete from seal_leaf where seal_number = 2",
            "delete from seal where number = 2",
            "delete from entry where posting_id in (select id from posting where cause like 'test:%')",
            "delete from posting where cause like 'test:%'",
            "delete from account where kind in ('budget_available', 'budget_granted')",
        ] {
            t.sql(sql).await.unwrap();
        }
        // Without a seal that was published nobody can tell: the rest is as it was.
        assert!(before.is_sound() && report(t).await.is_sound());
        found_by_both(t, &trust, "seal", "seal").await;
    }

    /// Whatever character of the file is another, it is found.
    async fn no_character_of_the_file_can_be_another(t: TestApp) {
        world(t).await;
        let trust = trust(t).await;
        let (file, _) = exported(t, 1).await;
        assert!(read(&file, &trust).is_sound());
        for place in (0..file.len()).step_by(13) {
            let mut changed = file.clone();
            changed[place] ^= 1;
            assert!(!read(&changed, &trust).is_sound(), "byte {place} of {:?}", String::from_utf8_lossy(&file[place.saturating_sub(30)..place + 1]));
        }
        for cut in [file.len() - 1, file.len() / 2, 30] {
            let report = read(&file[..cut], &trust);
            assert_eq!(report.is_sound(), cut == file.len() - 1, "cut at {cut}: {report}");
        }
        let lines: Vec<&str> = std::str::from_utf8(&file).unwrap().lines().collect();
        for gone in 0..lines.len() {
            let rest: Vec<&str> = lines.iter().enumerate().filter(|(n, _)| *n != gone).map(|(_, line)| *line).collect();
            assert!(!read(rest.join("\n").as_bytes(), &trust).is_sound(), "without line {gone}: {}", lines[gone]);
        }
    }

    /// The sums of accounts are a cache: dropped, they are made again from the entries, every one.
    async fn balances_are_rebuilt_from_their_entries(t: TestApp) {
        world(t).await;
        let mut before = account::Entity::find().all(t.direct()).await.unwrap();
        t.sql("update account set debit_fen = 0, credit_fen = 0").await.unwrap();
        assert_eq!(report(t).await.fault.unwrap().table, "account");
        let rebuild = async || {
            t.app.transact(&Actor::System, async |tx| ledger::rebuild(tx).await).await.unwrap()
        };
        assert_eq!(rebuild().await, u64::try_from(before.len()).unwrap());
        assert_eq!(rebuild().await, 0, "there is nothing wrong any more");
        let mut after = account::Entity::find().all(t.direct()).await.unwrap();
        before.sort_by_key(|row| row.id);
        after.sort_by_key(|row| row.id);
        assert_eq!(after, before);
        let sound = report(t).await;
        assert!(sound.is_sound(), "{sound}");
    }

    /// Every posting says where it comes from, by which rule, from what, for which day and when it was written.
    async fn every_posting_names_its_source(t: TestApp) {
        world(t).await;
        for row in entity::posting::Entity::find().all(t.direct()).await.unwrap() {
            let rule = row.rule_version.as_deref().unwrap();
            let computed = matches!(row.kind.as_str(), "promised" | "settled");
            assert_eq!(rule == ledger::DOCUMENT_RULE, !computed, "{}: {rule}", row.cause);
            assert_eq!(row.inputs_hash.unwrap().len(), 64);
            assert_eq!(row.posted_at, t.clock.now());
        }
    }
}
