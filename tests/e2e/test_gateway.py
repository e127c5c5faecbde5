"""The gateway in front of MiniStack, with a stand-in for MiniStack: what it passes on, what it adds, and its limits."""

import contextlib
import http.client
import io
import json
import threading
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from deployed import Answer
from local_aws import gateway
from local_aws.apis import Api
from local_aws.cors import cors_headers
from local_aws.preflight import matching_route
from local_aws.settings import STACK, Settings

ORIGIN = "http://localhost:3000"
CORS = {
    "allowOrigins": [ORIGIN],
    "allowMethods": ["GET", "POST"],
    "allowHeaders": ["authorization"],
    "exposeHeaders": ["retry-after", "ratelimit"],
    "maxAge": 7200,
}
API = Api("a1b2c3d4", CORS, {"GET /": "function", "OPTIONS /{proxy+}": "function"})


class Upstream(BaseHTTPRequestHandler):
    """Answers with what it was sent, or as a test wants it to."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        if self.server.silent:
            return self.server.over.wait()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        sent = {"method": self.command, "path": self.path, "headers": dict(self.headers.items()), "size": len(body)}
        told = self.server.body or json.dumps(sent).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Access-Control-Allow-Origin", "https://of-the-function.example")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        return self.wfile.write(told)

    do_GET = do_POST = answer

    def log_message(self, *_) -> None:
        pass


class Functions:
    """The Lambda client, with a function that takes preflights."""

    def __init__(self):
        self.events: list[dict] = []

    def invoke(self, FunctionName: str, Payload: str) -> dict:
        self.events.append(json.loads(Payload))
        told = {"statusCode": 204, "headers": {"x-function": FunctionName}}
        return {"Payload": io.BytesIO(json.dumps(told).encode())}


class Between:
    """A gateway that runs, and what is behind it."""

    def __init__(self, upstream: ThreadingHTTPServer, served: gateway.Gateway):
        self.upstream = upstream
        self.gateway = served

    def ask(self, method: str, path: str, body=None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.server_port, timeout=30)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read().decode())
        connection.close()
        return answer


@contextlib.contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def between() -> Between:
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    upstream.silent, upstream.body, upstream.over = False, b"", threading.Event()
    served = gateway.Gateway(Settings(Path(), upstream.server_port, 0, 0))
    served.api = lambda stack: API if stack == STACK else None
    served.functions = Functions()
    with serving(upstream), serving(served):
        yield Between(upstream, served)
        upstream.over.set()


def test_a_request_arrives_as_it_was_sent(between: Between):
    told = between.ask("POST", "/health?a=1&a=%20", b"{}", Authorization="Bearer x", Connection="keep-alive").json
    assert told["method"] == "POST"
    assert told["path"] == "/_aws/execute-api/a1b2c3d4/$default/health?a=1&a=%20"
    assert told["size"] == 2
    assert told["headers"]["Authorization"] == "Bearer x"
    assert "Connection" not in told["headers"]


def test_a_body_in_chunks_arrives_whole(between: Between):
    assert between.ask("POST", "/render", iter([b"a" * 70_000, b"bc"])).json["size"] == 70_002


def test_a_request_of_over_10_mb_is_refused(between: Between):
    limit = gateway.PAYLOAD_BYTES
    assert between.ask("POST", "/render", b"a" * limit).json["size"] == limit
    refused = between.ask("POST", "/render", b"a" * (limit + 1), Origin=ORIGIN)
    assert (refused.status, refused.json) == (413, {"message": "Request Entity Too Large"})
    assert refused.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_an_answer_that_is_too_large_for_lambda_is_a_fault(between: Between):
    between.upstream.body = b"a" * gateway.ANSWER_BYTES
    assert between.ask("GET", "/compositions").status == 200
    between.upstream.body += b"a"
    assert between.ask("GET", "/compositions").status == 500


def test_a_function_that_takes_too_long_is_not_waited_for(between: Between, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gateway, "INTEGRATION_SECONDS", 0.2)
    between.upstream.silent = True
    answer = between.ask("GET", "/render")
    assert (answer.status, answer.json) == (503, {"message": "Service Unavailable"})


def test_without_a_stack_it_says_what_to_do(between: Between):
    for path, stack in (("/render", STACK), ("/_stacks/other/render", "other")):
        between.gateway.api = {STACK: None, "other": None}.__getitem__
        answer = between.ask("GET", path)
        assert answer.status == 503
        assert f"no stack {stack} " in answer.json["message"]
        assert "make up" in answer.json["message"]


def test_each_stack_has_a_path_of_its_own(between: Between):
    """Remotion's function tells the API of each."""
    asked = []
    between.gateway.api = lambda stack: asked.append(stack) or Api(f"id-of-{stack}", {}, {})
    for path in ("/_stacks/other/hooks/remotion?a=1", "/_stacks/other", "/render"):
        # The request itself adds the stack that was asked for.
        asked += [between.ask("POST", path, b"{}").json["path"]]
    assert asked == [
        "other",
        "/_aws/execute-api/id-of-other/$default/hooks/remotion?a=1",
        STACK,
        f"/_aws/execute-api/id-of-{STACK}/$default/_stacks/other",
        STACK,
        f"/_aws/execute-api/id-of-{STACK}/$default/render",
    ]


