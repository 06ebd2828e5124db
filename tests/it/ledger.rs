//! The books: what is posted balances, what is refused leaves no trace, one cause posts once.

use crate::harness::*;
use entity::value::state::Side;
use entity::value::{AgreementId, BudgetId, Fen, HouseholdId, OrganisationId, PostingId, SupplierOrderId};
use entity::{account, entry, posting};
use liannong::access::Actor;
use liannong::db::counting_statements;
use liannong::ledger::{self, Account, Balance, LedgerError, Posting};
use liannong::problem::Failure;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sea_orm::{DatabaseConnection, EntityTrait};
use std::collections::BTreeMap;
use uuid::Uuid;

fn fen(amount: i64) -> Fen {
    Fen::new(amount).unwrap()
}

fn posting(cause: &str) -> Posting {
    Posting::new(cause.to_owned(), "test", date("2026-03-02"), Uuid::nil())
}

async fn post(t: &TestApp, posting: Posting) -> Result<PostingId, Failure> {
    t.app.transact(&Actor::System, async |tx| ledger::post(tx, posting.clone()).await).await
}

/// Everything the books hold.
async fn books(db: &DatabaseConnection) -> (Vec<account::Model>, Vec<entry::Model>, Vec<posting::Model>) {
    let accounts = account::Entity::find().all(db).await.unwrap();
    let entries = entry::Entity::find().all(db).await.unwrap();
    (accounts, entries, posting::Entity::find().all(db).await.unwrap())
}

/// Sums kept are sums of entries; debits are credits; every digest is that of its lines.
async fn assert_sound(db: &DatabaseConnection) {
    let (accounts, mut entries, postings) = books(db).await;
    entries.sort_by_key(|entry| (entry.posting_id, entry.line_no));
    let mut sums: BTreeMap<_, (i64, i64)> = BTreeMap::new();
    for entry in &entries {
        let sum = sums.entry(entry.account_id).or_default();
        match entry.side {
            Side::Debit => sum.0 += entry.amount_fen.get(),
            Side::Credit => sum.1 += entry.amount_fen.get(),
        }
    }
    let kept: BTreeMap<_, _> = accounts.iter().map(|a| (a.id, (a.debit_fen, a.credit_fen))).collect();
    assert_eq!(sums, kept, "the sums kept are not the sums of the entries");
    assert_eq!(
        kept.values().map(|(debit, _)| debit).sum::<i64>(),
        kept.values().map(|(_, credit)| credit).sum::<i64>()
    );
    for posting in postings {
        let lines: Vec<_> = entries
            .iter()
            .filter(|entry| entry.posting_id == posting.id)
            .map(|entry| ledger::Line {
                account: entry.account_id,
                side: entry.side,
                amount: entry.amount_fen,
                supplier_order: entry.supplier_order_id,
            })
            .collect();
        let salt = posting.salt.as_deref().and_then(ledger::read_salt).expect("a salt");
        let digest = ledger::digest_v3(&salt, &head(&posting), &lines);
        assert_eq!(posting.digest, digest, "{}", posting.cause);
    }
}

/// What a posting says beside its lines.
pub(crate) fn head(posting: &posting::Model) -> ledger::Head<'_> {
    ledger::Head {
        cause: &posting.cause,
        kind: &posting.kind,
        business_date: posting.business_date,
        object: posting.object_id,
        posted_at: posting.posted_at,
        rule_version: posting.rule_version.as_deref().expect("a rule"),
        inputs_hash: posting.inputs_hash.as_deref().expect("inputs"),
    }
}

/// A few accounts that random postings meet in, guarded and not.
fn accounts() -> Vec<Account> {
    let budgets = [1, 2].map(|n| BudgetId::from_uuid(Uuid::from_u128(n)));
    let supplier = OrganisationId::from_uuid(Uuid::from_u128(3));
    let household = HouseholdId::from_uuid(Uuid::from_u128(4));
    let mut all = vec![
        Account::supplier_cash(supplier),
        Account::supplier_revenue(supplier),
        Account::supplier_retained(supplier),
        Account::promise_given(supplier),
        Account::buyer_receivable(supplier, OrganisationId::from_uuid(Uuid::from_u128(5))),
    ];
    for budget in budgets {
        all.extend([Account::budget_granted(budget), Account::budget_available(budget)]);
        all.extend([Account::budget_encumbered(budget), Account::budget_spent(budget)]);
    }
    for agreement in [6, 7].map(|n| AgreementId::from_uuid(Uuid::from_u128(n))) {
        all.extend([
            Account::household_promised(household, agreement),
            Account::household_payable(household, agreement),
        ]);
    }
    all
}

