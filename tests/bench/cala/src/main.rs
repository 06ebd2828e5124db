//! One debit and twenty credits, posted with `cala-ledger` on a PostgreSQL that is given: entries per second.
//!
//! `bench-cala <database url> <seconds> <posters> <transactions at once>`; `tests/bench/run` starts it with `cala` as its third word. Each poster
//! has accounts of its own, so that none waits for the locks of another, as in the comparison.

use cala_ledger::job::{JobSvcConfig, Jobs};
use cala_ledger::account::NewAccount;
use cala_ledger::journal::NewJournal;
use cala_ledger::tx_template::{
    NewParamDefinition, NewTxTemplate, NewTxTemplateEntry, NewTxTemplateTransaction, ParamDataType, Params,
};
use cala_ledger::posting::PostingInput;
use cala_ledger::{AccountId, CalaLedger, CalaLedgerConfig, JournalId, TransactionId, TxTemplateId};
use std::error::Error;
use std::time::{Duration, Instant};

/// How many households share.
const CREDITS: usize = 20;
const TEMPLATE: &str = "SHARES";

fn parameter(name: &str, kind: ParamDataType) -> Result<NewParamDefinition, Box<dyn Error>> {
    Ok(NewParamDefinition::builder().name(name).r#type(kind).build()?)
}

fn template() -> Result<NewTxTemplate, Box<dyn Error>> {
    let line = |kind: &str, account: String, direction: &str, units: &str| {
        NewTxTemplateEntry::builder()
            .entry_type(format!("'{kind}'"))
            .account_id(account)
            .layer("SETTLED")
            .direction(direction)
            .units(format!("decimal('{units}')"))
            .currency("'CNY'")
            .build()
    };
    let mut entries = vec![line("REVENUE", "params.debit".to_owned(), "DEBIT", "20.00")?];
    let mut parameters = vec![parameter("journal_id", ParamDataType::Uuid)?, parameter("debit", ParamDataType::Uuid)?];
    for number in 0..CREDITS {
        parameters.push(parameter(&format!("credit{number}"), ParamDataType::Uuid)?);
        entries.push(line(&format!("SHARE{number}"), format!("params.credit{number}"), "CREDIT", "1.00")?);
    }
    let transaction =
        NewTxTemplateTransaction::builder().effective("date('2026-03-02')").journal_id("params.journal_id").build()?;
    Ok(NewTxTemplate::builder()
        .id(TxTemplateId::new())
        .code(TEMPLATE)
        .params(parameters)
        .transaction(transaction)
        .entries(entries)
        .build())
}

async fn account(cala: &CalaLedger, name: &str) -> Result<AccountId, Box<dyn Error>> {
    let new = NewAccount::builder().id(uuid::Uuid::now_v7()).name(name).code(name).build();
    Ok(cala.accounts().create(new).await.map_err(|error| format!("{error:?}"))?.id())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("which database?")?;
    let seconds: u64 = arguments.next().ok_or("how many seconds?")?.parse()?;
    let posters: usize = arguments.next().ok_or("how many posters?")?.parse()?;
    let together: usize = arguments.next().ok_or("how many at once?")?.parse()?;
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(u32::try_from(posters + 8)?).connect(&url).await?;
    let config = CalaLedgerConfig::builder().pool(pool.clone()).exec_migrations(true).build()?;
    let mut jobs = Jobs::init(JobSvcConfig::builder().pool(pool).build()?).await?;
    let cala = CalaLedger::init(config, &mut jobs).await.map_err(|error| format!("{error:?}"))?;
    let journal = NewJournal::builder().id(JournalId::new()).name("bench").build();
    let journal = cala.journals().create(journal).await.map_err(|error| format!("{error:?}"))?.id();
    cala.tx_templates().create(template()?).await.map_err(|error| format!("{error:?}"))?;
    let mut ready = Vec::new();
    for poster in 0..posters {
        let debit = account(&cala, &format!("revenue{poster}")).await?;
        let mut credits = Vec::new();
        for number in 0..CREDITS {
            credits.push(account(&cala, &format!("household{poster}.{number}")).await?);
        }
        ready.push((debit, credits));
    }
    let begin = Instant::now();
    let end = begin + Duration::from_secs(seconds);
    let mut running = Vec::new();
    for (debit, credits) in ready {
        let cala = cala.clone();
        running.push(tokio::spawn(async move {
            let mut posted = 0_u64;
            let params = || {
                let mut params = Params::new();
                params.insert("journal_id", journal);
                params.insert("debit", debit);
                for (number, credit) in credits.iter().enumerate() {
                    params.insert(format!("credit{number}"), *credit);
                }
                params
            };
            while Instant::now() < end {
                if together == 1 {
                    let done = cala.post_transaction(TransactionId::new(), TEMPLATE, params()).await;
                    done.map_err(|error| format!("{error:?}"))?;
                } else {
                    let batch = (0..together).map(|_| PostingInput::new(TransactionId::new(), TEMPLATE, params()));
                    let done = cala.post_transactions(batch.collect()).await;
                    done.map_err(|error| format!("{error:?}"))?;
                }
                posted += together as u64;
            }
            Ok::<u64, String>(posted)
        }));
    }
    let mut posted = 0;
    for one in running {
        posted += one.await??;
    }
    let took = begin.elapsed();
    let entries = posted * u64::try_from(CREDITS + 1)?;
    println!("{}", u128::from(entries) * 1000 / took.as_millis().max(1));
    Ok(())
}
