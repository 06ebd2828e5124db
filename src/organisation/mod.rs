//! Organisations (单位): suppliers, budget units and their tree, enterprises, county offices, villages.
//!
//! Promises: a kind stands only under the kinds it belongs under; a county's organisation lies in a county that
//! exists, under a code in force; one unified social credit code belongs to one organisation, and is one that its kind
//! can have; a contact's phone number is encrypted in its
//! column and masked in every answer. Says, for every other room, which organisations a scope reaches.
//! Does not know people: who acts for an organisation is said by `identity`, one floor up.

mod api;
pub mod credit;
mod error;
mod service;
mod store;
mod tree;
mod view;

pub use api::routes;
pub use error::{KINDS, OrganisationError};
pub use service::{NewOrganisation, add, show};
pub use store::{
    active_of_kinds, asked, become_known_as, find, find_many, find_named, find_seated, hand_over, has_active_below,
    hold, ids_above, ids_active, ids_directly_below, ids_within, is_below, is_within, kind_and_place, line_of,
    names_on, place_under, tree_ids, tree_ids_on, was_below,
};
pub use tree::stands_under;
pub use view::{Contact, Email, Name, Organisation, OrganisationBrief, SEALED};
