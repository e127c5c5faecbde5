"""The function's calls to AWS, by name."""

import json
from urllib.parse import parse_qs, urlsplit

from local_aws.settings import BUCKET

DYNAMODB, LAMBDA, S3 = "DYNAMODB", "LAMBDA", "S3"

# Several writes, all of them or none.
TRANSACTIONS = ("claim", "commit", "record", "end", "give back", "forget")
# Of one item, with a condition: a transaction may be writing it at the same moment.
CONDITIONAL = ("release", "note", "mark")

SERVICE_OF = {
    **dict.fromkeys([*TRANSACTIONS, *CONDITIONAL], DYNAMODB),
    "earlier": DYNAMODB,
    "quota left": DYNAMODB,
    "find": DYNAMODB,
    "find again": DYNAMODB,
    "list": DYNAMODB,
    "start": LAMBDA,
    "still": LAMBDA,
    "info": LAMBDA,
    "compositions": LAMBDA,
    "props": S3,
    "cancel": S3,
    "progress": S3,
    "size": S3,
    "size elsewhere": S3,
    "delete output": S3,
    "list objects": S3,
    "delete objects": S3,
}


def name(service: str, method: str, path: str, headers, body: bytes) -> str:
    """Raises where the function makes a call that nobody has told the tests of."""
    if service == LAMBDA:
        return json.loads(body)["type"]
    if service == DYNAMODB:
        operation, request = headers["X-Amz-Target"].split(".")[1], json.loads(body)
        return _of_transaction(request) if operation == "TransactWriteItems" else _of_item(operation, request)
    return _of_s3(method, urlsplit(path))


def _of_transaction(request: dict) -> str:
    writes = [(kind, _kind_of(write)) for each in request["TransactItems"] for kind, write in each.items()]
    match writes:
        case [("Put", "key" | "claim")] | [("Put", "key" | "claim"), ("Update", "quota")]:
            return "claim"
        case [("Put", "render"), ("Put", "render"), *_, ("Update", "key")]:
            return "commit"
        case [("Put", "render"), ("Put", "render"), *_]:
            return "record"
        case [("Update", "render"), ("Update", "usage"), *_]:
            return "end"
        case [("Delete", "render"), *_]:
            return "forget"
        case [("Delete", "key" | "claim"), ("Update", "quota")]:
            return "give back"
    raise ValueError(f"a transaction of {writes}")


def _of_item(operation: str, request: dict) -> str:
    match operation, _kind_of(request):
        case "GetItem", "key":
            return "earlier"
        case "GetItem", "quota":
            return "quota left"
        case "GetItem", "render":
            return "find again"
        case "UpdateItem", "key":
            return "note"
        case "UpdateItem", "render":
            return "mark"
        case "DeleteItem", "key" | "claim":
            return "release"
        case "Query", "" if "IndexName" in request:
            return "list"
        case "Query", "":
            return "find"
    raise ValueError(f"{operation}: {request}")


def _kind_of(request: dict) -> str:
    """What the item is: the first part of its sort key."""
    key = request.get("Key") or request.get("Item")
    return key["sk"]["S"].split("#")[0] if key else ""


def _of_s3(method: str, url) -> str:
    _, bucket, *rest = url.path.split("/", 2)
    key = "".join(rest)
    query = parse_qs(url.query, keep_blank_values=True)
    match method:
        case "PUT" if key.startswith("input-props/"):
            return "props"
        case "PUT" if key.endswith("/cancel.json"):
            return "cancel"
        case "GET" if key.endswith("/progress.json"):
            return "progress"
        case "GET" if "list-type" in query:
            return "list objects"
        case "HEAD":
            return "size" if bucket == BUCKET else "size elsewhere"
        case "DELETE" if bucket != BUCKET:
            return "delete output"
        case "POST" if "delete" in query:
            return "delete objects"
    raise ValueError(f"{method} {url.path}?{url.query}")
