"""A relay in front of the local AWS that records which calls pass: what a request costs is counted, not believed."""

import http.client
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit


class Recorder:
    """Every byte of a request goes on as it is, the signed Host header too."""

    def __init__(self, endpoint: str):
        self.calls: list[str] = []
        upstream = urlsplit(endpoint).netloc
        calls = self.calls

        class Relay(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Else the body waits until the head is acknowledged.
            disable_nagle_algorithm = True

            def relay(self) -> None:
                calls.append(operation(self.command, self.path, self.headers))
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                connection = http.client.HTTPConnection(upstream, timeout=30)
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() != "connection":
                        connection.putheader(name, value)
                connection.endheaders(body)
                response = connection.getresponse()
                answer = response.read()
                connection.close()
                self.send_response_only(response.status)
                for name, value in response.getheaders():
                    if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = relay

            def log_message(self, *_) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
        self._server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()

    def variables(self) -> dict[str, str]:
        """What sends a function's calls through here. The server overrides the variable for all services."""
        url = f"http://127.0.0.1:{self._server.server_port}"
        return {f"AWS_ENDPOINT_URL_{service}": url for service in ("DYNAMODB", "LAMBDA", "S3")}


def operation(method: str, path: str, headers) -> str:
    """`DynamoDB GetItem`, `Lambda POST`, `S3 GET renders/…/progress.json`."""
    target = headers.get("X-Amz-Target", "")
    if target.startswith("DynamoDB_"):
        return f"DynamoDB {target.split('.')[1]}"
    path = urlsplit(path).path
    if re.match(r"/\d{4}-\d\d-\d\d/functions/", path):
        return f"Lambda {method}"
    return f"S3 {method} {path.split('/', 2)[2]}"