/// Debits and credits over random accounts; the same amount on both sides, split differently.
fn random_posting() -> impl Strategy<Value = Vec<(usize, Side, i64)>> {
    let accounts = accounts().len();
    let parts = || proptest::collection::vec((0..accounts, 0..5_000_i64), 1..6);
    (parts(), parts()).prop_map(|(debits, mut credits)| {
        let total: i64 = debits.iter().map(|(_, amount)| amount).sum();
        let mut left = total;
        for (_, amount) in &mut credits {
            *amount = (*amount).min(left);
            left -= *amount;
        }
        credits.push((credits[0].0, left));
        let debits = debits.into_iter().map(|(account, amount)| (account, Side::Debit, amount));
        debits.chain(credits.into_iter().map(|(account, amount)| (account, Side::Credit, amount))).collect()
    })
}

both! {
    /// Random postings, of which many are refused because an account would be overdrawn.
    async fn any_sequence_of_postings_leaves_the_books_sound(t: TestApp) {
        let accounts = accounts();
        let mut runner = TestRunner::deterministic();
        let sequence = proptest::collection::vec(random_posting(), 120).new_tree(&mut runner).unwrap().current();
        let (mut posted, mut refused) = (0, 0);
        for (number, lines) in sequence.into_iter().enumerate() {
            let mut wanted = posting(&format!("test:{number}"));
            for (account, side, amount) in lines {
                wanted = match side {
                    Side::Debit => wanted.debit(accounts[account], fen(amount), None),
                    Side::Credit => wanted.credit(accounts[account], fen(amount), None),
                };
            }
            let before = books(t.direct()).await;
            match post(t, wanted).await {
                Ok(_) => posted += 1,
                Err(refusal) => {
                    assert!(["overdrawn", "internal"].contains(&refusal.problem().kind.code), "{refusal}");
                    assert_eq!(before, books(t.direct()).await, "a refused posting left a trace");
                    refused += 1;
                }
            }
        }
        assert!(posted > 20 && refused > 20, "{posted} posted, {refused} refused");
        assert_sound(t.direct()).await;
    }

    async fn the_same_cause_posts_once(t: TestApp) {
        let budget = BudgetId::generate();
        let grant = |amount| {
            posting("budget:1:granted")
                .debit(Account::budget_available(budget), fen(amount), None)
                .credit(Account::budget_granted(budget), fen(amount), None)
        };
        let first = post(t, grant(700)).await.unwrap();
        assert_eq!(post(t, grant(700)).await.unwrap(), first);
        let refusal = post(t, grant(800)).await.unwrap_err();
        assert!(refusal.to_string().contains("posted something else before"), "{refusal}");
        let balance = ledger::balance(t.direct(), &Account::budget_available(budget)).await.unwrap();
        assert_eq!(balance, Balance { debit: fen(700), credit: Fen::ZERO });
        assert_sound(t.direct()).await;
    }

    /// At once: whoever comes second finds the first or is told to come again; the amount moves once.
    async fn the_same_cause_at_once_posts_once(t: TestApp) {
        let budget = BudgetId::generate();
        let attempts = (0..8).map(|_| {
            post(t, posting("once")
                .debit(Account::budget_available(budget), fen(5), None)
                .credit(Account::budget_granted(budget), fen(5), None))
        });
        let outcomes = futures_util::future::join_all(attempts).await;
        assert!(outcomes.iter().any(Result::is_ok));
        for refusal in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            assert_eq!(refusal.problem().kind.code, "busy", "{refusal}");
        }
        let balance = ledger::balance(t.direct(), &Account::budget_available(budget)).await.unwrap();
        assert_eq!(balance.debit, fen(5));
        assert_sound(t.direct()).await;
    }

    /// Two thousand entries over two thousand accounts take as many statements as two.
    async fn the_number_of_statements_does_not_grow(t: TestApp) {
        let supplier = OrganisationId::generate();
        let order = SupplierOrderId::generate();
        for (entries, expected) in [(1, 4), (2_000, 4)] {
            let mut wanted = posting(&format!("many:{entries}"))
                .debit(Account::promise_given(supplier), fen(entries), Some(order));
            for _ in 0..entries {
                let account = Account::household_promised(HouseholdId::generate(), AgreementId::generate());
                wanted = wanted.credit(account, fen(1), Some(order));
            }
            let (posted, statements) = Box::pin(counting_statements(post(t, wanted))).await;
            posted.unwrap();
            assert_eq!(statements, expected, "{entries} entries");
        }
        assert_sound(t.direct()).await;
    }

    /// Several postings in one act lock their accounts in one order and are written together.
    async fn several_postings_are_posted_together_or_not_at_all(t: TestApp) {
        let (rich, poor) = (BudgetId::generate(), BudgetId::generate());
        let bind = |cause: &str, budget, amount| {
            posting(cause)
                .debit(Account::budget_encumbered(budget), fen(amount), None)
                .credit(Account::budget_available(budget), fen(amount), None)
        };
        let grant = posting("grant")
            .debit(Account::budget_available(rich), fen(100), None)
            .credit(Account::budget_granted(rich), fen(100), None);
        let all = vec![grant, bind("a", rich, 60), bind("b", rich, 40)];
        let (posted, statements) = counting_statements(
            t.app.transact(&Actor::System, async |tx| ledger::post_all(tx, all.clone()).await),
        )
        .await;
        assert_eq!((posted.unwrap().len(), statements), (3, 4));
        let before = books(t.direct()).await;
        let all = vec![posting("c")
            .debit(Account::budget_available(rich), fen(1), None)
            .credit(Account::budget_granted(rich), fen(1), None), bind("d", poor, 1)];
        let refusal =
            t.app.transact(&Actor::System, async |tx| ledger::post_all(tx, all.clone()).await).await.unwrap_err();
        assert_eq!(refusal.problem().kind.code, "overdrawn");
        assert_eq!(before, books(t.direct()).await);
        assert_sound(t.direct()).await;
    }

    /// Many at once over the same accounts, named in opposite order: nobody waits in a circle.
    async fn postings_at_once_do_not_wait_for_each_other_in_a_circle(t: TestApp) {
        let budgets: Vec<_> = (0..6).map(|_| BudgetId::generate()).collect();
        let attempts = (0..40).map(|number| {
            let mut wanted = posting(&format!("round:{number}"));
            let mut ordered = budgets.clone();
            if number % 2 == 1 {
                ordered.reverse();
            }
            for budget in ordered {
                wanted = wanted
                    .debit(Account::budget_available(budget), fen(1), None)
                    .credit(Account::budget_granted(budget), fen(1), None);
            }
            post(t, wanted)
        });
        for outcome in futures_util::future::join_all(attempts).await {
            outcome.unwrap();
        }
        let balance = ledger::balance(t.direct(), &Account::budget_granted(budgets[0])).await.unwrap();
        assert_eq!(balance.credit, fen(40));
        assert_sound(t.direct()).await;
    }
}

