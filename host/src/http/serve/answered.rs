//! The body of an answer, with what is held until all of it is sent.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::response::Response;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::crowd::Answering;

/// A body, and the request that is answered with it.
struct Answered {
    body: Body,
    _answering: Answering,
}

/// `response`, whose request is over once its body is sent or the client gone.
pub(super) fn answered(response: Response, answering: Answering) -> Response {
    response.map(|body| {
        Body::new(Answered {
            body,
            _answering: answering,
        })
    })
}

impl HttpBody for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
