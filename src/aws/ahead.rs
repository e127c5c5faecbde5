//! Connections that are opened before they are needed, while a request still waits for something else.
//!
//! The first start of an instance claims in DynamoDB, invokes Remotion's function and writes a record: each service needs a
//! connection, and to open one takes several round trips.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::rt::TokioIo;
use lambda_http::http::Uri;
use lambda_http::http::uri::Authority;
use remotion_lambda::aws::BoxError;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};
use tower_service::Service;

type Connection = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Opens connections, each within a limit of time, or takes the one that was opened ahead.
#[derive(Clone)]
pub struct Opener {
    https: HttpsConnector<TcpConnector>,
    limit: Duration,
    idle: Duration,
    /// At most one for each server.
    ahead: Arc<Mutex<Vec<Ahead>>>,
}

struct Ahead {
    authority: String,
    since: Instant,
    opening: JoinHandle<Result<Connection, BoxError>>,
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opener")
    }
}

impl Opener {
    /// Connections that open within `limit`. One that was opened ahead is used for as long as `idle` only.
    pub(super) fn new(
        https: HttpsConnector<TcpConnector>,
        limit: Duration,
        idle: Duration,
    ) -> Self {
        Self {
            https,
            limit,
            idle,
            ahead: Arc::default(),
        }
    }

    /// Begins to open a connection to a URL's server, for the next request there.
    pub fn open_ahead(&self, url: &str) {
        let Ok(uri) = url.parse::<Uri>() else {
            return;
        };
        let Some(authority) = uri.authority().map(ToString::to_string) else {
            return;
        };
        let opening = tokio::spawn(self.clone().open(uri));
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        ahead.retain(|ahead| ahead.authority != authority);
        ahead.push(Ahead {
            authority,
            since: Instant::now(),
            opening,
        });
    }

    /// The one that was opened ahead to this server, where it is not too old.
    fn taken(&self, uri: &Uri) -> Option<JoinHandle<Result<Connection, BoxError>>> {
        let authority = uri.authority().map(Authority::as_str)?;
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let at = ahead
            .iter()
            .position(|ahead| ahead.authority == authority)?;
        let taken = ahead.swap_remove(at);
        (taken.since.elapsed() < self.idle).then_some(taken.opening)
    }

    async fn open(mut self, uri: Uri) -> Result<Connection, BoxError> {
        timeout(self.limit, self.https.call(uri)).await?
    }
}

impl Service<Uri> for Opener {
    type Response = Connection;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Connection, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.https.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let opener = self.clone();
        let ahead = self.taken(&uri);
        Box::pin(async move {
            let until = Instant::now() + opener.limit;
            if let Some(opening) = ahead
                && let Ok(Ok(Ok(connection))) = timeout_at(until, opening).await
            {
                return Ok(connection);
            }
            opener.open(uri).await
        })
    }
}