#[test]
fn a_posting_that_does_not_balance_cannot_be_built() {
    let budget = BudgetId::generate();
    let short = posting("short").debit(Account::budget_available(budget), fen(3), None);
    assert!(matches!(short.clone().build(), Err(LedgerError::Unbalanced { .. })));
    assert!(short.clone().credit(Account::budget_granted(budget), fen(3), None).build().is_ok());
    assert!(matches!(posting("empty").build(), Err(LedgerError::Empty { .. })));
    let nothing = posting("nothing").debit(Account::budget_available(budget), Fen::ZERO, None);
    assert!(matches!(nothing.build(), Err(LedgerError::Empty { .. })));
    let beyond = short.debit(Account::budget_spent(budget), Fen::MAX, None);
    assert!(matches!(beyond.build(), Err(LedgerError::Overflow(_))));
}

/// The identifiers and digests of all time: a change here would orphan every account and break every proof.
#[test]
fn identifiers_and_digests_never_change() {
    let budget = BudgetId::from_uuid(Uuid::from_u128(1));
    let account = Account::budget_available(budget);
    assert_eq!(account.id().uuid().get_version_num(), 8);
    let line = ledger::Line { account: account.id(), side: Side::Debit, amount: fen(1280), supplier_order: None };
    let digest = ledger::digest("cause", "kind", date("2026-03-02"), Uuid::from_u128(2), &[line]);
    // Computed once more by hand, from the words of the documentation alone.
    assert_eq!(account.id().to_string(), "30770ab7-c2c3-80a9-a878-342d12bc9c61");
    assert_eq!(digest, "c38ddd6cb21207807f1c9504ebc89c3b02b4467247855074313ee7befc435393");
    let second =
        ledger::digest_v2(&[7; 32], "cause", "kind", date("2026-03-02"), Uuid::from_u128(2), &[line, line, line]);
    assert_eq!(second, "986096fa5454742fb3f4ee7a5fa34429e7827921b8b4f8cd73a4cd8604303625");
    let posted_at = "2026-03-02T02:00:00.000001Z".parse().unwrap();
    let said = ledger::Head {
        cause: "cause",
        kind: "kind",
        business_date: date("2026-03-02"),
        object: Uuid::from_u128(2),
        posted_at,
        rule_version: "shares/1",
        inputs_hash: "00ff",
    };
    let third = ledger::digest_v3(&[7; 32], &said, &[line, line, line]);
    assert_eq!(third, "62f89372c2725cabf4992c2320eb067716d12403404527950157dff1f084573e");
    for changed in [
        ledger::Head { posted_at: posted_at + chrono::Duration::microseconds(1), ..said },
        ledger::Head { rule_version: "shares/2", ..said },
        ledger::Head { inputs_hash: "00fe", ..said },
    ] {
        assert_ne!(ledger::digest_v3(&[7; 32], &changed, &[line, line, line]), third);
    }
}
