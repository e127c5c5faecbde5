"""Renders that wait, as their owners meet them. Nothing is rendered: the place of one render is taken and freed by hand."""

import re
import time
import uuid

import pytest
import renders
import waiting
from deployed import Deployed, User, assert_problem
from patience import until
from stand_in import StandIn
from told import Told
from waiting import Room, ask, dispatch, wait

DAY = 24 * 3_600

# Of the deployment, in seconds.
LONGEST_WAIT = 90 * 60

# How long the functions of a render that has failed are given to stop.
SECONDS_TO_STOP = 5


@pytest.fixture(scope="module")
def told(queued: Deployed) -> Told:
    return Told(queued)


@pytest.fixture
def room(queued: Deployed, stand_in: StandIn) -> Room:
    """It is taken."""
    room = Room(queued, stand_in)
    room.take()
    return room


@pytest.fixture
def user(queued: Deployed) -> User:
    return queued.sign_up()


def status(api: Deployed, user: User, render_id: str) -> dict:
    return renders.status(api, user, render_id).json


def started(api: Deployed, user: User, render_id: str) -> dict:
    """The render, once Remotion has it."""
    return until(lambda: status(api, user, render_id), lambda told: told["remotionRenderId"] is not None)


def listed(api: Deployed, user: User) -> dict[str, dict]:
    return {render["renderId"]: render for render in api.request("GET", "/render", user.token).json["renders"]}


def test_whoever_does_not_want_to_wait_is_told_that_there_is_no_room(queued: Deployed, room: Room, user: User):
    answer = ask(queued, user)
    assert_problem(answer, 429, "capacity_spent")
    assert int(answer.headers["Retry-After"]) > 0
    assert_problem(ask(queued, user, prefer="wait=10"), 429, "capacity_spent")
    assert waiting.capacity(queued) == {"used": waiting.WEIGHT, "waiting": 0}
    assert listed(queued, user) == {}
    room.free()
    assert ask(queued, user).status == 200


def test_a_render_waits_and_starts_when_there_is_room(queued: Deployed, room: Room, user: User, stand_in: StandIn):
    key = str(uuid.uuid4())
    props = {"title": "Later on"}
    answer = ask(queued, user, key, "respond-async", inputProps=props, name="Later", customData={"order": 7})
    assert answer.status == 202
    render_id = answer.json["renderId"]
    assert answer.json == {"message": "QUEUED", "bucketName": answer.json["bucketName"], "renderId": render_id}
    assert render_id.startswith("q-")
    again = ask(queued, user, key, "respond-async", inputProps=props, name="Later", customData={"order": 7})
    assert (again.status, again.json, again.headers["Idempotent-Replayed"]) == (202, answer.json, "true")
    behind = wait(queued, user)

    for at, waits in enumerate((render_id, behind)):
        told = status(queued, user, waits)
        assert (told["status"], told["waitingBefore"], told["remotionRenderId"]) == ("waiting", at, None)
    assert {render["status"] for render in listed(queued, user).values()} == {"waiting"}
    page = queued.request("GET", "/render?status=waiting", user.token).json["renders"]
    assert [render["renderId"] for render in page] == [behind, render_id]
    health = queued.request("GET", "/health", user.token).json
    assert health["capacity"] == {"limit": waiting.WEIGHT, "used": waiting.WEIGHT, "waiting": 2}

    room.free()
    told = started(queued, user, render_id)
    assert (told["name"], told["customData"], told["waitingBefore"]) == ("Later", {"order": 7}, None)
    (payload,) = (sent for sent in stand_in.payloads if "Later on" in str(sent.get("inputProps")))
    assert payload["webhook"]["customData"]["id"] == render_id
    assert status(queued, user, behind)["waitingBefore"] == 0

    room.end(told["remotionRenderId"])
    assert status(queued, user, render_id)["status"] == "done"
    started(queued, user, behind)
    # The key stands for it for ever, whatever has become of it.
    again = ask(queued, user, key, "respond-async", inputProps=props, name="Later", customData={"order": 7})
    assert (again.status, again.json) == (202, answer.json)


def test_what_the_owner_has_read_first_makes_room_all_the_same(queued: Deployed, room: Room, user: User):
    """The reader writes the end, and wakes nobody."""
    render_id = wait(queued, user)
    room.stand_in.finish(room.taken_by)
    assert status(queued, room.somebody, room.taken_by)["status"] == "done"
    assert room.stand_in.tell(room.taken_by) == 204
    started(queued, user, render_id)


def test_what_has_failed_makes_room_when_its_functions_have_stopped(queued: Deployed, room: Room, user: User):
    render_id = wait(queued, user)
    ended_at = time.monotonic()
    room.end(room.taken_by, "error")
    # They look for the signal once a second.
    assert renders.keys(queued, f"renders/{room.taken_by}/cancel.json")
    found = status(queued, user, render_id)["status"]
    assert found == "waiting" or time.monotonic() - ended_at > SECONDS_TO_STOP
    started(queued, user, render_id)


