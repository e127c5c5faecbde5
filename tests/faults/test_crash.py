"""The function's process is killed at each step of a request; then the same request comes again."""

from dataclasses import dataclass

import pytest
from faults import play_of
from function import Died, Function
from matrix import SECONDS, Bench, check_log, heard_in
from relay import Exchange, Play, Relay
from scenarios import LARGE, SCENARIOS, SMALL, Request
from state import Ledger

IN_FLIGHT = "409 idempotency_in_flight, retry after 2 s"
UNKNOWN = "409 render_outcome_unknown"

# Longer than any request may take.
A_MINUTE = 61


@dataclass(frozen=True)
class Left:
    """What a killed request leaves behind, and what is heard of it."""

    ledger: str
    starts: int
    # Of the same request at once, and a minute later.
    again: str
    later: str


NOTHING = Left("clean", 0, "200", "200 replayed")
RESERVED = Left("key reserved, 0 used, 0 recorded", 0, IN_FLIGHT, UNKNOWN)
COUNTED = Left("open", 0, IN_FLIGHT, UNKNOWN)
STARTED = Left("open", 1, IN_FLIGHT, UNKNOWN)
RECORDED = Left("key reserved, 1 used, 1 recorded", 1, IN_FLIGHT, UNKNOWN)
ANSWERED = Left("kept", 1, "200 replayed", "200 replayed")

# Before a call is carried out and after: what AWS has done is the same between two calls.
STEPS = {
    ("reserve", "before"): NOTHING,
    ("reserve", "after"): RESERVED,
    ("count", "before"): RESERVED,
    ("count", "after"): COUNTED,
    ("props", "before"): COUNTED,
    ("props", "after"): COUNTED,
    ("start", "before"): COUNTED,
    ("start", "after"): STARTED,
    ("record", "before"): STARTED,
    ("record", "after"): RECORDED,
    ("fulfil", "before"): RECORDED,
    ("fulfil", "after"): ANSWERED,
}

# A fault of the start brings the function to these.
UNDOING = {
    ("access denied", "release", "before"): COUNTED,
    # The key is free, and the render is used until midnight.
    ("access denied", "release", "after"): Left("key none, 1 used, 0 recorded", 0, "200", "200 replayed"),
    ("access denied", "give back", "before"): COUNTED,
    ("access denied", "give back", "after"): RESERVED,
    ("reset after it is carried out", "doubt", "before"): STARTED,
    ("reset after it is carried out", "doubt", "after"): Left("in doubt", 1, UNKNOWN, UNKNOWN),
}


# These two leave side by side: the other does not arrive.
BESIDE = {"release": "give back", "give back": "release"}


def killing(function: Function, moment: str) -> Play:
    def play(exchange: Exchange) -> None:
        if moment == "after":
            exchange.carry_out()
        function.kill()
        exchange.reset()

    return play


def kill(bench: Bench, relay: Relay, request: Request, call: str, moment: str) -> None:
    """Sends the request to a process that dies at this call."""
    played = relay.played[call]
    with bench.function(relay) as function:
        relay.play(call, killing(function, moment), times=1)
        with pytest.raises(Died):
            function.invoke(request.event(), SECONDS)
    assert relay.played[call] == played + 1
    relay.mend()


def send(bench: Bench, relay: Relay, request: Request) -> str:
    """Sends the request to a new process; what is heard."""
    with bench.function(relay) as function:
        answer = function.invoke(request.event(), SECONDS)
        check_log(answer)
        if answer.status == 200:
            held = bench.ledger.of(request.user)
            listing = function.invoke(Request("GET /render", user=request.user).event(), SECONDS)
            assert answer.json["renderId"] in held.renders
            assert answer.json["renderId"] in [render["renderId"] for render in listing.json["renders"]]
        return heard_in(answer)


