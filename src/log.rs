//! One JSON line for each request, written once, at the boundary: never a token, a body, input props or an e-mail address.
//!
//! The line is also a document of CloudWatch's embedded metric format, so that metrics cost no call.
//! Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::time::Instant;

use lambda_http::http::StatusCode;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

use remotion_lambda::aws::FunctionName;

use crate::clock;
use crate::code::Code;
use crate::error::{Error, cause};
use crate::gateway::response::About;
use crate::gateway::routes::Route;
use crate::render::id::Id;

/// The namespace of the metrics.
const NAMESPACE: &str = "RemotionRenderApi";

/// The metrics, with their units. `RendersStarted` and `StartsFailed` count requests that were to start a render or to make a
/// still; a failed one has its `error.code` as the dimension `Code`. `RendersDone` and `RendersFailed` count how they have ended;
/// one that is not done has its state as the dimension `Status`. Costs are Remotion's estimate, in dollars.
const METRICS: [Metric; 7] = [
    Metric::new("Duration", "Milliseconds"),
    Metric::new("RendersStarted", "Count"),
    Metric::new("StartsFailed", "Count"),
    Metric::new("RendersDone", "Count"),
    Metric::new("RendersFailed", "Count"),
    Metric::new("RenderCosts", "None"),
    Metric::new("RenderDuration", "Milliseconds"),
];

/// What all metrics are kept by.
static BY_NAME: [&str; 1] = ["FunctionName"];

/// The metrics that are also kept by a field of their line: CloudWatch is paid for each metric with each of its values, so that
/// no other one is.
static BY_FIELD: [ByField; 2] = [
    ByField {
        metric: "StartsFailed",
        dimensions: ["FunctionName", "Code"],
    },
    ByField {
        metric: "RendersFailed",
        dimensions: ["FunctionName", "Status"],
    },
];

/// The fields of a request's line, as far as they are known.
#[derive(Debug)]
pub struct Access<'a> {
    /// API Gateway's id of the request.
    pub request_id: Option<&'a str>,
    /// The user's id.
    pub user_id: Option<String>,
    /// The client that acts for the user, where it is one.
    pub actor: Option<String>,
    /// The route.
    pub route: Option<&'static Route>,
    /// The render that the request is about.
    pub render_id: Option<Id>,
    begun: Instant,
}

impl<'a> Access<'a> {
    /// A request has come in.
    #[must_use]
    pub fn begin(request: &'a Request) -> Self {
        let request_id = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => context.request_id.as_deref(),
            Some(RequestContext::ApiGatewayV1(context)) => context.request_id.as_deref(),
            _ => None,
        };
        Self {
            request_id,
            ..Self::unread()
        }
    }

    /// An event has come in that is no request.
    #[must_use]
    pub fn unread() -> Self {
        Self {
            request_id: None,
            user_id: None,
            actor: None,
            route: None,
            render_id: None,
            begun: Instant::now(),
        }
    }

    /// Whether the request was to start a render or to make a still.
    #[must_use]
    pub fn starts(&self) -> bool {
        self.route.is_some_and(|route| route.starts)
    }

    /// A request has been answered.
    pub fn end(self, status: StatusCode, error: Option<&Error>, about: About) {
        let duration_ms = self.begun.elapsed().as_secs_f64() * 1_000.0;
        let starts = self.starts();
        let render_id = about.render_id.or(self.render_id);
        let remotion = about.render_function.and_then(|name| {
            let id = render_id.as_ref().map(Id::as_str);
            RemotionLog::of(name, id)
        });
        tracing::info!(
            request.id = self.request_id,
            user.id = self.user_id.as_deref().map(user_id).as_deref(),
            actor.id = self.actor.as_deref().map(user_id).as_deref(),
            http.route = self.route.map(|route| route.name),
            http.status = status.as_u16(),
            render.id = render_id.as_ref().map(Id::as_str),
            render.status = about.ended,
            remotion.function = remotion.as_ref().map(RemotionLog::function),
            remotion.log_group = remotion.as_ref().map(RemotionLog::group),
            remotion.log_filter = remotion.as_ref().and_then(RemotionLog::filter),
            error.code = error.map(|error| error.code().as_str()),
            error.detail = error.and_then(Error::logged).map(tracing::field::display),
            error.cause = error.and_then(|error| cause(error)),
            duration_ms,
            Duration = duration_ms,
            RendersStarted = (starts && error.is_none()).then_some(1),
            StartsFailed = (starts && error.is_some()).then_some(1),
            Code = error.filter(|_| starts).map(Error::code).map(Code::as_str),
        );
    }
}

/// Where whoever wants to know what has become of a render finds it: Remotion writes the id into each line.
#[derive(Debug)]
pub struct RemotionLog {
    function: FunctionName,
    filter: Option<String>,
}

