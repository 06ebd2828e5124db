//! A request, said fluently, and its reply, read strictly.

use super::{Person, TestApp};
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, header};
use actix_web::test::TestRequest;
use serde_json::Value;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::rc::Rc;

type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
pub(super) type Speak = Rc<dyn Fn(TestRequest) -> Local<'static, ServiceResponse>>;

/// A request in the making; awaiting it sends it.
pub struct Call<'t> {
    t: &'t TestApp,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    sender: Option<std::net::IpAddr>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl TestApp {
    fn call(&self, method: Method, path: &str) -> Call<'_> {
        let path = if path.starts_with("//") { path[1..].to_owned() } else { format!("/api/v1{path}") };
        // As every client does with Chinese words in an address.
        let encode = |byte: u8| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        let path = path.bytes().map(encode).collect();
        Call { t: self, method, path, headers: Vec::new(), body: Vec::new(), sender: None }
    }

    /// GET below `/api/v1`; with two leading slashes, from the root.
    pub fn get(&self, path: &str) -> Call<'_> {
        self.call(Method::GET, path)
    }

    /// OPTIONS.
    pub fn options(&self, path: &str) -> Call<'_> {
        self.call(Method::OPTIONS, path)
    }

    /// POST.
    pub fn post(&self, path: &str) -> Call<'_> {
        self.call(Method::POST, path)
    }

    /// PUT.
    pub fn put(&self, path: &str) -> Call<'_> {
        self.call(Method::PUT, path)
    }

    /// PATCH.
    pub fn patch(&self, path: &str) -> Call<'_> {
        self.call(Method::PATCH, path)
    }

    /// DELETE.
    pub fn delete(&self, path: &str) -> Call<'_> {
        self.call(Method::DELETE, path)
    }
}

impl Call<'_> {
    /// As this person; software by its key.
    pub fn by(self, person: &Person) -> Self {
        if person.member.role == entity::value::Role::Integrator {
            return self.header("Authorization", &format!("Bearer {}", super::api_key(person.member.person)));
        }
        let (token, _) = self.t.app.tokens.issue(&person.member, self.t.app.clock.now()).unwrap();
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// From this address; otherwise from inside the house.
    pub fn from(mut self, address: &str) -> Self {
        self.sender = Some(address.parse().unwrap());
        self
    }

    /// With this `Idempotency-Key`.
    pub fn key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    /// With this `If-Match`.
    pub fn if_match(self, etag: &str) -> Self {
        self.header("If-Match", etag)
    }

    /// With this version as `If-Match`.
    pub fn version(self, version: &Value) -> Self {
        self.if_match(&format!("\"{version}\""))
    }

    /// In English.
    pub fn in_english(self) -> Self {
        self.header("Accept-Language", "en")
    }

    /// With a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a JSON body.
    pub fn json(self, body: Value) -> Self {
        self.bytes("application/json", body.to_string().into_bytes())
    }

    /// With any body.
    pub fn bytes(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.header("Content-Type", content_type)
    }
}

impl<'t> IntoFuture for Call<'t> {
    type Output = Reply;
    type IntoFuture = Local<'t, Reply>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut request =
                TestRequest::with_uri(&self.path).method(self.method.clone()).set_payload(self.body.clone());
            if let Some(sender) = self.sender {
                request = request.peer_addr((sender, 40_000).into());
            }
            for (name, value) in self.headers {
                let name: HeaderName = name.parse().unwrap();
                request = request.append_header((name, HeaderValue::from_str(&value).unwrap()));
            }
            let response = (self.t.speak)(request).await;
            let status = response.status().as_u16();
            let headers = response.headers().clone();
            let body = read(&headers, response.into_body()).await;
            if !self.t.is_postgres() {
                super::audited::require(self.t, &self.method, &self.path, status, &headers).await;
                super::examples::record(self.t.examples.get(), &self.method, &self.path, &self.body, status, &body);
            }
            Reply { status, headers, body }
        })
    }
}

/// The whole body; of a stream that has no end, what comes in its first moments.
async fn read(headers: &HeaderMap, body: BoxBody) -> Vec<u8> {
    let is_stream =
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if !is_stream {
        return to_bytes(body).await.unwrap_or_default().to_vec();
    }
    let (mut body, mut read) = (std::pin::pin!(body), Vec::new());
    while let Ok(Some(Ok(piece))) = actix_web::rt::time::timeout(
        // Between two pieces lies a question to a database that others keep busy too.
        std::time::Duration::from_millis(1_500),
        std::future::poll_fn(|context| body.as_mut().poll_next(context)),
    )
    .await
    {
        read.extend_from_slice(&piece);
    }
    read
}

impl Reply {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{} is not JSON: {}", self.status, String::from_utf8_lossy(&self.body)))
    }

    #[track_caller]
    fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }

    /// 200, with its body.
    #[track_caller]
    pub fn ok(self) -> Value {
        self.expect(200)
    }

    /// 201, with its body.
    #[track_caller]
    pub fn created(self) -> Value {
        self.expect(201)
    }

    /// A refusal of this status and code, with its document.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        assert_eq!(self.headers.get(header::CONTENT_TYPE).unwrap(), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        problem
    }

    /// The version that came with it.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.headers.get(header::ETAG).expect("an ETag").to_str().unwrap().to_owned()
    }

    /// A header, when there is one.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
