"""Batches through the real gateway, with Remotion's own function."""

import hashlib
import uuid
from pathlib import Path

import pytest
import renders
import waiting
from deployed import Answer, Deployed, User, assert_problem
from patience import until

# Three short renders at once.
PARAMETERS = waiting.PARAMETERS | {
    "RenderCapacity": str(3 * waiting.WEIGHT),
    "RendersPerUserPerDay": "2000",
}

SHORT = {"composition": "MyVideo", "frameRange": [0, 9]}


@pytest.fixture(scope="module")
def batching(deployed_as) -> Deployed:
    return deployed_as("batching", **PARAMETERS)


@pytest.fixture
def user(batching: Deployed) -> User:
    return batching.sign_up()


def start(api: Deployed, user: User, body: dict, key: str | None = None) -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    return api.request("POST", "/batches", user.token, body, headers)


def status(api: Deployed, user: User, batch_id: str) -> dict:
    return api.request("GET", f"/batches/{batch_id}", user.token).json


def renders_of(api: Deployed, user: User, batch_id: str) -> list[dict]:
    listed, cursor = [], ""
    while cursor is not None:
        after = f"&cursor={cursor}" if cursor else ""
        page = api.request("GET", f"/render?limit=100&batchId={batch_id}{after}", user.token).json
        listed += page["renders"]
        cursor = page["cursor"]
    return listed


def test_twelve_videos_come_out_each_as_its_own(batching: Deployed, user: User, tmp_path: Path):
    items = [{"inputProps": {"title": f"Number {at}"}, "customData": {"at": at}} for at in range(12)]
    key = str(uuid.uuid4())
    answer = start(batching, user, SHORT | {"name": "Numbers", "items": items}, key)
    assert answer.status == 202, answer.text
    batch_id = answer.json["batchId"]
    again = start(batching, user, SHORT | {"name": "Numbers", "items": items}, key)
    assert again.json == answer.json
    assert again.headers["Idempotent-Replayed"] == "true"

    over = until(lambda: status(batching, user, batch_id), lambda batch: batch["finishedAt"] is not None, seconds=600)
    assert (over["total"], over["done"]) == (12, 12), over
    assert over["costs"]["accruedSoFar"] > 0

    listed = renders_of(batching, user, batch_id)
    assert sorted(render["customData"]["at"] for render in listed) == list(range(12))
    digests = set()
    for render in listed:
        assert (render["status"], render["name"], render["batchId"]) == ("done", "Numbers", batch_id)
        _, video = renders.download(render["outputUrl"])
        digests.add(hashlib.sha256(video).digest())
    assert len(digests) == 12, "each has its own title"
    path = tmp_path / "video.mp4"
    path.write_bytes(video)
    assert int(renders.probe(path)["nb_read_frames"]) == 10


def test_a_thousand_are_taken_in_and_cancelled(batching: Deployed, user: User):
    items = [{"inputProps": {"title": f"{at}", "text": "x" * 4_000}} for at in range(1_000)]
    answer = start(batching, user, SHORT | {"items": items})
    assert answer.status == 202, answer.text
    batch_id = answer.json["batchId"]
    left = batching.request("GET", "/usage", user.token).json["quota"]["left"]
    assert left == 1_000

    path = f"/batches/{batch_id}/cancel"
    assert batching.request("POST", path, user.token).status == 202

    def looked() -> dict:
        waiting.dispatch(batching)
        return status(batching, user, batch_id)

    over = until(looked, lambda batch: batch["finishedAt"] is not None, seconds=600)
    assert over["cancelled"] + over["done"] == 1_000, over
    assert over["cancelled"] > 900, over
    assert_problem(batching.request("POST", path, user.token), 409, "batch_over")
    assert waiting.capacity(batching)["waiting"] == 0


def test_a_batch_is_nobody_elses(batching: Deployed, user: User):
    batch_id = start(batching, user, SHORT | {"items": [{}]}).json["batchId"]
    other = batching.sign_up()
    assert_problem(batching.request("GET", f"/batches/{batch_id}", other.token), 404, "batch_not_found")
    assert_problem(batching.request("POST", f"/batches/{batch_id}/cancel", other.token), 404, "batch_not_found")
    assert renders_of(batching, other, batch_id) == []


def test_one_wrong_item_refuses_all(batching: Deployed, user: User):
    problem = assert_problem(start(batching, user, {"items": [{}, {"inputProps": 1}]}), 422, "invalid_options")
    assert [error["pointer"] for error in problem["errors"]] == ["/items/1/inputProps"]
    assert batching.request("GET", "/usage", user.token).json["quota"]["left"] == 2_000
