"""python -m local_aws up|down|status|build|deploy|mail|differences|binary|serve: keeps an AWS on 127.0.0.1.

LOCAL_AWS_PORT (4566), LOCAL_AWS_HOST_PORT (9001) and LOCAL_AWS_GATEWAY_PORT (4567) are its ports, LOCAL_AWS_STATE
(target/local-aws) is its folder, and LOCAL_AWS_STACK (remotion-render-api) the stack whose API the gateway serves.
LOCAL_AWS_CONCURRENCY (10) is how many of Remotion's functions run at once.
LOCAL_AWS_CORS_ORIGINS are the origins whose pages may call that API, as a comma list.
"""

import os
import signal
import sys
import time

from ticking import ticking

from . import deploy, differences, mail, starter
from .settings import Settings
from .supervisor import running, serve


def up(settings: Settings) -> None:
    if running(settings):
        print(f"The local AWS is up already: {settings.endpoints_file}")
        return
    with ticking("the local AWS starts"):
        starter.stay(starter.start(settings))
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
    origins = deploy.app_origins()
    deploy.deploy(settings, **({"CorsAllowedOrigins": origins} if origins else {}))
    callers = (
        f"Browser apps may call it from {origins.replace(',', ', ')}." if origins else "Browser apps may not call it."
    )
    print(f"\nThe API is at {settings.gateway}. {callers}")


COMMANDS = {
    "up": up,
    "down": down,
    "status": status,
    "build": lambda _settings: deploy.build(),
    "deploy": deploy_project,
    "mail": mail.show,
    "differences": lambda _settings: differences.show(),
    "binary": lambda _settings: print(deploy.BINARY),
    "serve": serve,
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        raise SystemExit(f"usage: python -m local_aws {'|'.join(COMMANDS)}")
    COMMANDS[sys.argv[1]](Settings.from_env())
