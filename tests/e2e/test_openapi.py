"""The deployed API does what openapi.yaml says, whatever it is sent: with schemathesis, of a seed of its own.

Examples, every boundary of every schema, random requests, and sequences along the links, such as start, cancel, delete, status;
valid and invalid; with every check that schemathesis has, and those of schemathesis_checks.py. schemathesis.toml has the rest.
"""

import json
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import waiting
import yaml
from deployed import Deployed
from local_aws.settings import BUCKET, FUNCTION, PROJECT, Settings
from stand_in import StandIn

DOCUMENT = PROJECT / "openapi.yaml"
SCHEMATHESIS = PROJECT / ".tools" / "openapi" / "bin" / "schemathesis"
HERE = Path(__file__).parent


class Finishing(StandIn):
    """Two renders of three are done at once, and may be deleted; the third stays queued."""

    def run(self, payload: dict) -> dict:
        answer = super().run(payload)
        if payload["type"] == "start" and len(self.payloads) % 3:
            self.finish(answer["renderId"])
        return answer


@pytest.fixture
def documented(local_aws: Settings, deployed_as) -> Iterator[Deployed]:
    """Without a queue, and without an end to the room."""
    with Finishing(local_aws, FUNCTION.replace("120sec", "899sec")) as stand_in:
        yield deployed_as(
            "documented", RemotionFunctionName=stand_in.name, RendersPerUserPerDay="10000", Monitoring="false"
        )


@pytest.fixture
def queueing(local_aws: Settings, deployed_as) -> Iterator[Deployed]:
    """Where one render has all the room, for ever."""
    with StandIn(local_aws, FUNCTION.replace("120sec", "898sec")) as stand_in:
        given = waiting.PARAMETERS | {"RendersPerUserPerDay": ""}
        yield deployed_as("queueing", RemotionFunctionName=stand_in.name, **given)


# What there is only with a queue, and what fills it.
QUEUED = ("startRender", "startBatch", "getBatch", "cancelBatch")


def test_every_answer_is_documented(documented: Deployed, queueing: Deployed, tmp_path: Path):
    without = [option for name in QUEUED[1:] for option in ("--exclude-operation-id", name)]
    seen = asked(documented, tmp_path, *without)
    for operation, statuses in asked(
        queueing, tmp_path, *(f"--include-operation-id={name}" for name in QUEUED)
    ).items():
        seen[operation] |= statuses
    print({operation: sorted(statuses) for operation, statuses in seen.items()})
    missed = [(operation, status) for operation, status in successes() if status not in seen[operation]]
    assert missed == []
    # It has tried what is wrong, too.
    refused = {status for statuses in seen.values() for status in statuses if status >= 400}
    assert refused >= {400, 401, 403, 404, 405, 409, 415, 422}


def asked(api: Deployed, folder: Path, *options: str) -> dict[str, set[int]]:
    """The statuses that each operation was answered with."""
    # MiniStack answers /health by itself under every host name: this is the API by its other address.
    base = f"{api.settings.endpoint}/_aws/execute-api/{api.host.split('.')[0]}/$default"
    har = folder / f"{api.stack}.har"
    command = [SCHEMATHESIS, "--config-file", HERE / "schemathesis.toml", "run", DOCUMENT, "--url", base, *options]
    reports = ["--checks", "all", "--no-color", "--report", "har", "--report-har-path", har]
    function = api.aws("lambda").get_function_configuration(FunctionName=api.resource("Ends"))
    environment = os.environ | {
        "TOKEN": api.sign_up().token,
        "BUCKET": BUCKET,
        "HOOK_SECRET": function["Environment"]["Variables"]["HOOK_SECRET"],
        "PYTHONPATH": str(HERE),
    }
    done = subprocess.run(
        [*command, *reports],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return answers(json.loads(har.read_text()), base)


def operations() -> list[tuple[str, str, dict]]:
    paths = yaml.safe_load(DOCUMENT.read_text())["paths"]
    return [
        (method.upper(), path, operation)
        for path, item in paths.items()
        for method, operation in item.items()
        if method != "parameters"
    ]


def successes() -> list[tuple[str, int]]:
    return [
        (f"{method} {path}", int(status))
        for method, path, operation in operations()
        for status in operation["responses"]
        if status.startswith("2")
    ]


def answers(har: dict, base: str) -> dict[str, set[int]]:
    """The statuses that each operation was answered with."""
    patterns = {re.sub(r"\{\w+\}", "[^/]*", path): path for _, path, _ in operations()}
    seen = defaultdict(set)
    for entry in har["log"]["entries"]:
        path = urlsplit(entry["request"]["url"]).path.removeprefix(urlsplit(base).path)
        template = next((path_of for pattern, path_of in patterns.items() if re.fullmatch(pattern, path)), path)
        seen[f"{entry['request']['method']} {template}"].add(entry["response"]["status"])
    return seen
