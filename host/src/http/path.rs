//! Path parameters: what cannot be right names nothing, so it is answered as not found.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use super::problem::{Kind, Problem};

/// The first path parameter as a `T`.
#[derive(Clone, Copy, Debug)]
pub struct Named<T>(pub T);

/// The first two path parameters.
#[derive(Clone, Copy, Debug)]
pub struct NamedTwice<T, U>(pub T, pub U);

impl<T: FromStr<Err: Display>, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = params(parts, state).await?;
        Ok(Self(parse(&params, 0)?))
    }
}

impl<T, U, S: Send + Sync> FromRequestParts<S> for NamedTwice<T, U>
where
    T: FromStr<Err: Display>,
    U: FromStr<Err: Display>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = params(parts, state).await?;
        Ok(Self(parse(&params, 0)?, parse(&params, 1)?))
    }
}

async fn params<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<RawPathParams, Problem> {
    let params = RawPathParams::from_request_parts(parts, state).await;
    params.map_err(|rejection| Problem::new(Kind::NotFound, rejection.body_text()))
}

fn parse<T: FromStr<Err: Display>>(params: &RawPathParams, index: usize) -> Result<T, Problem> {
    let param = params.iter().nth(index);
    let (_, text) = param.expect("the route has as many parameters as its handler takes");
    text.parse()
        .map_err(|error: T::Err| Problem::new(Kind::NotFound, error.to_string()))
}
