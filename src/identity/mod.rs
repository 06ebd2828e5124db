//! Identity: the people who sign in (人员), their passwords, and the roles in which they act for organisations (岗位).
//!
//! Promises: a password is kept only as its Argon2id hash and never printed; a wrong password and an unknown name
//! take the same time and give the same answer; a role is given only in an organisation of a kind that has it.
//! Stands above `organisation`, which knows no people: therefore registering an organisation together with its
//! first clerk is done here. How one stays signed in is said in `session`.

mod api;
mod error;
pub mod event;
pub mod factor;
mod invitation;
pub mod key;
pub mod letter;
mod member;
mod password;
mod reset;
mod roles;
mod service;
mod session;
mod store;
mod token;
mod view;

pub use api::routes;
pub use error::{IdentityError, KINDS};
pub use factor::SEALED;
pub use member::service::leave;
pub use password::hash_password;
pub use roles::in_words as role_in_words;
pub use service::{NewPerson, add_membership, add_person};
pub use session::RETENTION;
pub use store::{has_demonstration_accounts, hold_role, may_act, names_of};
