//! Who is asking, what they may do, and how far they see.
//!
//! Promises: a [`Grant`] can only be had through the table in [`policy`]; a service that demands one
//! cannot be called without the right. Nothing else in the house compares a role.
//! Knows no domain object: a scope is an organisation, a county, a tree of units, what is assigned to somebody, or
//! everything.

pub mod four_eyes;
mod groups;
pub mod policy;
pub mod token;

pub use groups::SmallestGroup;

use crate::problem::{self, Describe, Problem};
use entity::value::role::Role;
use entity::value::{AreaCode, OrganisationId, PersonId, SessionId};
use std::marker::PhantomData;
use std::sync::Arc;

/// Whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody we know; sees what everybody may see.
    Public,
    /// The house itself: jobs and deadlines.
    System,
    /// A person acting for an organisation in a role.
    Member(Member),
    /// Software acting for an organisation by an API key.
    Software {
        /// The software as a member, in the role of an integrator.
        member: Member,
        /// The names of the only actions its key allows.
        allowed: Arc<[String]>,
    },
}

/// A person acting for an organisation in a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// For whom.
    pub organisation: OrganisationId,
    /// As what.
    pub role: Role,
    /// The division in which the organisation sits; the scope of county officers.
    pub division: AreaCode,
    /// Through which sign-in; none where the house speaks for them itself, as in the demonstration.
    pub session: Option<SessionId>,
}

impl Actor {
    /// Who acts for whom as what, when somebody does.
    #[must_use]
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Member(member) | Self::Software { member, .. } => Some(member),
            Self::Public | Self::System => None,
        }
    }

    /// The person, when there is one.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        self.member().map(|member| member.person)
    }

    /// The organisation acted for, when there is one.
    #[must_use]
    pub fn organisation(&self) -> Option<OrganisationId> {
        self.member().map(|member| member.organisation)
    }

    /// The row of the policy table this actor stands in.
    #[must_use]
    pub fn caller(&self) -> Caller {
        match self {
            Self::Public => Caller::Public,
            Self::System => Caller::System,
            Self::Member(member) | Self::Software { member, .. } => Caller::Role(member.role),
        }
    }

    /// Whether nothing but the table limits this action: a key allows less than its role.
    fn allows(&self, action: &str) -> bool {
        match self {
            Self::Software { allowed, .. } => allowed.iter().any(|name| name == action),
            Self::Public | Self::System | Self::Member(_) => true,
        }
    }
}

/// A row of the policy table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Anybody, also without a token.
    Public,
    /// The house itself.
    System,
    /// A member in a role.
    Role(Role),
}

/// How far a right reaches, as the table says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// What belongs to the organisation acted for.
    OwnOrganisation,
    /// What belongs to the organisation acted for and to those below it.
    OwnTree,
    /// What lies in the county of the organisation acted for.
    OwnCounty,
    /// The households assigned to the person as a helper cadre (帮扶户), and what belongs to them.
    AssignedHouseholds,
    /// Everything.
    Everything,
}

/// How far a right reaches, for one actor. The only start of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// What belongs to this organisation.
    Organisation(OrganisationId),
    /// What belongs to this organisation and to those below it.
    Tree(OrganisationId),
    /// What lies in this county (canonical code).
    County(AreaCode),
    /// The households assigned to this person, and what belongs to them.
    AssignedHouseholds(PersonId),
    /// Everything.
    Everything,
}

/// Something that can be done, with its row of the policy table.
pub trait Action: 'static {
    /// Stable name, `object.verb`.
    const NAME: &'static str;
    /// Who may, and how far it reaches.
    const ROWS: &'static [(Caller, Reach)];
}

/// Proof that an actor may do `A`. Services demand it; only the table can give it.
#[derive(Debug, Clone)]
pub struct Grant<A: Action> {
    actor: Actor,
    scope: Scope,
    action: PhantomData<A>,
}

impl<A: Action> Grant<A> {
    /// Asks the table.
    ///
    /// # Errors
    /// [`AccessError::NotSignedIn`] for the public, [`AccessError::Forbidden`] for a role without the right.
    pub fn claim(actor: &Actor) -> Result<Self, AccessError> {
        let own = A::ROWS.iter().find(|(caller, _)| *caller == actor.caller() && actor.allows(A::NAME));
        let open = || A::ROWS.iter().find(|(caller, _)| *caller == Caller::Public);
        let (_, reach) = own.or_else(open).ok_or(match actor {
            Actor::Public => AccessError::NotSignedIn,
            Actor::System | Actor::Member(_) | Actor::Software { .. } => AccessError::Forbidden { action: A::NAME },
        })?;
        let scope = match (reach, actor.member()) {
            (Reach::Everything, _) => Scope::Everything,
            (Reach::OwnOrganisation, Some(member)) => Scope::Organisation(member.organisation),
            (Reach::OwnTree, Some(member)) => Scope::Tree(member.organisation),
            (Reach::OwnCounty, Some(member)) => Scope::County(member.division.clone()),
            (Reach::AssignedHouseholds, Some(member)) => Scope::AssignedHouseholds(member.person),
            (_, None) => return Err(AccessError::Forbidden { action: A::NAME }),
        };
        Ok(Self { actor: actor.clone(), scope, action: PhantomData })
    }

    /// Whoever holds it.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// How far it reaches.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The organisation acted for.
    ///
    /// # Errors
    /// [`AccessError::Forbidden`] when the actor is no member of any.
    pub fn organisation(&self) -> Result<OrganisationId, AccessError> {
        self.actor.organisation().ok_or(AccessError::Forbidden { action: A::NAME })
    }

    /// The person.
    ///
    /// # Errors
    /// [`AccessError::Forbidden`] when the actor is not a person.
    pub fn person(&self) -> Result<PersonId, AccessError> {
        self.actor.person().ok_or(AccessError::Forbidden { action: A::NAME })
    }
}

/// Why an actor may not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Nobody signed in.
    #[error("not signed in")]
    NotSignedIn,
    /// The token is malformed, forged or expired.
    #[error("the token is not valid")]
    TokenInvalid,
    /// The person who asked for it may not decide it as well.
    #[error("the person who asked may not decide")]
    SamePerson,
    /// The role has no such right.
    #[error("the role may not {action}")]
    Forbidden {
        /// Name of the action.
        action: &'static str,
    },
}

impl Describe for AccessError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotSignedIn => Problem::plain(&problem::UNAUTHENTICATED),
            Self::TokenInvalid => Problem::plain(&problem::TOKEN_INVALID),
            Self::SamePerson => Problem::plain(&four_eyes::FOUR_EYES),
            Self::Forbidden { action } => Problem::new(
                &problem::FORBIDDEN,
                format!("您的角色没有“{action}”权限。"),
                format!("Your role does not have the right \"{action}\"."),
            ),
        }
    }
}
