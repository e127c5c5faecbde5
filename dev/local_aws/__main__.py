"""python -m local_aws up|down|status|deploy|serve: keeps an AWS on 127.0.0.1.

Ports and folder come from LOCAL_AWS_PORT (4566), LOCAL_AWS_HOST_PORT (9001) and LOCAL_AWS_STATE (target/local-aws).
"""

import os
import signal
import subprocess
import sys
import time

from . import deploy
from .settings import DEV, Settings
from .supervisor import running, serve

START_SECONDS = 180


def up(settings: Settings) -> None:
    if running(settings):
        print(f"The local AWS is up already: {settings.endpoints_file}")
        return
    settings.state.mkdir(parents=True, exist_ok=True)
    log = settings.state / "supervisor.log"
    with log.open("w") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "local_aws", "serve"],
            cwd=DEV,
            env=os.environ | {
                "LOCAL_AWS_STATE": str(settings.state),
                "LOCAL_AWS_PORT": str(settings.port),
                "LOCAL_AWS_HOST_PORT": str(settings.host_port),
            },
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
        supervisor.stdin.write(b"stay\n")
        supervisor.stdin.close()
    except BaseException:
        supervisor.terminate()
        supervisor.wait()
        raise
    print(f"The local AWS is up at {settings.endpoint}")


def down(settings: Settings) -> None:
    pid = running(settings)
    if not pid:
        print("The local AWS is not up.")
        return
    os.kill(pid, signal.SIGTERM)
    while running(settings):
        time.sleep(0.1)
    print("The local AWS is down.")


def status(settings: Settings) -> None:
    if not running(settings):
        raise SystemExit("The local AWS is not up.")
    if not settings.endpoints_file.exists():
        raise SystemExit("The local AWS is starting, or ending.")
    print(settings.endpoints_file.read_text(), end="")


def deploy_project(settings: Settings) -> None:
    deploy.build()
    deploy.deploy(settings)


COMMANDS = {"up": up, "down": down, "status": status, "deploy": deploy_project, "serve": serve}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        raise SystemExit(f"usage: python -m local_aws {'|'.join(COMMANDS)}")
    COMMANDS[sys.argv[1]](Settings.from_env())
