"""A stand-in for Remotion's render function: a function of the local AWS, so that IAM decides who may invoke it, that renders
nothing and answers at once."""

import hashlib
import hmac
import http.client
import json
import random
import string
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

from local_aws.remotion import client, create_function
from local_aws.settings import ACCOUNT, BUCKET, FIXTURES, VERSION, Settings, function_name

# No other number of a state is as large: a moment of 2001, in milliseconds.
A_MOMENT = 1_000_000_000_000


class StandIn:
    """Answers what the local AWS forwards to it, from one thread for each invocation."""

    def __init__(self, settings: Settings, name: str = function_name(VERSION, seconds=900)):
        self.name = name
        # What it was sent, in this order.
        self.payloads: list[dict] = []
        # What a routine answers instead of success, by its `type`.
        self.answers: dict[str, dict] = {}
        # The webhook of each render.
        self.webhooks: dict[str, dict | None] = {}
        # Where each render was told to put its output, and what it renders.
        self._out_names: dict[str, str | dict | None] = {}
        self._compositions: dict[str, str] = {}
        self._settings = settings
        self._s3 = client("s3", settings.endpoint)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _endpoint(self.run))
        self._server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        create_function(replace(self._settings, host_port=self._server.server_port), self.name)
        return self

    def __exit__(self, *_) -> None:
        client("lambda", self._settings.endpoint).delete_function(FunctionName=self.name)
        self._server.shutdown()
        self._server.server_close()

    def run(self, payload: dict) -> dict:
        routine = payload["type"]
        answer = self.answers.get(routine) or {"type": "success"} | ROUTINES[routine](_render_id(payload))
        if "renderId" in answer:
            self._out_names[answer["renderId"]] = payload["outName"]
            self._compositions[answer["renderId"]] = payload["composition"]
            self.webhooks[answer["renderId"]] = payload.get("webhook")
        if routine == "still" and "outKey" in answer:
            self._put(self._place(answer["renderId"], "out.png"), b"a still")
        self.payloads.append(payload)
        return answer

    def finish(self, render_id: str, end: str = "on one function, done") -> None:
        """Leaves of a render what Remotion's function does, as if it had ended just now: its state, and its output."""
        cases = {case["name"]: case for case in json.loads((FIXTURES / "progress.json").read_text())}
        case = cases[end]
        progress = json.loads(json.dumps(case["progress"]).replace(case["options"]["renderId"], render_id))
        done = progress["postRenderData"]
        ended = done["endTime"] if done else progress["fatalErrorTimestamp"] or case["now"]
        progress = _later(progress, int(time.time() * 1000) - ended)
        progress["renderMetadata"]["compositionId"] = self._compositions[render_id]
        if done or case["output"]:
            progress["renderMetadata"]["outName"] = self._out_names[render_id]
            self._put(self._place(render_id, "out.mp4"), b"a video")
        self._put((BUCKET, f"renders/{render_id}/progress.json"), json.dumps(progress).encode())

    def webhook(self, render_id: str, kind: str = "success", **others) -> bytes:
        """The body of what Remotion tells when a render has ended."""
        body = {
            "type": kind,
            "renderId": render_id,
            "expectedBucketOwner": ACCOUNT,
            "bucketName": BUCKET,
            "customData": self.webhooks[render_id]["customData"],
        }
        if kind == "error":
            error = {"message": "Error: It failed.", "name": "Error", "stack": "Error: It failed.\n    at x.js:1:1"}
            body["errors"] = [error]
        return json.dumps(body | others, separators=(",", ":")).encode()

    def tell(self, render_id: str, kind: str = "success", **others) -> int:
        """Sends it, signed, to where the render was told to; answers the status."""
        body = self.webhook(render_id, kind, **others)
        webhook = self.webhooks[render_id]
        return post(webhook["url"], body, {"X-Remotion-Signature": signature(webhook["secret"], body)})

    def _place(self, render_id: str, otherwise: str) -> tuple[str, str]:
        """Bucket and key of an output."""
        match self._out_names[render_id]:
            case {"bucketName": bucket, "key": key}:
                return bucket, key
            case name:
                return BUCKET, f"renders/{render_id}/{name or otherwise}"

    def _put(self, place: tuple[str, str], body: bytes) -> None:
        bucket, key = place
        self._s3.put_object(Bucket=bucket, Key=key, Body=body)


def signature(secret: str, body: bytes) -> str:
    return "sha512=" + hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=90)
    try:
        connection.request("POST", address.path, body, {"Content-Type": "application/json"} | headers)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


ROUTINES: dict[str, Callable[[str], dict]] = {
    "start": lambda render_id: {"bucketName": BUCKET, "renderId": render_id},
    "still": lambda render_id: {
        "bucketName": BUCKET,
        "renderId": render_id,
        "outKey": f"renders/{render_id}/out.png",
        "sizeInBytes": 7,
    },
    "info": lambda _: {"version": VERSION},
    "compositions": lambda _: {
        "compositions": [
            {"id": "MyVideo", "width": 320, "height": 240, "fps": 30, "durationInFrames": 60, "defaultProps": {}}
        ]
    },
}


def _render_id(payload: dict) -> str:
    """With `deleteAfter` it begins with that."""
    prefix = f"{life}-" if (life := payload.get("deleteAfter")) else ""
    return prefix + "".join(random.choices(string.ascii_lowercase + string.digits, k=10))


def _later(value, span: int):
    """With each moment so many milliseconds later."""
    if isinstance(value, dict):
        return {name: _later(inner, span) for name, inner in value.items()}
    if isinstance(value, list):
        return [_later(inner, span) for inner in value]
    return value + span if isinstance(value, int) and value > A_MOMENT else value


def _endpoint(run: Callable[[dict], dict]) -> type[BaseHTTPRequestHandler]:
    class Endpoint(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = json.dumps(run(payload)).encode()
            self.send_response_only(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_) -> None:
            pass

    return Endpoint
