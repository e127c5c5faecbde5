"""How renders of Remotion's real function end, as an operator's rule on the event bus hears it: each end that there is, with its
owner and its cost, under one `eventId`. Nobody reads a render that has ended before its event is there: that would write its end."""

import json
import os
import signal
import time
from dataclasses import dataclass
from datetime import datetime

import pytest
import renders
from deployed import Deployed, User
from local_aws.settings import BUCKET
from patience import until
from processes import chromes, wait_until_nothing_renders
from stand_in import StandIn
from told import Told

# Of every event; `null` where it is not known.
FIELDS = {
    "eventId",
    "renderId",
    "remotionRenderId",
    "kind",
    "bucketName",
    "owner",
    "userId",
    "composition",
    "name",
    "status",
    "startedAt",
    "finishedAt",
    "frames",
    "costs",
    "outputKey",
    "outputBucket",
    "outputSizeInBytes",
    "error",
    "customData",
    "batchId",
}

# Of the function of `small`.
TIME = 60

# After its time: what the sweep leaves to a function that is late, and two ticks.
SWEPT = 120


@dataclass(frozen=True)
class Started:
    user: User
    render_id: str
    at: float


@pytest.fixture(scope="session")
def told(small: Deployed) -> Told:
    return Told(small)


@pytest.fixture(scope="session")
def started(small: Deployed, told: Told) -> dict[str, Started]:
    """One of each end, by a user of its own. What only the sweep tells comes first: it ends while others are rendered."""

    def start(end: str, **options) -> Started:
        user = small.sign_up()
        render_id = renders.start(small, user, name=end, customData={"end": end}, **options)
        return Started(user, render_id, time.time())

    # Few at a time: each has a minute, and so have two that share a processor.
    wait_until_nothing_renders(small.settings)
    ends = {"killed": start("killed", composition="LongVideo")}
    until(lambda: is_rendering(small, ends["killed"].render_id))
    for function in set(chromes(small.settings).values()):
        os.kill(function, signal.SIGKILL)
    with renders.environment(small, HOOK_URL=renders.NOWHERE):
        ends["withheld"] = start("withheld", composition="MyVideo")
    ends["cancelled"] = start("cancelled", composition="LongVideo")
    until(lambda: is_rendering(small, ends["cancelled"].render_id))
    assert renders.cancel(small, ends["cancelled"].user, ends["cancelled"].render_id).status == 202
    wait_until_nothing_renders(small.settings)
    ends["failed"] = start("failed", composition="FailingVideo", inputProps={"failAtFrame": 3})
    ends["done"] = start("done", composition="MyVideo")
    wait_until_nothing_renders(small.settings)
    ends["timed_out"] = start("timed_out", composition="LongVideo")
    until(lambda: is_rendering(small, ends["timed_out"].render_id))
    return ends


def is_rendering(api: Deployed, render_id: str) -> bool:
    """By Remotion's own state of it."""
    body = api.aws("s3").get_object(Bucket=BUCKET, Key=f"renders/{render_id}/progress.json")["Body"]
    return json.load(body)["framesRendered"] > 0


