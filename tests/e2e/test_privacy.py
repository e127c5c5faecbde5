"""Whatever a caller sends, whatever the operator keeps secret, however the render function fails: none of it is in a log, and
none in an answer."""

import json
import subprocess
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
import renders
from deployed import PASSWORD, Answer, Deployed, assert_problem
from features import LARGE
from local_aws.deploy import BINARY
from local_aws.settings import BUCKET, VERSION
from role import Role
from routes import FUNCTION_REFUSES
from stand_in import StandIn, signature
from test_function_alone import http_event, invoke
from told import Told

# How an operator might try to make the function say more.
VERBOSE = {
    "RUST_LOG": "trace",
    "RUST_BACKTRACE": "full",
    "AWS_LAMBDA_LOG_LEVEL": "TRACE",
    "AWS_LAMBDA_LOG_FORMAT": "JSON",
}

SECRETS = (
    "props",
    "large props",
    "broken body",
    "idempotency key",
    "path",
    "query",
    "header",
    "caller's webhook",
    "webhook host",
    "webhook secret",
    "licence key",
    "environment variable",
    "stack",
    "state",
)

SECRET = "a-secret-of-the-operators"

# Each of these ways to fail must have been seen, else the search says nothing of it.
FAILURES = {
    "400 invalid_json",
    "401 unauthenticated",
    "403 composition_not_allowed",
    "403 group_required",
    "403 option_reserved",
    "404 not_found",
    "404 render_not_found",
    "405 method_not_allowed",
    "409 render_may_start",
    "409 render_over",
    "409 render_running",
    "413 payload_too_large",
    "415 unsupported_media_type",
    "422 idempotency_key_invalid",
    "422 idempotency_key_reused",
    "422 invalid_options",
    "422 option_needs_release",
    "429 throttled",
    "502 render_function_crashed",
    "502 render_function_error",
    "502 render_function_reply_invalid",
    "502 render_not_recorded",
    "502 render_state_invalid",
    "503 props_not_stored",
    "503 render_function_denied",
    "503 render_function_missing",
    "503 renders_table_denied",
    "503 storage_denied",
    "503 version_mismatch",
}


