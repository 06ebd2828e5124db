//! Liannong (联农): from a buyer's payment to the household that grew the produce, to the fen, with proof.
//!
//! The modules in reading order; `tests/it/architecture.rs` holds the order in which they may name each other.

// Foundations: no word of the trade.
pub mod config;
pub mod secrecy;

pub mod problem;

pub mod access;

pub mod db;

pub mod meter;
mod outage;
pub mod telemetry;

pub mod app;
pub mod jobs;

pub mod http;

// Where, who, papers, money.
pub mod region;

pub mod organisation;

pub mod identity;

pub mod document;

pub mod succession;

pub mod ledger;

pub mod seal;

// Who it is for, what is sold, how it is shared, what was grown, what may be spent.
pub mod household;

pub mod adjustment;

pub mod assistance;

pub mod rectification;

pub mod privacy;

pub mod catalogue;

pub mod attribution;

pub mod harvest;

pub mod approval;

pub mod budget;

// The main job, in its order.
pub mod referral;

pub mod procurement;

pub mod purchase;

pub mod payment;

pub mod arrears;

pub mod complaint;

pub mod paper;

pub mod quota;

pub mod deadline;
pub mod offplatform;

pub mod settlement;

pub mod payout;

// What a household lives on, and who looks after those at risk.
pub mod welfare;

pub mod monitoring;

pub mod comparison;

pub mod pairing;

pub mod opendata;

pub mod reminder;

pub mod report;

// What anybody may learn from a pack, and what comes and goes by the sheet.
pub mod trace;

pub mod bulk;

// They hear, read and check; nobody calls them, but receipts are checked by what verifies.
pub mod audit_trail;
pub mod search;
pub mod verify;

pub mod receipt;

pub mod readings;

pub mod voice;

// Whoever wants to know is told: software that follows, software that is called, people by mail.
pub mod feed;

pub mod webhook;

pub mod notice;

pub mod upkeep;

// What puts the house together.
pub mod bench;
pub mod cli;
pub mod demo;
pub mod listeners;
pub mod openapi;
pub mod routes;
pub mod server;
pub mod start;
