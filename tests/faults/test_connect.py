"""A connection that does not open is given up early, and tried again; one that has been idle for long is not used."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from expected import DONE
from expected_starts import clean
from matrix import Bench, heard_in
from outcomes import Outcome
from relay import Relay
from request import SMALL, Request
from scenarios import SCENARIOS

# What AWS Lambda allows the deployed function, in seconds.
DEPLOYED = 29

# Each attempt at a connection has 2 s: four of an invocation, three of the others.
UNOPENED = {
    "start": (clean("503 render_function_unreachable, retry after 1 s"), 8),
    "props": (clean("503 storage_unavailable, retry after 1 s"), 6),
    "find": (Outcome("503 renders_table_unavailable, retry after 1 s", 0, "–", DONE.heard), 6),
}

# AWS closes idle connections, and a machine that is gone closes none.
IDLE = 16


def unopened(bench: Bench, call: str) -> tuple[Outcome, float]:
    scenario = next(scenario for scenario in SCENARIOS if scenario.call == call and scenario.route != "POST /still")
    request = scenario.request()
    scenario.seed(bench.state, request)
    with Relay(bench.settings.endpoint) as relay, bench.function(relay) as function:
        relay.ignore(call)
        begun = time.monotonic()
        heard = heard_in(function.invoke(request.event(), DEPLOYED))
        seconds = time.monotonic() - begun
        assert call not in relay.received
        relay.mend()
        left, starts = scenario.left(bench.state, request), len(relay.render_function.started)
        again = heard_in(function.invoke(request.event(), DEPLOYED))
        return Outcome(heard, starts, left, again), seconds


def idle(bench: Bench) -> list[str]:
    """What is heard before and after the connections were idle, when nobody is at their other end any more."""
    with Relay(bench.settings.endpoint) as relay, bench.function(relay) as function:

        def start() -> str:
            return heard_in(function.invoke(Request("POST /render", SMALL, keyed=True).event(), DEPLOYED))

        before = start()
        relay.forsake()
        time.sleep(IDLE)
        return [before, start()]


@pytest.fixture(scope="module")
def waiting():
    """What waits, all at once."""
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture(scope="module", autouse=True)
def idled(bench: Bench, waiting: ThreadPoolExecutor):
    return waiting.submit(bench.pulse.undisturbed, idle, bench)


@pytest.fixture(scope="module")
def all_unopened(bench: Bench, waiting: ThreadPoolExecutor) -> dict[str, tuple[Outcome, float]]:
    return dict(
        zip(UNOPENED, waiting.map(lambda call: bench.pulse.undisturbed(unopened, bench, call), UNOPENED), strict=True)
    )


@pytest.mark.parametrize("call", UNOPENED)
def test_a_connection_that_never_opens(all_unopened, call: str):
    outcome, seconds = all_unopened[call]
    expected, least = UNOPENED[call]
    assert outcome == expected
    assert least <= seconds < least + 4


def test_a_start_uses_no_connection_that_has_been_idle_for_long(idled):
    """Sent into a dead connection, nobody could tell whether it has started a render."""
    assert idled.result() == ["200", "200"]
