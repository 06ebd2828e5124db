//! Grams are conserved, whatever is delivered, split, merged, processed, shipped and returned, in whatever order.

use crate::agreement::{Supplier, signed, supplier, terms};
use crate::harness::*;
use crate::harvest::{brought, delivered, grams, product};
use crate::household::{county, household};
use entity::value::{AgreementId, DeliveryId, Grams, LotId, LotStepKind, ProductId};
use entity::{delivery, lot, lot_delivery, lot_draw, lot_step, lot_step_input};
use liannong::access::Actor;
use liannong::harvest::step::mass::{Parts, add, apportion, most_out_of, remove, share_out};
use liannong::harvest::{self, HarvestError};
use proptest::prelude::{Just, Strategy, prop, prop_assert, prop_assert_eq, proptest};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn sum(parts: &Parts) -> i64 {
    parts.values().sum()
}

/// Up to forty deliveries, some of which are used up.
fn parts() -> impl Strategy<Value = Parts> {
    prop::collection::vec(0_i64..5_000_000_000, 1..40).prop_map(|grams| {
        let named = grams.into_iter().zip(1_u128..);
        named.map(|(grams, n)| (DeliveryId::from_uuid(uuid::Uuid::from_u128(n)), grams)).collect()
    })
}

/// Parts, and several amounts that can be had of them one after the other.
fn parts_and_outputs() -> impl Strategy<Value = (Parts, Vec<i64>)> {
    parts().prop_flat_map(|parts| {
        let whole = sum(&parts);
        let cuts = prop::collection::vec(0..=whole, 1..8).prop_map(|mut cuts| {
            cuts.sort_unstable();
            let mut before = 0;
            cuts.into_iter().map(|cut| cut - std::mem::replace(&mut before, cut)).collect::<Vec<_>>()
        });
        (Just(parts), cuts)
    })
}

proptest! {
    /// What is taken adds up, is in proportion to within a gram, and never more than there is.
    #[test]
    fn what_is_taken_adds_up((parts, outputs) in parts_and_outputs()) {
        let wanted = outputs[0];
        let taken = apportion(wanted, &parts).unwrap();
        prop_assert_eq!(sum(&taken), wanted);
        let whole = i128::from(sum(&parts));
        for (delivery, part) in &parts {
            let got = taken.get(delivery).copied().unwrap_or(0);
            prop_assert!(got <= *part);
            if whole > 0 {
                let exact = i128::from(wanted) * i128::from(*part) / whole;
                prop_assert!((i128::from(got) - exact).abs() <= 1, "{} of {}", got, exact);
            }
        }
        prop_assert_eq!(apportion(sum(&parts) + 1, &parts), None);
        prop_assert_eq!(apportion(-1, &parts), None);
    }

    /// Several outputs together hold, delivery by delivery, no more than went in; all of it when they take all.
    #[test]
    fn outputs_share_out_what_went_in((parts, mut outputs) in parts_and_outputs(), all in prop::bool::ANY) {
        if all {
            outputs.push(sum(&parts) - outputs.iter().sum::<i64>());
        }
        let shared = share_out(&parts, &outputs).unwrap();
        let mut together = Parts::new();
        for (output, grams) in shared.iter().zip(&outputs) {
            prop_assert_eq!(sum(output), *grams);
            add(&mut together, output);
        }
        let mut left = parts.clone();
        remove(&mut left, &together);
        prop_assert!(left.values().all(|grams| *grams >= 0));
        prop_assert_eq!(sum(&left), sum(&parts) - outputs.iter().sum::<i64>());
        if all {
            prop_assert!(left.is_empty());
        }
    }

    /// A yield never makes more of it.
    #[test]
    fn a_yield_makes_no_more_of_it(input in 0_i64..1_000_000_000_000, bp in 0_i64..=10_000) {
        prop_assert!(most_out_of(input, bp) <= input);
        prop_assert_eq!(most_out_of(input, 10_000), input);
    }
}

/// One random life of a cooperative's lots.
struct Life<'t> {
    t: &'t TestApp,
    supplier: Supplier,
    agreements: Vec<AgreementId>,
    product: ProductId,
    declared: Value,
    random: fastrand::Rng,
    byproducts: i64,
    done: BTreeMap<&'static str, u32>,
}

