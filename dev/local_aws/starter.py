"""Starts a supervisor, and waits until the local AWS is ready for use."""

import os
import subprocess
import sys
import time

from .settings import DEV, Settings

START_SECONDS = 180


def start(settings: Settings) -> subprocess.Popen:
    """The supervisor ends with its standard input, which the caller holds, unless it is told to stay."""
    settings.state.mkdir(parents=True, exist_ok=True)
    settings.endpoints_file.unlink(missing_ok=True)
    log = settings.state / "supervisor.log"
    with log.open("w") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "local_aws", "serve"],
            cwd=DEV,
            env=os.environ | settings.environment(),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not settings.endpoints_file.exists():
            if supervisor.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The local AWS did not start:\n{log.read_text()}")
            time.sleep(0.1)
    except BaseException:
        stop(supervisor)
        raise
    return supervisor


def stay(supervisor: subprocess.Popen) -> None:
    """Lets the local AWS outlive this process."""
    supervisor.stdin.write(b"stay\n")
    supervisor.stdin.close()


def stop(supervisor: subprocess.Popen) -> None:
    supervisor.terminate()
    supervisor.wait()