def test_owners_take_turns(queued: Deployed, room: Room, stand_in: StandIn):
    anna, ben = queued.sign_up(), queued.sign_up()
    of_anna = [wait(queued, anna) for _ in range(3)]
    of_ben = [wait(queued, ben)]
    order = []
    stand_in.payloads.clear()
    room.free()
    for _ in range(4):
        starts = until(lambda: [p for p in stand_in.payloads if p["type"] == "start"], bool)
        stand_in.payloads.clear()
        (start,) = starts
        order.append(start["webhook"]["customData"]["id"])
        (remotion_id,) = (known for known, webhook in stand_in.webhooks.items() if webhook == start["webhook"])
        room.end(remotion_id)
    assert order == [of_anna[0], of_ben[0], *of_anna[1:]]


def test_one_that_waits_is_taken_out_at_once_and_given_back(queued: Deployed, room: Room, user: User, told: Told):
    kept, cancelled = wait(queued, user), wait(queued, user)
    left = queued.request("GET", "/usage", user.token).json["quota"]["left"]
    assert renders.cancel(queued, user, cancelled).status == 202
    assert status(queued, user, cancelled)["status"] == "cancelled"
    assert queued.request("GET", "/usage", user.token).json["quota"]["left"] == left + 1
    assert_problem(renders.cancel(queued, user, cancelled), 409, "render_over")
    assert waiting.capacity(queued)["waiting"] == 1
    room.free()
    started(queued, user, kept)
    assert status(queued, user, cancelled)["remotionRenderId"] is None
    assert renders.delete(queued, user, cancelled).status == 204


def test_one_that_waits_is_nobody_elses(queued: Deployed, room: Room, user: User):
    render_id = wait(queued, user)
    other = queued.sign_up()
    for act in (renders.status, renders.cancel, renders.delete):
        assert_problem(act(queued, other, render_id), 404, "render_not_found")
    assert status(queued, user, render_id)["status"] == "waiting"


def test_what_has_waited_for_too_long_fails_and_says_so(queued: Deployed, room: Room, user: User, told: Told):
    began = time.monotonic()
    expired, kept = wait(queued, user), wait(queued, user)
    left = queued.request("GET", "/usage", user.token).json["quota"]["left"]
    queued.grow_older(user, expired, seconds=LONGEST_WAIT)
    queued.make_due(user, expired, "request")
    queued.sweep()
    render = status(queued, user, expired)
    assert render["status"] == "failed"
    (error,) = render["errors"]
    sentence = r"wait_expired: There was no capacity for this render within (\d+) minutes\."
    minutes = int(re.fullmatch(sentence, error["message"])[1])
    assert 90 <= minutes <= 90 + (time.monotonic() - began) // 60
    # To the day on which it was counted: after midnight, that of a render made older is yesterday.
    counted_today = time.time() // DAY == (time.time() - LONGEST_WAIT) // DAY
    assert queued.request("GET", "/usage", user.token).json["quota"]["left"] == left + counted_today
    assert status(queued, user, kept)["status"] == "waiting"
    assert waiting.capacity(queued)["waiting"] == 1


def test_what_cannot_be_started_is_set_aside(queued: Deployed, room: Room, user: User, stand_in: StandIn, told: Told):
    """With its reason, and without keeping back what is behind it."""
    broken = wait(queued, user)
    behind = wait(queued, user)
    stand_in.answers["start"] = {"type": "error", "message": "Out of order.", "stack": ""}
    try:
        room.free()
        render = until(lambda: status(queued, user, broken), lambda told: told["status"] == "failed")
    finally:
        del stand_in.answers["start"]
    assert render["errors"][0]["message"].startswith("render_function_error: ")
    assert told.wait_for(broken)["detail"]["status"] == "failed"
    # The other one has met the same, or was not looked at yet.
    dispatch(queued)
    until(lambda: status(queued, user, behind)["status"], lambda found: found != "waiting")


def test_one_that_the_dispatcher_died_of_is_never_started_twice(queued: Deployed, room: Room, user: User, stand_in):
    """It stays claimed, and those behind it are started."""
    lost, behind = wait(queued, user), wait(queued, user)
    # As it leaves the table when it dies between the claim and the start.
    queued.aws("dynamodb").update_item(
        TableName=queued.resource("Renders"),
        Key=queued.key_of(user, lost),
        UpdateExpression="SET phase = :starting, due = :ends, dueAt = :later REMOVE turn",
        ExpressionAttributeValues={":starting": {"S": "starting"}, ":ends": {"S": "ends"}, ":later": {"S": "9" * 15}},
    )
    stand_in.payloads.clear()
    room.free()
    started(queued, user, behind)
    ids = [sent["webhook"]["customData"]["id"] for sent in stand_in.payloads if sent["type"] == "start"]
    assert ids == [behind]
    assert status(queued, user, lost)["status"] == "queued"
    assert_problem(renders.delete(queued, user, lost), 409, "render_may_start")


def test_a_large_request_waits_in_the_bucket(queued: Deployed, room: Room, user: User, stand_in: StandIn):
    props = {"title": "x" * 300_000}
    render_id = wait(queued, user, inputProps=props)
    assert renders.keys(queued, f"render-api/requests/{render_id}")
    room.free()
    started(queued, user, render_id)
    sent = next(p for p in stand_in.payloads if (p.get("webhook") or {}).get("customData", {}).get("id") == render_id)
    # Too large for an invocation as well.
    assert sent["inputProps"]["type"] == "bucket-url"