def test_the_functions_own_cors_headers_are_dropped(between: Between):
    assert between.ask("GET", "/render").headers["Access-Control-Allow-Origin"] is None
    answer = between.ask("GET", "/render", Origin=ORIGIN)
    assert answer.headers.get_all("Access-Control-Allow-Origin") == [ORIGIN]
    assert answer.headers["Access-Control-Expose-Headers"] == "retry-after,ratelimit"


def test_a_preflight_is_the_functions_to_answer(between: Between):
    answer = between.ask("OPTIONS", "/render/1a?b=c", Origin=ORIGIN, Access_Control_Request_Method="POST")
    assert (answer.status, answer.headers["x-function"]) == (204, "function")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET,POST"
    [event] = between.gateway.functions.events
    assert event["routeKey"] == event["requestContext"]["routeKey"] == "OPTIONS /{proxy+}"
    assert (event["rawPath"], event["rawQueryString"]) == ("/render/1a", "b=c")
    assert event["pathParameters"] == {"proxy": "render/1a"}
    assert event["headers"]["origin"] == ORIGIN
    assert "authorizer" not in event["requestContext"]


def test_without_an_open_route_options_needs_a_token(between: Between):
    between.gateway.api = lambda _: Api(API.id, CORS, {"GET /": "function"})
    answer = between.ask("OPTIONS", "/render", Origin=ORIGIN, Access_Control_Request_Method="POST")
    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})
    assert between.gateway.functions.events == []


@pytest.mark.parametrize(
    ("route", "path", "parameters"),
    [
        ("OPTIONS /{proxy+}", "/render/1/cancel", {"proxy": "render/1/cancel"}),
        ("OPTIONS /render/{id}", "/render/1", {"id": "1"}),
        ("OPTIONS /render/{id}", "/render/1/cancel", None),
        ("ANY /a.b", "/a.b", {}),
        ("ANY /a.b", "/a+b", None),
        ("POST /{proxy+}", "/render", None),
        ("$default", "/render", None),
    ],
)
def test_routes_match_as_in_api_gateway(route: str, path: str, parameters: dict | None):
    matched = matching_route(Api("a", {}, {route: "function"}), path)
    assert matched == (None if parameters is None else (route, parameters))


@pytest.mark.parametrize(
    ("configuration", "method", "sent", "added"),
    [
        ({}, "GET", {"Origin": ORIGIN}, {}),
        (CORS, "GET", {}, {}),
        (CORS, "GET", {"Origin": "http://localhost:3001"}, {}),
        ({"allowOrigins": ["*"]}, "GET", {"Origin": ORIGIN}, {"Access-Control-Allow-Origin": "*"}),
        (
            {"allowOrigins": [ORIGIN], "allowCredentials": True},
            "GET",
            {"Origin": ORIGIN},
            {"Access-Control-Allow-Origin": ORIGIN, "Access-Control-Allow-Credentials": "true"},
        ),
        (
            CORS,
            "OPTIONS",
            {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"},
            {
                "Access-Control-Allow-Origin": ORIGIN,
                "Access-Control-Max-Age": "7200",
                "Access-Control-Allow-Methods": "GET,POST",
                "Access-Control-Allow-Headers": "authorization",
            },
        ),
    ],
)
def test_cors_headers_are_those_of_the_configuration(configuration: dict, method: str, sent: dict, added: dict):
    headers = Message()
    for name, value in sent.items():
        headers[name] = value
    assert cors_headers(configuration, method, headers) == added
