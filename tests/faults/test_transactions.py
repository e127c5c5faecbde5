"""Requests at the same moment, whose transactions meet; and a transaction whose answer is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from calls import TRANSACTIONS
from contention import Contention
from faults import play_of
from function import Answer
from matrix import SECONDS, Bench, check_log, check_tokens, heard_in
from relay import Exchange, Relay
from request import SMALL, Request

AT_ONCE = 8
# RENDERS_PER_USER_PER_DAY of the tests.
QUOTA = 5


@pytest.fixture
def relay(settings):
    with Relay(settings.endpoint) as relay:
        yield relay


def at_once(bench: Bench, relay: Relay, requests: list[Request]) -> list[Answer]:
    """Each is answered by an instance of its own, as on AWS Lambda."""

    def send(request: Request) -> Answer:
        with bench.function(relay) as function:
            answer = function.invoke(request.event(), SECONDS)
            check_log(answer)
            return answer

    with ThreadPoolExecutor(len(requests)) as pool:
        return [*pool.map(send, requests)]


@pytest.fixture
def contention(relay: Relay) -> Contention:
    contention = Contention()
    for call in TRANSACTIONS:
        relay.play(call, contention)
    return contention


def test_one_key_at_once_starts_one_render(bench: Bench, relay: Relay, contention: Contention):
    request = Request("POST /render", SMALL, keyed=True)
    answers = at_once(bench, relay, [request] * AT_ONCE)
    started = relay.render_function.started
    assert len(started) == 1
    heard = {heard_in(answer) for answer in answers}
    assert heard <= {"200", "200 replayed", "409 idempotency_in_flight, retry after 2 s"}
    assert {answer.json["renderId"] for answer in answers if answer.status == 200} == set(started)
    assert str(bench.state.of(request.user, request.key)) == "kept"
    assert contention.conflicts


@pytest.mark.parametrize("keyed", [True, False])
def test_a_quota_at_once_is_not_exceeded_nor_wasted(bench: Bench, relay: Relay, contention: Contention, keyed: bool):
    first = Request("POST /render", SMALL, keyed)
    others = [Request("POST /render", SMALL, keyed, user=first.user) for _ in range(AT_ONCE - 1)]
    answers = at_once(bench, relay, [first, *others])
    heard = sorted(answer.json.get("code", "started") for answer in answers)
    assert heard == ["quota_spent"] * (AT_ONCE - QUOTA) + ["started"] * QUOTA
    held = bench.state.of(first.user)
    assert (held.used, len(held.renders), len(relay.render_function.started)) == (QUOTA, QUOTA, QUOTA)
    assert contention.conflicts


@pytest.mark.parametrize("call", ["claim", "commit"])
def test_a_lost_answer_is_asked_for_again(bench: Bench, relay: Relay, call: str):
    """The first attempt is still being carried out when the second comes, and is done when the third does."""
    attempts = iter(["reset after it is carried out", "TransactionInProgress"])

    def play(exchange: Exchange) -> None:
        attempt = next(attempts, None)
        if attempt:
            play_of(call, attempt)(exchange)
        else:
            exchange.send(exchange.carry_out())

    relay.play(call, play)
    request = Request("POST /render", SMALL, keyed=True)
    with bench.function(relay) as function:
        assert heard_in(function.invoke(request.event(), SECONDS)) == "200"
    assert relay.received.count(call) == 3
    check_tokens(relay)
    assert str(bench.state.of(request.user, request.key)) == "kept"
    assert len(relay.render_function.started) == 1


def test_a_lost_answer_gives_back_once(bench: Bench, relay: Relay):
    """Were it another transaction, the second attempt would give back a render of another request."""
    another, request = Request("POST /render", SMALL, keyed=True), Request("POST /render", SMALL, keyed=True)
    request.user = another.user
    with bench.function(relay) as function:
        assert function.invoke(another.event(), SECONDS).status == 200
        relay.play("start", play_of("start", "access denied"))
        relay.play("give back", play_of("give back", "reset after it is carried out"), times=1)
        assert heard_in(function.invoke(request.event(), SECONDS)) == "503 render_function_denied"
    assert relay.received.count("give back") == 2
    check_tokens(relay)
    assert bench.state.of(request.user).used == 1
