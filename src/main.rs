//! The AWS Lambda function.

use std::hash::{BuildHasher, RandomState};

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use remotion_render_api::aws::limits::CONNECT;
use remotion_render_api::aws::{connector, sdk, tls};
use remotion_render_api::config::Config;
use remotion_render_api::gateway::event::{self, Reply};
use remotion_render_api::gateway::http;
use remotion_render_api::{App, dispatch, ends, log};
use serde_json::value::RawValue;

fn main() -> Result<(), Error> {
    // Its own seed is the time since the machine started, which many instances of a function have in common.
    fastrand::seed(RandomState::new().hash_one(0));
    // AWS Lambda takes its log from standard output.
    let name = |variable| std::env::var(variable).ok();
    let function_name = name("METRICS_FUNCTION_NAME").or_else(|| name("AWS_LAMBDA_FUNCTION_NAME"));
    tracing::subscriber::set_global_default(log::json_lines(function_name, std::io::stdout))?;
    // Before the runtime starts: a wrong deployment fails in init, not at a caller.
    let config = Config::from_env()?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let tls = tls::config(config.ca_bundle.as_deref())?;
    let endpoints = config.endpoints;
    let (http_client, opener) = connector::http_client(tls, CONNECT);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let sdk = sdk::from_env(http_client, endpoints).await;
        let app = App::new(config, &sdk).opening_ahead(opener);
        // Boxed: the runtime nests futures so deeply around them that the compiler gives up on their layout.
        match std::env::var("_HANDLER").as_deref() {
            Ok("ends") => {
                run(service_fn(async |event| {
                    Box::pin(ends::handle(&app, event)).await
                }))
                .await
            }
            Ok("dispatch") => {
                run(service_fn(async |event| {
                    Box::pin(dispatch::handle(&app, event)).await
                }))
                .await
            }
            _ => {
                run(service_fn(async |event| {
                    Ok::<_, Error>(Box::pin(api(&app, event)).await)
                }))
                .await
            }
        }
    })
}

/// Answers a caller.
async fn api(app: &App, event: LambdaEvent<Box<RawValue>>) -> Reply {
    event::handle(event, async |request| http::handle(app, &request).await).await
}
