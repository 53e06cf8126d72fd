//! How many connections the system lets us hold.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// File handles for everything else: the database, adapters and what they speak to.
const OTHER_FILES: usize = 512;
/// Connections that are held whatever the system says.
const CONNECTIONS_MIN: usize = 64;

/// At most `wanted` connections; fewer where the system gives fewer file handles, of which as many are asked for as
/// may be.
pub(super) fn connections(wanted: usize) -> usize {
    let held = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: held.maximum,
        maximum: held.maximum,
    };
    let files = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => held.maximum,
        Err(_) => held.current,
    };
    let connections = connections_with(
        files.map(|files| usize::try_from(files).unwrap_or(usize::MAX)),
        wanted,
    );
    if connections < wanted {
        tracing::warn!(
            connections,
            wanted,
            "fewer connections are held than could be; raise the limit of open files"
        );
    }
    connections
}

fn connections_with(files: Option<usize>, wanted: usize) -> usize {
    let Some(files) = files else { return wanted };
    files
        .saturating_sub(OTHER_FILES)
        .clamp(CONNECTIONS_MIN.min(wanted), wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_connections_are_held_as_the_system_has_files_for() {
        for (files, expected) in [
            (None, 8_192),
            (Some(1 << 20), 8_192),
            (Some(4_096), 3_584),
            (Some(256), 64),
        ] {
            assert_eq!(connections_with(files, 8_192), expected, "{files:?}");
        }
    }
}
