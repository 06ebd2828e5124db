//! Orders (采购): placed by a buyer over several suppliers, confirmed, shipped, accepted, invoiced, paid and rated.
//!
//! The words: an *order* (采购单, table `order_group`) is what a buyer ordered in one act; a *supplier order*
//! (供应商订单) is the part of it that one supplier serves, with a life of its own; a *line* is one product of it;
//! a *shipment*, an *acceptance*, an *amendment*, a *return* and a *credit* are documents of it, each with its number,
//! which say what changed and are never changed themselves.
//! Promises: an order exists with its reserved stock, its frozen prices and its bound budget, or not at all; no pack
//! is sold twice; what was refused and is not sent again is given back to the budget at once; a pack is accepted,
//! refused or given back once; the same number of statements places an order of one line or of two hundred.
//! Does not know: invoices, bank statements and households' shares; the rooms above mark its orders invoiced and paid,
//! and hear of what happens by its events.

mod api;
mod clock;
mod error;
pub mod event;
mod number;
mod papers;
mod service;
mod state;
mod store;
mod view;

pub use api::routes;
pub use clock::{Running, running};
pub use error::{KINDS, OrderError};
pub use number::{TRANSFER_CODE_DIGITS, is_transfer_code};
pub use papers::Acceptance as AcceptanceOfOrder;
pub use service::{
    Agreed, Buyer, Received, Settling, Terms, describe, find_for_settling, freight_of, hold_for_invoice,
    hold_for_refund, mark_invoiced, mark_paid, mark_repaid, place_on, require_within_month, settling,
};
pub use service::{Ticket, act_on_clock, due_clocks};
pub use state::{
    Advance, Facts, NoSuchStep, Step, advance_open_fen, allow, derive, due, goods_net_fen, open_fen, outstanding_fen,
    owed_fen, payable_fen, under_way, use_advance,
};
pub use store::{
    OrderedOn, Outcome, SentOfLot, accepted_of, between, budgets_of, credited_by, credited_of, find_by_transfer_codes,
    find_group, find_order, find_payable, hold_by_ids, hold_by_transfer_codes, lines_of_group, numbers_of, ordered_on,
    orders, outcomes_of_products, outcomes_of_suppliers, owing, placed_by, products_of, shipped_of_lots,
    to_rate_by_buyer,
};
pub use view::{Order, PlaceOrder, SupplierOrderDetail, WantedLine};
