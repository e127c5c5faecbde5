"""How tests wait for what comes of itself."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(what: Callable[[], T], is_so: Callable[[T], bool] = bool, seconds: float = 180) -> T:
    """What is found, once it is so."""
    if not is_so(found := watched(what, is_so, seconds)):
        raise TimeoutError(f"it was not so within {seconds} s: {found}")
    return found


def watched(what: Callable[[], T], is_so: Callable[[T], bool], seconds: float) -> T:
    """What is found as soon as it is so, or at the end of this time."""
    deadline = time.monotonic() + seconds
    while not is_so(found := what()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found
