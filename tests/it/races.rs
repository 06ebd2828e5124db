//! Many at once: nothing is sold twice, bound twice or written half, and nobody is told that it was our fault.

use crate::harness::*;
use crate::procurement::{
    Buyer, Seller, accepting, act, assert_sound, confirm, fresh_key, invoice, part, path_of, pay, send, shipping,
    stock, traces, transfer,
};
use entity::value::Role;
use entity::{idempotency_key, order_group, order_line, posting, supplier_order};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Every order is whole: its parts add up to it, and its lines to them; and the books hold nothing else.
async fn assert_whole(t: &TestApp) {
    let db = t.direct();
    let groups = order_group::Entity::find().all(db).await.unwrap();
    let parts = supplier_order::Entity::find().all(db).await.unwrap();
    let lines = order_line::Entity::find().all(db).await.unwrap();
    let mut of_group: HashMap<_, i64> = HashMap::new();
    let mut of_part: HashMap<_, i64> = HashMap::new();
    for line in &lines {
        *of_part.entry(line.supplier_order_id).or_default() += line.unit_price_fen.get() * line.packs.get();
    }
    for part in &parts {
        *of_group.entry(part.group_id).or_default() += part.total_fen.get();
        assert_eq!(of_part.remove(&part.id), Some(part.total_fen.get()), "{} is not its lines", part.number);
    }
    for group in &groups {
        assert_eq!(of_group.remove(&group.id), Some(group.total_fen.get()), "{} is not its parts", group.number);
    }
    assert_eq!((of_part.len(), of_group.len()), (0, 0), "rows without an order");
    let bound = posting::Entity::find().filter(posting::Column::Kind.eq("encumbered")).all(db).await.unwrap();
    let with_budget: HashSet<_> = groups.iter().filter(|g| g.budget_id.is_some()).map(|g| g.id.uuid()).collect();
    assert_eq!(bound.iter().map(|p| p.object_id).collect::<HashSet<_>>(), with_budget);
    assert_sound(t).await;
}

/// How many came back with each status and code.
fn outcomes(replies: &[Reply]) -> BTreeMap<(u16, String), usize> {
    let mut counted = BTreeMap::new();
    for reply in replies {
        let code = reply.json()["code"].as_str().unwrap_or_default().to_owned();
        *counted.entry((reply.status, code)).or_default() += 1;
    }
    counted
}

