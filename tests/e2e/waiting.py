"""A deployment whose capacity is one render, and its queue: filled, looked at, and freed. Nothing is rendered."""

import json

from deployed import Answer, Deployed, User
from stand_in import StandIn

# A concurrency of 2 takes 3 functions, with the one that launches.
WEIGHT = 3

PARAMETERS = {
    "RenderCapacity": str(WEIGHT),
    "RenderQueue": "true",
    "RemotionMaxEventAgeSeconds": "300",
    "RendersPerUserPerDay": "1000",
    "UsdPerUserPerMonth": "1000",
    "Monitoring": "false",
}


class Room:
    """The place of the deployment's only render at once, taken by somebody."""

    def __init__(self, api: Deployed, stand_in: StandIn):
        self.api = api
        self.stand_in = stand_in
        self.somebody = api.sign_up()
        self.taken_by: str | None = None

    def take(self) -> str:
        # What a test before has woken may still be at it.
        for _ in range(5):
            forget_everything(self.api)
            answer = ask(self.api, self.somebody)
            if answer.status == 200:
                break
        assert answer.status == 200, answer.text
        self.taken_by = answer.json["renderId"]
        return self.taken_by

    def free(self) -> None:
        """The render that takes it is done, and Remotion says so."""
        render_id, self.taken_by = self.taken_by, None
        self.end(render_id)

    def end(self, remotion_id: str, kind: str = "success") -> None:
        self.stand_in.finish(remotion_id, "on one function, done" if kind == "success" else "component throws")
        assert self.stand_in.tell(remotion_id, kind) == 204


def forget_everything(api: Deployed) -> None:
    """Nothing runs, nothing waits, and nobody looks at the queue, whatever a test before has left."""
    table = api.aws("dynamodb")
    name = api.resource("Renders")
    for item in table.scan(TableName=name, ConsistentRead=True)["Items"]:
        table.delete_item(TableName=name, Key={"pk": item["pk"], "sk": item["sk"]})


def ask(api: Deployed, user: User, key: str | None = None, prefer: str | None = None, **options) -> Answer:
    headers = {"Idempotency-Key": key, "Prefer": prefer}
    return api.render(user.token, options, **{name: value for name, value in headers.items() if value})


def wait(api: Deployed, user: User, **options) -> str:
    """A render that waits."""
    answer = ask(api, user, prefer="respond-async", **options)
    assert answer.status == 202, answer.text
    return answer.json["renderId"]


def capacity(api: Deployed) -> dict[str, int]:
    """How many functions are `used`, and how many renders are `waiting`, as the table has it."""
    item = api.aws("dynamodb").get_item(
        TableName=api.resource("Renders"),
        Key={"pk": {"S": "capacity"}, "sk": {"S": "capacity"}},
        ConsistentRead=True,
    )
    counts = item.get("Item", {})
    return {name: int(counts.get(name, {}).get("N", 0)) for name in ("used", "waiting")}


def dispatch(api: Deployed) -> bool:
    """Wakes the dispatcher, and waits until it has looked at the queue; whether it could."""
    invoked = api.aws("lambda").invoke(FunctionName=api.resource("Dispatch"), Payload=json.dumps({}))
    return "FunctionError" not in invoked
