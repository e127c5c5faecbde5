"""Remotion's own function in an account with few functions: what the capacity is for. The host plays AWS, which refuses whoever waits
for an answer, and keeps what nobody waits for."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import account
import pytest
import renders
import waiting
from deployed import Deployed, User
from patience import until
from processes import wait_until_nothing_renders

# An account that is smaller than any of AWS's: one render at once is all that it has room for.
LIMIT = 4

# A render of these takes three functions: one launches it, and two render five frames each.
SHORT = {"composition": "MyVideo", "frameRange": [0, 9]}

RENDERS = 3

PARAMETERS = waiting.PARAMETERS | {"MaxWaitMinutes": "10"}


@pytest.fixture(scope="module")
def held(deployed_as) -> Deployed:
    return deployed_as("held", **PARAMETERS)


@pytest.fixture
def limited(held: Deployed):
    wait_until_nothing_renders(held.settings)
    with account.limited_to(held.settings, LIMIT):
        yield


def at_once(api: Deployed, users: list[User]) -> list[str]:
    """Each starts a render, or has it taken in."""

    def start(user: User) -> str:
        answer = waiting.ask(api, user, prefer="respond-async", **SHORT)
        assert answer.status in (200, 202), answer.text
        return answer.json["renderId"]

    with ThreadPoolExecutor(len(users)) as pool:
        return list(pool.map(start, users))


def ends(api: Deployed, users: list[User], ids: list[str]) -> list[dict]:
    def poll(user: User, render_id: str) -> dict:
        return renders.poll(api, user, render_id, 400)[-1]

    with ThreadPoolExecutor(len(users)) as pool:
        return list(pool.map(poll, users, ids))


@pytest.mark.usefixtures("limited")
def test_without_a_capacity_renders_fail_for_one_another(held: Deployed):
    """The second was started, and is paid for, though the functions of the first leave it only one."""
    api, (first, second) = held, [held.sign_up() for _ in range(2)]
    without = {"RENDER_CAPACITY": "", "RENDER_QUEUE": "", "MAX_WAIT_MINUTES": ""}
    with renders.environment(api, **without):
        long = renders.start(api, first, composition="LongVideo")
        until(lambda: renders.status(api, first, long).json["framesRendered"] > 0)
        last = renders.poll(api, second, renders.start(api, second, **SHORT))[-1]
        assert renders.cancel(api, first, long).status == 202
    assert last["status"] == "failed"
    assert account.told(api.settings)["refused"] > 0
    errors = json.dumps(last["errors"])
    assert "Rate Exceeded" in errors or "ConcurrentInvocationLimitExceeded" in errors


@pytest.mark.usefixtures("limited")
def test_with_it_all_of_them_come_out(held: Deployed, tmp_path: Path):
    api, users = held, [held.sign_up() for _ in range(RENDERS)]
    until(lambda: waiting.capacity(api), lambda counts: counts == {"used": 0, "waiting": 0}, 60)
    ids = at_once(api, users)
    assert sum(render_id.startswith("q-") for render_id in ids) == RENDERS - 1
    told = ends(api, users, ids)
    assert [render["status"] for render in told] == ["done"] * RENDERS
    # A launch that is refused a function fails. A start may be, while the launch before is about to end: then it waits again.
    counted = account.told(api.settings)
    assert counted["refused"] < RENDERS, counted
    for at, render in enumerate(told):
        _, video = renders.download(render["outputUrl"])
        path = tmp_path / f"{at}.mp4"
        path.write_bytes(video)
        assert int(renders.probe(path)["nb_read_frames"]) == 10
    # The last place is freed as well.
    until(lambda: waiting.capacity(api), lambda counts: counts == {"used": 0, "waiting": 0})
