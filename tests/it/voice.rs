//! What the household's voice promises: it sees its own and nothing else, it is heard, and what was wrong is corrected.

use crate::harness::*;
use crate::market::Market;
use crate::seal::{key, seal_all};
use crate::verify::report;
use entity::value::{DisputeState, HouseholdId, Role};
use liannong::verify::receipt::check_code;
use liannong::voice::{Step, next};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

fn once() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no amount"))
}

/// The messages that were sent, oldest first: phone and text.
fn messages(t: &TestApp) -> Vec<(String, String)> {
    messages_in(t.folder())
}

fn messages_in(folder: &std::path::Path) -> Vec<(String, String)> {
    let mut files: Vec<_> = std::fs::read_dir(folder.join("sms")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let read = |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let (phone, text) = text.split_once('\n').unwrap();
        (phone.to_owned(), text.to_owned())
    };
    files.into_iter().map(read).collect()
}

fn code_in(text: &str) -> String {
    let digits: Vec<char> = text.chars().collect();
    let found = digits.windows(6).find(|window| window.iter().all(char::is_ascii_digit));
    found.unwrap_or_else(|| panic!("no code in {text}")).iter().collect()
}

async fn card(t: &TestApp, officer: &Person, household: impl std::fmt::Display) -> String {
    let wanted = json!({ "household_id": household.to_string() });
    let issued = t.post("/household-cards").by(officer).json(wanted).await.created();
    issued["card_number"].as_str().unwrap().to_owned()
}

/// A household that has come in with its card and its phone.
async fn come_in(t: &TestApp, officer: &Person, household: impl std::fmt::Display) -> String {
    let card = card(t, officer, household).await;
    let asked = t.post("/voice/codes").json(json!({ "card_number": card })).await;
    assert_eq!(asked.status, 202);
    let code = code_in(&messages(t).pop().expect("a message").1);
    let wanted = json!({ "card_number": card, "code": code });
    let opened = t.post("/voice/sessions").json(wanted).await.created();
    assert_eq!(opened["channel"], "phone");
    opened["token"].as_str().unwrap().to_owned()
}

