//! The life of a supplier order: goods first, then invoices, then money, or the money before the goods; each in as many
//! parts as it takes.
//!
//! The truth is in quantities: of every line, what is due, under way, accepted, refused, given back; of the order, what
//! of its money is invoiced, paid and credited. The state is what follows from them ([`derive`]), so that no two
//! sequences of events which end with the same quantities end in different states.
//! Pure: who may take a step is said by the access table, whether the step exists is said here.

use entity::value::{Fen, OrderState as State, OrderTerms, Overflow, RefusalKind, ReturnState};
use entity::{order_line, order_return, supplier_order};

/// What can be done with a supplier order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The supplier takes it on (确认).
    Confirm,
    /// Goods leave (发货).
    Ship,
    /// The buyer accepts goods, all, some or none of a shipment (验收).
    Accept,
    /// Either side takes packs off that have not left (变更).
    Amend,
    /// The buyer gives accepted goods back (退货).
    Return,
    /// The supplier credits part of the price (折让).
    Credit,
    /// An invoice of the supplier's is recorded (开票).
    Invoice,
    /// Money has arrived (付款).
    Pay,
    /// The buyer puts the payment off (延期付款).
    Extend,
    /// The buyer rates it (评价).
    Rate,
    /// Either side calls it off before any goods leave (取消).
    Cancel,
}

impl Step {
    /// Every step.
    pub const ALL: &[Self] = &[
        Self::Confirm,
        Self::Ship,
        Self::Accept,
        Self::Amend,
        Self::Return,
        Self::Credit,
        Self::Invoice,
        Self::Pay,
        Self::Extend,
        Self::Rate,
        Self::Cancel,
    ];

    /// What it is called in a refusal, in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Confirm => ("确认", "confirmed"),
            Self::Ship => ("发货", "shipped"),
            Self::Accept => ("验收", "accepted"),
            Self::Amend => ("变更", "amended"),
            Self::Return => ("退货", "returned"),
            Self::Credit => ("折让", "credited"),
            Self::Invoice => ("开票", "invoiced"),
            Self::Pay => ("付款", "paid"),
            Self::Extend => ("延期付款", "put off"),
            Self::Rate => ("评价", "rated"),
            Self::Cancel => ("取消", "cancelled"),
        }
    }
}

/// The step does not lead out of this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no step {step:?} from {from}")]
pub struct NoSuchStep {
    /// Where the order is.
    pub from: State,
    /// What was tried.
    pub step: Step,
}

/// Whether a step exists in a state. Whether its quantities fit is for the act itself to see.
///
/// # Errors
/// [`NoSuchStep`] for whatever is not listed.
pub fn allow(from: State, step: Step) -> Result<(), NoSuchStep> {
    use Step::{Accept, Amend, Cancel, Confirm, Credit, Extend, Invoice, Pay, Rate, Return, Ship};
    let steps: &[Step] = match from {
        State::Placed => &[Confirm, Amend, Cancel],
        State::AwaitingPayment => &[Pay, Extend, Amend, Cancel],
        State::Confirmed => &[Ship, Amend, Cancel],
        State::PartlyShipped => &[Ship, Accept, Amend, Return, Credit, Invoice, Pay],
        State::Shipped => &[Accept, Return, Credit, Invoice, Pay],
        State::Accepted | State::Invoiced => &[Return, Credit, Invoice, Pay],
        State::Paid => &[Return, Credit, Invoice, Rate],
        State::Completed => &[Return, Credit, Invoice],
        // A red invoice for what went back is still to come.
        State::Returned => &[Invoice],
        State::Cancelled | State::Refused => &[],
    };
    if steps.contains(&step) { Ok(()) } else { Err(NoSuchStep { from, step }) }
}

/// What decides where a supplier order is: sums over its lines, in packs, and its money, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Whether the supplier took it on.
    pub is_confirmed: bool,
    /// Whether the buyer rated it.
    pub is_rated: bool,
    /// Whether money comes first, and not all of it has.
    pub is_unpaid: bool,
    /// Packs still to be sent.
    pub due: i64,
    /// Packs on their way, not yet judged.
    pub under_way: i64,
    /// Packs that ever left.
    pub shipped: i64,
    /// Packs accepted, also those given back since.
    pub accepted: i64,
    /// What is to be paid in all: accepted less credited.
    pub net_fen: i64,
    /// What is invoiced.
    pub invoiced_fen: i64,
    /// What is paid.
    pub paid_fen: i64,
}

