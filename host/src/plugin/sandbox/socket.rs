//! The socket between the daemon and a worker, in two halves.
//!
//! Each half is registered with the kernel for its own direction, and writing only while it has to wait. A socket that
//! is registered for both wakes its writer each time the other side has read, which is once a call, for nothing: two of
//! the four times that the two processes change places.

use std::io::{self, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;
use tokio::net::unix::pipe;

/// The half that is read from: to the kernel, a pipe that can be read.
pub(super) type ReadHalf = pipe::Receiver;

/// The half that is written to.
#[derive(Debug)]
pub(super) struct WriteHalf {
    stream: UnixStream,
    /// While the other side does not read.
    full: Option<pipe::Sender>,
}

/// The halves of a socket. Must be called inside the runtime that waits for them.
///
/// # Errors
/// When it cannot be waited for.
pub(super) fn halves(socket: UnixStream) -> io::Result<(ReadHalf, WriteHalf)> {
    socket.set_nonblocking(true)?;
    let read = pipe::Receiver::from_owned_fd_unchecked(socket.try_clone()?.into())?;
    let write = WriteHalf {
        stream: socket,
        full: None,
    };
    Ok((read, write))
}

impl AsyncWrite for WriteHalf {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(full) = &mut self.full {
            let written = ready!(Pin::new(full).poll_write(context, bytes));
            self.full = None;
            return Poll::Ready(written);
        }
        loop {
            match self.stream.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let again = self.stream.try_clone()?.into();
                    self.full = Some(pipe::Sender::from_owned_fd_unchecked(again)?);
                    return self.poll_write(context, bytes);
                }
                written => return Poll::Ready(written),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.stream.shutdown(Shutdown::Write))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn more_than_the_socket_holds_arrives_whole_and_in_both_directions_at_once() {
        let (one, other) = UnixStream::pair().unwrap();
        let ((mut read, mut write), (mut far_read, mut far_write)) =
            (halves(one).unwrap(), halves(other).unwrap());
        let sent: Vec<u8> = (0..3_000_000_u32).map(|n| n as u8).collect();
        let echo = async {
            let mut piece = vec![0; 100_000];
            loop {
                let read = far_read.read(&mut piece).await.unwrap();
                if read == 0 {
                    break;
                }
                far_write.write_all(&piece[..read]).await.unwrap();
            }
            far_write.shutdown().await.unwrap();
        };
        let say = async {
            write.write_all(&sent).await.unwrap();
            write.shutdown().await.unwrap();
        };
        let mut heard = Vec::new();
        let hear = async { read.read_to_end(&mut heard).await.unwrap() };
        tokio::join!(echo, say, hear);
        assert!(heard == sent);
    }
}
