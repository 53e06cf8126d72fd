//! A running `bestand serve`: started in an installation, ended as it should be or killed.

use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};

use super::api::Api;
use super::install::Install;
use super::life::find;

/// What it says when it is ready.
const LISTENING: &str = "listening on ";

/// The process; killed when dropped, if the test has not ended it.
pub(crate) struct Daemon {
    child: Child,
    /// Its API, with an administrator's key.
    pub(crate) api: Api,
    /// Where its words for whoever started it stand.
    words: PathBuf,
}

// === impl Daemon ===

impl Daemon {
    /// `serve` is the command that serves, in the end.
    pub(super) async fn start(install: &Install, mut serve: Command) -> Self {
        let key = install.admin().clone();
        let log = install.path("log");
        let before = std::fs::metadata(&log).map_or(0, |metadata| metadata.len());
        let file = OpenOptions::new().create(true).append(true).open(&log);
        let words = install.path("words");
        let mut child = serve
            .stdout(File::create(&words).expect("a file can be made"))
            .stderr(file.expect("a log"))
            .spawn()
            .expect("it runs");
        let said = async || {
            let ended = child.try_wait().expect("a child can be waited for");
            let said = std::fs::read(&log).expect("a log");
            let said =
                String::from_utf8_lossy(&said[usize::try_from(before).unwrap_or(0)..]).into_owned();
            assert_eq!(ended, None, "it ended instead of listening: {said}");
            let (_, rest) = said.split_once(LISTENING)?;
            let (url, _) = rest.split_once('\n')?;
            Some(url.to_owned())
        };
        let url = find("listening", said).await;
        let api = Api::new(url, key, install.secrets.clone());
        Self { child, api, words }
    }

    /// What it has said to whoever started it, apart from its log.
    pub(crate) fn words(&self) -> String {
        std::fs::read_to_string(&self.words).expect("it says something readable")
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it in the middle of whatever it does.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it is running");
        self.child.wait().expect("it can be waited for");
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn end(mut self) -> ExitStatus {
        self.signal("-TERM");
        find("the end", async || {
            self.child.try_wait().expect("it can be waited for")
        })
        .await
    }

    /// Sends it a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status();
        assert!(sent.expect("`kill` runs").success());
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It has ended already when the test saw to that.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
