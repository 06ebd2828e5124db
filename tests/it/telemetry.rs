//! What is told of the house's work: a real server tells a real collector, started here, which reads what it is sent;
//! and a collector that is away, or never answers, holds nothing up.

use crate::harness::*;
use crate::servers::{Outside, Server, pause};
use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use entity::value::{OrganisationKind, OutboxId, Role};
use liannong::config::OpenTelemetry;
use liannong::telemetry::{TelemetryError, endpoint};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use sea_orm::EntityTrait;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The caller's trace and span, as the standard's own example has them.
const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// What arrived at the collector, and at the receiver of webhooks beside it.
#[derive(Default)]
struct Told {
    keys: Vec<String>,
    batches: Vec<ExportTraceServiceRequest>,
    traceparents: Vec<String>,
}

type Shared = web::Data<Mutex<Told>>;

fn header(request: &HttpRequest, name: &str) -> String {
    request.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

async fn take_spans(request: HttpRequest, body: web::Bytes, told: Shared) -> HttpResponse {
    assert_eq!(header(&request, "content-type"), "application/x-protobuf");
    let mut told = told.lock().unwrap();
    told.keys.push(header(&request, "x-collector-key"));
    told.batches.push(ExportTraceServiceRequest::decode(body).unwrap());
    HttpResponse::Ok().content_type("application/x-protobuf").finish()
}

async fn take_webhook(request: HttpRequest, told: Shared) -> HttpResponse {
    told.lock().unwrap().traceparents.push(header(&request, "traceparent"));
    HttpResponse::NoContent().finish()
}

/// A collector and a receiver of webhooks on a port of their own.
fn collector() -> (SocketAddr, Shared) {
    let told = Shared::new(Mutex::default());
    let shared = told.clone();
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(shared.clone())
            .app_data(web::PayloadConfig::new(8 << 20))
            .route("/v1/traces", web::post().to(take_spans))
            .route("/hook", web::post().to(take_webhook))
    });
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let address = server.addrs()[0];
    actix_web::rt::spawn(server.run());
    (address, told)
}

fn said(attributes: &[KeyValue], name: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == name)?;
    Some(match found.value.as_ref()?.value.as_ref()? {
        any_value::Value::StringValue(text) => text.clone(),
        any_value::Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Told to stop, it ends by itself and well.
async fn ends(server: &mut Server, within: Duration) -> Duration {
    server.tell_to_stop();
    let began = Instant::now();
    loop {
        if let Some(ended) = server.process.try_wait().unwrap() {
            assert!(ended.success(), "{ended}");
            return began.elapsed();
        }
        assert!(began.elapsed() < within, "it does not end: {}", server.log());
        pause(50).await;
    }
}

fn one<'s>(spans: &'s [Span], name: &str) -> &'s Span {
    let mut found = spans.iter().filter(|span| span.name == name);
    let (Some(span), None) = (found.next(), found.next()) else {
        panic!("not one span {name}: {:?}", spans.iter().map(|span| &span.name).collect::<Vec<_>>())
    };
    span
}

