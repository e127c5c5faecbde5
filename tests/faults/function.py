"""The function's own process, under a stand-in of the Lambda Runtime API.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Self

from listener import Listener

# Longer than any invocation: who waits this long has found a hanging function.
HANGS = 60


class Died(Exception):
    """The process has ended before it answered."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    # The lines of the log that this request has written.
    log: list[dict]

    @property
    def json(self) -> dict:
        return json.loads(self.text) if self.text else {}


class Function:
    """One process: a `Function` that has died does not come back, its successor is another."""

    def __init__(self, binary: Path, environment: dict[str, str], folder: Path):
        self._events: queue.Queue[tuple[bytes, float] | None] = queue.Queue()
        self._outcomes: queue.Queue[tuple[str, bytes] | Died] = queue.Queue()
        self._api = Listener(self._serve)
        name = uuid.uuid4().hex[:8]
        self._stdout, self._stderr = folder / f"{name}.out", folder / f"{name}.err"
        self._read = 0
        with self._stdout.open("wb") as out, self._stderr.open("wb") as err:
            self._process = subprocess.Popen(
                [binary],
                env=environment | _lambda_environment(self._api.port),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        threading.Thread(target=self._watch, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.kill()
        self._process.wait()
        self._events.put(None)
        self._api.__exit__()

    def kill(self) -> None:
        self._process.kill()

    @contextlib.contextmanager
    def frozen(self):
        """As AWS Lambda leaves a function between two invocations."""
        self._process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WNOWAIT)
        yield
        self._process.send_signal(signal.SIGCONT)

    def invoke(self, event: dict, seconds: float) -> Answer:
        """Hands over an event, which the function has so long to answer."""
        self._events.put((json.dumps(event).encode(), seconds))
        outcome = self._outcomes.get(timeout=HANGS)
        if isinstance(outcome, Died):
            raise outcome
        kind, body = outcome
        assert kind == "response", f"the function failed: {body.decode()}"
        stderr = self._stderr.read_text()
        assert not stderr, stderr
        answer = json.loads(body)
        return Answer(answer["statusCode"], answer["headers"], answer.get("body") or "", self._new_lines())

    def _new_lines(self) -> list[dict]:
        """What has been written since the last invocation: the function writes before it answers."""
        written = self._stdout.read_bytes()
        new, self._read = written[self._read :], len(written)
        return [json.loads(line) for line in new.splitlines()]

    def _watch(self) -> None:
        self._process.wait()
        self._outcomes.put(Died(f"the function ended with {self._process.returncode}: {self._stderr.read_text()}"))

    def _serve(self, connection) -> None:
        function = self

        class RuntimeApi(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if (given := function._events.get()) is None:
                    self.close_connection = True
                    return
                event, seconds = given
                self.send_response_only(200)
                self.send_header("Lambda-Runtime-Aws-Request-Id", str(uuid.uuid4()))
                self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + seconds) * 1000)))
                self.send_header(
                    "Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:api"
                )
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(event)))
                self.end_headers()
                self.wfile.write(event)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response_only(202)
                self.send_header("Content-Length", "0")
                self.end_headers()
                function._outcomes.put((self.path.rsplit("/", 1)[1], body))

            def log_message(self, *_) -> None:
                pass

        RuntimeApi(connection, ("127.0.0.1", 0), None)


def _lambda_environment(port: int) -> dict[str, str]:
    return {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
        "AWS_LAMBDA_FUNCTION_NAME": "api",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    }
