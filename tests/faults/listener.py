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
        # Bound and never listened at: while the listening one is closed, the system refuses connections to the port,
        # and gives it to nobody else.
        self._holding = _bound(0)
        self.port = self._holding.getsockname()[1]
        self._listening = _bound(self.port)
        self.open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.refuse()
        self._listening.close()
        self._holding.close()
        self.disconnect()

    def open(self) -> None:
        self._listening.listen(64)
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def refuse(self) -> None:
        _end(self._listening)
        for waiting in self._waiting:
            waiting.close()
        self._waiting.clear()
        self._listening = _bound(self.port)

    def ignore(self) -> None:
        """Takes no connection and refuses none, as a machine that is gone: the queue is full, and the system says nothing."""
        self.refuse()
        self._listening.listen(0)
        for _ in range(4):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", self.port))
            self._waiting.append(waiting)

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


def _end(listening: socket.socket) -> None:
    """Closing alone would leave the port open for as long as a thread waits there."""
    with contextlib.suppress(OSError):
        listening.shutdown(socket.SHUT_RDWR)
    listening.close()
