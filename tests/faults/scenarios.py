"""The requests that lead to each of the function's calls, and what can be seen after them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from faults import play_of
from progress import A_MINUTE, ended, rendering
from relay import Relay
from request import LARGE, SMALL, Request
from state import OUTPUTS, State

Seed = Callable[[State, Request], None]
After = Callable[[State, Request], str]


@dataclass(frozen=True)
class Scenario:
    """A request on whose way a call is made."""

    title: str
    call: str
    route: str
    # The call before it.
    after: str | None = None
    body: dict | None = None
    # With an idempotency key.
    keyed: bool = False
    # What brings the function there: a fault of another call.
    first: tuple[str, str] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    seed: Seed = lambda *_: None
    left: After = lambda *_: "–"

    @property
    def starts(self) -> bool:
        return self.body is not None

    def request(self) -> Request:
        return Request(self.route, self.body, keyed=self.keyed)

    def prepare(self, relay: Relay) -> None:
        if self.first:
            call, fault = self.first
            relay.play(call, play_of(call, fault))


def _done(state: State, request: Request) -> None:
    state.add_render(request, rendering(A_MINUTE) | ended())


def _running(state: State, request: Request) -> None:
    state.add_render(request, rendering())


def _overdue(state: State, request: Request) -> None:
    """Its function's time is over, and whether it is done only the output tells."""
    state.add_render(request, rendering(10 * A_MINUTE))


def _done_elsewhere(state: State, request: Request) -> None:
    _elsewhere(state, request, rendering(A_MINUTE) | ended())


def _overdue_elsewhere(state: State, request: Request) -> None:
    _elsewhere(state, request, rendering(10 * A_MINUTE))


def _elsewhere(state: State, request: Request, progress: dict) -> None:
    """Its output is in the operator's own bucket."""
    key = _output(request)
    progress["renderMetadata"]["outName"] = {"bucketName": OUTPUTS, "key": key}
    state.add_render(request, progress, outputBucket=OUTPUTS, outputKey=key)


def _output(request: Request) -> str:
    return f"{request.user}/out.mp4"


def _claims(state: State, request: Request) -> str:
    return str(state.of(request.user, request.key))


def _signal(state: State, request: Request) -> str:
    return "signal" if "cancel.json" in state.files(request.render_id) else "no signal"


def _remains(state: State, request: Request) -> str:
    left = {
        "files": state.files(request.render_id),
        "record": state.of(request.user).renders,
    }
    return _told(left)


def _remains_elsewhere(state: State, request: Request) -> str:
    left = {
        "output": state.outputs(_output(request)),
        "files": state.files(request.render_id),
        "record": state.of(request.user).renders,
    }
    return _told(left)


def _told(left: dict[str, list]) -> str:
    there = [name for name, found in left.items() if found]
    if len(there) == len(left):
        return "all there"
    return " and ".join(there) + " only" if there else "all gone"


def _start(title: str, call: str, after: str | None, body: dict = SMALL, **others) -> Scenario:
    return Scenario(title, call, "POST /render", after, body, left=_claims, **{"keyed": True, **others})


def _delete(title: str, call: str, after: str) -> Scenario:
    return Scenario(title, call, "DELETE /render/{id}", after, seed=_done, left=_remains)


SCENARIOS = [
    _start("Claiming a render", "claim", None),
    _start(
        "Looking up an earlier request, which the refusal of a claim lacks",
        "earlier",
        "claim",
        first=("claim", "ConditionalCheckFailed"),
    ),
    _start("Reading what is left of the quota", "quota left", "claim"),
    _start("Storing large props", "props", None, LARGE),
    # A name that does not tell the version.
    _start("Asking for the version, to start", "info", None, environment={"REMOTION_FUNCTION_NAME": "render"}),
    _start("Starting the render", "start", None),
    _start("Recording the render, and with it the key's answer", "commit", "quota left"),
    _start("Recording a render without a key", "record", "quota left", keyed=False),
    _start("Giving back a render that never ran", "give back", "quota left", first=("start", "access denied")),
    _start("Freeing the key of what ran without a render", "release", "quota left", first=("start", "error: refused")),
    _start(
        "Marking the key of a start with an unknown outcome",
        "note",
        "quota left",
        first=("start", "reset after it is carried out"),
    ),
    Scenario("Rendering a still", "still", "POST /still", None, SMALL, keyed=True, left=_claims),
    Scenario(
        "Finding the still of an earlier request",
        "find again",
        "POST /still",
        "claim",
        SMALL,
        keyed=True,
        seed=State.add_still,
    ),
    Scenario("Finding a render", "find", "GET /render/{id}", seed=_done),
    Scenario("Reading its state", "progress", "GET /render/{id}", seed=_done),
    Scenario("Looking for its output", "size", "GET /render/{id}", "progress", seed=_overdue),
    Scenario(
        "Looking for its output in the operator's bucket",
        "size elsewhere",
        "GET /render/{id}",
        "progress",
        seed=_overdue_elsewhere,
    ),
    Scenario("Listing renders", "list", "GET /render", seed=_done),
    Scenario("Cancelling a render", "cancel", "POST /render/{id}/cancel", "progress", seed=_running, left=_signal),
    _delete("Marking what is to be deleted", "mark", "find"),
    Scenario(
        "Deleting an output in the operator's bucket",
        "delete output",
        "DELETE /render/{id}",
        "progress",
        environment={"OUTPUT_BUCKET_NAME": OUTPUTS},
        seed=_done_elsewhere,
        left=_remains_elsewhere,
    ),
    _delete("Listing what is to be deleted", "list objects", "progress"),
    _delete("Deleting it", "delete objects", "list objects"),
    _delete("Forgetting a render", "forget", "mark"),
    Scenario("Listing compositions", "compositions", "GET /compositions"),
    Scenario("Checking the version", "info", "GET /health"),
]
