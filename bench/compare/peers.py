"""The functions that are measured, built as they are deployed."""

import os
import subprocess
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from local_aws.settings import FUNCTION

from .aws import BUCKET, Aws, Certificate

PROJECT = Path(__file__).resolve().parents[2]
BENCHES = PROJECT / "bench"
RESULTS = BENCHES / "results.json"
PEERS = BENCHES / "peers"
PYTHON = PROJECT / ".tools" / "bench" / "bin" / "python"

OURS = "this project"
# The same, with more to do: it remembers what it started, or counts and recognises requests as well.
WITH_TABLE = "with a table"
WITH_KEY = "with a table, a quota and a key"
NODE = "Node.js"
PY = "Python"
FLOOR = "floor"


@dataclass(frozen=True)
class Peer:
    name: str
    command: list[str]
    # What goes into the zip that is uploaded.
    files: list[Path]
    variables: dict[str, str] = field(default_factory=dict)

    def environment(self, aws: Aws, certificate: Certificate, memory_mb: int | None = None) -> dict[str, str]:
        return BASE | aws.variables() | self._trust(certificate) | self.variables | _memory(memory_mb)

    def with_variables(self, **variables: str) -> "Peer":
        return replace(self, variables=self.variables | variables)

    def named(self, name: str) -> "Peer":
        return replace(self, name=name)

    def zip_mb(self, folder: Path) -> float:
        path = folder / f"{self.name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for file in self.files:
                archive.write(file, file.name)
        return path.stat().st_size / 1e6

    @staticmethod
    def _trust(certificate: Certificate) -> dict[str, str]:
        """The stand-in's authority: in addition to the roots that ours and Node.js bring with them, in place of Python's."""
        authority = str(certificate.authority)
        return {"AWS_CA_BUNDLE": authority, "NODE_EXTRA_CA_CERTS": authority}


BASE = {
    "PATH": os.environ["PATH"],
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
    "_HANDLER": "index.handler",
    "AWS_LAMBDA_FUNCTION_NAME": "render-api",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/render-api",
    "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/24/[$LATEST]0123456789abcdef",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "ASIAEXAMPLEEXAMPLE00",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    # As long as those of AWS's roles are.
    "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2Vj" * 50,
    "REMOTION_FUNCTION_NAME": FUNCTION,
    "REMOTION_SERVE_URL": f"https://{BUCKET}.s3.us-east-1.amazonaws.com/sites/my-site/index.html",
}


def ours(binary: Path | None = None) -> Peer:
    """The release binary, else built by the tool that `sam build` calls."""
    bootstrap = binary or _cargo_lambda(PROJECT, "remotion-render-api")
    # The variable is the template's.
    return Peer(OURS, [str(bootstrap)], [bootstrap], {"MALLOC_MMAP_THRESHOLD_": "65536"})


def all_four() -> list[Peer]:
    folder = PEERS / "node"
    _run(["npm", "run", "--silent", "build"], folder)
    node = Peer(NODE, ["node", str(folder / "runtime.mjs")], [folder / "build" / "index.cjs"])
    handler = PEERS / "python" / "handler.py"
    # AWS has boto3 in its runtime: only the client and the handler travel.
    client = sorted(next((PROJECT / ".tools" / "bench" / "lib").glob("*/site-packages/remotion_lambda")).glob("*.py"))
    python = Peer(
        PY,
        [str(PYTHON), "-m", "awslambdaric", "handler.handler"],
        [handler, *client],
        {"PYTHONPATH": str(handler.parent)},
    )
    bootstrap = _cargo_lambda(PEERS / "floor", "floor")
    floor = Peer(FLOOR, [str(bootstrap)], [bootstrap])
    return [ours(), node, python, floor]


def with_table(peer: Peer) -> Peer:
    return peer.with_variables(RENDERS_TABLE="renders", REMOTION_BUCKET_NAME=BUCKET)


def with_quota(peer: Peer) -> Peer:
    """As the template deploys it."""
    return with_table(peer).with_variables(RENDERS_PER_USER_PER_DAY="20")


def with_page(peer: Peer) -> Peer:
    return peer.with_variables(
        COGNITO_USER_POOL_ID="us-east-1_bVwFsBUGO", COGNITO_USER_POOL_CLIENT_ID="4l5tsda2iu8lqugl73m8hgeb83"
    )


def _memory(memory_mb: int | None) -> dict[str, str]:
    return {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory_mb or 1_769)}


def _cargo_lambda(folder: Path, name: str) -> Path:
    _run(["cargo", "lambda", "build", "--release", "--locked"], folder)
    return folder / "target" / "lambda" / name / "bootstrap"


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True)
