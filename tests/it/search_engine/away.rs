//! A Meilisearch server that is away, hangs or talks nonsense. What a real one answers is tested by the contract when
//! there is one; here only that nobody waits for ever and that each failure is called what it is.

use std::{
    io::{Read, Write},
    net::TcpListener,
    time::{Duration, Instant},
};

use liannong::search::{Meilisearch, SearchEngine, SearchError};

use super::asking;

/// A server that answers every request with the same, or with nothing. It ends with the test's process.
fn server(answer: Option<&'static str>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for connection in listener.incoming().flatten() {
            let mut connection = connection;
            if let Some(answer) = answer {
                let _read = connection.read(&mut [0; 65_536]);
                let _gone = connection.write_all(answer.as_bytes());
            } else {
                held.push(connection);
            }
        }
    });
    address
}

fn engine(address: &str) -> Meilisearch {
    Meilisearch::new(address, Some("key"), "products").unwrap().with_patience(Duration::from_millis(300))
}

#[test]
fn a_server_that_is_away_or_hangs_is_away_soon() {
    let closed = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    for address in [closed, server(None)] {
        let engine = engine(&address);
        let began = Instant::now();
        assert!(matches!(engine.search(&asking("茶")), Err(SearchError::Away(_))));
        assert!(matches!(engine.suggest("茶", 5), Err(SearchError::Away(_))));
        assert!(matches!(engine.count(), Err(SearchError::Away(_))));
        assert!(matches!(engine.needs_rebuild(), Err(SearchError::Away(_))));
        assert_eq!(engine.generation(), 0);
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn nonsense_is_away_and_a_refusal_is_a_failure() {
    let nonsense = server(Some("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"));
    assert!(matches!(engine(&nonsense).search(&asking("茶")), Err(SearchError::Away(_))));
    let broken = server(Some("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    assert!(matches!(engine(&broken).search(&asking("茶")), Err(SearchError::Away(_))));
    let body = r#"{"message":"The provided API key is invalid.","code":"invalid_api_key","type":"auth","link":"x"}"#;
    let refusing: &'static str = Box::leak(
        format!("HTTP/1.1 403 Forbidden\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).into(),
    );
    let refused = engine(&server(Some(refusing))).search(&asking("茶")).unwrap_err();
    assert!(matches!(refused, SearchError::Store(_)) && refused.to_string().contains("API key"), "{refused}");
}

#[test]
fn an_address_a_key_and_a_name_must_be_possible() {
    for (address, key, name) in [
        ("localhost:7700", None, "products"),
        ("http://localhost:7700", Some("with blank"), "products"),
        ("http://localhost:7700", Some(""), "products"),
        ("http://localhost:7700", None, "产品"),
        ("http://localhost:7700", None, ""),
    ] {
        assert!(matches!(Meilisearch::new(address, key, name), Err(SearchError::Store(_))), "{address} {key:?} {name}");
    }
}
