"""Requests that the emulators answer in different ways, or both in another way than AWS."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from botocore.exceptions import ClientError

TABLE = "differences"
BUCKET = "differences"
OWNER = "owner#x#y"

Answer = str


@dataclass(frozen=True)
class Page:
    """Of AWS's documentation."""

    title: str
    url: str


TRANSACT = Page(
    "TransactWriteItems",
    "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html",
)
PUT = Page("Put", "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Put.html")
UPDATE = Page(
    "AttributeValueUpdate",
    "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValueUpdate.html",
)
PAGES = Page(
    "Paginating table query results in DynamoDB",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html",
)
FILTERS = Page(
    "Filter expressions for the Query operation in DynamoDB",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.FilterExpression.html",
)
VALUES = Page(
    "Using expression attribute values in DynamoDB",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeValues.html",
)
INDEX = Page(
    "LocalSecondaryIndex",
    "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_LocalSecondaryIndex.html",
)
PROJECTION = Page("Projection", "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Projection.html")
DELETE_OBJECTS = Page("DeleteObjects", "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html")
OBJECT_KEYS = Page("Naming Amazon S3 objects", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html")
LINKS = Page(
    "Download and upload objects with presigned URLs",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html",
)


@dataclass(frozen=True)
class Difference:
    title: str
    # On AWS.
    says: str
    page: Page
    ask: Callable[["Clients"], Answer]
    aws: Answer
    ministack: Answer
    moto: Answer

    @property
    def right(self) -> str:
        right = [name for name, answer in (("MiniStack", self.ministack), ("moto", self.moto)) if answer == self.aws]
        return " and ".join(right) or "neither"


@dataclass(frozen=True)
class Clients:
    dynamodb: object
    s3: object


DONE, REFUSED = "done", "ValidationException"


def heard(ask: Callable[[Clients], Answer | None], clients: Clients) -> Answer:
    try:
        return ask(clients) or DONE
    except ClientError as error:
        return error.response["Error"]["Code"]
    except HTTPError as error:
        return str(error.code)


def key(sort: str) -> dict:
    return {"pk": {"S": OWNER}, "sk": {"S": sort}}


def count(clients: Clients, by: int, token: str) -> None:
    """Adds to the token's own item."""
    update = {
        "TableName": TABLE,
        "Key": key(f"quota#{token}"),
        "UpdateExpression": "ADD used :by",
        "ExpressionAttributeValues": {":by": {"N": str(by)}},
    }
    clients.dynamodb.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken=token)


def _one_token_twice(clients: Clients) -> Answer:
    token = str(uuid.uuid4())
    for _ in range(2):
        count(clients, 1, token)
    item = clients.dynamodb.get_item(TableName=TABLE, Key=key(f"quota#{token}"))["Item"]
    return f"counted {item['used']['N']}"


def _one_token_for_two(clients: Clients) -> None:
    token = str(uuid.uuid4())
    for by in (1, 2):
        count(clients, by, token)


def _token_too_long(clients: Clients) -> None:
    count(clients, 1, "x" * 37)


def _unused_value(clients: Clients) -> None:
    update = {
        "TableName": TABLE,
        "Key": key("x"),
        "UpdateExpression": "SET a = :a",
        "ExpressionAttributeValues": {":a": {"S": "a"}, ":b": {"S": "b"}},
    }
    clients.dynamodb.transact_write_items(TransactItems=[{"Update": update}])


def _key_updated(clients: Clients) -> None:
    update = {
        "TableName": TABLE,
        "Key": key("x"),
        "UpdateExpression": "SET sk = :a",
        "ExpressionAttributeValues": {":a": {"S": "a"}},
    }
    clients.dynamodb.transact_write_items(TransactItems=[{"Update": update}])


def _index_key_of_another_type(clients: Clients) -> None:
    clients.dynamodb.put_item(TableName=TABLE, Item=key("render#x") | {"startedAt": {"S": "no number"}})