def assert_left(bench: Bench, relay: Relay, request: Request, left: Left) -> None:
    held = bench.ledger.of(request.user, request.key)
    assert (str(held), len(relay.render_function.started)) == (left.ledger, left.starts)
    assert send(bench, relay, request) == left.again
    if held.key == "reserved":
        bench.ledger.age_key(request.user, request.key, A_MINUTE)
    assert send(bench, relay, request) == left.later
    assert len(relay.render_function.started) <= 1


def start(call: str = "start", **others: str) -> Request:
    return Request("POST /render", LARGE if call == "props" else SMALL, keyed=True, **others)


@pytest.fixture
def relay(settings):
    with Relay(settings.endpoint) as relay:
        yield relay


@pytest.mark.parametrize(("call", "moment"), STEPS)
def test_killed(bench: Bench, relay: Relay, call: str, moment: str):
    request = start(call)
    kill(bench, relay, request, call, moment)
    assert_left(bench, relay, request, STEPS[call, moment])


@pytest.mark.parametrize(("call", "moment"), STEPS)
def test_killed_in_the_second_try(bench: Bench, relay: Relay, call: str, moment: str):
    """The first has started nothing, and has said so."""
    request = start(call)
    relay.play("start", play_of("access denied"), times=1)
    assert send(bench, relay, request) == "503 render_function_denied"
    kill(bench, relay, request, call, moment)
    assert_left(bench, relay, request, STEPS[call, moment])


@pytest.mark.parametrize(("fault", "call", "moment"), UNDOING)
def test_killed_while_undoing(bench: Bench, relay: Relay, fault: str, call: str, moment: str):
    request = start()
    relay.play("start", play_of(fault), times=1)
    if call in BESIDE:
        relay.play(BESIDE[call], play_of("silence"))
    kill(bench, relay, request, call, moment)
    assert_left(bench, relay, request, UNDOING[fault, call, moment])


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", [call for call, moment in STEPS if moment == "after"])
def test_killed_again_in_the_repetition(bench: Bench, relay: Relay, call: str, moment: str):
    """A repetition reserves the key first, and there it can be killed as well."""
    request = start(call)
    kill(bench, relay, request, call, "after")
    kill(bench, relay, request, "reserve", moment)
    assert_left(bench, relay, request, STEPS[call, "after"])


@pytest.mark.parametrize("call", ["count", "start"])
def test_a_killed_request_costs_one_render_until_midnight(bench: Bench, relay: Relay, ledger: Ledger, call: str):
    request = start()
    kill(bench, relay, request, call, "after")
    assert ledger.of(request.user).used == 1
    with bench.function(relay) as function:

        def left() -> str:
            another = start(user=request.user)
            return function.invoke(another.event(), SECONDS).headers["ratelimit"].split(";")[1]

        assert left() == "r=3"
        ledger.age_quota(request.user)
        assert left() == "r=4"


def test_connections_that_ended_while_the_function_was_frozen(bench: Bench, relay: Relay):
    """AWS ends idle connections, and the function learns of it when it wakes up: with a request in its hands."""
    request = start()
    another = start(user=request.user)
    with bench.function(relay) as function:
        assert function.invoke(request.event(), SECONDS).status == 200
        with function.frozen():
            relay.disconnect()
        answer = function.invoke(another.event(), SECONDS)
    assert heard_in(answer) == "200"
    assert len(relay.render_function.started) == 2
    assert sorted(bench.ledger.of(request.user).renders) == sorted(relay.render_function.started)


def test_every_step_is_there(bench: Bench, relay: Relay):
    """A start makes the calls that are killed above, in this order, and no other."""
    with bench.function(relay) as function:
        assert function.invoke(start("props").event(), SECONDS).status == 200
    assert relay.received == list(dict.fromkeys(call for call, _ in STEPS))
    assert {call for call, _ in STEPS} | {call for _, call, _ in UNDOING} == {
        scenario.call for scenario in SCENARIOS if scenario.starts and not scenario.environment
    }
