"""What the table and the buckets hold, read and written past the function."""

import hashlib
import json
import time
from dataclasses import dataclass, field

from local_aws.remotion import client
from local_aws.settings import BUCKET, FUNCTION
from local_aws.table import create_table
from render_function import VERSION
from request import ISSUER, Request

TABLE = "renders"
DAY_SECONDS = 24 * 3600

# The operator's own bucket.
OUTPUTS = "outputs"


@dataclass(frozen=True)
class Held:
    """A user's items: the state of a key, claims without one, what is used of the quota, the ids of the renders."""

    key: str
    claims: int
    used: int
    renders: list[str]
    items: list[dict] = field(repr=False)

    def __str__(self) -> str:
        names = {
            ("answered", 0, 1, 1): "kept",
            ("none", 0, 0, 0): "clean",
            ("none", 0, 1, 0): "counted",
            ("marked", 0, 1, 0): "unknown",
            ("reserved", 0, 1, 0): "open",
            ("none", 1, 1, 0): "1 used, 0 recorded",
            ("none", 1, 1, 1): "1 used, 1 recorded",
        }
        held = (self.key, self.claims, self.used, len(self.renders))
        said = names.get(held) or f"key {self.key}, {self.used} used, {len(self.renders)} recorded"
        # DynamoDB's time to live removes nothing that does not say when.
        lasting = [item for item in self.items if int(item.get("expiresAt", {"N": "0"})["N"]) <= time.time()]
        return f"{said}, {len(lasting)} for ever" if lasting else said


class State:
    def __init__(self, endpoint: str):
        self._dynamodb = client("dynamodb", endpoint)
        self._s3 = client("s3", endpoint)

    def create(self) -> None:
        """The template's table, Remotion's bucket, and one for outputs."""
        create_table(self._dynamodb, TABLE)
        for bucket in (BUCKET, OUTPUTS):
            self._s3.create_bucket(Bucket=bucket)

    def of(self, user: str, key: str = "") -> Held:
        answer = self._dynamodb.query(
            TableName=TABLE,
            KeyConditionExpression="pk = :owner",
            ExpressionAttributeValues={":owner": {"S": _owner(user)}},
            ConsistentRead=True,
        )
        items = {item["sk"]["S"]: item for item in answer["Items"]}
        used = [int(item["used"]["N"]) for name, item in items.items() if name.startswith("quota#")]
        return Held(
            _state(items.get(f"key#{user}#{key}")),
            sum(name.startswith("claim#") for name in items),
            sum(used),
            [
                name.removeprefix("render#")
                for name in items
                if name.startswith("render#") and not name.endswith("#sent")
            ],
            [*items.values()],
        )

    def age_key(self, user: str, name: str, seconds: int) -> None:
        """Makes a key older than it is."""
        self._dynamodb.update_item(
            TableName=TABLE,
            Key={"pk": {"S": _owner(user)}, "sk": {"S": f"key#{user}#{name}"}},
            UpdateExpression="ADD reservedAt :less, expiresAt :less",
            ConditionExpression="attribute_exists(reservedAt)",
            ExpressionAttributeValues={":less": {"N": str(-seconds)}},
        )

    def age_quota(self, user: str) -> None:
        """Makes today's count yesterday's."""
        (item,) = (item for item in self.of(user).items if item["sk"]["S"].startswith("quota#"))
        self._dynamodb.delete_item(TableName=TABLE, Key={"pk": item["pk"], "sk": item["sk"]})
        day = int(item["sk"]["S"].removeprefix("quota#"))
        self._dynamodb.put_item(TableName=TABLE, Item=item | {"sk": {"S": f"quota#{day - 1}"}})

    def add_render(self, request: Request, progress: dict, **others: str) -> None:
        """A render of the user's with its files, as a start has left it."""
        self.add_record(request, "render", **others)
        for name, body in (("progress.json", json.dumps(progress)), ("out.mp4", "video")):
            self.put(BUCKET, f"renders/{request.render_id}/{name}", body)
        if others:
            self.put(others["outputBucket"], others["outputKey"], "video")

    def add_still(self, request: Request) -> None:
        """What an earlier request with the same key has made."""
        self.add_record(request, "still", outputBucket=BUCKET, outputKey=f"renders/{request.render_id}/out.png")
        digest = hashlib.sha256(f"{request.route}\0{request.text}\0".encode()).digest()
        now = int(time.time())
        item = {
            "pk": {"S": _owner(request.user)},
            "sk": {"S": f"key#{request.user}#{request.key}"},
            "holder": {"S": "another"},
            "request": {"B": digest},
            "reservedAt": {"N": str(now)},
            "expiresAt": {"N": str(now + DAY_SECONDS)},
            "bucketName": {"S": BUCKET},
            "renderId": {"S": request.render_id},
        }
        self._dynamodb.put_item(TableName=TABLE, Item=item)

    def files(self, render_id: str) -> list[str]:
        prefix = f"renders/{render_id}/"
        listed = self._s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
        return sorted(found["Key"].removeprefix(prefix) for found in listed)

    def outputs(self, prefix: str) -> list[str]:
        """Those in the operator's own bucket."""
        listed = self._s3.list_objects_v2(Bucket=OUTPUTS, Prefix=prefix).get("Contents", [])
        return [found["Key"] for found in listed]

    def put(self, bucket: str, key: str, body: str) -> None:
        self._s3.put_object(Bucket=bucket, Key=key, Body=body.encode())

    def get(self, bucket: str, key: str) -> str:
        return self._s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()

    def add_record(self, request: Request, kind: str, started_at: int | None = None, **others: str) -> None:
        now = int(time.time())
        item = {
            "pk": {"S": _owner(request.user)},
            "sk": {"S": f"render#{request.render_id}"},
            "kind": {"S": kind},
            "bucketName": {"S": BUCKET},
            "functionName": {"S": FUNCTION},
            "version": {"S": VERSION},
            "composition": {"S": "MyVideo"},
            "cancellable": {"BOOL": True},
            "startedAt": {"N": str(started_at or now * 1000)},
            "expiresAt": {"N": str(now + DAY_SECONDS)},
        }
        item |= {name: {"N" if value.isdecimal() else "S": value} for name, value in others.items()}
        self._dynamodb.put_item(TableName=TABLE, Item=item)


def _owner(user: str) -> str:
    return f"owner#{ISSUER}#{user}"


def _state(item: dict | None) -> str:
    if item is None:
        return "none"
    if "renderId" in item:
        return "answered"
    return "marked" if "outcomeUnknown" in item else "reserved"
