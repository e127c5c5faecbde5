"""One process of a function, under a stand-in of the Lambda Runtime API.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import os
import re
import select
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from .cpu import CpuShare
from .wire import Connection, listen

SECONDS = 120


@dataclass(frozen=True)
class Outcome:
    seconds: float
    answer: dict


class Sandbox:
    """Measured from its start on."""

    def __init__(
        self, command: list[str], environment: dict[str, str], share: CpuShare | None = None, log: Path | None = None
    ):
        self._listener = listen()
        self._connections: dict = {}
        self._waiting: Connection | None = None
        self._share = share
        self._requests = 0
        self._asked_at = 0.0
        api = f"127.0.0.1:{self._listener.getsockname()[1]}"
        if share:
            # What is started is where this process is. To move a process can take 20 ms, which are not the function's.
            share.lift()
            share.join()
        with Path(log or os.devnull).open("ab") as output:
            begun = time.perf_counter()
            self._process = subprocess.Popen(
                command,
                env=environment | {"AWS_LAMBDA_RUNTIME_API": api},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            self._wait()
        except BaseException:
            self.end(signal.SIGKILL)
            raise
        finally:
            if share:
                share.leave()
        self.init_seconds = self._asked_at - begun

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.end(signal.SIGKILL)

    def end(self, by: signal.Signals) -> None:
        if self._process.poll() is None:
            self._process.send_signal(by)
            self._process.wait()
        for sock in (self._listener, *self._connections):
            sock.close()

    def invoke(self, event: bytes) -> Outcome:
        """Hands over an event, and takes the answer."""
        self._wait()
        self._requests += 1
        connection, self._waiting = self._waiting, None
        head = (
            f"Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-{self._requests:012x}\r\n"
            f"Lambda-Runtime-Deadline-Ms: {int((time.time() + 29) * 1_000)}\r\n"
            "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:render-api\r\n"
            "Lambda-Runtime-Trace-Id: Root=1-67a1b2c3-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0\r\n"
            "Content-Type: application/json\r\n"
        )
        if self._share and self._requests == 1:
            self._share.impose()
        begun = time.perf_counter()
        connection.answer("200 OK", event, head)
        while (answered := self._next()) is None:
            pass
        at, body = answered
        return Outcome(at - begun, json.loads(body))

    def settle(self) -> None:
        """Waits until it asks for the next event: then all of the last one is done."""
        self._wait()

    def cpu_seconds(self) -> float:
        threads = Path(f"/proc/{self._process.pid}/task").iterdir()
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9

    def memory_mb(self) -> dict[str, float]:
        """In millions of bytes: what is resident now, `VmRSS`, and the most that ever was, `VmHWM`."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return {name: int(re.search(rf"{name}:\s+(\d+)", status)[1]) * 1_024 / 1e6 for name in ("VmRSS", "VmHWM")}

    def _wait(self) -> None:
        while self._waiting is None:
            self._next()

    def _next(self) -> tuple[float, bytes] | None:
        """Takes one request of the function's; answers when and what it has answered, if that is it."""
        for connection in self._connections.values():
            if connection.has_request:
                return self._take(connection)
        until = time.monotonic() + SECONDS
        while True:
            ready, _, _ = select.select([self._listener, *self._connections], [], [], 1)
            for sock in ready:
                if sock is not self._listener:
                    return self._take(self._connections[sock])
                accepted = self._listener.accept()[0]
                self._connections[accepted] = Connection(accepted)
            if not ready and (self._process.poll() is not None or time.monotonic() > until):
                raise RuntimeError(f"{self._process.args} does not answer: {self._process.poll()}")

    def _take(self, connection: Connection) -> tuple[float, bytes] | None:
        request = connection.request()
        at = time.perf_counter()
        if request is None:
            del self._connections[connection.sock]
            connection.sock.close()
            return None
        _, path, _, body = request
        if path.endswith("/next"):
            self._waiting, self._asked_at = connection, at
            return None
        connection.answer("202 Accepted")
        if not path.endswith("/response"):
            raise RuntimeError(f"{self._process.args} failed: {body.decode(errors='replace')}")
        return at, body
