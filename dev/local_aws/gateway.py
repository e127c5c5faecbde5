"""The deployed API at an address on 127.0.0.1 that every app can call, with what API Gateway does and MiniStack does not.

That is CORS, also for preflights, limits on size and time, and every path: MiniStack keeps some for itself. The APIs of other
stacks are there too, under /_stacks/NAME.
"""

import http.client
import json
import re
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from botocore.exceptions import BotoCoreError, ClientError

from .apis import Api, Apis
from .cors import cors_headers
from .lifeline import end_with_starter
from .preflight import ask_function
from .remotion import client
from .settings import Settings

# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
PAYLOAD_BYTES = 10 * 1024 * 1024
INTEGRATION_SECONDS = 30
# The most that a Lambda function may answer.
ANSWER_BYTES = 6 * 1024 * 1024

# Each connection has its own.
OF_A_CONNECTION = {
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
OF_THE_SERVER = {"date", "server"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Gateway(ThreadingHTTPServer):
    request_queue_size = 128

    def __init__(self, settings: Settings):
        super().__init__(("127.0.0.1", settings.gateway_port), Handler)
        self.settings = settings
        self.functions = client("lambda", settings.endpoint)
        self._apis = Apis(settings)
        # By stack, and when it was looked at.
        self._known: dict[str, tuple[Api | None, float]] = {}
        self._looking = threading.Lock()

    def handle_error(self, request, client_address) -> None:
        """A client that has gone cannot be answered."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def api(self, stack: str) -> Api | None:
        """The stack's API as it is now, give or take a second."""
        with self._looking:
            api, looked_at = self._known.get(stack, (None, 0.0))
            if api is None or time.monotonic() > looked_at + 1:
                api = self._apis.of_stack(stack)
                self._known[stack] = api, time.monotonic()
            return api


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one piece: the body would wait until the headers are acknowledged.
    wbufsize = -1
    server: Gateway

    def handle_expect_100(self) -> bool:
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def answer(self) -> None:
        body = self._body()
        stack, self.path = _of_stack(self.path, self.server.settings.stack)
        try:
            api = self.server.api(stack)
            if api is None:
                return self._send(_own(503, f"There is no stack {stack} with an API. Deploy it: make up."), {})
            answer = _own(413, "Request Entity Too Large") if body is None else self._answer_of(api, body)
            if len(answer.body) > ANSWER_BYTES:
                answer = _own(500, "Internal Server Error")
            added = cors_headers(api.cors, self.command, self.headers)
        except (OSError, http.client.HTTPException, BotoCoreError, ClientError) as error:
            self.log_error("%s %s: %r", self.command, self.path, error)
            answer, added = _own(503, "Service Unavailable"), {}
        return self._send(answer, added)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def _body(self) -> bytes | None:
        """The body of the request; `None` where it is too large. It is read to its end: most clients send all of it first."""
        is_chunked = "chunked" in self.headers.get("Transfer-Encoding", "").lower()
        pieces = self._chunks() if is_chunked else self._pieces(int(self.headers.get("Content-Length") or 0))
        kept, size = [], 0
        for piece in pieces:
            size += len(piece)
            if size <= PAYLOAD_BYTES:
                kept.append(piece)
        return b"".join(kept) if size <= PAYLOAD_BYTES else None

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield from self._pieces(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    def _pieces(self, left: int) -> Iterator[bytes]:
        while left:
            piece = self.rfile.read(min(left, 1 << 16))
            if not piece:
                raise ConnectionError("the request breaks off")
            left -= len(piece)
            yield piece

    def _answer_of(self, api: Api, body: bytes) -> Answer:
        if self.command != "OPTIONS":
            return self._forwarded(api, body)
        told = ask_function(self.server.functions, api, self.path, dict(self.headers.items()))
        if told is None:
            return _own(401, "Unauthorized")
        return Answer(told["statusCode"], list((told.get("headers") or {}).items()), (told.get("body") or "").encode())

    def _forwarded(self, api: Api, body: bytes) -> Answer:
        """By path, not by name: MiniStack has a `/health` of its own under every name, and takes the slash off `/render/`."""
        port = self.server.settings.port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=INTEGRATION_SECONDS)
        try:
            path = f"/_aws/execute-api/{api.id}/$default{self.path}"
            connection.putrequest(self.command, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", f"127.0.0.1:{port}")
            for name, value in self.headers.items():
                if name.lower() not in OF_A_CONNECTION:
                    connection.putheader(name, value)
            if body or self.command in ("POST", "PUT", "PATCH"):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def _send(self, answer: Answer, added: dict[str, str]) -> None:
        """API Gateway drops a function's own CORS headers."""
        self.send_response(answer.status)
        for name, value in answer.headers:
            if name.lower() not in OF_A_CONNECTION | OF_THE_SERVER and not name.lower().startswith("access-control-"):
                self.send_header(name, value)
        for name, value in added.items():
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


def _of_stack(path: str, otherwise: str) -> tuple[str, str]:
    """The stack that a path names, and its path there."""
    named = re.match(r"/_stacks/([A-Za-z0-9-]+)(/.*)", path)
    return (named[1], named[2]) if named else (otherwise, path)


def _own(status: int, message: str) -> Answer:
    return Answer(status, [("Content-Type", "application/json")], json.dumps({"message": message}).encode())


if __name__ == "__main__":
    end_with_starter()
    Gateway(Settings.from_env()).serve_forever()