@pytest.mark.parametrize(
    ("end", "status", "seconds"),
    [
        ("done", "done", 180),
        ("failed", "failed", 180),
        ("cancelled", "cancelled", 180),
        pytest.param("timed_out", "timed_out", TIME + 60, marks=pytest.mark.late),
        # By the sweep, as it comes by itself.
        pytest.param("withheld", "done", TIME + SWEPT, marks=pytest.mark.late),
        pytest.param("killed", "timed_out", TIME + SWEPT, marks=pytest.mark.late),
    ],
)
def test_each_end_is_told(small: Deployed, started, told: Told, end: str, status: str, seconds: int):
    user, render_id = started[end].user, started[end].render_id
    event = told.wait_for(render_id, started[end].at + seconds - time.time())
    assert datetime.fromisoformat(event["time"]).timestamp() < started[end].at + seconds
    assert (event["source"], event["detail-type"]) == ("remotion-render-api", "Render State Change")
    detail = event["detail"]
    assert set(detail) == FIELDS
    assert detail["eventId"] == f"{render_id}-{status}"
    assert (detail["status"], detail["kind"], detail["remotionRenderId"]) == (status, "render", render_id)
    assert (detail["owner"], detail["userId"], detail["name"], detail["customData"]) == (
        user.sub,
        user.sub,
        end,
        {"end": end},
    )
    assert started[end].at * 1000 - 10_000 < detail["startedAt"] < detail["finishedAt"] <= time.time() * 1000

    # One, with what list and usage say.
    assert {event["detail"]["eventId"] for event in told.of(render_id)} == {detail["eventId"]}
    [listed] = small.request("GET", "/render", user.token).json["renders"]
    assert (listed["status"], listed["finishedAt"], listed["costs"]) == (
        status,
        detail["finishedAt"],
        detail["costs"],
    )
    month = small.request("GET", "/usage", user.token).json["months"][0]
    assert (month["renders"], month["frames"]) == (1, detail["frames"])
    assert month["costs"]["accruedSoFar"] == pytest.approx(detail["costs"]["accruedSoFar"], abs=1e-9)
    # Where one function does it all, Remotion reckons the costs at the end of what is done.
    assert (detail["costs"]["accruedSoFar"] > 0) == (status == "done")

    output = (detail["outputBucket"], detail["outputKey"], detail["outputSizeInBytes"])
    if status == "done":
        key = f"renders/{render_id}/out.mp4"
        size = small.aws("s3").head_object(Bucket=BUCKET, Key=key)["ContentLength"]
        assert output == (BUCKET, key, size)
        assert detail["frames"] == 60
    else:
        assert output == (None, None, None)
    assert (detail["error"] is not None) == (status == "failed")
    if end == "failed":
        assert "This composition fails at frame 3" in detail["error"]
        assert "\n" not in detail["error"]


@pytest.mark.late
def test_what_remotion_tells_is_told_once(started, told: Told):
    """And the sweep has been by since."""
    for end in ("done", "failed", "cancelled", "timed_out"):
        assert len(told.of(started[end].render_id)) == 1, end


def test_the_sweep_tells_of_what_a_killed_hook_has_left(light: Deployed, stand_in: StandIn):
    """The end is written, the event is not put: the hook may not put it, which to the sweep is as if it had died there."""
    told = Told(light)
    user = light.sign_up()
    render_id = renders.start(light, user)
    stand_in.finish(render_id)
    assert light.due_at(user, render_id) > time.time()
    ended_at = time.time()
    with renders.environment(light, "Ends", EVENT_BUS_NAME="no-such-bus"):
        assert stand_in.tell(render_id) == 204
    assert told.of(render_id) == []
    assert light.due_at(user, render_id) is None
    assert ended_at < light.due_at(user, render_id, "event") <= time.time() + 30

    light.make_due(user, render_id, "event")
    light.sweep()
    assert told.wait_for(render_id)["detail"]["eventId"] == f"{render_id}-done"
    assert light.due_at(user, render_id, "event") is None
    # It is struck off: nothing is told again, and nothing counted again.
    light.sweep()
    assert stand_in.tell(render_id) == 204
    assert len({event["detail"]["eventId"] for event in told.of(render_id)}) == 1
    assert light.request("GET", "/usage", user.token).json["months"][0]["renders"] == 1


def test_a_render_that_goes_on_is_looked_at_later(light: Deployed, stand_in: StandIn):
    """And not each minute: AWS may start it yet, for hours."""
    user = light.sign_up()
    render_id = renders.start(light, user)
    light.make_due(user, render_id)
    light.sweep()
    assert 200 < light.due_at(user, render_id) - time.time() <= 300
    [listed] = light.request("GET", "/render", user.token).json["renders"]
    assert listed["status"] == "started"