both! {
    /// Two hundred people of twenty units want one pack each of the fifty there are.
    async fn two_hundred_buyers_after_fifty_packs_get_fifty(t: TestApp) {
        let seller = Seller::open(t).await;
        let tea = seller.product(t, 1_280, 50).await;
        let mut units = Vec::new();
        let mut people = Vec::new();
        for number in 0..20 {
            units.push(Buyer::with_budget(t, 100_000).await);
            for _ in 0..10 {
                people.push((number, t.member(Role::ProcurementOfficer, units[number].officer.member.organisation).await));
            }
        }
        let before = traces(t).await;
        let orders = people.iter().map(|(unit, person)| async {
            t.post("/orders").by(person).key(&fresh_key()).json(units[*unit].wanted(&[(tea, 1)])).await
        });
        let replies = join_all(orders).await;
        let expected = [((201, String::new()), 50), ((422, "insufficient_stock".to_owned()), 150)];
        assert_eq!(outcomes(&replies), expected.into());
        assert_eq!(stock(t, tea).await, (50, 50));
        let after = traces(t).await;
        let added: Vec<_> = after.iter().zip(before).map(|(after, before)| after - before).collect();
        // Orders, parts, lines; a posting of two entries; an event, and one more when the shelf was empty; an audit row.
        assert_eq!(added, [50, 50, 50, 50, 100, 51, 50]);
        let keys = idempotency_key::Entity::find().count(t.direct()).await.unwrap();
        assert_eq!(keys, 20 + 50, "a key is kept with its effect, and only with it");
        let mut bound = 0;
        for unit in &units {
            let (available, encumbered, spent) = unit.budget(t).await;
            assert_eq!((available + encumbered, spent), (100_000, 0));
            bound += encumbered;
        }
        assert_eq!(bound, 50 * 1_280);
        assert_whole(t).await;
    }

    /// The budget covers three of ten orders that come at once.
    async fn the_last_fen_of_a_budget_is_bound_once(t: TestApp) {
        let seller = Seller::open(t).await;
        let buyer = Buyer::with_budget(t, 3_000).await;
        let mut products = Vec::new();
        for _ in 0..10 {
            products.push(seller.product(t, 1_000, 5).await);
        }
        let orders = products.iter().map(|product| async {
            t.post("/orders").by(&buyer.officer).key(&fresh_key()).json(buyer.wanted(&[(*product, 1)])).await
        });
        let replies = join_all(orders).await;
        let expected = [((201, String::new()), 3), ((409, "budget_insufficient".to_owned()), 7)];
        assert_eq!(outcomes(&replies), expected.into());
        assert_eq!(buyer.budget(t).await, (0, 3_000, 0));
        let mut reserved = 0;
        for product in products {
            reserved += stock(t, product).await.1;
        }
        assert_eq!(reserved, 3, "a refused order holds no stock");
        assert_whole(t).await;
    }

    async fn the_same_key_at_once_is_one_order(t: TestApp) {
        let seller = Seller::open(t).await;
        let buyer = Buyer::with_budget(t, 100_000).await;
        let tea = seller.product(t, 1_000, 50).await;
        let orders = (0..32).map(|_| async {
            t.post("/orders").by(&buyer.officer).key("the-one").json(buyer.wanted(&[(tea, 2)])).await
        });
        let replies = join_all(orders).await;
        let replayed = replies.iter().filter(|reply| reply.header("idempotent-replayed") == Some("true")).count();
        assert_eq!(replayed, 31);
        let answers: HashSet<_> = replies.into_iter().map(|reply| reply.created().to_string()).collect();
        assert_eq!(answers.len(), 1);
        assert_eq!((stock(t, tea).await, buyer.budget(t).await), ((50, 2), (98_000, 2_000, 0)));
        assert_whole(t).await;
    }

    /// Each names the products in the opposite order of the other: nobody waits in a circle, and nobody hears of it.
    async fn lines_in_opposite_order_do_not_block_each_other(t: TestApp) {
        let buyers = [Buyer::with_budget(t, 10_000_000).await, Buyer::with_budget(t, 10_000_000).await];
        let mut lines = Vec::new();
        for _ in 0..12 {
            lines.push((Seller::open(t).await.product(t, 1_000, 1_000).await, 1));
        }
        let reversed: Vec<_> = lines.iter().rev().copied().collect();
        let orders = (0..40).map(|number| {
            let (lines, reversed, buyer) = (&lines, &reversed, &buyers[number % 2]);
            async move {
                let wanted = buyer.wanted(if number % 2 == 0 { lines } else { reversed });
                t.post("/orders").by(&buyer.officer).key(&fresh_key()).json(wanted).await
            }
        });
        let replies = join_all(orders).await;
        assert_eq!(outcomes(&replies), [((201, String::new()), 40)].into());
        for (product, _) in lines {
            assert_eq!(stock(t, product).await, (1_000, 40));
        }
        assert_whole(t).await;
    }

    /// One confirms while the other cancels: one of them comes first, and the other is told.
    async fn of_two_changes_of_one_version_one_is_made(t: TestApp) {
        let seller = Seller::open(t).await;
        let buyer = Buyer::with_budget(t, 100_000).await;
        let tea = seller.product(t, 1_000, 50).await;
        for _ in 0..5 {
            let order = buyer.order(t, &[(tea, 1)]).await;
            let placed = part(&order, 0);
            let confirming = async {
                t.post(&path_of(placed, "/confirm")).by(&seller.clerk).version(&placed["version"]).await
            };
            let cancelling = act(t, &buyer.officer, placed, "/cancel", json!({ "reason": "重复下单" }));
            let (confirmed, cancelled) = futures_util::join!(confirming, cancelling);
            let mut both = [confirmed.status, cancelled.status];
            both.sort_unstable();
            assert_eq!(both, [200, 412]);
        }
        assert_whole(t).await;
    }

    /// The same shipment sent twice under two keys, and two orders out of a lot that holds enough for one.
    async fn no_gram_of_a_lot_leaves_twice(t: TestApp) {
        let seller = Seller::open(t).await;
        let buyer = Buyer::with_budget(t, 100_000).await;
        let tea = seller.product(t, 1_000, 50).await;
        let lot = seller.lot(t, tea, 10_000).await;
        let mut confirmed = Vec::new();
        for _ in 0..2 {
            let order = buyer.order(t, &[(tea, 10)]).await;
            confirmed.push(confirm(t, &seller, part(&order, 0)).await);
        }
        let shipments = [0, 0, 1, 1].map(|number: usize| {
            let shown: &Value = &confirmed[number];
            act(t, &seller.clerk, shown, "/ship", shipping(shown, &[lot]))
        });
        let replies = join_all(shipments).await;
        let shipped = replies.iter().filter(|reply| reply.status == 200).count();
        assert_eq!(shipped, 1, "{:?}", outcomes(&replies));
        assert!(replies.iter().all(|reply| reply.status < 500));
        assert_eq!(stock(t, tea).await, (40, 10));
        assert_whole(t).await;
    }

    /// Acceptances that give money back to budgets while payments spend them: accounts are locked in one order.
    async fn acceptances_and_payments_at_once_do_not_block_each_other(t: TestApp) {
        let sellers = [Seller::open(t).await, Seller::open(t).await];
        let buyers = [Buyer::with_budget(t, 1_000_000).await, Buyer::with_budget(t, 1_000_000).await];
        let (mut owed, mut arriving) = (Vec::new(), Vec::new());
        for number in 0..12 {
            let (seller, buyer) = (&sellers[number % 2], &buyers[number / 2 % 2]);
            let tea = seller.product(t, 1_000, 50).await;
            let order = buyer.order(t, &[(tea, 10)]).await;
            let shipped = send(t, seller, part(&order, 0)).await;
            if number < 6 {
                let accepted = act(t, &buyer.officer, &shipped, "/accept", accepting(&shipped, &[9])).await.ok();
                invoice(t, seller, &accepted).await;
                owed.push(transfer(&accepted));
            } else {
                arriving.push((buyer, shipped));
            }
        }
        let paying = join_all(owed.iter().map(|row| async move { pay(t, std::slice::from_ref(row)).await }));
        let accepting = join_all(arriving.iter().map(|(buyer, shipped)| async move {
            act(t, &buyer.officer, shipped, "/accept", accepting(shipped, &[7])).await
        }));
        let (paid, accepted) = futures_util::join!(paying, accepting);
        for outcome in paid {
            assert_eq!(outcome, 1);
        }
        assert_eq!(outcomes(&accepted), [((200, String::new()), 6)].into());
        let mut totals = (0, 0, 0);
        for buyer in &buyers {
            let (available, encumbered, spent) = buyer.budget(t).await;
            totals = (totals.0 + available, totals.1 + encumbered, totals.2 + spent);
        }
        assert_eq!(totals, (2_000_000 - 6 * 9_000 - 6 * 7_000, 6 * 7_000, 6 * 9_000));
        assert_whole(t).await;
    }
}
