//! The API over a real connection: what only shows there.

use std::sync::Arc;
use std::time::Duration;

use bestand::api_key::Role::Reader;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::support::Api;

/// A running server, and how to stop it.
async fn serve(
    api: &Api,
) -> (
    std::net::SocketAddr,
    oneshot::Sender<()>,
    JoinHandle<std::io::Result<()>>,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let serving = bestand::http::serve(listener, Arc::clone(&api.parts), async {
        let _ = stopped.await;
    });
    (address, stop, tokio::spawn(serving))
}

#[tokio::test]
async fn requests_are_answered_until_the_daemon_stops() {
    let api = Api::open().await;
    let (address, stop, serving) = serve(&api).await;
    let client = reqwest::Client::new();
    let (key, secret) = api.credentials(Reader).split_once(':').unwrap();
    let request = client
        .get(format!("http://{address}/api/v1/orders"))
        .basic_auth(key, Some(secret));
    assert_eq!(request.send().await.unwrap().status(), 200);
    // The other end is this machine.
    let metrics = client
        .get(format!("http://{address}/metrics"))
        .send()
        .await
        .unwrap();
    assert_eq!(metrics.status(), 200);
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_daemon_stops() {
    let api = Api::open().await;
    let (address, stop, serving) = serve(&api).await;
    let mut connection = TcpStream::connect(address).await.unwrap();
    let head = "POST /hooks/x HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n";
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    // Both are with the server before it is stopped: the second answers only after the first was taken.
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut start = [0; 12];
    idle.read_exact(&mut start).await.unwrap();
    stop.send(()).unwrap();
    connection.write_all(b"{}").await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    tokio::time::timeout(Duration::from_secs(5), serving)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_client_that_breaks_off_or_talks_nonsense_harms_nobody() {
    let api = Api::open().await;
    let (address, stop, serving) = serve(&api).await;
    for nonsense in [
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET",
        "POST /api/v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\nx",
    ] {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(nonsense.as_bytes()).await.unwrap();
        drop(connection);
    }
    let answer = reqwest::get(format!("http://{address}/healthz"))
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}
