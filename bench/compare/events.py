"""The requests that are measured, as API Gateway hands them over."""

import json

from .aws import RENDER

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_bVwFsBUGO"
ITEMS = [{"id": at, "label": f"item {at}", "src": f"https://cdn.example.com/{at}.png"} for at in range(8)]
OPTIONS = {
    "composition": "MyVideo",
    "inputProps": {"title": "Hello world", "subtitle": "of a benchmark", "items": ITEMS},
}


def start(options: dict = OPTIONS, user: str = "ada") -> bytes:
    return _event("POST", "/render", json.dumps(options), user)


def start_with_key() -> bytes:
    event = json.loads(start())
    event["headers"]["idempotency-key"] = "8e03978e-40d5-43e8-bc93-6894a57f9324"
    return json.dumps(event).encode()


def start_with_props(size: int) -> bytes:
    """Props of so many bytes, in texts of 60, as captions are."""
    texts = ["x" * 60] * (size // 64)
    return start({"composition": "MyVideo", "inputProps": {"texts": texts}})


def poll() -> bytes:
    return _event("GET", f"/render/{RENDER}")


def page() -> bytes:
    return _event("GET", "/")


def listing(user: str, limit: int) -> bytes:
    event = json.loads(_event("GET", "/render", user=user))
    asked = {"rawQueryString": f"limit={limit}", "queryStringParameters": {"limit": f"{limit}"}}
    return json.dumps(event | asked).encode()


def _event(method: str, path: str, body: str | None = None, user: str = "ada") -> bytes:
    claims = {
        "aud": "4l5tsda2iu8lqugl73m8hgeb83",
        "cognito:username": "ada",
        "email": "ada@example.com",
        "exp": "1795514300",
        "iat": "1795510700",
        "iss": ISSUER,
        "jti": "3f1c9a52-6f0e-4a8e-9b1d-2f6a8c3f5e11",
        "sub": user,
        "token_use": "id",
    }
    host = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
    event = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "accept": "application/json",
            "accept-encoding": "gzip",
            # As long as Cognito's id tokens are.
            "authorization": "Bearer " + "eyJhbGciOiJSUzI1NiJ9" * 50,
            "content-type": "application/json",
            "host": host,
            "user-agent": "Mozilla/5.0",
            "x-amzn-trace-id": "Root=1-67a1b2c3-0123456789abcdef01234567",
            "x-forwarded-for": "203.0.113.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": host,
            "domainPrefix": "a1b2c3d4e5",
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": f"{method} {path}",
            "stage": "$default",
            "time": "24/Nov/2026:09:00:00 +0000",
            "timeEpoch": 1795510800000,
            "authorizer": {"jwt": {"claims": claims, "scopes": None}},
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "Mozilla/5.0",
            },
        },
        "body": body,
        "isBase64Encoded": False,
    }
    return json.dumps(event).encode()
