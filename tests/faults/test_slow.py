"""What may take its time has all that there is."""

import time

from matrix import Bench, heard_in
from relay import Exchange, Relay
from scenarios import SMALL, Request

# Longer than an attempt of a call that may be repeated.
SECONDS = 6


def slowly(exchange: Exchange) -> None:
    time.sleep(SECONDS)
    exchange.send(exchange.carry_out())


def test_a_start_that_takes_longer_than_an_attempt_elsewhere(bench: Bench):
    with Relay(bench.settings.endpoint) as relay, bench.function(relay) as function:
        relay.play("start", slowly)
        request = Request("POST /render", SMALL, keyed=True)
        assert heard_in(function.invoke(request.event(), 3 * SECONDS)) == "200"
        assert len(relay.render_function.started) == 1