impl Facts {
    /// The facts of an order with these lines.
    #[must_use]
    pub fn of(order: &supplier_order::Model, lines: &[order_line::Model]) -> Self {
        let sum = |of: fn(&order_line::Model) -> i64| lines.iter().map(of).sum::<i64>();
        Self {
            is_confirmed: order.confirmed_at.is_some(),
            is_rated: order.completed_at.is_some(),
            is_unpaid: order.terms == OrderTerms::PayFirst && advance_open_fen(order).is_ok_and(|open| !open.is_zero()),
            due: sum(due),
            under_way: sum(under_way),
            shipped: sum(|line| line.shipped_packs.get()),
            accepted: sum(|line| line.accepted_packs.get()),
            net_fen: order.accepted_fen.get() - order.credited_fen.get(),
            invoiced_fen: order.invoiced_fen.get(),
            paid_fen: order.paid_fen.get(),
        }
    }
}

/// Packs of a line that are still to be sent: ordered, not taken off, and not sent or sent in vain.
#[must_use]
pub fn due(line: &order_line::Model) -> i64 {
    line.packs.get() - line.withdrawn_packs.get() - line.shipped_packs.get() + line.refused_packs.get()
}

/// Packs of a line that are on their way.
#[must_use]
pub fn under_way(line: &order_line::Model) -> i64 {
    line.shipped_packs.get() - line.accepted_packs.get() - line.refused_packs.get()
}

/// What of a line has been accepted and not credited.
///
/// # Errors
/// [`Overflow`] when more was credited than accepted, which the acts exclude.
pub fn net_of(line: &order_line::Model) -> Result<Fen, Overflow> {
    line.unit_price_fen.checked_mul(line.accepted_packs.get())?.checked_sub(line.credited_fen)
}

/// What of the carriage is owed: all of it once goods are accepted, nothing before, and nothing once it was credited.
///
/// # Errors
/// [`Overflow`] when more was credited than it costs, which the acts exclude.
pub fn freight_due(order: &supplier_order::Model) -> Result<Fen, Overflow> {
    if order.accepted_fen.is_zero() {
        return Ok(Fen::ZERO);
    }
    order.freight_fen.checked_sub(order.freight_credited_fen)
}

/// Whether goods go back on the supplier's account: they are not what was ordered. By the Civil Code (art. 582 and 617)
/// who delivers such goods bears what it cost to send them for nothing; for another reason, as the sides agree.
#[must_use]
pub fn is_suppliers_reason(kind: RefusalKind) -> bool {
    match kind {
        RefusalKind::Short | RefusalKind::Damaged | RefusalKind::Quality | RefusalKind::WrongGoods => true,
        RefusalKind::Other => false,
    }
}

/// What of the carriage falls with the goods (运费退还): all that is owed of it, once nothing is to come, nothing is on
/// its way, and everything that was accepted went back on the supplier's account. Who keeps a pack keeps its carriage.
///
/// # Errors
/// [`Overflow`], as [`freight_due`].
pub fn freight_to_credit(
    order: &supplier_order::Model,
    lines: &[order_line::Model],
    returns: &[order_return::Model],
) -> Result<Fen, Overflow> {
    let is_over = lines.iter().all(|line| due(line) == 0 && under_way(line) == 0);
    let is_all_back = lines.iter().all(|line| line.accepted_packs == line.returned_packs);
    let mut received = returns.iter().filter(|row| row.state == ReturnState::Received).peekable();
    let is_borne = received.peek().is_some() && received.all(|row| row.bears_freight);
    if is_over && is_all_back && is_borne { freight_due(order) } else { Ok(Fen::ZERO) }
}

/// What of an order was accepted and not credited, without its carriage: what households share in.
///
/// # Errors
/// [`Overflow`] when more was credited than accepted, which the acts exclude.
pub fn goods_net_fen(order: &supplier_order::Model) -> Result<Fen, Overflow> {
    order.accepted_fen.checked_sub(freight_due(order)?)?.checked_sub(order.credited_fen)
}

