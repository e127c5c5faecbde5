//! The render API, for a backend that renders for its users.

use std::error::Error;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};
use uuid::Uuid;

/// Where the API is, and who calls.
pub struct RenderApi {
    pub url: String,
    pub token_url: String,
    pub client_id: String,
    pub client_secret: String,
    pub scope: String,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// An answer that says what is wrong is read, rather than turned into an error without words.
fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into()
}

fn read(mut response: Response<Body>) -> Result<Value> {
    let body: Value = response.body_mut().read_json()?;
    if response.status().is_success() {
        return Ok(body);
    }
    Err(format!("{} {body}", response.status()).into())
}

impl RenderApi {
    /// An access token by client credentials. Keep it until shortly before it expires: Cognito charges for each.
    pub fn access_token(&self) -> Result<String> {
        let response = agent().post(&self.token_url).send_form([
            ("grant_type", "client_credentials"),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("scope", &self.scope),
        ])?;
        let token = read(response)?;
        Ok(token["access_token"]
            .as_str()
            .ok_or("There is no access token.")?
            .to_owned())
    }

    /// Starts a render that belongs to the user.
    pub fn start(&self, token: &str, user: &str, options: &Value) -> Result<String> {
        // Keep the key if you send the request again: it never starts a second render.
        let key = Uuid::new_v4().to_string();
        let response = agent()
            .post(format!("{}/render", self.url))
            .header("Authorization", format!("Bearer {token}"))
            .header("On-Behalf-Of", user)
            .header("Idempotency-Key", key)
            .send_json(options)?;
        let started = read(response)?;
        Ok(started["renderId"]
            .as_str()
            .ok_or("There is no render.")?
            .to_owned())
    }

    /// Waits until a render of the user has ended.
    pub fn finished(&self, token: &str, user: &str, render_id: &str) -> Result<Value> {
        loop {
            let response = agent()
                .get(format!("{}/render/{render_id}", self.url))
                .header("Authorization", format!("Bearer {token}"))
                .header("On-Behalf-Of", user)
                .call()?;
            let again = response.headers().get("retry-after").cloned();
            let render = read(response)?;
            match again {
                Some(seconds) => sleep(Duration::from_secs(seconds.to_str()?.parse()?)),
                None => return Ok(render),
            }
        }
    }
}
