"""What the table and the bucket hold, read and written past the function."""

import json
import time
from dataclasses import dataclass, field

from local_aws.remotion import client
from local_aws.settings import BUCKET, FUNCTION, PROJECT, Settings
from render_function import VERSION
from samcli.yamlhelper import yaml_parse

TABLE = "renders"
DAY_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Held:
    """A user's items: the state of a key, what is used of the quota, the ids of the renders."""

    key: str
    used: int
    renders: list[str]
    items: list[dict] = field(repr=False)

    def __str__(self) -> str:
        names = {
            ("answered", 1, 1): "kept",
            ("none", 0, 0): "clean",
            ("doubtful", 1, 0): "in doubt",
            ("reserved", 1, 0): "open",
        }
        held = (self.key, self.used, len(self.renders))
        said = names.get(held) or f"key {self.key}, {self.used} used, {held[2]} recorded"
        # DynamoDB's time to live removes nothing that does not say when.
        lasting = [item for item in self.items if int(item.get("expiresAt", {"N": "0"})["N"]) <= time.time()]
        return f"{said}, {len(lasting)} for ever" if lasting else said


class Ledger:
    def __init__(self, settings: Settings):
        self._dynamodb = client("dynamodb", settings.endpoint)
        self._s3 = client("s3", settings.endpoint)

    def create(self) -> None:
        """The template's table, and Remotion's bucket."""
        template = yaml_parse((PROJECT / "template.yaml").read_text())
        properties = template["Resources"]["Renders"]["Properties"]
        taken = ("AttributeDefinitions", "BillingMode", "KeySchema", "LocalSecondaryIndexes", "GlobalSecondaryIndexes")
        self._dynamodb.create_table(TableName=TABLE, **{name: properties[name] for name in taken})
        self._s3.create_bucket(Bucket=BUCKET)

    def of(self, user: str, key: str = "") -> Held:
        answer = self._dynamodb.query(
            TableName=TABLE,
            KeyConditionExpression="pk = :user",
            ExpressionAttributeValues={":user": {"S": f"user#{user}"}},
            ConsistentRead=True,
        )
        items = {item["sk"]["S"]: item for item in answer["Items"]}
        starts = [item.get("starts", {"SS": []})["SS"] for name, item in items.items() if name.startswith("quota#")]
        return Held(
            _state(items.get(f"key#{key}")),
            sum(map(len, starts)),
            [name.removeprefix("render#") for name in items if name.startswith("render#")],
            [*items.values()],
        )

    def age_key(self, user: str, name: str, seconds: int) -> None:
        """Makes a reservation older than it is."""
        self._dynamodb.update_item(
            TableName=TABLE,
            Key={"pk": {"S": f"user#{user}"}, "sk": {"S": f"key#{name}"}},
            UpdateExpression="ADD reservedAt :less",
            ConditionExpression="attribute_exists(reservedAt)",
            ExpressionAttributeValues={":less": {"N": str(-seconds)}},
        )

    def age_quota(self, user: str) -> None:
        """Makes today's count yesterday's."""
        (item,) = (item for item in self.of(user).items if item["sk"]["S"].startswith("quota#"))
        self._dynamodb.delete_item(TableName=TABLE, Key={"pk": item["pk"], "sk": item["sk"]})
        day = int(item["sk"]["S"].removeprefix("quota#"))
        self._dynamodb.put_item(TableName=TABLE, Item=item | {"sk": {"S": f"quota#{day - 1}"}})

    def add_render(self, user: str, render_id: str, progress: dict) -> None:
        """A render of the user's with its files, as a start has left it."""
        now = int(time.time())
        item = {
            "pk": {"S": f"user#{user}"},
            "sk": {"S": f"render#{render_id}"},
            "bucketName": {"S": BUCKET},
            "functionName": {"S": FUNCTION},
            "version": {"S": VERSION},
            "composition": {"S": "MyVideo"},
            "cancellable": {"BOOL": True},
            "startedAt": {"N": str(now * 1000)},
            "expiresAt": {"N": str(now + DAY_SECONDS)},
        }
        self._dynamodb.put_item(TableName=TABLE, Item=item)
        for name, body in (("progress.json", json.dumps(progress)), ("out.mp4", "video")):
            self._s3.put_object(Bucket=BUCKET, Key=f"renders/{render_id}/{name}", Body=body.encode())

    def files(self, render_id: str) -> list[str]:
        prefix = f"renders/{render_id}/"
        listed = self._s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
        return sorted(found["Key"].removeprefix(prefix) for found in listed)


def _state(item: dict | None) -> str:
    if item is None:
        return "none"
    if "renderId" in item:
        return "answered"
    return "doubtful" if "doubtful" in item else "reserved"
