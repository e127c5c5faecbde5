"""What the function `ends` does for a deployment, and what came of it: `told`, or `503`."""

import time

from chosen import KMS_KEY, OUTPUT_BUCKET
from deployed import Deployed
from local_aws.settings import ACCOUNT, BUCKET, REGION
from renders import start, status
from role import Role
from stand_in import StandIn
from told import Told

TOLD = "told, and struck off"

GOOD = {
    "hear an end": TOLD,
    "hear an end that was read before": TOLD,
    "hear of a render whose record was lost": TOLD,
    "hear of a render that was deleted": "204, nothing told",
    "find an end": TOLD,
    "find an end that was not told": TOLD,
    "find an output without a word": TOLD,
    "look later at what goes on": "later",
    "find that there is no state": "allowed",
    "find that there is no output": "allowed",
    "use the bucket's key": "allowed",
    "log": "allowed",
    "trace": "allowed",
}


class EndsFeatures:
    """Renders of a user, which the stand-in has finished."""

    def __init__(self, api: Deployed, role: Role, stand_in: StandIn):
        self.api = api
        self.role = role
        self.stand_in = stand_in
        self.told = Told(api)
        self.log_group = api.resource("EndsLogGroup")

    def prepare(self) -> None:
        """What the API does, by a role of its own."""
        self.user = self.api.sign_up()
        self.ended, self.read, self.lost, self.deleted, self.withheld, self.untold = (
            self._finished() for _ in range(6)
        )
        self.silent = self._finished("past twice the timeout, with the output there")
        self.running = start(self.api, self.user)
        for render_id in (self.read, self.untold):
            assert status(self.api, self.user, render_id).json["status"] == "done"
        # Both as if it had never been written.
        for render_id in (self.lost, self.deleted):
            key = self.api.key_of(self.user, render_id)
            self.api.aws("dynamodb").delete_item(TableName=self.api.resource("Renders"), Key=key)
        self.api.aws("s3").delete_object(Bucket=BUCKET, Key=f"renders/{self.deleted}/progress.json")

    def outcomes(self) -> dict[str, str]:
        return {name: getattr(self, name.replace(" ", "_").replace("'", ""))() for name in GOOD}

    def hear_an_end(self) -> str:
        return self._heard(self.ended)

    def hear_an_end_that_was_read_before(self) -> str:
        return self._heard(self.read)

    def hear_of_a_render_whose_record_was_lost(self) -> str:
        return self._heard(self.lost)

    def hear_of_a_render_that_was_deleted(self) -> str:
        return self._heard(self.deleted)

    def find_an_end(self) -> str:
        return self._found(self.withheld, "render")

    def find_an_end_that_was_not_told(self) -> str:
        return self._found(self.untold, "event")

    def find_an_output_without_a_word(self) -> str:
        """Its function died when the output was there: only that it is tells how the render has ended."""
        return self._found(self.silent, "render")

    def look_later_at_what_goes_on(self) -> str:
        self.api.make_due(self.user, self.running)
        if error := self._sweep():
            return error
        return "later" if self.api.due_at(self.user, self.running) > time.time() else "at once"

    def find_that_there_is_no_state(self) -> str:
        """The local S3 says so to anybody."""
        return self.role.simulate(["s3:ListBucket"], f"arn:aws:s3:::{BUCKET}")

    def find_that_there_is_no_output(self) -> str:
        return self.role.simulate(["s3:ListBucket"], f"arn:aws:s3:::{OUTPUT_BUCKET}")

    def use_the_buckets_key(self) -> str:
        """The local AWS encrypts nothing."""
        return self.role.simulate(["kms:Decrypt"], KMS_KEY)

    def log(self) -> str:
        """As of the other function: see features.py."""
        stream = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{self.log_group}:log-stream:any"
        return self.role.simulate(["logs:CreateLogStream", "logs:PutLogEvents"], stream)

    def trace(self) -> str:
        return self.role.simulate(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")

    def _finished(self, end: str = "on one function, done") -> str:
        render_id = start(self.api, self.user)
        self.stand_in.finish(render_id, end)
        return render_id

    def _heard(self, render_id: str) -> str:
        answer = self.stand_in.tell(render_id)
        return self._what_came_of(render_id, str(answer))

    def _found(self, render_id: str, kind: str) -> str:
        self.api.make_due(self.user, render_id, kind)
        return self._sweep() or self._what_came_of(render_id, "swept")

    def _sweep(self) -> str | None:
        try:
            self.api.sweep()
        except AssertionError:
            return "the sweep fails"
        return None

    def _what_came_of(self, render_id: str, answer: str) -> str:
        events = self.told.of(render_id)
        if not events:
            return f"{answer}, nothing told"
        if (status := events[0]["detail"]["status"]) != "done":
            return f"told as {status}"
        return TOLD if self.api.due_at(self.user, render_id, "event") is None else "told, and told again"
