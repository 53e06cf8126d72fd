//! What stands behind an adapter when that is not simply a cassette or a live system.

use std::sync::Arc;
use std::time::Duration;

use crate::AdapterError;
use crate::http::HttpRequest;
use crate::testing::{Answer, Cassette, Credentials, Player, Upstream, UpstreamFuture};

/// Nobody: an adapter that keeps its stock itself.
pub(super) struct Nobody;

/// A live system that is asked only for what it did not answer in the rehearsal.
///
/// A whole run asks thousands of times; a partner's account has a limit, and other users.
pub(super) struct Rehearsed {
    player: Player,
    live: Arc<dyn Upstream>,
}

impl Upstream for Nobody {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
        _: &'a Credentials,
    ) -> UpstreamFuture<'a, Answer> {
        let message = format!(
            "the adapter sends `{} {}`, but the profile names no `upstream`",
            request.method, request.url
        );
        Box::pin(std::future::ready(Answer::failing(AdapterError::bug(
            message,
        ))))
    }
}

// === impl Rehearsed ===

impl Rehearsed {
    pub(super) fn new(rehearsal: Arc<Cassette>, live: Arc<dyn Upstream>) -> Self {
        Self {
            player: Player::sharing(rehearsal),
            live,
        }
    }
}

impl Upstream for Rehearsed {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
        credentials: &'a Credentials,
    ) -> UpstreamFuture<'a, Answer> {
        if !credentials.are_wrong()
            && let Some(answer) = self.player.play(request, credentials)
        {
            return Box::pin(std::future::ready(answer));
        }
        self.live.send(request, credentials)
    }

    fn wait(&self, duration: Duration) -> UpstreamFuture<'_, ()> {
        // What was rehearsed is not worked on any more; a second lets the rest catch its breath.
        self.live.wait(duration.min(Duration::from_secs(1)))
    }
}
