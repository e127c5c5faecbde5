"""Says every few seconds that a command still runs which is silent for minutes: `python ticking.py WHAT COMMAND...`."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

SECONDS = 5


@contextlib.contextmanager
def ticking(what: str, detail: Callable[[], str] = str) -> Iterator[None]:
    """A line for each tick; on a terminal one line that changes. `detail` says how far it is."""
    begun = time.monotonic()
    over = threading.Event()
    is_terminal = sys.stdout.isatty()
    start, end = ("\r\x1b[K", "") if is_terminal else ("", "\n")

    def tick() -> None:
        while not over.wait(SECONDS):
            passed = f"{time.monotonic() - begun:.0f} s"
            print(start + ", ".join(filter(None, [f"  {what}: {passed}", detail()])), end=end, flush=True)

    ticks = threading.Thread(target=tick, daemon=True)
    ticks.start()
    try:
        yield
    finally:
        over.set()
        ticks.join()
        print(start, end="", flush=True)


if __name__ == "__main__":
    with ticking(sys.argv[1]):
        status = subprocess.run(sys.argv[2:], check=False).returncode
    sys.exit(status)
