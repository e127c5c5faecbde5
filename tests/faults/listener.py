"""A port on loopback that serves each connection in a thread, and for a while can refuse or ignore connections."""

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Self


class Listener:
    def __init__(self, serve: Callable[[socket.socket], None]):
        self._serve = serve
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._waiting: list[socket.socket] = []
        self._socket = _bound(0)
        self.port = self._socket.getsockname()[1]
        self._accepting: threading.Thread | None = None
        self.open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self._close()
        self.disconnect()

    def open(self) -> None:
        self._socket.listen(64)
        self._accepting = threading.Thread(target=self._accept, args=(self._socket,), daemon=True)
        self._accepting.start()

    def refuse(self) -> None:
        """A port that is bound but not listened at: the system refuses connections, and gives it to nobody else."""
        # Bound before the other is closed: the port is never free.
        successor = _bound(self.port)
        self._close()
        self._socket = successor

    def ignore(self) -> None:
        """Takes no connection and refuses none, as a machine that is gone: the queue is full, and the system says nothing."""
        self.refuse()
        self._socket.listen(0)
        for _ in range(4):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", self.port))
            self._waiting.append(waiting)

    def _close(self) -> None:
        """Closing alone would leave the port open for as long as a thread waits there."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._accepting:
            # Where the system does not wake it, it ends with the next connection.
            self._accepting.join(1)
            self._accepting = None
        self._socket.close()
        for waiting in self._waiting:
            waiting.close()
        self._waiting.clear()

    def disconnect(self) -> None:
        """Closes the connections that there are."""
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)
        try:
            # The other side may go at any time: that is what is tested.
            with contextlib.suppress(OSError):
                self._serve(connection)
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        bound.setsockopt(socket.SOL_SOCKET, option, 1)
    bound.bind(("127.0.0.1", port))
    return bound
