//! A start opens the connections that it will need while it waits for others: by two services on this machine.

use std::thread;
use std::time::Duration;

use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use remotion_render_api::aws::{connector, tls};
use remotion_render_api::gateway::{event, http};
use serde_json::value::to_raw_value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::harness::{Deployment, STARTED, post_render, sdk};

// However busy the machine is.
const SOON: Duration = Duration::from_mins(1);

/// Where each service is.
#[derive(Debug)]
struct At {
    lambda: String,
    table: String,
}

impl LoadServiceConfig for At {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        match key.service_id() {
            "Lambda" => Some(self.lambda.clone()),
            "DynamoDB" => Some(self.table.clone()),
            _ => None,
        }
    }
}

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    (listener, url)
}

async fn accepted(listener: &TcpListener) -> TcpStream {
    let accepted = timeout(SOON, listener.accept()).await;
    accepted.expect("in time").expect("a connection").0
}

async fn asked(connection: &mut TcpStream) {
    let mut request = vec![0; 65_536];
    assert!(connection.read(&mut request).await.expect("a request") > 0);
}

async fn answer(connection: &mut TcpStream, body: &str) {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let response = format!("{head}{body}");
    let written = connection.write_all(response.as_bytes()).await;
    written.expect("an answer");
}

/// A start that claims nothing writes its record afterwards: the connection to the table opens while the render starts.
#[test]
fn the_table_s_opens_while_the_render_starts() {
    // Unoptimised, what connects in earnest needs more of a stack than a test has.
    let thread = thread::Builder::new().stack_size(16 << 20).spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(start());
    });
    thread.expect("a thread").join().expect("no panic");
}

async fn start() {
    let (lambda, lambda_url) = listener().await;
    let (table, table_url) = listener().await;
    let tls = tls::config(None).expect("a configuration");
    let (client, opener) = connector::http_client(tls, SOON);
    let at = At {
        lambda: lambda_url,
        table: table_url,
    };
    let app = Deployment::new()
        .with("RENDERS_TABLE", "renders")
        .app_on(&sdk(client).service_config(at).build())
        .opening_ahead(opener);
    let event = to_raw_value(&post_render("{}")).expect("JSON");
    let (_, request) = event::read(&event).expect("an event");

    let aws = async {
        let mut starts = accepted(&lambda).await;
        asked(&mut starts).await;
        // Nothing has been answered yet.
        let mut records = accepted(&table).await;
        answer(&mut starts, STARTED).await;
        // Should it be asked once more, on another connection, that is answered as well.
        loop {
            asked(&mut records).await;
            answer(&mut records, "{}").await;
            records = accepted(&table).await;
        }
    };
    let response = tokio::select! {
        response = Box::pin(http::handle(&app, &request)) => response,
        () = aws => unreachable!("it answers for ever"),
    };
    assert_eq!(response.status(), 200, "{:?}", response.body());
}
