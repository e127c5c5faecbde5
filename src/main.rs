//! The AWS Lambda function.

use aws_config::BehaviorVersion;
use lambda_http::{Request, service_fn};
use lambda_runtime::Error;
use remotion_render_api::config::Config;
use remotion_render_api::{App, http, log, tls};

fn main() -> Result<(), Error> {
    // AWS Lambda takes its log from standard output.
    tracing::subscriber::set_global_default(log::json_lines(std::io::stdout))?;
    // Before the runtime starts: a wrong deployment fails in init, not at a caller.
    let config = Config::from_env()?;
    let client = tls::http_client(config.ca_bundle.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let sdk = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(client)
            .load()
            .await;
        let app = App::new(config, &sdk);
        lambda_http::run(service_fn(async |request: Request| {
            Ok::<_, Error>(http::handle(&app, &request).await)
        }))
        .await
    })
}
