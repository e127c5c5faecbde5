//! Starts a render, shows how far it is, and saves the output:
//!
//! ```sh
//! REMOTION_FUNCTION_NAME=remotion-render-… REMOTION_SERVE_URL=https://… \
//!     cargo run --example render --features aws -- MyVideo video.mp4
//! ```
//!
//! Region and credentials are those of the environment, as with any of AWS's tools; credentials of SSO and of a
//! `credential_process` need the features `sso` and `credentials-process` of `aws-config`.

use std::env::{args, var};
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_smithy_http_client::{Builder, tls};
use indicatif::ProgressBar;
use remotion_lambda::aws::{FunctionName, RenderFunction, Storage};
use remotion_lambda::{Poll, StartPayload};
use serde_json::json;
use tokio::time::{Instant, sleep};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let [composition, file] = args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "usage: render COMPOSITION FILE")?;
    let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
    let sdk = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .http_client(Builder::new().tls_provider(ring).build_https());
    let sdk = sdk.load().await;
    let soon = || Instant::now() + Duration::from_secs(20);

    let name = FunctionName::try_from(var("REMOTION_FUNCTION_NAME")?)?;
    let function = RenderFunction::new(&sdk, name.clone(), None);
    let options = json!({"composition": composition, "serveUrl": var("REMOTION_SERVE_URL")?, "privacy": "private"});
    let payload = StartPayload::from_json(&options.to_string())?;
    let started = function.start(&payload, soon()).await?;

    let storage = Storage::new(sdk.clone());
    let region = sdk.region().map_or("", AsRef::as_ref);
    let bar = ProgressBar::new(100);
    let output = loop {
        let poll = Poll::now(
            &started.render_id,
            &started.bucket_name,
            name.as_str(),
            region,
        );
        if let Some(overview) = storage.overview(&poll, |_| true, soon()).await? {
            bar.set_position(overview.percent().into());
            match overview.output {
                Some(output) => break output,
                None if overview.status.is_final() => {
                    return Err(format!("{:?}: {:?}", overview.status, overview.errors).into());
                }
                None => {}
            }
        }
        sleep(Duration::from_secs(1)).await;
    };
    bar.finish();
    let s3 = aws_sdk_s3::Client::new(&sdk);
    let (bucket, key) = (output.bucket, output.key);
    let mut video = s3.get_object().bucket(bucket).key(key).send().await?.body;
    let mut saved = File::create(&file)?;
    while let Some(bytes) = video.try_next().await? {
        saved.write_all(&bytes)?;
    }
    println!("{} is in {file}.", started.render_id);
    Ok(())
}
