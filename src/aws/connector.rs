//! The HTTP client of all AWS clients: hyper, with our own TLS settings.
//!
//! It replaces `aws-smithy-http-client`, which makes a connector and reads the roots twice for each client,
//! chooses the slower handshake, and brings HTTP/2 along: together a third of a cold start.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::connect::{
    CaptureConnection, HttpConnector as TcpConnector, capture_connection,
};
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;

use super::ahead::Opener;

/// How long a connection may be idle and still be used. AWS closes idle ones after about twenty seconds, and a request that is
/// sent into a closed one may or may not have arrived: for the start of a render nobody could tell.
pub const IDLE: Duration = Duration::from_secs(15);
const _: () = assert!(IDLE.as_secs() < 20);

/// The HTTP client of every AWS client, and what opens its connections. A connection, TLS included, opens within `connect`, or
/// not at all, whatever limits of its own an AWS client has for that.
#[must_use]
pub fn http_client(tls: ClientConfig, connect: Duration) -> (SharedHttpClient, Opener) {
    with_idle(tls, connect, IDLE)
}

fn with_idle(tls: ClientConfig, connect: Duration, idle: Duration) -> (SharedHttpClient, Opener) {
    let mut tcp = TcpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let https = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    let opener = Opener::new(https, connect, idle);
    let client = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(idle)
        .build(opener.clone());
    let connector = SharedHttpConnector::new(Connector(client));
    (http_client_fn(move |_, _| connector.clone()), opener)
}

struct Connector(Client<Opener, SdkBody>);

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => {
                return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into())));
            }
        };
        let connection = capture_connection(&mut request);
        if let Some(capture) = request.extensions().get::<CaptureSmithyConnection>() {
            capture.set_connection_retriever(move || metadata(&connection));
        }
        let answer = self.0.request(request);
        HttpConnectorFuture::new(async move {
            let response = answer.await.map_err(connector_error)?;
            HttpResponse::try_from(response.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// With it the SDK closes a connection that has failed, so that the next request does not take it.
fn metadata(connection: &CaptureConnection) -> Option<ConnectionMetadata> {
    let info = connection.clone();
    let proxied = connection.connection_metadata().as_ref()?.is_proxied();
    let poison = move || {
        if let Some(connected) = info.connection_metadata().as_ref() {
            connected.poison();
        }
    };
    Some(
        ConnectionMetadata::builder()
            .proxied(proxied)
            .poison_fn(poison)
            .build(),
    )
}

/// Whether it may pass: no connection, or one that broke.
fn connector_error(error: Error) -> ConnectorError {
    let passes = std::iter::successors(Some(&error as &(dyn StdError + 'static)), |&e| e.source())
        .any(|cause| {
            cause.is::<std::io::Error>()
                || cause.downcast_ref::<hyper::Error>().is_some_and(|error| {
                    error.is_closed() || error.is_canceled() || error.is_incomplete_message()
                })
        });
    if passes || error.is_connect() {
        ConnectorError::io(error.into())
    } else {
        ConnectorError::other(error.into(), None)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws_smithy_runtime_api::client::http::{
        HttpClient, HttpConnector, HttpConnectorSettings, SharedHttpClient,
    };
    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
    use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::with_idle;
    use crate::aws::tls;

    const IDLE: Duration = Duration::from_millis(100);
    // However busy the machine is.
    const SOON: Duration = Duration::from_mins(1);

    async fn answer_one(connection: &mut TcpStream) {
        let mut request = [0; 1024];
        assert!(connection.read(&mut request).await.expect("a request") > 0);
        let response = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        connection.write_all(response).await.expect("an answer");
    }

    async fn ask(client: &SharedHttpClient, url: &str) {
        let components = RuntimeComponentsBuilder::for_tests().build().expect("all");
        let connector =
            client.http_connector(&HttpConnectorSettings::builder().build(), &components);
        let response = connector
            .call(HttpRequest::get(url).expect("a request"))
            .await;
        assert_eq!(response.expect("an answer").status().as_u16(), 200);
        // The connection goes back into the pool in a task of its own.
        tokio::task::yield_now().await;
    }

    /// What is asked for next travels on it, and once only.
    #[tokio::test]
    async fn a_connection_that_was_opened_ahead_is_used() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let tls = || tls::config(None).expect("a configuration");
        let (client, opener) = with_idle(tls(), SOON, SOON);
        opener.open_ahead(&url);
        let (mut ahead, _) = listener
            .accept()
            .await
            .expect("a connection before any request");
        tokio::join!(ask(&client, &url), answer_one(&mut ahead));

        // One that waits for too long is not.
        let (client, opener) = with_idle(tls(), SOON, IDLE);
        opener.open_ahead(&url);
        let (_ahead, _) = listener.accept().await.expect("a connection");
        tokio::time::sleep(IDLE * 2).await;
        let asked = tokio::time::timeout(SOON, async {
            tokio::join!(ask(&client, &url), async {
                let (mut second, _) = listener.accept().await.expect("another connection");
                answer_one(&mut second).await;
            })
        });
        asked.await.expect("a connection of its own");
    }

    /// A peer that silently drops idle connections, as a load balancer does, would take a `start` and never answer it.
    #[tokio::test]
    async fn a_connection_that_was_idle_for_long_is_not_used() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let client = |idle| with_idle(tls::config(None).expect("a configuration"), SOON, idle).0;
        let opened = async || {
            let (mut connection, _) = listener.accept().await.expect("a connection");
            answer_one(&mut connection).await;
            connection
        };

        // What is soon asked for travels on it.
        let patient = client(SOON);
        let ((), mut first) = tokio::join!(ask(&patient, &url), opened());
        tokio::join!(ask(&patient, &url), answer_one(&mut first));

        let client = client(IDLE);
        let ((), _first) = tokio::join!(ask(&client, &url), opened());
        tokio::time::sleep(IDLE * 2).await;
        // `_first` is still open here, and answers nobody.
        let asked = tokio::time::timeout(SOON, async {
            tokio::join!(ask(&client, &url), async {
                let (mut second, _) = listener.accept().await.expect("another connection");
                answer_one(&mut second).await;
            })
        });
        asked.await.expect("a connection of its own");
    }
}
