//! Speaks to the house the way any user does: requests and answers, in process, without a socket.

use crate::access::Member;
use crate::app::App;
use crate::server;
use actix_web::body::to_bytes;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::test::{TestRequest, init_service};
use actix_web::{http::Method, web};
use serde_json::Value;
use std::pin::Pin;
use std::rc::Rc;

/// What the demonstration could not do, and what the house said.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {why}")]
pub struct DemoError {
    /// The request.
    pub what: String,
    /// The refusal.
    pub why: String,
}

impl DemoError {
    /// A step that failed outside a request.
    pub fn new(what: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self { what: what.into(), why: why.to_string() }
    }
}

type Answering = Pin<Box<dyn Future<Output = Result<ServiceResponse, actix_web::Error>>>>;

/// A client inside the house.
pub struct Client {
    /// The house.
    pub app: web::Data<App>,
    send: Rc<dyn Fn(TestRequest) -> Answering>,
}

/// What a request carries.
#[derive(Default)]
pub struct Carrying {
    key: Option<String>,
    version: Option<i64>,
    body: Option<(String, Vec<u8>)>,
}

impl Carrying {
    /// A JSON body.
    pub fn json(body: &Value) -> Self {
        Self { body: Some(("application/json".to_owned(), body.to_string().into_bytes())), ..Self::default() }
    }

    /// Any body.
    pub fn bytes(content_type: &str, body: Vec<u8>) -> Self {
        Self { body: Some((content_type.to_owned(), body)), ..Self::default() }
    }

    /// With an `Idempotency-Key`.
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// With the version that was read, as `If-Match`.
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }
}

impl Client {
    /// A client of this house.
    pub async fn of(app: web::Data<App>) -> Self {
        let service = Rc::new(init_service(server::service(app.clone())).await);
        let send = Rc::new(move |request: TestRequest| -> Answering {
            let service = service.clone();
            Box::pin(async move { service.call(request.to_request()).await })
        });
        Self { app, send }
    }

    /// POSTs as a member and gives the answer.
    pub async fn post(&self, by: &Member, path: &str, carrying: Carrying) -> Result<Value, DemoError> {
        self.call(Method::POST, by, path, carrying).await
    }

    /// PUTs as a member and gives the answer.
    pub async fn put(&self, by: &Member, path: &str, carrying: Carrying) -> Result<Value, DemoError> {
        self.call(Method::PUT, by, path, carrying).await
    }

    /// GETs as a member.
    pub async fn get(&self, by: &Member, path: &str) -> Result<Value, DemoError> {
        self.call(Method::GET, by, path, Carrying::default()).await
    }

    async fn call(&self, method: Method, by: &Member, path: &str, carrying: Carrying) -> Result<Value, DemoError> {
        let what = format!("{method} {path}");
        let failed = |why: &dyn std::fmt::Display| DemoError::new(what.clone(), why);
        let (token, _) = self.app.tokens.issue(by, self.app.clock.now()).map_err(|e| failed(&e))?;
        let mut request = TestRequest::with_uri(&format!("/api/v1{path}"))
            .method(method)
            .insert_header(("Authorization", format!("Bearer {token}")))
            .insert_header(("Accept-Language", "en"));
        if let Some(key) = carrying.key {
            request = request.insert_header(("Idempotency-Key", key));
        }
        if let Some(version) = carrying.version {
            request = request.insert_header(("If-Match", format!("\"{version}\"")));
        }
        if let Some((content_type, body)) = carrying.body {
            request = request.insert_header(("Content-Type", content_type)).set_payload(body);
        }
        let response = (self.send)(request).await.map_err(|e| failed(&e))?;
        let status = response.status();
        let body = to_bytes(response.into_body()).await.map_err(|_| failed(&"an unreadable answer"))?;
        if !status.is_success() {
            return Err(failed(&String::from_utf8_lossy(&body)));
        }
        serde_json::from_slice(&body).map_err(|e| failed(&e))
    }
}

/// A text in an answer.
pub fn text(answer: &Value, field: &str) -> Result<String, DemoError> {
    answer[field].as_str().map(str::to_owned).ok_or_else(|| DemoError::new(format!("reading {field}"), answer))
}

/// A number in an answer.
pub fn number(answer: &Value, field: &str) -> Result<i64, DemoError> {
    answer[field].as_i64().ok_or_else(|| DemoError::new(format!("reading {field}"), answer))
}
