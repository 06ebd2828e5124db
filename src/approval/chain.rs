//! Which steps a purchase needs: pure.

use entity::value::{ApprovalRuleId, CategoryCode, Fen, FundSource, OrganisationId, Overflow, PersonId, Role};

/// One product's part of a purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its category.
    pub category: CategoryCode,
    /// What it costs.
    pub amount: Fen,
}

/// What is asked for, as far as rules look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What it consists of.
    pub lines: Vec<Line>,
    /// What kind of money pays.
    pub fund_kind: FundSource,
    /// Whether the budget does not suffice.
    pub over_budget: bool,
}

/// A step as a rule names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleStep {
    /// Whoever has this role decides, unless a person is named.
    pub role: Option<Role>,
    /// In this organisation; none for the unit that buys.
    pub organisation: Option<OrganisationId>,
    /// This person decides.
    pub person: Option<PersonId>,
    /// After how many hours they are reminded.
    pub remind_hours: i32,
}

/// A rule that holds for the unit that buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its identifier.
    pub id: ApprovalRuleId,
    /// How far above the unit its organisation stands; 0 for the unit's own.
    pub distance: usize,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// By which name it is known.
    pub code: String,
    /// It applies from this amount on.
    pub amount_from: Fen,
    /// Only to this category and those below it.
    pub category: Option<CategoryCode>,
    /// Only to this kind of money.
    pub fund_kind: Option<FundSource>,
    /// Only where the budget does not suffice.
    pub over_budget: bool,
    /// Its steps.
    pub steps: Vec<RuleStep>,
}

/// A step that a purchase needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// The rule that demands it.
    pub rule: ApprovalRuleId,
    /// Whoever has this role decides, unless a person is named.
    pub role: Option<Role>,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// This person decides.
    pub person: Option<PersonId>,
    /// After how many hours they are reminded.
    pub remind_hours: i32,
}

impl Rule {
    /// Whether it has its say. A rule for a category looks at what is bought of that category.
    ///
    /// # Errors
    /// [`Overflow`] when the lines add up to more than there is money.
    pub fn applies(&self, asked: &Asked) -> Result<bool, Overflow> {
        let within =
            |line: &&Line| self.category.as_ref().is_none_or(|code| line.category.as_str().starts_with(code.as_str()));
        let mut lines = asked.lines.iter().filter(within).peekable();
        let is_touched = lines.peek().is_some();
        let amount = Fen::checked_sum(lines.map(|line| line.amount))?;
        Ok(is_touched
            && amount >= self.amount_from
            && self.fund_kind.is_none_or(|kind| kind == asked.fund_kind)
            && (!self.over_budget || asked.over_budget))
    }
}

/// The steps that a purchase of a unit needs, in their order; none when nobody has to agree.
///
/// # Errors
/// [`Overflow`] when the lines add up to more than there is money.
pub fn chain(unit: OrganisationId, rules: &[Rule], asked: &Asked) -> Result<Vec<Needed>, Overflow> {
    let mut applying = Vec::new();
    for rule in rules {
        if rule.applies(asked)? {
            applying.push(rule);
        }
    }
    applying
        .sort_by(|a, b| (a.distance, a.amount_from, &a.code, a.id).cmp(&(b.distance, b.amount_from, &b.code, b.id)));
    let mut needed: Vec<Needed> = Vec::new();
    for rule in applying {
        for step in &rule.steps {
            let organisation = step.organisation.unwrap_or(unit);
            let is_there = needed
                .iter()
                .any(|one| (one.role, one.organisation, one.person) == (step.role, organisation, step.person));
            if !is_there {
                let RuleStep { role, person, remind_hours, organisation: _ } = *step;
                needed.push(Needed { rule: rule.id, role, organisation, person, remind_hours });
            }
        }
    }
    Ok(needed)
}
