"""What the three functions do for renders that wait, and what came of it: `started`, or `waiting`."""

import contextlib
import operator

import renders
from deployed import Deployed
from local_aws.settings import ACCOUNT, BUCKET, REGION
from patience import until, watched
from role import Role
from stand_in import StandIn
from told import Told
from waiting import Room, ask, capacity, dispatch

# Over what is kept of a request in the table, and over what fits into an invocation of the render function.
LARGE = {"inputProps": {"title": "x" * 300_000}}

# By the role that does it.
GOOD: dict[str, dict[str, str]] = {
    "Role": {
        "take a large request in": "202",
        "tell how many wait before": "0",
        "wake by what is taken in": "woken",
        "forget a batch, by the api": "allowed",
    },
    "EndsRole": {
        "wake by an end": "woken",
        "stop what has failed": "told to",
        "forget a batch, by the sweep": "allowed",
    },
    "DispatchRole": {
        "start": "started",
        "start a large one": "started",
        "tell of what cannot be started": "failed, told",
        "look": "looked",
        "stop a batch": "allowed",
        "find a request": "allowed",
        "log": "allowed",
    },
}

# What the local AWS does not ask about, or only a batch does: by what IAM says.
BY_IAM = {"stop a batch", "find a request", "forget a batch, by the api", "forget a batch, by the sweep", "log"}

# How long it is watched that nothing changes, and how long a change may take.
QUIET, PATIENCE = 3, 60


class QueueFeatures:
    """A deployment that has room for one render."""

    def __init__(self, api: Deployed, stand_in: StandIn):
        self.api = api
        self.stand_in = stand_in
        self.roles = {name: Role(api, name) for name in ("Role", "EndsRole", "DispatchRole")}
        self.room = Room(api, stand_in)
        self.told = Told(api)
        self.user = api.sign_up()
        self.expected = ""

    def outcomes(self, role: str, expected: dict[str, str]) -> dict[str, str]:
        return {name: self.outcome(name, expected[name]) for name in GOOD[role]}

    def outcome(self, name: str, expected: str) -> str:
        self.expected = expected
        act = getattr(self, name.replace(" ", "_").replace(",", ""))
        if name not in BY_IAM:
            self.room.take()
        return act()

    def take_a_large_request_in(self) -> str:
        return str(ask(self.api, self.user, prefer="respond-async", **LARGE).status)

    def tell_how_many_wait_before(self) -> str:
        answer = renders.status(self.api, self.user, self._wait())
        return str(answer.json.get("waitingBefore")) if answer.status == 200 else str(answer.status)

    def wake_by_what_is_taken_in(self) -> str:
        """There is room, but something waits: what comes is taken in behind it."""
        first = self._wait()
        self._free_in_silence()
        self._wait()
        return self._soon(first)

    def wake_by_an_end(self) -> str:
        # By nothing else: a dispatcher that is woken as the render is taken in may come late.
        with renders.environment(self.api, DISPATCH_FUNCTION_NAME="nobody"):
            render_id = self._wait()
        self.room.free()
        return self._soon(render_id)

    def stop_what_has_failed(self) -> str:
        failed, self.room.taken_by = self.room.taken_by, None
        self.room.end(failed, "error")
        if not renders.keys(self.api, f"renders/{failed}/cancel.json"):
            return "not told"
        # Its place is free some seconds later, and what waits for the next feature would be started.
        until(self._swept, lambda used: used == 0)
        return "told to"

    def start(self) -> str:
        return self._started(self._wait())

    def start_a_large_one(self) -> str:
        """What was sent for it is not kept any longer."""
        render_id = self._wait(**LARGE)
        outcome = self._started(render_id)
        if outcome != "started":
            return outcome
        # It is deleted after that is written down.
        seconds = QUIET if self.expected == "started, and kept" else PATIENCE
        is_kept = watched(lambda: renders.keys(self.api, f"render-api/requests/{render_id}"), operator.not_, seconds)
        return f"{outcome}, and kept" if is_kept else outcome

    def tell_of_what_cannot_be_started(self) -> str:
        render_id = self._wait()
        with self._refusing():
            outcome = self._started(render_id)
        if not outcome.startswith("failed"):
            return outcome
        seconds = QUIET if self.expected == "failed, not told" else PATIENCE
        return "failed, told" if watched(lambda: self.told.of(render_id), bool, seconds) else "failed, not told"

    def look(self) -> str:
        return "looked" if dispatch(self.api) else "failed"

    def stop_a_batch(self) -> str:
        signal = f"arn:aws:s3:::{BUCKET}/renders/1pwhfhh11z/cancel.json"
        return self.roles["DispatchRole"].simulate(["s3:PutObject"], signal)

    def find_a_request(self) -> str:
        """The local S3 says that an object is missing to whoever may not list."""
        return self.roles["DispatchRole"].simulate(["s3:ListBucket"], f"arn:aws:s3:::{BUCKET}")

    def forget_a_batch_by_the_api(self) -> str:
        return self._may_delete("Role")

    def forget_a_batch_by_the_sweep(self) -> str:
        return self._may_delete("EndsRole")

    def log(self) -> str:
        group = self.api.resource("DispatchLogGroup")
        stream = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:log-stream:any"
        return self.roles["DispatchRole"].simulate(["logs:CreateLogStream", "logs:PutLogEvents"], stream)

    def _swept(self) -> int:
        """How many functions are taken after the sweep."""
        self.api.sweep()
        return capacity(self.api)["used"]

    def _may_delete(self, role: str) -> str:
        return self.roles[role].simulate(["s3:DeleteObject"], f"arn:aws:s3:::{BUCKET}/render-api/batches/x.json")

    def _wait(self, **options) -> str:
        answer = ask(self.api, self.user, prefer="respond-async", **options)
        return answer.json.get("renderId", "none")

    def _free_in_silence(self) -> None:
        """Its owner reads that it is done: that wakes nobody."""
        done, self.room.taken_by = self.room.taken_by, None
        self.stand_in.finish(done)
        assert renders.status(self.api, self.room.somebody, done).json["status"] == "done"

    def _started(self, render_id: str) -> str:
        self._free_in_silence()
        dispatch(self.api)
        # The one that was woken when the render was taken in may have been first.
        return self._unless(render_id, ("waiting", "starting"))

    def _soon(self, render_id: str) -> str:
        """Whether the dispatcher comes of itself."""
        return "waiting" if self._unless(render_id, ("waiting",)) == "waiting" else "woken"

    def _unless(self, render_id: str, phases: tuple[str, ...]) -> str:
        """What has come of it, as soon as it is something else than these; where one of these is expected, it is to last."""

        def outcome() -> str:
            return self._outcome(render_id)

        if self.expected not in phases:
            return watched(outcome, lambda phase: phase not in phases, PATIENCE)
        watched(outcome, lambda phase: phase == self.expected or phase not in phases, PATIENCE)
        return watched(outcome, lambda phase: phase not in phases, QUIET)

    def _outcome(self, render_id: str) -> str:
        """By what the table says: the role of the API may not see what waits before it."""
        key = self.api.key_of(self.user, render_id)
        table = self.api.resource("Renders")
        item = self.api.aws("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {})
        if "remotionRenderId" in item:
            return "started"
        if "error" in item:
            return f"failed: {item['error']['S'].split(':')[0]}"
        return item.get("phase", {}).get("S", "none")

    @contextlib.contextmanager
    def _refusing(self):
        self.stand_in.answers["start"] = {"type": "error", "message": "Out of order.", "stack": ""}
        try:
            yield
        finally:
            del self.stand_in.answers["start"]
