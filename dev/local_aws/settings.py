"""Where things are, and the environment that AWS's tools need to talk to the local AWS."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from .ports import free_port

DEV = Path(__file__).resolve().parent.parent
PROJECT = DEV.parent

REGION = "us-east-1"
ACCOUNT = "000000000000"
STACK = "remotion-render-api"
BUCKET = "remotionlambda-useast1-demo000001"
SITE = "demo"

# The releases of Remotion that all follows: the render function's here, and the official client's in the fixtures.
CLIENT = PROJECT / "crates" / "remotion-lambda"
RELEASES = json.loads((CLIENT / "releases.json").read_text())
VERSION = RELEASES["function"]
FIXTURES = CLIENT / "tests" / "fixtures" / RELEASES["javascript"]


def function_name(version: str, seconds: int = 120) -> str:
    """As Remotion names a function that it deploys."""
    return f"remotion-render-{version.replace('.', '-')}-mem2048mb-disk2048mb-{seconds}sec"


FUNCTION = function_name(VERSION)

CHROME = (
    "/usr/lib/chromium/chromium-headless-shell",
    "/usr/lib/chromium/chromium",
    "/usr/bin/google-chrome-stable",
)
REMOTIONS_CHROME = "node_modules/.remotion/chrome-headless-shell/*/*/chrome-headless-shell"


@dataclass(frozen=True)
class Settings:
    """One local AWS: its folder, its ports, and the stack whose API its gateway serves."""

    state: Path
    port: int
    host_port: int
    gateway_port: int
    stack: str = STACK
    # How many of Remotion's functions run at once: as many as AWS grants a new account.
    concurrency: int = 10

    @classmethod
    def from_env(cls) -> "Settings":
        """Reads the variables that begin with LOCAL_AWS_; port 0 is any free one."""
        return cls(
            state=Path(os.environ.get("LOCAL_AWS_STATE") or PROJECT / "target" / "local-aws").resolve(),
            port=_port("LOCAL_AWS_PORT", 4566),
            host_port=_port("LOCAL_AWS_HOST_PORT", 9001),
            gateway_port=_port("LOCAL_AWS_GATEWAY_PORT", 4567),
            stack=os.environ.get("LOCAL_AWS_STACK") or STACK,
            concurrency=int(os.environ.get("LOCAL_AWS_CONCURRENCY") or cls.concurrency),
        )

    @classmethod
    def apart(cls, state: Path, stack: str = STACK) -> "Settings":
        """One that disturbs no other: with any free ports."""
        return cls(state.resolve(), free_port(), free_port(), free_port(), stack)

    def environment(self) -> dict[str, str]:
        """The variables from which another process reads the same."""
        return {
            "LOCAL_AWS_STATE": str(self.state),
            "LOCAL_AWS_PORT": str(self.port),
            "LOCAL_AWS_HOST_PORT": str(self.host_port),
            "LOCAL_AWS_GATEWAY_PORT": str(self.gateway_port),
            "LOCAL_AWS_STACK": self.stack,
            "LOCAL_AWS_CONCURRENCY": str(self.concurrency),
        }

    @property
    def endpoint(self) -> str:
        """By IP: the SDK inside Remotion's function addresses buckets by path only then."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def health(self) -> str:
        """What MiniStack answers without being asked for anything."""
        return f"{self.endpoint}/_ministack/health"

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.host_port}"

    @property
    def gateway(self) -> str:
        """Where apps on this machine call the deployed API. MiniStack's own address of it resolves in browsers only."""
        return f"http://127.0.0.1:{self.gateway_port}"

    def hook_url(self, stack: str) -> str:
        """Where Remotion's function, which Node.js runs, reaches the API of any stack."""
        return f"{self.gateway}/_stacks/{stack}/hooks/remotion"

    @property
    def serve_url(self) -> str:
        return f"{self.endpoint}/{BUCKET}/sites/{SITE}/index.html"

    @property
    def lock_file(self) -> Path:
        return self.state / "lock"

    @property
    def ministack_state(self) -> Path:
        return self.state / "tmp" / "ministack"

    @property
    def endpoints_file(self) -> Path:
        return self.state / "endpoints.json"


def aws_environment(endpoint: str) -> dict[str, str]:
    """This process's environment with the local AWS in place of any other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        # Seconds, for 5: nothing is throttled here, and stacks are made at once.
        "SAM_CLI_POLL_DELAY": "0.5",
        "SAM_CLI_TELEMETRY": "0",
    }


def chrome() -> str:
    """The headless Chrome that the render function starts."""
    candidates = [os.environ.get("CHROME_PATH", ""), *CHROME, *map(str, DEV.glob(REMOTIONS_CHROME))]
    for path in candidates:
        if path and Path(path).exists():
            return path
    raise SystemExit(
        "No headless Chrome found. Install it (Debian: apt-get install --no-install-recommends chromium-headless-shell;"
        " elsewhere: cd dev && npx remotion browser ensure), or set CHROME_PATH."
    )


def _port(variable: str, default: int) -> int:
    return int(os.environ.get(variable) or default) or free_port()
