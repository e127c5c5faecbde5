"""The function's calls to AWS, by name."""

import json
from urllib.parse import parse_qs, urlsplit

DYNAMODB, LAMBDA, S3 = "DYNAMODB", "LAMBDA", "S3"

SERVICE_OF = {
    "reserve": DYNAMODB,
    "count": DYNAMODB,
    "record": DYNAMODB,
    "fulfil": DYNAMODB,
    "release": DYNAMODB,
    "give back": DYNAMODB,
    "doubt": DYNAMODB,
    "find": DYNAMODB,
    "list": DYNAMODB,
    "mark": DYNAMODB,
    "forget": DYNAMODB,
    "start": LAMBDA,
    "still": LAMBDA,
    "info": LAMBDA,
    "compositions": LAMBDA,
    "props": S3,
    "cancel": S3,
    "progress": S3,
    "size": S3,
    "list objects": S3,
    "delete objects": S3,
}


def name(service: str, method: str, path: str, headers, body: bytes) -> str:
    """Raises where the function makes a call that nobody has told the tests of."""
    if service == LAMBDA:
        return json.loads(body)["type"]
    if service == DYNAMODB:
        return _of_dynamodb(headers["X-Amz-Target"].split(".")[1], json.loads(body))
    return _of_s3(method, urlsplit(path))


def _of_dynamodb(operation: str, request: dict) -> str:
    key = request.get("Key") or request.get("Item") or {}
    kind = key["sk"]["S"].split("#")[0] if key else ""
    update = request.get("UpdateExpression", "")
    match operation, kind:
        case "PutItem", "key":
            return "reserve"
        case "PutItem", "render":
            return "record"
        case "UpdateItem", "quota":
            return "give back" if "DELETE" in update else "count"
        case "UpdateItem", "key":
            return "doubt" if "doubtful" in update else "fulfil"
        case "UpdateItem", "render":
            return "mark"
        case "DeleteItem", "key":
            return "release"
        case "DeleteItem", "render":
            return "forget"
        case "GetItem", "render":
            return "find"
        case "Query", "":
            return "list"
    raise ValueError(f"{operation} of {kind}: {update}")


def _of_s3(method: str, url) -> str:
    key = url.path.split("/", 2)[-1]
    query = parse_qs(url.query, keep_blank_values=True)
    if method == "PUT" and key.startswith("input-props/"):
        return "props"
    if method == "PUT" and key.endswith("/cancel.json"):
        return "cancel"
    if method == "GET" and key.endswith("/progress.json"):
        return "progress"
    if method == "GET" and "list-type" in query:
        return "list objects"
    if method == "HEAD":
        return "size"
    if method == "POST" and "delete" in query:
        return "delete objects"
    raise ValueError(f"{method} {url.path}?{url.query}")
