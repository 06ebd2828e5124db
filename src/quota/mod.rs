//! Reserved quotas (预留份额): what part of its purchases a budget unit keeps for produce of relief counties, and how
//! far it has come.
//!
//! What it is for: the platform enters *policies* by region and year, each from its document; a unit *files* what it
//! reserves; its superior and the finance department confirm; every order is *attached* to a unit, and its figures
//! follow the order. Source: 财库〔2021〕19号 and the provinces' notices; 预留份额填报 of the programme's platform.
//! Promises: the strictest policy that applies holds, and where there is none nothing is computed; five figures stand
//! side by side and are never mixed; an attachment is never overwritten, and what is taken back is taken back on the
//! day it happens, not in the past; every figure can be recomputed from the orders.
//! A quota is a floor and refuses no order, so its figures may follow an order a moment later, by a job that reads the
//! order's truth: a repeated or late event cannot count anything twice.
//! Does not know budgets, households or suppliers.

mod api;
mod bulletin;
mod error;
pub mod figures;
mod jobs;
pub mod rule;
mod service;
pub mod state;
mod store;
mod view;

pub use api::routes;
pub use error::{KINDS, QuotaError};
pub use jobs::FOLLOW;
pub use service::{behind, follow, orders_behind, progress_within};
pub use view::{Amounts, Standing, UnitProgress};
