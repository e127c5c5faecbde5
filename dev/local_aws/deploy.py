"""`sam build` and `sam deploy` of the project's template, onto the local AWS."""

import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys

from .remotion import client
from .settings import BUCKET, FUNCTION, PROJECT, Settings, aws_environment

BUILT = PROJECT / ".aws-sam" / "build"

# SAM builds functions of one code and one configuration once, into a folder with the name of the first.
BINARY = BUILT / "RenderApi-Shared" / "bootstrap"

# Where the usual development servers serve an app.
APP_ORIGINS = ",".join(f"http://{host}:{port}" for port in (3000, 5173) for host in ("localhost", "127.0.0.1"))

# The local AWS runs the function as a process of this machine, so it is built for this machine's processor.
ARCHITECTURE = {"x86_64": "x86_64", "amd64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}[platform.machine().lower()]


def build() -> None:
    _run(
        ["sam", "build", "--parameter-overrides", f"Architecture={ARCHITECTURE}"],
        os.environ | {"SAM_CLI_TELEMETRY": "0"},
    )
    if sys.platform == "darwin":
        _run(["cargo", "build", "--release"], dict(os.environ))
        shutil.copy2(PROJECT / "target" / "release" / "remotion-render-api", BINARY)


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
    _run(["sam", "deploy", "--stack-name", stack, "--parameter-overrides", *pairs], aws_environment(settings.endpoint))
    return outputs(settings, stack)


def outputs(settings: Settings, stack: str) -> dict[str, str]:
    described = client("cloudformation", settings.endpoint).describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def _quoted(value: str) -> str:
    """SAM takes an empty value, a space and a quotation mark only inside quotation marks, escaped as in JSON."""
    return value if re.fullmatch(r'[^\s"]+', value) else json.dumps(value)


def _run(command: list[str], environment: dict[str, str]) -> None:
    """Prints the command, and what it says only if it fails."""
    print(f"\n$ {shlex.join(command)}", flush=True)
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\n{command[0]} {command[1]} failed.")
