//! The least that a function in Rust does before it answers: `lambda_http`, no SDK, no TLS, no log.

use lambda_http::{Body, Error, Request, Response, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(hello)).await
}

async fn hello(_: Request) -> Result<Response<Body>, Error> {
    let body = r#"{"message":"SUCCESS","bucketName":"remotionlambda-useast1-abc","renderId":"1pwhfhh11z"}"#;
    Ok(Response::builder()
        .header("content-type", "application/json")
        .body(body.into())?)
}
