//! Renders a video for a user, and prints a link to it: `cargo run -- USER '{"composition":"MyVideo"}'`.

mod render_api;

use std::env;
use std::error::Error;

use render_api::RenderApi;

fn main() -> Result<(), Box<dyn Error>> {
    let api = RenderApi {
        url: env::var("API_URL")?,
        token_url: env::var("TOKEN_URL")?,
        client_id: env::var("CLIENT_ID")?,
        client_secret: env::var("CLIENT_SECRET")?,
        scope: env::var("SCOPE").unwrap_or_else(|_| "render-api/act-as".to_owned()),
    };
    // In your backend, the user is the one of your own session.
    let mut arguments = env::args().skip(1);
    let user = arguments.next().ok_or("Name a user.")?;
    let options = arguments.next().unwrap_or_else(|| "{}".to_owned());

    let token = api.access_token()?;
    let render_id = api.start(&token, &user, &serde_json::from_str(&options)?)?;
    eprintln!("Render {render_id} has started for {user}.");
    let render = api.finished(&token, &user, &render_id)?;
    match render["outputUrl"].as_str() {
        Some(url) if render["status"] == "done" => println!("{url}"),
        _ => {
            return Err(format!("The render is {}: {}", render["status"], render["errors"]).into());
        }
    }
    Ok(())
}
