"""Whether this machine keeps up: what happens while it stands still shows nothing about the function."""

import contextlib
import http.client
import math
import threading
import time
from collections.abc import Callable
from typing import Self, TypeVar
from urllib.parse import SplitResult, urlsplit

import pytest

T = TypeVar("T")

# Seconds, well below the 2 that a start waits for what is left of the quota, and the 1 for which failures are remembered.
LATE = 0.8
BEAT = 0.1
# Of what the machine has stood still in. The last one counts.
TRIES = 3


class Stalled(Exception):
    """The machine has stood still meanwhile."""


class Pulse:
    """A thread that asks the emulators for a sign of life, again and again, and notes when one is late."""

    def __init__(self, *signs: str, after: float = LATE):
        self._after = after
        self._signs = [urlsplit(sign) for sign in signs]
        self._last = time.monotonic()
        self._stalled = -math.inf
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._beat, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._ended.set()

    def stalled_since(self, begun: float) -> bool:
        now = time.monotonic()
        return now - self._last > self._after or self._stalled > begun

    def undisturbed(self, play: Callable[..., T], *about) -> T:
        """Plays again what the machine has stood still in, whatever has come of it."""
        for _ in range(TRIES - 1):
            begun = time.monotonic()
            try:
                outcome = play(*about)
            except Exception:
                if not self.stalled_since(begun):
                    raise
            else:
                if not self.stalled_since(begun):
                    return outcome
        return play(*about)

    def _beat(self) -> None:
        while not self._ended.wait(BEAT):
            with contextlib.suppress(OSError, http.client.HTTPException):
                for sign in self._signs:
                    _ask(sign)
                now = time.monotonic()
                if now - self._last > self._after:
                    self._stalled = now
                self._last = now


def _ask(sign: SplitResult) -> None:
    connection = http.client.HTTPConnection(sign.netloc)
    with contextlib.closing(connection):
        connection.request("GET", sign.path)
        connection.getresponse().read()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function):
    """What fails while the machine stands still is told apart, and tried again: `--only-rerun=Stalled`."""
    begun = time.monotonic()
    try:
        return (yield)
    except Exception as error:
        if pyfuncitem.funcargs["pulse"].stalled_since(begun):
            raise Stalled from error
        raise
