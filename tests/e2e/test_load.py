"""Many users at once, while AWS fails now and then: every success is one start, counted, and one record; nothing else has one.

The gateway, Cognito, the function's processes and DynamoDB are the local AWS's; the render function is a stand-in that starts at
once. LOAD is how many renders the users want, 400 unless told otherwise.
"""

import os
import random
import threading
import uuid
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import calls
import faults
import renders
from deployed import Answer, Deployed, User
from relay import Exchange, Relay
from render_function import RenderFunction

WANTED = int(os.environ.get("LOAD", "400"))
USERS = 25
CLIENTS = 12
# One call in so many fails.
FAILING = 12

# Those that wait for a time limit are the fault matrix's.
PLAYED = {name: play for name, play in faults.EVERYWHERE.items() if name not in ("silence", "slow drip")}

# What is answered where a render may have started.
IN_DOUBT = {"render_outcome_unknown", "render_function_crashed", "render_function_reply_invalid"}


@dataclass
class Wish:
    """A render that a user wants, and what came of it."""

    name: str
    user: User
    key: str | None
    answers: list[Answer] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        return {answer.json.get("code", "") for answer in self.answers if answer.status != 200}

    @property
    def given(self) -> set[str]:
        """The ids that its successes name."""
        return {answer.json["renderId"] for answer in self.answers if answer.status == 200}


class Counting(RenderFunction):
    """Knows which wish each render was started for."""

    def __init__(self):
        super().__init__()
        self.by_wish: dict[str, list[str]] = defaultdict(list)
        self._one_at_a_time = threading.Lock()

    def run(self, payload: dict) -> bytes:
        with self._one_at_a_time:
            before = len(self.started)
            answer = super().run(payload)
            if payload["type"] == "start":
                self.by_wish[payload["composition"]] += self.started[before:]
            return answer


class Weather:
    """Sometimes bad."""

    def __init__(self):
        self.faults: Counter[str] = Counter()

    def play(self, exchange: Exchange) -> None:
        if random.randrange(FAILING):
            exchange.send(exchange.carry_out())
        else:
            fault = random.choice([*PLAYED])
            self.faults[fault] += 1
            PLAYED[fault](exchange)


def fulfil(api: Deployed, wish: Wish) -> None:
    """As a client would: again, where that cannot start a second render."""
    headers = {"Idempotency-Key": wish.key} if wish.key else {}
    for _ in range(4):
        wish.answers.append(api.render(wish.user.token, {"composition": wish.name}, **headers))
        if wish.answers[-1].status == 200 or not wish.key:
            return


def contents(api: Deployed) -> tuple[dict[str, list[str]], Counter[str]]:
    """What is in the table, by user: the ids of the renders, and how many are counted."""
    pages = api.aws("dynamodb").get_paginator("scan").paginate(TableName=api.resource("Renders"), ConsistentRead=True)
    ids, counted = defaultdict(list), Counter()
    for page in pages:
        for item in page["Items"]:
            user = item["pk"]["S"].rpartition("#")[2]
            kind, _, name = item["sk"]["S"].partition("#")
            if kind == "render" and not name.endswith("#sent"):
                ids[user].append(name)
            if kind == "quota":
                counted[user] += int(item["used"]["N"])
    return ids, counted


def test_every_success_is_one_start_and_one_record(deployed_as):
    api = deployed_as("load", RendersPerUserPerDay="10000")
    users = [api.sign_up() for _ in range(USERS)]
    wishes = [
        Wish(f"wish-{number}", users[number % USERS], str(uuid.uuid4()) if number % 2 else None)
        for number in range(WANTED)
    ]
    with Relay(api.settings.endpoint) as relay, renders.environment(api, **relay.variables()):
        relay.render_function = Counting()
        weather = Weather()
        for call in calls.SERVICE_OF:
            relay.play(call, weather.play)
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda wish: fulfil(api, wish), wishes))
    recorded, counted = contents(api)

    for wish in wishes:
        started = relay.render_function.by_wish[wish.name]
        assert len(started) <= 1, f"{wish} started {started}"
        assert wish.given <= set(started), wish
        kept = set(started) & set(recorded[wish.user.sub])
        assert wish.given <= kept, f"{wish} is in nobody's list"
        if not wish.given:
            assert not kept or "render_not_recorded" in wish.codes, wish
            assert not started or wish.codes & (IN_DOUBT | {"render_not_recorded"}), wish
        statuses = {answer.status for answer in wish.answers}
        assert statuses <= {200, 409, 429, 502, 503}, wish

    # Whatever was given back, none of these was.
    starts = Counter(wish.user.sub for wish in wishes for _ in relay.render_function.by_wish[wish.name])
    assert {user: count for user, count in starts.items() if counted[user] < count} == {}

    all_started = {render for started in relay.render_function.by_wish.values() for render in started}
    assert {render for kept in recorded.values() for render in kept} <= all_started

    answers = Counter(answer.status for wish in wishes for answer in wish.answers)
    succeeded = sum(bool(wish.given) for wish in wishes)
    assert succeeded > WANTED * 0.8, answers
    assert sum(weather.faults.values()) > WANTED / FAILING, weather.faults
    print(
        f"\n{sum(answers.values())} requests of {USERS} users, {CLIENTS} at once: {dict(answers)};"
        f" {len(all_started)} starts, {succeeded} of {WANTED} renders had, {sum(map(len, recorded.values()))} records;"
        f" {sum(weather.faults.values())} faults in {len(relay.received)} calls: {dict(weather.faults)}"
    )
