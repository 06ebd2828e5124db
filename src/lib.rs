//! Liannong (联农): from a buyer's payment to the household that grew the produce, to the fen, with proof.
//!
//! The modules in reading order; none may name one that stands after it, except the last two, which name all.

pub mod access;
pub mod app;
pub mod config;
pub mod db;
pub mod http;
pub mod jobs;
pub mod problem;
pub mod secrecy;

pub mod region;

// People know for whom they act; organisations know no people, so they come first.
pub mod organisation;

pub mod identity;

pub mod document;

pub mod audit_trail;

pub mod ledger;

pub mod household;

pub mod catalogue;

// Deliveries stand under agreements, and orders name the plan in force: attribution comes before both.
pub mod attribution;

pub mod harvest;

pub mod budget;

pub mod procurement;

pub mod verify;

pub mod search;

pub mod listeners;
pub mod openapi;
pub mod routes;
pub mod server;
pub mod start;
