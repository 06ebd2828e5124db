//! People and organisations, put there directly where how they came is not what a test is about.

use super::TestApp;
use chrono::NaiveDate;
use entity::value::role::Role;
use entity::value::state::OrganisationKind;
use entity::value::{AreaCode, Clock, CreditCode, MembershipId, OrganisationId, PersonId, SessionId};
use entity::{membership, organisation, person, session};
use liannong::access::Member;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Somebody who acts for an organisation.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who, for whom, as what.
    pub member: Member,
}

impl TestApp {
    /// An organisation seated in a division; those that need a credit code have one.
    pub async fn organisation(&self, kind: OrganisationKind, division: &str) -> OrganisationId {
        self.organisation_below(kind, division, None).await
    }

    /// An organisation below another.
    pub async fn organisation_below(
        &self,
        kind: OrganisationKind,
        division: &str,
        parent: Option<OrganisationId>,
    ) -> OrganisationId {
        let id = OrganisationId::generate();
        let needs_code = matches!(
            kind,
            OrganisationKind::Cooperative
                | OrganisationKind::Company
                | OrganisationKind::FamilyFarm
                | OrganisationKind::AgentTrader
                | OrganisationKind::Enterprise
        );
        let row = organisation::ActiveModel {
            id: Set(id),
            kind: Set(kind),
            name: Set(format!("{} {}", kind.as_str(), &id.to_string()[24..])),
            credit_code: Set(needs_code.then(|| credit_code(id))),
            division_code: Set(AreaCode::parse(division).unwrap()),
            parent_id: Set(parent),
            contact_name: Set(None),
            contact_phone_cipher: Set(None),
            contact_email: Set(Some(format!("clerk@{}.example", &id.to_string()[24..]))),
            is_active: Set(true),
            created_at: Set(self.clock.now()),
            version: Set(1),
        };
        organisation::Entity::insert(row).exec_without_returning(self.direct()).await.unwrap();
        id
    }

    /// A person with a role in an organisation.
    pub async fn member(&self, role: Role, organisation: OrganisationId) -> Person {
        let found = organisation::Entity::find_by_id(organisation).one(self.direct()).await.unwrap();
        let division = found.expect("the organisation").division_code;
        let id = PersonId::generate();
        let row = person::ActiveModel {
            id: Set(id),
            username: Set(format!("{}-{}", role.as_str(), id)),
            display_name: Set("测试人员".to_owned()),
            email: Set(None),
            password_hash: Set("!".to_owned()),
            is_demonstration: Set(false),
            is_active: Set(true),
            created_at: Set(self.clock.now()),
            version: Set(1),
        };
        person::Entity::insert(row).exec_without_returning(self.direct()).await.unwrap();
        let row = membership::ActiveModel {
            id: Set(MembershipId::generate()),
            person_id: Set(id),
            organisation_id: Set(organisation),
            role: Set(role),
            is_active: Set(true),
            created_at: Set(self.clock.now()),
        };
        membership::Entity::insert(row).exec_without_returning(self.direct()).await.unwrap();
        Person { member: Member { person: id, organisation, role, division, session: None } }
    }
}

impl TestApp {
    /// The same person in another role, perhaps for another organisation.
    pub async fn also(&self, person: &Person, role: Role, organisation: OrganisationId) -> Person {
        let found = organisation::Entity::find_by_id(organisation).one(self.direct()).await.unwrap();
        let division = found.expect("the organisation").division_code;
        let person = person.member.person;
        let row = membership::ActiveModel {
            id: Set(MembershipId::generate()),
            person_id: Set(person),
            organisation_id: Set(organisation),
            role: Set(role),
            is_active: Set(true),
            created_at: Set(self.clock.now()),
        };
        membership::Entity::insert(row).exec_without_returning(self.direct()).await.unwrap();
        Person { member: Member { person, organisation, role, division, session: None } }
    }

    /// What this person signs in with.
    pub async fn username(&self, person: &Person) -> String {
        let found = person::Entity::find_by_id(person.member.person).one(self.direct()).await.unwrap();
        found.expect("the person").username
    }

    /// A session of this person, as if they had signed in.
    pub async fn open_session(&self, person: &Person) -> SessionId {
        let Member { person, organisation, role, .. } = person.member.clone();
        let held = membership::Entity::find()
            .filter(membership::Column::PersonId.eq(person))
            .filter(membership::Column::OrganisationId.eq(organisation));
        let held = held.one(self.direct()).await.unwrap().expect("a membership");
        let (id, now) = (SessionId::generate(), self.clock.now());
        let row = session::ActiveModel {
            id: Set(id),
            person_id: Set(person),
            membership_id: Set(held.id),
            organisation_id: Set(organisation),
            role: Set(role),
            family: Set(id),
            created_at: Set(now),
            last_used_at: Set(now),
            expires_at: Set(now + chrono::Duration::days(14)),
            user_agent: Set(None),
            address: Set(None),
            revoked_at: Set(None),
            revoke_reason: Set(None),
        };
        session::Entity::insert(row).exec_without_returning(self.direct()).await.unwrap();
        id
    }
}

/// A valid credit code that nobody else has.
pub fn credit_code(id: OrganisationId) -> CreditCode {
    let digits: String = id.uuid().as_u128().to_string().chars().rev().take(15).collect();
    let body = format!("93{digits:0>15}");
    let check = CreditCode::check_character(&body).unwrap();
    CreditCode::parse(&format!("{body}{check}")).unwrap()
}

/// A valid resident identity number that belongs to nobody: area 999999, born in 1900.
pub fn resident_id(number: u32) -> String {
    let body = format!("9999991900{:02}{:02}{:03}", number / 28_000 % 12 + 1, number / 1000 % 28 + 1, number % 1000);
    let check = entity::value::ResidentId::check_character(&body).unwrap();
    format!("{body}{check}")
}

/// A date.
pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
