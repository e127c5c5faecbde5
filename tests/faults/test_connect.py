"""A connection that does not open is given up early, and tried again."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from expected import clean, state
from matrix import Bench, Outcome, heard_in
from relay import Relay
from scenarios import SCENARIOS

# What AWS Lambda allows the deployed function, in seconds.
DEPLOYED = 29

# Each attempt at a connection has 2 s: four of an invocation, three of the others.
UNOPENED = {
    "start": (clean("503 aws_unreachable, retry after 1 s"), 8),
    "props": (clean("503 storage_unavailable, retry after 1 s"), 6),
    "find": (state("503 ledger_unavailable, retry after 1 s"), 6),
}


def unopened(bench: Bench, call: str) -> tuple[Outcome, float]:
    scenario = next(scenario for scenario in SCENARIOS if scenario.call == call)
    request = scenario.request()
    scenario.seed(bench.ledger, request)
    with Relay(bench.settings.endpoint) as relay, bench.function(relay) as function:
        relay.ignore(call)
        begun = time.monotonic()
        heard = heard_in(function.invoke(request.event(), DEPLOYED))
        seconds = time.monotonic() - begun
        assert call not in relay.received
        relay.mend()
        left, starts = scenario.left(bench.ledger, request), len(relay.render_function.started)
        again = heard_in(function.invoke(request.event(), DEPLOYED))
        return Outcome(heard, starts, left, again), seconds


@pytest.fixture(scope="module")
def all_unopened(bench: Bench) -> dict[str, tuple[Outcome, float]]:
    with ThreadPoolExecutor() as pool:
        return dict(zip(UNOPENED, pool.map(lambda call: unopened(bench, call), UNOPENED), strict=True))


@pytest.mark.parametrize("call", UNOPENED)
def test_a_connection_that_never_opens(all_unopened, call: str):
    outcome, seconds = all_unopened[call]
    expected, least = UNOPENED[call]
    assert outcome == expected
    assert least <= seconds < least + 2
