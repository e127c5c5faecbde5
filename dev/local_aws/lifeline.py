"""A child of the supervisor ends when its standard input closes: whoever started it has then ended, however it ended."""

import os
import signal
import sys
import threading


def end_with_starter() -> None:
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
