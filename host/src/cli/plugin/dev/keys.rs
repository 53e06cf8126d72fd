//! Keys pressed on the terminal, one by one.

use std::io::{self, IsTerminal, Read};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A key that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Again,
    Quit,
}

/// The keys of the terminal, or none where there is no terminal.
pub(super) struct Keys {
    /// How the terminal was before.
    before: Option<Termios>,
    pressed: UnboundedReceiver<Key>,
}

// === impl Keys ===

impl Keys {
    /// Reads keys from now on, unless nobody is asked. Ctrl-C goes on to be a signal.
    pub(super) fn listen(nobody_is_asked: bool) -> Self {
        let (press, pressed) = unbounded_channel();
        let before = (!nobody_is_asked && io::stdin().is_terminal())
            .then(unbuffered)
            .flatten();
        if before.is_some() {
            // It waits for a key until the process ends; a thread of the runtime would keep that from ending.
            std::thread::spawn(move || {
                let keys = io::stdin().lock().bytes().map_while(Result::ok);
                for key in keys.filter_map(meaning) {
                    if press.send(key).is_err() {
                        return;
                    }
                }
            });
        }
        Self { before, pressed }
    }

    /// Whether anybody can press one.
    pub(super) fn are_read(&self) -> bool {
        self.before.is_some()
    }

    /// The next key; never, where there is no terminal.
    pub(super) async fn next(&mut self) -> Key {
        match self.pressed.recv().await {
            Some(key) => key,
            None => std::future::pending().await,
        }
    }

    /// Ready when somebody wants to leave; other keys are passed over.
    pub(super) async fn quit(&mut self) {
        while self.next().await != Key::Quit {}
    }
}

impl Drop for Keys {
    /// The terminal is left as it was.
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// Lets keys through at once and unseen; how the terminal was before.
fn unbuffered() -> Option<Termios> {
    let before = tcgetattr(io::stdin()).ok()?;
    let mut direct = before.clone();
    direct.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
    tcsetattr(io::stdin(), OptionalActions::Now, &direct).ok()?;
    Some(before)
}

fn meaning(key: u8) -> Option<Key> {
    match key {
        b'\n' | b'\r' => Some(Key::Again),
        b'q' | b'Q' => Some(Key::Quit),
        _ => None,
    }
}