/// A payout of five yuan that the first household of a market says it did not have, and the county finds so.
pub(crate) async fn upheld(t: &TestApp, market: &Market) -> Value {
    let (clerk, officer) = (&market.supplier.clerk, &market.county.officer);
    let evidence = market.evidence(t).await;
    let payout = json!({
        "paid_on": "2026-03-02", "method": "bank_transfer", "evidence_file_id": evidence,
        "payouts": [{ "agreement_id": market.agreements[0], "amount_fen": 500, "reference": "F1" }],
    });
    let made = crate::payout::handed_out(t, clerk, payout).await;
    let token = come_in(t, officer, market.households[0]).await;
    let before = statement(t, &token).await;
    let agreements = before["agreements"].as_array().unwrap();
    let agreement = agreements.iter().find(|one| one["agreement_id"] == json!(market.agreements[0])).unwrap();
    let wanted = json!({
        "agreement_id": agreement["agreement_id"], "supplier_order_id": agreement["orders"][0]["supplier_order_id"],
        "subject": "paid", "year": 2026, "claimed_fen": 0, "words": "这笔钱没有收到",
    });
    let raised = t.post("/voice/disputes").header("X-Household-Session", &token).json(wanted).await.created();
    let path = format!("/disputes/{}", raised["id"].as_str().unwrap());
    let answer = json!({ "answer": "已转账，附回单", "evidence_file_id": evidence });
    let answered = t.post(&format!("{path}/answer")).by(clerk).version(&json!(1)).json(answer).await.ok();
    let upload = t.post("/files?name=decision.pdf").by(officer);
    let paper = upload.bytes("application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec()).await.created();
    let correction = json!({ "evidence_file_id": paper["id"], "payout_id": made["lines"][0]["payout_id"] });
    let decision = json!({ "outcome": "银行退回该笔款项", "correction": correction });
    let decide = t.post(&format!("{path}/decide")).by(officer).key(&once()).version(&answered["version"]);
    decide.json(decision).await.ok()
}

/// An entry of a statement, as its household names it.
fn entry(statement: &Value, subject: &str) -> Value {
    let agreement = &statement["agreements"][0];
    json!({
        "agreement_id": agreement["agreement_id"], "supplier_order_id": agreement["orders"][0]["supplier_order_id"],
        "subject": subject, "year": statement["year"],
    })
}

fn disputed(statement: &Value, subject: &str) -> Value {
    let mut wanted = entry(statement, subject);
    wanted["claimed_fen"] = json!(0);
    wanted["words"] = json!("这笔钱没有收到");
    wanted
}

async fn statement(t: &TestApp, token: &str) -> Value {
    t.get("/voice/statement?year=2026").header("X-Household-Session", token).await.ok()
}

/// A dispute in a world where somebody has income, for whoever tries every door.
pub(crate) async fn in_the_world(t: &TestApp, people: &[Person]) {
    let shares = entity::share::Entity::find().all(t.direct()).await.unwrap();
    let year = chrono::Datelike::year(&entity::value::business_date(entity::value::Clock::now(&*t.clock)));
    for officer in people.iter().filter(|person| person.member.role == Role::RevitalisationOfficer) {
        for share in &shares {
            let wanted = json!({ "household_id": share.household_id });
            let issued = t.post("/household-cards").by(officer).json(wanted).await;
            if issued.status != 201 {
                continue;
            }
            let token = come_in(t, officer, share.household_id).await;
            let path = format!("/voice/statement?year={year}");
            let shown = t.get(&path).header("X-Household-Session", &token).await.ok();
            if shown["agreements"] == json!([]) {
                continue;
            }
            let raised = t.post("/voice/disputes").header("X-Household-Session", &token);
            raised.json(disputed(&shown, "accrued")).await.created();
            return;
        }
    }
    panic!("nobody has income");
}

both! {
    /// With its card and its phone a household sees its own statement, and confirms what is right.
    async fn a_household_sees_its_own_statement(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 6, 6).await;
        seal_all(t).await;
        let token = come_in(t, &market.county.officer, market.households[0]).await;
        let shown = statement(t, &token).await;
        let path = format!("/households/{}/statement?year=2026", market.households[0]);
        let of_county = t.get(&path).by(&market.county.officer).await.ok();
        assert_eq!((&shown["totals"], &shown["agreements"]), (&of_county["totals"], &of_county["agreements"]));
        let say = |what: Value| t.post("/voice/confirmations").header("X-Household-Session", &token).json(what);
        let kept = say(entry(&shown, "accrued")).await.created();
        assert_eq!(kept["amount_fen"], shown["agreements"][0]["orders"][0]["accrued_fen"]);
        let mut strange = entry(&shown, "paid");
        strange["supplier_order_id"] = json!(uuid::Uuid::now_v7());
        say(strange).await.refused(422, "voice_entry_unknown");
        assert_eq!(statement(t, &token).await["confirmations"].as_array().unwrap().len(), 1);

        let receipt = t.get("/voice/receipt?year=2026").header("X-Household-Session", &token).await.ok();
        assert!(t.post("/receipts/verify").json(receipt).await.ok()["is_valid"].as_bool().unwrap());
        for (lang, word) in [("zh", "农户收益单"), ("en", "Household income statement")] {
            let page = t.get(&format!("/voice/statement/page?year=2026&lang={lang}")).header("X-Household-Session", &token).await;
            assert_eq!(page.status, 200);
            assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
            let html = String::from_utf8(page.body).unwrap();
            assert!(html.contains(word) && html.contains("<svg") && html.contains("杨**"), "{html}");
            assert!(!html.contains("杨秀英"), "a page is masked");
            if let (Some(folder), true) = (std::env::var_os("LIANNONG_PAGES"), t.is_postgres()) {
                std::fs::write(std::path::Path::new(&folder).join(format!("statement-{lang}.html")), &html).unwrap();
            }
        }

        t.clock.advance(chrono::Duration::minutes(31));
        let late = t.get("/voice/statement").header("X-Household-Session", &token).await;
        late.refused(401, "voice_session_missing");
        t.get("/voice/statement").await.refused(401, "voice_session_missing");
        t.clock.advance(chrono::Duration::minutes(5));
        let token = come_in(t, &market.county.officer, market.households[0]).await;
        assert_eq!(t.delete("/voice/session").header("X-Household-Session", &token).await.status, 204);
        t.get("/voice/disputes").header("X-Household-Session", &token).await.refused(401, "voice_session_missing");
    }

    /// Codes: once, five tries, ten minutes, one a minute; and nobody learns which cards there are.
    async fn codes_are_hard_to_guess(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let officer = &market.county.officer;
        let number = card(t, officer, market.households[0]).await;
        let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
        let luhn: u32 = digits.iter().rev().enumerate().map(|(place, digit)| if place % 2 == 1 { (2 * digit) / 10 + (2 * digit) % 10 } else { *digit }).sum();
        assert_eq!((digits.len(), luhn % 10), (16, 0), "{number}");
        let ask = |card: &str| t.post("/voice/codes").json(json!({ "card_number": card }));
        let open = |card: &str, code: &str| t.post("/voice/sessions").json(json!({ "card_number": card, "code": code }));
        let (known, unknown) = (ask(&number).await, ask("5226250000000000").await);
        assert_eq!((known.status, known.body), (unknown.status, unknown.body));
        assert_eq!(messages(t).len(), 1);
        assert_eq!(messages(t)[0].0, "13800005678");
        ask(&number).await;
        assert_eq!(messages(t).len(), 1, "one a minute");
        let code = code_in(&messages(t)[0].1);
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            open(&number, wrong).await.refused(401, "voice_code_wrong");
        }
        open(&number, &code).await.refused(401, "voice_code_wrong");
        t.clock.advance(chrono::Duration::minutes(2));
        ask(&number).await;
        let code = code_in(&messages(t)[1].1);
        t.clock.advance(chrono::Duration::minutes(10));
        open(&number, &code).await.refused(401, "voice_code_wrong");
        ask(&number).await;
        let code = code_in(&messages(t)[2].1);
        open("5226250000000000", &code).await.refused(401, "voice_code_wrong");
        open(&number, &code).await.created();
        open(&number, &code).await.refused(401, "voice_code_wrong");
        for _ in 0..6 {
            t.clock.advance(chrono::Duration::minutes(2));
            ask(&number).await;
        }
        assert_eq!(messages(t).len(), 5, "five an hour");
        // Nothing of it is in the tables.
        for sql in ["select max(number_hash) from household_card", "select max(code_hash) from voice_code", "select max(token_hash) from voice_session"] {
            let kept = crate::verify::text(t, sql).await;
            assert!(kept.len() == 64 && !kept.contains(&number.replace(' ', "")));
        }
        // A new card ends the old one.
        card(t, officer, market.households[0]).await;
        t.clock.advance(chrono::Duration::hours(2));
        ask(&number).await;
        assert_eq!(messages(t).len(), 5);
        let elsewhere = crate::household::county(t, "532324").await;
        let wanted = json!({ "household_id": market.households[0] });
        t.post("/household-cards").by(&elsewhere.officer).json(wanted).await.refused(404, "not_found");
    }

    /// The keys of the house change; the card in the household's drawer goes on.
    async fn a_card_outlives_the_keys(t: TestApp) {
        use crate::privacy::with_new_secret;
        use liannong::privacy::rotation::{Pace, rotate};
        let county = crate::household::county(t, "522634").await;
        let mut cards = Vec::new();
        for number in 1..=3 {
            let id = crate::household::household(t, &county, number).await;
            cards.push(card(t, &county.officer, id).await);
        }
        let kept = crate::verify::text(t, "select max(number_cipher) from household_card").await;
        assert!(cards.iter().all(|card| !kept.contains(&card.replace(' ', ""))));
        // The last two were issued before numbers were kept; one of them is used meanwhile.
        let end = |card: &str| card[card.len() - 4..].to_owned();
        for card in &cards[1..] {
            t.sql(&format!("update household_card set number_cipher = null where number_end = '{}'", end(card))).await.unwrap();
        }
        let comes_in = async |house: &TestApp, folder: &tempfile::TempDir, card: &str| -> u16 {
            t.clock.advance(chrono::Duration::minutes(2));
            let before = messages_in(folder.path()).len();
            house.post("/voice/codes").json(json!({ "card_number": card })).await;
            let sent = messages_in(folder.path());
            if sent.len() == before {
                return 401;
            }
            let code = code_in(&sent.last().unwrap().1);
            house.post("/voice/sessions").json(json!({ "card_number": card, "code": code })).await.status
        };
        let folder = tempfile::tempdir().unwrap();
        let between = TestApp::served(t, with_new_secret(t, &folder, true).await).await;
        for card in &cards[..2] {
            assert_eq!(comes_in(&between, &folder, card).await, 201);
        }
        let hash = format!("select max(number_hash) from household_card where number_end = '{}'", end(&cards[0]));
        let before = crate::verify::text(t, &hash).await;
        assert_eq!(rotate(&between.app, Pace::default(), |_, _| {}).await.unwrap().left, 0);
        assert_ne!(crate::verify::text(t, &hash).await, before, "the hash was not made anew");
        let folder = tempfile::tempdir().unwrap();
        let alone = TestApp::served(t, with_new_secret(t, &folder, false).await).await;
        for card in &cards[..2] {
            assert_eq!(comes_in(&alone, &folder, card).await, 201);
        }
        assert_eq!(comes_in(&alone, &folder, &cards[2]).await, 401, "its number is nowhere");
        assert_eq!(comes_in(&between, &folder, "5226340000000000").await, 401);
    }

    /// A payout that the household did not have: disputed, answered, upheld; it is owed again, and nothing was edited.
    async fn an_upheld_dispute_makes_a_correcting_document(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 6, 6).await;
        let clerk = &market.supplier.clerk;
        let officer = &market.county.officer;
        let evidence = market.evidence(t).await;
        let payout = json!({
            "paid_on": "2026-03-02", "method": "bank_transfer", "evidence_file_id": evidence,
            "payouts": [{ "agreement_id": market.agreements[0], "amount_fen": 500, "reference": "F1" }],
        });
        let made = crate::payout::handed_out(t, clerk, payout).await;
        let token = come_in(t, officer, market.households[0]).await;
        let before = statement(t, &token).await;
        assert_eq!(before["totals"]["paid_fen"], 500);
        let place = before["agreements"].as_array().unwrap().iter().position(|a| a["agreement_id"] == json!(market.agreements[0])).unwrap();
        let agreement = &before["agreements"][place];
        let wanted = json!({
            "agreement_id": agreement["agreement_id"], "supplier_order_id": agreement["orders"][0]["supplier_order_id"],
            "subject": "paid", "year": 2026, "claimed_fen": 0, "words": "这笔钱没有收到",
        });
        let raise = || t.post("/voice/disputes").header("X-Household-Session", &token).json(wanted.clone());
        let dispute = raise().await.created();
        assert_eq!((&dispute["state"], &dispute["owner"]), (&json!("open"), &json!("supplier")));
        assert_eq!((&dispute["shown_fen"], &dispute["due_on"]), (&json!(500), &json!("2026-03-17")));
        raise().await.refused(409, "dispute_exists");
        let path = format!("/disputes/{}", dispute["id"].as_str().unwrap());
        assert_eq!(t.get("/disputes").by(officer).await.ok()["items"].as_array().unwrap().len(), 1);
        t.drain().await;
        let told = crate::reminder::told(t, officer.member.organisation, "dispute.raised").await;
        assert_eq!(told.len(), 1, "the county is told");
        assert!(!told[0].to_string().contains("household"), "and not whose it is: {}", told[0]);
        let rival = crate::agreement::supplier(t, "522625").await;
        t.get(&path).by(&rival.clerk).await.refused(404, "not_found");

        let decision = |correction: Value| json!({ "outcome": "银行退回该笔款项", "correction": correction });
        let upload = t.post("/files?name=decision.pdf").by(officer);
        let paper = upload.bytes("application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec()).await.created();
        let take_back = decision(json!({ "evidence_file_id": paper["id"], "payout_id": made["lines"][0]["payout_id"] }));
        let decide = |version: Value, body: Value| {
            t.post(&format!("{path}/decide")).by(officer).key(&once()).version(&version).json(body)
        };
        decide(json!(1), take_back.clone()).await.refused(409, "dispute_state");
        let answer = json!({ "answer": "已转账，附回单", "evidence_file_id": evidence });
        let answered = t.post(&format!("{path}/answer")).by(clerk).version(&json!(1)).json(answer).await.ok();
        assert_eq!((&answered["state"], &answered["owner"]), (&json!("answered"), &json!("county")));
        // Whoever answered for the cooperative does not decide for the county.
        let both = t.also(clerk, Role::RevitalisationOfficer, officer.member.organisation).await;
        let own = t.post(&format!("{path}/decide")).by(&both).key(&once()).version(&answered["version"]);
        own.json(take_back.clone()).await.refused(403, "four_eyes");
        let more = decision(json!({ "evidence_file_id": paper["id"], "amount_fen": 5 }));
        decide(answered["version"].clone(), more).await.refused(422, "correction_unfit");
        let decided = decide(answered["version"].clone(), take_back).await.ok();
        assert_eq!((&decided["state"], &decided["correction"]["kind"]), (&json!("upheld"), &json!("payout")));
        assert_eq!(decided["correction"]["amount_fen"], 500);

        let after = statement(t, &token).await;
        assert_eq!(after["totals"]["paid_fen"], 0);
        assert_eq!(after["totals"]["accrued_fen"], before["totals"]["accrued_fen"], "what accrued stays as it was");
        let open = t.get("/payables?open=true").by(clerk).await.ok();
        let payable = open["items"].as_array().unwrap().iter().find(|p| p["agreement_id"] == json!(market.agreements[0])).unwrap().clone();
        assert_eq!((fen(&payable["paid_fen"]), &payable["open_fen"]), (0, &payable["accrued_fen"]));
        assert_eq!(t.get("/payouts").by(clerk).await.ok()["items"].as_array().unwrap().len(), 1, "the payout stands as it was");
        seal_all(t).await;
        let sound = report(t).await;
        assert!(sound.is_sound(), "{sound}");
        let receipt = t.get("/voice/receipt?year=2026").header("X-Household-Session", &token).await.ok();
        let checked = t.post("/receipts/verify").json(receipt).await.ok();
        assert_eq!(checked["proves"]["paid_fen"], 0, "{checked}");
        crate::verify::unlock(t, "correction").await;
        t.sql("update correction set amount_fen = amount_fen + 1").await.unwrap();
        assert_eq!(report(t).await.fault.unwrap().table, "correction");
    }

    /// Income that was missing is added; a dispute that is not answered in time is decided without an answer.
    async fn what_is_not_answered_is_decided_all_the_same(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 6, 6).await;
        let officer = &market.county.officer;
        let token = come_in(t, officer, market.households[1]).await;
        let before = statement(t, &token).await;
        let raised = t.post("/voice/disputes").header("X-Household-Session", &token).json(disputed(&before, "accrued")).await.created();
        assert_eq!(t.get("/disputes?overdue=true").by(officer).await.ok()["items"], json!([]));
        t.clock.advance(chrono::Duration::days(16));
        let overdue = t.get("/disputes?overdue=true").by(officer).await.ok();
        assert_eq!(overdue["items"][0]["is_overdue"], true);
        let upload = t.post("/files?name=decision.pdf").by(officer);
        let paper = upload.bytes("application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec()).await.created();
        let body = json!({ "outcome": "出勤天数少记两天", "correction": { "evidence_file_id": paper["id"], "amount_fen": 120 } });
        let path = format!("/disputes/{}/decide", raised["id"].as_str().unwrap());
        let decided = t.post(&path).by(officer).key(&once()).version(&json!(1)).json(body).await.ok();
        assert_eq!(decided["correction"]["kind"], "accrual");
        let token = come_in(t, officer, market.households[1]).await;
        let after = statement(t, &token).await;
        assert_eq!(fen(&after["totals"]["accrued_fen"]), fen(&before["totals"]["accrued_fen"]) + 120);
        // Another is taken back by the household itself.
        let again = t.post("/voice/disputes").header("X-Household-Session", &token).json(disputed(&after, "accrued")).await.created();
        let withdraw = json!({ "dispute_id": again["id"] });
        let withdrawn = t.post("/voice/disputes/withdraw").header("X-Household-Session", &token).json(withdraw.clone()).await.ok();
        assert_eq!(withdrawn["state"], "withdrawn");
        t.clock.advance(chrono::Duration::minutes(2));
        let other = come_in(t, officer, market.households[2]).await;
        t.post("/voice/disputes/withdraw").header("X-Household-Session", &other).json(withdraw).await.refused(404, "not_found");
        assert_eq!(t.get("/voice/disputes").header("X-Household-Session", &token).await.ok()["items"].as_array().unwrap().len(), 2);
        assert!(report(t).await.is_sound(), "{}", report(t).await);
    }

    /// A helper speaks for the households assigned to it, and what it says says so.
    async fn a_helper_speaks_for_its_households(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 6, 6).await;
        let office = t.organisation(entity::value::OrganisationKind::RevitalisationOffice, "522625").await;
        let helper = t.member(Role::HelperCadre, office).await;
        let household: HouseholdId = market.households[0];
        let wanted = json!({ "household_id": household });
        let call = || t.post("/voice/helper-sessions").by(&helper).json(wanted.clone());
        call().await.refused(404, "not_found");
        let username = entity::person::Entity::find_by_id(helper.member.person).one(t.direct()).await.unwrap().unwrap().username;
        let assign = json!({ "household_id": household, "username": username, "from_date": "2026-03-01", "position": "established_cadre" });
        let assigned = t.post("/helper-assignments").by(&market.county.officer).json(assign).await;
        assert_eq!(assigned.status, 201, "{}", String::from_utf8_lossy(&assigned.body));
        let opened = call().await.created();
        assert_eq!(opened["channel"], "helper");
        let token = opened["token"].as_str().unwrap();
        let shown = statement(t, token).await;
        let raised = t.post("/voice/disputes").header("X-Household-Session", token).json(disputed(&shown, "accrued")).await.created();
        assert_eq!(raised["channel"], "helper");
        let page = t.get(&format!("/households/{household}/statement/page?year=2026")).by(&helper).await;
        assert_eq!(page.status, 200);
    }

    /// The square code says the year's sums, signed; a changed one says nothing.
    async fn a_square_code_proves_a_year(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 6, 6).await;
        seal_all(t).await;
        let household = market.households[0];
        let drawn = t.get(&format!("/households/{household}/receipt/code?year=2026")).by(&market.county.officer).await;
        assert_eq!((drawn.status, drawn.header("content-type")), (200, Some("image/svg+xml")));
        let receipt = t.get(&format!("/households/{household}/receipt?year=2026")).by(&market.county.officer).await;
        let file = String::from_utf8(receipt.body).unwrap();
        assert_eq!(drawn.header("check-code"), Some(liannong::receipt::code::check_code(&file).as_str()));
        let shown = liannong::receipt::for_itself(t.app.reader(), household, 2026).await.unwrap();
        let signer = liannong::seal::SealKey::of(&t.app.secrets).unwrap();
        let text = liannong::receipt::code::code(&signer, &shown).unwrap().text;
        let (proven, named) = check_code(&text, &[key(t)]).unwrap();
        assert_eq!(named, liannong::receipt::code::check_code(&file));
        let statement = t.get(&format!("/households/{household}/statement?year=2026")).by(&market.county.officer).await.ok();
        assert_eq!(proven.accrued_fen, fen(&statement["totals"]["accrued_fen"]));
        let online = t.post("/receipts/verify-code").json(json!({ "text": text })).await.ok();
        assert_eq!((&online["is_valid"], &online["proves"]["accrued_fen"]), (&json!(true), &json!(proven.accrued_fen)));
        assert!(check_code(&text, &[[7; 32]]).is_err() && check_code(&text, &[]).is_err());
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] ^= 1;
            let Ok(changed) = String::from_utf8(changed) else { continue };
            assert!(check_code(&changed, &[key(t)]).is_err(), "byte {place}");
        }
        let forged = t.post("/receipts/verify-code").json(json!({ "text": "liannong" })).await.ok();
        assert_eq!(forged["is_valid"], false);
    }
}

#[test]
fn a_dispute_ends_once() {
    for from in DisputeState::ALL {
        for step in Step::ALL {
            for is_overdue in [false, true] {
                if next(*from, *step, is_overdue).is_ok() {
                    assert!(matches!(from, DisputeState::Open | DisputeState::Answered), "{from} is an end");
                }
            }
        }
    }
    assert!(next(DisputeState::Open, Step::Uphold, false).is_err(), "the cooperative is heard first");
}
