"""HTTP/1.1 on raw sockets: the harness must cost little compared with what it measures."""

import socket


class Connection:
    """The server's end of a connection."""

    def __init__(self, sock: socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.buffer = b""

    @property
    def has_request(self) -> bool:
        return b"\r\n\r\n" in self.buffer

    def request(self) -> tuple[str, str, dict[str, str], bytes] | None:
        """Method, path, headers and body of the next request, or None where the client has closed."""
        while not self.has_request:
            if not self._receive():
                return None
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        line, *fields = head.decode("latin-1").split("\r\n")
        method, path, _ = line.split(" ", 2)
        headers = {name.lower(): value.strip() for name, value in (field.split(":", 1) for field in fields)}
        if "chunked" in headers.get("transfer-encoding", ""):
            return method, path, headers, self._chunks()
        return method, path, headers, self._take(int(headers.get("content-length", 0)))

    def answer(self, status: str, body: bytes = b"", headers: str = "") -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        self.sock.sendall(head.encode() + body)

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._line().split(b";")[0], 16):
            body += self._take(size)
            self._line()
        while self._line():
            pass
        return body

    def _line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            if not self._receive():
                raise ConnectionError("a line broke off")
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def _take(self, size: int) -> bytes:
        while len(self.buffer) < size:
            if not self._receive():
                raise ConnectionError("a body broke off")
        body, self.buffer = self.buffer[:size], self.buffer[size:]
        return body

    def _receive(self) -> bool:
        received = self.sock.recv(1 << 15)
        self.buffer += received
        return bool(received)


def listen() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0), backlog=64)