class Requests:
    """Requests of every kind, each with something in it that is nobody's business."""

    def __init__(self, api: Deployed, role: Role, stand_in: StandIn):
        self.api = api
        self.role = role
        self.stand_in = stand_in
        self.user = api.sign_up()
        self.marks = {secret: f"mark{uuid.uuid4().hex}" for secret in SECRETS}
        self.props = {"text": self.marks["props"]}
        self.answers: list[Answer] = []

    def defaults(self) -> str:
        return json.dumps(
            {
                "enableCancellation": True,
                "webhook": {
                    "url": f"https://{self.marks['webhook host']}.example.com/",
                    "secret": self.marks["webhook secret"],
                },
                "licenseKey": self.marks["licence key"],
                "envVariables": {"TOKEN": self.marks["environment variable"]},
            }
        )

    def private(self) -> dict[str, str]:
        """What must be nowhere, by name."""
        _, claims, signature = self.user.token.split(".")
        account = {"e-mail": self.user.email, "password": PASSWORD, "token": claims, "token's signature": signature}
        return self.marks | account

    def succeed(self) -> None:
        key = {"Idempotency-Key": self.marks["idempotency key"]}
        render_id = self.ask("POST", "/render", {"inputProps": self.props}, **key).json["renderId"]
        self.ask("POST", "/render", {"inputProps": self.props}, **key)
        self.ask("POST", "/render", {"inputProps": {"text": self.marks["large props"] + LARGE}})
        self.ask("POST", "/still", {"inputProps": self.props})
        for path in ("/render", f"/render/{render_id}", "/compositions", "/health"):
            self.ask("GET", path)
        self.ask("POST", f"/render/{render_id}/cancel")
        self.ask("DELETE", f"/render/{render_id}")
        self.stand_in.finish(render_id)
        self.ask("GET", f"/render/{render_id}")
        self.ask("POST", f"/render/{render_id}/cancel")
        self.ask("DELETE", f"/render/{render_id}")
        assert [answer.status for answer in self.answers] == [200] * 8 + [202, 409, 200, 409, 204]

    def mistake(self) -> None:
        broken, path, query = (self.marks[name] for name in ("broken body", "path", "query"))
        self.ask("POST", "/render", f'{{"inputProps": {{"text": "{broken}"')
        self.ask("POST", "/render", f'{{"inputProps": {{}}}} {broken}')
        self.ask("POST", "/render", broken, **{"Content-Type": "text/plain"})
        self.ask("POST", "/render", {"inputProps": self.props | {"more": LARGE * 32}})
        self.ask("POST", "/render", {"inputProps": self.props, "crf": 99, "codecs": "h264"})
        self.ask("POST", "/render", {"webhook": {"url": "https://x.example", "secret": self.marks["caller's webhook"]}})
        self.ask("POST", "/render", {"inputProps": self.props, "separateAudioTo": "sound.aac"})
        key = self.marks["idempotency key"]
        self.ask("POST", "/render", {"scale": 2}, **{"Idempotency-Key": key})
        self.ask("POST", "/render", {}, **{"Idempotency-Key": f"{key} with blanks"})
        self.ask("GET", f"/{path}")
        self.ask("GET", f"/render/{path}")
        self.ask("PUT", "/render", {"inputProps": self.props})
        self.ask("GET", f"/render?cursor={query}&limit={query}")
        with renders.environment(self.api, REQUIRED_GROUP="renderers"):
            self.ask("POST", "/render", {"inputProps": self.props})
        with renders.environment(self.api, REMOTION_ALLOWED_COMPOSITIONS="Another"):
            self.ask("POST", "/render", {"inputProps": self.props})
        render_id = self.ask("POST", "/render", {"inputProps": self.props}).json["renderId"]
        self.api.grow_older(self.user, render_id, 100)
        with renders.environment(self.api, REMOTION_MAX_EVENT_AGE_SECONDS="60"):
            self.ask("DELETE", f"/render/{render_id}")

    def suffer(self) -> None:
        """The render function fails, in all its ways."""
        stack = f"Error: x\n    at render (/var/task/{self.marks['stack']}.js:1:1)"
        mismatch = f"Version mismatch: the function has the version {VERSION}, but you have version 4.0.420."
        for reply in (
            {"type": "error", "message": "Out of order.", "stack": stack},
            {"type": "error", "message": stack, "stack": stack},
            {"type": "error", "message": mismatch, "stack": stack},
            {"type": "error", "message": "Rate Exceeded.", "stack": stack},
            {"errorType": "Error", "errorMessage": stack, "trace": stack.split("\n")},
            {"type": "success", "stack": stack},
            {"unexpected": stack},
        ):
            self.stand_in.answers = dict.fromkeys(("start", "still", "compositions", "info"), reply)
            with renders.environment(self.api, AGAIN=str(len(self.answers))):
                self.ask("POST", "/render", {"inputProps": self.props})
                self.ask("POST", "/still", {"inputProps": self.props})
                self.ask("GET", "/compositions")
                self.ask("GET", "/health")
        self.stand_in.answers = {}

    def misdeploy(self) -> None:
        render_id = self.ask("POST", "/render", {"inputProps": self.props}).json["renderId"]
        large = {"inputProps": self.props | {"more": LARGE}}
        for permission, method, path, body in (
            (("StartRenders", "lambda:InvokeFunction"), "POST", "/render", {"inputProps": self.props}),
            (("StoreLargeInputProps", "s3:PutObject"), "POST", "/render", large),
            (("UseTheTable", "dynamodb:PutItem"), "POST", "/render", {"inputProps": self.props}),
            (("UseTheTable", "dynamodb:GetItem"), "GET", f"/render/{render_id}", None),
            (("ReadStateAndOutputs", "s3:GetObject"), "GET", f"/render/{render_id}", None),
            (("ListTheTable", "dynamodb:Query"), "GET", "/render", None),
        ):
            with self.role.without(permission):
                self.ask(method, path, body)
        # Without a quota and a budget nothing is written before the start.
        no_recording = self.role.without(("UseTheTable", "dynamodb:PutItem"))
        unlimited = {"RENDERS_PER_USER_PER_DAY": "", "USD_PER_USER_PER_MONTH": ""}
        with renders.environment(self.api, **unlimited), no_recording:
            self.ask("POST", "/render", {"inputProps": self.props})
        with renders.environment(self.api, REMOTION_FUNCTION_NAME="no-such-function"), self.role.unlimited():
            self.ask("POST", "/render", {"inputProps": self.props, "composition": "MyVideo"})
        mark = self.marks["state"]
        state = {"errors": [{"message": f"Failed\n    at {mark}", "stack": "x", "isFatal": True}]}
        for body in (json.dumps(state), f"[{mark}"):
            self.api.aws("s3").put_object(Bucket=BUCKET, Key=f"renders/{render_id}/progress.json", Body=body.encode())
            self.ask("GET", f"/render/{render_id}")

    def ask(self, method: str, path: str, body=None, **headers: str) -> Answer:
        hidden = {"X-Secret": self.marks["header"], "Cookie": f"session={self.marks['header']}"}
        self.answers.append(self.api.request(method, path, self.user.token, body, hidden | headers))
        return self.answers[-1]

    def failures(self) -> set[str]:
        return {f"{answer.status} {answer.json['code']}" for answer in self.answers if answer.status >= 400}