/// What is still to be paid of an order: accepted, not credited, not paid.
///
/// # Errors
/// [`Overflow`] when more was paid than is due, which the acts exclude.
pub fn open_fen(order: &supplier_order::Model) -> Result<Fen, Overflow> {
    order.accepted_fen.checked_sub(order.credited_fen)?.checked_sub(order.paid_fen)
}

/// What of an order is still to come, or on its way: neither accepted nor dropped.
///
/// # Errors
/// [`Overflow`] when more was accepted than ordered, which the acts exclude.
pub fn outstanding_fen(order: &supplier_order::Model) -> Result<Fen, Overflow> {
    order.total_fen.checked_sub(order.dropped_fen)?.checked_sub(order.accepted_fen)
}

/// What is still to be paid before goods leave; nothing when goods come first.
///
/// # Errors
/// [`Overflow`], as [`outstanding_fen`].
pub fn advance_open_fen(order: &supplier_order::Model) -> Result<Fen, Overflow> {
    if order.terms == OrderTerms::GoodsFirst {
        return Ok(Fen::ZERO);
    }
    let outstanding = outstanding_fen(order)?;
    outstanding.checked_sub(order.prepaid_fen.min(outstanding))
}

/// What money may now be taken for: of an order paid first, what is missing before its goods leave; of another, what is
/// accepted and open.
///
/// # Errors
/// [`Overflow`], as [`open_fen`].
pub fn payable_fen(order: &supplier_order::Model) -> Result<Fen, Overflow> {
    if order.state == State::AwaitingPayment { advance_open_fen(order) } else { open_fen(order) }
}

/// What became of the money that had come before the goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Advance {
    /// Pays for what is accepted now.
    pub used: Fen,
    /// No goods are left for it: owed back.
    pub returned: Fen,
}

/// After something was accepted or dropped: money that came before pays for what is accepted and open, and what no
/// goods are left for is owed back.
///
/// # Errors
/// [`Overflow`], which the acts exclude.
pub fn use_advance(order: supplier_order::Model) -> Result<(supplier_order::Model, Advance), Overflow> {
    let used = order.prepaid_fen.min(open_fen(&order)?);
    let left = order.prepaid_fen.checked_sub(used)?;
    let returned = left.checked_sub(left.min(outstanding_fen(&order)?))?;
    let order = supplier_order::Model {
        paid_fen: order.paid_fen.checked_add(used)?,
        prepaid_fen: left.checked_sub(returned)?,
        unused_fen: order.unused_fen.checked_add(returned)?,
        ..order
    };
    Ok((order, Advance { used, returned }))
}

/// What the supplier still owes the buyer of an order: paid and credited since, paid too much, or paid before for goods
/// that will not come, and not given back.
///
/// # Errors
/// [`Overflow`] when more was given back than was owed, which the acts exclude.
pub fn owed_fen(order: &supplier_order::Model) -> Result<Fen, Overflow> {
    order.refunded_fen.checked_add(order.overpaid_fen)?.checked_add(order.unused_fen)?.checked_sub(order.repaid_fen)
}

/// Where an order with these facts is.
#[must_use]
pub fn derive(facts: &Facts) -> State {
    let Facts { is_confirmed, is_rated, is_unpaid, due, under_way, shipped, accepted, net_fen, invoiced_fen, paid_fen } =
        *facts;
    if shipped == 0 {
        return match (due, is_confirmed) {
            (0, _) => State::Cancelled,
            (_, true) if is_unpaid => State::AwaitingPayment,
            (_, true) => State::Confirmed,
            (_, false) => State::Placed,
        };
    }
    if due > 0 {
        return State::PartlyShipped;
    }
    if under_way > 0 {
        return State::Shipped;
    }
    if accepted == 0 {
        return State::Refused;
    }
    if net_fen == 0 {
        return State::Returned;
    }
    if is_rated {
        return State::Completed;
    }
    if invoiced_fen < net_fen {
        return State::Accepted;
    }
    if paid_fen < net_fen { State::Invoiced } else { State::Paid }
}
