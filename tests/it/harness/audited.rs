//! Whatever a test changes through an interface that answers well must stand in the audit, under the same request.

use super::TestApp;
use super::examples::fits;
use actix_web::http::{Method, header::HeaderMap};
use sea_orm::{ConnectionTrait, Statement};

/// What may go well and change nothing: questions with a body, and what is said again and is so already.
const MAY_CHANGE_NOTHING: [(&str, &str); 15] = [
    ("POST", "/api/v1/receipts/verify"),
    ("POST", "/api/v1/receipts/verify-code"),
    ("POST", "/api/v1/freight-quotes"),
    // Whether there is such a name or card is told to nobody, and nobody is asked twice in a moment.
    ("POST", "/api/v1/password-resets"),
    ("POST", "/api/v1/voice/codes"),
    // The session, whose tokens these are, stands in the audit.
    ("POST", "/api/v1/sessions/refresh"),
    // A cart is a note to oneself; what comes of it is an order.
    ("PUT", "/api/v1/cart/lines/{id}"),
    ("DELETE", "/api/v1/cart/lines/{id}"),
    ("POST", "/api/v1/cart/repeat"),
    // The same sheet, paper, file, wish or end once more.
    ("POST", "/api/v1/members/import"),
    ("POST", "/api/v1/supplier-orders/{id}/papers"),
    ("POST", "/api/v1/account-statements"),
    ("POST", "/api/v1/payout-batches/{id}/results"),
    ("POST", "/api/v1/mail-unsubscriptions"),
    ("DELETE", "/api/v1/sessions/{id}"),
];

/// Fails a test whose request changed something without an audit row.
pub async fn require(t: &TestApp, method: &Method, path: &str, status: u16, headers: &HeaderMap) {
    let path = path.split('?').next().unwrap_or_default();
    let asks = [Method::GET, Method::HEAD, Method::OPTIONS].contains(method);
    if asks || !(200..300).contains(&status) || headers.contains_key("idempotent-replayed") {
        return;
    }
    if MAY_CHANGE_NOTHING.iter().any(|(verb, template)| *verb == method.as_str() && fits(template, path)) {
        return;
    }
    let request = headers.get("x-request-id").unwrap().to_str().unwrap();
    let sql = "select 1 from audit_event where request_id = $1 limit 1";
    let row = Statement::from_sql_and_values(t.direct().get_database_backend(), sql, [request.into()]);
    let found = t.direct().query_one_raw(row).await.unwrap();
    assert!(found.is_some(), "{method} {path} went well and left nothing in the audit");
}