def _query(clients: Clients, **others) -> dict:
    values = {":owner": {"S": "owner#x#listed"}} | others.pop("ExpressionAttributeValues", {})
    return clients.dynamodb.query(
        TableName=TABLE, KeyConditionExpression="pk = :owner", ExpressionAttributeValues=values, **others
    )


def _full_last_page(clients: Clients) -> Answer:
    item = {"pk": {"S": "owner#x#listed"}, "sk": {"S": "render#1"}, "startedAt": {"N": "1"}}
    clients.dynamodb.put_item(TableName=TABLE, Item=item)
    page = _query(clients, IndexName="byTime", Limit=1)
    return "a key to go on from" if "LastEvaluatedKey" in page else "none"


def _start_in_another_partition(clients: Clients) -> None:
    start = key("render#1") | {"startedAt": {"N": "1"}}
    _query(clients, IndexName="byTime", Limit=1, ExclusiveStartKey=start)


def _filter_on_a_key(clients: Clients) -> None:
    _query(clients, FilterExpression="sk = :sort", ExpressionAttributeValues={":sort": {"S": "x"}})


def _create_table(clients: Clients, name: str, **others) -> None:
    clients.dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        **others,
    )


def _index_with_another_partition_key(clients: Clients) -> None:
    schema = [{"AttributeName": "sk", "KeyType": "HASH"}, {"AttributeName": "pk", "KeyType": "RANGE"}]
    index = {"IndexName": "index", "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}}
    _create_table(clients, "partition-key", LocalSecondaryIndexes=[index])


def _projection(clients: Clients, name: str, projection: dict) -> None:
    schema = [{"AttributeName": "sk", "KeyType": "HASH"}]
    index = {"IndexName": "index", "KeySchema": schema, "Projection": projection}
    _create_table(clients, name, GlobalSecondaryIndexes=[index])


def _projection_of_nothing(clients: Clients) -> None:
    _projection(clients, "projection-include", {"ProjectionType": "INCLUDE"})


def _projection_of_all_and_more(clients: Clients) -> None:
    _projection(clients, "projection-all", {"ProjectionType": "ALL", "NonKeyAttributes": ["x"]})


def _quiet_deletion(clients: Clients) -> Answer:
    clients.s3.put_object(Bucket=BUCKET, Key="a", Body=b"")
    deleted = clients.s3.delete_objects(Bucket=BUCKET, Delete={"Quiet": True, "Objects": [{"Key": "a"}]})
    return "told" if "Deleted" in deleted else "not told"


def _too_many_deleted(clients: Clients) -> None:
    keys = [{"Key": str(at)} for at in range(1_001)]
    clients.s3.delete_objects(Bucket=BUCKET, Delete={"Quiet": True, "Objects": keys})


def _object_key_too_long(clients: Clients) -> None:
    clients.s3.put_object(Bucket=BUCKET, Key="x" * 1_025, Body=b"")


def _link(clients: Clients, seconds: int = 60) -> str:
    clients.s3.put_object(Bucket=BUCKET, Key="linked", Body=b"")
    return clients.s3.generate_presigned_url(
        "get_object", Params={"Bucket": BUCKET, "Key": "linked"}, ExpiresIn=seconds
    )


def _fetched(url: str, method: str = "GET") -> Answer:
    with urlopen(Request(url, method=method)) as file:
        return str(file.status)


def _link_of_the_past(clients: Clients) -> Answer:
    url = _link(clients, seconds=1)
    time.sleep(2)
    return _fetched(url)


def _link_by_somebody_else(clients: Clients) -> Answer:
    url = _link(clients)
    return _fetched(url[:-1] + ("0" if url[-1] != "0" else "1"))


def _link_by_another_method(clients: Clients) -> Answer:
    return _fetched(_link(clients), "HEAD")


DIFFERENCES = [
    Difference(
        "A transaction that is sent twice with one token",
        "`ClientRequestToken` makes the call idempotent for ten minutes",
        TRANSACT,
        _one_token_twice,
        aws="counted 1",
        ministack="counted 1",
        moto="counted 2",
    ),
    Difference(
        "Two transactions with one token",
        "the same token with other parameters is an `IdempotentParameterMismatchException`",
        TRANSACT,
        _one_token_for_two,
        aws="IdempotentParameterMismatchException",
        ministack="IdempotentParameterMismatchException",
        moto=DONE,
    ),
    Difference(
        "A token of 37 characters",
        "`ClientRequestToken` has at most 36",
        TRANSACT,
        _token_too_long,
        aws=REFUSED,
        ministack=REFUSED,
        moto=DONE,
    ),
    Difference(
        "A value that no expression of a transaction uses",
        "a value that is defined must be used throughout the expression",
        VALUES,
        _unused_value,
        aws=REFUSED,
        ministack=REFUSED,
        moto=DONE,
    ),
    Difference(
        "An update of a key's attribute, in a transaction",
        "no update may change an attribute of the primary key",
        UPDATE,
        _key_updated,
        aws=REFUSED,
        ministack=DONE,
        moto=REFUSED,
    ),
    Difference(
        "An item whose `startedAt` is no number",
        "attributes that are keys of an index must have the type that the index's schema says",
        PUT,
        _index_key_of_another_type,
        aws=REFUSED,
        ministack=REFUSED,
        moto=DONE,
    ),
    Difference(
        "A last page that is full",
        "a `LastEvaluatedKey` does not mean that anything follows; only without one is the end reached",
        PAGES,
        _full_last_page,
        aws="a key to go on from",
        ministack="a key to go on from",
        moto="none",
    ),
    Difference(
        "A page that starts in another partition than it lists",
        "`ExclusiveStartKey` is the `LastEvaluatedKey` of the same query",
        PAGES,
        _start_in_another_partition,
        aws=REFUSED,
        ministack=REFUSED,
        moto=DONE,
    ),
    Difference(
        "A filter on the sort key",
        "a filter expression cannot contain attributes of the primary key",
        FILTERS,
        _filter_on_a_key,
        aws=REFUSED,
        ministack=DONE,
        moto=DONE,
    ),
    Difference(
        "A local index with a partition key of its own",
        "its partition key must be the table's",
        INDEX,
        _index_with_another_partition_key,
        aws=REFUSED,
        ministack=REFUSED,
        moto=DONE,
    ),
    Difference(
        "A projection `INCLUDE` without attributes",
        "`INCLUDE` projects the attributes that are listed",
        PROJECTION,
        _projection_of_nothing,
        aws=REFUSED,
        ministack=REFUSED,
        moto=DONE,
    ),
    Difference(
        "A projection `ALL` with attributes",
        "attributes are listed for `INCLUDE` only",
        PROJECTION,
        _projection_of_all_and_more,
        aws=REFUSED,
        ministack=DONE,
        moto=DONE,
    ),
    Difference(
        "`DeleteObjects` with `Quiet`",
        "the answer has errors only",
        DELETE_OBJECTS,
        _quiet_deletion,
        aws="not told",
        ministack="not told",
        moto="told",
    ),
    Difference(
        "`DeleteObjects` of 1,001 objects",
        "a request has at most 1,000 keys",
        DELETE_OBJECTS,
        _too_many_deleted,
        aws="MalformedXML",
        ministack=DONE,
        moto=DONE,
    ),
    Difference(
        "An object's key of 1,025 bytes",
        "a key has at most 1,024",
        OBJECT_KEYS,
        _object_key_too_long,
        aws="KeyTooLongError",
        ministack=DONE,
        moto=DONE,
    ),
    Difference(
        "A link whose time has passed",
        "a link is of use until it expires",
        LINKS,
        _link_of_the_past,
        aws="403",
        ministack="403",
        moto="200",
    ),
    Difference(
        "A link with a wrong signature",
        "a link is signed by whoever may read the object",
        LINKS,
        _link_by_somebody_else,
        aws="403",
        ministack="403",
        moto="200",
    ),
    Difference(
        "`HEAD` by a link for `GET`",
        "a link is for one HTTP method",
        LINKS,
        _link_by_another_method,
        aws="403",
        ministack="403",
        moto="200",
    ),
]
