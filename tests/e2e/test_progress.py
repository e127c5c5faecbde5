"""A poll answers what the official client derives from the same file, and costs two reads."""

import json
import subprocess
import time

import pytest
import renders
from botocore.exceptions import ClientError
from deployed import Deployed, User
from local_aws.settings import BUCKET, CLIENT, FUNCTION, REGION
from recorder import Recorder


class Official:
    """The official client, in one Node.js process that is given files instead of reading them."""

    def __init__(self):
        command = ["node", "live.mjs"]
        folder = CLIENT / "conformance"
        self._process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def progress(self, render_id: str, file: dict, now: int) -> dict:
        options = {"functionName": FUNCTION, "region": REGION, "bucketName": BUCKET, "renderId": render_id}
        request = {"id": 1, "routine": "progress", "progress": file, "now": now, "options": options, "output": None}
        print(json.dumps(request), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        assert "result" in answer, answer
        return answer["result"]

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()


@pytest.fixture
def official():
    official = Official()
    yield official
    official.close()


def numbers(theirs: dict) -> dict:
    """The official answer, by our names."""
    metadata = theirs["renderMetadata"]
    span = metadata and range(metadata["frameRange"][0], metadata["frameRange"][1] + 1, metadata["everyNthFrame"])
    return {
        "overallProgress": min(theirs["overallProgress"], 1),
        "framesRendered": theirs["framesRendered"],
        "framesTotal": metadata and len(span),
        "framesEncoded": theirs["encodingStatus"]["framesEncoded"],
        "chunks": theirs["chunks"],
        "chunksTotal": metadata and metadata["totalChunks"],
        "timeoutAt": theirs["timeoutTimestamp"],
        "timeToFinish": theirs["timeToFinish"],
        "outputSizeInBytes": theirs["outputSizeInBytes"],
    }


def money(theirs: dict) -> dict:
    return {name: theirs["costs"][name] for name in ("accruedSoFar", "displayCost", "currency", "disclaimer")}


def milliseconds() -> int:
    return time.time_ns() // 1_000_000


def moments(api: Deployed, user: User, render_id: str) -> list[tuple[dict, dict, range]]:
    """The file, our answer, and when that was given: wherever the file was the same before and after."""
    s3 = api.aws("s3")

    def read() -> bytes | None:
        try:
            return s3.get_object(Bucket=BUCKET, Key=f"renders/{render_id}/progress.json")["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            return None

    seen = []
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        file, since = read(), milliseconds()
        ours = renders.status(api, user, render_id).json
        until = milliseconds()
        if file and read() == file:
            seen.append((json.loads(file), ours, range(since, until + 1)))
            if ours["status"] in renders.FINAL:
                return seen
        time.sleep(0.02)
    raise TimeoutError(f"the render did not end: {seen[-1:]}")


def test_a_poll_equals_the_official_client_at_every_moment(api: Deployed, user: User, official: Official):
    files, statuses = set(), set()
    # The beginning, the end, and enough between them: as often as a busy machine needs to see that much.
    for _ in range(5):
        seen = compared(api, user, official)
        files |= {json.dumps(file) for file, _, _ in seen}
        statuses |= {ours["status"] for _, ours, _ in seen}
        if len(files) >= 5 and statuses >= {"queued", "rendering"}:
            break
    assert len(files) >= 5
    assert statuses >= {"queued", "rendering"}


def compared(api: Deployed, user: User, official: Official) -> list[tuple[dict, dict, range]]:
    """The moments of a render, at each of which both say the same."""
    render_id = renders.start(api, user, composition="MyVideo")
    seen = moments(api, user, render_id)
    listed = api.request("GET", "/render", user.token).json["renders"]
    # One time for the start, here and in the list: when the API had started it.
    started = {ours["startedAt"] for _, ours, _ in seen}
    assert started == {render["startedAt"] for render in listed if render["renderId"] == render_id}
    for file, ours, span in seen:
        theirs = official.progress(render_id, file, span[0])
        expected = numbers(theirs)
        assert {name: ours[name] for name in expected} == expected
        # Costs grow with the clock, and the clock of our answer is known only by its span.
        costs = {name: ours["costs"][name] for name in money(theirs)}
        assert costs == money(theirs) or costs in [money(official.progress(render_id, file, now)) for now in span]
    print(f"{len(seen)} polls: {[ours['overallProgress'] for _, ours, _ in seen]}")
    assert seen[-1][1]["status"] == "done"
    assert seen[-1][1]["overallProgress"] == 1
    return seen


def test_a_poll_costs_one_read_of_each_and_no_invocation(api: Deployed, user: User):
    # Its end is told to nobody: the poll finds it.
    variables = {"HOOK_URL": renders.NOWHERE}
    with Recorder(api.settings.endpoint) as recorder, renders.environment(api, **variables | recorder.variables()):
        render_id = renders.start(api, user, **renders.FAILING)
        # It records: a start is one invocation, and one record.
        assert sorted(recorder.calls) == ["DynamoDB TransactWriteItems", "Lambda POST"]
        poll = sorted(["DynamoDB Query", f"S3 GET renders/{render_id}/progress.json"])

        recorder.calls.clear()
        seen = renders.poll(api, user, render_id)
        # And its end is written once.
        assert sorted(recorder.calls) == sorted([*poll * len(seen), "DynamoDB TransactWriteItems"])

        recorder.calls.clear()
        for _ in range(10):
            renders.status(api, user, render_id)
        assert sorted(recorder.calls) == sorted(poll * 10)
