//! What is to go wrong.

use std::future;
use std::time::Duration;

use bestand_plugin_api::call::Method;
use bestand_plugin_api::call::adapter as methods;
use bestand_plugin_api::{Ctx, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::escape::Escape;
use crate::socket::Frames;
use crate::{crash, escape, floods, greed, socket};

/// How long a slow destructor takes: noticed by whoever waits for it, and no longer than a test has.
const SLOW: Duration = Duration::from_secs(1);

/// The one thing that goes wrong.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What.
    pub fault: Fault,
    /// In which call; matters to those faults only that can happen in any.
    pub at: Entry,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing.
    #[default]
    None,

    /// At [`Settings::at`]: a panic.
    Panic,
    /// At [`Settings::at`]: no answer ever, without using the processor. `open` cannot wait and blocks its thread.
    Hang,
    /// At [`Settings::at`]: a loop that never yields its thread. Only a sandbox can end it.
    BusyLoop,
    /// At [`Settings::at`]: as many records as fast as possible, then the proper answer.
    LogFlood,
    /// At [`Settings::at`]: record after record without end, and never an answer.
    EndlessLog,
    /// At [`Settings::at`]: megabytes on stdout and stderr, then the proper answer.
    OutputFlood,
    /// At [`Settings::at`]: an error whose message is megabytes long, with forged lines in it.
    EndlessError,

    /// At [`Settings::at`]: an access to memory that is not there.
    Segfault,
    /// At [`Settings::at`]: an abort, after a last word on stderr.
    Abort,
    /// At [`Settings::at`]: a stack that grows without end.
    StackOverflow,
    /// At [`Settings::at`]: 8 GiB, all of them used.
    EightGib,
    /// At [`Settings::at`]: as many threads as there are to be had.
    Threads,

    /// At [`Settings::at`]: a second process of the same program. What follows from this and each of the next is the
    /// answer: an error that says why it could not be, or one that says that it could.
    Fork,
    /// At [`Settings::at`]: another program.
    Exec,
    /// At [`Settings::at`]: a file that is nobody else's business.
    ReadFile,
    /// At [`Settings::at`]: a new file.
    WriteFile,
    /// At [`Settings::at`]: a TCP connection.
    ConnectTcp,
    /// At [`Settings::at`]: a UDP datagram.
    ConnectUdp,
    /// At [`Settings::at`]: a unix socket.
    ConnectUnix,
    /// At [`Settings::at`]: the environment, which holds secrets.
    ReadEnvironment,
    /// At [`Settings::at`]: descriptors that somebody left open.
    ReadDescriptors,
    /// At [`Settings::at`]: a signal to the process that started this one.
    SignalParent,

    /// At [`Settings::at`], on the socket to the daemon, behind the SDK's back: bytes that are no frame.
    GarbageFrame,
    /// The same: a frame that says it is as long as memory is.
    OversizedFrame,
    /// The same: a frame that only the daemon may send.
    ForeignFrame,
    /// The same: one request after the other under the same number, none of which ever ends.
    SameNumber,
    /// The same: answers to calls that nobody made.
    UnaskedAnswers,

    /// At [`Settings::at`]: requests to the host as fast as they are answered, without end.
    RequestFlood,
    /// At [`Settings::at`]: a request to a host that the manifest does not name.
    ForeignHost,
    /// At [`Settings::at`]: more of its own state at once than memory holds.
    GreedyState,
    /// At [`Settings::at`]: a request signed with a secret that the manifest does not name.
    ForeignSecret,

    /// At [`Settings::at`]: bytes that are no message.
    Garbage,
    /// At [`Settings::at`]: a message whose answer is of another type.
    OtherType,
    /// At [`Settings::at`]: a message beyond the limit of the contract.
    Oversized,
    /// At [`Settings::at`]: no bytes at all.
    Empty,

    /// When the instance is let go: a panic.
    PanicOnDrop,
    /// When the instance is let go: a thread that is kept for a second.
    SlowDrop,

    /// In levels: one article twice, with different numbers.
    DuplicateSkus,
    /// In levels: some at a place that was never listed.
    ForeignLocation,
    /// In levels: some that are counts, but carry no number.
    NoNumbers,
    /// In levels: numbers with a decimal point, which no quantity is.
    Floats,
    /// In levels: numbers that are none.
    NotANumber,
    /// In answers by SKU: articles nobody asked for.
    UnaskedSkus,

    /// A listing of stock that always has one more page.
    EndlessListing,
    /// A listing of stock whose cursor leads back to the same page.
    StuckCursor,
    /// A listing of stock whose cursor is far beyond the limit of the contract.
    HugeCursor,
    /// A listing of stock that is always still being worked on.
    EndlessPending,
}

