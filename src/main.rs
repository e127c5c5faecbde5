//! The AWS Lambda function.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use remotion_render_api::aws::limits::CONNECT;
use remotion_render_api::aws::{connector, sdk, tls};
use remotion_render_api::config::Config;
use remotion_render_api::gateway::event;
use remotion_render_api::{App, log};
use serde_json::value::RawValue;

fn main() -> Result<(), Error> {
    // AWS Lambda takes its log from standard output.
    let function_name = std::env::var("AWS_LAMBDA_FUNCTION_NAME").ok();
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
        lambda_runtime::run(service_fn(async |event: LambdaEvent<Box<RawValue>>| {
            // Boxed: the runtime nests futures so deeply around it that the compiler gives up on their layout.
            Ok::<_, Error>(Box::pin(event::handle(&app, event)).await)
        }))
        .await
    })
}
