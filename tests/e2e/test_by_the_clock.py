"""What becomes of a render by the clock alone: AWS may still start it, or no longer; its files are there, or are no longer."""

import time

import pytest
import renders
from deployed import Deployed, User, assert_problem
from local_aws.settings import BUCKET
from stand_in import StandIn

HOUR = 3_600
# The longest that AWS keeps a launch, and that a function runs.
LONGEST = 6 * HOUR + 900


@pytest.fixture
def user(light: Deployed) -> User:
    return light.sign_up()


def test_one_that_may_still_start_is_cancelled_but_not_deleted(light: Deployed, user: User):
    """Nobody could stop it, once it is nobody's."""
    began = time.monotonic()
    render_id = renders.start(light, user)
    answer = renders.status(light, user, render_id)
    assert (answer.json["status"], answer.headers["Retry-After"]) == ("queued", "1")
    refused = renders.delete(light, user, render_id)
    assert_problem(refused, 409, "render_may_start")
    assert 6 * HOUR - (time.monotonic() - began) - 1 < int(refused.headers["Retry-After"]) <= 6 * HOUR

    assert renders.cancel(light, user, render_id).status == 202
    assert renders.keys(light, f"renders/{render_id}/") == [f"renders/{render_id}/cancel.json"]
    assert_problem(renders.delete(light, user, render_id), 409, "render_may_start")

    light.grow_older(user, render_id, LONGEST)
    assert renders.status(light, user, render_id).json["status"] == "timed_out"
    assert_problem(renders.cancel(light, user, render_id), 409, "render_over")
    assert renders.delete(light, user, render_id).status == 204
    assert renders.keys(light, f"renders/{render_id}/") == []


def test_the_operator_says_how_long_it_may_start(light: Deployed, user: User):
    """By the age that AWS is told to keep a launch."""
    render_id = renders.start(light, user)
    light.grow_older(user, render_id, 100)
    assert_problem(renders.delete(light, user, render_id), 409, "render_may_start")
    with renders.environment(light, REMOTION_MAX_EVENT_AGE_SECONDS="60"):
        # It may have started at the last moment, and run since.
        assert_problem(renders.delete(light, user, render_id), 409, "render_running")
        light.grow_older(user, render_id, 60 + 900)
        assert renders.delete(light, user, render_id).status == 204


def test_files_that_are_deleted_by_and_by_make_a_render_expired(light: Deployed, user: User, stand_in: StandIn):
    render_id = renders.start(light, user, deleteAfter="1-day")
    stand_in.finish(render_id)
    assert renders.status(light, user, render_id).json["status"] == "done"
    for key in renders.keys(light, f"renders/{render_id}/"):
        light.aws("s3").delete_object(Bucket=BUCKET, Key=key)
    light.grow_older(user, render_id, 24 * HOUR)
    expired(light, user, render_id)


def test_a_still_expires_too(light: Deployed, user: User):
    answer = light.request("POST", "/still", user.token, {"deleteAfter": "1-day"})
    still_id = answer.json["renderId"]
    key = f"renders/{still_id}/out.png"
    light.grow_older(user, still_id, 24 * HOUR)
    assert renders.status(light, user, still_id).json["status"] == "done"
    light.aws("s3").delete_object(Bucket=BUCKET, Key=key)
    expired(light, user, still_id)


def expired(api: Deployed, user: User, render_id: str) -> None:
    state = renders.status(api, user, render_id).json
    assert (state["status"], state["outputUrl"], state["errors"]) == ("expired", None, [])
    assert [render["renderId"] for render in api.request("GET", "/render", user.token).json["renders"]] == [render_id]
    assert_problem(renders.cancel(api, user, render_id), 409, "render_over")
    assert renders.delete(api, user, render_id).status == 204
    assert api.request("GET", "/render", user.token).json["renders"] == []
