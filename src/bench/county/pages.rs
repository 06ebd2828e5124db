//! The pages that people of a county look at, asked for over HTTP, again and again, about other households each time.

use super::{COUNTY, County};
use crate::demo::client::DemoError;
use chrono::Days;
use fastrand::Rng;
use futures_util::future::join_all;
use std::time::{Duration, Instant};

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// A household as it was on a day of three years.
    HouseholdAsOf,
    /// Everything that was ever entered about it.
    History,
    /// The list of households, page by page.
    Register,
    /// The list of a village's households.
    Village,
    /// The same as of a day of three years.
    VillageAsOf,
    /// How the county stands.
    Overview,
    /// Clues, newest first.
    Clues,
    /// Clues of a kind that wait.
    OpenClues,
    /// Clues about a household.
    CluesOfHousehold,
    /// What a household lives on.
    Income,
    /// What it was promised and paid.
    Statement,
}

impl Page {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::HouseholdAsOf,
        Self::History,
        Self::Register,
        Self::Village,
        Self::VillageAsOf,
        Self::Overview,
        Self::Clues,
        Self::OpenClues,
        Self::CluesOfHousehold,
        Self::Income,
        Self::Statement,
    ];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HouseholdAsOf => "a household as of a past day",
            Self::History => "its history",
            Self::Register => "the register, page by page",
            Self::Village => "a village's households",
            Self::VillageAsOf => "a village's households as of a past day",
            Self::Overview => "the monitoring overview",
            Self::Clues => "clues, newest first",
            Self::OpenClues => "open clues of a kind",
            Self::CluesOfHousehold => "clues about a household",
            Self::Income => "a household's income",
            Self::Statement => "a household's statement",
        }
    }
}

/// How long a page took.
#[derive(Debug, Clone, Copy)]
pub struct Timed {
    /// Pages that were answered.
    pub pages: usize,
    /// Half of them took at most so long.
    pub p50: Duration,
    /// Ninety-nine of a hundred took at most so long.
    pub p99: Duration,
    /// The slowest.
    pub most: Duration,
}

impl County {
    /// Where a page is, for a household drawn at random.
    fn path(&self, page: Page, random: &mut Rng, next: Option<&str>) -> String {
        let drawn = random.choice(&self.households).copied();
        let (household, village) =
            drawn.map_or_else(Default::default, |(id, village, _)| (id.to_string(), village.to_string()));
        let day = self.today.checked_sub_days(Days::new(random.u64(0..1_095))).unwrap_or(self.today);
        match page {
            Page::HouseholdAsOf => format!("/households/{household}?as_of={day}"),
            Page::History => format!("/households/{household}/history"),
            Page::Register => match next {
                Some(cursor) => format!("/households?limit=50&cursor={cursor}"),
                None => "/households?limit=50".to_owned(),
            },
            Page::Village => format!("/households?limit=50&village_id={village}"),
            Page::VillageAsOf => format!("/households?limit=50&village_id={village}&as_of={day}"),
            Page::Overview => format!("/counties/{COUNTY}/monitoring"),
            Page::Clues => "/clues?limit=50".to_owned(),
            Page::OpenClues => "/clues?limit=50&state=open&kind=income_under_threshold".to_owned(),
            Page::CluesOfHousehold => format!("/clues?household_id={household}"),
            Page::Income => format!("/households/{household}/income?as_of={day}"),
            Page::Statement => format!("/households/{household}/statement"),
        }
    }

    /// Lets so many clients ask for a page for a time, each one after the other.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn ask_for(&self, page: Page, clients: u64, during: Duration) -> Result<Timed, DemoError> {
        let end = Instant::now() + during;
        let work = (0..clients).map(|client| async move {
            let (mut random, mut took, mut next) = (Rng::with_seed(client), Vec::new(), None::<String>);
            while Instant::now() < end || took.is_empty() {
                let path = self.path(page, &mut random, next.as_deref());
                let began = Instant::now();
                let answer = self.client.get(&self.world.officers[0], &path).await?;
                took.push(began.elapsed());
                // The register is gone through page by page.
                next = answer["next"].as_str().map(str::to_owned);
            }
            Ok::<_, DemoError>(took)
        });
        let mut took = Vec::new();
        for done in join_all(work).await {
            took.extend(done?);
        }
        took.sort_unstable();
        let at = |hundredth: usize| took.get((took.len().max(1) - 1) * hundredth / 100).copied().unwrap_or_default();
        Ok(Timed { pages: took.len(), p50: at(50), p99: at(99), most: at(100) })
    }
}
