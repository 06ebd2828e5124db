//! What a village needs (村需求), and what came of it.

use crate::value::{
    AidClaimId, AreaCode, CategoryCode, Fen, FileId, OrganisationId, PairingId, PersonId, Timestamp, VillageNeedId,
    state::{NeedKind, NeedState},
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a village needs (村需求), and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "village_need")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VillageNeedId,
    /// The village committee.
    pub village_id: OrganisationId,
    /// The county it lies in.
    pub county_code: AreaCode,
    /// What kind of need.
    pub kind: NeedKind,
    /// It in a line.
    pub title: String,
    /// It in words.
    pub content: String,
    /// The category of the goods, of goods to sell.
    pub category_code: Option<CategoryCode>,
    /// How much money it is about; zero where people are counted.
    pub amount_fen: Fen,
    /// How many people it is about.
    pub people: i32,
    /// Until when it is wanted.
    pub wanted_until: NaiveDate,
    /// How far it has come.
    pub state: NeedState,
    /// Who took it on: the organisation, or the one through which a person acts.
    pub claimant_id: Option<OrganisationId>,
    /// The person who took it on.
    pub claimed_by: Option<PersonId>,
    /// Whether they did so as a citizen and not for their organisation.
    pub is_in_person: bool,
    /// When.
    pub claimed_at: Option<Timestamp>,
    /// Within which pairing it was delivered.
    pub pairing_id: Option<PairingId>,
    /// The claim of aid that was entered with the delivery.
    pub aid_claim_id: Option<AidClaimId>,
    /// When it was delivered.
    pub delivered_on: Option<NaiveDate>,
    /// For how much money.
    pub delivered_fen: Option<Fen>,
    /// For how many people.
    pub delivered_people: Option<i64>,
    /// What came of it, in words.
    pub outcome: Option<String>,
    /// The evidence.
    pub evidence_file_id: Option<FileId>,
    /// Who published it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
