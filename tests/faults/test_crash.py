"""The function's process is killed at each step of a request; then the same request comes again.

Whatever happens: never two renders for one key, no count that outlives the day for what never ran, no key that is blocked for
ever.
"""

import pytest
from faults import play_of
from function import Died, Function
from matrix import SECONDS, Bench, check_log, heard_in
from outcomes import UNKNOWN
from relay import Exchange, Play, Relay
from request import LARGE, SMALL, Request
from scenarios import SCENARIOS
from state import DAY_SECONDS
from steps import STEPS, UNDOING, WITHOUT_KEY, Left

# Longer than any request may take.
A_MINUTE = 61


# What is asked at the same time as a start comes after it, so that it is known what has happened.
MEANWHILE = "quota left"


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
        if call == MEANWHILE:
            relay.hold(MEANWHILE, until="start")
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
            held = bench.state.of(request.user)
            listing = function.invoke(Request("GET /render", user=request.user).event(), SECONDS)
            assert answer.json["renderId"] in held.renders
            assert answer.json["renderId"] in [render["renderId"] for render in listing.json["renders"]]
        return heard_in(answer)


def assert_left(bench: Bench, relay: Relay, request: Request, left: Left) -> None:
    held = bench.state.of(request.user, request.key)
    assert (str(held), len(relay.render_function.started)) == (left.table, left.starts)
    assert send(bench, relay, request) == left.again
    if held.key == "reserved":
        bench.state.age_key(request.user, request.key, A_MINUTE)
    assert send(bench, relay, request) == left.later
    assert len(relay.render_function.started) <= 1
    if left.later == UNKNOWN:
        # Nobody waits for ever: a day later the key is as good as new.
        bench.state.age_key(request.user, request.key, DAY_SECONDS + A_MINUTE)
        assert send(bench, relay, request) == "200"


def start(call: str = "start", *, keyed: bool = True, **others: str) -> Request:
    return Request("POST /render", LARGE if call == "props" else SMALL, keyed, **others)


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
    relay.play("start", play_of("start", "access denied"), times=1)
    assert send(bench, relay, request) == "503 render_function_denied"
    relay.mend()
    kill(bench, relay, request, call, moment)
    assert_left(bench, relay, request, STEPS[call, moment])


@pytest.mark.parametrize(("fault", "call", "moment"), UNDOING)
def test_killed_while_undoing(bench: Bench, relay: Relay, fault: str, call: str, moment: str):
    request = start()
    relay.play("start", play_of("start", fault), times=1)
    kill(bench, relay, request, call, moment)
    assert_left(bench, relay, request, UNDOING[fault, call, moment])


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", [call for call, moment in STEPS if moment == "after"])
def test_killed_again_in_the_repetition(bench: Bench, relay: Relay, call: str, moment: str):
    """A repetition claims the key first, and there it can be killed as well."""
    request = start(call)
    kill(bench, relay, request, call, "after")
    kill(bench, relay, request, "claim", moment)
    assert_left(bench, relay, request, STEPS[call, "after"])


@pytest.mark.parametrize(("call", "moment"), WITHOUT_KEY)
def test_killed_without_a_key(bench: Bench, relay: Relay, call: str, moment: str):
    request = start(keyed=False)
    kill(bench, relay, request, call, moment)
    left = WITHOUT_KEY[call, moment]
    assert (str(bench.state.of(request.user)), len(relay.render_function.started)) == (left.table, left.starts)
    assert [send(bench, relay, request) for _ in range(2)] == [left.again, left.later]
    assert "for ever" not in str(bench.state.of(request.user))


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("call", ["claim", "start"])
def test_a_killed_request_costs_one_render_until_midnight(bench: Bench, relay: Relay, call: str, keyed: bool):
    request = start(keyed=keyed)
    kill(bench, relay, request, call, "after")
    assert bench.state.of(request.user).used == 1
    with bench.function(relay) as function:

        def left() -> str:
            another = start(user=request.user)
            return function.invoke(another.event(), SECONDS).headers["ratelimit"].split(";")[1]

        assert left() == "r=3"
        bench.state.age_quota(request.user)
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
    assert sorted(bench.state.of(request.user).renders) == sorted(relay.render_function.started)


def test_every_step_is_there(bench: Bench, relay: Relay):
    """A start makes the calls that are killed above, in this order, and no other."""
    relay.hold(MEANWHILE, until="start")
    with bench.function(relay) as function:
        assert function.invoke(start("props").event(), SECONDS).status == 200
    made = sorted(relay.received, key=[*dict.fromkeys(call for call, _ in STEPS)].index)
    assert made == list(dict.fromkeys(call for call, _ in STEPS))
    assert [call for call in relay.received if call != MEANWHILE] == [call for call in made if call != MEANWHILE]
    killed = {call for call, _ in STEPS} | {call for _, call, _ in UNDOING} | {call for call, _ in WITHOUT_KEY}
    assert killed == {
        scenario.call
        for scenario in SCENARIOS
        if scenario.route == "POST /render" and scenario.call not in ("info", "earlier")
    }
