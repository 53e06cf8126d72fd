//! Messages of webhooks that cannot be delivered.

use std::time::Duration;

use bestand::connection::state::Moment;
use bestand::event_log::{News, news::SourceRecovered};
use bestand::id::{ConnectionId, SourceId};
use bestand::webhook::dispatcher::Dispatcher;

use super::{Api, NOW};

/// How often a message is tried, and once more.
const TURNS: usize = 12;
/// Longer than any wait between two tries.
const PAUSE: Duration = Duration::from_secs(10 * 3600);

/// Something happens, and cannot be delivered until it is given up.
pub(crate) async fn fail_for_good(api: &Api) {
    let recovered = SourceRecovered {
        source_id: SourceId::new(),
        name: "Main".into(),
        connection_id: ConnectionId::new(),
        since: Moment(NOW),
    };
    let news = [News::SourceRecovered(recovered)];
    let told = api.parts.event_log.append(api.account, &news).await;
    told.unwrap();
    let mut dispatcher = Dispatcher::new(api.parts.webhooks.clone());
    for _ in 0..TURNS {
        dispatcher.turn().await;
        dispatcher.settle().await;
        api.parts.clock.advance(PAUSE);
    }
}
