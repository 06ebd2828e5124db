//! What verification promises: it finds what was changed behind the house's back, and names it.

use crate::harness::*;
use crate::market::Market;
use liannong::verify::{Report, verify};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

pub(crate) async fn report(t: &TestApp) -> Report {
    verify(t.app.reader(), |_| {}).await.unwrap()
}

/// One text out of the database.
pub(crate) async fn text(t: &TestApp, sql: &str) -> String {
    let statement = Statement::from_string(t.direct().get_database_backend(), sql);
    let row = t.direct().query_one_raw(statement).await.unwrap().unwrap_or_else(|| panic!("nothing by {sql}"));
    row.try_get_by_index(0).unwrap()
}

/// Lets rows of a table be changed, as somebody with the database's password can.
pub(crate) async fn unlock(t: &TestApp, table: &str) {
    if t.is_postgres() {
        t.sql(&format!("alter table {table} disable trigger user")).await.unwrap();
    } else {
        let named = format!(
            "select coalesce(group_concat(name), '') from sqlite_master where type = 'trigger' and tbl_name = '{table}'"
        );
        for trigger in text(t, &named).await.split(',').filter(|name| !name.is_empty()) {
            t.sql(&format!("drop trigger {trigger}")).await.unwrap();
        }
    }
}

/// A world in which everything has happened: sold, paid, settled, paid out, contributed.
pub(crate) async fn world(t: &TestApp) -> Market {
    let market = Market::with_enterprise(t).await;
    let programme = json!({ "name": "万企兴万村", "starts_on": "2026-01-01", "ends_on": "2027-12-31" });
    let programme = t.post("/programmes").by(&market.operator).json(programme).await.created();
    let pairing = json!({
        "programme_id": programme["id"], "enterprise_id": market.buyer.member.organisation,
        "village_id": market.county.village, "starts_on": "2026-02-01", "ends_on": "2027-01-31",
    });
    t.post("/pairings").by(&market.county.officer).json(pairing).await.created();
    market.settled(t, 6, 5).await;
    market.settled(t, 3, 3).await;
    market.accepted(t, 2, 2).await;
    market.placed(t, 4).await;
    t.drain().await;
    let evidence = market.evidence(t).await;
    let payout = json!({
        "paid_on": "2026-03-02", "method": "cash", "evidence_file_id": evidence,
        "witness_file_id": market.evidence(t).await,
        "payouts": [{ "agreement_id": market.agreements[0], "amount_fen": 10_100, "reference": "F1" }],
    });
    crate::payout::handed_out(t, &market.supplier.clerk, payout).await;
    market
}

/// Changes something and expects to be told of it.
async fn found(t: &TestApp, table: &str, change: &str, named: &str) {
    unlock(t, table).await;
    assert_ne!(t.sql(change).await.unwrap(), 0, "{change} changed nothing");
    let report = report(t).await;
    let line = report.to_string();
    assert!(!report.is_sound(), "{change} was not found: {line}");
    let fault = report.fault.unwrap();
    assert_eq!(fault.table, named, "{line}");
    assert!(line.starts_with(&format!("NOT SOUND 不一致: {named} {}: ", fault.id)), "{line}");
    assert!(line.lines().count() == 1 && !fault.zh.is_empty() && !fault.en.is_empty(), "{line}");
}

const A_SETTLED: &str = "(select id from posting where kind = 'settled' order by id limit 1)";