def logged(api: Deployed) -> str:
    """All that is in the logs of the account."""
    logs = api.aws("logs")
    groups = [
        g["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate() for g in page["logGroups"]
    ]
    pages = (page for g in groups for page in logs.get_paginator("filter_log_events").paginate(logGroupName=g))
    return "\n".join(event["message"] for page in pages for event in page["events"])


def found(private: dict[str, str], text: str) -> list[str]:
    return [name for name, mark in private.items() if mark in text]


@pytest.mark.parametrize("variables", [{}, VERBOSE], ids=["as deployed", "as verbose as can be"])
def test_nothing_private_is_told(light: Deployed, role: Role, stand_in: StandIn, variables: dict[str, str]):
    requests = Requests(light, role, stand_in)
    with renders.environment(light, REMOTION_RENDER_DEFAULTS=requests.defaults(), **variables):
        requests.succeed()
        requests.mistake()
        requests.suffer()
        requests.misdeploy()
        forged = {"authorization": f"Bearer {requests.user.token}", "x-secret": requests.marks["header"]}
        refused = invoke(
            light, lambda *route: http_event(*route) | {"headers": forged, "body": json.dumps(requests.props)}
        )
    assert set(refused.values()) == {FUNCTION_REFUSES}
    assert FAILURES - requests.failures() == {"401 unauthenticated"}

    log = logged(light)
    for answer in requests.answers:
        assert answer.status < 400 or answer.json["requestId"] in log, answer.text
    assert requests.user.sub in log
    assert found(requests.private(), log) == []
    # A link that may still be followed.
    assert "X-Amz-Signature" not in log

    for answer in requests.answers:
        told = json.loads(answer.text) if answer.text.startswith("{") else {}
        # The owner's own, in the status of the render.
        told.pop("inputProps", None)
        assert found(requests.private(), f"{answer.headers}{json.dumps(told) if told else answer.text}") == [], (
            answer.text
        )


@pytest.mark.parametrize("variables", [{}, VERBOSE], ids=["as deployed", "as verbose as can be"])
def test_nothing_private_of_an_end_is_told(light: Deployed, stand_in: StandIn, variables: dict[str, str]):
    user, told = light.sign_up(), Told(light)
    marks = {
        of: f"mark{uuid.uuid4().hex}" for of in ("props", "stack", "path", "unknown field", "broken", "name", "order")
    }
    options = {"inputProps": {"text": marks["props"]}, "name": marks["name"], "customData": {"order": marks["order"]}}
    render_id = renders.start(light, user, **options)
    secret = stand_in.webhooks[render_id]["secret"]
    # Without a state, what the webhook says of the error is told.
    message = f"Error: No font\n    at /var/task/{marks['path']}.js:1:1"
    more = {
        "errors": [{"message": message, "name": "Error", "stack": marks["stack"]}],
        "outputFile": f"https://s3.example/{marks['unknown field']}",
    }
    body = stand_in.webhook(render_id, "error", **more)
    broken = f'{{"type": "error", "renderId": "{marks["broken"]}'.encode()
    with renders.environment(light, "Ends", **variables):
        for sent, signed in ((body, signature("another secret", body)), (broken, signature(secret, broken))):
            headers = {"X-Remotion-Signature": signed}
            answer = light.request("POST", "/hooks/remotion", body=sent.decode(), headers=headers)
            assert answer.status in (400, 401)
            assert found(marks | {"secret": secret, "signature": signed}, answer.text) == []
        assert stand_in.tell(render_id, "error", **more) == 204
    event = json.dumps(told.wait_for(render_id))
    assert "No font" in event
    private = {"secret": secret, "token": user.token.split(".")[1], "e-mail": user.email}
    assert found(marks | private, event) == ["name", "order"]
    log = logged(light)
    assert f'"render.id":"{render_id}"' in log
    signed = {"signature": signature(secret, body).removeprefix("sha512=")}
    assert found(marks | private | signed, log) == []


class Quoting(BaseHTTPRequestHandler):
    """S3, where a signature is wrong: its answer quotes the request, with the token of the role's session."""

    tokens: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.tokens.append(self.headers["X-Amz-Security-Token"])
        quoted = f"<CanonicalRequest>{self.headers}</CanonicalRequest>"
        answer = f"<Error><Code>SignatureDoesNotMatch</Code><Message>No.</Message>{quoted}</Error>".encode()
        self.send_response_only(403)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_) -> None:
        pass