/// A call in which something can go wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The instance is made.
    Open,
    /// Credentials are checked.
    #[default]
    Check,
    /// Places are listed.
    Locations,
    /// Levels are listed.
    ListStock,
    /// Some SKUs are asked for.
    StockBySku,
    /// A request has arrived.
    Receive,
}

// === impl Settings ===

impl Settings {
    /// Does what goes wrong in this call.
    pub(crate) async fn act(&self, entry: Entry, ctx: &Ctx) -> Result<()> {
        if self.at != entry {
            return Ok(());
        }
        match self.fault {
            Fault::Hang => future::pending().await,
            Fault::EndlessLog => floods::log_without_end(ctx).await,
            Fault::RequestFlood => floods::requests(ctx).await,
            Fault::ForeignHost => greed::foreign_host(ctx).await,
            Fault::GreedyState => greed::ten_gigabytes_of_state(ctx).await,
            Fault::ForeignSecret => greed::foreign_secret(ctx).await,
            _ => self.act_at_once(entry),
        }
    }

    /// The same where nothing can be waited for.
    pub(crate) fn act_at_once(&self, entry: Entry) -> Result<()> {
        if self.at != entry {
            return Ok(());
        }
        match self.fault {
            Fault::Panic => panic!("told to panic in {entry:?}"),
            Fault::Hang => loop {
                std::thread::park();
            },
            Fault::BusyLoop => loop {
                std::hint::spin_loop();
            },
            Fault::LogFlood => floods::log(),
            Fault::OutputFlood => floods::output(),
            Fault::EndlessError => return Err(floods::error()),
            Fault::Segfault => crash::segfault(),
            Fault::Abort => crash::abort(),
            Fault::StackOverflow => crash::overflow_the_stack(),
            Fault::EightGib => greed::eight_gib(),
            _ => {
                self.escape().map_or(Ok(()), escape::attempt)?;
                self.frames().map_or(Ok(()), socket::send)?;
            }
        }
        Ok(())
    }

    /// Does what goes wrong when the instance is let go.
    pub(crate) fn act_on_drop(&self) {
        match self.fault {
            Fault::PanicOnDrop => panic!("told to panic when dropped"),
            Fault::SlowDrop => std::thread::sleep(SLOW),
            _ => {}
        }
    }

    fn escape(&self) -> Option<Escape> {
        Some(match self.fault {
            Fault::Threads => Escape::Threads,
            Fault::Fork => Escape::Fork,
            Fault::Exec => Escape::Exec,
            Fault::ReadFile => Escape::ReadFile,
            Fault::WriteFile => Escape::WriteFile,
            Fault::ConnectTcp => Escape::Tcp,
            Fault::ConnectUdp => Escape::Udp,
            Fault::ConnectUnix => Escape::Unix,
            Fault::ReadEnvironment => Escape::Environment,
            Fault::ReadDescriptors => Escape::Descriptors,
            Fault::SignalParent => Escape::SignalParent,
            _ => return None,
        })
    }

    fn frames(&self) -> Option<Frames> {
        Some(match self.fault {
            Fault::GarbageFrame => Frames::Garbage,
            Fault::OversizedFrame => Frames::Oversized,
            Fault::ForeignFrame => Frames::Foreign,
            Fault::SameNumber => Frames::SameNumber,
            Fault::UnaskedAnswers => Frames::UnaskedAnswers,
            _ => return None,
        })
    }
}

// === impl Entry ===

impl Entry {
    /// The name of the call on the wire.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Open => methods::Open::NAME,
            Self::Check => methods::Check::NAME,
            Self::Locations => methods::Locations::NAME,
            Self::ListStock => methods::ListStock::NAME,
            Self::StockBySku => methods::StockBySku::NAME,
            Self::Receive => methods::Receive::NAME,
        }
    }
}
