"""One fault, played on one call, once or always: what comes of it."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from calls import DYNAMODB, LAMBDA, S3, SERVICE_OF
from faults import REFUSED, play_of
from function import Answer, Function
from local_aws.settings import Settings
from outcomes import Outcome
from pulse import Pulse
from relay import ALWAYS, Relay
from scenarios import Scenario
from state import State

# Time enough, so that only what hangs is late.
SECONDS = 20
# For what hangs for ever, as little as lets all else be done in time.
HURRIED = 7.5
# For what hangs once, where the call is tried again: longer than the 5 s of a try.
RETRIED = 13
HANGING = ("silence", "slow drip")

# How often the function makes a call that does not come through.
ATTEMPTS = {DYNAMODB: 3, S3: 3, LAMBDA: 4}
# Of a row whose port opens too late, as on a busy machine.
TRIES = 50


class OpenedTooLate(Exception):
    """The port that was to refuse a connection once has refused all that there were to be."""


@dataclass(frozen=True)
class Bench:
    """What every row needs."""

    settings: Settings
    pulse: Pulse
    state: State
    binary: Path
    environment: dict[str, str]
    folder: Path

    def function(self, relay: Relay, **others: str) -> Function:
        return Function(self.binary, self.environment | relay.variables() | others, self.folder)


def play(bench: Bench, scenario: Scenario, fault: str, times: int) -> Outcome:
    for _ in range(TRIES - 1):
        with contextlib.suppress(OpenedTooLate):
            return bench.pulse.undisturbed(_play, bench, scenario, fault, times)
    return _play(bench, scenario, fault, times)


def _play(bench: Bench, scenario: Scenario, fault: str, times: int) -> Outcome:
    request = scenario.request()
    scenario.seed(bench.state, request)
    with Relay(bench.settings.endpoint) as relay, bench.function(relay, **scenario.environment) as function:
        scenario.prepare(relay)
        if fault == REFUSED:
            relay.refuse(scenario.call, scenario.after, times)
            if scenario.after == "quota left":
                # It is read while the render starts.
                relay.hold("start", until="quota left")
        else:
            relay.play(scenario.call, play_of(scenario.call, fault), times)
        answer = function.invoke(request.event(), _seconds(scenario, fault, times))
        relay.mend()
        assert relay.played[scenario.call], f"{scenario.call} was never made: {relay.received}"
        if fault == REFUSED:
            # A refused call may come again before the port is open.
            if times != ALWAYS and relay.played[scenario.call] >= ATTEMPTS[SERVICE_OF[scenario.call]]:
                raise OpenedTooLate
        else:
            assert times == ALWAYS or relay.played[scenario.call] == times
        left, starts = scenario.left(bench.state, request), len(relay.render_function.started)

        repeated = function.invoke(request.event(), SECONDS)
        assert not check_log(repeated)
        if scenario.starts:
            started = relay.render_function.started
            assert len(started) <= 1 or not request.keyed, f"{len(started)} renders for one key"
            recorded = bench.state.of(request.user).renders
            heard = [each.json["renderId"] for each in (answer, repeated) if each.status == 200]
            assert set(heard) <= set(recorded) <= {*started, request.render_id}
            check_tokens(relay)
        return Outcome(heard_in(answer), starts, left, heard_in(repeated), warned=check_log(answer))


def _seconds(scenario: Scenario, fault: str, times: int) -> float:
    if fault not in HANGING:
        return SECONDS
    if times == ALWAYS or SERVICE_OF[scenario.call] == LAMBDA:
        return HURRIED
    return RETRIED


def heard_in(answer: Answer) -> str:
    said = str(answer.status)
    if answer.headers.get("idempotent-replayed") == "true":
        said += " replayed"
    if isinstance(status := answer.json.get("status"), str):
        said += f" {status}"
    if said == "200" and "renderId" in answer.json and "ratelimit" not in answer.headers:
        said += ", no RateLimit"
    if "renders" in answer.json:
        said += f", {len(answer.json['renders'])} listed"
    if answer.status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json["status"] == answer.status
        said += f" {answer.json['code']}"
        if seconds := answer.headers.get("retry-after"):
            said += f", retry after {seconds} s"
    for private in ("arn:", "/var/task", "    at "):
        assert private not in answer.text
    return said


def check_log(answer: Answer) -> bool:
    """One line tells of the request; others may warn the operator of what was left undone. Answers whether any does."""
    lines = [line for line in answer.log if "http.status" in line]
    assert len(lines) == 1, answer.log
    assert lines[0]["http.status"] == answer.status
    assert lines[0].get("error.code") == answer.json.get("code")
    # And one of how a render has ended, where that is found out.
    warnings = [line for line in answer.log if line not in lines and "render.status" not in line]
    assert all(line["level"] == "WARN" for line in warnings), warnings
    return bool(warnings)


def check_tokens(relay: Relay) -> None:
    """However often a transaction is sent, DynamoDB takes it for one, by its token; and for no other."""
    by_token = {token: (call, writes) for call, token, writes in relay.transactions}
    assert all(by_token[token] == (call, writes) for call, token, writes in relay.transactions)
    assert len({(call, writes) for call, _, writes in relay.transactions}) == len(by_token)
