//! The journal: double entry, append-only, the only place where amounts move (总账).
//!
//! What it is for: every fen that is granted, bound, owed, earned or paid out is an entry here, and every figure
//! shown anywhere is a sum of entries.
//! Promises: a posting balances or does not exist (checked when it is built, and again by the database); nothing is
//! ever changed or deleted; one cause posts once; an account that may not be overdrawn is not, even when many post
//! at once; accounts are locked in ascending order of their ids, so postings never wait for each other in a circle;
//! the number of statements does not grow with the number of entries.
//! Does not know: orders, budgets or households beyond their identifiers; what a posting is *for* is its caller's.
//!
//! # Chart of accounts (会计科目)
//!
//! | account | 科目 | grows on | never negative | owner, part | what its balance means |
//! |---|---|---|---|---|---|
//! | `budget_granted` | 预算批复 | credit | – | budget | all that was ever granted |
//! | `budget_available` | 可用预算 | debit | yes | budget | of that, free to order with |
//! | `budget_encumbered` | 已占用预算 | debit | yes | budget | of that, bound by orders not yet paid |
//! | `budget_spent` | 已支出预算 | debit | yes | budget | of that, spent |
//! | `buyer_receivable` | 应收采购款 | debit | yes | supplier, buyer | what the buyer accepted and has not paid |
//! | `supplier_revenue` | 供应商收入 | credit | yes | supplier | sold, and not yet shared out |
//! | `supplier_cash` | 供应商到账 | debit | yes | supplier | paid by buyers, less paid out to households |
//! | `supplier_retained` | 供应商留存 | credit | – | supplier | what it keeps after households had their shares |
//! | `promise_given` | 应得总额 | debit | – | supplier | what it promised to households |
//! | `household_promised` | 农户应得 | credit | yes | household, agreement | what the household was promised |
//! | `household_payable` | 应付户收益 | credit | yes | household, agreement | earned, and not yet paid out |
//! | `buyer_refund` | 应退采购款 | credit | yes | supplier, buyer | owed back: credited after it was paid, or paid too much |
//! | `supplier_clawback` | 供应商应补款 | debit | yes | supplier | what households keep though it was credited: the supplier's to bear |
//! | `period_pool` | 期间待分配收益 | credit | yes | supplier, period | what waits for the close of a period |
//! | `payout_in_transit` | 在途发放款 | debit | yes | supplier, batch | left the supplier, not yet at a household |
//! | `buyer_advance` | 预收采购款 | credit | yes | supplier, buyer | paid before the goods came |
//! | `off_platform_sales` | 平台外销售收款 | debit | – | supplier | what it sold and was paid for elsewhere |
//!
//! What a posting keeps beside its lines: its source (`cause` and `object_id`), the rule by which its amounts came about
//! (`rule_version`: `document/1` when they stand in a document, else that of the computation), the hash of what went
//! into it, the business day and the instant of writing. Its digest covers all of them. Postings from before that have
//! no rule, and digests of the older formats.
//!
//! The sums in an account's row are a cache of its entries: [`rebuild`] makes them anew.
//!
//! # What an order posts
//!
//! | kind | debit | credit | when |
//! |---|---|---|---|
//! | `accepted` | `buyer_receivable` | `supplier_revenue` | with each acceptance |
//! | `paid` | `supplier_cash`, `budget_spent` | `buyer_receivable`, `budget_encumbered`, `buyer_refund` (what was too much) | with each payment |
//! | `prepaid` | `supplier_cash`, `budget_spent` | `buyer_advance`, `budget_encumbered`, `buyer_refund` (what was too much) | money before goods |
//! | `advance_used` | `buyer_advance` | `buyer_receivable` | goods paid before are accepted |
//! | `advance_returned` | `buyer_advance` | `buyer_refund` | no goods are left for it |
//! | `credited` | `supplier_revenue` (unpaid), `supplier_retained` (paid) | `buyer_receivable`, `buyer_refund` | returned goods, allowances |
//! | `promised` | `promise_given` | `household_promised` | what the cumulative shares of what is accepted changed by; downwards the other way round |
//! | `settled` | `supplier_revenue`, `supplier_clawback` | `household_payable`, `supplier_retained` | the same of what is accepted and paid |
//! | `repaid` | `buyer_refund`, `budget_available` | `supplier_clawback`, `supplier_cash`, `budget_spent` | money given back to the buyer |
//! | `released` | `budget_available` | `budget_encumbered` | what will not be spent |
//!
//! A credit of what was paid is borne by what the supplier keeps until the next `settled` posting takes the households'
//! part of it back. What they were handed already stays with them: it becomes `supplier_clawback`.
//!
//! # What a sale outside the platform posts
//!
//! | kind | debit | credit | when |
//! |---|---|---|---|
//! | `off_platform` | `supplier_cash`, `off_platform_sales`, `promise_given` | `off_platform_sales`, `supplier_retained`, `household_payable`, `household_promised` | it is confirmed |
//! | `off_platform_reversed` | `supplier_retained`, `household_payable`, `household_promised`, `supplier_clawback` (what households keep) | `supplier_cash`, `promise_given`, `off_platform_sales` (what is to be found elsewhere) | it turns out not to be so |
//!
//! "Never negative" is the account's guard; the database enforces it on the sums kept in the account's row.

mod account;
mod error;
pub mod merkle;
mod posting;
mod store;

pub use account::{Account, Balance};
pub use error::{KINDS, LedgerError};
pub use posting::{DOCUMENT_RULE, Head, Line, LineTree, Posting, Salt, digest, digest_v2, digest_v3, read_salt};
pub use store::{
    Drawn, HouseholdAccount, balance, balance_of_order, balances, balances_before, draw, hold, household_accounts,
    net_debit, post, post_all, post_first, postings_on, rebuild, whole_postings,
};
