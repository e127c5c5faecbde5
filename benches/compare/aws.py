"""A stand-in for AWS Lambda, DynamoDB and S3 that answers at once, or after a while: whatever a request costs is the function's.

Over TLS, with a certificate of its own making.
"""

import contextlib
import json
import multiprocessing
import os
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from .wire import Connection, answered, listen

BUCKET = "remotionlambda-useast1-abc"
RENDER = "1pwhfhh11z"
STARTED = json.dumps({"type": "success", "bucketName": BUCKET, "renderId": RENDER}).encode()
INVOKED = answered("200 OK", STARTED, "X-Amzn-Requestid: 0\r\nX-Amz-Executed-Version: $LATEST\r\n")
# More than a function opens at once.
CONNECTIONS = 8
FUNCTION = "remotion-render-4-0-527-mem2048mb-disk2048mb-120sec"


@dataclass(frozen=True)
class Certificate:
    """RSA of 2,048 bits, as AWS's endpoints have, under an authority of its own."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "ca.pem"

    @classmethod
    def make(cls, folder: Path) -> Self:
        def openssl(*arguments: str) -> None:
            subprocess.run(["openssl", *arguments], check=True, cwd=folder, capture_output=True)

        (folder / "extensions").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
        new_key = ["-newkey", "rsa:2048", "-nodes"]
        openssl("req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=bench")
        openssl("req", *new_key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
        signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "extensions"]
        openssl("x509", "-req", "-in", "server.csr", *signed, "-out", "server.pem")
        return cls(folder)

    @property
    def openssl_settings(self) -> Path:
        """AES-128 first, as s2n-tls has it, which serves AWS's endpoints. Of TLS 1.3's suites Python can set nothing."""
        path = self.folder / "openssl.cnf"
        suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
        path.write_text(f"openssl_conf=a\n[a]\nssl_conf=b\n[b]\nsystem_default=c\n[c]\nCiphersuites={suites}\n")
        return path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        return context


class Aws:
    """One process, with a thread for each connection."""

    def __init__(self, certificate: Certificate, delay_ms: float = 0, progress: bytes = b"{}", renders: int = 0):
        self._socket = listen()
        # Invocations, other calls.
        self._counts = multiprocessing.get_context("spawn").Array("L", 2, lock=False)
        answers = Answers(progress, renders)
        arguments = (self._socket, certificate.context, delay_ms / 1_000, answers, self._counts)
        # For the new interpreter, which reads it as it starts.
        os.environ["OPENSSL_CONF"] = str(certificate.openssl_settings)
        self._process = multiprocessing.get_context("spawn").Process(target=_serve, args=arguments, daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(self, *_) -> None:
        self._process.terminate()
        self._process.join()
        self._socket.close()

    @property
    def invocations(self) -> int:
        return self._counts[0]

    @property
    def other_calls(self) -> int:
        return self._counts[1]

    def variables(self) -> dict[str, str]:
        """AWS Lambda by name, as at AWS; S3 by IP, so that buckets are addressed by path."""
        port = self._socket.getsockname()[1]
        by_ip = f"https://127.0.0.1:{port}"
        return {"AWS_ENDPOINT_URL": by_ip, "AWS_ENDPOINT_URL_LAMBDA": f"https://localhost:{port}"}


@dataclass(frozen=True)
class Answers:
    """What is answered to a call."""

    progress: bytes
    renders: int

    def to(self, method: str, path: str, target: str | None) -> tuple[str, bytes]:
        if target:
            return "200 OK", json.dumps(self._dynamodb(target.split(".")[1])).encode()
        if method == "GET" and "progress.json" in path:
            return "200 OK", self.progress
        if method == "GET":
            return "200 OK", b"<ListBucketResult></ListBucketResult>"
        return "200 OK", b""

    def _dynamodb(self, operation: str) -> dict:
        match operation:
            case "GetItem":
                return {"Item": self._item(0)}
            case "Query":
                return {"Items": [self._item(at) for at in range(min(self.renders, 20))]}
            case _:
                return {}

    def _item(self, at: int) -> dict:
        return {
            "pk": {"S": "user#ada"},
            "sk": {"S": f"render#{RENDER[:-2]}{at:02}" if at else f"render#{RENDER}"},
            "bucketName": {"S": BUCKET},
            "functionName": {"S": FUNCTION},
            "version": {"S": "4.0.527"},
            "composition": {"S": "MyVideo"},
            "cancellable": {"BOOL": True},
            "startedAt": {"N": str(1_795_463_131_638 + at)},
        }


def _serve(socket, context: Callable[[], ssl.SSLContext], delay: float, answers: Answers, counts) -> None:
    tls = context()

    def serve(accepted) -> None:
        connection = Connection(tls.wrap_socket(accepted, server_side=True))
        while head := connection.head():
            is_invocation = b"/invocations " in head[: head.index(b"\r\n")]
            counts[0 if is_invocation else 1] += 1
            if is_invocation:
                connection.skip_body(head)
                answer = INVOKED
            else:
                method, path, headers, _ = connection.request_of(head)
                answer = answered(*answers.to(method, path, headers.get("x-amz-target")))
            if delay:
                time.sleep(delay)
            connection.sock.sendall(answer)

    def accept() -> None:
        while True:
            with contextlib.suppress(OSError):
                serve(socket.accept()[0])

    # They wait, so that a connection need not wait for a thread.
    threads = [threading.Thread(target=accept, daemon=True) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
