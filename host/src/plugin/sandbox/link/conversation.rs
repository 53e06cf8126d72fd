//! The conversation with one worker: calls in, requests out, and whether it still answers.

use std::collections::HashMap;
use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bestand_plugin_api::call::{MESSAGE_BYTES_MAX, Port};
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::codec::{FramedRead, FramedWrite};

use super::{Heard, Link, attention};
use crate::plugin::sandbox::ASKS_MAX;
use crate::plugin::sandbox::frame::{self, Frame, Frames, Kind};
use crate::plugin::sandbox::pace::Pace;
use crate::plugin::sandbox::socket::{self, ReadHalf, WriteHalf};

/// How often a worker that has work is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(2);
/// A worker that does not come back to its thread for this long is taken to hang. An adapter that computes returns to
/// it between two pages, which takes milliseconds.
const SILENCE_MAX: Duration = Duration::from_secs(10);

/// Answers to a worker that may wait to be read by it, in bytes: a few of the largest there are.
const UNREAD_BYTES_MAX: usize = 4 * MESSAGE_BYTES_MAX;

/// What keeps the conversation up.
pub(in crate::plugin::sandbox) struct Conversation {
    link: Arc<Link>,
    read: FramedRead<ReadHalf, Frames>,
    write: FramedWrite<WriteHalf, Frames>,
    out: mpsc::UnboundedReceiver<Frame>,
    host: Arc<dyn Port>,
    /// Requests of the worker that are being served.
    asks: HashMap<u64, AbortHandle>,
}

// === impl Conversation ===

impl Conversation {
    /// The way in, and the conversation that has to be kept up for anything to happen.
    ///
    /// # Errors
    /// When the socket cannot be waited for.
    pub(in crate::plugin::sandbox) fn new(
        socket: UnixStream,
        host: Arc<dyn Port>,
    ) -> io::Result<(Arc<Link>, Self)> {
        let (read, write) = socket::halves(socket)?;
        let (frames, out) = mpsc::unbounded_channel();
        let link = Arc::new(Link::new(frames));
        let conversation = Self {
            link: Arc::clone(&link),
            read: FramedRead::new(read, Frames),
            write: FramedWrite::new(write, Frames),
            out,
            host,
            asks: HashMap::new(),
        };
        Ok((link, conversation))
    }

    /// The first frame of the worker.
    pub(in crate::plugin::sandbox) async fn first(&mut self) -> io::Result<Frame> {
        match self.read.next().await {
            Some(frame) => frame,
            None => Err(io::Error::other("it ended before it said anything")),
        }
    }

    /// Speaks with the worker until one of both has enough. The answer is why we have.
    pub(in crate::plugin::sandbox) async fn hold(mut self) -> Option<String> {
        match self.speak_and_listen().await {
            Ok(()) => None,
            // The system's own errors mean that the worker is gone; how it went, its exit status says better.
            Err(error) if error.raw_os_error().is_some() => None,
            Err(error) => Some(error.to_string()),
        }
    }

    async fn speak_and_listen(&mut self) -> io::Result<()> {
        let link = Arc::clone(&self.link);
        let (read, asks) = (&mut self.read, &mut self.asks);
        tokio::select! {
            ended = listen(&link, read, asks, &*self.host) => ended,
            failed = speak(&link, &mut self.write, &mut self.out) => failed,
            hung = watch(&link) => Err(hung),
            never = attention::stay_awake(&link) => match never {},
        }
    }
}

impl Drop for Conversation {
    /// Whoever waits for a call learns that there will be no answer.
    fn drop(&mut self) {
        let waiting = self.link.lock().take();
        drop(waiting);
        for (_, ask) in self.asks.drain() {
            ask.abort();
        }
    }
}

/// Until the worker closes its end.
async fn listen(
    link: &Arc<Link>,
    read: &mut FramedRead<ReadHalf, Frames>,
    asks: &mut HashMap<u64, AbortHandle>,
    host: &dyn Port,
) -> io::Result<()> {
    let mut pace = Pace::new(Instant::now());
    while let Some(frame) = read.next().await {
        let frame = frame?;
        *link.heard() = Heard::now();
        match frame.kind {
            // Answers that were waited for come no faster than calls are made.
            Kind::Answer => {
                if link.answer(frame.number, frame.body) {
                    continue;
                }
            }
            Kind::Ask => serve(link, asks, host, frame)?,
            Kind::Forget => {
                if let Some(ask) = asks.remove(&frame.number) {
                    ask.abort();
                }
            }
            Kind::Pong => {}
            other => {
                let message = format!("it sent a frame that is not its to send: {other:?}");
                return Err(io::Error::other(message));
            }
        }
        if let Some(later) = pace.heard(Instant::now()) {
            tokio::time::sleep_until(later).await;
        }
    }
    Ok(())
}

/// The request is taken at once, so that what is only said, and not waited for, is heard.
fn serve(
    link: &Arc<Link>,
    asks: &mut HashMap<u64, AbortHandle>,
    host: &dyn Port,
    ask: Frame,
) -> io::Result<()> {
    asks.retain(|_, ask| !ask.is_finished());
    if asks.len() >= ASKS_MAX {
        let message = format!("it had more than {ASKS_MAX} requests open at once");
        return Err(io::Error::other(message));
    }
    if link.unread_bytes.load(Ordering::Relaxed) > UNREAD_BYTES_MAX {
        return Err(io::Error::other("it does not read what it asks for"));
    }
    // A second one of a number would take the first one's place, and the first would be on no count any more.
    if asks.contains_key(&ask.number) {
        let message = format!("it asked twice under the number {}", ask.number);
        return Err(io::Error::other(message));
    }
    let (number, link) = (ask.number, Arc::clone(link));
    let answer = host.call(ask.body);
    let work = tokio::spawn(async move {
        let answer = answer.await;
        link.send(Frame::new(Kind::Reply, number, answer));
    });
    asks.insert(number, work.abort_handle());
    Ok(())
}

/// Writes what is ready, and gives up on a worker that does not read it.
async fn speak(
    link: &Link,
    write: &mut FramedWrite<WriteHalf, Frames>,
    out: &mut mpsc::UnboundedReceiver<Frame>,
) -> io::Result<()> {
    let written = |bytes| {
        link.unread_bytes.fetch_sub(bytes, Ordering::Relaxed);
    };
    while let Some(frame) = out.recv().await {
        let writing = frame::write(write, frame, out, written);
        let written = tokio::time::timeout(SILENCE_MAX, writing).await;
        written.unwrap_or_else(|_| Err(hangs()))?;
    }
    Ok(())
}

/// Asks a worker that has work whether it is there, until it does not answer.
async fn watch(link: &Link) -> io::Error {
    let mut ticks = interval(PING_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let heard = *link.heard();
        if heard.pinged && heard.at.elapsed() >= SILENCE_MAX {
            return hangs();
        }
        if !heard.pinged && link.has_work() {
            *link.heard() = Heard {
                pinged: true,
                ..Heard::now()
            };
            link.send(Frame::bare(Kind::Ping, 0));
        }
    }
}

fn hangs() -> io::Error {
    let message = format!("it hung: it did not give its thread back for {SILENCE_MAX:?}");
    io::Error::other(message)
}
