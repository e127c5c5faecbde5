"""How work and memory grow: a start with its props and with the day's starts, a poll with the chunks and errors of a render, a list
with a user's renders."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_aws.remotion import client
from local_aws.settings import FIXTURES, FUNCTION, VERSION, Settings
from local_aws.supervisor import start_ministack
from local_aws.table import create_table

from . import events
from .aws import Aws, Certificate
from .measure import Bench
from .peers import Peer, with_quota, with_table
from .sandbox import Sandbox

KB = 1_000
PROPS = [KB, 4 * KB, 16 * KB, 64 * KB, 180 * KB, 500 * KB, KB * KB, 2 * KB * KB, 4 * KB * KB]
CHUNKS = [1, 10, 50, 100, 200]
ERRORS = [0, 10, 100]
RENDERS = [10, 1_000, 100_000]
PAGE = 100
STARTED = [0, 100, 9_900]

TABLE = "renders"


def props(peer: Peer, certificate: Certificate) -> list[dict]:
    """Millions of instructions of a start, and its peak of memory above that of a small one, by the size of the props."""
    peer = with_table(peer)
    rows = []
    with Aws(certificate) as aws:
        environment = peer.environment(aws, certificate)
        for size in PROPS:
            event = events.start_with_props(size)
            counted = Bench(certificate, aws, event).instructions(peer, 5)
            with Sandbox(peer.command, environment) as sandbox:
                sandbox.invoke(events.start())
                base = sandbox.memory_mb()["VmHWM"]
                for _ in range(5):
                    assert sandbox.invoke(event).answer["statusCode"] == 200
                peak = sandbox.memory_mb()["VmHWM"]
            body = len(json.loads(event)["body"])
            rows.append(
                {
                    "props_bytes": size,
                    "minstr": counted["warm_minstr"][0],
                    "peak_mb_above": peak - base,
                    "peak_times_body": (peak - base) * 1e6 / body,
                }
            )
    return rows


def polls(peer: Peer, certificate: Certificate) -> list[dict]:
    """Millions of instructions of a poll, by the chunks and the errors in the render's state."""
    rows = []
    for chunks, errors in [(chunks, 0) for chunks in CHUNKS] + [(10, errors) for errors in ERRORS[1:]]:
        state = progress(chunks, errors)
        with Aws(certificate, progress=state) as aws:
            counted = Bench(certificate, aws, events.poll()).instructions(with_table(peer), 5)
        assert not aws.invocations
        rows.append({"chunks": chunks, "errors": errors, "bytes": len(state), "minstr": counted["warm_minstr"][0]})
    return rows


def lists(peer: Peer, certificate: Certificate) -> list[dict]:
    """Millions of instructions of a page of a hundred, by the renders that the user has."""
    rows = []
    with _dynamodb() as settings, Aws(certificate) as aws:
        peer = _on(settings, with_table(peer))
        dynamodb = client("dynamodb", settings.endpoint)
        for renders in RENDERS:
            user = f"of-{renders}"
            _write(dynamodb, user, renders)
            event = events.listing(user, PAGE)
            with Sandbox(peer.command, peer.environment(aws, certificate)) as sandbox:
                body = sandbox.invoke(event).answer["body"]
            assert len(json.loads(body)["renders"]) == min(renders, PAGE)
            counted = Bench(certificate, aws, event).instructions(peer, 5)
            rows.append({"renders": renders, "minstr": counted["warm_minstr"][0], "bytes": len(body)})
    return rows


def starts(peer: Peer, certificate: Certificate) -> list[dict]:
    """Millions of instructions of a start that is counted, by those that the user has started today."""
    rows = []
    with _dynamodb() as settings, Aws(certificate) as aws:
        peer = _on(settings, with_quota(peer)).with_variables(RENDERS_PER_USER_PER_DAY="10000")
        dynamodb = client("dynamodb", settings.endpoint)
        for started in STARTED:
            user = f"after-{started}"
            _count(dynamodb, user, started)
            event = events.start(user=user)
            with Sandbox(peer.command, peer.environment(aws, certificate)) as sandbox:
                told = sandbox.invoke(event).answer["headers"]["ratelimit"]
            assert f"r={10_000 - started - 1}" in told, told
            counted = Bench(certificate, aws, event).instructions(peer, 5)
            rows.append({"started": started, "minstr": counted["warm_minstr"][0]})
    return rows


def _on(settings: Settings, peer: Peer) -> Peer:
    """With a DynamoDB that remembers."""
    return peer.with_variables(
        AWS_ENDPOINT_URL_DYNAMODB=settings.endpoint, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test"
    )


def _count(dynamodb, user: str, started: int) -> None:
    """As many as the function would have counted by now; after midnight it counts from zero again."""
    now = time.time()
    dynamodb.put_item(
        TableName=TABLE,
        Item={
            "pk": {"S": f"owner#{events.ISSUER}#{user}"},
            "sk": {"S": f"quota#{int(now // 86_400)}"},
            "used": {"N": f"{started}"},
            "expiresAt": {"N": f"{int(now) + 172_800}"},
        },
    )


def progress(chunks: int, errors: int) -> bytes:
    """Remotion's state of a render that is under way, with so many chunks done and so many errors on the way."""
    cases = {case["name"]: case["progress"] for case in json.loads((FIXTURES / "progress.json").read_text())}
    state = cases["rendering, one chunk done"]
    (timing,) = state["timings"]
    (error,) = cases["an error that is retried"]["errors"]
    return json.dumps(
        state
        | {
            "chunks": [*range(chunks)],
            "timings": [timing | {"chunk": chunk} for chunk in range(chunks)],
            "errors": [error | {"chunk": at} for at in range(errors)],
            "renderMetadata": state["renderMetadata"] | {"totalChunks": chunks + 1},
            # Not over yet: else a poll looks for the output, too.
            "timeoutTimestamp": int((time.time() + 3_600) * 1_000),
        }
    ).encode()


@contextmanager
def _dynamodb() -> Iterator[Settings]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.apart(Path(folder))
        children = []
        try:
            start_ministack(settings, children)
            create_table(client("dynamodb", settings.endpoint), TABLE)
            yield settings
        finally:
            for child in children:
                child.stop()


def _write(dynamodb, user: str, renders: int) -> None:
    items = [
        {
            "pk": {"S": f"owner#{events.ISSUER}#{user}"},
            "sk": {"S": f"render#{at:010}"},
            "kind": {"S": "render"},
            "bucketName": {"S": "remotionlambda-useast1-abc"},
            "functionName": {"S": FUNCTION},
            "version": {"S": VERSION},
            "composition": {"S": "MyVideo"},
            "cancellable": {"BOOL": True},
            "startedAt": {"N": str(1_795_463_131_638 + at)},
        }
        for at in range(renders)
    ]
    for at in range(0, renders, 25):
        page = [{"PutRequest": {"Item": item}} for item in items[at : at + 25]]
        dynamodb.batch_write_item(RequestItems={TABLE: page})
