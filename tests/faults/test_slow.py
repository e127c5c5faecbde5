"""What may take its time has all that there is; what need not be waited for is not."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from faults import play_of
from matrix import Bench, heard_in
from relay import Exchange, Relay
from request import SMALL, Request

# Longer than an attempt of a call that may be repeated.
SECONDS = 6

# Longer than a caller is asked to wait who is throttled, and shorter than other failures are remembered.
A_WHILE = 5.5


def slowly(exchange: Exchange) -> None:
    time.sleep(SECONDS)
    exchange.send(exchange.carry_out())


def slow_start(bench: Bench) -> str:
    with Relay(bench.settings.endpoint) as relay, bench.function(relay) as function:
        relay.play("start", slowly)
        return heard_in(function.invoke(Request("POST /render", SMALL, keyed=True).event(), 3 * SECONDS))


def slow_quota(bench: Bench) -> float:
    """Seconds until a start is answered whose quota DynamoDB does not tell."""
    with Relay(bench.settings.endpoint) as relay, bench.function(relay) as function:
        relay.play("quota left", Exchange.hold)
        begun = time.monotonic()
        assert function.invoke(Request("POST /render", SMALL, keyed=True).event(), 3 * SECONDS).status == 200
        return time.monotonic() - begun


def remembered(bench: Bench, fault: str) -> list[str]:
    """What is heard of a failure at once, again at once, and after a while."""
    with Relay(bench.settings.endpoint) as relay, bench.function(relay) as function:

        def ask() -> str:
            return heard_in(function.invoke(Request("GET /compositions").event(), 3 * SECONDS))

        relay.play("compositions", play_of("compositions", fault))
        first = ask()
        relay.mend()
        second = ask()
        time.sleep(A_WHILE)
        return [first, second, ask()]


@pytest.fixture(scope="module")
def answers(bench: Bench):
    """All at once."""
    with ThreadPoolExecutor() as pool:
        yield {
            "start": pool.submit(bench.pulse.undisturbed, slow_start, bench),
            "quota": pool.submit(bench.pulse.undisturbed, slow_quota, bench),
            "throttled": pool.submit(bench.pulse.undisturbed, remembered, bench, "throttled"),
            "crashed": pool.submit(bench.pulse.undisturbed, remembered, bench, "FunctionError: exit"),
        }


def test_a_start_that_takes_longer_than_an_attempt_elsewhere(answers):
    assert answers["start"].result() == "200"


def test_a_start_does_not_wait_for_what_is_left_of_the_quota(answers):
    assert answers["quota"].result() < 3


def test_a_failure_is_remembered_as_long_as_the_caller_is_asked_to_wait(answers):
    throttled = "429 throttled, retry after 5 s"
    assert answers["throttled"].result() == [throttled, throttled, "200"]


def test_a_failure_that_helps_nobody_to_wait_for_is_remembered_for_ten_seconds(answers):
    assert answers["crashed"].result() == ["502 render_function_crashed"] * 3
