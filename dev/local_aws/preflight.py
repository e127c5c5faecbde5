"""Asks the function about an OPTIONS request, as API Gateway does where a route without an authorizer matches.

MiniStack answers every OPTIONS request itself, so a function that refuses preflights would go unnoticed there.
"""

import json
import re
import time
import uuid

from .apis import Api
from .settings import ACCOUNT


def matching_route(api: Api, path: str) -> tuple[str, dict[str, str]] | None:
    """The key of the route without an authorizer that takes OPTIONS at this path, and what its placeholders stand for."""
    for key in api.open_routes:
        method, _, template = key.partition(" ")
        if method in ("OPTIONS", "ANY") and (match := re.fullmatch(_pattern(template), path)):
            return key, match.groupdict()
    return None


def ask_function(functions, api: Api, target: str, headers: dict[str, str]) -> dict | None:
    """The function's answer: statusCode, headers, body. `None` where only a token would open a route."""
    path, _, query = target.partition("?")
    route = matching_route(api, path)
    if route is None:
        return None
    key, parameters = route
    event = _event(api, key, path, query, headers) | {"pathParameters": parameters}
    invoked = functions.invoke(FunctionName=api.open_routes[key], Payload=json.dumps(event))
    if "FunctionError" in invoked:
        return {"statusCode": 500, "body": json.dumps({"message": "Internal Server Error"})}
    return json.load(invoked["Payload"])


def _pattern(template: str) -> str:
    """`{name}` stands for one segment of a path, `{name+}` for all that are left."""
    return re.sub(
        r"\\{(\w+)(\\\+)?\\}", lambda part: f"(?P<{part[1]}>{'.+' if part[2] else '[^/]+'})", re.escape(template)
    )


def _event(api: Api, route_key: str, path: str, query: str, headers: dict[str, str]) -> dict:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html"""
    sent = {name.lower(): value for name, value in headers.items()}
    now = time.time()
    return {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": sent,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": api.id,
            "domainName": f"{api.id}.execute-api.localhost",
            "domainPrefix": api.id,
            "http": {
                "method": "OPTIONS",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": sent.get("user-agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": route_key,
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": False,
    }
