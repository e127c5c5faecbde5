//! A stand-in for AWS Lambda, DynamoDB and S3 that answers at once, or after a while: whatever a request costs is the
//! function's. In Rust, so that it costs little compared with what is measured.
//!
//! `aws CERTIFICATE KEY DELAY_MS PROGRESS`: prints its port, and, when its standard input ends, how often it was asked to invoke
//! a function.

mod answers;

use std::cell::Cell;
use std::error::Error;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::crypto::ring::{cipher_suite, default_provider};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::answers::Answers;

/// What one process answers, and how often it was asked for an invocation.
struct Aws {
    tls: TlsAcceptor,
    answers: Answers,
    delay: Duration,
    invocations: Cell<usize>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [certificate, key, delay, progress] = arguments.as_slice() else {
        return Err("aws CERTIFICATE KEY DELAY_MS PROGRESS".into());
    };
    let aws = Rc::new(Aws {
        tls: TlsAcceptor::from(Arc::new(tls(certificate, key)?)),
        answers: Answers::new(std::fs::read(progress)?),
        delay: Duration::from_millis(delay.parse()?),
        invocations: Cell::default(),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    tokio::task::LocalSet::new()
        .run_until(async {
            let mut stdin = tokio::io::stdin();
            loop {
                tokio::select! {
                    accepted = listener.accept() => {
                        tokio::task::spawn_local(serve(Rc::clone(&aws), accepted?.0));
                    }
                    read = stdin.read_u8() => {
                        if read.is_err() {
                            println!("{}", aws.invocations.get());
                            return Ok(());
                        }
                    }
                }
            }
        })
        .await
}

/// As s2n-tls has it, which serves AWS's endpoints: AES-128 first, whatever the client prefers.
fn tls(certificate: &str, key: &str) -> Result<ServerConfig, Box<dyn Error>> {
    let provider = CryptoProvider {
        cipher_suites: vec![
            cipher_suite::TLS13_AES_128_GCM_SHA256,
            cipher_suite::TLS13_AES_256_GCM_SHA384,
        ],
        ..default_provider()
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_file(certificate)?],
            PrivateKeyDer::from_pem_file(key)?,
        )?;
    config.ignore_client_order = true;
    Ok(config)
}

/// A client that goes away, even in the middle, is no fault.
async fn serve(aws: Rc<Aws>, stream: TcpStream) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    if let Ok(stream) = aws.tls.accept(stream).await {
        let service = service_fn(|request| answer(&aws, request));
        let _ = http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service)
            .await;
    }
}

async fn answer(
    aws: &Aws,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (request, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let body = if request.uri.path().ends_with("/invocations") {
        aws.invocations.set(aws.invocations.get() + 1);
        aws.answers.started()
    } else {
        aws.answers.to(&request, &body)
    };
    if !aws.delay.is_zero() {
        tokio::time::sleep(aws.delay).await;
    }
    let response = Response::builder()
        .header("content-type", "application/json")
        .header("x-amzn-requestid", "0")
        .body(Full::new(body));
    Ok(response.expect("headers of our own words"))
}
