//! Messages to and from Chromium: JSON, each ended by a zero byte, answers matched by number.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};

use super::seen::Seen;

/// Longest wait for an answer; the machine may have much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// The two pipes.
pub(super) struct Wire {
    orders: Mutex<ChildStdin>,
    next: AtomicU64,
    expected: Arc<Expected>,
}

/// Who waits for what.
#[derive(Default)]
struct Expected {
    answers: Mutex<HashMap<u64, oneshot::Sender<Value>>>,
    pages: Mutex<HashMap<String, watch::Sender<Seen>>>,
}

// === impl Wire ===

impl Wire {
    /// The answers are read on a thread of their own, so that tests with different runtimes can share it.
    pub(super) fn new(orders: ChildStdin, answers: ChildStdout) -> Arc<Self> {
        let expected = Arc::new(Expected::default());
        let reading = Arc::clone(&expected);
        std::thread::spawn(move || reading.read(answers));
        Arc::new(Self {
            orders: Mutex::new(orders),
            next: AtomicU64::new(1),
            expected,
        })
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// What Chromium says is wrong with the order, or that it is gone.
    pub(super) async fn ask(
        &self,
        session: Option<&str>,
        method: &str,
        parameters: Value,
    ) -> Result<Value, String> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (answered, answer) = oneshot::channel();
        locked(&self.expected.answers).insert(number, answered);
        self.send(number, session, method, &parameters)?;
        let answer = tokio::time::timeout(PATIENCE, answer).await;
        let answer = answer.map_err(|_| format!("no answer within {PATIENCE:?}"))?;
        let mut answer = answer.map_err(|_| "Chromium has ended".to_owned())?;
        match answer["error"]["message"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["result"].take()),
        }
    }

    /// Says something whose answer nobody needs.
    pub(super) fn tell(&self, session: Option<&str>, method: &str, parameters: Value) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        // When it is gone, so is what this was about.
        let _ = self.send(number, session, method, &parameters);
    }

    /// What happens in this page from now on.
    pub(super) fn watch(&self, session: &str) -> watch::Receiver<Seen> {
        let (happening, seen) = watch::channel(Seen::default());
        locked(&self.expected.pages).insert(session.to_owned(), happening);
        seen
    }

    /// No longer keeps what happens there.
    pub(super) fn forget(&self, session: &str) {
        locked(&self.expected.pages).remove(session);
    }

    fn send(
        &self,
        number: u64,
        session: Option<&str>,
        method: &str,
        parameters: &Value,
    ) -> Result<(), String> {
        let mut order = json!({ "id": number, "method": method, "params": parameters });
        if let Some(session) = session {
            order["sessionId"] = session.into();
        }
        let mut bytes = order.to_string().into_bytes();
        bytes.push(0);
        let sent = locked(&self.orders).write_all(&bytes);
        sent.map_err(|error| format!("Chromium has ended: {error}"))
    }
}

// === impl Expected ===

impl Expected {
    fn read(&self, answers: ChildStdout) {
        let mut answers = BufReader::new(answers);
        let mut message = Vec::new();
        while matches!(answers.read_until(0, &mut message), Ok(read) if read > 0) {
            message.pop();
            let read = serde_json::from_slice(&message);
            self.deliver(read.expect("Chromium sends JSON"));
            message.clear();
        }
        locked(&self.answers).clear();
        locked(&self.pages).clear();
    }

    fn deliver(&self, message: Value) {
        if let Some(number) = message["id"].as_u64() {
            if let Some(waiting) = locked(&self.answers).remove(&number) {
                // Whoever asked may have stopped waiting.
                let _ = waiting.send(message);
            }
        } else if let (Some(session), Some(event)) =
            (message["sessionId"].as_str(), message["method"].as_str())
            && let Some(page) = locked(&self.pages).get(session)
        {
            page.send_modify(|seen| seen.note(event, &message["params"]));
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics with it")
}