impl Life<'_> {
    async fn lots(&self) -> Vec<lot::Model> {
        lot::Entity::find().all(self.t.direct()).await.unwrap()
    }

    fn left(row: &lot::Model) -> i64 {
        row.total_grams.get() - row.shipped_grams.get() - row.withdrawn_grams.get()
    }

    fn some_of(&mut self, most: i64) -> i64 {
        if self.random.u8(..4) == 0 { most } else { self.random.i64(1..=most) }
    }

    /// Random lots with something left, and how much of each is taken.
    async fn portions(&mut self, most: usize) -> Vec<(LotId, i64)> {
        let mut rows: Vec<_> = self.lots().await.into_iter().filter(|row| Self::left(row) > 0).collect();
        self.random.shuffle(&mut rows);
        rows.truncate(most);
        rows.into_iter().map(|row| (row.id, self.some_of(Self::left(&row)))).collect()
    }

    async fn post(&self, path: &str, body: Value) {
        let key = uuid::Uuid::now_v7().to_string();
        self.t.post(path).by(&self.supplier.clerk).key(&key).json(body).await.created();
    }

    async fn deliver_and_pack(&mut self) {
        let mut parts = Vec::new();
        for _ in 0..self.random.usize(1..5) {
            let agreement = self.agreements[self.random.usize(..self.agreements.len())];
            let weight = self.random.i64(1..200_000);
            let id = delivered(self.t, &self.supplier, brought(agreement, weight)).await;
            parts.push(json!({ "delivery_id": id, "grams": self.some_of(weight) }));
        }
        self.post("/lots", json!({ "product_id": self.product, "packed_on": "2026-02-28", "deliveries": parts })).await;
    }

    async fn split(&mut self) -> Option<()> {
        let (lot_id, mut grams) = self.portions(1).await.pop()?;
        let mut outputs = Vec::new();
        while grams > 0 && outputs.len() < 5 {
            let part = if outputs.len() == 4 { grams } else { self.some_of(grams) };
            outputs.push(json!({ "product_id": self.product, "grams": part }));
            grams -= part;
        }
        self.post("/lots/split", json!({ "lot_id": lot_id, "outputs": outputs, "done_on": "2026-03-01" })).await;
        Some(())
    }

    async fn merge(&mut self) -> Option<()> {
        let inputs = self.portions(4).await;
        if inputs.len() < 2 {
            return None;
        }
        let inputs: Vec<_> = inputs.iter().map(|(id, grams)| json!({ "lot_id": id, "grams": grams })).collect();
        self.post("/lots/merge", json!({ "inputs": inputs, "done_on": "2026-03-01" })).await;
        Some(())
    }

    async fn process(&mut self) -> Option<()> {
        let lots = self.portions(3).await;
        let weight = self.random.i64(1..100_000);
        let agreement = self.agreements[0];
        let fresh = delivered(self.t, &self.supplier, brought(agreement, weight)).await;
        let input = weight + lots.iter().map(|(_, grams)| grams).sum::<i64>();
        let most = most_out_of(input, 6000);
        if most == 0 {
            return None;
        }
        let output = self.random.i64(1..=most);
        let byproduct = self.random.i64(0..=input - output);
        let lots: Vec<_> = lots.iter().map(|(id, grams)| json!({ "lot_id": id, "grams": grams })).collect();
        let body = json!({
            "yield_id": self.declared["id"], "lots": lots, "deliveries": [{ "delivery_id": fresh, "grams": weight }],
            "outputs": [{ "product_id": self.product, "grams": output }], "byproduct": "果渣",
            "byproduct_grams": byproduct, "loss_grams": input - output - byproduct, "done_on": "2026-03-01",
        });
        self.post("/lots/process", body).await;
        self.byproducts += input - output;
        Some(())
    }

    async fn ship(&mut self) -> Option<()> {
        let wanted: Vec<_> = self.portions(3).await.into_iter().map(|(id, weight)| (id, grams(weight))).collect();
        let work = async |tx: &liannong::db::Tx| harvest::hold_lots(tx, &wanted).await;
        self.t.app.transact(&Actor::System, work).await.unwrap();
        Some(())
    }

    async fn give_back(&mut self) -> Option<()> {
        let mut shipped: Vec<_> = self.lots().await.into_iter().filter(|row| !row.shipped_grams.is_zero()).collect();
        let row = shipped.swap_remove(self.random.usize(..shipped.len().max(1)).min(shipped.len().checked_sub(1)?));
        let back = vec![(row.id, grams(self.some_of(row.shipped_grams.get())))];
        let work = async |tx: &liannong::db::Tx| harvest::return_to_lots(tx, &back).await;
        self.t.app.transact(&Actor::System, work).await.unwrap();
        let over = vec![(row.id, Grams::new(row.shipped_grams.get() + 1).unwrap())];
        let work =
            async |tx: &liannong::db::Tx| -> Result<_, HarvestError> { harvest::return_to_lots(tx, &over).await };
        let refused = self.t.app.transact(&Actor::System, work).await.unwrap_err();
        assert_eq!(refused.problem().kind.code, "lot_return_too_much");
        Some(())
    }

    async fn step(&mut self) {
        let (name, done) = match self.random.u8(..8) {
            0 | 1 => {
                self.deliver_and_pack().await;
                ("pack", Some(()))
            }
            2 => ("split", self.split().await),
            3 => ("merge", self.merge().await),
            4 => ("process", self.process().await),
            5 | 6 => ("ship", self.ship().await),
            _ => ("return", self.give_back().await),
        };
        if done.is_some() {
            *self.done.entry(name).or_default() += 1;
        }
    }

    /// Everything that must hold at any moment.
    async fn check(&self) {
        let db = self.t.direct();
        let lots = self.lots().await;
        let rows = lot_delivery::Entity::find().all(db).await.unwrap();
        let mut inside: BTreeMap<LotId, Parts> = BTreeMap::new();
        for row in rows {
            assert!(inside.entry(row.lot_id).or_default().insert(row.delivery_id, row.grams.get()).is_none());
        }
        let mut drawn: BTreeMap<(LotId, DeliveryId), i64> = BTreeMap::new();
        let mut of_step: BTreeMap<_, Parts> = BTreeMap::new();
        for row in lot_draw::Entity::find().all(db).await.unwrap() {
            *drawn.entry((row.lot_id, row.delivery_id)).or_default() += row.grams.get();
            add(of_step.entry(row.step_id).or_default(), &Parts::from([(row.delivery_id, row.grams.get())]));
        }
        for row in &lots {
            let parts = &inside[&row.id];
            assert_eq!(sum(parts), row.total_grams.get(), "a lot is made of what it weighs");
            assert!(Self::left(row) >= 0);
            let of_lot: i64 = parts.keys().map(|d| drawn.get(&(row.id, *d)).copied().unwrap_or(0)).sum();
            assert_eq!(of_lot, row.withdrawn_grams.get(), "what was drawn from a lot is what left it for other lots");
            for (delivery, part) in parts {
                assert!(drawn.get(&(row.id, *delivery)).copied().unwrap_or(0) <= *part);
            }
        }
        for row in lot_step_input::Entity::find().all(db).await.unwrap() {
            if let Some(delivery) = row.delivery_id {
                add(of_step.entry(row.step_id).or_default(), &Parts::from([(delivery, row.grams.get())]));
            }
        }
        for step in lot_step::Entity::find().all(db).await.unwrap() {
            let mut out = Parts::new();
            for row in lots.iter().filter(|row| row.step_id == Some(step.id)) {
                add(&mut out, &inside[&row.id]);
            }
            assert_eq!(sum(&of_step[&step.id]), step.input_grams.get());
            assert_eq!(sum(&out), step.output_grams.get());
            if step.kind == LotStepKind::Processing {
                assert!(out.iter().all(|(delivery, grams)| *grams <= of_step[&step.id][delivery]));
            } else {
                assert_eq!(out, of_step[&step.id], "dividing and mixing keep every delivery's grams");
            }
        }
        let deliveries = delivery::Entity::find().all(db).await.unwrap();
        let packed: i64 = deliveries.iter().map(|row| row.packed_grams.get()).sum();
        let there: i64 = lots.iter().map(|row| Self::left(row) + row.shipped_grams.get()).sum();
        assert_eq!(packed, there + self.byproducts, "every packed gram is in a lot, on its way, or stated as lost");
        let ids: Vec<LotId> = lots.iter().map(|row| row.id).collect();
        let composed = harvest::composition(self.t.app.reader(), &ids).await.unwrap();
        let mut totals: BTreeMap<LotId, i64> = BTreeMap::new();
        for part in &composed {
            *totals.entry(part.lot).or_default() += part.grams.get();
        }
        assert!(lots.iter().all(|row| totals[&row.id] == row.total_grams.get()));
    }
}

