"""The endpoint that the function takes for AWS: it hands its calls on to the local AWS, and plays a fault where it is told to.

AWS Lambda's Invoke is answered here: what counts is how many renders the function has started.
"""

import http.client
import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import calls
from calls import DYNAMODB, LAMBDA, S3
from listener import Listener
from render_function import RenderFunction

ALWAYS = 1_000_000

# Longer than any call that another one waits for.
LONG = 30


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Exchange:
    """A call that has come in, and all that can be done with it."""

    def __init__(self, relay: "Relay", service: str, http: BaseHTTPRequestHandler):
        self.relay = relay
        self.service = service
        self.http = http
        self.body = http.rfile.read(int(http.headers.get("Content-Length", 0)))
        self.call = calls.name(service, http.command, http.path, http.headers, self.body)

    def carry_out(self) -> Reply:
        if self.service == LAMBDA:
            return Reply(200, self.relay.render_function.run(json.loads(self.body)))
        connection = http.client.HTTPConnection(self.relay.upstream, timeout=30)
        connection.putrequest(self.http.command, self.http.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.http.headers.items():
            if name.lower() != "connection":
                connection.putheader(name, value)
        connection.endheaders(self.body)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        dropped = ["connection", "transfer-encoding"]
        if self.http.command != "HEAD":
            dropped.append("content-length")
        headers = {name.title(): value for name, value in response.getheaders() if name.lower() not in dropped}
        return Reply(response.status, body, headers)

    def send(self, reply: Reply) -> None:
        self._head(reply)
        if self._has_body(reply):
            self.http.wfile.write(reply.body)

    def send_half(self, reply: Reply) -> None:
        """Half of the body, or of the head where there is none; then the end of the connection."""
        if reply.body and self._has_body(reply):
            self._head(reply)
            self.http.wfile.write(reply.body[: len(reply.body) // 2])
        else:
            self.http.wfile.write(b"HTTP/1.1 200 OK\r\nConte")
        self.http.close_connection = True

    def drip(self, reply: Reply) -> None:
        """The head and then an endless body, ten bytes a second; an endless head where there is no body to come."""
        head = f"HTTP/1.1 {reply.status} OK\r\nContent-Length: 1000000\r\n"
        head += "\r\n" if self._has_body(reply) else "X-Endless: "
        self.http.wfile.write(head.encode())
        while True:
            self.http.wfile.write(b" ")
            time.sleep(0.1)

    def hold(self) -> None:
        """No answer, until the other side gives up."""
        self.http.rfile.read(1)
        self.http.close_connection = True

    def reset(self) -> None:
        self.http.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The handler's own files hold the socket open.
        self.http.rfile.close()
        self.http.connection.close()
        raise ConnectionResetError

    def _has_body(self, reply: Reply) -> bool:
        return self.http.command != "HEAD" and reply.status != 204

    def _head(self, reply: Reply) -> None:
        self.http.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.http.send_header(name, value)
        # An answer to HEAD has the length of what GET would give.
        if "Content-Length" not in reply.headers and reply.status != 204:
            self.http.send_header("Content-Length", str(len(reply.body)))
        if self.service in self.relay.disconnecting:
            self.http.send_header("Connection", "close")
        self.http.end_headers()


Play = Callable[[Exchange], None]


class Relay:
    """One for each request that is tested, or for a few that follow one another."""

    def __init__(self, upstream: str):
        self.upstream = urlsplit(upstream).netloc
        self.render_function = RenderFunction()
        # What has come in, in this order.
        self.received: list[str] = []
        # How often a fault was met, by call.
        self.played: Counter[str] = Counter()
        # The transactions, in this order: the call, the token, what is written.
        self.transactions: list[tuple[str, str, str]] = []
        # The services whose connections are not kept, so that the next call needs a new one.
        self.disconnecting: set[str] = set()
        self._plays: dict[str, tuple[Play, int]] = {}
        self._refusals: dict[str, tuple[str, int]] = {}
        self._watching: list[threading.Thread] = []
        self._ignoring: list[str] = []
        # By what waits: the call that it waits for, and whether that has been answered.
        self._held: dict[str, tuple[str, threading.Event]] = {}
        # Of what is to be played, which a call takes and mending takes away.
        self._lock = threading.Lock()
        # Connections that are older than this are dead.
        self._generation = 0
        self._mended = threading.Event()
        self._listeners = {service: Listener(self._server_of(service)) for service in (DYNAMODB, LAMBDA, S3)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self._mended.set()
        for listener in self._listeners.values():
            listener.__exit__()

    def variables(self) -> dict[str, str]:
        """The function's environment."""
        return {
            f"AWS_ENDPOINT_URL_{service}": f"http://127.0.0.1:{listener.port}"
            for service, listener in self._listeners.items()
        }

    def play(self, call: str, play: Play, times: int = ALWAYS) -> None:
        self._plays[call] = (play, times)

    def refuse(self, call: str, after: str | None, times: int = ALWAYS) -> None:
        """Refuses the connections of a call, and those of its service from then on. `after` is the call before it."""
        service = calls.SERVICE_OF[call]
        self.disconnecting.add(service)
        if after is None:
            self._refuse(call, times)
        else:
            self._refusals[after] = (call, times)

    def ignore(self, call: str) -> None:
        """Leaves the connections of the call's service without any answer. There must be none yet."""
        service = calls.SERVICE_OF[call]
        self._listeners[service].ignore()
        self._ignoring.append(service)

    def hold(self, call: str, until: str) -> None:
        """Has a call wait for another, which the function makes at the same time."""
        self._held[call] = (until, threading.Event())

    def forsake(self) -> None:
        """From now on nobody reads from the connections that there are, and nobody closes them: their machine is gone."""
        self._generation += 1

    def mend(self) -> None:
        """AWS is well again."""
        self._mended.set()
        with self._lock:
            self._plays.clear()
            self._refusals.clear()
            self._held.clear()
        for watching in self._watching:
            watching.join()
        for service in self._ignoring:
            self._listeners[service].refuse()
            self._listeners[service].open()
        self._ignoring.clear()

    def disconnect(self) -> None:
        """Ends all connections, as AWS does with those that have been idle."""
        for listener in self._listeners.values():
            listener.disconnect()

    def _serve(self, exchange: "Exchange") -> None:
        call = exchange.call
        self.received.append(call)
        if call in calls.TRANSACTIONS:
            request = json.loads(exchange.body)
            writes = json.dumps(request["TransactItems"], sort_keys=True)
            self.transactions.append((call, request["ClientRequestToken"], writes))
        with self._lock:
            refusal = self._refusals.pop(call, None)
            _, awaited = self._held.get(call, (None, None))
            waiting = [answered for until, answered in self._held.values() if until == call]
        if refusal:
            self._refuse(*refusal)
        if awaited:
            awaited.wait(LONG)
        try:
            if play := self._taken(call):
                play(exchange)
            else:
                exchange.send(exchange.carry_out())
        finally:
            for answered in waiting:
                answered.set()

    def _taken(self, call: str) -> Play | None:
        """What is to be played this time."""
        with self._lock:
            play, times = self._plays.get(call, (None, 0))
            if not times:
                return None
            self._plays[call] = (play, times - 1)
            self.played[call] += 1
            return play

    def _refuse(self, call: str, times: int) -> None:
        listener = self._listeners[calls.SERVICE_OF[call]]
        before = _failed_connects()
        listener.refuse()

        def watch() -> None:
            while not self._mended.wait(0.001) and self.played[call] < times:
                self.played[call] = _failed_connects() - before
            listener.open()
            self.played[call] = _failed_connects() - before

        self._watching.append(threading.Thread(target=watch, daemon=True))
        self._watching[-1].start()

    def _server_of(self, service: str) -> Callable[[socket.socket], None]:
        relay = self

        def serve(connection: socket.socket) -> None:
            generation = relay._generation

            class Endpoint(BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"

                def serve_call(self) -> None:
                    exchange = Exchange(relay, service, self)
                    if generation != relay._generation:
                        exchange.hold()
                        return
                    relay._serve(exchange)
                    if service in relay.disconnecting:
                        self.close_connection = True

                do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = serve_call

                def log_message(self, *_) -> None:
                    pass

            Endpoint(connection, ("127.0.0.1", 0), None)

        return serve


def _failed_connects() -> int:
    """How many connections of this machine were refused, by the system's own count: a closed port sees nothing of them."""
    names, numbers = [
        line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Tcp:")
    ]
    return int(numbers[names.index("AttemptFails")])
