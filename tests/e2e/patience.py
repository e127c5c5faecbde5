"""How tests wait for what comes of itself."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(what: Callable[[], T], is_so: Callable[[T], bool] = bool, seconds: float = 180) -> T:
    """What is found, once it is so."""
    deadline = time.monotonic() + seconds
    while not is_so(found := what()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"it was not so within {seconds} s: {found}")
        time.sleep(0.1)
    return found