/// A random life of so many steps, in which everything happens.
async fn live(t: &TestApp, seed: u64, steps: u32) {
    let own = county(t, "522625").await;
    let supplier = supplier(t, "522625").await;
    let product = product(t, &supplier).await;
    let mut agreements = Vec::new();
    for number in 1..6 {
        let household = household(t, &own, number).await;
        agreements.push(signed(t, &supplier, terms(household, "produce_purchase")).await);
    }
    let declared = json!({ "process": "鲜果制果干", "yield_bp": 6000, "basis": "实测" });
    let declared = t.post("/declared-yields").by(&supplier.clerk).json(declared).await.created();
    let random = fastrand::Rng::with_seed(seed);
    let mut life = Life { t, supplier, agreements, product, declared, random, byproducts: 0, done: BTreeMap::new() };
    life.deliver_and_pack().await;
    for _ in 0..steps {
        life.step().await;
        life.check().await;
    }
    let kinds: BTreeSet<_> = life.done.keys().copied().collect();
    assert_eq!(kinds.len(), 6, "{:?}", life.done);
}

both! {
    /// Grams are conserved at every step of a random life.
    async fn grams_are_conserved_at_every_step(t: TestApp) {
        live(t, 20_260_302, 60).await;
    }
}

/// The same in many lives: `cargo test --test it -- --ignored lots_mass --nocapture`.
#[actix_web::test]
#[ignore = "a search for what one life does not meet, not a check of every run"]
async fn grams_are_conserved_in_many_lives() {
    for seed in 0..20 {
        println!("life {seed}");
        live(&TestApp::on_sqlite().await, seed, 60).await;
    }
}
