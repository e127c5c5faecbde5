"""A client that tries again pays once, and no client starts more than its share, also when requests race."""

import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import renders
from deployed import Answer, Deployed, User, assert_problem
from renders import FAILING, SMALL_FUNCTION

RACES = 5


def race(api: Deployed, user: User, **headers: str) -> list[Answer]:
    """Twenty requests that leave at the same time."""
    together = threading.Barrier(20)

    def request(_) -> Answer:
        together.wait()
        return api.render(user.token, FAILING, **headers)

    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(request, range(20)))


def left(api: Deployed, user: User) -> int:
    """Of the user's quota."""
    return api.request("GET", "/usage", user.token).json["quota"]["left"]


def told_left(answer: Answer) -> int | None:
    """What an answer says of it; nothing where the table takes its time."""
    text = answer.headers["RateLimit"]
    return text and int(re.match(r'"renders";r=(\d);', text)[1])


def starts(api: Deployed) -> int:
    return renders.invocations(api, SMALL_FUNCTION, "start")


def listed(api: Deployed, user: User) -> list[str]:
    return [render["renderId"] for render in api.request("GET", "/render", user.token).json["renders"]]


def test_twenty_requests_with_one_key_start_one_render(small: Deployed):
    # On a busy machine they may come one after the other.
    for _ in range(RACES):
        user, key = small.sign_up(), {"Idempotency-Key": str(uuid.uuid4())}
        before = starts(small)
        answers = race(small, user, **key)
        assert starts(small) - before == 1

        good = [answer for answer in answers if answer.status == 200]
        render_id = good[0].json["renderId"]
        assert all(answer.json == good[0].json for answer in good)
        assert sum(answer.headers["Idempotent-Replayed"] is None for answer in good) == 1
        others = [answer for answer in answers if answer.status != 200]
        for answer in others:
            assert_problem(answer, 409, "idempotency_in_flight")
            assert int(answer.headers["Retry-After"]) > 0
        if others:
            break
    assert others, "they did not race"

    later = small.render(user.token, FAILING, **key)
    assert (later.status, later.json) == (200, good[0].json)
    assert later.headers["Idempotent-Replayed"] == "true"
    assert_problem(small.render(user.token, {"composition": "Another"}, **key), 422, "idempotency_key_reused")
    assert starts(small) - before == 1
    assert listed(small, user) == [render_id]

    # Of five renders one is spent: neither the repetitions nor the refusals count.
    other_key = small.render(user.token, FAILING, **{"Idempotency-Key": str(uuid.uuid4())})
    assert told_left(other_key) in (3, None)
    assert left(small, user) == 3
    assert other_key.json["renderId"] != render_id


def test_twenty_requests_at_a_quota_of_five_start_five_renders(small: Deployed):
    user = small.sign_up()
    before = starts(small)
    answers = race(small, user)
    assert starts(small) - before == 5

    good = [answer for answer in answers if answer.status == 200]
    # What is told was left at that moment: others may have started since one's own start was counted, and none is forgotten.
    told = sorted(spare for answer in good if (spare := told_left(answer)) is not None)
    assert all(spare <= at for at, spare in enumerate(told, 5 - len(told))), told
    assert left(small, user) == 0
    assert sorted(listed(small, user)) == sorted(answer.json["renderId"] for answer in good)
    refused = [answer for answer in answers if answer.status != 200]
    assert len(refused) == 15
    for answer in refused:
        assert_problem(answer, 429, "quota_spent")
        assert answer.headers["RateLimit-Policy"] == '"renders";q=5;w=86400'
        seconds = int(answer.headers["Retry-After"])
        assert answer.headers["RateLimit"] == f'"renders";r=0;t={seconds}'
        assert 0 < seconds <= 86400

    # The quota is a user's own.
    assert small.render(small.sign_up().token, FAILING).status == 200


def test_a_start_that_did_not_happen_frees_its_key_and_is_given_back(small: Deployed):
    user = small.sign_up()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    with renders.environment(small, REMOTION_VERSION="4.0.311"):
        for _ in range(2):
            assert_problem(small.render(user.token, FAILING, **key), 503, "version_mismatch")
    answer = small.render(user.token, FAILING, **key)
    assert answer.status == 200, answer.text
    assert answer.headers["Idempotent-Replayed"] is None
    assert told_left(answer) in (4, None)
    assert left(small, user) == 4
    assert listed(small, user) == [answer.json["renderId"]]
