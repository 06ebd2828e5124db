//! What identity tells the rest of the house. No address, no token: whoever sends mail asks for a [`super::Letter`].

use crate::db::Event;
use entity::value::{InvitationId, PasswordResetId, PersonId, SessionId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Somebody was invited to act for an organisation.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Invited {
    /// The invitation.
    pub invitation: InvitationId,
}

impl Event for Invited {
    const TOPIC: &'static str = "member.invited";
    fn aggregate(&self) -> Uuid {
        self.invitation.uuid()
    }
}

/// Somebody asked for a new password, perhaps by a name that is nobody's.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PasswordResetAsked {
    /// The request.
    pub reset: PasswordResetId,
}

impl Event for PasswordResetAsked {
    const TOPIC: &'static str = "password.reset_asked";
    fn aggregate(&self) -> Uuid {
        self.reset.uuid()
    }
}

/// Somebody signed in from where they never had before.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SignedInElsewhere {
    /// Who.
    pub person: PersonId,
    /// The session that began.
    pub session: SessionId,
}

impl Event for SignedInElsewhere {
    const TOPIC: &'static str = "session.began_elsewhere";
    fn aggregate(&self) -> Uuid {
        self.session.uuid()
    }
}
