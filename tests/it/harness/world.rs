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
            credit_code: Set(needs_code.then(|| credit_code_of(kind, id))),
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
            closed_at: Set(None),
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
            removed_at: Set(None),
            version: Set(1),
        };
        let held = membership::Entity::insert(row).exec_with_returning(self.direct()).await.unwrap();
        if role == Role::Integrator {
            self.give_key(&held).await;
        }
        Person { member: Member { person: id, organisation, role, division, session: None } }
    }
}

/// The API key of software that a test put there.
pub fn api_key(person: PersonId) -> String {
    format!("lnk_test-{person}")
}

impl TestApp {
    /// Gives software a key that allows whatever the table allows its role.
    pub async fn give_key(&self, held: &membership::Model) {
        use liannong::access::{Caller, policy};
        let may = |(_, rows): &&(&str, &[(Caller, _)])| {
            rows.iter().any(|(caller, _)| *caller == Caller::Role(Role::Integrator))
        };
        let scopes: Vec<&str> = policy::TABLE.iter().filter(may).map(|(name, _)| *name).collect();
        let key = api_key(held.person_id);
        let hash = liannong::identity::key::hash_of(&key);
        let known = entity::api_key::Entity::find().filter(entity::api_key::Column::Hash.eq(hash.as_str()));
        if known.one(self.direct()).await.unwrap().is_some() {
            return;
        }
        let row = entity::api_key::Model {
            id: entity::value::ApiKeyId::generate(),
            organisation_id: held.organisation_id,
            membership_id: held.id,
            person_id: held.person_id,
            name: "测试系统".to_owned(),
            prefix: "lnk_test".to_owned(),
            hash,
            scopes: scopes.join(" "),
            expires_at: self.clock.now() + chrono::Duration::days(366),
            created_by: held.person_id,
            created_at: self.clock.now(),
            revoked_at: None,
            revoked_by: None,
            last_used_at: None,
            version: 1,
        };
        let row = sea_orm::IntoActiveModel::into_active_model(row);
        entity::api_key::Entity::insert(row).exec_without_returning(self.direct()).await.unwrap();
    }

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
            removed_at: Set(None),
            version: Set(1),
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

/// A valid credit code of a cooperative that nobody else has.
pub fn credit_code(id: OrganisationId) -> CreditCode {
    credit_code_of(OrganisationKind::Cooperative, id)
}

/// A valid credit code that nobody else has, of the class that organisations of a kind have.
pub fn credit_code_of(kind: OrganisationKind, id: OrganisationId) -> CreditCode {
    const LETTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let random = id.uuid().as_u128();
    let letter = |place: u32| char::from(LETTERS[usize::try_from(random / 31_u128.pow(place) % 31).unwrap()]);
    let class = liannong::organisation::credit::classes_of(kind)[0];
    let subject: String = (0..9).map(letter).collect();
    let body = format!("{class}522634{subject}");
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
