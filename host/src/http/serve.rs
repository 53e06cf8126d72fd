//! Taking connections: HTTP/1.1 without TLS, which is left to a proxy in front.
//!
//! Clients may be slow, by the thousand: heads, bodies and the reading of answers each have their time, and when all
//! places are taken the [`crowd`] gives up whoever has waited longest without a request.

mod answered;
mod crowd;
mod file_limit;
mod patient;

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::Service;

use answered::answered;
use crowd::{Crowd, Place};
use patient::Patient;

/// Connections held at once. Each may take some tens of KiB of buffers, and some file handles are for other things.
const CONNECTIONS_MAX: usize = 8_192;
/// How long a client may take to send the head of a request, the wait for a further one included.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// How long requests under way have to end once the daemon stops.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// How often it is looked for somebody to give up a place, while somebody waits for one.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The pause after a connection could not be accepted, as when no file handles are left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Answers on `listener` until `shutdown`, then lets requests under way end.
pub(super) async fn run(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let room = Arc::new(Semaphore::new(file_limit::connections(CONNECTIONS_MAX)));
    let crowd = Crowd::default();
    let graceful = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room, &crowd) => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, peer, permit)) => {
                let place = crowd.join();
                let spoken = speak(stream, peer, router.clone(), Arc::clone(&place));
                let connection = graceful.watch(spoken);
                tokio::spawn(async move {
                    // A connection that breaks off is the client's business.
                    tokio::select! {
                        _ = connection => {}
                        () = place.given_up() => {}
                    }
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_TIMEOUT, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not end in time and were cut off");
    }
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
    crowd: &Crowd,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let (stream, peer) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, peer, place_in(room, crowd).await?))
}

/// A place among the connections held; somebody else's, if need be.
async fn place_in(room: &Arc<Semaphore>, crowd: &Crowd) -> io::Result<OwnedSemaphorePermit> {
    loop {
        if room.available_permits() == 0 {
            crowd.make_room();
        }
        let place = tokio::time::timeout(LOOK_EVERY, Arc::clone(room).acquire_owned());
        if let Ok(place) = place.await {
            return place.map_err(io::Error::other);
        }
    }
}

fn speak(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    place: Arc<Place>,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let answering = place.answer();
        let answer = router.clone().call(request);
        async move { answer.await.map(|response| answered(response, answering)) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(Patient::new(stream)), service)
}
