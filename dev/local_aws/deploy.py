"""`sam build` and `sam deploy` of the project's template, onto the local AWS."""

import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable

from ticking import ticking

from .exclusion import exclusively
from .remotion import client
from .settings import BUCKET, FUNCTION, PROJECT, Settings, aws_environment

# SAM's own variable: unoptimised, in a third of the time, and good enough to look at. What is tested and measured is the release.
IS_DEBUG = os.environ.get("SAM_BUILD_MODE") == "debug"
BUILT = PROJECT / ".aws-sam" / ("debug" if IS_DEBUG else "build")

# SAM builds functions of one code and one configuration once, into a folder with the name of the first.
BINARY = BUILT / "RenderApi-Shared" / "bootstrap"

# What is deployed is not built again meanwhile, nor the other way round.
IN_USE = PROJECT / "target" / "built"

# Where the usual development servers serve an app.
APP_ORIGINS = ",".join(f"http://{host}:{port}" for port in (3000, 5173) for host in ("localhost", "127.0.0.1"))

# The local AWS runs the function as a process of this machine, so it is built for this machine's processor.
ARCHITECTURE = {"x86_64": "x86_64", "amd64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}[platform.machine().lower()]
RUST_TARGET = {"x86_64": "x86_64", "arm64": "aarch64"}[ARCHITECTURE] + "-unknown-linux-gnu"


def build() -> None:
    command = ["sam", "build", "--parameter-overrides", f"Architecture={ARCHITECTURE}"]
    if IS_DEBUG:
        command += ["--build-dir", str(BUILT.relative_to(PROJECT))]
    # Line numbers in backtraces would make it three times as large. It has no effect on a release.
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0", "CARGO_PROFILE_DEV_DEBUG": "0"}
    with exclusively(IN_USE):
        _run(command, environment, _compiled(time.time()))
        if sys.platform == "darwin":
            _run(["cargo", "build", *([] if IS_DEBUG else ["--release"])], environment)
            shutil.copy2(PROJECT / "target" / ("debug" if IS_DEBUG else "release") / "remotion-render-api", BINARY)


def _compiled(since: float) -> Callable[[], str]:
    """How many crates the compiler has begun with: SAM does not say."""

    def count() -> str:
        folders = (PROJECT / "target", PROJECT / "target" / RUST_TARGET)
        begun = [mark for folder in folders for mark in folder.glob("*/.fingerprint/*/invoked.timestamp")]
        return f"{sum(mark.stat().st_mtime > since for mark in begun)} crates so far"

    return count


def app_origins() -> str:
    """The origins whose pages may call the deployed API."""
    return os.environ.get("LOCAL_AWS_CORS_ORIGINS", APP_ORIGINS)


def answers(settings: Settings) -> dict[str, str]:
    """The parameters that have no default: what the documentation has an operator answer."""
    return {
        "RemotionFunctionName": FUNCTION,
        "RemotionServeUrl": settings.serve_url,
        "RemotionBucketName": BUCKET,
    }


def of_this_machine(settings: Settings, stack: str) -> dict[str, str]:
    """The parameters that the local AWS needs in addition."""
    return {"Architecture": ARCHITECTURE, "HookUrl": settings.hook_url(stack)}


def deploy(settings: Settings, stack: str | None = None, **parameters: str) -> dict[str, str]:
    """Deploys what was built, with the template's own defaults but for the parameters, and answers the stack's outputs.

    At `settings.gateway` is the API of `settings.stack`, which is also what is deployed where no stack is named.
    """
    stack = stack or settings.stack
    overrides = of_this_machine(settings, stack) | answers(settings) | parameters
    pairs = [f"{name}={_quoted(value)}" for name, value in overrides.items()]
    built = []
    if IS_DEBUG:
        # SAM looks for its configuration next to a template that it is given.
        template = str((BUILT / "template.yaml").relative_to(PROJECT))
        built = ["--template-file", template, "--config-file", str(PROJECT / "samconfig.toml")]
    command = ["sam", "deploy", *built, "--stack-name", stack, "--parameter-overrides", *pairs]
    with exclusively(IN_USE):
        _run(command, aws_environment(settings.endpoint))
    return outputs(settings, stack)


def outputs(settings: Settings, stack: str) -> dict[str, str]:
    described = client("cloudformation", settings.endpoint).describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def _quoted(value: str) -> str:
    """SAM takes an empty value, a space and a quotation mark only inside quotation marks, escaped as in JSON."""
    return value if re.fullmatch(r'[^\s"]+', value) else json.dumps(value)


def _run(command: list[str], environment: dict[str, str], detail: Callable[[], str] = str) -> None:
    """Prints the command, that it still runs, and what it says only if it fails."""
    print(f"\n$ {shlex.join(command)}", flush=True)
    with ticking(" ".join(command[:2]), detail):
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\n{command[0]} {command[1]} failed.")