def test_what_aws_quotes_of_a_request_is_not_told(light: Deployed):
    user = light.sign_up()
    render_id = light.render(user.token).json["renderId"]
    with HTTPServer(("127.0.0.1", 0), Quoting) as s3:
        threading.Thread(target=s3.serve_forever, daemon=True).start()
        with renders.environment(light, AWS_ENDPOINT_URL_S3=f"http://127.0.0.1:{s3.server_port}"):
            answer = light.request("GET", f"/render/{render_id}", user.token)
        s3.shutdown()
    assert_problem(answer, 503, "storage_denied")
    log = logged(light)
    assert "SignatureDoesNotMatch" in log
    assert [token for token in Quoting.tokens if token in log + answer.text] == []


@pytest.mark.parametrize(
    "defaults",
    [
        {"licenseKey": {"key": SECRET}},
        {"envVariables": [SECRET]},
        {"envVariables": f"TOKEN={SECRET}"},
        {"webhook": f"https://example.com/{SECRET}"},
        {"webhook": {"url": f"ftp://{SECRET}", "secret": SECRET}},
        {"webhook": {"url": "https://example.com", "secret": SECRET, "customData": SECRET}},
        {"outName": {"bucketName": "bucket", "key": "key", "s3OutputProvider": SECRET}},
    ],
    ids=json.dumps,
)
def test_a_wrong_configuration_is_told_without_its_secrets(light: Deployed, defaults: dict):
    """What the function writes before it ends at once."""
    required = {"REMOTION_FUNCTION_NAME": "x", "REMOTION_SERVE_URL": "x"}
    ended = subprocess.run(
        [BINARY],
        env=required | VERBOSE | {"REMOTION_RENDER_DEFAULTS": json.dumps(defaults)},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    written = ended.stdout + ended.stderr
    assert ended.returncode != 0
    (option,) = defaults
    assert f"REMOTION_RENDER_DEFAULTS: {option}" in written
    assert SECRET not in written