both! {
    /// A house that nobody tampered with is sound, in one line.
    async fn an_honest_house_is_sound(t: TestApp) {
        world(t).await;
        let line = report(t).await.to_string();
        let books = "sound 一致: 11 postings, 41 entries, 13 accounts, 5 runs, 20 shares, 0 sealed in 0 seals, 11 unsealed";
        assert!(line.starts_with(&format!("{books}; audit: 0 sealed, ")), "{line}");
    }

    /// So is one that buys from a budget.
    async fn a_house_with_budgets_is_sound(t: TestApp) {
        let market = Market::with_unit(t).await;
        market.settled(t, 6, 5).await;
        market.placed(t, 4).await;
        t.drain().await;
        let report = report(t).await;
        assert!(report.is_sound(), "{report}");
        found(t, "budget", "update budget set amount_fen = amount_fen + 1", "budget").await;
    }

    /// An empty house is sound too.
    async fn an_empty_house_is_sound(t: TestApp) {
        assert_eq!(report(t).await.to_string(), "sound 一致: 0 postings, 0 entries, 0 accounts, 0 runs, 0 shares, 0 sealed in 0 seals, 0 unsealed; audit: 0 sealed, 0 unsealed");
    }

    async fn a_changed_amount_is_found(t: TestApp) {
        world(t).await;
        let change = format!("update entry set amount_fen = amount_fen + 1 where line_no = 2 and posting_id = {A_SETTLED}");
        found(t, "entry", &change, "posting").await;
    }

    /// Even when the other side was changed with it.
    async fn two_changed_amounts_are_found(t: TestApp) {
        world(t).await;
        let change = format!(
            "update entry set amount_fen = amount_fen + case line_no when 2 then 1 else -1 end
             where line_no in (2, 3) and posting_id = {A_SETTLED}"
        );
        found(t, "entry", &change, "posting").await;
    }

    async fn a_swapped_household_is_found(t: TestApp) {
        world(t).await;
        let other = |line: i32| format!("(select account_id from entry where line_no = {line} and posting_id = {A_SETTLED})");
        let change = format!(
            "update entry set account_id = case line_no when 2 then {} else {} end
             where line_no in (2, 3) and posting_id = {A_SETTLED}",
            other(3), other(2)
        );
        found(t, "entry", &change, "posting").await;
    }

    async fn a_deleted_entry_is_found(t: TestApp) {
        world(t).await;
        found(t, "entry", &format!("delete from entry where line_no = 2 and posting_id = {A_SETTLED}"), "posting").await;
    }

    async fn a_changed_day_is_found(t: TestApp) {
        world(t).await;
        found(t, "posting", "update posting set business_date = '2025-12-31' where kind = 'payout'", "posting").await;
    }

    async fn a_changed_input_is_found(t: TestApp) {
        world(t).await;
        let change = "update share_run set inputs = replace(inputs, '\"weight\":120', '\"weight\":121') where basis = 'accrued'";
        found(t, "share_run", change, "share_run").await;
    }

    async fn a_changed_share_is_found(t: TestApp) {
        world(t).await;
        let runs = "(select id from share_run where basis = 'accrued')";
        let change = format!("update share set amount_fen = amount_fen + 1 where line_no = 1 and run_id in {runs}");
        found(t, "share", &change, "share_run").await;
    }

    async fn a_deleted_run_is_found(t: TestApp) {
        world(t).await;
        let run = "(select id from share_run where basis = 'promised' order by id limit 1)";
        unlock(t, "share_run").await;
        found(t, "share", &format!("delete from share where run_id = {run}"), "share_run").await;
        t.sql(&format!("delete from share_run where id = {run}")).await.unwrap();
        assert_eq!(report(t).await.fault.unwrap().table, "posting");
    }

    async fn a_changed_balance_is_found(t: TestApp) {
        world(t).await;
        found(t, "account", "update account set credit_fen = credit_fen + 1 where kind = 'supplier_retained'", "account").await;
    }

    async fn a_changed_guard_is_found(t: TestApp) {
        world(t).await;
        found(t, "account", "update account set guard = 'none' where kind = 'supplier_cash'", "account").await;
    }

    async fn a_changed_acceptance_is_found(t: TestApp) {
        world(t).await;
        let change = "update order_line set accepted_packs = accepted_packs - 1 where accepted_packs > 0";
        found(t, "order_line", change, "supplier_order").await;
    }

    /// An order that is paid in the books and not in its row.
    async fn a_changed_state_is_found(t: TestApp) {
        world(t).await;
        found(t, "supplier_order", "update supplier_order set state = 'invoiced' where state = 'paid'", "supplier_order")
            .await;
    }

    async fn a_changed_stock_is_found(t: TestApp) {
        world(t).await;
        found(t, "product", "update product set reserved_packs = reserved_packs + 1", "product").await;
    }

    async fn a_changed_payout_is_found(t: TestApp) {
        world(t).await;
        found(t, "payout", "update payout set amount_fen = amount_fen - 1", "payout").await;
    }

    async fn a_changed_contribution_is_found(t: TestApp) {
        world(t).await;
        found(t, "contribution", "update contribution set amount_fen = amount_fen + 1", "contribution").await;
    }

    /// What reports add up is recomputed: a sum more, a household less, a seal that was never summed up.
    async fn changed_sums_of_reports_are_found(t: TestApp) {
        world(t).await;
        crate::seal::seal_all(t).await;
        assert_ne!(liannong::report::gather_up_to(&t.app, i64::MAX).await.unwrap(), 0);
        assert_eq!(report(t).await.fault, None);
        let row = |table: &str| format!("where attributed_fen = (select max(attributed_fen) from {table})");
        for (table, column) in [
            ("report_sale", "sold_fen"), ("report_sale", "paid_fen"), ("report_sale", "receivable_fen"),
            ("report_share", "attributed_fen"), ("report_share", "paid_out_fen"),
        ] {
            let change = |sign: &str| format!("update {table} set {column} = {column} {sign} 1");
            found(t, table, &change("+"), table).await;
            t.sql(&change("-")).await.unwrap();
            assert_eq!(report(t).await.fault, None, "{table} {column} is as it was");
        }
        found(t, "report_share", &format!("delete from report_share {}", row("report_share")), "report_share").await;
        found(t, "report_sale", &format!("delete from report_sale {}", row("report_sale")), "report_sale").await;
        found(t, "report_gathered", "delete from report_gathered", "report_gathered").await;
    }
}