/// Requests inside the caller's trace, jobs with their kind and outcome, webhooks that send the trace on; the last of it
/// when the server is told to stop; and nothing of what was asked for or of whom.
#[actix_web::test]
async fn a_collector_learns_what_the_house_does() {
    let t = TestApp::on_sqlite().await;
    let cooperative = t.organisation(OrganisationKind::Cooperative, "522625").await;
    let administrator = t.member(Role::Administrator, cooperative).await;
    let (address, told) = collector();
    let place = format!("http://{address}");
    let surroundings = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", place.as_str()),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-collector-key=open"),
        ("OTEL_SERVICE_NAME", "liannong-guizhou"),
        ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test"),
        ("OTEL_TRACES_SAMPLER", "parentbased_always_on"),
        ("LIANNONG_PUBLIC_ADDRESS", "https://liannong.example"),
        ("LIANNONG_REACHABLE_NETWORKS", "127.0.0.0/8"),
    ];
    let mut server = Server::start_with(&t, &surroundings).await;
    let outside = Outside::of(&t, server.address);
    let hook = json!({ "name": "财务系统", "url": format!("{place}/hook?code=s3cr3t"), "types": ["lot.recalled"] });
    outside.did("/webhook-endpoints", &administrator, None, &hook).await;
    let event = entity::outbox::ActiveModel {
        id: sea_orm::Set(OutboxId::generate()),
        topic: sea_orm::Set("lot.recalled".to_owned()),
        aggregate_id: sea_orm::Set(uuid::Uuid::now_v7()),
        payload: sea_orm::Set(
            json!({ "recall": uuid::Uuid::now_v7(), "supplier": cooperative, "lots": [uuid::Uuid::now_v7()] })
                .to_string(),
        ),
        created_at: sea_orm::Set(chrono::DateTime::UNIX_EPOCH),
        delivered_at: sea_orm::Set(None),
    };
    entity::outbox::Entity::insert(event).exec_without_returning(t.direct()).await.unwrap();

    let asked = outside.asks("GET", "/organisations?q=张三", &administrator).header("traceparent", CALLER);
    let status = asked.send().await.unwrap().status().as_u16();
    let unsampled = CALLER.replace("-01", "-00");
    outside.asks("GET", "/mail-preferences", &administrator).header("traceparent", unsampled).send().await.unwrap();
    let path = format!("/webhook-deliveries/{}", uuid::Uuid::now_v7());
    let stranger =
        outside.asks("GET", &path, &administrator).header("traceparent", "00-nonsense").send().await.unwrap();
    assert_eq!(stranger.status().as_u16(), 404);
    let began = Instant::now();
    while told.lock().unwrap().traceparents.is_empty() {
        assert!(began.elapsed() < Duration::from_secs(20), "no webhook: {}", server.log());
        pause(50).await;
    }
    ends(&mut server, Duration::from_secs(60)).await;

    let told = std::mem::take(&mut *told.lock().unwrap());
    assert!(told.keys.iter().all(|key| key == "open"), "{:?}", told.keys);
    let resource = told.batches[0].resource_spans[0].resource.as_ref().unwrap();
    assert_eq!(said(&resource.attributes, "service.name").unwrap(), "liannong-guizhou");
    assert_eq!(said(&resource.attributes, "deployment.environment.name").unwrap(), "test");
    assert_eq!(said(&resource.attributes, "service.version").unwrap(), env!("CARGO_PKG_VERSION"));
    let spans: Vec<Span> = told
        .batches
        .iter()
        .flat_map(|batch| &batch.resource_spans)
        .flat_map(|resource| &resource.scope_spans)
        .flat_map(|scope| scope.spans.clone())
        .collect();

    let inside: Vec<_> = spans.iter().filter(|span| hex(&span.trace_id) == TRACE).collect();
    assert_eq!(inside.len(), 1, "an unsampled caller is not told of, and this one once");
    let request = inside[0];
    assert_eq!(hex(&request.parent_span_id), "00f067aa0ba902b7");
    assert_eq!(request.kind, 2, "a server's");
    let route = said(&request.attributes, "http.route");
    assert_eq!(request.name, route.as_deref().map_or("GET".to_owned(), |route| format!("GET {route}")));
    assert_eq!(said(&request.attributes, "http.request.method").unwrap(), "GET");
    assert_eq!(said(&request.attributes, "http.response.status_code").unwrap(), status.to_string());
    assert_eq!(said(&request.attributes, "server.address").unwrap(), "liannong.example");
    assert!(said(&request.attributes, "liannong.request.id").is_some());
    assert!(server.log().contains(TRACE), "the log names the trace: {}", server.log());
    let missing = one(&spans, "GET /api/v1/webhook-deliveries/{id}");
    assert_eq!(said(&missing.attributes, "http.response.status_code").unwrap(), "404");
    assert!(missing.status.as_ref().is_none_or(|status| status.code == 0), "what a caller does wrong is no fault here");
    assert!(missing.parent_span_id.is_empty(), "a trace that cannot be read is none");

    let sent = one(&spans, "job webhook.send");
    assert_eq!(said(&sent.attributes, "liannong.job.kind").unwrap(), "webhook.send");
    assert_eq!(said(&sent.attributes, "liannong.job.attempt").unwrap(), "1");
    assert_eq!(said(&sent.attributes, "liannong.job.outcome").unwrap(), "done");
    let call = one(&spans, "POST");
    assert_eq!((call.kind, &call.parent_span_id), (3, &sent.span_id), "inside its job");
    assert_eq!(said(&call.attributes, "http.response.status_code").unwrap(), "204");
    let expected = format!("00-{}-{}-01", hex(&sent.trace_id), hex(&call.span_id));
    assert_eq!(told.traceparents, [expected], "the receiver goes on with the trace");
    assert!(spans.iter().any(|span| span.name == "turn seal.recent"), "turns of the clock");

    let everything = format!("{:?}", told.batches);
    for private in ["张三", "%E5%BC%A0", "s3cr3t", "code=", "Bearer", "eyJ", "127.0.0.1:", "测试人员", &path] {
        assert!(!everything.contains(private), "{private} was told");
    }
    t.finish().await;
}

