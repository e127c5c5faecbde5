"""MiniStack, ending when its standard input closes: whoever started it has then ended, however it ended."""

import os
import signal
import sys
import threading

from ministack.app import main


def _end_with_starter() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=_end_with_starter, daemon=True).start()
main()
