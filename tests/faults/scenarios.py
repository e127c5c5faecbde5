"""The requests that lead to each of the function's calls, and what can be seen after them."""

import copy
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from faults import play_of
from local_aws.settings import PROJECT
from relay import Relay
from state import Ledger

EVENT = json.loads((PROJECT / "events" / "render.json").read_text())

RENDER_ID = "{id}"
SMALL = {"inputProps": {"title": "Hello"}}
# More than travels in a payload.
LARGE = {"inputProps": {"title": "x" * 300_000}}


@dataclass
class Request:
    """A user's request, which can be sent again."""

    route: str
    body: dict | None = None
    keyed: bool = False
    user: str = field(default_factory=lambda: str(uuid.uuid4()))
    # Every scenario has its own user, so that its render's id need be no one's either.
    render_id: str = field(default_factory=lambda: uuid.uuid4().hex[:10])
    key: str = field(default_factory=lambda: str(uuid.uuid4()))

    def event(self) -> dict:
        method, path = self.route.replace(RENDER_ID, self.render_id).split(" ")
        event = copy.deepcopy(EVENT)
        event["rawPath"] = path
        event["requestContext"]["http"] |= {"method": method, "path": path}
        event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = self.user
        event["body"] = None if self.body is None else json.dumps(self.body)
        if self.keyed:
            event["headers"]["idempotency-key"] = self.key
        return event


Seed = Callable[[Ledger, Request], None]
After = Callable[[Ledger, Request], str]


@dataclass(frozen=True)
class Scenario:
    """A request on whose way a call is made."""

    title: str
    call: str
    route: str
    # The call before it.
    after: str | None = None
    body: dict | None = None
    # What brings the function there: a fault of another call.
    first: tuple[str, str] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    seed: Seed = lambda *_: None
    left: After = lambda *_: "–"

    @property
    def starts(self) -> bool:
        return self.route == "POST /render"

    def request(self) -> Request:
        return Request(self.route, self.body, keyed=self.starts)

    def prepare(self, relay: Relay) -> None:
        if self.first:
            call, fault = self.first
            relay.play(call, play_of(fault))


def _done(ledger: Ledger, request: Request) -> None:
    ended = {"outputSize": 5, "timeToFinish": 5, "endTime": _now(), "errors": []}
    ledger.add_render(request.user, request.render_id, _progress(_now() - 60_000) | {"postRenderData": ended})


def _overdue(ledger: Ledger, request: Request) -> None:
    """Its function's time is over, and whether it is done only the output tells."""
    ledger.add_render(request.user, request.render_id, _progress(_now() - 600_000))


def _progress(launched: int) -> dict:
    metadata = {
        "type": "video",
        "startedDate": launched,
        "totalChunks": 1,
        "estimatedRenderLambdaInvokations": 1,
        "codec": "h264",
        "frameRange": [0, 9],
        "everyNthFrame": 1,
        "compositionId": "MyVideo",
    }
    return {
        "framesRendered": 10,
        "framesEncoded": 10,
        "lambdasInvoked": 1,
        "timeoutTimestamp": launched + 120_000,
        "functionLaunched": launched,
        "serveUrlOpened": launched,
        "compositionValidated": launched,
        "renderMetadata": metadata,
    }


def _now() -> int:
    return int(time.time() * 1000)


def _claims(ledger: Ledger, request: Request) -> str:
    return str(ledger.of(request.user, request.key))


def _used(ledger: Ledger, request: Request) -> str:
    return f"{ledger.of(request.user).used} used"


def _signal(ledger: Ledger, request: Request) -> str:
    return "signal" if "cancel.json" in ledger.files(request.render_id) else "no signal"


def _remains(ledger: Ledger, request: Request) -> str:
    files, renders = ledger.files(request.render_id), ledger.of(request.user).renders
    match bool(files), bool(renders):
        case True, True:
            return "all there"
        case False, True:
            return "record only"
        case False, False:
            return "all gone"
    return "files only"


def _start(title: str, call: str, after: str | None, body: dict = SMALL, **others) -> Scenario:
    return Scenario(title, call, "POST /render", after, body, left=_claims, **others)


SCENARIOS = [
    _start("Reserving the key", "reserve", None),
    _start("Counting the render", "count", "reserve"),
    _start("Storing large props", "props", None, LARGE),
    # A name that does not tell the version.
    _start("Asking for the version, to start", "info", None, environment={"REMOTION_FUNCTION_NAME": "render"}),
    _start("Starting the render", "start", None),
    _start("Recording the render", "record", "start"),
    _start("Answering the key", "fulfil", "record"),
    _start("Freeing the key of a start that did not happen", "release", "start", first=("start", "access denied")),
    _start("Giving back its render", "give back", "start", first=("start", "access denied")),
    _start("Marking a start as in doubt", "doubt", "start", first=("start", "reset after it is carried out")),
    Scenario("Finding a render", "find", "GET /render/{id}", seed=_done),
    Scenario("Reading its state", "progress", "GET /render/{id}", seed=_done),
    Scenario("Looking for its output", "size", "GET /render/{id}", after="progress", seed=_overdue),
    Scenario("Listing renders", "list", "GET /render", seed=_done),
    Scenario("Cancelling a render", "cancel", "POST /render/{id}/cancel", seed=_done, left=_signal),
    Scenario("Marking what is to be deleted", "mark", "DELETE /render/{id}", "find", seed=_done, left=_remains),
    Scenario(
        "Listing what is to be deleted", "list objects", "DELETE /render/{id}", "progress", seed=_done, left=_remains
    ),
    Scenario("Deleting it", "delete objects", "DELETE /render/{id}", "list objects", seed=_done, left=_remains),
    Scenario("Forgetting a render", "forget", "DELETE /render/{id}", "mark", seed=_done, left=_remains),
    Scenario("Rendering a still", "still", "POST /still", body=SMALL, left=_used),
    Scenario("Listing compositions", "compositions", "GET /compositions"),
    Scenario("Checking the version", "info", "GET /health"),
]
