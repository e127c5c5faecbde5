"""The processes of the local AWS: started, waited for, ended."""

import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path


class Child:
    """A server process with a log file. Its standard input is its lifeline: it ends when that closes."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path):
        self.name = name
        self.log = log
        with log.open("w") as output:
            # A session of its own: Ctrl-C in a terminal reaches us, and we end the children in order.
            self.process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_answers(self, url: str) -> None:
        def answers() -> None:
            with urllib.request.urlopen(url, timeout=2):
                pass

        self._wait_until(answers, f"answer at {url}")

    def wait_until_listens(self, port: int) -> None:
        """For one that has nothing to answer yet."""

        def listens() -> None:
            with socket.create_connection(("127.0.0.1", port), timeout=2):
                pass

        self._wait_until(listens, f"listen on port {port}")

    def _wait_until(self, attempt: Callable[[], None], told: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended while starting:\n{self.tail()}")
            try:
                return attempt()
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"{self.name} did not {told} within {seconds:.0f} s:\n{self.tail()}")

    def tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
