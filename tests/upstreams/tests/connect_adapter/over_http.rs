//! A real HTTP client behind a fake host, which puts secrets where the adapter wants them.

use bestand_plugin_api::http::{Auth, HttpBody, HttpRequest, SecretPlace};
use bestand_plugin_api::testing::{Answer, Credentials, Upstream, UpstreamFuture};
use reqwest::{Client, Method};

/// Sends what an adapter asks for.
#[derive(Debug, Default)]
pub(crate) struct OverHttp {
    client: Client,
}

impl OverHttp {
    async fn ask(
        &self,
        request: &HttpRequest,
        credentials: &Credentials,
    ) -> reqwest::Result<Answer> {
        let method = Method::from_bytes(request.method.as_bytes()).expect("a method");
        let mut sent = self.client.request(method, &request.url);
        for (name, value) in &request.headers {
            sent = sent.header(name, value);
        }
        let value = |secret: &str| credentials.value(secret).expect("a secret").to_owned();
        let mut body = request.body.clone();
        if let Auth::Places { places, .. } = &request.auth {
            for place in places {
                match place {
                    SecretPlace::Header { name, secret, .. } => {
                        sent = sent.header(name, value(secret))
                    }
                    SecretPlace::Json { path, secret, .. } => {
                        body = body
                            .with_json_member(path, &value(secret))
                            .expect("a place");
                    }
                    other => panic!("no such place: {other:?}"),
                }
            }
        }
        if let HttpBody::Bytes(bytes) = body {
            sent = sent.body(bytes);
        }
        let response = sent.send().await?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let answer = Answer::new(status, response.bytes().await?.to_vec());
        let text =
            |value: &reqwest::header::HeaderValue| value.to_str().expect("plain text").to_owned();
        let headers = headers.iter();
        Ok(headers.fold(answer, |answer, (name, value)| {
            answer.header(name.as_str(), &text(value))
        }))
    }
}

impl Upstream for OverHttp {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
        credentials: &'a Credentials,
    ) -> UpstreamFuture<'a, Answer> {
        Box::pin(async move {
            let answer = self.ask(request, credentials).await;
            answer.unwrap_or_else(|_| Answer::unreachable())
        })
    }
}