impl RemotionLog {
    /// The log of a render function, and of a render in it by Remotion's id; `None` where that is no function's name.
    #[must_use]
    pub fn of(function: String, id: Option<&str>) -> Option<Self> {
        Some(Self {
            function: FunctionName::try_from(function).ok()?,
            filter: id.map(|id| format!("\"renderId={id}\"")),
        })
    }

    /// The name of the function.
    #[must_use]
    pub fn function(&self) -> &str {
        self.function.as_str()
    }

    /// The log group of the function.
    #[must_use]
    pub fn group(&self) -> String {
        self.function.log_group()
    }

    /// The filter pattern that finds the lines of the render.
    #[must_use]
    pub fn filter(&self) -> Option<&str> {
        self.filter.as_deref()
    }
}

/// A user's id as the log has it: no e-mail address, which some issuers' ids are or hold. Whoever knows the address finds its lines
/// by the first half of its SHA-256.
#[must_use]
pub fn user_id(id: &str) -> Cow<'_, str> {
    if !id.contains('@') {
        return id.into();
    }
    let digest = Sha256::digest(id);
    let hex = |hex: String, byte: &u8| format!("{hex}{byte:02x}");
    let half = digest.iter().take(16);
    half.fold("sha256:".to_owned(), hex).into()
}

/// A subscriber that writes each event as a JSON line. The name of the AWS Lambda function becomes the metrics' first
/// dimension.
pub fn json_lines<W>(function_name: Option<String>, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .event_format(JsonLines { function_name })
        .with_max_level(LevelFilter::INFO)
        .with_writer(writer)
        .finish()
}

struct JsonLines {
    function_name: Option<String>,
}

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut timestamp = String::new();
        SystemTime.format_time(&mut Writer::new(&mut timestamp))?;
        let mut line = Line::default();
        line.put("timestamp", &timestamp);
        line.put("level", event.metadata().level().as_str());
        event.record(&mut line);
        if !line.metrics.is_empty() {
            let metadata = Metadata::of(&line, self.function_name.is_some());
            line.put("FunctionName", &self.function_name);
            line.put("_aws", &metadata);
        }
        writeln!(writer, "{}}}", line.text)
    }
}

/// An event's fields, as the beginning of a JSON object.
#[derive(Default)]
struct Line {
    text: String,
    metrics: Vec<Metric>,
    by_field: Option<&'static ByField>,
}

impl Line {
    fn put(&mut self, name: &str, value: &(impl Serialize + ?Sized)) {
        let value = serde_json::to_string(value).expect("strings and numbers serialise");
        let before = if self.text.is_empty() { '{' } else { ',' };
        write!(self.text, "{before}\"{name}\":{value}").expect("memory");
    }

    fn field(&mut self, field: &Field, value: &(impl Serialize + ?Sized)) {
        let name = field.name();
        self.put(name, value);
        let by_field = BY_FIELD.iter().find(|by| by.dimensions[1] == name);
        self.by_field = by_field.or(self.by_field);
        self.metrics
            .extend(METRICS.iter().find(|metric| metric.name == name));
    }
}

impl Visit for Line {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.field(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.field(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.field(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.field(field, &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.field(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.field(field, &format!("{value:?}"));
    }
}

/// The metadata that tells CloudWatch which of a line's values are metrics.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    timestamp: u64,
    cloud_watch_metrics: Vec<Directive>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: &'static str,
    dimensions: [&'static [&'static str]; 1],
    metrics: Vec<Metric>,
}

/// A metric that is also kept by a field.
struct ByField {
    metric: &'static str,
    /// The function's name, and the field.
    dimensions: [&'static str; 2],
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    name: &'static str,
    unit: &'static str,
}

impl Metric {
    const fn new(name: &'static str, unit: &'static str) -> Self {
        Self { name, unit }
    }
}

impl Directive {
    fn of(dimensions: &'static [&'static str], metrics: Vec<Metric>) -> Self {
        Self {
            namespace: NAMESPACE,
            dimensions: [dimensions],
            metrics,
        }
    }
}

impl Metadata {
    /// All by function, and what counts failures also by its code or state.
    fn of(line: &Line, named: bool) -> Self {
        // Outside AWS Lambda there is no name to keep them by.
        let from = usize::from(!named);
        let mut directives = vec![Directive::of(&BY_NAME[from..], line.metrics.clone())];
        if let Some(by) = line.by_field {
            let counted = line
                .metrics
                .iter()
                .filter(|metric| metric.name == by.metric);
            directives.push(Directive::of(
                &by.dimensions[from..],
                counted.copied().collect(),
            ));
        }
        Self {
            timestamp: clock::now_ms(),
            cloud_watch_metrics: directives,
        }
    }
}
