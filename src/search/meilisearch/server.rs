//! Asking the server: never for ever, and with its refusals told from its silence.

use std::{error::Error as AnyError, time::Duration};

use meilisearch_sdk::{
    errors::{Error, ErrorCode},
    indexes::Index,
    task_info::TaskInfo,
    tasks::Task,
};

use super::Meilisearch;
use crate::search::engine::SearchError;

/// How long a request that changes something, or one task, may take.
pub(super) const TASK_PATIENCE: Duration = Duration::from_secs(60);

/// How often a task is asked whether it is done.
const ASK_EVERY: Duration = Duration::from_millis(50);

impl Meilisearch {
    pub(super) fn index(&self, uid: &str) -> Index {
        self.client.index(uid)
    }

    /// Waits for a request, but not for ever.
    pub(super) fn wait<T>(
        &self,
        patience: Duration,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, SearchError> {
        let Some(runtime) = &self.runtime else { return Err(away("the engine was shut down")) };
        match runtime.block_on(async { tokio::time::timeout(patience, call).await }) {
            Ok(answered) => answered.map_err(failed),
            Err(_) => Err(away("it took too long")),
        }
    }

    /// Waits until a task has succeeded.
    pub(super) fn finish(&self, patience: Duration, task: TaskInfo) -> Result<(), SearchError> {
        let asked = self.client.wait_for_task(task, Some(ASK_EVERY), Some(patience));
        match self.wait(patience + TASK_PATIENCE, asked)? {
            Task::Succeeded { .. } => Ok(()),
            Task::Failed { content } => Err(failed(content.error.into())),
            Task::Enqueued { .. } | Task::Processing { .. } => Err(away("a task took too long")),
        }
    }

    /// Sends a request that makes a task, and waits until that has succeeded.
    pub(super) fn task(&self, call: impl Future<Output = Result<TaskInfo, Error>>) -> Result<(), SearchError> {
        let task = self.wait(TASK_PATIENCE, call)?;
        self.finish(TASK_PATIENCE, task)
    }
}

/// Nothing where an index or a document is not there.
pub(super) async fn unless_absent<T>(call: impl Future<Output = Result<T, Error>>) -> Result<Option<T>, Error> {
    match call.await {
        Ok(found) => Ok(Some(found)),
        Err(Error::Meilisearch(error))
            if matches!(error.error_code, ErrorCode::IndexNotFound | ErrorCode::DocumentNotFound) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

pub(super) fn away(why: &str) -> SearchError {
    SearchError::Away(why.to_owned().into())
}

/// What the SDK reported: no answer and no sense is away, a refusal of the server is a failure.
pub(super) fn failed(error: Error) -> SearchError {
    match error {
        Error::Meilisearch(error) => SearchError::Store(Box::new(error)),
        Error::HttpError(_) | Error::MeilisearchCommunication(_) | Error::ParseError(_) | Error::Timeout => {
            let error: Box<dyn AnyError + Send + Sync> = Box::new(error);
            SearchError::Away(error)
        }
        other => SearchError::Store(Box::new(other)),
    }
}