/// A collector that refuses, and one that never answers: requests go on as without, the log tells it once, and the server
/// ends in time.
#[actix_web::test]
async fn a_collector_that_is_away_holds_nothing_up() {
    let t = TestApp::on_sqlite().await;
    let cooperative = t.organisation(OrganisationKind::Cooperative, "522625").await;
    let administrator = t.member(Role::Administrator, cooperative).await;
    // It takes connections and never says a word.
    let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let silent = format!("http://{}", silent.local_addr().unwrap());
    let served = async |place: &str, patience: &str| {
        let surroundings = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", place),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", patience),
            ("OTEL_BSP_SCHEDULE_DELAY", "50"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "16"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "8"),
        ];
        let mut server = Server::start_with(&t, &surroundings).await;
        let outside = Outside::of(&t, server.address);
        for _ in 0..60 {
            let began = Instant::now();
            outside.sees("/mail-preferences", &administrator).await;
            assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
        }
        let took = ends(&mut server, Duration::from_secs(90)).await;
        (server.log().matches("the collector does not take spans").count(), took)
    };
    let (times, _) = served("http://127.0.0.1:1", "300").await;
    assert_eq!(times, 1, "once, whatever the number of spans");
    // Far less than the patience that it has for the collector, however slow the machine is.
    let (_, took) = served(&silent, "600000").await;
    assert!(took < Duration::from_secs(60), "{took:?}");
    t.finish().await;
}

/// Off unless somebody names a collector; the standard's switches turn it off; what cannot be used is refused.
#[test]
fn the_standard_variables_say_where_spans_go() {
    let usual = OpenTelemetry::default();
    let common = OpenTelemetry { otlp_endpoint: Some("http://collector:4318/".to_owned()), ..usual.clone() };
    let told = |wanted: &OpenTelemetry| endpoint(wanted).unwrap().map(|url| url.to_string());
    assert_eq!(told(&usual), None);
    assert_eq!(told(&OpenTelemetry { otlp_endpoint: Some(" ".to_owned()), ..usual.clone() }), None);
    assert_eq!(told(&common).as_deref(), Some("http://collector:4318/v1/traces"));
    let own = OpenTelemetry { otlp_traces_endpoint: Some("https://c.example/x".to_owned()), ..common.clone() };
    assert_eq!(told(&own).as_deref(), Some("https://c.example/x"));
    assert_eq!(told(&OpenTelemetry { sdk_disabled: Some("TRUE".to_owned()), ..own.clone() }), None);
    assert!(told(&OpenTelemetry { sdk_disabled: Some("false".to_owned()), ..own.clone() }).is_some());
    assert_eq!(told(&OpenTelemetry { traces_exporter: Some("none".to_owned()), ..own.clone() }), None);
    let grpc = OpenTelemetry { otlp_protocol: Some("grpc".to_owned()), ..common.clone() };
    assert!(matches!(endpoint(&grpc), Err(TelemetryError::Protocol(_))));
    for wrong in ["collector:4318", "ftp://collector", "http://"] {
        let wrong = OpenTelemetry { otlp_traces_endpoint: Some(wrong.to_owned()), ..usual.clone() };
        assert!(matches!(endpoint(&wrong), Err(TelemetryError::Address(_))), "{wrong:?}");
    }
    let told = endpoint(&OpenTelemetry { otlp_traces_endpoint: Some("x://u:password@host".to_owned()), ..usual });
    assert!(!told.unwrap_err().to_string().contains("password"));
}
